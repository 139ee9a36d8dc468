"""Checking: the whole of an archive is read before the first row of it counts."""

from collections.abc import Sequence
from hashlib import sha256

from tm_service.backup import lines
from tm_service.backup.archive import Archive, content_name
from tm_service.backup.manifest import Manifest, read, table_member
from tm_service.backup.tables import KeptRoom


def verified(archive: Archive, rooms: Sequence[KeptRoom]) -> Manifest:
    """The manifest of an archive in which everything is as it was written. Raises ConfigurationError."""
    manifest = read(archive)
    contents = {f"{room.name}/{room.contents}" for room in rooms if room.contents}
    for name in manifest.tables:
        _verify_table(archive, manifest, name, has_contents=name in contents)
    for name in sorted(manifest.members):
        archive.verify(manifest.members, name)
    for name in archive.contents:
        hashed = sha256()
        for piece in archive.pieces(name):
            hashed.update(piece)
        if content_name(hashed.hexdigest()) != name:
            raise archive.fault(f"{name} was changed after it was written")
    return manifest


def _verify_table(archive: Archive, manifest: Manifest, name: str, *, has_contents: bool) -> None:
    count, member = 0, table_member(name)
    for row in lines.read(member, manifest.tables[name].columns, archive.lines(member, lines.LONGEST)):
        count += 1
        if has_contents and content_name(str(row.get("digest"))) not in archive:
            raise archive.fault(f"the content {row.get('digest')} is missing")
    if count != manifest.tables[name].rows:
        raise archive.fault(f"{member} has {count:,} rows and not {manifest.tables[name].rows:,}")
    if has_contents and count != manifest.contents:
        raise archive.fault(f"it has {manifest.contents:,} files of content for {count:,} rows")

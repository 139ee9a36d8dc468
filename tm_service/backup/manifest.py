"""Manifest: what an archive says of itself, written last and read first."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from tm_service.backup.archive import MANIFEST, Archive, Member
from tm_service.backup.lines import KINDS
from tm_service.domain.backups import Backup, Sums, TableSum, digest_of

FORMAT = 1
_MOST = 256 << 20  # bytes; a line for each package, and few others
_SHA256 = 64
_NAMED = ("tables/", "sites/", "git/")  # whose members are described one by one


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table's rows, and the kind of each column by its name."""

    rows: int
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`heads` are the versions of the tables by room, `tables` are by room and name, `sites` say where each file of sites was.

    `repositories` name the branch that each one's HEAD stood at; `settings` are what was set and is no secret.
    """

    at: datetime
    made_by: str
    journal: str
    heads: Mapping[str, str]
    tables: Mapping[str, KeptTable]
    contents: int
    members: Mapping[str, Member]
    sites: Mapping[str, str] = field(default_factory=dict)
    repositories: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def sums(self) -> Sums:
        return {
            name: TableSum(table.rows, self.members[table_member(name)].sha256) for name, table in self.tables.items()
        }

    @property
    def has_keys(self) -> bool:
        return any(name.startswith("keys/") for name in self.members)

    def backup(self, size: int) -> Backup:
        sums = self.sums
        about = self.at, self.made_by, digest_of(sums), sums, self.journal, self.heads
        return Backup(*about, self.contents, size, self.has_keys)

    def written(self) -> bytes:
        said = asdict(self) | {"at": self.at.isoformat(), "format": FORMAT, "digest": digest_of(self.sums)}
        return json.dumps(dict(sorted(said.items())), ensure_ascii=False, indent=1).encode() + b"\n"


def table_member(name: str) -> str:
    return f"tables/{name}.jsonl"


def read(archive: Archive) -> Manifest:
    """The manifest, held against what is in the archive. Raises ConfigurationError."""
    try:
        said = json.loads(archive.read(MANIFEST, _MOST))
        form = said["format"]
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise archive.fault("its manifest cannot be read") from error
    if type(form) is not int or form > FORMAT:
        raise archive.fault(f"it is of form {form}, which this program does not know; install a newer tm-service")
    try:
        found = _manifest(said)
        digest = digest_of(found.sums)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise archive.fault(f"its manifest is not as we write it ({error})") from error
    if digest != said.get("digest"):
        raise archive.fault("its manifest was changed after it was written")
    _held_against(archive, found)
    return found


def _held_against(archive: Archive, found: Manifest) -> None:
    there, told = archive.names - {MANIFEST}, set(found.members)
    if missing := told - there:
        raise archive.fault(f"{min(missing)} is missing")
    contents = set(archive.contents)
    if more := there - told - contents:
        raise archive.fault(f"{min(more)} is not in its manifest")
    if len(contents) != found.contents:
        raise archive.fault(f"it has {len(contents):,} files of content and not {found.contents:,}")
    named = {*map(table_member, found.tables), *found.sites, *found.repositories}
    if odd := named ^ {member for member in told if member.startswith(_NAMED)}:
        raise archive.fault(f"its manifest does not say what {min(odd)} is")


def _manifest(said: Any) -> Manifest:
    members = {
        _text(name): Member(_count(one["size"]), _sha256(one["sha256"])) for name, one in said["members"].items()
    }
    tables = {
        _text(name): KeptTable(_count(one["rows"]), {_text(key): _kind(kind) for key, kind in one["columns"].items()})
        for name, one in said["tables"].items()
    }
    at = datetime.fromisoformat(said["at"])
    if at.tzinfo is None:
        _wrong(at)
    texts = [
        {_text(key): _text(value) for key, value in said[name].items()}
        for name in ("heads", "sites", "repositories", "settings")
    ]
    heads, sites, repositories, settings = texts
    made_by, journal, contents = _text(said["made_by"]), _text(said["journal"]), _count(said["contents"])
    return Manifest(at, made_by, journal, heads, tables, contents, members, sites, repositories, settings)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _wrong(value)


def _kind(value: Any) -> str:
    return value if isinstance(value, str) and value in KINDS else _wrong(value)


def _count(value: Any) -> int:
    return value if type(value) is int and value >= 0 else _wrong(value)


def _sha256(value: Any) -> str:
    return value if isinstance(value, str) and len(value) == _SHA256 else _wrong(value)


def _wrong(value: Any) -> NoReturn:
    raise ValueError(f"{str(value)[:60]!r} has no place there")

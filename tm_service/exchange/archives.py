"""Archives: the files within a returned zip, and within its zips, that can be somebody's work; nothing is written to disk."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from pathlib import PurePosixPath

from tm_service.domain.errors import ReturnRejected
from tm_service.exchange.guard import MEGABYTE, Damaged, Limits, admit_size, brief

HEAD = 1 << 16  # bytes by which a file is told
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENTRY = b"PK\x01\x02"  # of a zip's directory
_LOCAL_HEADER = 30  # bytes before the name of an entry
_OTHER_ARCHIVES = {
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!": "RAR",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"MSCF": "cabinet",
}
_WORKBOOK = "xl/workbook.xml"
_LEFTOVERS = frozenset(["__macosx", ".ds_store", "thumbs.db", "desktop.ini"])  # of file managers
_DRIVE = re.compile(r"[A-Za-z]:")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
# Beside a package's manifest, and in a project of OmegaT: what went out for reading, or what the return was made from.
_FOR_READING = ("reference/", "context/", "analysis/")
_PROJECT = ("source/", "tm/", "glossary/", "dictionary/", "omegat/")
_OURS, _OMEGAT = frozenset(["manifest.json", "xliff12/"]), frozenset(["omegat.project", "omegat/"])
_TELLING = _OURS | _OMEGAT | {"target/"}
_PROJECT_MEMORIES = ("-omegat.tmx", "-level1.tmx", "-level2.tmx")
_MEMORY = "omegat/project_save.tmx"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file within a return: its path through all archives, its bytes, what of the limits is left for it."""

    path: str
    content: bytes
    limits: Limits


@dataclass(frozen=True, slots=True)
class Unopened:
    """A file that is not read, and why."""

    path: str
    reason: Damaged


@dataclass(slots=True)
class _Spent:
    """What was used of the limits so far: `entries`, and bytes they `unpacked` to."""

    entries: int = 0
    unpacked: int = 0


Wanted = Callable[[str, bytes], bool]  # by a file's path and its first bytes


def is_zip(content: bytes) -> bool:
    return content.startswith(_ZIP)


def is_workbook(content: bytes) -> bool:
    """Whether a zip is an Excel workbook. Raises nothing: what is damaged is none."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _WORKBOOK in archive.namelist()
    except _DAMAGE:
        return False


def within(path: str, name: str) -> str:
    """Say which file of an upload is meant, in as few characters as a sentence bears and in no language."""
    return f"{brief(path[-70:])} ({brief(name[-40:])})" if path and path != name else brief(name)


def leaves(name: str, content: bytes, limits: Limits, wanted: Wanted) -> Iterator[Leaf | Unopened]:
    """The files of a return, one at a time: itself, or those of its zip and of the zips within, in their order.

    Raises Damaged or ReturnRejected where the whole cannot be read or could hurt.
    """
    admit_size(name, content, limits)
    if not is_zip(content) or _holds_workbook(name, content, limits):
        yield Leaf("", content, limits)
        return
    yield from _opened(name, "", content, limits, wanted, _Spent(), packed=len(content))


def members(name: str, content: bytes, limits: Limits, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The files of one zip that are wanted by their paths, in order of these. Raises Damaged or ReturnRejected."""
    _admit_directory(name, content, limits)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = _admitted(name, "", archive, limits, _Spent(), len(content))
            chosen = sorted((info for info in infos if wanted(info.filename)), key=lambda info: info.filename)
            if sum(info.file_size for info in chosen) > limits.size:
                raise ReturnRejected(
                    "{file} is larger than {size} MB; send it in parts.", file=brief(name), size=limits.size // MEGABYTE
                )
            return {info.filename: archive.read(info) for info in chosen}
    except _DAMAGE:
        raise Damaged("{file} is damaged as a workbook; save it again.", file=brief(name)) from None


def _holds_workbook(name: str, content: bytes, limits: Limits) -> bool:
    _admit_directory(name, content, limits)
    return is_workbook(content)


def _opened(
    name: str, path: str, content: bytes, limits: Limits, wanted: Wanted, spent: _Spent, packed: int, nesting: int = 1
) -> Iterator[Leaf | Unopened]:
    """The leaves of one zip; `path` is its own within the return, `packed` what the return weighs in bytes."""
    if nesting > limits.nesting:
        raise ReturnRejected(
            "{file} lies more than {most} archives deep; send its files in one zip.",
            file=within(path, name),
            most=limits.nesting,
        )
    left = replace(limits, weight=limits.weight - len(content))
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except _DAMAGE:
        raise Damaged("{file} is damaged as a zip; pack it again.", file=within(path, name)) from None
    with archive:
        infos = _admitted(name, path, archive, limits, spent, packed)
        work = at_work([info.filename for info in infos if not info.is_dir()])
        for info in infos:
            if info.filename not in work:
                continue
            inner = f"{path}/{info.filename}".lstrip("/")
            found = _unpacked(name, inner, archive, info, left, wanted)
            if isinstance(found, Leaf) and is_zip(found.content):
                yield from _within_zip(name, found, wanted, spent, packed, nesting)
            elif found is not None:
                yield found


def _unpacked(
    name: str, path: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, wanted: Wanted
) -> Leaf | Unopened | None:
    """One entry, where its beginning says that it can be work; the rest of others is never unpacked."""
    try:
        with archive.open(info) as file:
            head = file.read(HEAD)
            kind = next((said for mark, said in _OTHER_ARCHIVES.items() if head.startswith(mark)), "")
            if kind:
                said = "{file} is a {kind} archive; send its files in one zip."
                return Unopened(path, Damaged(said, file=within(path, name), kind=kind))
            if not is_zip(head) and not wanted(path, head):
                return None
        _admit_weight(name, path, info, limits)
        return Leaf(path, archive.read(info), limits)
    except _DAMAGE:
        return Unopened(path, Damaged("{file} is damaged in its zip; pack it again.", file=within(path, name)))


def _within_zip(
    name: str, leaf: Leaf, wanted: Wanted, spent: _Spent, packed: int, nesting: int
) -> Iterator[Leaf | Unopened]:
    """What a zip within a zip holds; where it is damaged, those beside it are read all the same."""
    try:
        if _holds_workbook(within(leaf.path, name), leaf.content, leaf.limits):
            yield leaf
        else:
            yield from _opened(name, leaf.path, leaf.content, leaf.limits, wanted, spent, packed, nesting + 1)
    except Damaged as error:
        # The error itself would keep in memory what it was raised over.
        yield Unopened(leaf.path, Damaged(error.template, **error.values))


def _admit_directory(name: str, content: bytes, limits: Limits) -> None:
    """Count before the directory is read: an entry costs ten times as much in memory as in the file."""
    entries = content.count(_ENTRY)
    if entries > limits.entries:
        raise ReturnRejected(
            "{file} holds {entries} files; up to {most} are read.",
            file=brief(name),
            entries=entries,
            most=limits.entries,
        )


def _admit_weight(name: str, path: str, info: zipfile.ZipInfo, limits: Limits) -> None:
    """While it is unpacked, an entry is in memory twice, and what of the archive is being read beside it."""
    most = min(limits.size, limits.weight * 2 // 5)
    if info.file_size > most:
        most = max(0, most) // MEGABYTE
        raise ReturnRejected("{file} is larger than {size} MB; send it in parts.", file=within(path, name), size=most)


def _admitted(
    name: str, path: str, archive: zipfile.ZipFile, limits: Limits, spent: _Spent, packed: int
) -> list[zipfile.ZipInfo]:
    """The entries of a zip, once all of them are found harmless."""
    infos, shown = archive.infolist(), within(path, name)
    spent.entries += len(infos)
    spent.unpacked += sum(info.file_size for info in infos)
    if spent.entries > limits.entries:
        raise ReturnRejected(
            "{file} holds {entries} files; up to {most} are read.", file=shown, entries=len(infos), most=limits.entries
        )
    if spent.unpacked > limits.total:
        raise ReturnRejected(
            "{file} unpacks to more than {size} MB; send it in parts.", file=shown, size=limits.total // MEGABYTE
        )
    if spent.unpacked > limits.ratio * packed:
        raise ReturnRejected(
            "{file} unpacks to more than {ratio} times its size and is not opened.", file=shown, ratio=limits.ratio
        )
    for info in infos:
        _admit(shown, info, limits)
    _admit_layout(shown, infos, archive.start_dir)
    if len({info.filename for info in infos}) < len(infos):
        raise Damaged("{file} holds two files of one name; pack it again.", file=shown)
    return infos


def _admit(shown: str, info: zipfile.ZipInfo, limits: Limits) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    entry = brief(info.filename[-60:])
    if len(path.parts) > limits.depth:
        raise ReturnRejected(
            "{entry} in {file} lies more than {most} folders deep; pack it again.",
            entry=entry,
            file=shown,
            most=limits.depth,
        )
    if path.is_absolute() or ".." in path.parts or _DRIVE.match(info.filename):
        raise ReturnRejected(
            "{entry} in {file} points outside of the zip; pack it again without such names.", entry=entry, file=shown
        )
    if info.flag_bits & 1:
        raise ReturnRejected("{entry} in {file} is encrypted; send it without a password.", entry=entry, file=shown)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ReturnRejected(
            "{entry} in {file} is packed in an unusual way; pack it again as an ordinary zip.", entry=entry, file=shown
        )


def _admit_layout(shown: str, infos: Sequence[zipfile.ZipInfo], end: int) -> None:
    """Entries that share bytes unpack to more than any zip holds, or to themselves."""
    places = sorted((info.header_offset, info.header_offset + _LOCAL_HEADER + info.compress_size) for info in infos)
    if any(last > begin for (_, last), (begin, _) in pairwise([*places, (end, end)])):
        raise ReturnRejected("{file} holds files that overlap, which no ordinary zip does; pack it again.", file=shown)


def at_work(paths: Sequence[str]) -> frozenset[str]:
    """The paths of one archive that can be somebody's work.

    Left out is what file managers leave behind, what went out for reading beside our manifest, and of a project of OmegaT
    all but its `target` folder; where that is empty, the project's memory has the work.
    """
    parts = {path: PurePosixPath(path.replace("\\", "/")).parts for path in paths}
    kept = {path: names for path, names in parts.items() if names and not _is_leftover(names)}
    inside: dict[tuple[str, ...], set[str]] = {}
    for names in kept.values():
        for place in range(len(names)):
            folder, (first, *more) = names[:place], names[place:]
            inside.setdefault(folder, set()).add(f"{first}/".lower() if more else first.lower())
    out: set[str] = set()
    for folder, children in inside.items():
        if children & _TELLING:
            files = {
                path: "/".join(names[len(folder) :]) for path, names in kept.items() if names[: len(folder)] == folder
            }
            out |= _beside_the_work(files, children)
    return frozenset(kept) - out


def _is_leftover(names: tuple[str, ...]) -> bool:
    return any(name.lower() in _LEFTOVERS for name in names) or names[-1].startswith(("._", "~$"))


def _beside_the_work(files: dict[str, str], children: set[str]) -> set[str]:
    """What of a folder is not the return, by path; `files` are their names within it, `children` what stands in it."""
    out: set[str] = set()
    if children & _OURS:
        out |= {path for path, name in files.items() if name.lower().startswith(_FOR_READING)}
    if children & _OMEGAT or {"source/", "target/"} <= children:
        saved = "" if "target/" in children else _MEMORY
        aside = {path: name.lower() for path, name in files.items() if name.lower() != saved}
        out |= {path for path, name in aside.items() if name.startswith(_PROJECT) or _is_project_memory(name)}
    return out


def _is_project_memory(name: str) -> bool:
    return "/" not in name and name.endswith(_PROJECT_MEMORIES)

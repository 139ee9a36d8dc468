"""Checkout: writes catalogs into a folder at build time, touching only what differs."""

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from connectors.paths import checked_path, names_git_folder
from tm_service.domain.errors import ConfigurationError, ConnectorError

_NEW_FILE = 0o666


@dataclass(frozen=True, slots=True)
class FolderCheckout:
    """A folder on this machine; links that lead out of it are refused before anything is written."""

    def write(self, folder: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """Write the files whose bytes differ; returns their paths, sorted.

        All of them are on the disk before the first one gets its name: where one has no place, none is touched.
        Raises ConfigurationError for a path that would leave the folder, ConnectorError where the disk refuses.
        """
        targets = _targets(folder, files)
        changed = tuple(path for path in sorted(files) if _differs(targets[path], files[path]))
        drafts: dict[str, Path] = {}
        made: list[Path] = []
        try:
            for path in changed:
                drafts[path] = _drafted(path, Path(targets[path]), files[path], made)
            for path in changed:
                _named(path, drafts[path], Path(targets[path]))
        except ConnectorError:
            _take_back(drafts.values(), made)
            raise
        return changed


def _targets(folder: Path, paths: Iterable[str]) -> dict[str, str]:
    if not folder.is_dir():
        raise ConfigurationError(f"The folder {folder} does not exist; create it, or name the checkout to write into.")
    root = os.path.realpath(folder)
    parents: dict[str, str] = {}
    targets = {}
    for path in paths:
        parent, _, name = checked_path(path).rpartition("/")
        if parent not in parents:
            parents[parent] = _inside(root, parent)
        targets[path] = os.path.join(parents[parent], name)  # noqa: PTH118 - pathlib triples the cost of 900 files
        _refuse_special(path, targets[path])
    return targets


def _inside(root: str, parent: str) -> str:
    """Find the real place of a parent folder; links are followed, and must end below the root."""
    place = Path(os.path.realpath(Path(root, parent)))
    if not place.is_relative_to(root) or any(map(names_git_folder, place.relative_to(root).parts)):
        raise ConfigurationError(
            f"The folder {parent} of the checkout is a link that leads out of it; replace the link by a folder."
        )
    return str(place)


def _refuse_special(path: str, target: str) -> None:
    try:
        mode = os.lstat(target).st_mode
    except FileNotFoundError:
        return
    except NotADirectoryError as error:
        raise ConfigurationError(f"A file stands where {path} needs a folder; remove it from the checkout.") from error
    if not stat.S_ISREG(mode):
        raise ConfigurationError(f"{path} is a link or a folder in the checkout, not a file; remove it there.")


def _differs(target: str, content: bytes) -> bool:
    try:
        with open(target, "rb", buffering=0) as file:  # noqa: PTH123 - pathlib triples the cost of 900 files
            return os.fstat(file.fileno()).st_size != len(content) or file.read() != content
    except FileNotFoundError:
        return True
    except OSError as error:
        raise ConnectorError(f"{target} cannot be read: {error.strerror}.") from error


def _drafted(path: str, place: Path, content: bytes, made: list[Path]) -> Path:
    """All of a file beside its place, with the mode it will have; folders that had to be made are told."""
    draft = place.with_name(f".tm-service-{token_hex(6)}")
    try:
        made += [folder for folder in reversed(place.parents) if not folder.exists()]
        place.parent.mkdir(parents=True, exist_ok=True)
        _write_new(draft, content)
        if place.exists():
            draft.chmod(stat.S_IMODE(place.stat().st_mode))
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise _refused(path, error) from error
    return draft


def _named(path: str, draft: Path, place: Path) -> None:
    try:
        draft.replace(place)
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: str, error: OSError) -> ConnectorError:
    return ConnectorError(f"{path} cannot be written into the checkout: {error.strerror}.")


def _take_back(drafts: Iterable[Path], folders: Sequence[Path]) -> None:
    """Leave nothing of what was not named."""
    for draft in drafts:
        draft.unlink(missing_ok=True)
    for folder in reversed(folders):
        with suppress(OSError):  # others may have put something there meanwhile
            folder.rmdir()


def _write_new(draft: Path, content: bytes) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _NEW_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)

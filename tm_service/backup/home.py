"""Home: the house's files that cannot be made again: sites, keys, who vouches for people, clones and mirrors."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tm_service.backup.archive import Archive, Writer, safe
from tm_service.backup.manifest import Manifest
from tm_service.domain.errors import ConfigurationError, Conflict

_MOST = 64 << 20  # bytes of a file that is no bundle
_PIECE = 1 << 20
_FILES = ("openid.toml",)
_KEYS, _SITES, _LIST = "keys", "sites", "sites.list"
_CLONES, _MIRRORS, _MIRROR = "clones", "mirrors", "mirror.git"

Bundle = Callable[
    [Path, Path, Collection[str]], str | None
]  # a repository, a file to be, commits; where its HEAD stands
Unbundle = Callable[[Path, Path, str], None]  # a file, a repository to be, where its HEAD stands


@dataclass(frozen=True)
class Home:
    """`database` is where the rows are, as people may read it; `sites` names the files of sites that were added.

    `settings` is what was set and is no secret.
    """

    folder: Path
    database: str
    sites: Callable[[], Sequence[Path]]
    bundle: Bundle
    unbundle: Unbundle
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def marker(self) -> Path:
        """There while the house is being restored."""
        return self.folder / "restoring.json"

    @property
    def _bundle(self) -> Path:
        """A bundle on its way out of an archive."""
        return self.folder / ".restoring.bundle"

    # into an archive

    def save_files(self, writer: Writer, *, keys: bool) -> dict[str, str]:
        """Files of sites, of who may sign in and, where asked for, keys; returns where each file of sites was."""
        places: dict[str, str] = {}
        for number, file in enumerate(self.sites(), 1):
            name = f"{_SITES}/{number}.toml"
            writer.put(name, _read(file))
            places[name] = str(file)
        for name in _FILES:
            if (self.folder / name).exists():
                writer.put(name, _read(self.folder / name))
        if keys:
            for file in sorted((self.folder / _KEYS).rglob("*")):
                if file.is_file() and not file.name.startswith("."):
                    writer.put(file.relative_to(self.folder).as_posix(), _read(file))
        return places

    def save_repositories(self, writer: Writer, commits: Collection[str], scratch: Path) -> dict[str, str]:
        """Clones and mirrors as git bundles; returns where the HEAD of each stood."""
        heads: dict[str, str] = {}
        found = [(place, f"git/{_CLONES}/{safe(place.stem)}.bundle") for place in self._repositories(_CLONES, "*.git")]
        mirrors = self._repositories(_MIRRORS, f"*/{_MIRROR}")
        found += [(place, f"git/{_MIRRORS}/{safe(place.parent.name)}.bundle") for place in mirrors]
        for place, name in found:
            bundled = scratch / "bundle"
            head = self.bundle(place, bundled, commits)
            if head is None:
                continue
            with writer.member(name, packed=True) as out, bundled.open("rb") as opened:
                shutil.copyfileobj(opened, out, _PIECE)
            bundled.unlink()
            heads[name] = head
        return heads

    def _repositories(self, folder: str, pattern: str) -> list[Path]:
        return sorted(place for place in (self.folder / folder).glob(pattern) if (place / "HEAD").exists())

    # out of an archive

    def _brings(self, manifest: Manifest) -> list[str]:
        """What an archive puts into a home, by the names that stand directly in it."""
        tops = {name.split("/")[0] for name in manifest.members}
        found = [_LIST] if _SITES in tops else []
        found += [top for top in (_SITES, *_FILES, _KEYS) if top in tops]
        kinds = {name.split("/")[1] for name in manifest.repositories}
        return found + [kind for kind in (_CLONES, _MIRRORS) if kind in kinds]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time; the lock ends with it. Raises Conflict, ConfigurationError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / ".restoring.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ConfigurationError(f"The home {self.folder} cannot be written to: {error.strerror}.") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Conflict(f"Another process is restoring into {self.folder}; wait for its end.") from error
        finally:
            os.close(handle)

    def begin(self, manifest: Manifest, digest: str) -> None:
        """Say that this home is being restored. Raises ConfigurationError where it has what the archive brings."""
        brings = self._brings(manifest)
        if there := [name for name in brings if (self.folder / name).exists()]:
            raise ConfigurationError(
                f"The home {self.folder} is not empty: it has {there[0]}; restore into an empty one, or empty this one first."
            )
        draft = self.marker.with_name(f".{self.marker.name}")
        draft.write_text(json.dumps({"digest": digest, "database": self.database, "brings": brings}), "utf-8")
        draft.replace(self.marker)

    def is_begun(self) -> bool:
        return self.marker.exists()

    def is_of(self, digest: str) -> bool:
        """Whether it is this archive that was being restored, into this database."""
        marked = self._marked()
        return marked.get("digest") == digest and marked.get("database") == self.database

    def clear(self) -> None:
        """Take away what a restoring that did not end has put here; there was nothing of it before."""
        for name in self._marked().get("brings", []):
            if name not in (_LIST, _SITES, *_FILES, _KEYS, _CLONES, _MIRRORS):
                continue
            place = self.folder / name
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink(missing_ok=True)
        self._bundle.unlink(missing_ok=True)
        self.end()

    def end(self) -> None:
        self.marker.unlink(missing_ok=True)

    def _marked(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self.marker.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{self.marker} cannot be read; empty the home {self.folder} by hand.") from error
        return found

    def unpack(self, archive: Archive, manifest: Manifest) -> None:
        """Everything but the database. Raises ConfigurationError, ConnectorError."""
        for name in sorted(manifest.members):
            if name in _FILES or name.startswith(f"{_KEYS}/"):
                _write(self.folder / name, archive.read(name, _MOST))
        if manifest.sites:
            lines = [
                str(self._site(archive, name, manifest.sites[name])) for name in sorted(manifest.sites, key=_number)
            ]
            _write(self.folder / _LIST, "".join(f"{line}\n" for line in lines).encode())
        for name, head in manifest.repositories.items():
            self._repository(archive, name, head)

    def _site(self, archive: Archive, name: str, place: str) -> Path:
        """A file of sites stays where it was, if it is still there as it was; else it stands in the home."""
        content, before = archive.read(name, _MOST), Path(place)
        with suppress(OSError):
            is_alike = place.isprintable() and before.is_file() and before.stat().st_size == len(content)
            if is_alike and before.read_bytes() == content:
                return before
        _write(self.folder / name, content)
        return self.folder / name

    def _repository(self, archive: Archive, name: str, head: str) -> None:
        _, kind, file = name.split("/")
        stem = file.removesuffix(".bundle")
        place = self.folder / (f"{_CLONES}/{stem}.git" if kind == _CLONES else f"{_MIRRORS}/{stem}/{_MIRROR}")
        with self._bundle.open("wb") as out:
            for piece in archive.pieces(name):
                out.write(piece)
        self.unbundle(self._bundle, place, head)
        self._bundle.unlink()


def _number(name: str) -> int:
    return int(Path(name).stem)


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{place} cannot be read: {error.strerror}; mend that, and try again.") from error


def _write(place: Path, content: bytes) -> None:
    """A file that only its owner may read."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)

"""Kept: a similarity index of one shelf in a folder; opened at once, caught up with the shelf, merged beside searches.

The shelf is the truth. The folder holds a manifest and the runs it names; whatever is missing, torn, of another shelf or of
other rules is thrown away and built anew. A manifest is replaced in one step after its runs are on the disk, so that a process
killed at any moment leaves the old state or the new one.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from threading import RLock, Thread
from typing import Any

from memory.forms import Form, form
from memory.index.build import build
from memory.index.layout import CorruptRun, MappedRun, write_run
from memory.index.run import Run
from memory.index.segments import Collector
from memory.index.similarity import Hits, SimilarityIndex, vet
from memory.score import DEFAULT, Penalties
from tm_service.domain.ports import Shelf

_LAYOUT_VERSION = 2
_RULES = ("forms.py", "languages.toml")
_KEPT_AFTER = 512  # pairs that are rather put on disk than read again by the next process
_MOST_SCANNED = 200_000  # texts compared one by one while there is no index

log = logging.getLogger(__name__)


class KeptIndex:
    """The index of a shelf, whatever happens to its folder."""

    def __init__(self, folder: Path, shelf: Shelf, language: str, penalties: Penalties = DEFAULT) -> None:
        self.folder, self.shelf, self.language, self.penalties = folder, shelf, language, penalties
        self._lock = RLock()
        self._manifest: tuple[int, int] | None = None  # inode and time of the manifest that was read
        self._open()

    # opening

    def _open(self) -> None:
        """Map what the folder holds, or begin with nothing."""
        self._manifest = self._seen()
        runs, added, retired = [], 0, 0
        try:
            found = self._read_manifest()
            runs = [self._mapped(entry) for entry in found["runs"]]
            added, retired = found["added"], min((entry["retired"] for entry in found["runs"]), default=0)
        except FileNotFoundError:
            pass
        except (CorruptRun, ValueError, KeyError, TypeError) as error:
            log.warning("The index in %s is built anew: %s", self.folder, error)
            runs = []
        self.index = SimilarityIndex(self.language, runs, self.penalties)
        self._added, self._retired = (added, retired) if runs else (0, 0)
        self._lost = not runs
        if self._added > self.shelf.position()[0]:
            self._forget("the shelf is older than the index")

    def _read_manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_bytes())
        if found.get("identity") != self._identity():
            raise CorruptRun("it belongs to another shelf or to other rules")
        return found

    def _identity(self) -> str:
        """What the arrays depend on: the layout, the shelf, the language, and the rules that make forms, as written."""
        named = f"{_LAYOUT_VERSION}/{self.language}/{self.shelf.identity}".encode()
        rules = b"".join(files("memory").joinpath(name).read_bytes() for name in _RULES)
        return blake2b(named + rules, digest_size=16).hexdigest()

    def _mapped(self, entry: dict[str, Any]) -> Run:
        mapped = MappedRun(self.folder / entry["file"])
        if mapped.digest != entry["digest"]:
            raise CorruptRun(f"{entry['file']} is not the file the manifest names")
        return Run(mapped.arrays, self.language, {"retired": entry["retired"], "mapped": mapped, "file": entry["file"]})

    def _seen(self) -> tuple[int, int] | None:
        try:
            status = (self.folder / "manifest.json").stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def _forget(self, why: str) -> None:
        """Throw the index away; it is read again from the shelf, text by text."""
        log.warning("The index in %s is built anew: %s", self.folder, why)
        with suppress(OSError):
            (self.folder / "manifest.json").unlink()
        self._manifest = None
        self._lost = True

    def prove(self) -> bool:
        """Read every byte of the runs; where one is not what was written, the index is thrown away. Whether all was well."""
        with self._lock:
            mapped = [run.about["mapped"] for run in self.index.runs if "mapped" in run.about]
        torn = [entry.path.name for entry in mapped if not entry.proved()]
        if torn:
            with self._lock:
                self._forget(f"{torn[0]} is damaged")
        return not torn

    def prove_beside(self) -> Thread:
        """Prove in the background."""
        thread = Thread(target=self.prove, name=f"prove {self.folder.name}", daemon=True)
        thread.start()
        return thread

    # keeping up

    def refresh(self) -> int:
        """See what was added and retired since, here or by another process; returns how many pairs came."""
        with self._lock:
            if self._seen() != self._manifest:
                self._open()
            added, retired = self.shelf.position()
            if added < self._added or retired < self._retired:
                self._forget("the shelf is older than the index")
            if self._lost:
                return self._rebuild(added, retired)
            came = 0
            if added > self._added:
                for number, text in self.shelf.texts(self._added):
                    self.index.add(number, form(text, self.language))
                    came += 1
                self._added = added
            if retired > self._retired:
                for number in self.shelf.retired(self._retired):
                    self.index.retire(number)
                self._retired = retired
            return came

    def _rebuild(self, added: int, retired: int) -> int:
        """Read the shelf from its beginning; searches go to the shelf itself until this ends."""
        texts = self.shelf.texts()
        collector = Collector(self.language).extend((number, form(text, self.language)) for number, text in texts)
        runs = []
        if len(collector):
            run = Run(build(collector.segments()), self.language, {"retired": retired})
            with self._turn() as mine:
                if mine and len(collector) >= _KEPT_AFTER:
                    try:
                        run, entry = self._written(run, added, retired)
                        self._write_manifest(added, [entry])
                    except OSError as error:
                        self._unkept(error)
            runs.append(run)
        self.index = SimilarityIndex(self.language, runs, self.penalties)
        self._added, self._retired, self._lost = added, retired, False
        return len(collector)

    def _written(self, run: Run, added: int, retired: int) -> tuple[Run, dict[str, Any]]:
        """A run put on disk, and how the manifest names it."""
        name = f"{added}-{retired}-{os.getpid()}.run"
        digest = write_run(self.folder / name, run.arrays, {"retired": retired})
        entry = {"file": name, "digest": digest, "retired": retired}
        return self._mapped(entry), entry

    def keep(self, least: int = _KEPT_AFTER) -> bool:
        """Put on disk what came since, merged with what is there; whether anything was. One process at a time does this."""
        with self._turn() as mine:
            if not mine or self._seen() != self._manifest:
                return False
            with self._lock:
                added, retired = self._added, self._retired
            entries: list[dict[str, Any]] = []

            def kept(run: Run) -> Run:
                try:
                    mapped, entry = self._written(run, added, retired)
                except OSError as error:
                    self._unkept(error)
                    return run
                entries.append(entry)
                return mapped

            if self._lost or not self.index.seal(kept, least) or not entries:
                return False
            old = [run.about for run in self.index.runs if run.about.get("file") != entries[0]["file"]]
            if not all("file" in run for run in old):  # one had no place on the disk: a manifest could not name it
                return False
            named = [{"file": run["file"], "digest": run["mapped"].digest, "retired": run["retired"]} for run in old]
            try:
                self._write_manifest(added, [*named, *entries])
            except OSError as error:
                self._unkept(error)
                return False
            return True

    def _unkept(self, error: OSError) -> None:
        """A disk that is full keeps nobody from searching: what it does not take stays in memory, and is made anew later."""
        log.warning("The index in %s stays in memory: %s", self.folder, error.strerror or error)

    def _write_manifest(self, added: int, runs: list[dict[str, Any]]) -> None:
        """Point at these runs in one step; files that no manifest names any more are removed."""
        content = {"identity": self._identity(), "added": added, "runs": runs}
        draft = self.folder / f"manifest.{os.getpid()}.draft"
        try:
            with draft.open("w") as out:
                json.dump(content, out)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(self.folder / "manifest.json")
        finally:
            draft.unlink(missing_ok=True)
        _sync(self.folder)
        self._manifest = self._seen()
        kept = {run["file"] for run in runs}
        for path in self.folder.iterdir():
            if path.suffix in {".run", ".draft"} and path.name not in kept:
                path.unlink(missing_ok=True)

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """Whether it is this process's turn to write; the turn ends with the process, however it ends."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = (self.folder / "turn").open("w")
        except OSError as error:
            self._unkept(error)
            yield False
            return
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    # asking

    def search(self, entry: Form, *, least: float = 75, k: int = 5) -> Hits:
        """As `SimilarityIndex.search`; where a run turns out to be damaged, from the shelf, read once through."""
        return self.search_all([entry], least=least, k=k)[0]

    def search_all(self, entries: Sequence[Form], *, least: float = 75, k: int = 5) -> list[Hits]:
        """As `search` for each text, in the order asked."""
        vet(least, k)
        if not self._lost:
            try:
                return self.index.search_all(entries, least=least, k=k)
            except (IndexError, OverflowError, ValueError) as error:
                with self._lock:
                    self._forget(f"a run is damaged ({error})")
        return scan(self.shelf, self.language, entries, least=least, k=k, penalties=self.penalties)


def scan(
    shelf: Shelf, language: str, entries: Sequence[Form], *, least: float, k: int, penalties: Penalties = DEFAULT
) -> list[Hits]:
    """The same answers without an index: every text of the shelf compared, as many as there is time for."""
    index = SimilarityIndex(language, (), penalties)
    complete = True
    for place, (number, text) in enumerate(shelf.texts()):
        if place == _MOST_SCANNED:
            complete = False
            break
        index.add(number, form(text, language))
    return [Hits(hits.found, hits.complete and complete) for hits in index.search_all(entries, least=least, k=k)]


def _sync(folder: Path) -> None:
    """Put a folder's names on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

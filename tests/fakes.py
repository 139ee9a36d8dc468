"""Fakes: a site's repository in memory, a clock that ticks, and a whole house over a real store."""

import json
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from hashlib import md5, sha1
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from connectors.checkout import FolderCheckout
from extractors import extractor
from extractors.source_code import SourceCode
from memory import match
from memory.desk import Desk
from memory.library import Library
from tm_service.checks import HouseChecks
from tm_service.checks.advice import HouseAdvice
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.findings import Finding
from tm_service.domain.ports import SiteConnector, Store
from tm_service.domain.sentences import NO_REVISION
from tm_service.domain.serving import Translation
from tm_service.domain.site import ContentRule, Site
from tm_service.domain.units import Commit, FileChange, Key, Revision
from tm_service.exchange.exporter import PackageExporter
from tm_service.exchange.seal import KeyRing
from tm_service.people.room import open_room as open_people
from tm_service.records.room import open_room
from tm_service.service import Service
from tm_service.storage.extractions import SqliteExtractions
from tm_service.storage.sql_store import SqlStore
from tm_service.usecases.reading import SiteReader

BEGINNING = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
Files = Mapping[str, bytes]


class Clock:
    """Goes on a minute each time it is asked."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@dataclass(frozen=True)
class FakeCommit:
    revision: Revision
    author: str
    message: str
    parents: tuple[str, ...]
    files: Files


@dataclass
class FakeSite:
    """A site's repository without git: tests write trees, the house reads revisions; the contract is the connector's."""

    clock: Callable[[], datetime] = field(default_factory=Clock)
    branch: str = "main"
    _commits: dict[str, FakeCommit] = field(default_factory=dict)
    _branches: dict[str, str] = field(default_factory=dict)
    _tags: dict[str, str] = field(default_factory=dict)
    _blobs: dict[str, bytes] = field(default_factory=dict)

    # what tests do

    @property
    def tree(self) -> Files:
        head = self._branches.get(self.branch)
        return self._commits[head].files if head else {}

    def write(
        self, files: Mapping[str, object], *, message: str = "change", author: str = "Ana", at: datetime | None = None
    ) -> str:
        """One commit on the branch; None takes a file away, what is neither bytes nor text is written as JSON."""
        tree = {**self.tree, **{path: _content(content) for path, content in files.items() if content is not None}}
        tree = {path: content for path, content in tree.items() if path not in files or files[path] is not None}
        head = self._branches.get(self.branch)
        made = self._add(tree, (head,) if head else (), message, author, at or self.clock())
        self._branches[self.branch] = made
        return made

    def tag(self, name: str) -> None:
        self._tags[name] = self._branches[self.branch]

    def _add(self, files: Files, parents: tuple[str, ...], message: str, author: str, at: datetime) -> str:
        said = repr((sorted(files.items()), parents, message, author, at, len(self._commits)))
        name = sha1(said.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
        self._commits[name] = FakeCommit(Revision(name, at), author, message, parents, dict(files))
        self._blobs |= {blob_id(content): content for content in files.values()}
        return name

    # what the house asks

    def resolve(self, ref: str) -> Revision:
        wanted = ref or self.branch
        found = self._branches.get(wanted) or self._tags.get(wanted) or wanted
        if found not in self._commits:
            raise NotFound(NO_REVISION.say(repository="The site", ref=wanted))
        return Revision(found, self._commits[found].revision.at, wanted)

    def files(self, revision: str) -> Mapping[str, str]:
        files = self._commits[self.resolve(revision).id].files
        return {path: blob_id(content) for path, content in sorted(files.items())}

    def read(self, blob: str) -> bytes:
        if blob not in self._blobs:
            raise NotFound(f"The site has no blob {blob}.")
        return self._blobs[blob]

    def size(self, blob: str) -> int:
        return len(self.read(blob))

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        before, after = self.files(base) if base else {}, self.files(head)
        return tuple(
            FileChange(path, before.get(path), after.get(path))
            for path in sorted({*before, *after})
            if before.get(path) != after.get(path)
        )

    def history(self, head: str, seen: Collection[str] = ()) -> Iterator[Commit]:
        known = {reached for revision in seen if revision in self._commits for reached in self._reached(revision)}
        line, at = [], self.resolve(head).id
        while at and at not in known:
            line.append(at)
            at = next(iter(self._commits[at].parents), "")
        for name in reversed(line):
            commit = self._commits[name]
            changes = self.changes(next(iter(commit.parents), ""), name)
            yield Commit(commit.revision, commit.author, commit.message, changes)

    def _reached(self, revision: str) -> set[str]:
        reached, waiting = set[str](), [revision]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += self._commits[name].parents
        return reached

    def tags(self, pattern: str = "*") -> tuple[Revision, ...]:
        found = (
            Revision(commit, self._commits[commit].revision.at, name)
            for name, commit in self._tags.items()
            if fnmatchcase(name, pattern)
        )
        return tuple(sorted(found, key=lambda tag: (tag.at, tag.name)))

    def commit(
        self,
        onto: Revision,
        files: Mapping[str, bytes],
        *,
        branch: str,
        message: str,
        at: datetime,
        push: bool,  # noqa: ARG002 - there is no other repository to push to
        after: str = "",
    ) -> Revision:
        name = branch or self.branch
        stands = self._branches.get(name)
        beside = stands is not None and stands not in self._reached(onto.id)
        if beside and stands != after:
            raise Conflict(f"The branch {name} moved meanwhile; look again and retry.")
        before = self._commits[onto.id].files
        tree = {**before, **files}
        if tree == before:
            return onto
        if beside and onto.id in self._reached(after) and self._commits[after].files == tree:
            return self.resolve(after)
        parents = (after, onto.id) if beside else (onto.id,)
        made = self._add(tree, parents, message, "tm-service", at)
        self._branches[name] = made
        return Revision(made, at, name)

    def findings(self) -> tuple[Finding, ...]:
        return ()

    def refresh(self) -> None:
        """Always current."""

    def close(self) -> None:
        """Nothing was opened."""


def blob_id(content: bytes) -> str:
    """Git's name for a blob."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _content(content: object) -> bytes:
    if isinstance(content, bytes):
        return content
    return content.encode() if isinstance(content, str) else as_json(content)


def as_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"


SITE = Site(
    name="garden",
    connector="git",
    repository="memory",
    branch="main",
    source="en",
    locales=("ar", "fr"),
    content=(ContentRule("text/**/*.json", "json", "i18n/{locale}/{path}", dialect="md5-meta"),),
)


@dataclass
class House:
    """A service over a real store and a repository in memory, and what tests often ask of it."""

    service: Service
    repository: FakeSite
    store: SqlStore
    site: Site

    @property
    def name(self) -> str:
        return self.site.name

    def write(self, files: Mapping[str, object], **about: object) -> str:
        return self.repository.write(files, **about)

    def deploy(self, ref: str = "") -> int:
        """Deploy and give the deployment's number."""
        return self.service.deploy(self.name, ref).deployment.number

    @contextmanager
    def reader(self) -> Iterator[SiteReader]:
        with self.service.reader(self.name) as reader:
            yield reader

    def served(self, resource: str, key: str, locale: str = "fr"):
        """The stored decision of the latest deployment."""
        return self.service.explain(self.name, locale, resource, key).entry

    def translations(self, locale: str | None = None) -> list[Translation]:
        """Everything the memory holds, oldest first."""
        with self.store.read() as tx:
            found = tx.numbered(range(1, tx.sequence() + 1))
        return [entry for _, entry in sorted(found.items()) if locale in (None, entry.locale)]

    def shown(self, number: int, locale: str = "fr") -> dict[tuple[str, Key], str]:
        """What readers of a locale see, by the site's own rule over a deployment's catalog bytes."""
        catalogs = self.service.catalogs(self.name, number)
        revision = self.service.deployments(self.name)[-number].revision
        sources = self.repository.files(revision)
        seen: dict[tuple[str, Key], str] = {}
        for path in sources:
            target = f"i18n/{locale}/{path}"
            if self.site.rule(path) and target in catalogs:
                shown = display(self.repository.read(sources[path]), catalogs[target])
                seen |= {(path, key): text for key, text in shown.items()}
        return seen

    def dump(self) -> str:
        """Everything the store remembers, as text."""
        with self.store.engine.connect() as connection:
            raw = connection.connection.driver_connection
            return "\n".join(raw.iterdump())

    def packages(self, **asked: object):
        return self.service.package(self.name, **asked)


@cache
def _migrated() -> Path:
    """A store with its tables and nothing in them, made once a process and copied for each house."""
    place = Path(mkdtemp(prefix="tm-service-tests-")) / "empty.sqlite"
    store = SqlStore(f"sqlite:///{place}")
    store.migrate()
    store.close()
    return place


def empty_store(folder: Path) -> SqlStore:
    folder.mkdir(parents=True, exist_ok=True)
    place = next(path for number in count() if not (path := folder / f"store-{number}.sqlite").exists())
    shutil.copy(_migrated(), place)
    store = SqlStore(f"sqlite:///{place}")
    store.renew_identity()
    return store


def new_house(folder: Path, site: Site = SITE, *, store: Store | None = None) -> House:
    """A house of its own: real extractor, exporter, checks and store; the repository and the clock are fakes."""
    clock = Clock()
    repository = FakeSite(clock, site.branch)
    kept = empty_store(folder)
    connector: SiteConnector = repository
    service = Service(
        sites=lambda: {site.name: house.site},
        records=cache(lambda: open_room(kept.connected, clock)),
        people=cache(lambda: open_people(kept.connected, clock, b"a key of thirty-two bytes, secre")),
        store=store or kept,
        connect=lambda _site: connector,
        extractor=extractor,
        extractions=SqliteExtractions(folder / "extractions.sqlite", "tests"),
        match=match,
        memory_room=cache(
            lambda: Desk(Library(folder / "index" / kept.identity(), kept.shelf, clock), kept.shelf, clock)
        ),
        exporter=PackageExporter(KeyRing(folder / "seals")),
        checker=HouseChecks(),
        adviser=HouseAdvice(),
        code=SourceCode,
        channels=lambda _site: {},
        checkout=FolderCheckout(),
        scratch=lambda: empty_store(folder),
        clock=clock,
        secret=lambda: b"a house of its own",
    )
    house = House(service, repository, kept, site)
    return house


def flat(node: object, key: Key = ()) -> dict[Key, str]:
    """The strings of a JSON document by key path."""
    if isinstance(node, str):
        return {key: node}
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return {
        found: text
        for name, child in members
        for found, text in flat(child, (*key, str(name))).items()
        if found[0] != "#meta"
    }


def display(source: bytes, catalog: bytes) -> dict[Key, str]:
    """The site's own rule: a value is shown when its hash is that of today's English or it has none, unless empty."""
    english, said = flat(json.loads(source)), json.loads(catalog)
    values, hashes = flat(said), said.get("#meta", {}).get("hashes", {})
    shown = {}
    for key, text in english.items():
        declared = hashes.get(".".join(key))
        today = md5(text.encode(), usedforsecurity=False).hexdigest()
        value = values.get(key, "")
        shown[key] = value if value.strip() and declared in (None, today) else text
    return shown

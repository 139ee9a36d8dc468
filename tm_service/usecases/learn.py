"""Learn: fill the memory from the catalogs a site already has, at a revision or commit by commit."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from hashlib import md5, sha256
from itertools import islice

from tm_service.domain.errors import Conflict
from tm_service.domain.findings import Finding
from tm_service.domain.plurals import parse_plural
from tm_service.domain.ports import Store, Transaction
from tm_service.domain.sentences import LEARNED_MEANWHILE
from tm_service.domain.serving import Answer, Origin, Translation
from tm_service.domain.text import fingerprint, is_language, is_skeleton, may_be_same
from tm_service.domain.units import CatalogFile, Commit, FileChange, Key, Locale, Revision
from tm_service.usecases.detect import neighbours
from tm_service.usecases.filing import Filed, Filing
from tm_service.usecases.reading import SiteReader, Unreadable

TRAILER = "Translations-Deployment:"  # last line of the commits we write; what they say we know already

_AT_ONCE = 100  # commits of a history in one transaction

Progress = Callable[[str, int], None]


def unheard(_what: str, _count: int) -> None:
    """Where nobody wants to know how far it is."""


@dataclass(frozen=True)
class Learned:
    """What a walk over catalogs gave."""

    commits: int
    translations: int
    counts: Mapping[str, int]  # values left aside, by reason
    findings: tuple[Finding, ...]


@dataclass
class Learner:
    """A walk over commits, oldest first: sources first, then what was delivered beside them."""

    reader: SiteReader
    tx: Transaction
    now: datetime
    _versions: dict[str, dict[Key, list[str]]] = field(default_factory=dict)
    _known: dict[tuple[Locale, str], dict[Key, list[tuple[str, str]]]] = field(default_factory=dict)
    _beside: dict[str, dict[Key, tuple[str, str]]] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)
    _findings: list[Finding] = field(default_factory=list)
    _latest: datetime | None = None
    _steps: int = 0
    _kept: int = 0
    _walked: str = ""

    def __post_init__(self) -> None:
        self._remembers = self.tx.sequence() > 0
        self._deploys = self.tx.latest(self.reader.site.name) is not None

    @cached_property
    def _filing(self) -> Filing:
        """Where files belong; most commands find nothing new to file."""
        return Filing(self.reader.site, self.tx.source_paths(self.reader.site.name))

    def go_on(self, tx: Transaction) -> None:
        """Walk on in another transaction. Raises Conflict where somebody else walked meanwhile: what is known here is old."""
        if tx.learned(self.reader.site.name) != self._walked:
            raise Conflict(LEARNED_MEANWHILE.say(site=self.reader.site.name))
        self.tx = tx

    def walk(self, commits: Iterable[Commit], progress: Progress = unheard) -> Learned:
        """Learn of these commits, too; what all came to that were walked. `progress` is told each with how many there were."""
        site = self.reader.site.name
        for commit in commits:
            self._steps, self._walked = self._steps + 1, commit.revision.id
            progress(self._walked, self._steps)
            added = self._learn_sources(commit.changes)
            for delivery in self._claimed(added):
                self._kept += self.tx.append(list(self._deliveries(delivery, again=True)))
            if f"{TRAILER} {site}/" not in commit.message:
                self._kept += self.tx.append(list(self._deliveries(commit)))
        if self._walked:
            self.tx.set_learned(site, self._walked)
        return Learned(self._steps, self._kept, dict(self._counts), tuple(self._findings))

    # sources

    def _learn_sources(self, changes: tuple[FileChange, ...]) -> set[str]:
        """Remember today's wordings; returns the names of files that have new ones."""
        rows, added = [], set()
        for change in changes:
            if change.after is None or self.reader.site.rule(change.path) is None:
                continue
            try:
                resource = self.reader.resource(change.path, change.after)
            except Unreadable as unreadable:
                self._findings.append(unreadable.finding)
                continue
            if not self.reader.site.is_record_store:  # its documents hold their translations themselves
                self._filing.add(change.path)
            self._beside[change.path] = neighbours(resource.units)
            versions = self._sources(change.path)
            for unit in resource.values:
                texts = versions.setdefault(unit.key, [])
                if not texts or texts[-1] != unit.source:
                    texts.append(unit.source)
                    added.add(change.path.rpartition("/")[2])
                    rows.append((unit.id, unit.source))
        self.tx.learn_sources(self.reader.site.name, rows)
        return added

    def _claimed(self, names: set[str]) -> Sequence[Commit]:
        """Deliveries that came, all or in part, before their source did."""
        return self.tx.claim(self.reader.site.name, names) if names else ()

    def _sources(self, path: str) -> dict[Key, list[str]]:
        if path not in self._versions:
            found = self.tx.sources(self.reader.site.name, path)
            self._versions[path] = {key: list(texts) for key, texts in found.items()}
        return self._versions[path]

    # deliveries

    def _deliveries(self, commit: Commit, *, again: bool = False) -> Iterator[Translation]:
        # History is ordered, its clocks are not: neither may time run backwards, nor a date in the future rule for years.
        moment = min(max(commit.revision.at, self._latest or commit.revision.at), self.now)
        self._latest = moment
        dated = replace(commit, revision=replace(commit.revision, at=moment))
        for change in commit.changes:
            rule = self.reader.site.rule(change.path)
            if change.after is None or (rule is not None and not rule.is_shared):
                continue
            if self._was_deployed(change.after):
                continue
            if rule is not None:
                for locale in self.reader.site.locales:
                    yield from self._delivery(dated, change, Filed(change.path, locale, in_place=True), again=again)
                continue
            filed = self._filing.locate(change.path, partial(self._keys, change))
            if isinstance(filed, Finding):
                self._findings.append(filed)
                continue
            name = self._filing.could_be(change.path)
            if filed is not None:
                self.tx.claimed(self.reader.site.name, change.path)
                early = yield from self._delivery(dated, change, filed, again=again)
                name = filed.resource.rpartition("/")[2] if early else ""
            if name:
                self.tx.leave_unclaimed(self.reader.site.name, name, commit, change)

    def _was_deployed(self, blob: str) -> bool:
        """Whether a file is one of our own catalogs, whoever committed it."""
        if not self._deploys or self.reader.connector.size(blob) > self.reader.site.largest_file:
            return False
        return self.tx.is_catalog(self.reader.site.name, sha256(self.reader.connector.read(blob)).hexdigest())

    def _keys(self, change: FileChange) -> Mapping[str, float]:
        """How much of a delivered file each candidate resource knows, by path."""
        catalog = self._catalog(change.path, change.after, "")
        keys = set(catalog.values) if catalog else set()
        paths = self._filing.namesakes(change.path)
        return {path: len(keys & set(self._sources(path))) / max(1, len(keys)) for path in paths}

    def _catalog(self, path: str, blob: str | None, locale: Locale) -> CatalogFile | None:
        rule = self.reader.site.rule(path) or self._filing.rule(path)
        if blob is None or rule is None:
            return None
        try:
            return self.reader.catalog(path, blob, rule, locale)
        except Unreadable as unreadable:
            self._findings.append(unreadable.finding)
            return None

    def _delivery(
        self, commit: Commit, change: FileChange, filed: Filed, *, again: bool
    ) -> Generator[Translation, None, bool]:
        """What a file says that is new; returns whether some of it was made from a source that is not there yet."""
        now, early = self._catalog(change.path, change.after, filed.locale), False
        before = self._catalog(change.path, change.before, filed.locale)
        if now is None:
            return early
        versions = self._sources(filed.resource)
        known = self._translations(filed.locale, filed.resource)
        for key, said in now.values.items():
            declared = (now.hashes or {}).get(key)
            if before and _said(before, key) == _said(now, key):
                continue
            made_of = now.sources.get(key)
            bound, text = (fingerprint(made_of), made_of) if made_of else _bind(versions.get(key, []), declared)
            target = _in_forms(said, text)
            answer, reason = _answer(target, versions.get(key), text, ours=_is_ours(key, now, before))
            early |= bool(target.strip()) and (reason == "unmatched" or (not reason and not text))
            if not reason:
                entries, by_hash = known.get(key, []), bool(declared or made_of)
                is_old = _is_old_copy(entries, bound, target, bound_by_hash=by_hash, in_place=filed.in_place)
                reason = "known" if is_old or (again and (bound, target) in entries) else ""
            if reason:
                self._counts[reason] += 1
                continue
            known.setdefault(key, []).append((bound, target))
            previous, following = self._beside.get(filed.resource, {}).get(key, ("", ""))
            yield Translation(
                site=self.reader.site.name,
                locale=filed.locale,
                resource=filed.resource,
                key=key,
                fingerprint=bound,
                source=text,
                target=target,
                at=commit.revision.at,
                origin=Origin.ALIGNMENT if key in now.unsure else Origin.SITE,
                answer=answer,
                author=commit.author,
                reference=commit.revision.id,
                previous=previous,
                following=following,
                source_locale=self.reader.site.source,
            )
        return early

    def _translations(self, locale: Locale, resource: str) -> dict[Key, list[tuple[str, str]]]:
        place = locale, resource
        if place not in self._known:
            units = [(resource, key) for key in self._sources(resource)]
            # A retired value that still stands in the site's files is no news.
            own = self.tx.own(self.reader.site.name, locale, units, retired=True) if self._remembers else {}
            self._known[place] = {
                unit[1]: [(e.fingerprint, e.target) for e in entries] for unit, entries in own.items()
            }
        return self._known[place]


def _said(catalog: CatalogFile, key: Key) -> tuple[str | None, str | None, str | None]:
    """What a file says of a key: the value, and what it declares of its source."""
    return catalog.values.get(key), (catalog.hashes or {}).get(key), catalog.sources.get(key)


def _is_ours(key: Key, now: CatalogFile, before: CatalogFile | None) -> bool:
    """Whether we wrote a value without anybody having translated it, and nobody changed it by hand since."""
    by_hand = before is not None and bool(now.stamped) and now.stamped == before.stamped
    return key in now.derived and not by_hand


def _answer(target: str, versions: list[str] | None, bound: str, *, ours: bool) -> tuple[Answer, str]:
    """Whether a delivered value is a translation: the answer it is, or the reason why it is left aside.

    `versions` are all wordings of its source, oldest first; `bound` is the one it was made from, empty if unknown.
    """
    if ours:
        return Answer.TEXT, "ours"
    if not versions:
        return Answer.TEXT, "unmatched"
    source = versions[-1]
    if not target.strip():
        return Answer.TEXT, "blank"
    if not is_language(source):
        return Answer.TEXT, "code" if target == source else ""
    if fingerprint(target) in map(fingerprint, versions):
        same = fingerprint(target) == fingerprint(bound) and may_be_same(bound)
        return Answer.SAME, "" if same else "copy"
    return Answer.TEXT, "skeleton" if is_skeleton(target, source) else ""


def _bind(versions: list[str], declared: str | None) -> tuple[str, str]:
    """The source a delivered value was made from: by its declared hash, else today's; fingerprint and text."""
    if not declared:
        return (fingerprint(versions[-1]), versions[-1]) if versions else ("", "")
    for text in reversed(versions):
        if md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest() == declared:
            return fingerprint(text), text
    return f"md5:{declared[:32]}", ""


def _in_forms(target: str, source: str) -> str:
    """A delivered value of a plural message; where a language has one form, some formats write it as any other text."""
    plural = parse_plural(source)
    if plural is None or plural.is_icu or not target.strip() or parse_plural(target):
        return target
    return str(replace(plural, forms={"other": target}))


def _is_old_copy(known: list[tuple[str, str]], bound: str, target: str, *, bound_by_hash: bool, in_place: bool) -> bool:
    """Whether a value was known before and says nothing new: it stays bound to the source it was first delivered for."""
    if not known:
        return False
    if known[-1] == (bound, target):
        return True
    if bound_by_hash:
        return False
    prints = {print_ for print_, text in known if text == target}
    return bool(prints) and not (in_place and bound in prints)


def learn_head(reader: SiteReader, tx: Transaction, revision: Revision, now: datetime) -> Learned:
    """Learn the catalogs as they stand at one revision, as if delivered with it."""
    files = sorted(reader.connector.files(revision.id).items())
    changes = tuple(FileChange(path, None, blob) for path, blob in files)
    return Learner(reader, tx, now).walk(iter([Commit(revision, "", "", changes)]))


def learn_history(reader: SiteReader, tx: Transaction, revision: Revision, now: datetime) -> Learned:
    """Learn every delivery in the history up to a revision, at the commit where it appeared."""
    return Learner(reader, tx, now).walk(reader.connector.history(revision.id))


def learn_history_apart(
    reader: SiteReader, store: Store, revision: Revision, now: datetime, progress: Progress = unheard
) -> Learned:
    """What `learn_history` learns, some commits in a transaction each: others write meanwhile, and see how far it is.

    Where it ends before its end, what came until then is learned, and learned again it adds nothing. Raises Conflict where
    somebody else learns of the site meanwhile.
    """
    commits, found = iter(reader.connector.history(revision.id)), Learned(0, 0, {}, ())
    learner: Learner | None = None
    while batch := list(islice(commits, _AT_ONCE)):
        with store.begin() as tx:
            if learner is None:
                learner = Learner(reader, tx, now)
            else:
                learner.go_on(tx)
            found = learner.walk(batch, progress)
    return found


def catch_up(reader: SiteReader, tx: Transaction, revision: Revision, now: datetime) -> Learned:
    """Learn what came since the last time; where there was none, everything at this revision.

    Of a record store our own copy has all that ever stood there, and nobody else keeps what the store has cleared since: there
    the whole history is learned.
    """
    learned = tx.learned(reader.site.name)
    if not learned and reader.site.is_record_store:
        return learn_history(reader, tx, revision, now)
    if not learned:
        return learn_head(reader, tx, revision, now)
    return Learner(reader, tx, now).walk(reader.connector.history(revision.id, [learned]))


def catch_up_apart(reader: SiteReader, store: Store, ref: str, now: datetime) -> Revision:
    """The revision of that name, up to which is learned in a transaction of its own, where anything is left to learn."""
    revision = reader.connector.resolve(ref)
    with store.read() as tx:
        if tx.learned(reader.site.name) == revision.id:
            return revision
    with store.begin() as tx:
        catch_up(reader, tx, revision, now)
    return revision

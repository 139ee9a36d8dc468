"""Memory verbs: what the switchboard answers about the memories and their terms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from tm_service.domain.answers import (
    Aligned,
    Analysed,
    Comparison,
    ConcordanceHits,
    FragmentFound,
    Imported,
    MemoryStats,
    TermFound,
)
from tm_service.domain.errors import ConfigurationError, NotFound
from tm_service.domain.matches import Asked, Match, Reading
from tm_service.domain.ports import Clock, MemoryRoom, Store, Transaction
from tm_service.domain.seen import Seen, anyway
from tm_service.domain.serving import Translation
from tm_service.domain.site import MemoryRef, Site
from tm_service.domain.terms import Term
from tm_service.domain.units import Locale
from tm_service.usecases.leverage import reading, terms_of
from tm_service.usecases.memories import bring_in, job_of, job_of_texts, pairs_of, restore, retire
from tm_service.usecases.plan import plan, planned
from tm_service.usecases.reading import SiteReader


@dataclass(frozen=True)
class MemoryVerbs:
    """Every question about the memories names the site that asks; it is answered from the memories that site may read."""

    sites: Callable[[], Mapping[str, Site]]
    site: Callable[[str], Site]
    reader: Callable[[str], AbstractContextManager[SiteReader]]
    store: Store
    open_room: Callable[[], MemoryRoom]
    clock: Clock

    @property
    def room(self) -> MemoryRoom:
        return self.open_room()

    def reading(self, name: str, locale: Locale, *, reverse: bool = False) -> Reading:
        """The memories of a site for one locale; reversed, from the locale into the site's source. Raises NotFound."""
        site = self.site(name)
        if locale not in site.locales:
            raise NotFound(f"Site {name} has no locale {locale}; it has {', '.join(site.locales)}.")
        found = reading(site, locale)
        return Reading(found.memories, found.target, found.source, found.site) if reverse else found

    def similar(self, where: Reading, text: str, *, least: float, limit: int) -> Sequence[Match]:
        """The matches for a text, best first."""
        if not 0 < least <= 100:  # noqa: PLR2004 - percent
            raise ConfigurationError(
                f"A least score of {least:g} finds nothing or everything; choose 1 to 100 percent."
            )
        return self.room.offers(where, [Asked(text)], least=least, k=limit)[0].matches

    def fragments(self, where: Reading, text: str) -> Sequence[FragmentFound]:
        """The longest parts that a text shares with stored ones, for a text without a match."""
        return self.room.fragments(where, text)

    def concordance(self, where: Reading, query: str, *, side: str, limit: int) -> ConcordanceHits:
        return self.room.concordance(where, query, side=side, limit=limit)

    def compare(self, before: str, after: str, language: Locale) -> Comparison:
        return self.room.compare(before, after, language)

    def stats(self) -> MemoryStats:
        """The whole store, and the indexes of all sites' memories."""
        with self.store.read() as tx:
            entries, size = tx.memory_size()
        readings = [reading(site, locale) for site in self.sites().values() for locale in site.locales]
        return self.room.stats(readings, entries, size)

    def bring_in(
        self, name: str, file: Path, *, memory: str = "", locales: Sequence[Locale] = (), rehearse: bool = False
    ) -> Imported:
        """Import a file into a memory that the site reads, its first where none is named. Raises ReturnRejected, NotFound."""
        site, problems = self.site(name), list[str]()
        ref = self.memory(name, memory)
        for locale in locales:
            self.reading(name, locale)
        with self.store.begin() as tx:
            if rehearse:
                tx.rehearse()
            entries = self.room.read(
                file, memory=ref.name, source=site.source, targets=locales or site.locales, problems=problems
            )
            found = bring_in(tx, entries, problems)
            tx.note(ref.name, "import", {"file": file.name, "read": found.read, "new": found.new}, self.clock())
        return Imported(found.read, found.new, tuple(problems))

    def write(
        self, name: str, file_name: str, out: BinaryIO, *, memory: str = "", locales: Sequence[Locale] = ()
    ) -> int:
        """Export a memory that the site reads; how many pairs. Raises ConfigurationError, NotFound."""
        site = self.site(name)
        for locale in locales:
            self.reading(name, locale)
        ref = self.memory(name, memory)
        return self.room.write(file_name, out, memory=ref.name, source=site.source, targets=locales or site.locales)

    def retire(self, name: str, numbers: Sequence[int], *, memory: str = "", by: str, reason: str) -> int:
        """Take pairs out of use. Raises NotFound."""
        ref = self.memory(name, memory)
        with self.store.begin() as tx:
            return retire(tx, ref.name, numbers, by=by, reason=reason, at=self.clock())

    def restore(self, name: str, numbers: Sequence[int], *, memory: str = "", by: str, reason: str) -> int:
        """Take pairs into use again that were retired by mistake, under new numbers. Raises NotFound."""
        ref = self.memory(name, memory)
        with self.store.begin() as tx:
            return restore(tx, ref.name, numbers, by=by, reason=reason, at=self.clock())

    def pairs(self, name: str, numbers: Sequence[int], *, memory: str = "") -> Mapping[Translation, bool]:
        """Pairs of a memory, each with whether it is retired. Raises NotFound."""
        ref = self.memory(name, memory)
        with self.store.read() as tx:
            known, gone = pairs_of(tx, ref.name, numbers), tx.retired_among(numbers)
        return {pair: number in gone for number, pair in known.items()}

    def bring_in_terms(
        self, name: str, file: Path, *, memory: str = "", locales: Sequence[Locale] = (), rehearse: bool = False
    ) -> Imported:
        """Import terms into a memory that the site reads. Raises ReturnRejected, ConfigurationError, NotFound."""
        site, problems = self.site(name), list[str]()
        ref = self.memory(name, memory)
        with self.store.begin() as tx:
            if rehearse:
                tx.rehearse()
            terms = list(
                self.room.read_terms(
                    file, memory=ref.name, source=site.source, targets=locales or site.locales, problems=problems
                )
            )
            pairs = {(term.source_locale, term.locale) for term in terms}
            known = {_named(term) for source, locale in pairs for term in tx.terms(ref.name, source, locale)}
            new = tx.append_terms(terms)
            changed = new - len({_named(term) for term in terms} - known)
            tx.note(ref.name, "import terms", {"file": file.name, "read": len(terms), "new": new}, self.clock())
        return Imported(len(terms), new, tuple(problems), changed)

    def write_terms(
        self,
        name: str,
        file_name: str,
        out: BinaryIO,
        *,
        memory: str = "",
        locales: Sequence[Locale] = (),
        only: Callable[[Term], bool] = lambda _term: True,
    ) -> int:
        """Export terms, those that are wanted; how many. Raises ConfigurationError, NotFound."""
        site, known = self.site(name), self.terms(name, memory=memory, locales=locales)
        return self.room.write_terms(file_name, out, [term for term in known if only(term)], site.source)

    def terms(self, name: str, *, memory: str = "", locales: Sequence[Locale] = ()) -> Sequence[Term]:
        """The terms of a memory in use, those of each locale oldest first. Raises NotFound."""
        site, ref = self.site(name), self.memory(name, memory)
        with self.store.read() as tx:
            return [term for locale in locales or site.locales for term in tx.terms(ref.name, site.source, locale)]

    def term(self, name: str, number: int, *, memory: str = "") -> Term:
        """Raises NotFound."""
        found = next((term for term in self.terms(name, memory=memory) if term.number == number), None)
        if found is None:
            raise NotFound(f"There is no term {number} in use; list the terms, what was changed has a new number.")
        return found

    def say_term(self, said: Term, *, seen: Seen[Term | None] = anyway) -> Term:
        """Add a term, or say something else of one that is there: it then has a new number.

        `seen` gets what is said of it so far, None where that is nothing. Raises what `seen` raises.
        """
        with self.store.begin() as tx:
            known = _in_use(tx, said)
            seen(known)
            if tx.append_terms([said]):
                told = {"term": said.source, "target": said.target, "locale": said.locale, "status": said.status}
                tx.note(said.memory, "say term", told | {"by": said.author}, said.at)
            return _in_use(tx, said) or said

    def withdraw_term(self, known: Term, *, by: str, seen: Seen[Term | None] = anyway) -> None:
        """Take a term out of use until it is said again. Raises NotFound where it is not in use, and what `seen` raises."""
        now = self.clock()
        with self.store.begin() as tx:
            seen(_in_use(tx, known))
            if not tx.retire_terms(known.memory, [known.number], by=by, at=now):
                raise NotFound(f"There is no term {known.number} in use.")
            told = {"term": known.source, "target": known.target, "locale": known.locale, "by": by}
            tx.note(known.memory, "withdraw term", told, now)

    def terms_in(self, where: Reading, text: str) -> Sequence[TermFound]:
        """The terms of the memories read that a text has."""
        with self.store.read() as tx:
            terms = terms_of(tx, where)
        return self.room.terms_in(text, terms) if terms else ()

    def align(
        self, name: str, locale: Locale, source: str, target: str, *, reference: str, sure: float, keep: bool = False
    ) -> Aligned:
        """Lay two documents side by side; kept, the pairs that are sure enough become proposals, which are never served."""
        every = self.room.align(source, target, self.reading(name, locale), reference)
        found = replace(every, pairs=tuple(entry for entry in every.pairs if entry[1] >= sure))
        if keep:
            with self.store.begin() as tx:
                bring_in(tx, (pair for pair, _ in found.pairs), ())
        return found

    def analyse(self, name: str, locale: Locale, *, ref: str = "", rates: Path | None = None) -> Analysed:
        """Count what a site still needs in a locale; nothing is kept."""
        where = self.reading(name, locale)
        with self.reader(name) as reader:
            job = self._job(reader, locale, ref)
            return self.room.analyse(where, job, name, rates)

    def _job(self, reader: SiteReader, locale: Locale, ref: str) -> list[tuple[str, Asked]]:
        """What a locale still needs; where something is to be learned first, that is undone again."""
        revision = reader.connector.resolve(ref)
        with self.store.read() as tx:
            if tx.learned(reader.site.name) == revision.id:
                return job_of(reader, tx, planned(reader, tx, revision, self.clock(), (), [locale]), locale)
        with self.store.begin() as tx:
            tx.rehearse()
            return job_of(reader, tx, plan(reader, tx, ref, self.clock(), ()), locale)

    def analyse_files(
        self, name: str, locale: Locale, files: Mapping[str, Sequence[str]], *, rates: Path | None = None
    ) -> Analysed:
        """Count the texts of files, whatever site they are of."""
        where = self.reading(name, locale)
        job = [entry for file, texts in files.items() for entry in job_of_texts(file, texts)]
        return self.room.analyse(where, job, name, rates)

    def texts(self, name: str, file: Path) -> Iterator[str]:
        """The source texts of a file of pairs. Raises ConfigurationError, ReturnRejected."""
        site, problems = self.site(name), list[str]()
        pairs = self.room.read(file, memory=site.name, source=site.source, targets=site.locales, problems=problems)
        return (pair.source for pair in pairs)

    def memory(self, name: str, memory: str = "") -> MemoryRef:
        """A memory that a site reads, its first where none is named. Raises NotFound."""
        site = self.site(name)
        if not memory:
            return site.memories[0]
        found = next((ref for ref in site.memories if ref.name == memory), None)
        if found is None:
            known = ", ".join(ref.name for ref in site.memories)
            raise NotFound(f"Site {site.name} reads no memory {memory}; it reads {known}.")
        return found


def _named(term: Term) -> tuple[Locale, str, Locale, str]:
    """What makes a term and one of its targets the same, whatever is said of it."""
    return term.source_locale, term.source, term.locale, term.target


def _in_use(tx: Transaction, said: Term) -> Term | None:
    """What counts today of the same term and target."""
    known = tx.terms(said.memory, said.source_locale, said.locale)
    return next((term for term in known if (term.source, term.target) == (said.source, said.target)), None)

"""The desk: everything the hall may ask of the memory room, said in the words of the ground floor."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import BinaryIO, Literal

from memory.analysis import Category, Segment, analyse
from memory.classes import CAPPED, fuzzy_class
from memory.guard import dangers
from memory.index.run import engine_name
from memory.interchange import format_of
from memory.interchange.intake import Problem
from memory.library import Library
from memory.neighbours import neighbours
from memory.rates import DEFAULT as DEFAULT_RATES
from memory.rates import read_rates
from memory.reports import Heading
from memory.reports.html_page import html_page
from memory.reports.json_document import document, json_document
from memory.reports.table import table
from memory.reports.trados_xml import trados_xml
from memory.score import score
from memory.tbx import read_tbx, write_tbx
from memory.term_tables import read_terms, write_terms
from memory.terms import Recogniser
from tm_service.domain.answers import (
    Aligned,
    Analysed,
    Comparison,
    ConcordanceHit,
    ConcordanceHits,
    FragmentFound,
    MemoryStats,
    TermFound,
)
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.matches import Asked, Best, MatchClass, Offer, Reading
from tm_service.domain.ports import Shelf
from tm_service.domain.serving import Translation
from tm_service.domain.terms import Term
from tm_service.domain.units import Locale

_EXACT = 100.0
_SIDES: tuple[Literal["source", "target", "both"], ...] = ("source", "target", "both")
_TermReader = Callable[..., Iterator[Term | Problem]]
_TermWriter = Callable[[Iterable[Term], BinaryIO, Locale], int]


def _term_format(name: str) -> tuple[_TermReader, _TermWriter]:
    """How terms of a file's ending are read and written. Raises ConfigurationError."""
    suffix = Path(name).suffix.lower()
    if suffix == ".tbx":
        return read_tbx, lambda terms, out, source: write_tbx(terms, out, source=source)
    if suffix in {".csv", ".tsv"}:
        return read_terms, lambda terms, out, _: write_terms(terms, out)
    raise ConfigurationError(f"{name}: terms are kept in files ending in .tbx, .csv or .tsv; choose one of them.")


@dataclass(frozen=True)
class Desk:
    """The memory room behind one door; `shelf` opens what the library's indexes are made of."""

    library: Library
    shelf: Callable[[str, Locale, Locale], Shelf]
    clock: Callable[[], datetime]

    # look-ups

    def catch_up(self, readings: Iterable[Reading]) -> None:
        """Bring the indexes of these readings up to their shelves."""
        for reading in readings:
            for memory in reading.memories:
                self.library.index(memory.name, reading.source, reading.target)

    def offers(self, reading: Reading, asked: Sequence[Asked], *, least: float = 75, k: int = 5) -> Sequence[Offer]:
        return self.library.offers(reading, asked, least=least, k=k)

    def best(self, reading: Reading, asked: Sequence[Asked], *, least: float = 50) -> Sequence[Best]:
        return self.library.best(reading, asked, least=least)

    def compare(self, before: str, after: str, language: Locale) -> Comparison:
        """What a translation of `before` is worth for `after`."""
        if before == after:
            return Comparison(_EXACT, _EXACT, MatchClass.EXACT)
        found = score(after, before, language)
        percent = min(found.percent, CAPPED)
        capped = dangers(before, after, language)
        return Comparison(percent, found.similarity, fuzzy_class(percent), found.penalties, capped, found.bounded)

    def concordance(self, reading: Reading, query: str, *, side: str = "both", limit: int = 20) -> ConcordanceHits:
        """The memories in order, each one's hits best first. Raises ConfigurationError for a side there is not."""
        asked = next((known for known in _SIDES if known == side), None)
        if asked is None:
            raise ConfigurationError(f"There is no side {side}; ask for source, target or both.")
        hits: list[ConcordanceHit] = []
        total, cut, advice = 0, False, ""
        for memory in reading.memories:
            found = self.library.concordance(memory.name, reading.source, reading.target).search(
                query, side=asked, limit=limit
            )
            hits += [ConcordanceHit(hit.pair, hit.side, hit.text, hit.other, tuple(hit.spans)) for hit in found.hits]
            total, cut, advice = total + found.total, cut or found.cut, advice or found.advice
        return ConcordanceHits(tuple(hits[:limit]), total, cut, advice)

    def fragments(self, reading: Reading, text: str) -> Sequence[FragmentFound]:
        """The longest parts that a text shares with stored ones."""
        return [
            FragmentFound(found.start, found.end, found.count, tuple(place.pair for place in found.places))
            for found in self.library.fragments(reading, text)
        ]

    def stats(self, readings: Sequence[Reading], entries: int, size: int) -> MemoryStats:
        """Every index that these readings use, made where it is missing."""
        counted: dict[str, int] = {}
        segments = weight = 0
        for reading in readings:
            for memory in reading.memories:
                name = f"{memory.name} {reading.source}-{reading.target}"
                if name not in counted:
                    index = self.library.index(memory.name, reading.source, reading.target).index
                    counted[name] = len(index)
                    segments, weight = segments + index.segments, weight + index.bytes
        engine = "database" if self.library.filter is not None else engine_name()
        return MemoryStats(entries, size, engine, segments, weight, counted)

    # files

    def read(
        self, file: Path, *, memory: str, source: Locale, targets: Sequence[Locale], problems: list[str]
    ) -> Iterator[Translation]:
        """The pairs of a file by its ending, streamed; each damaged entry is one sentence more in `problems`.

        Raises ConfigurationError for an ending that is not known, ReturnRejected for a file that cannot be read at all.
        """
        chosen = format_of(file.name)
        for entry in chosen.read(
            file, memory=memory, at=self.clock(), source=source, targets=targets, reference=file.name
        ):
            if isinstance(entry, Problem):
                problems.append(str(entry))
            else:
                yield entry

    def write(self, name: str, out: BinaryIO, *, memory: str, source: Locale, targets: Sequence[Locale]) -> int:
        """Everything of a memory in the format of a file's ending; how many pairs. Raises ConfigurationError."""
        return self.write_pairs(
            name, out, (entry for target in targets for entry in self.shelf(memory, source, target).added()), source
        )

    def write_pairs(self, name: str, out: BinaryIO, pairs: Iterable[Translation], source: Locale) -> int:
        """Pairs in the format of a file's ending; how many. Raises ConfigurationError."""
        chosen = format_of(name)
        if chosen.write is None:
            raise ConfigurationError(f"{name}: memories are exported as .tmx or .csv; choose one of them.")
        return chosen.write(pairs, out, source=source, at=self.clock())

    def read_terms(
        self, file: Path, *, memory: str, source: Locale, targets: Sequence[Locale], problems: list[str]
    ) -> Iterator[Term]:
        """As `read`, for TBX and tables of terms."""
        reader = _term_format(file.name)[0]
        for entry in reader(file, memory=memory, at=self.clock(), source=source, targets=targets, reference=file.name):
            if isinstance(entry, Problem):
                problems.append(str(entry))
            else:
                yield entry

    def write_terms(self, name: str, out: BinaryIO, terms: Iterable[Term], source: Locale) -> int:
        return _term_format(name)[1](terms, out, source)

    def terms_in(self, text: str, terms: Sequence[Term]) -> Sequence[TermFound]:
        return [TermFound(hit.start, hit.end, hit.terms) for hit in Recogniser(terms).find(text)]

    def align(self, source: str, target: str, reading: Reading, reference: str) -> Aligned:
        """Pairs of two documents that are translations of each other, as proposals for the first memory read."""
        from memory.alignment import align, entries  # noqa: PLC0415 - only who aligns loads it

        beads = align(source, target, source_language=reading.source, target_language=reading.target)
        pairs = entries(
            beads,
            source_locale=reading.source,
            locale=reading.target,
            memory=reading.memories[0].name,
            at=self.clock(),
            reference=reference,
            least=0.0,
            merged=True,
        )
        alone = sum(len(bead.source) + len(bead.target) for bead in beads if not bead.source or not bead.target)
        return Aligned(pairs, alone)

    # counting

    def analyse(self, reading: Reading, job: Sequence[tuple[str, Asked]], name: str, rates: Path | None) -> Analysed:
        """Count a job by class; `job` has the file of each text beside it. Raises ConfigurationError for a bad rate table."""
        table_of_rates = read_rates(rates) if rates else DEFAULT_RATES
        chosen, began = table_of_rates.of(reading.target), perf_counter()
        segments = [Segment(file, text.key, text.source, text.previous, text.following) for file, text in job]

        def look_up(asked: Sequence[Segment]) -> Sequence[Best]:
            texts = [Asked(one.source, one.file, one.key, one.previous, one.following) for one in asked]
            return self.best(reading, texts)

        found = analyse(segments, look_up, neighbours(reading.source), language=reading.source)
        memories = tuple(memory.name for memory in reading.memories)
        seconds = round(perf_counter() - began, 3)
        heading = Heading(name, name, reading.source, reading.target, self.clock(), seconds, memories=memories)
        reports = {
            ".xml": trados_xml(found, heading),
            ".csv": table(found, chosen),
            ".json": json_document(found, heading, chosen),
            ".html": html_page(found, heading, chosen),
        }
        return Analysed(document(found, heading, chosen), reports)

    def percents(self, target: Locale) -> Mapping[MatchClass, Decimal]:
        """What a word of each class costs in a language by the usual rates: percent of the full price."""
        usual = DEFAULT_RATES.of(target).percents
        return {kind: usual[Category(kind)] for kind in MatchClass}

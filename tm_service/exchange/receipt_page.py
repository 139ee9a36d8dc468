"""Receipt page: what became of a return, each text that needs somebody with its place marked, and how to go on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise

from locales import LANGUAGES
from tm_service.differences import Kept, differences
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.packages import Package, PackageUnit, Receipt
from tm_service.domain.text import parse
from tm_service.domain.units import key_text
from tm_service.exchange.inline import legible
from tm_service.exchange.page_texts import template
from tm_service.exchange.receipt_texts import (
    Sentence,
    counts,
    is_repair,
    looked_at,
    name_of,
    outcome,
    receipt_voices,
    sentences,
)

_MOST = 300  # texts of one section; the package of corrections and the receipt as JSON have them all
_GRAVEST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)

Span = tuple[int, int, int]  # from, to before, and the number of the reason


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of a text: words, or a code kept apart from them; marked where a reason speaks of it.

    `ends` are the numbers of the reasons whose place ends with it; `names` say what it is where nothing of it can be seen.
    """

    text: str
    is_code: bool
    is_marked: bool
    ends: tuple[int, ...] = ()
    names: str = ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A unit as the page shows it; what is empty is left out. The numbers of its reasons are written where `is_numbered`.

    `now` is its target with what could be repaired, where the reasons speak of that.
    """

    id: str
    page: str
    key: str
    source: tuple[_Piece, ...]
    target: tuple[_Piece, ...]
    now: tuple[_Piece, ...]
    reasons: tuple[tuple[Sentence, ...], ...]
    is_numbered: bool
    repair: tuple[_Piece, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """Units under one heading, by the name of its text; `more` are left out. What stands below them is the `repair`."""

    name: str
    units: tuple[_Shown, ...]
    more: int
    reasons: str = "reason"
    repair: str = "suggestion"


@dataclass(frozen=True, slots=True)
class _FileRemark:
    path: str
    reason: tuple[Sentence, ...]


def receipt_page(receipt: Receipt, package: Package, targets: Mapping[str, str]) -> bytes:
    """The page as UTF-8 HTML that needs nothing from elsewhere; `targets` are those that came back, by unit id."""
    told = _Told(receipt, package, targets)
    text = template("receipt.html").render(
        voices=receipt_voices(package.locale),
        source=LANGUAGES[package.source_locale],
        target=LANGUAGES[package.locale],
        directions={code: language.direction for code, language in LANGUAGES.items()},
        name=name_of(package),
        package=package,
        received=receipt.at.astimezone(UTC).date(),
        receipt=receipt,
        outcome=outcome(receipt),
        counts=counts(receipt),
        files=list(told.files()),
        sections=list(told.sections()),
    )
    return legible(text).encode()


@dataclass(frozen=True, slots=True)
class _Told:
    """A receipt beside what it speaks of."""

    receipt: Receipt
    package: Package
    targets: Mapping[str, str]

    def files(self) -> Iterator[_FileRemark]:
        """What is said of no unit; the same is said once."""
        remarks = (entry for entry in self.receipt.findings if not entry.unit)
        for entry in list(dict.fromkeys(remarks))[:_MOST]:
            yield _FileRemark(entry.path, sentences(entry, self.package.locale))

    def sections(self) -> Iterator[_Section]:
        """Units by what is to be done with them, most urgent first; sections without any are left out."""
        receipt = self.receipt
        units = {unit.id: unit for unit in self.package.units}
        by_unit: dict[str, list[Finding]] = {}
        for entry in sorted(receipt.findings, key=lambda entry: _GRAVEST.index(entry.severity)):
            by_unit.setdefault(entry.unit, []).append(entry)
        warned = {unit: [one for one in told if one.severity is not Severity.NOTE] for unit, told in by_unit.items()}
        drafts = [unit for unit in receipt.proposals if unit not in frozenset(receipt.answered)]
        still = [unit.id for unit in self.package.open_units]
        listed = {*receipt.quarantined, *receipt.proposals, *receipt.answered}
        for made in (
            self._section("attention", receipt.quarantined, units, by_unit),
            self._section("look", looked_at(receipt), units, by_unit),
            self._repaired(units, by_unit),
            self._section("answered", receipt.answered, units, by_unit),
            self._section("proposals", drafts, units, warned),
            self._section("open", [unit for unit in still if unit not in listed], units, by_unit),
        ):
            if made.units:
                yield made

    def _section(
        self, name: str, ids: Iterable[str], units: Mapping[str, PackageUnit], by_unit: Mapping[str, Sequence[Finding]]
    ) -> _Section:
        listed = list(dict.fromkeys(ids))
        shown = (self._questioned(unit, units.get(unit), by_unit.get(unit, ())) for unit in listed[:_MOST])
        return _Section(name, tuple(shown), len(listed[_MOST:]))

    def _repaired(self, units: Mapping[str, PackageUnit], by_unit: Mapping[str, Sequence[Finding]]) -> _Section:
        listed = self.receipt.repaired
        shown = (self._mended(unit, units.get(unit), by_unit.get(unit, ())) for unit in listed[:_MOST])
        return _Section("repaired", tuple(shown), len(listed[_MOST:]), "done", "now")

    def _questioned(self, unit_id: str, unit: PackageUnit | None, findings: Sequence[Finding]) -> _Shown:
        """A unit with what is asked of it; the checks spoke of its target as it was after the repair."""
        target = self.targets.get(unit_id, "")
        mended = next((entry.repair for entry in findings if is_repair(entry) and entry.repair != target), "")
        asked = [entry for entry in findings if not is_repair(entry)]
        spans = _spans(asked)
        repair = next((entry.repair for entry in asked if entry.repair), "")
        return self._shown(
            unit_id,
            unit,
            asked,
            target=pieces(target, () if mended else spans),
            now=pieces(mended, spans),
            is_numbered=bool(spans) and len(asked) > 1,
            repair=pieces(repair, list(_come(mended or target, repair))),
        )

    def _mended(self, unit_id: str, unit: PackageUnit | None, findings: Sequence[Finding]) -> _Shown:
        """A unit with what was put right in it; as it came back only where that is known."""
        notes = list(filter(is_repair, findings))
        mended = next((entry.repair for entry in notes), "")
        known = self.targets.get(unit_id, "")
        target = "" if known == mended else known
        return self._shown(
            unit_id,
            unit,
            notes,
            target=pieces(target, _spans(notes)),
            is_numbered=len(notes) > 1,
            repair=pieces(mended, list(_come(target, mended)) if target else ()),
        )

    def _shown(
        self,
        unit_id: str,
        unit: PackageUnit | None,
        findings: Sequence[Finding],
        *,
        target: tuple[_Piece, ...],
        is_numbered: bool,
        repair: tuple[_Piece, ...],
        now: tuple[_Piece, ...] = (),
    ) -> _Shown:
        return _Shown(
            id=unit_id,
            page=unit.resource if unit else "",
            key=key_text(unit.key) if unit else "",
            source=pieces(unit.source) if unit else (),
            target=target,
            now=now,
            reasons=tuple(sentences(entry, self.package.locale) for entry in findings),
            is_numbered=is_numbered,
            repair=repair,
        )


def _spans(findings: Sequence[Finding]) -> list[Span]:
    return [(*entry.place, number) for number, entry in enumerate(findings, 1) if entry.place]


def _come(before: str, after: str) -> Iterator[Span]:
    """What of a repaired text was not there before."""
    done = 0
    for run in differences(before, after):
        if run.kept is Kept.COME:
            yield done, done + len(run.text), 0
        if run.kept is not Kept.GONE:
            done += len(run.text)


def pieces(text: str, spans: Sequence[Span] = ()) -> tuple[_Piece, ...]:
    """Cut a text where codes and marked places begin and end; joined they are the text. Places outside of it are left out."""
    spans = [(start, end, number) for start, end, number in spans if 0 <= start <= end <= len(text)]
    if not text:
        return ()
    whole = legible(text)
    codes, done = [], 0
    for part in parse(text).parts:
        length = len(part if isinstance(part, str) else part.data)
        codes.append((done, done + length, not isinstance(part, str)))
        done += length
    # A code is shown in one piece, so that its signs keep their order; a place within it marks it all.
    spans = [(_cut(start, codes, after=False), _cut(end, codes, after=True), number) for start, end, number in spans]
    cuts = sorted(
        {0, len(text), *(at for span in spans for at in span[:2]), *(at for code in codes for at in code[:2])}
    )
    made = []
    for start, end in pairwise(cuts):
        made += _gaps(start, spans)
        is_marked = any(first <= start and end <= last for first, last, _ in spans)
        made.append(
            _Piece(
                text=whole[start:end],
                is_code=any(is_code and first <= start and end <= last for first, last, is_code in codes),
                is_marked=is_marked,
                ends=tuple(number for first, last, number in spans if number and last == end and first < last),
                names=_names(text[start:end]) if is_marked else "",
            )
        )
    return (*made, *_gaps(len(text), spans))


def _cut(at: int, codes: Sequence[tuple[int, int, bool]], *, after: bool) -> int:
    """A place that cuts no code: before it or after it."""
    return next((last if after else first for first, last, is_code in codes if is_code and first < at < last), at)


def _gaps(at: int, spans: Sequence[Span]) -> list[_Piece]:
    """Places of no width, where something is missing."""
    numbers = tuple(number for first, last, number in spans if first == last == at)
    return [_Piece("", is_code=False, is_marked=True, ends=tuple(filter(None, numbers)))] if numbers else []


def _names(text: str) -> str:
    """The numbers of characters, where a text has none that can be seen."""
    return "" if any(c.isprintable() and not c.isspace() for c in text) else " ".join(f"U+{ord(c):04X}" for c in text)

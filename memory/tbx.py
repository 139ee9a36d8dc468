"""TBX: terms in and out of other tools' term bases (ISO 30042).

Written is TBX-Basic of 2019 in DCA style, one concept for each source term. Read are TBX of 2019 in both styles, data
categories as attributes (DCA) or as tags (DCT), and martif of 2008; every source term of a concept makes a pair with every
target. The entries are cut apart and parsed one by one, so that a broken one breaks no other. White space counts only in what
we wrote ourselves: elsewhere it is the indentation of XML. What XML cannot hold is written by its number, as in our TMX.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from memory.interchange.inline import attribute, content, escaped, original
from memory.interchange.intake import LIMITS, Limits, Problem, brief, inside, nothing_asked, opened, undeclared, utf8
from memory.interchange.languages import chosen, locale_of
from memory.tbx_document import Damaged, Document
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.terms import Term, TermStatus
from tm_service.domain.units import Locale

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_OURS = "Terms of tm_service"
_LONGEST = 2000  # characters of a term
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# Elements whose data category is their `type` in DCA style and martif; in DCT style it is the element's own name.
_TYPED = frozenset(["admin", "adminNote", "descrip", "ref", "termNote", "transac", "transacNote", "xref"])
_TERMS = frozenset(["ntig", "termSec", "tig"])

# TBX-Basic's `administrativeStatus`; an admitted synonym may be used and is not insisted on.
_STATUS = {
    TermStatus.APPROVED: "preferredTerm-admn-sts",
    TermStatus.FORBIDDEN: "deprecatedTerm-admn-sts",
    TermStatus.PROPOSED: "admittedTerm-admn-sts",
}
_READ_AS = {
    "preferredterm": TermStatus.APPROVED,
    "standardizedterm": TermStatus.APPROVED,
    "legalterm": TermStatus.APPROVED,
    "regulatedterm": TermStatus.APPROVED,
    "admittedterm": TermStatus.PROPOSED,
    "deprecatedterm": TermStatus.FORBIDDEN,
    "supersededterm": TermStatus.FORBIDDEN,
}
_SPEECH = frozenset(["adjective", "adverb", "noun", "other", "verb"])  # TBX-Basic's `partOfSpeech`


def write_tbx(terms: Iterable[Term], out: BinaryIO, *, source: Locale) -> int:
    """Write terms to `out` as TBX-Basic (DCA) in UTF-8; returns how many.

    `source` is the language of the document. A concept holds all targets of one source term with one definition and part of
    speech. Memories' names and the store's numbers are not written.
    """
    concepts: dict[tuple[str, ...], dict[Locale, list[Term]]] = {}
    for term in terms:
        key = (term.source_locale, term.source, term.definition, term.part_of_speech)
        concepts.setdefault(key, {}).setdefault(term.locale, []).append(term)
    out.write(_head(source).encode())
    if concepts:
        out.write(b"<body>\n")
        out.writelines("".join(_concept(*numbered)).encode() for numbered in enumerate(concepts.values(), 1))
        out.write(b"</body>\n")
    out.write(b"</text>\n</tbx>\n")
    return sum(len(found) for languages in concepts.values() for found in languages.values())


def _head(source: Locale) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<tbx type="TBX-Basic" style="dca" xml:lang="{attribute(escaped(source))}" xmlns="{NAMESPACE}">\n'
        f"<tbxHeader><fileDesc><sourceDesc><p>{_OURS}</p></sourceDesc></fileDesc></tbxHeader>\n<text>\n"
    )


def _concept(number: int, languages: dict[Locale, list[Term]]) -> Iterator[str]:
    first = next(iter(languages.values()))[0]
    yield f'<conceptEntry id="c{number}">\n<langSec xml:lang="{attribute(escaped(first.source_locale))}">\n'
    if first.definition:
        yield f'<descrip type="definition">{_text(first.definition)}</descrip>\n'
    yield f"<termSec><term>{_text(first.source)}</term>{_speech(first)}</termSec>\n</langSec>\n"
    for locale, terms in languages.items():
        yield f'<langSec xml:lang="{attribute(escaped(locale))}">\n'
        for term in terms:
            yield f"<termSec><term>{_text(term.target)}</term>{_speech(term)}"
            yield f'<termNote type="administrativeStatus">{_STATUS[term.status]}</termNote>'
            if term.reference:
                yield f'<admin type="source">{_text(term.reference)}</admin>'
            yield f'<transacGrp><transac type="transactionType">modification</transac><date>{_date(term.at)}</date>'
            if term.author:
                yield f'<transacNote type="responsibility">{_text(term.author)}</transacNote>'
            yield "</transacGrp></termSec>\n"
        yield "</langSec>\n"
    yield "</conceptEntry>\n"


def _text(text: str) -> str:
    return content(escaped(text))


def _speech(term: Term) -> str:
    """The part of speech; one that TBX-Basic does not know is `other`, with what it is as a note."""
    if not term.part_of_speech:
        return ""
    if term.part_of_speech in _SPEECH:
        return f'<termNote type="partOfSpeech">{term.part_of_speech}</termNote>'
    note = f"<note>{_text(term.part_of_speech)}</note>"
    return f'<termNoteGrp><termNote type="partOfSpeech">other</termNote>{note}</termNoteGrp>'


def _date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def read_tbx(
    content: BinaryIO | Path,
    *,
    memory: str,
    at: datetime,
    source: Locale,
    targets: Collection[Locale] | None = None,
    reference: str = "",
    limits: Limits = LIMITS,
) -> Iterator[Term | Problem]:
    """The terms of a TBX file from `source` into `targets` (None: into all others), in order, with the problems between.

    `memory` is what they will belong to; `at` and `reference` stand where an entry says none. A damaged entry is reported by
    its number and line and left out. Raises ReturnRejected before the first term.
    """
    with opened(content) as (name, stream):
        read = b""
        for block in utf8(name, stream):
            read += block
            if len(read) > limits.bilingual:
                raise ReturnRejected(f"{name} is larger than {limits.bilingual} bytes; export the term base in parts.")
    document = Document(name, undeclared(read))
    wanted = _Wanted(
        memory, at, source, None if targets is None else tuple(targets), reference, _OURS.encode() in document.head
    )
    seen: dict[str, None] = {}
    count = 0
    for entry in document.entries(limits):
        if isinstance(entry, Problem):
            yield entry
            continue
        try:
            element = document.parsed(entry)
            sections = _sections(element)
            seen |= dict.fromkeys(section.lang for section in sections)
            terms = wanted.terms(element, sections)
        except Damaged as damage:
            yield Problem(
                entry.number, entry.line, f"Entry {entry.number} (line {entry.line}) {damage}; it was left out."
            )
            continue
        count += len(terms)
        yield from terms
    if not count and seen:
        yield nothing_asked(source, targets, seen)


@dataclass(frozen=True, slots=True)
class _Section:
    """One language of a concept: as the file names it, its element and those of its terms."""

    lang: str
    element: etree._Element
    terms: list[etree._Element]


def _sections(entry: etree._Element) -> list[_Section]:
    """The languages of an entry. Raises Damaged."""
    sections = []
    for element in entry:
        if _name(element) in ("langSec", "langSet"):
            lang = str(element.get(_LANG) or element.get("lang") or "")
            if not locale_of(lang):
                raise Damaged(f"does not say the language of a term ({brief(lang, 40) or 'empty'})")
            sections.append(_Section(lang, element, [term for term in element if _name(term) in _TERMS]))
    if not any(section.terms for section in sections):
        raise Damaged("has no term")
    return sections


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What of a file is asked for, and what its terms have where it says nothing."""

    memory: str
    at: datetime
    source: Locale
    targets: tuple[Locale, ...] | None
    reference: str
    ours: bool

    def terms(self, entry: etree._Element, sections: list[_Section]) -> list[Term]:
        """Every pair of a concept that is asked for. Raises Damaged."""
        sources = [section for section in sections if chosen(section.lang, (self.source,))]
        if self.ours:
            sources = sources[:1]
        return [
            self._term(entry, section, source, locale, target)
            for section in sources
            for source in section.terms
            for other in sections
            if other is not section and (locale := self._locale(other.lang))
            for target in other.terms
        ]

    def _locale(self, lang: str) -> Locale:
        if self.targets is not None:
            return chosen(lang, self.targets)
        if self.ours:
            return lang
        return "" if chosen(lang, (self.source,)) else locale_of(lang)

    def _term(
        self, entry: etree._Element, section: _Section, source: etree._Element, locale: Locale, target: etree._Element
    ) -> Term:
        said = self._text(_said(target, "administrativeStatus") or _said(target, "normativeAuthorization"))
        status = said.lower().removesuffix("-admn-sts")
        changed = _changed(target) or _changed(entry)
        return Term(
            memory=self.memory,
            source_locale=self.source,
            source=self._written(source),
            locale=locale,
            target=self._written(target),
            status=_READ_AS.get(status, TermStatus.PROPOSED if status else TermStatus.APPROVED),
            at=changed.at if changed else self.at,
            definition=self._text(_said(section.element, "definition") or _said(entry, "definition")),
            part_of_speech=self._text(_speech_of(source) or _speech_of(target) or _speech_of(section.element)),
            author=self._text(changed.author) if changed else "",
            reference=self._text(_said(target, "source")) or self.reference,
        )

    def _written(self, element: etree._Element) -> str:
        """The term itself. Raises Damaged."""
        found = next((part for part in element.iter() if _name(part) == "term"), None)
        written = "" if found is None else self._text(inside(found))
        if not written.strip():
            raise Damaged("has an empty term")
        if len(written) > _LONGEST:
            raise Damaged(f"has a term longer than {_LONGEST} characters")
        return written

    def _text(self, text: str) -> str:
        return original(text) if self.ours else " ".join(text.split())


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _category(element: etree._Element) -> str:
    name = _name(element)
    return element.get("type", "") if name in _TYPED else name


def _said(element: etree._Element, category: str) -> str:
    """What an element itself says of a data category, in a group of its own or not; empty where it says nothing."""
    groups = {"adminGrp", "descripGrp", "termGrp", "termNoteGrp"} if category != "source" else {"adminGrp", "termGrp"}
    for part in element:
        if _category(part) == category:
            return inside(part)
        if _name(part) in groups and (found := _said(part, category)):
            return found
    return ""


def _speech_of(element: etree._Element) -> str:
    """The part of speech; `other` with a note is what the note says."""
    for part in element.iter():
        if _name(part) == "termNoteGrp" and _said(part, "partOfSpeech") == "other":
            note = next((child for child in part if _name(child) == "note"), None)
            return "other" if note is None else inside(note)
    return _said(element, "partOfSpeech")


@dataclass(frozen=True, slots=True)
class _Change:
    at: datetime
    author: str


def _changed(element: etree._Element) -> _Change | None:
    """The last thing done to a term or concept that says when."""
    found = [
        _Change(at, _said(part, "responsibility"))
        for part in element
        if _name(part) == "transacGrp" and (at := _time(_said(part, "date")))
    ]
    return max(found, key=lambda change: change.at, default=None)


def _time(written: str) -> datetime | None:
    """A date or time of ISO 8601; one without a zone is UTC."""
    try:
        read = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)

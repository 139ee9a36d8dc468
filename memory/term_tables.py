"""Tables of terms: CSV in and out, one row for each term and target, or one column for each language.

A cell that a spreadsheet would run as a formula is written with an apostrophe before it, as spreadsheets do themselves, and
read without. What UTF-8 or a cell cannot hold is written by its number, and read so in tables of ours, known by their columns.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from locales import LANGUAGES
from memory.interchange.inline import escaped, original
from memory.interchange.intake import LIMITS, Limits, Problem, brief, first_block, opened, signature
from memory.interchange.languages import chosen, locale_of
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.terms import Term, TermStatus
from tm_service.domain.units import Locale

COLUMNS = (
    *("source_locale", "source", "locale", "target", "status", "definition", "part_of_speech", "author", "at"),
    "reference",
)
_DELIMITERS = ",;\t|"
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# What a column may be called, without case, blanks and marks.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "source_locale": ("sourcelocale", "sourcelanguage", "sourcelang"),
    "source": ("source", "term", "sourceterm"),
    "locale": ("locale", "targetlocale", "targetlanguage", "targetlang", "language"),
    "target": ("target", "translation", "targetterm"),
    "status": ("status", "state"),
    "definition": ("definition", "description", "meaning"),
    "part_of_speech": ("partofspeech", "pos", "wordclass"),
    "author": ("author", "createdby", "modifiedby"),
    "at": ("at", "date", "modified", "modifiedat", "created"),
    "reference": ("reference", "ref", "note"),
}
_MEANINGS = {name: meaning for meaning, names in _NAMES.items() for name in names}
_STATUS = {
    **{status.value: status for status in TermStatus},
    "": TermStatus.APPROVED,
    "preferred": TermStatus.APPROVED,
    "admitted": TermStatus.PROPOSED,
    "deprecated": TermStatus.FORBIDDEN,
}


def write_terms(terms: Iterable[Term], out: BinaryIO) -> int:
    """Write terms to `out` as a table with a header, UTF-8 with its mark, as spreadsheets want it; returns how many.

    Memories' names and the store's numbers are not written.
    """
    text = TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    table = csv.writer(text, quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)
    number = 0
    for number, term in enumerate(terms, 1):  # noqa: B007 - the count is the answer
        table.writerow([_guarded(escaped(cell)) for cell in _cells(term)])
    text.detach()
    return number


def _cells(term: Term) -> Iterator[str]:
    yield from (term.source_locale, term.source, term.locale, term.target, term.status, term.definition)
    yield from (term.part_of_speech, term.author, term.at.isoformat(), term.reference)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_terms(
    content: BinaryIO | Path,
    *,
    memory: str,
    at: datetime,
    source: Locale | None = None,
    targets: Collection[Locale] | None = None,
    reference: str = "",
    limits: Limits = LIMITS,
) -> Iterator[Term | Problem]:
    """The terms of a table as those of `memory`, in order, with the problems where they stand.

    The first row names the columns: `source` and `target`, or languages by code, or ours. `source` and `targets` are the
    languages asked for, and those of a table that does not say them; None for all there are. `at` and `reference` stand where
    a row says none. Raises ReturnRejected before the first term.
    """
    with opened(content) as (name, stream):
        lines = StringIO(_text(name, stream, limits), newline="")
        table = _Table(name, lines.readline(), source, None if targets is None else tuple(targets))
        reader = csv.reader(lines, delimiter=table.delimiter, strict=True)
        number = 0
        while True:
            number, line = number + 1, reader.line_num + 2
            try:
                row = next(reader)
                if any(cell.strip() for cell in row):
                    yield from table.terms([_bare(cell) for cell in row], memory=memory, at=at, reference=reference)
            except StopIteration:
                return
            except (csv.Error, ValueError) as error:
                said = brief(str(error))
                yield Problem(number, line, f"Row {number} (line {line}) cannot be used: {said}; it was left out.")


def _text(name: str, stream: BinaryIO, limits: Limits) -> str:
    """The characters of a table; what is none of its encoding is a lone surrogate."""
    first = first_block(name, stream)
    read = first + stream.read(limits.bilingual + 1 - len(first))
    if len(read) > limits.bilingual:
        raise ReturnRejected(f"{name} is larger than {limits.bilingual} bytes; send the table in parts.")
    encoding, skip = signature(read)
    return read[skip:].decode(encoding or "utf-8", "surrogateescape" if encoding in ("", "utf-8") else "surrogatepass")


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: what it holds, and for `word` in which language."""

    meaning: str
    locale: Locale = ""


class _Table:
    """A table by its header: which column is what."""

    def __init__(self, name: str, header: str, source: Locale | None, targets: tuple[Locale, ...] | None) -> None:
        self._source, self._targets = source, targets
        read = {sign: _header(header, sign) for sign in _DELIMITERS}
        self.delimiter = max(read, key=lambda sign: sum(bool(self._column(name).meaning) for name in read[sign]))
        self._columns = [self._column(column) for column in read[self.delimiter]]
        self._ours = tuple(read[self.delimiter]) == COLUMNS
        self._check(name)

    def _column(self, name: str) -> _Column:
        known = _MEANINGS.get(re.sub(r"[\s_\-.]", "", name).lower(), "")
        locale = "" if known else chosen(name, (*self._wanted, *LANGUAGES))
        return _Column(known or ("word" if locale else ""), locale)

    @property
    def _wanted(self) -> tuple[Locale, ...]:
        return (*((self._source,) if self._source else ()), *(self._targets or ()))

    def _check(self, name: str) -> None:
        meanings = [column.meaning for column in self._columns]
        spoken = [column.locale for column in self._columns if column.meaning == "word"]
        if "source" in meanings and "target" in meanings:
            if "source_locale" not in meanings and not self._source:
                raise ReturnRejected(f"{name} does not say the language of its terms; name it.")
            if "locale" not in meanings and len(self._targets or ()) != 1:
                raise ReturnRejected(f"{name} does not say the language of its targets; name one.")
        elif len(spoken) <= 1 or (self._source and self._source not in spoken):
            raise ReturnRejected(
                f"{name} does not say which columns are what; name them source and target, or by language codes."
            )

    def terms(self, row: list[str], *, memory: str, at: datetime, reference: str) -> Iterator[Term]:
        """The terms of one row. Raises ValueError with what is wrong."""
        if len(row) != len(self._columns):
            raise ValueError(f"it has {len(row)} cells where the header has {len(self._columns)}")
        if any(_SURROGATE.search(cell) for cell in row):
            raise ValueError("it holds what is no character of the file's encoding")
        cells = [original(cell) if self._ours else " ".join(cell.split()) for cell in row]
        said = {column.meaning: cell for column, cell in zip(self._columns, cells, strict=True)}
        for source_locale, source, locale, target in self._pairs(said, cells):
            if not source.strip() or not target.strip():
                raise ValueError("it has no term or no target")
            yield Term(
                memory=memory,
                source_locale=source_locale,
                source=source,
                locale=locale,
                target=target,
                status=_status(said.get("status", "")),
                at=_time(said["at"]) if said.get("at") else at,
                definition=said.get("definition", ""),
                part_of_speech=said.get("part_of_speech", ""),
                author=said.get("author", ""),
                reference=said.get("reference", "") or reference,
            )

    def _pairs(self, said: Mapping[str, str], cells: list[str]) -> Iterator[tuple[Locale, str, Locale, str]]:
        """Source language and term, target language and term of each pair that is asked for."""
        if "target" in said:
            source_locale = self._named(said.get("source_locale"), self._source or "")
            locale = self._named(said.get("locale"), (self._targets or ("",))[0])
            if self._is_asked(source_locale, locale):
                yield source_locale, said["source"], locale, said["target"]
            return
        words = [
            (column.locale, cell) for column, cell in zip(self._columns, cells, strict=True) if column.meaning == "word"
        ]
        source_locale, source = next(word for word in words if word[0] == (self._source or words[0][0]))
        for locale, target in words:
            if locale != source_locale and target and self._is_asked(source_locale, locale):
                yield source_locale, source, locale, target

    def _named(self, code: str | None, usual: Locale) -> Locale:
        """The language of a cell; where there is no such column, the usual one. Raises ValueError."""
        if code is None:
            return usual
        found = code if self._ours else chosen(code, self._wanted) or locale_of(code)
        if not found:
            raise ValueError(f"it says {brief(code, 40) or 'nothing'} for a language")
        return found

    def _is_asked(self, source_locale: Locale, locale: Locale) -> bool:
        return (self._source is None or bool(chosen(source_locale, (self._source,)))) and (
            self._targets is None or bool(chosen(locale, self._targets))
        )


def _header(line: str, delimiter: str) -> list[str]:
    try:
        return [column.strip() for column in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _status(written: str) -> TermStatus:
    """Raises ValueError."""
    known = _STATUS.get(written.lower())
    if known is None:
        raise ValueError(f"{brief(written, 40)} is no status; it is approved, forbidden or proposed")
    return known


def _time(written: str) -> datetime:
    """A time of ISO 8601; one without a zone is UTC. Raises ValueError."""
    read = datetime.fromisoformat(written)
    return read if read.tzinfo else read.replace(tzinfo=UTC)

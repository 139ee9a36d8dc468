"""Tables: CSV in and out, one row at a time, with nothing in a cell that a spreadsheet would run.

A cell that begins like a formula (`=`, `+`, `-`, `@`, a tab, a line end, or their full-width forms) is written with an
apostrophe before it, as spreadsheets do themselves; one that already has apostrophes before such a sign gets one more.
Reading takes one away, so a table comes back as it was. What UTF-8 or a cell cannot hold is written by its number, as in our
properties in TMX, and read so in tables of ours only, which are known by their columns.
"""

import csv
import json
import re
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from locales import LANGUAGES
from memory.interchange.dialects import Properties, understood
from memory.interchange.inline import escaped, original
from memory.interchange.intake import BLOCK, LIMITS, Limits, Problem, brief, first_block, opened, signature
from memory.interchange.languages import chosen, locale_of, speaks
from memory.interchange.ours import listed, moment
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.serving import Answer, Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Key, Locale, key_text, parse_key

COLUMNS = (
    *("source_locale", "locale", "source", "target", "resource", "key", "state", "answer", "origin", "author", "at"),
    *("reference", "previous", "following", "fingerprint", "properties"),
)
_DELIMITERS = ",;\t|"
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)")
_SAID = re.compile(r"sep=(.)\s*")  # how Excel is told the delimiter
_print = fingerprint.__wrapped__  # texts of a stream come once; keeping them would only fill the cache

# What a column may be called, without case, blanks and marks; and the property that means the same in other formats.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "source": ("source", "sourcetext", "sourcesegment", "original"),
    "target": ("target", "targettext", "targetsegment", "translation"),
    "source_locale": ("sourcelocale", "sourcelanguage", "sourcelang", "srclang"),
    "locale": ("locale", "targetlocale", "targetlanguage", "targetlang", "trglang", "language"),
    "file": ("resource", "file", "filename", "document", "path"),
    "id": ("key", "id", "stringid", "segmentid", "context"),
    "status": ("state", "status", "confirmationlevel"),
    "x-origin": ("origin", "matchtype"),
    "@changeid": ("author", "translator", "user", "modifiedby", "changedby", "createdby"),
    "@changedate": ("at", "date", "modified", "changed", "modifiedat", "changedate", "created"),
    "prev": ("previous", "previoussource", "previoussourcetext", "contextbefore", "contextprev"),
    "next": ("following", "next", "nextsource", "nextsourcetext", "contextafter", "contextnext"),
}
_MEANINGS = {name: meaning for meaning, names in _NAMES.items() for name in names}


def write_csv(entries: Iterable[Translation], out: BinaryIO, *, delimiter: str = ",") -> int:
    """Write entries to `out` as a table with a header: UTF-8 with its mark, as spreadsheets want it; returns how many."""
    out.write(b"\xef\xbb\xbf")
    table = csv.writer(_Encoded(out), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)
    number = 0
    for number, entry in enumerate(entries, 1):  # noqa: B007 - the count is the answer
        table.writerow([_guarded(escaped(cell)) for cell in _cells(entry)])
    return number


@dataclass(frozen=True, slots=True)
class _Encoded:
    """Bytes to write text to."""

    out: BinaryIO

    def write(self, text: str) -> int:
        return self.out.write(text.encode())


def _cells(entry: Translation) -> Iterator[str]:
    """The cells of one row. A key of one empty name is written as a lone backslash, which no other key is."""
    yield from (entry.source_locale, entry.locale, entry.source, entry.target, entry.resource)
    yield key_text(entry.key) or ("\\" if entry.key else "")
    yield from (entry.state, entry.answer, entry.origin, entry.author, entry.at.isoformat(), entry.reference)
    yield from (entry.previous, entry.following)
    yield "" if entry.fingerprint == _print(entry.source) else entry.fingerprint
    yield json.dumps([[escaped(part) for part in pair] for pair in entry.properties]) if entry.properties else ""


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_csv(
    content: BinaryIO | Path,
    *,
    memory: str,
    at: datetime,
    source: Locale | None = None,
    targets: Collection[Locale] | None = None,
    reference: str = "",
    limits: Limits = LIMITS,
) -> Iterator[Translation | Problem]:
    """The rows of a table as entries of `memory`, in order, with the problems where they stand.

    The first row names the columns: `source` and `target`, or languages by code, or one of ours; the delimiter is the one
    by which most are known. Parameters as in `read_tmx`; where no column says a language, `source` and one target do.
    A cell holds at most 131,072 characters. Raises ReturnRejected before the first entry.
    """
    wanted = tuple(targets) if targets is not None else None
    with opened(content) as (name, stream):
        lines = _Lines(_text(name, stream), limits.entry)
        try:
            table = _Table(name, next(lines, ""), source, wanted)
            if table.told:
                table = _Table(name, next(lines, ""), source, wanted, table.told)
        except _TooLong:
            raise ReturnRejected(
                f"{name} has no header in its first {limits.entry} characters; it is no table."
            ) from None
        table.check()
        reader = csv.reader(lines, delimiter=table.delimiter, strict=True)
        number = 0
        while True:
            number, line, lines.spent = number + 1, lines.read + 1, 0
            try:
                row = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong) as error:
                where = f"line {line}" if line >= lines.read else f"lines {line} to {lines.read}"
                what = f"cannot be told from the next ({brief(str(error))})"
                yield Problem(number, line, f"Row {number} ({where}) {what}; it was left out.")
                continue
            if not any(cell.strip() for cell in row):
                continue
            try:
                yield from table.entries([_bare(cell) for cell in row], memory=memory, at=at, reference=reference)
            except ValueError as error:
                yield Problem(number, line, f"Row {number} (line {line}) {error}; it was left out.")


class _TooLong(Exception):
    """A row that never ends."""


def _text(name: str, stream: BinaryIO) -> Iterator[str]:
    """The characters of a table in blocks; what is none of its encoding comes as a lone surrogate."""
    first = first_block(name, stream)
    encoding, skip = signature(first)
    if not encoding:
        encoding = {b"\0": "utf-16-be"}.get(first[:1]) or {b"\0": "utf-16-le"}.get(first[1:2]) or "utf-8"
    if encoding == "utf-32":
        raise ReturnRejected(f"{name} is in UTF-32, which is not read; save it as UTF-8.")
    decoder = getincrementaldecoder(encoding)("surrogateescape" if encoding == "utf-8" else "surrogatepass")
    block = first[skip:]
    while block:
        yield decoder.decode(block)
        block = stream.read(BLOCK)
    if decoder.getstate()[0]:
        yield "\ud800"  # the file ends within a character


class _Lines:
    """Lines with their ends. `read` is how many there were, `spent` how many characters since it was set to 0."""

    def __init__(self, blocks: Iterator[str], longest: int) -> None:
        self.read = self.spent = 0
        self._blocks, self._longest = blocks, longest
        self._held, self._place, self._ended = "", 0, False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        found = _LINE.match(self._held, self._place)
        skipping = False
        while not self._ended and (found is None or found.end() == len(self._held)):
            skipping = skipping or len(self._held) - self._place + self.spent > self._longest
            rest = "" if skipping else self._held[self._place :]
            block = next(self._blocks, "")
            self._held, self._place, self._ended = rest + block, 0, not block
            found = _LINE.match(self._held)
        end = found.end() if found else len(self._held)
        line, self._place = self._held[self._place : end], end
        self.read += bool(line)
        self.spent += len(line)
        if skipping or self.spent > self._longest:
            raise _TooLong(f"longer than {self._longest} characters")
        if not line:
            raise StopIteration
        return line


class _Table:
    """A table by its header: which column is what."""

    def __init__(
        self, name: str, header: str, source: Locale | None, targets: tuple[Locale, ...] | None, told: str = ""
    ) -> None:
        self._name, self._source, self._targets = name, source, targets
        said = _SAID.fullmatch(header)
        self.told = said[1] if said and not told else ""
        read = {sign: _header(header, sign) for sign in (told or _DELIMITERS)}
        self.delimiter = max(read, key=lambda sign: sum(bool(self._meaning(column)) for column in read[sign]))
        self._header = read[self.delimiter]
        self._meanings = [self._meaning(column) for column in self._header]
        self._ours = tuple(self._header) == COLUMNS

    def _meaning(self, column: str) -> str:
        """What a column is: one of `_NAMES`, `language` where its name is the code of one, or empty."""
        known = _MEANINGS.get(re.sub(r"[\s_\-.]", "", column).lower(), "")
        if known:
            return known
        asked = (*LANGUAGES, *(self._targets or ()), *((self._source,) if self._source else ()))
        return "language" if chosen(column, asked) else ""

    def check(self) -> None:
        """Refuse a table in which source and target, or their languages, cannot be told."""
        if not any(self._header):
            raise ReturnRejected(f"{self._name} is empty; export the table again.")
        known = set(self._meanings)
        spoken = [
            self._locale(column)
            for column, what in zip(self._header, self._meanings, strict=True)
            if what == "language"
        ]
        if not ({"source", "target"} <= known or ("source" in known and spoken) or len(spoken) > 1):
            raise ReturnRejected(
                f"{self._name} does not say which columns are what; name them source and target, or by language codes."
            )
        if "source" in known and "source_locale" not in known and not self._source:
            raise ReturnRejected(f"{self._name} does not say the language of its source; name it.")
        if "target" in known and "locale" not in known and len(self._targets or ()) != 1:
            raise ReturnRejected(f"{self._name} does not say the language of its target; name one.")
        if "source" not in known and self._source and self._source not in spoken:
            raise ReturnRejected(f"{self._name} has no column in {self._source}; it has {', '.join(spoken)}.")
        if "target" not in known and self._targets is not None and not set(spoken) & set(self._targets):
            wanted = " or ".join(self._targets)
            raise ReturnRejected(f"{self._name} has no column in {wanted}; it has {', '.join(spoken)}.")

    def entries(self, row: list[str], *, memory: str, at: datetime, reference: str) -> Iterator[Translation]:
        """The entries of one row. Raises ValueError with what is wrong."""
        if any(cell.strip() for cell in row[len(self._header) :]) or len(row) < len(self._header):
            raise ValueError(f"has {len(row)} cells where the header has {len(self._header)}")
        if any(_SURROGATE.search(cell) for cell in row):
            raise ValueError("holds what is no character of the file's encoding; save the table as UTF-8")
        if self._ours:
            entry = _restored(memory, dict(zip(COLUMNS, map(original, row), strict=False)))
            if self._is_asked(entry.source_locale, entry.locale):
                yield entry
            return
        cells = list(zip(self._header, self._meanings, row, strict=False))
        said = {meaning: cell for _, meaning, cell in cells if meaning and meaning != "language"}
        beside = tuple((column, cell) for column, meaning, cell in cells if not meaning and column and cell.strip())
        known = understood(tuple((meaning, cell) for meaning, cell in said.items() if cell.strip()), {})
        for source_locale, text, locale, target in self._pairs(said, cells):
            if not text.strip() or not target.strip():
                raise ValueError(f"has no text in {source_locale if not text.strip() else locale}")
            yield Translation(
                site=memory,
                locale=locale,
                resource=known.resource,
                key=known.key,
                fingerprint=_print(text),
                source=text,
                target=target,
                at=known.at or at,
                origin=known.origin,
                state=known.state,
                author=known.author,
                reference=reference,
                previous=known.previous,
                following=known.following,
                source_locale=source_locale,
                properties=beside,
            )

    def _pairs(
        self, said: Mapping[str, str], cells: list[tuple[str, str, str]]
    ) -> Iterator[tuple[Locale, str, Locale, str]]:
        """Source language and text, target language and text of each pair that is asked for."""
        spoken = [(self._locale(column), cell) for column, meaning, cell in cells if meaning == "language"]
        if "source" in said:
            source_locale, text = locale_of(said.get("source_locale", "")) or self._source or "", said["source"]
        else:
            wanted = [place for place, (locale, _) in enumerate(spoken) if locale == self._source]
            source_locale, text = spoken.pop(wanted[0] if wanted else 0)
        if "target" in said:
            spoken = [(locale_of(said.get("locale", "")) or (self._targets or ("",))[0], said["target"])]
        if not source_locale or not all(locale for locale, _ in spoken):
            raise ValueError("does not say its languages")
        for locale, target in spoken:
            if self._is_asked(source_locale, locale) and (target.strip() or "target" in said):
                yield source_locale, text, locale, target

    def _locale(self, column: str) -> Locale:
        asked = (*((self._source,) if self._source else ()), *(self._targets or ()))
        return chosen(column, asked) or locale_of(column)

    def _is_asked(self, source_locale: Locale, locale: Locale) -> bool:
        return (self._source is None or speaks(source_locale, self._source)) and (
            self._targets is None or bool(chosen(locale, self._targets))
        )


def _header(line: str, delimiter: str) -> list[str]:
    try:
        return [column.strip() for column in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _restored(memory: str, cells: Mapping[str, str]) -> Translation:
    """The entry a row of ours was written from. Raises ValueError."""
    key: Key = parse_key(cells["key"]) if cells["key"] else ()
    try:
        state, answer, origin = State(cells["state"]), Answer(cells["answer"]), Origin(cells["origin"])
        at = moment(cells["at"])
        properties: Properties = listed(cells["properties"]) if cells["properties"] else ()
    except ValueError as error:
        raise ValueError(f"has a cell of ours that was changed ({brief(str(error), 80)})") from None
    return Translation(
        site=memory,
        locale=cells["locale"],
        resource=cells["resource"],
        key=key,
        fingerprint=cells["fingerprint"] or _print(cells["source"]),
        source=cells["source"],
        target=cells["target"],
        at=at,
        origin=origin,
        state=state,
        answer=answer,
        author=cells["author"],
        reference=cells["reference"],
        previous=cells["previous"],
        following=cells["following"],
        source_locale=cells["source_locale"],
        properties=properties,
    )

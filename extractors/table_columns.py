"""Table columns: what the first row of a table says each column holds: keys, one language or another, notes, limits."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from babel import Locale as Cldr
from babel import UnknownLocaleError
from babel.core import get_global

from extractors.comments import about
from locales import LANGUAGES
from tm_service.domain.units import About, Locale

_KEYS = "key keys id identifier stringid messageid msgid resourcekey keyword code constant name"
_TEXTS = "text value string message content label"
_SOURCES = "source sourcetext sourcestring original originaltext"
_TARGETS = "target targettext translation translatedtext"
_NOTES = "note notes comment comments description descriptions context remark remarks hint developernotes sharedcomment"
_LIMITS = (
    "maxlength maxlen maxsize maxchars maxcharacters maximumlength limit characterlimit charlimit lengthlimit length"
)
_KINDS = {
    name: kind
    for kind, names in zip(
        ("key", "text", "source", "target", "note", "limit"),
        (_KEYS, _TEXTS, _SOURCES, _TARGETS, _NOTES, _LIMITS),
        strict=True,
    )
    for name in names.split()
}
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?")
_BRACKETS = re.compile(r"(?P<name>[^()\[\]]*?)\s*[(\[]\s*(?P<inside>[^()\[\]]+?)\s*[)\]]")
_WORDS = "text|value|string|label|lang|language|locale|translation|target|message"
_BESIDE = re.compile(rf"(?:{_WORDS})[ _.:\-]+(?P<after>.+)|(?P<before>.+?)[ _.:\-]+(?:{_WORDS})", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,6})(?:\.0)?\s*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns by what they hold, counted from 0; None where a table has no such column.

    `key` is the column of keys; where it is None, the source text is the key. `text` holds the one language of a table that
    names none, `source` and `target` the two of one that names them so; `languages` are the columns that name a language.
    """

    header: tuple[str, ...]
    key: int | None
    languages: Mapping[int, str]
    text: int | None = None
    source: int | None = None
    target: int | None = None
    notes: tuple[int, ...] = ()
    limit: int | None = None

    @property
    def origin(self) -> int:
        """The column of source texts, as far as the table itself tells."""
        first = next((place for place in (self.source, self.text) if place is not None), None)
        return min(self.languages) if first is None else first

    @property
    def is_shared(self) -> bool:
        """Whether texts stand beside their translations here, so that what is not translated can stay blank."""
        texts = {*self.languages, *(place for place in (self.text, self.source, self.target) if place is not None)}
        return len(texts) > 1

    def place(self, locale: Locale) -> int | None:
        """The column of a language; None where it has none yet."""
        if locale and self.languages:
            alike = [place for place, code in self.languages.items() if _same(code, locale)]
            exact = [place for place in alike if _plain(self.languages[place]) == _plain(locale)]
            found = next(iter(exact or alike), None)
            return found if found is not None or self.target is None else self.target
        return self.origin if self.target is None else self.target

    def about(self, cells: Sequence[str], comment: str = "") -> About:
        """What a row says of its message in the columns of notes and limits, and in the comment before it."""
        notes = [cell(cells, place) for place in self.notes]
        said = about("\n".join(note for note in (comment, *notes) if note.strip()))
        number = _NUMBER.fullmatch("" if self.limit is None else cell(cells, self.limit))
        return replace(said, limit=int(number[1])) if number else said

    def heading(self, locale: Locale) -> str:
        """How a new column for a language is headed, in the manner of the others."""
        last = self.header[max(self.languages)]
        code = locale.replace("-", "_") if "_" in "".join(self.languages.values()) else locale
        written = self.languages[max(self.languages)]
        if written in last:
            name = _BRACKETS.fullmatch(last)
            return (
                last.replace(written, code)
                if not name
                else f"{_english(locale)}{last[name.end('name') :]}".replace(written, code)
            )
        return _english(locale)


def columns(header: Sequence[str]) -> Columns | None:
    """Read a first row; None where it names no column of texts, or nothing to know the rows by."""
    kinds: dict[str, list[int]] = {}
    languages: dict[int, str] = {}
    for place, heading in enumerate(header):
        kind = _KINDS.get(re.sub(r"[\W_]+", "", heading).lower(), "")
        code = "" if kind and not (place and heading.strip().lower() == "id") else _language(heading.strip())
        if code:
            languages[place] = code
        else:
            kinds.setdefault(kind, []).append(place)
    first = {kind: places[0] for kind, places in kinds.items()}
    key = first.get("key", 0 if 0 in kinds.get("", ()) else None)
    if not (languages or "text" in first or "source" in first) or (key is None and "text" in first and not languages):
        return None
    return Columns(
        tuple(header),
        key,
        languages,
        text=first.get("text"),
        source=first.get("source"),
        target=first.get("target"),
        notes=tuple(kinds.get("note", ())),
        limit=first.get("limit"),
    )


def messages(table: Columns, rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str, About]]:
    """Rows by their number from 0 that have a key, with it and what is said of them; a lone `# ...` is about the row below."""
    comment = ""
    for number, cells in enumerate(rows):
        first = next(iter(cells), "")
        if first.lstrip().startswith("#") and not any(cells[1:]):
            comment = "\n".join(filter(None, (comment, first.lstrip(" #"))))
            continue
        key = cell(cells, table.origin if table.key is None else table.key)
        if key.strip():
            yield number, key, table.about(cells, comment)
        comment = ""


def cell(cells: Sequence[str], place: int) -> str:
    """What stands in a column; rows may be short."""
    return cells[place] if place < len(cells) else ""


NO_HEADER = Columns((), 0, {}, text=1)  # two columns that nothing stands above: keys and texts


def _language(heading: str) -> str:
    """The code a heading names, as it writes it or as its name has it: `fr_CA`, `French`, `French (fr)`, `text_fr`."""
    if _CODE.fullmatch(heading):
        return heading if _known(heading) else ""
    if heading.lower() in _names():
        return _names()[heading.lower()]
    bracketed = _BRACKETS.fullmatch(heading)
    if bracketed:
        inside, name = bracketed["inside"], _names().get(bracketed["name"].lower(), "")
        if _CODE.fullmatch(inside) and _known(inside):
            return inside
        country = _countries().get(inside.lower(), "")
        return f"{name}-{country}" if name and country else name
    beside = _BESIDE.fullmatch(heading)
    return _language(beside["after"] or beside["before"]) if beside else ""


def _known(code: str) -> bool:
    return re.split("[-_]", code)[0].lower() in Cldr("en").languages


@cache
def _names() -> Mapping[str, str]:
    """Codes by the names of languages in the six languages of the house, in small letters."""
    names: dict[str, str] = {}
    for speaker in ("zh", "ru", "fr", "es", "ar", "en"):
        names |= _lowered(Cldr(speaker).languages.items())
    return names | {language.native.lower(): code for code, language in LANGUAGES.items()}


@cache
def _countries() -> Mapping[str, str]:
    return _lowered(Cldr("en").territories.items())


def _lowered(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): code.replace("_", "-") for code, name in names}


def _english(locale: Locale) -> str:
    try:
        return Cldr.parse(locale.replace("-", "_")).get_display_name("en") or locale
    except (UnknownLocaleError, ValueError):
        return locale


def _plain(code: str) -> str:
    return code.replace("_", "-").lower()


@cache
def _same(one: str, other: str) -> bool:
    """Whether two codes can mean one language: the same script, and no two countries (CLDR's likely subtags)."""
    first, second = _parts(one), _parts(other)
    return first[:2] == second[:2] and (not first[2] or not second[2] or first[2] == second[2])


def _parts(code: str) -> tuple[str, str, str]:
    """Language, script (the usual one where none is said) and country (empty where none is said, or where it is Chinese)."""
    language, *rest = _plain(code).split("-")
    script = next((part.title() for part in rest if len(part) == len("Hans")), "")
    country = next((part.upper() for part in rest if len(part) in (2, 3)), "")
    likely = get_global("likely_subtags")
    usual = likely.get(f"{language}_{country}") or likely.get(language) or ""
    script = script or next((part for part in usual.split("_") if len(part) == len("Hans")), "")
    return language, script, "" if language == "zh" else country

"""TMX out: entries as valid TMX 1.4b, level 2, one at a time; reading them again gives the same entries, context included.

A text's codes are `bpt`, `ept`, `it` and `ph` with one `x` for the same code in source and target; what XML cannot hold
(control characters, lone surrogates) is a `ph` of a type of its own, or its number in our properties. What TMX has no place for
stands in properties `x-tm-service:*`, which other tools leave alone. The memory's name and the store's numbers are not written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import BinaryIO

from memory.interchange.dialects import SOURCE, TARGET, Properties, tmx_time
from memory.interchange.inline import attribute, content, escaped, segments
from memory.interchange.ours import ADDED, PREFIX, own, place, stands
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.text import parse
from tm_service.domain.units import Locale, key_text

TextOf = Callable[[str], str]  # the source text of a fingerprint; empty where it is not known

_BUFFERED = 500  # entries written at once
_parsed = parse.__wrapped__  # texts of a stream come once; keeping them would only fill the cache


class Dialect(StrEnum):
    """Whose properties stand beside our own, so that this tool finds context matches in what it imports."""

    PLAIN = "plain"
    XTM = "xtm"
    MEMOQ = "memoq"
    OMEGAT = "omegat"
    TRADOS = "trados"


def write_tmx(
    entries: Iterable[Translation],
    out: BinaryIO,
    *,
    source: Locale,
    at: datetime,
    dialect: Dialect = Dialect.PLAIN,
    text_of: TextOf | None = None,
    pretty: bool = True,
) -> int:
    """Write entries to `out` in UTF-8, each as one `tu` of two texts; returns how many.

    `source` is the source language of most of them, `at` the time of the export, `text_of` gives the texts of neighbours by
    fingerprint for the properties of the `dialect`; `pretty` puts every element but those within a text on its own line.
    """
    out.write(_head(source, at, dialect).encode())
    form = _Form(source, _DIALECTS[dialect], text_of or _unknown, "\n  " if pretty else "", "\n    " if pretty else "")
    number = 0
    units = map(form.unit, entries)
    while written := list(islice(units, _BUFFERED)):
        out.write("".join(written).encode())
        number += len(written)
    out.write(b"</body>\n</tmx>\n")
    return number


def _unknown(_: str) -> str:
    return ""


def _head(source: Locale, at: datetime, dialect: Dialect) -> str:
    trados = dialect is Dialect.TRADOS
    said = {
        "creationtool": "tm_service",
        "creationtoolversion": "1",
        "segtype": "block",
        "o-tmf": "SDL TM8 Format" if trados else "tm_service",  # Trados reads its properties under this name only
        "adminlang": "en",
        "srclang": escaped(source),
        "datatype": "unknown",
        "creationdate": tmx_time(at),
    }
    properties = "".join(
        f'\n<prop type="{kind}">{value}</prop>' for kind, value in (_TRADOS_HEADER if trados else {}).items()
    )
    header = f"<header{_attributes(said)}>{properties}</header>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n{header}\n<body>\n'


def _attributes(said: Mapping[str, str]) -> str:
    return "".join(f' {name}="{attribute(value)}"' for name, value in said.items())


@dataclass(slots=True)
class _Level:
    """What one `tu` or `tuv` says beside its texts: attributes, and properties and notes in order."""

    attributes: dict[str, str] = field(default_factory=dict)
    children: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Form:
    """How entries are written; `outer` and `inner` are the breaks before what stands in a `tu` and in a `tuv`."""

    source: Locale
    others: "Others"
    text_of: TextOf
    outer: str
    inner: str

    def unit(self, entry: Translation) -> str:
        """One entry as a `tu`."""
        levels = {"": _Level(), SOURCE: _Level(), TARGET: _Level()}
        said = [(name, value) for name, value in entry.properties if stands(name, value)]
        added = list(self._added(entry, {name for name, _ in said}))
        for name, value in (*said, *added):
            _put(levels, name, value)
        one = levels[SOURCE].attributes.pop("xml:lang", escaped(entry.source_locale))
        other = levels[TARGET].attributes.pop("xml:lang", escaped(entry.locale))
        mine = [*own(entry, languages=(one, other), attributes=levels[""].attributes)]
        for name, value in (*mine, (ADDED, " ".join(name for name, _ in added))):
            levels[""].children.append(f'<prop type="{PREFIX}{name}">{content(value)}</prop>')
        texts = segments(entry.source, entry.target)
        variants = (self._variant(one, levels[SOURCE], texts[0]), self._variant(other, levels[TARGET], texts[1]))
        inside = "".join(self.outer + part for part in (*levels[""].children, *variants))
        return f"<tu{_attributes(levels[''].attributes)}>{inside}{self.outer[:1]}</tu>\n"

    def _variant(self, code: Locale, level: _Level, text: str) -> str:
        inside = "".join(self.inner + part for part in (*level.children, f"<seg>{text}</seg>"))
        return f"<tuv{_attributes({'xml:lang': code} | level.attributes)}>{inside}{self.outer}</tuv>"

    def _added(self, entry: Translation, there: set[str]) -> Iterator[tuple[str, str]]:
        """What the entry's own properties do not say already, for other tools."""
        offered = [("@changedate", tmx_time(entry.at)), ("@changeid", entry.author)]
        if entry.source_locale != self.source:
            offered.append(("@srclang", entry.source_locale))
        for name, value in (*offered, *self.others(entry, self.text_of)):
            if name not in there and stands(name, value):
                yield name, value


def _put(levels: Mapping[str, _Level], name: str, value: str) -> None:
    at = place(name)
    if at.kind == "@":
        levels[at.level].attributes.setdefault(at.name, value)
    elif at.kind == "note":
        levels[at.level].children.append(f"<note>{content(value)}</note>")
    else:
        levels[at.level].children.append(f'<prop type="{attribute(at.name)}">{content(value)}</prop>')


# What each tool reads of context; where the names are from stands in `dialects`.
Others = Callable[[Translation, TextOf], Properties]
_TRADOS_HEADER = {
    "x-TextContextMatchType": "PrecedingAndFollowingSource",
    "x-UsesIdContextMatch": "True",
    "x-IncludesContextContent": "True",
}
_TRADOS_STATES = {
    State.PROPOSAL: "Draft",
    State.TRANSLATED: "Translated",
    State.REVIEWED: "ApprovedTranslation",
    State.APPROVED: "ApprovedSignOff",
}
_TRADOS_ORIGINS = {Origin.MACHINE: "MachineTranslation", Origin.ALIGNMENT: "Alignment"}


def _plain(_: Translation, __: TextOf) -> Properties:
    return ()


def _xtm(entry: Translation, text_of: TextOf) -> Properties:
    return (("x-previous-source-text", text_of(entry.previous)), ("x-next-source-text", text_of(entry.following)))


def _memoq(entry: Translation, text_of: TextOf) -> Properties:
    around = (("x-context-pre", text_of(entry.previous)), ("x-context-post", text_of(entry.following)))
    texts = ((f"{SOURCE}{name}", f"<seg>{segments(text, '')[0]}</seg>") for name, text in around if text)
    return (("x-document", entry.resource), *texts)


def _omegat(entry: Translation, text_of: TextOf) -> Properties:
    around = (("prev", text_of(entry.previous)), ("next", text_of(entry.following)))
    return (("file", entry.resource), ("id", key_text(entry.key)), *around)


def _trados(entry: Translation, text_of: TextOf) -> Properties:
    """Tags of a neighbour are given in a binary form of its own, so only a neighbour without codes is named."""
    around = [text_of(print_) for print_ in (entry.previous, entry.following)]
    named = ["" if _parsed(text).codes else text.replace("|", "||") for text in around]
    return (
        ("x-ContextContent", f"{named[0]} |  | {named[1]} | " if any(named) else ""),
        ("x-IdContext", key_text(entry.key)),
        ("x-Origin", _TRADOS_ORIGINS.get(entry.origin, "TM")),
        ("x-ConfirmationLevel", _TRADOS_STATES[entry.state]),
    )


_DIALECTS: Mapping[Dialect, Others] = {
    Dialect.PLAIN: _plain,
    Dialect.XTM: _xtm,
    Dialect.MEMOQ: _memoq,
    Dialect.OMEGAT: _omegat,
    Dialect.TRADOS: _trados,
}

"""String catalogs as hypothesis draws them, in Xcode's style and in others."""

import json

from hypothesis import strategies as st

from tests.extractors.android_documents import SIX
from tests.extractors.contract import Room, Sample
from tests.extractors.xml_writer import NAMES
from tm_service.domain.units import Key

_TEXTS = st.text(st.sampled_from('ab"\\/{}%@\né中ع😀'), max_size=8)


def _unit(draw: st.DrawFn) -> dict:
    return {
        "stringUnit": {"state": draw(st.sampled_from(["new", "translated", "needs_review"])), "value": draw(_TEXTS)}
    }


def _plural(draw: st.DrawFn) -> dict:
    forms = [*draw(st.lists(st.sampled_from(SIX[:-1]), unique=True, max_size=2)), "other"]
    return {"variations": {"plural": {form: _unit(draw) for form in sorted(forms)}}}


class _Marked(dict):
    """A value that is the place of a key of its own."""

    key: Key = ()


def _marked(key: Key, value: dict) -> _Marked:
    made = _Marked(value)
    made.key = key
    return made


def _entry(draw: st.DrawFn, name: str) -> dict:
    entry: dict = {"comment": draw(_TEXTS)} if draw(st.booleans()) else {}
    kind = draw(st.sampled_from(["bare", "simple", "plural", "device", "substitutions"]))
    others = {"de": _unit(draw)} if draw(st.booleans()) else {}
    if kind == "bare":
        return _marked((name,), {**entry, "localizations": others} if others else entry)
    if kind in ("simple", "plural"):
        english = _marked((name,), _unit(draw) if kind == "simple" else _plural(draw))
    elif kind == "device":
        parts = {"iphone": _unit(draw), "other": _plural(draw)}
        devices = {device: _marked((name, "device", device), part) for device, part in parts.items()}
        english = {"variations": {"device": devices}}
    else:
        seeds = {"argNum": 1, "formatSpecifier": "lld", **_plural(draw)}
        substitutions = {"seeds": _marked((name, "substitutions", "seeds"), seeds)}
        unit = _marked((name,), _unit(draw)["stringUnit"])
        english = {"stringUnit": unit, "substitutions": substitutions}
    return {**entry, "localizations": {**others, "en": english}}


def _pieces(value: object, indent: str, newline: str, unit: str, colon: str) -> list[tuple[Key | None, str]]:
    """A value, and each key's place within it."""
    if isinstance(value, _Marked):
        inside = _pieces(dict(value), indent, newline, unit, colon)
        return [(value.key, "".join(written for _, written in inside))]
    if not isinstance(value, dict):
        return [(None, json.dumps(value, ensure_ascii=False))]
    if not value:
        return [(None, f"{{{newline}{newline}{indent}}}" if newline else "{}")]
    inner = indent + unit if newline else ""
    made: list[tuple[Key | None, str]] = [(None, "{")]
    for place, (name, below) in enumerate(value.items()):
        comma = "," if place else ""
        made.append((None, f"{comma}{newline}{inner}{json.dumps(name, ensure_ascii=False)}{colon}"))
        made += _pieces(below, inner, newline, unit, colon)
    return [*made, (None, f"{newline}{indent if newline else ''}}}")]


@st.composite
def xcstrings_samples(draw: st.DrawFn) -> Sample:
    newline, unit, colon = draw(
        st.sampled_from([("\n", "  ", " : "), ("\n", "    ", ": "), ("", "", ":"), ("\r\n", "\t", ": ")])
    )
    one, two = (newline + unit, newline + unit * 2) if newline else ("", "")
    pieces: list[tuple[Key | None, bytes]] = [
        (None, f'{{{one}"sourceLanguage"{colon}"en",{one}"strings"{colon}{{'.encode())
    ]
    for place, name in enumerate(draw(st.lists(NAMES, unique=True, max_size=4))):
        pieces.append((None, f"{',' if place else ''}{two}{json.dumps(name, ensure_ascii=False)}{colon}".encode()))
        entry = _pieces(_entry(draw, name), unit * 2, newline, unit, colon)
        pieces += [(key, written.encode()) for key, written in entry]
    pieces.append((None, f'{one}}},{one}"version"{colon}"1.0"{newline}}}'.encode()))
    return Sample(tuple(pieces), "Localizable.xcstrings")


ROOMS = {("xcstrings", ""): Room(xcstrings_samples(), locale="ar", categories=SIX, bilingual=True)}

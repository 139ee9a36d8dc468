"""Ours: what TMX has no place for, in properties `x-tm-service:*`, and which names an entry's properties have.

A property's name says where it stands in a `tu`: `x-Origin` a `prop` of it, `note` a note, `@usagecount` an attribute; with
`source:` or `target:` before it, the same of one of the two `tuv`; `prop:` before a `prop` whose own name would read otherwise.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from memory.interchange.dialects import SOURCE, TARGET, Properties, time_of
from memory.interchange.inline import escaped, is_legible, original
from memory.interchange.languages import locale_of
from tm_service.domain.serving import Answer, Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint
from tm_service.domain.units import key_text, parse_key

PREFIX = "x-tm-service:"
ADDED = "added"  # what the writer put in beside the entry's own properties, by name; every entry of ours has it

_TU = frozenset(
    {"tuid", "o-encoding", "datatype", "usagecount", "lastusagedate", "creationtool", "creationtoolversion"}
    | {"creationdate", "creationid", "changedate", "segtype", "changeid", "o-tmf", "srclang"}
)
_TUV = _TU - {"tuid", "segtype", "srclang"}
_SEGMENT_TYPES = frozenset(["block", "paragraph", "sentence", "phrase"])
_ASSUMED = {"origin": Origin.IMPORT, "state": State.TRANSLATED, "answer": Answer.TEXT}
_LEVELS = ("", SOURCE, TARGET)
_ATTRIBUTE, _PROP, _AMBIGUOUS = "@", "prop:", ("@", "prop:", SOURCE, TARGET)
_print = fingerprint.__wrapped__  # texts of a stream come once; keeping them would only fill the cache


def named(level: str, kind: str) -> str:
    """The name of a `prop` of this type; `level` is empty, `source:` or `target:`."""
    return f"{level}{_PROP if kind == 'note' or kind.startswith(_AMBIGUOUS) else ''}{kind}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a property stands: the level, `@` for an attribute, `note` or `prop`, and its name there."""

    level: str
    kind: str
    name: str

    @property
    def order(self) -> tuple[int, int]:
        attribute = 1 if self.name != "xml:lang" else 0
        return _LEVELS.index(self.level), attribute if self.kind == _ATTRIBUTE else 2


def place(name: str) -> Place:
    """Where the property of this name stands."""
    level = next((level for level in (SOURCE, TARGET) if name.startswith(level)), "")
    rest = name.removeprefix(level)
    if rest.startswith(_ATTRIBUTE):
        return Place(level, _ATTRIBUTE, rest[1:])
    if rest == "note":
        return Place(level, "note", "note")
    return Place(level, "prop", rest.removeprefix(_PROP))


def stands(name: str, value: str) -> bool:
    """Whether TMX can hold a property in its place, so that reading gives this name and this value."""
    at = place(name)
    if not value.strip() or not is_legible(name + value):
        return False
    if at.kind == _ATTRIBUTE:
        if at.name == "xml:lang":
            return bool(at.level and locale_of(value))
        return at.name in (_TUV if at.level else _TU) and (at.name != "segtype" or value in _SEGMENT_TYPES)
    return at.kind == "note" or (bool(at.name) and not at.name.startswith(PREFIX) and named(at.level, at.name) == name)


def is_exact(properties: Properties) -> bool:
    """Whether all properties stand in their places in the order in which they are read there."""
    places = [place(name) for name, _ in properties]
    attributes = [name for (name, _), at in zip(properties, places, strict=True) if at.kind == _ATTRIBUTE]
    return (
        all(stands(name, value) for name, value in properties)
        and all(one.order <= other.order for one, other in pairwise(places))
        and len(attributes) == len(set(attributes))
    )


def own(entry: Translation, *, languages: tuple[str, str], attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What only our own properties say of an entry, by name, each where it is not what `restored` assumes.

    `languages` are the codes written for source and target, `attributes` those written to the `tu`.
    """
    plain = {"origin": entry.origin, "state": entry.state, "answer": entry.answer, "resource": entry.resource}
    plain |= {"reference": entry.reference, "previous": entry.previous, "following": entry.following}
    for name, value in plain.items():
        if value != _ASSUMED.get(name, ""):
            yield name, escaped(value)
    if entry.fingerprint != _print(entry.source):
        yield "fingerprint", escaped(entry.fingerprint)
    if entry.at != time_of(attributes["changedate"]):
        yield "at", entry.at.isoformat()
    if entry.author != attributes.get("changeid", ""):
        yield "author", escaped(entry.author)
    if (entry.source_locale, entry.locale) != languages:
        yield "languages", escaped(f"{entry.source_locale} {entry.locale}")
    if entry.key:
        yield "key", escaped(key_text(entry.key))
    if not is_exact(entry.properties):
        yield "properties", json.dumps([[escaped(part) for part in pair] for pair in entry.properties])


def restored(
    own: Mapping[str, str], *, memory: str, texts: tuple[str, str], languages: tuple[str, str], properties: Properties
) -> Translation:
    """The entry that was written, from our own properties and what stands beside. Raises ValueError where they are spoilt."""
    said = {name: original(value) for name, value in own.items()}
    source_locale, _, locale = said.get("languages", " ".join(languages)).partition(" ")
    natural = dict(properties)
    at = moment(said["at"]) if "at" in said else time_of(natural.get("@changedate", ""))
    if at is None:
        raise ValueError("no time")
    added = frozenset(said[ADDED].split())
    kept = tuple((name, value) for name, value in properties if name not in added)
    return Translation(
        site=memory,
        locale=locale,
        resource=said.get("resource", ""),
        key=parse_key(said["key"]) if "key" in said else (),
        fingerprint=said.get("fingerprint", "") or _print(texts[0]),
        source=texts[0],
        target=texts[1],
        at=at,
        origin=Origin(said.get("origin", _ASSUMED["origin"])),
        state=State(said.get("state", _ASSUMED["state"])),
        answer=Answer(said.get("answer", _ASSUMED["answer"])),
        author=said.get("author", natural.get("@changeid", "")),
        reference=said.get("reference", ""),
        previous=said.get("previous", ""),
        following=said.get("following", ""),
        source_locale=source_locale,
        properties=listed(own["properties"]) if "properties" in own else kept,
    )


def moment(written: str) -> datetime:
    """A time with its zone, as ISO 8601 says it. Raises ValueError."""
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError(f"no zone: {written}")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"no time: {written}") from None


def listed(written: str) -> Properties:
    """Properties as JSON says them. Raises ValueError."""
    try:
        return tuple((original(name), original(value)) for name, value in json.loads(written))
    except (TypeError, RecursionError):
        raise ValueError("no list of properties") from None


def turned(entry: Translation) -> Translation:
    """An entry read against its direction; its neighbours are of the other language, and are not known."""
    return replace(
        entry,
        source=entry.target,
        target=entry.source,
        source_locale=entry.locale,
        locale=entry.source_locale,
        fingerprint=_print(entry.target),
        previous="",
        following="",
    )

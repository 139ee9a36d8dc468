"""Dialects: what the properties of other tools say of an entry's place, neighbours, state and origin.

Properties are looked up by name in any case. Where a name is from: Trados Studio's `TM8Emitter` and `TMXTUBuilder` (its own
reader and writer of TMX) and the enumerations `ConfirmationLevel` and `TranslationUnitOrigin` of its API; OmegaT's
`ProjectTMX` and `TMXWriter2`; the TMX pages of the manuals of XTM and Phrase; exports of memoQ, MateCAT, GlobalLink (which
Wordfast shares) and Passolo.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from memory.interchange.inline import text_of
from memory.interchange.intake import parser
from tm_service.domain.serving import Origin
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Key

Properties = tuple[tuple[str, str], ...]
SOURCE, TARGET = "source:", "target:"  # before the name of what stands in one of the two `tuv`

# What is asked of an entry, and the names that answer, the first that is there counting.
_ASKED: Mapping[str, tuple[str, ...]] = {
    # OmegaT, memoQ, Phrase, MateCAT, Passolo, WorldServer
    "resource": ("file", "x-document", "filename", "x-matecat-filename", "x-sourcefile", "x-idiom-source-ipath"),
    # OmegaT, memoQ, Trados, Phrase, XTM, Transifex; the entry's own id for want of better
    "key": (
        *("id", "path", "x-mmq-context", "x-context-id", "x-idcontext", "x-context_seg_key", "x-segment-id", "context"),
        "@tuid",
    ),
    # OmegaT, memoQ and MateCAT, XTM, Phrase, GlobalLink and Wordfast
    "previous": ("prev", "x-context-pre", "x-previous-source-text", "context_prev", "previousmd5segment"),
    "following": ("next", "x-context-post", "x-next-source-text", "context_next", "nextmd5segment"),
    "around": ("x-contextcontent",),  # Trados
    # Trados, XTM, MateCAT, and names that several use
    "confirmed": ("x-confirmationlevel", "x-xtm-status", "x-matecat-status", "x-status", "status"),
    "corrected": ("corrected",),  # memoQ
    "aligned": ("aligned",),  # memoQ
    "origin": ("x-origin", "x-matecat-suggestion-origin", "x-lara-engine-translation-origin"),
    "author": (
        *("target:@changeid", "target:@creationid", "@changeid", "@creationid"),
        *("modified_by", "created_by"),  # Phrase
    ),
    "at": (
        *("target:@changedate", "target:@creationdate", "@changedate", "@creationdate"),
        *("modified_at", "created_at"),  # Phrase
    ),
}
_ANSWERS = {name: (asked, rank) for asked, names in _ASKED.items() for rank, name in enumerate(names)}
_STATES: Mapping[str, State] = {
    **dict.fromkeys(
        (
            "draft",
            "rejectedtranslation",
            "rejectedsignoff",
            "new",
            "rejected",
            "rebutted",
            "notapproved",
            "untranslated",
        ),
        State.PROPOSAL,
    ),
    **dict.fromkeys(("translated", "confirmed", "fixed"), State.TRANSLATED),
    **dict.fromkeys(("approvedtranslation", "reviewed", "proofread", "corrected"), State.REVIEWED),
    **dict.fromkeys(("approvedsignoff", "approved", "approved2", "final", "signedoff"), State.APPROVED),
}
_MACHINES = frozenset(["machinetranslation", "adaptivemachinetranslation", "automatictranslation", "nmt", "mt", "amt"])
_MACHINE_USERS = frozenset(["mt!", "mt", "machine translation", "google translate", "deepl", "microsoft translator"])
_ALIGNING_USERS = frozenset(["align!", "talign!"])

_SEGMENT = re.compile(r"\s*<seg\b")
_LETTERS = re.compile(r"[^a-z0-9]")
# What ISO 8601 does not have: a blank or nothing between date and time, a blank before the zone, UTC by name.
_DATE = re.compile(r"(\d{8}|\d{4}-\d\d-\d\d)[ ~]?(\d{6}|\d\d:\d\d:\d\d|) ?(UTC|Z|[+-]\d\d:?\d\d|)", re.ASCII)
_LONGEST = 60  # what is longer is no date, and no name that is asked for
_ZONES = {"UTC": "+00:00", "": ""}
_MILLISECONDS = re.compile(r"\d{12,13}", re.ASCII)  # since 1970; Phrase


class Said(NamedTuple):
    """What a tool says of one entry beside its texts; `at` is None where it says no time."""

    resource: str
    key: Key
    previous: str
    following: str
    state: State
    origin: Origin
    author: str
    at: datetime | None


def understood(properties: Properties, header: Mapping[str, str]) -> Said:
    """Read an entry's properties; `header` are those of the file, by name."""
    said = _answers(properties)
    previous, following = _neighbours(said, header)
    origin = _origin(said)
    return Said(
        resource=said.get("resource", ""),
        key=(said["key"],) if "key" in said else (),
        previous=previous,
        following=following,
        state=_state(said, origin),
        origin=origin,
        author=said.get("author", ""),
        at=time_of(said.get("at", "")),
    )


def _answers(properties: Properties) -> dict[str, str]:
    """What is asked, by its name in `_ASKED`."""
    best: dict[str, tuple[int, str]] = {}
    for name, value in properties:
        answer = _answer(name) if len(name) < _LONGEST else None
        if answer is None or (answer[0] == "at" and time_of(value) is None):
            continue
        asked, rank = answer
        if asked not in best or rank < best[asked][0]:
            best[asked] = rank, value
    return {asked: value for asked, (_, value) in best.items()}


@lru_cache(maxsize=1024)
def _answer(name: str) -> tuple[str, int] | None:
    """What a property answers, and its rank among those that do; one of a `tuv` answers under its bare name as well."""
    known = name.lower()
    bare = known.removeprefix(SOURCE).removeprefix(TARGET)
    return _ANSWERS.get(known) or (_ANSWERS.get(bare) if not bare.startswith("@") else None)


def _neighbours(said: Mapping[str, str], header: Mapping[str, str]) -> tuple[str, str]:
    """The fingerprints of the source texts before and after, as far as their texts are given."""
    previous, following = said.get("previous", ""), said.get("following", "")
    if "around" in said:
        # Trados: text, its tags (Base64), the second text, its tags; a bar within a text is doubled. The text alone
        # says the source only where there are no tags. The second is of the target unless the header says otherwise.
        parts = said["around"].split(" | ")
        both = header.get("x-TextContextMatchType") == "PrecedingAndFollowingSource"
        if len(parts) == 4:  # noqa: PLR2004 - the parts named above
            previous = previous or ("" if parts[1] else parts[0].replace("||", "|"))
            following = following or (parts[2].replace("||", "|") if both and not parts[3] else "")
    return _print(previous), _print(following)


def _print(text: str) -> str:
    if not text:
        return ""
    if _SEGMENT.match(text):
        # memoQ keeps a neighbour as the `seg` element it is.
        try:
            text = text_of(etree.fromstring(text.strip().encode("utf-8", "surrogatepass"), parser()))
        except etree.XMLSyntaxError:
            return ""
    return fingerprint.__wrapped__(text) if text.strip() else ""


def _state(said: Mapping[str, str], origin: Origin) -> State:
    """A machine's text that no one has confirmed is a proposal; what says nothing was taken into a memory: translated."""
    if "confirmed" in said and (state := _STATES.get(_LETTERS.sub("", said["confirmed"].lower()))):
        return state
    if said.get("corrected", "").lower() == "yes":  # looked through by a second person
        return State.REVIEWED
    return State.PROPOSAL if origin is Origin.MACHINE else State.TRANSLATED


def _origin(said: Mapping[str, str]) -> Origin:
    kind = _LETTERS.sub("", said["origin"].lower()) if "origin" in said else ""
    user = said.get("author", "").lower()
    if kind in _MACHINES or user in _MACHINE_USERS:
        return Origin.MACHINE
    if kind == "alignment" or user in _ALIGNING_USERS or said.get("aligned", "").lower() == "yes":
        return Origin.ALIGNMENT
    return Origin.IMPORT


def time_of(written: str) -> datetime | None:
    """A time as tools write it: `20261121T093000Z` (TMX), ISO 8601 or milliseconds since 1970; UTC where no zone is said."""
    return _time_of(written.strip()) if len(written) < _LONGEST else None


@lru_cache(maxsize=1024)
def _time_of(written: str) -> datetime | None:
    try:
        if _MILLISECONDS.fullmatch(written):
            return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(written))
        found = _DATE.fullmatch(written)
        at = datetime.fromisoformat(
            f"{found[1]}T{found[2] or '00'}{_ZONES.get(found[3], found[3])}" if found else written
        )
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def tmx_time(at: datetime) -> str:
    """A time as TMX writes it: UTC, to the second."""
    at = at.astimezone(UTC)
    return f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}{at.second:02}Z"

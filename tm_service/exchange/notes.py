"""Notes: what a translator is told of a unit, in plain words and always in the same order."""

from collections.abc import Iterator
from dataclasses import dataclass

from tm_service.differences import excerpts
from tm_service.domain.handoffs import Detail, Offered, Standing
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import PackageUnit
from tm_service.domain.text import CodeKind
from tm_service.domain.units import key_text
from tm_service.exchange.inline import Mark, label, marks, shown

_MEANING = {
    CodeKind.OPEN: "formatting or a link around words",
    CodeKind.ALONE: "a tag",
    CodeKind.PLACEHOLDER: "filled in by the site",
    CodeKind.ENTITY: "a special character",
    CodeKind.LINK: "a text taken from elsewhere",
    CodeKind.BAR: "divides plural forms, as many as your language needs",
    None: "a control character",
}
_MOST_PLACES = 4  # where more changed than this, the whole wordings say it better


@dataclass(frozen=True, slots=True)
class Note:
    """One thing said; `category` is `change`, `match`, `place`, `developer`, `limit` or `codes`."""

    category: str
    text: str


def notes(unit: PackageUnit, detail: Detail, offer: Offered, title: str = "") -> Iterator[Note]:
    """What changed, where it is, what the developers say, what limits there are, what the codes are: in this order.

    `title` is what people call the unit's resource, where it has a name.
    """
    yield Note("change", _standing(unit, offer))
    if detail.matched and detail.matched != offer.target:
        yield Note("match", f"Memory ({unit.percent:.0f} %): {shown(detail.matched)}")
    if offer.standing is Standing.FUZZY and detail.matched_source and offer.target == detail.matched:
        yield Note("match", _difference("Its source", detail.matched_source, unit.source))
    place = f"{unit.resource}, {key_text(unit.key)}"
    yield Note("place", f"Where: {title} ({place})" if title else f"Where: {place}")
    if detail.note:
        yield Note("developer", detail.note)
    if detail.limit:
        yield Note("limit", f"Limit: at most {detail.limit} characters.")
    codes = [_described(mark) for mark in marks(unit.source) if isinstance(mark, Mark) and mark.kind != CodeKind.CLOSE]
    if codes:
        yield Note("codes", f"Codes: {'; '.join(codes)}")


def _standing(unit: PackageUnit, offer: Offered) -> str:
    if offer.standing is Standing.LOCKED:
        return "Locked: translated already, here to be read with its neighbours."
    if offer.standing in (Standing.EXACT, Standing.CONTEXT):
        where = "in the same place" if offer.standing is Standing.CONTEXT else "elsewhere"
        return f"Translated before {where}, from the very same text."
    if offer.standing is Standing.FUZZY and not unit.previous_target:
        likeness = "The same" if unit.match in (MatchClass.EXACT, MatchClass.CONTEXT) else "A similar"
        return f"{likeness} text was translated before ({unit.percent:.0f} %); please adapt its translation."
    if not unit.previous_source:
        return "There is a translation already; please review it." if offer.target else "New text."
    if unit.previous_source == unit.source:
        return "The source has not changed; please review the translation."
    return _difference(f"Changed ({unit.edit})" if unit.edit else "Changed", unit.previous_source, unit.source)


def _difference(what: str, before: str, now: str) -> str:
    """Say a change as "was: within 30 days; now: within 90 days"."""
    before, now = shown(before), shown(now)
    if before == now:
        return f"{what}: the words are as before; only what stands inside a tag is new."
    places = excerpts(before, now)
    if not 0 < len(places) <= _MOST_PLACES or not all(was and now for was, now in places):
        return f"{what}: was: {before}; now: {now}"
    return f"{what}: " + " / ".join(f"was: {was}; now: {now}" for was, now in places)


def _described(mark: Mark) -> str:
    said = f"U+{ord(mark.data):04X}" if mark.kind is None else label(mark.data).strip()
    return f"{mark.number} {said} ({_MEANING[mark.kind]})"

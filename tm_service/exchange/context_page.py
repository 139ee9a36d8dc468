"""Context pages: each unit in its surroundings, what changed in it marked, for reading beside the translation tool."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from locales import LANGUAGES
from tm_service.differences import Kept, Run, differences
from tm_service.domain.handoffs import Handoff, Neighbour, Standing, offered
from tm_service.domain.packages import PackageUnit
from tm_service.domain.splitting import Part
from tm_service.domain.text import parse
from tm_service.domain.units import key_text
from tm_service.exchange.inline import label, legible, shown
from tm_service.exchange.page_texts import template, voices

FOLDER = "context"
INDEX = f"{FOLDER}/index.html"


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words, or a code that is kept apart from them, so that neither turns the other round."""

    text: str
    is_code: bool


@dataclass(frozen=True, slots=True)
class _Beside:
    source: str
    target: tuple[_Piece, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A unit as the page shows it: its texts with tags by name, as runs of words that stayed, went or came."""

    id: str
    key: str
    standing: str
    runs: tuple[Run, ...]
    is_changed: bool
    previous: tuple[_Piece, ...]
    matched: tuple[_Piece, ...]
    limit: int
    note: str
    before: tuple[_Beside, ...]
    after: tuple[_Beside, ...]


@dataclass(frozen=True, slots=True)
class _Link:
    """One page of the context: its file's address from the index, its name, and the site's pages on it."""

    place: str
    name: str
    pages: tuple[str, ...]


def context_pages(handoff: Handoff, parts: Mapping[str, Part]) -> dict[str, bytes]:
    """Paths and bytes of the pages: all on the index where there is one part, else one for each part beside the index.

    `parts` are by the names of their files, which the pages share.
    """
    if len(parts) == 1:
        return {INDEX: _page(handoff, "", next(iter(parts.values())))}
    stems = {name: PurePosixPath(name).stem for name in parts}
    links = tuple(_Link(f"{stems[name]}.html", stems[name], part.pages) for name, part in parts.items())
    pages = {f"{FOLDER}/{stems[name]}.html": _page(handoff, stems[name], part) for name, part in parts.items()}
    return {INDEX: _page(handoff, "", None, links), **pages}


def _page(handoff: Handoff, title: str, part: Part | None, links: tuple[_Link, ...] = ()) -> bytes:
    package = handoff.package
    text = template("context.html").render(
        voices=voices(package.locale),
        source=LANGUAGES[package.source_locale],
        target=LANGUAGES[package.locale],
        name=handoff.name,
        title=title,
        links=links if part is None else (),
        units=list(_pages(handoff, part)) if part else [],
    )
    return legible(text).encode()


def _pages(handoff: Handoff, part: Part) -> Iterator[tuple[str, list[_Shown]]]:
    for page, run in groupby(part.units, key=lambda unit: unit.resource):
        units = list(run)
        sides = zip([None, *units[:-1]], units, [*units[1:], None], strict=True)
        yield handoff.titles.get(page, page), [_shown(handoff, unit, before, after) for before, unit, after in sides]


def _shown(handoff: Handoff, unit: PackageUnit, before: PackageUnit | None, after: PackageUnit | None) -> _Shown:
    """A unit among the neighbours it was given, else among those of the package."""
    detail, around = handoff.detail(unit), handoff.around(unit)
    offer = offered(unit, detail)
    was = unit.previous_source or detail.matched_source
    is_changed = bool(was) and was != unit.source
    now = shown(unit.source)
    runs = differences(shown(was), now) if is_changed else (Run(Kept.SAME, now),)
    given = bool(around.before or around.after)
    is_locked = offer.standing is Standing.LOCKED
    matched = offer.target if is_locked else detail.matched
    return _Shown(
        id=f"u-{unit.id}",
        key=key_text(unit.key),
        standing=offer.standing.value,
        runs=runs,
        is_changed=is_changed,
        previous=() if is_locked else _pieces(unit.previous_target),
        matched=_pieces(matched) if is_locked or matched != unit.previous_target else (),
        limit=detail.limit,
        note=detail.note,
        before=tuple(map(_beside, around.before if given else _near(handoff, before))),
        after=tuple(map(_beside, around.after if given else _near(handoff, after))),
    )


def _near(handoff: Handoff, unit: PackageUnit | None) -> Iterator[Neighbour]:
    if unit is not None:
        yield Neighbour(unit.source, offered(unit, handoff.detail(unit)).target)


def _beside(neighbour: Neighbour) -> _Beside:
    return _Beside(shown(neighbour.source), _pieces(neighbour.target))


def _pieces(text: str) -> tuple[_Piece, ...]:
    parts = parse(legible(text)).parts
    return tuple(
        _Piece(part, is_code=False) if isinstance(part, str) else _Piece(label(part.data), is_code=True)
        for part in parts
    )

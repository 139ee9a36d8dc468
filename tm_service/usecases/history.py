"""History: what readers of every deployment saw of one text, stretch by stretch, and at which deployment it changed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tm_service.domain import sentences
from tm_service.domain.deployments import Deployment, PageSpan
from tm_service.domain.errors import NotFound
from tm_service.domain.ports import Transaction
from tm_service.domain.serving import Page, Served
from tm_service.domain.units import Key, Locale, UnitId, key_text
from tm_service.usecases.compare import CODE, lines_of
from tm_service.usecases.pages import dump_line, load_page
from tm_service.usecases.shown import Line, told

_AT_ONCE = 8  # contents of one page that are read together
_LOOKED_THROUGH = 16_000_000  # bytes of pages, after which whoever looks is asked to go on
Place = tuple[Locale, str, Key]  # a unit in a locale


@dataclass(frozen=True, slots=True)
class Stretch:
    """Deployments in a row, both numbers included, that served a unit as one line; None where they did not have it."""

    first: int
    last: int
    served: Served | None
    is_cut: bool = False  # it began earlier than was looked


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch as it is told: the deployment that began it, and its line with its source text and translation."""

    stretch: Stretch
    deployment: Deployment
    line: Line | None


@dataclass(frozen=True)
class History:
    """A unit's chapters, the newest first; `following` is the deployment where the next part begins, 0 at the end.

    `was` is the unit that it was before it moved.
    """

    chapters: tuple[Chapter, ...]
    following: int
    was: UnitId | None


class _TooMuch(Exception):
    """More would have to be read than is read at once."""


@dataclass
class _Contents:
    """Pages by their digests, each read once and no more of them than allowed."""

    tx: Transaction
    left: int
    kept: dict[str, bytes] = field(default_factory=dict)
    read: dict[str, Mapping[Key, Served]] = field(default_factory=dict)

    def fetch(self, digests: Iterable[str]) -> None:
        """Raises _TooMuch."""
        new = {digest for digest in digests if digest not in self.kept}
        if new and self.left <= 0:
            raise _TooMuch
        found = self.tx.blobs(new)
        self.left -= sum(map(len, found.values()))
        self.kept |= found

    def line(self, digest: str, key: Key, beside: Served | None) -> Served | None:
        """What a page says of a unit; where that is the line `beside`, its bytes tell so and the page is not read."""
        if beside is not None and beside.why != CODE and dump_line(beside) in self.kept[digest]:
            return beside
        if digest not in self.read:
            page: Page = load_page(self.kept[digest])
            self.read[digest] = lines_of(page)
        return self.read[digest].get(key)


def _pieces(spans: Sequence[PageSpan], key: Key, since: int, to: int, contents: _Contents) -> Iterator[Stretch]:
    """What each content of the page says of the unit, from `to` back to `since`, with the times when there was no page."""
    top, line = to, None
    try:
        for start in range(0, len(spans), _AT_ONCE):
            some = spans[start : start + _AT_ONCE]
            contents.fetch(span.page for span in some)
            for span in some:
                if span.last < top:
                    yield Stretch(span.last + 1, top, None)
                line = contents.line(span.page, key, line)
                yield Stretch(span.first, span.last, line)
                top = span.first - 1
    except _TooMuch:
        yield Stretch(top + 1, top, line, is_cut=True)
        return
    if top >= since:
        yield Stretch(since, top, None)


def _stretches(pieces: Iterable[Stretch]) -> Iterator[Stretch]:
    """Neighbours that say the same are one."""
    now: Stretch | None = None
    for piece in pieces:
        if now is not None and (piece.served == now.served or piece.is_cut):
            now = Stretch(piece.first, now.last, now.served, piece.is_cut)
        else:
            if now is not None:
                yield now
            now = piece
    if now is not None:
        yield now


def history(tx: Transaction, site: str, place: Place, *, before: int = 0, most: int = 25, budget: int = 0) -> History:
    """The history of a unit from the newest deployment on, or from the one before `before`. Raises NotFound."""
    locale, resource, key = place
    newest = tx.latest(site)
    to = newest.number if newest else 0
    to = min(before - 1, to) if before else to
    spans = tx.page_spans(site, [(locale, resource)], 1, to).get((locale, resource), ())
    contents = _Contents(tx, budget or _LOOKED_THROUGH)
    found, following = _told(_stretches(_pieces(spans, key, 1, to, contents)), most)
    if not following and found and found[-1].served is None:  # before it was there
        found = found[:-1]
    if not before and not found:
        raise NotFound(sentences.NO_HISTORY.say(site=site, text=f"{resource} {key_text(key)}", locale=locale))
    began = {one.number: one for one in tx.deployments(site, only={one.first for one in found})}
    shown = iter(told(tx, site, [(locale, resource, one.served) for one in found if one.served]))
    chapters = tuple(Chapter(one, began[one.first], next(shown) if one.served else None) for one in found)
    return History(chapters, following, tx.lineage(site, [(resource, key)]).get((resource, key)))


def _told(stretches: Iterable[Stretch], most: int) -> tuple[list[Stretch], int]:
    """So many stretches, and the deployment before which the rest is told, 0 where there is no rest."""
    found: list[Stretch] = []
    for one in stretches:
        if found and (one.is_cut or len(found) == most):
            return found, found[-1].first
        found.append(one)
    return found, found[-1].first if found and found[-1].is_cut else 0


def changed_at(
    tx: Transaction, site: str, places: Collection[Place], before: int, now: int, *, budget: int = 0
) -> Mapping[Place, int]:
    """At which deployment each of these units last changed between two; those too far back to look for are left out."""
    since, to = sorted((before, now))
    spans = tx.page_spans(site, {(locale, resource) for locale, resource, _ in places}, since, to)
    contents = _Contents(tx, budget or _LOOKED_THROUGH)
    found: dict[Place, int] = {}
    for locale, resource, key in places:
        there = spans.get((locale, resource), ())
        newest = next(_stretches(_pieces(there, key, since, to, contents)), None)
        if newest is not None and not newest.is_cut:
            found[locale, resource, key] = newest.first
    return found

"""Compare: what readers of one deployment see otherwise than those of another, unit by unit, and why."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from tm_service.domain import reasons
from tm_service.domain.deployments import Deployment
from tm_service.domain.ports import Transaction
from tm_service.domain.serving import TRANSLATED, Page, Rule, Served
from tm_service.domain.units import Key, Locale
from tm_service.usecases.pages import load_page

_AT_ONCE = 200  # pairs of pages that are held at a time
_TRANSLATED = frozenset(rule.value for rule in TRANSLATED)
CODE = reasons.CODE.english


class DifferenceKind(StrEnum):
    """What became of a unit between two deployments."""

    TRANSLATED = "translated"  # it was in the source language, and is translated
    UPDATED = "updated"  # another text of the same kind
    FELL_BACK = "fell-back"  # it was translated, and is in the source language
    NEW = "new"
    GONE = "gone"
    RESTATED = "restated"  # the same text for another reason: it is behind now, or no longer


SEEN = tuple(kind for kind in DifferenceKind if kind is not DifferenceKind.RESTATED)  # what readers notice


@dataclass(frozen=True, slots=True)
class Difference:
    """One unit: what it was served as before and is now; None where it is not there."""

    key: Key
    kind: DifferenceKind
    before: Served | None
    now: Served | None

    @property
    def line(self) -> Served:
        found = self.now or self.before
        if found is None:
            raise ValueError("A difference has a unit before or now.")
        return found


@dataclass(frozen=True, slots=True)
class PageDifference:
    """A page that differs: digests of what was decided, empty where it is not there, and how many units became what."""

    locale: Locale
    resource: str
    before: str
    now: str
    counts: Mapping[DifferenceKind, int]


@dataclass(frozen=True)
class Comparison:
    """Two deployments of a site and the pages that differ between them, by locale and resource."""

    before: Deployment
    now: Deployment
    pages: tuple[PageDifference, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which differences are asked for: of these kinds, of one locale or all, of resources whose path has these letters."""

    kinds: Collection[DifferenceKind] = field(default=SEEN)
    locale: Locale = ""
    path: str = ""

    def fits(self, page: PageDifference) -> bool:
        in_locale = self.locale in ("", page.locale)
        return in_locale and self.path.casefold() in page.resource.casefold()


def lines_of(page: Page) -> dict[Key, Served]:
    """Everything a page shows its readers: its units, and codes that differ by locale."""
    codes = {key: Served(key, text, Rule.CURRENT, "", CODE) for key, text in page.codes.items()}
    return {entry.key: entry for entry in page.served} | codes


def differences(before: Mapping[Key, Served], now: Mapping[Key, Served]) -> Iterator[Difference]:
    """What turns the lines of before into those of now, in their order, then what is gone; pure."""
    for key, entry in now.items():
        was = before.get(key)
        if was != entry:
            yield Difference(key, _kind(was, entry), was, entry)
    for key, was in before.items():
        if key not in now:
            yield Difference(key, DifferenceKind.GONE, was, None)


def _kind(was: Served | None, entry: Served) -> DifferenceKind:
    if was is None:
        return DifferenceKind.NEW
    return _became(was=was.translated, now=entry.translated, is_same=was.text == entry.text)


def _became(*, was: bool, now: bool, is_same: bool) -> DifferenceKind:
    """Of a unit that is there before and now: whether it was and is translated, and whether the text stayed."""
    if was != now:
        return DifferenceKind.TRANSLATED if now else DifferenceKind.FELL_BACK
    return DifferenceKind.RESTATED if is_same else DifferenceKind.UPDATED


def compare(tx: Transaction, site: str, before: int, now: int) -> Comparison:
    """Count what differs between two deployments, page by page; only pages that differ are read. Raises NotFound."""
    one, other = tx.deployment(site, before), tx.deployment(site, now)
    pairs = tx.pages_between(site, before, now)
    pages: list[PageDifference] = []
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        contents = tx.blobs(digest for _, *digests in some for digest in digests if digest)
        for (locale, resource), was, new in some:
            counts = _tally(contents[was] if was else b"", contents[new] if new else b"")
            pages.append(PageDifference(locale, resource, was, new, counts))
    return Comparison(one, other, tuple(pages))


def _tally(before: bytes, now: bytes) -> Counter[DifferenceKind]:
    """How many units of a page became what, from the bytes of its decisions, b"" for none; several times as quick."""
    was, new = _rows(before), _rows(now)
    kinds: Counter[DifferenceKind] = Counter()
    for key, (text, rule, *more) in new.items():
        old = was.pop(key, None)
        if old is None:
            kinds[DifferenceKind.NEW] += 1
        elif old != [text, rule, *more]:
            translated = {"was": old[1] in _TRANSLATED, "now": rule in _TRANSLATED}
            kinds[_became(**translated, is_same=old[0] == text)] += 1
    if was:
        kinds[DifferenceKind.GONE] += len(was)
    return kinds


def _rows(content: bytes) -> dict[tuple[str, ...], list[Any]]:
    """What a page says by key, as `dump_page` wrote it: text, rule and the rest."""
    if not content:
        return {}
    found = json.loads(content.decode("utf-8", "surrogatepass"))
    rows = {tuple(key): more for key, *more in found["served"]}
    return rows | {tuple(key): [text, Rule.CURRENT.value] for key, text in found["codes"]}


def _lines(contents: Mapping[str, bytes], digest: str) -> Mapping[Key, Served]:
    return lines_of(load_page(contents[digest])) if digest else {}


def counted(found: Comparison, wanted: Wanted) -> Counter[tuple[Locale, DifferenceKind]]:
    """How many units became what, by locale, of the pages asked for; of all kinds."""
    counts: Counter[tuple[Locale, DifferenceKind]] = Counter()
    for page in filter(wanted.fits, found.pages):
        for kind, count in page.counts.items():
            counts[page.locale, kind] += count
    return counts


def shown(
    tx: Transaction, found: Comparison, wanted: Wanted, start: int, most: int
) -> Sequence[tuple[PageDifference, Difference]]:
    """Some of the differences asked for, from the one numbered `start` from 0; only their pages are read."""
    return tuple(islice(_from(tx, filter(wanted.fits, found.pages), wanted.kinds, start), most))


def _from(
    tx: Transaction, pages: Iterable[PageDifference], kinds: Collection[DifferenceKind], start: int
) -> Iterator[tuple[PageDifference, Difference]]:
    for page in pages:
        count = sum(page.counts.get(kind, 0) for kind in kinds)
        if start >= count:
            start -= count
            continue
        contents = tx.blobs(filter(None, (page.before, page.now)))
        found = differences(_lines(contents, page.before), _lines(contents, page.now))
        yield from ((page, one) for one in islice((one for one in found if one.kind in kinds), start, None))
        start = 0

"""Splitting: a job cut into parts of a bearable size, never inside a page without need."""

import posixpath
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tm_service.domain.packages import PackageUnit
from tm_service.domain.text import words

BEARABLE = 2_000  # words in one file: about a day's work

_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Part:
    """Units that travel together, page by page."""

    units: tuple[PackageUnit, ...]

    @property
    def pages(self) -> tuple[str, ...]:
        """The resources of its units, in their order."""
        return tuple(dict.fromkeys(unit.resource for unit in self.units))

    @property
    def words(self) -> int:
        return sum(words(unit.source) for unit in self.units)

    @property
    def origin(self) -> str:
        """The page it comes from, or the folder that all its pages share."""
        pages = self.pages
        if len(pages) == 1:
            return pages[0]
        return posixpath.commonpath([page.lstrip("/") for page in pages]) or "."

    @property
    def slug(self) -> str:
        """A name for files: small ASCII letters, digits and dashes, at most 40."""
        return slug(posixpath.splitext(posixpath.basename(self.origin))[0]) or "texts"


def slug(name: str) -> str:
    """A name in small ASCII letters, digits and dashes; empty where it has none of them."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _UNSAFE.sub("-", ascii_only).strip("-")[:_LONGEST_NAME].strip("-")


def split(
    units: Sequence[PackageUnit],
    *,
    most: int = BEARABLE,
    topic: Callable[[PackageUnit], Hashable] | None = None,
    group: Callable[[PackageUnit], str] | None = None,
) -> tuple[Part, ...]:
    """Cut units into parts of at most `most` words.

    Pages come in the order in which they first appear, their units in the order given; units of two topics share no part,
    so that a due date or a folder can be a topic. Only a page longer than `most` is cut, between its units; units that
    follow each other and have the same `group`, other than none, stay together, and so does one unit of any length.
    """
    topics: dict[Hashable, dict[str, list[PackageUnit]]] = {}
    for unit in units:
        pages = topics.setdefault(topic(unit) if topic else None, {})
        pages.setdefault(unit.resource, []).append(unit)
    return tuple(Part(tuple(part)) for pages in topics.values() for part in _filled(pages.values(), most, group))


def _filled(
    pages: Iterable[list[PackageUnit]], most: int, group: Callable[[PackageUnit], str] | None
) -> Iterator[list[PackageUnit]]:
    """Fill parts with whole pages; a page too long for one part is cut, and its parts hold nothing else."""
    for long, run in groupby(pages, key=lambda page: _weight(page) > most):
        if long:
            for page in run:
                yield from _packed(_atoms(page, group), most)
        else:
            yield from _packed(run, most)


def _packed(chunks: Iterable[list[PackageUnit]], most: int) -> Iterator[list[PackageUnit]]:
    """Chunks joined as long as they weigh at most `most`; a heavier one stands alone."""
    part: list[PackageUnit] = []
    weight = 0
    for chunk in chunks:
        added = _weight(chunk)
        if part and weight + added > most:
            yield part
            part, weight = [], 0
        part.extend(chunk)
        weight += added
    if part:
        yield part


def _atoms(page: list[PackageUnit], group: Callable[[PackageUnit], str] | None) -> Iterator[list[PackageUnit]]:
    for name, run in groupby(page, key=group or (lambda _: "")):
        if name:
            yield list(run)
        else:
            yield from ([unit] for unit in run)


def _weight(units: list[PackageUnit]) -> int:
    return sum(words(unit.source) for unit in units)

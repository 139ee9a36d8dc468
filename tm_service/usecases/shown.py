"""Shown: what readers of a deployment see in one language, line by line, each with its source text and its reason."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tm_service.domain.deployments import PageRef
from tm_service.domain.ports import Transaction
from tm_service.domain.serving import Answer, Rule, Served, Translation
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Key, Locale, key_text
from tm_service.usecases.compare import lines_of
from tm_service.usecases.pages import load_page

_AT_ONCE = 50  # pages that are searched together
_LOOKED_THROUGH = 8_000_000  # bytes of pages, after which whoever searches is asked to go on


@dataclass(frozen=True, slots=True)
class Line:
    """A unit as it is shown; `source` is its text in the source language, None where nobody remembers it."""

    locale: Locale
    resource: str
    served: Served
    source: str | None
    translation: Translation | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search goes on: the resource, and how many of its hits were told already."""

    resource: str = ""
    told: int = 0


@dataclass(frozen=True)
class Found:
    """Hits of a search in order; `following` is where it goes on, None at the end."""

    lines: tuple[Line, ...]
    following: Place | None


def lines(
    tx: Transaction, site: str, ref: PageRef, *, key: str = "", start: int = 0, most: int
) -> tuple[tuple[Line, ...], int]:
    """Some lines of one page, in the order of the file, of one key alone where it is named; and how many there are."""
    page = load_page(tx.blobs([ref.page])[ref.page])
    wanted = [entry for entry in lines_of(page).values() if key in ("", key_text(entry.key))]
    some = [(ref.locale, ref.resource, entry) for entry in wanted[start : start + most]]
    return told(tx, site, some), len(wanted)


def told(tx: Transaction, site: str, entries: Sequence[tuple[Locale, str, Served]]) -> tuple[Line, ...]:
    """Decisions with the source text that each was made from and the translation it rests on."""
    translations = tx.numbered({entry.translation for _, _, entry in entries if entry.translation})
    sources = {resource: _by_print(tx.sources(site, resource)) for resource in {resource for _, resource, _ in entries}}
    return tuple(
        Line(locale, resource, entry, _source(entry, sources[resource], translation), translation)
        for locale, resource, entry in entries
        for translation in [translations.get(entry.translation)]
    )


def _by_print(known: Mapping[Key, Sequence[str]]) -> Mapping[Key, Sequence[str]]:
    """The newest wording first: it is the one that is asked for most."""
    return {key: texts[::-1] for key, texts in known.items()}


def _source(entry: Served, known: Mapping[Key, Sequence[str]], translation: Translation | None) -> str | None:
    """The source text that a decision was made from, by its fingerprint."""
    if entry.rule in (Rule.MISSING, Rule.WAIVED) or entry.answer is Answer.SAME:
        return entry.text
    texts = known.get(entry.key, ())
    if not entry.source:  # a code has none
        return texts[0] if texts else None
    return next((text for text in texts if fingerprint(text) == entry.source), None) or (
        translation.source if translation and translation.fingerprint == entry.source else None
    )


def search(
    tx: Transaction, site: str, refs: Sequence[PageRef], said: str, *, begin: Place, most: int, budget: int = 0
) -> Found:
    """Lines whose shown text has these letters, in whatever case, of pages by resource; as many as `most`.

    No more than `budget` bytes of pages are looked through at once, 0 for the usual.
    """
    left = [ref for ref in refs if ref.resource >= begin.resource]
    looked, hits, following = 0, list[tuple[Locale, str, Served]](), None
    for start in range(0, len(left), _AT_ONCE):
        some = left[start : start + _AT_ONCE]
        if looked > (budget or _LOOKED_THROUGH):
            following = Place(some[0].resource)
            break
        contents = tx.blobs(ref.page for ref in some)
        looked += sum(map(len, contents.values()))
        for ref in some:
            skipped = begin.told if ref.resource == begin.resource else 0
            fits = list(_hits(contents[ref.page], said))[skipped:]
            room = most - len(hits)
            hits += [(ref.locale, ref.resource, entry) for entry in fits[:room]]
            if len(fits) > room:
                return Found(told(tx, site, hits), Place(ref.resource, skipped + room))
    return Found(told(tx, site, hits), following)


def _hits(content: bytes, said: str) -> Iterator[Served]:
    """A page is read in full only where its bytes have what is looked for."""
    wanted = said.casefold()
    written = json.dumps(wanted, ensure_ascii=False)[1:-1]
    if written not in content.decode("utf-8", "surrogatepass").casefold():
        return iter(())
    return (entry for entry in _texts(content) if wanted in entry.text.casefold())


def _texts(content: bytes) -> Iterable[Served]:
    return lines_of(load_page(content)).values()

"""Leverage: of which class each text of a job is, by what the memories have and by what the job repeats."""

from collections.abc import Sequence

from tm_service.domain.matches import Asked, Best, MatchClass, Reading
from tm_service.domain.ports import Library, Transaction
from tm_service.domain.site import Site
from tm_service.domain.terms import Term
from tm_service.domain.units import Locale

_KNOWN = frozenset({MatchClass.CONTEXT, MatchClass.EXACT})


def reading(site: Site, locale: Locale) -> Reading:
    """The memories of a site as it reads them for a locale."""
    return Reading(site.memories, site.source, locale, site.name)


def terms_of(tx: Transaction, where: Reading) -> tuple[Term, ...]:
    """The terms in use of the memories read, in their order."""
    return tuple(term for memory in where.memories for term in tx.terms(memory.name, where.source, where.target))


def leverage(library: Library, site: Site, locale: Locale, asked: Sequence[Asked]) -> list[Best]:
    """Each text's best answer, in the order asked; the second of a text that no memory has is a repetition."""
    found = list(library.best(reading(site, locale), asked))
    first: dict[str, str] = {}
    for place, (text, best) in enumerate(zip(asked, found, strict=True)):
        if best.kind in _KNOWN:
            continue
        if text.fingerprint in first:
            here = first[text.fingerprint] == text.resource
            found[place] = Best(100, MatchClass.REPETITION if here else MatchClass.CROSS_FILE, "repetition")
        first.setdefault(text.fingerprint, text.resource)
    return found

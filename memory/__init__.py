"""Memory: what is known of a text from elsewhere; matchers in a readable chain, the first that answers counts."""

from collections.abc import Sequence

from memory.exact import most_places, same_file, same_key_name
from tm_service.domain.matches import Match
from tm_service.domain.ports import Matcher
from tm_service.domain.serving import Translation
from tm_service.domain.units import Unit

CHAIN: tuple[Matcher, ...] = (same_file, same_key_name, most_places)


def match(unit: Unit, entries: Sequence[Translation], known: Translation | None) -> Match | None:
    """Ask the chain in its order; `known` is what readers have now, which decides between equals."""
    answers = (matcher(unit, entries, known) for matcher in CHAIN)
    return next((answer for answer in answers if answer is not None), None)

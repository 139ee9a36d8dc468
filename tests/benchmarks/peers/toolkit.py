"""translate-toolkit: `translate.search.match.matcher` (translate/search/match.py), the memory of Virtaal, Pootle and pot2po.

It compares letters with every unit of a possible length and gives its own best ten of at least 75 %, re-ranked. Where two
have the same percent its heap compares units, which have no order, and ends with a TypeError (3.20); they are lent one here.
"""

from typing import Any
from unittest.mock import patch

from tests.benchmarks.peers import LEAST, Answer, PeerMissing, Query, Segments
from tests.benchmarks.peers.ranking import best

CANDIDATES = 10
_LONGEST = 2_000  # letters compared; its default of 70 gives long texts seven percent less


class Toolkit:
    name = "translate-toolkit's matcher"

    def __init__(self) -> None:
        try:
            from translate.search import match  # noqa: PLC0415 - a peer is not needed where it is not measured
            from translate.storage import base  # noqa: PLC0415
        except ImportError as error:
            raise PeerMissing("translate-toolkit is not installed: install the development group.") from error
        self._matcher_of, self._base = match.matcher, base
        self._order = patch.object(base.TranslationUnit, "__lt__", lambda unit, other: unit.source < other.source)

    def build(self, segments: Segments) -> None:
        self._order.start()
        store = self._base.TranslationStore()
        store.units = [self._unit(text) for text in segments.texts]
        self._matcher: Any = self._matcher_of(store, CANDIDATES, int(LEAST), _LONGEST)
        self._numbers = {text: number for number, text in enumerate(segments.texts)}
        self._forms = segments.forms

    def _unit(self, text: str) -> Any:
        unit = self._base.TranslationUnit(text)
        unit.target = text
        return unit

    def search(self, query: Query) -> list[Answer]:
        numbers = [self._numbers[str(unit.source)] for unit in self._matcher.matches(query.text)]
        return best(query.form, ((number, self._forms[number]) for number in numbers))

    def size(self) -> int | None:
        return None

    def close(self) -> None:
        self._order.stop()
        del self._matcher, self._numbers, self._forms

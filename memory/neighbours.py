"""Neighbours: for each text of a job the nearest one before it, for the analysis of internal fuzzy matches.

The job is made an index of its own (see `memory.index` for why nothing is lost), and each text asks it for the best others.
Texts are numbered from the last to the first, so that of equally near ones the index names the earliest.
"""

from collections.abc import Sequence
from itertools import starmap

from memory.analysis import Near, Neighbours
from memory.forms import Form, form
from memory.index.similarity import Hit, SimilarityIndex
from memory.score import DEFAULT, Penalties

_WHOLE = 100.0
_STEP = 0.01  # percent; scores have two decimals
_FEW, _ALL = 8, 1 << 30  # hits; most texts have one before them among their first few


def neighbours(language: str = "en", penalties: Penalties = DEFAULT) -> Neighbours:
    """What `analyse` asks for internal fuzzy matches; the earliest of equally near texts is told."""

    def search(texts: Sequence[str], above: Sequence[float]) -> list[Near]:
        forms = [form(text, language) for text in texts]
        numbered = [(len(forms) - place, entry) for place, entry in enumerate(forms)]
        index = SimilarityIndex(language, penalties=penalties).extend(numbered)
        index.seal(least=1)

        def nearest(number: int, entry: Form, least: float) -> Near:
            best = _before(index, entry, number, least) if least < _WHOLE else None
            return Near(best.percent, len(forms) - max(best.pairs)) if best else Near()

        return list(
            starmap(nearest, ((number, entry, least) for (number, entry), least in zip(numbered, above, strict=True)))
        )

    return search


def _before(index: SimilarityIndex, entry: Form, number: int, above: float) -> Hit | None:
    """The best hit above a percent that has a text before this one."""
    for most in (_FEW, _ALL):
        found = index.search(entry, least=round(above + _STEP, 2), k=most).found
        best = next((hit for hit in found if max(hit.pairs) > number), None)
        if best is not None or len(found) < most:
            return best
    return None

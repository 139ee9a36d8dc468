"""Concordance: the words of a shelf's pairs, in both sides, for people who ask how something was translated before.

`build` makes the file of a shelf, `Concordance` asks it. `words` says what a word is, `query` what can be asked, `half` how
it is answered without reading texts.
"""

from memory.concordance.concordance import MOST_HITS, Concordance, Found, Hit
from memory.concordance.highlight import excerpt
from memory.concordance.postings import Unusable, build
from memory.concordance.search import Rank

__all__ = ["MOST_HITS", "Concordance", "Found", "Hit", "Rank", "Unusable", "build", "excerpt"]

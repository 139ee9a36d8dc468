"""Function words: the small words of each language, by which texts show theirs and which terms may be found without."""

from collections.abc import Mapping
from functools import cache

from tm_service.checks.folding import folded
from tm_service.checks.seen import table


@cache
def function_words() -> Mapping[str, frozenset[str]]:
    """The function words of each language that has a list, case folded."""
    tables = table("function_words")
    return {code: frozenset(map(folded, words.split())) for code, words in tables.items()}

"""Folding: a word as it is compared, whatever its case, its vowel marks and the ways its letters may be written."""

import re
from functools import lru_cache
from unicodedata import normalize

_CACHE = 1 << 16
_MARKS = re.compile(r"[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_SPELT = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ё": "е", "’": "'"}
_SPELT_OTHERWISE = re.compile(f"[{''.join(_SPELT)}]")


def fold(text: str) -> str:
    """A text as it is compared: small letters, no vowel marks, spelling variants that writers do not mean made one."""
    low = text.casefold()
    if low.isascii():
        return low
    return _SPELT_OTHERWISE.sub(lambda sign: _SPELT[sign[0]], _MARKS.sub("", normalize("NFC", low)))


@lru_cache(maxsize=_CACHE)
def folded(word: str) -> str:
    """A word as it is compared, told once for each word: the words of texts come again and again."""
    return fold(word)

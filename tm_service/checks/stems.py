"""Stems: what the forms of one word have in common, so that a word is recognised however it is bent."""

import re
from functools import lru_cache
from threading import local
from typing import Any
from unicodedata import normalize

_CACHE = 1 << 16
_ALGORITHMS = {"de": "german", "en": "english", "es": "spanish", "fr": "french", "pt": "portuguese", "ru": "russian"}
# Prefixes and suffixes of "light10" (Larkey, Ballesteros, Connell: Light Stemming for Arabic Information Retrieval, 2007).
_ARTICLES = ("وال", "بال", "كال", "فال", "ولل", "ال", "لل")
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
_PROCLITICS = "وفبكل"
_LEAST = 2  # letters a stem keeps
_ROOT = 3  # letters from which two stems can be told to be of one word
_MOST = 64  # letters; what is longer is no word
_WEAK = str.maketrans("", "", "اويئؤء")  # what Arabic inserts, drops or changes within a root
_MARKS = re.compile(r"[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_SPELT = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ё": "е", "’": "'"}
_SPELT_OTHERWISE = re.compile(f"[{''.join(_SPELT)}]")
_LONGEST_ENDING = 4


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


@lru_cache(maxsize=_CACHE)
def stems(word: str, language: str) -> tuple[str, ...]:
    """The stems a folded word may have, the likeliest first; in a language without rules the word itself."""
    if len(word) > _MOST:
        return (word,)
    if language == "ar":
        readings = [word, word[1:]] if word[:1] in _PROCLITICS and len(word) > _ROOT else [word]
        return tuple(dict.fromkeys(_light(reading) for reading in readings))
    stemmer = _stemmer(language)
    return (word,) if stemmer is None else (stemmer.stemWord(word),)


def is_form(word: str, other: str, language: str) -> bool:
    """Whether two folded words are forms of one, as far as their endings tell."""
    if word == other:
        return True
    if set(stems(word, language)).isdisjoint(stems(other, language)):
        return False
    pairs = enumerate(zip(word, other, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), min(len(word), len(other)))
    return language == "ar" or max(len(word), len(other)) - same <= _LONGEST_ENDING


def is_kin(word: str, other: str, language: str) -> bool:
    """Whether two folded words may be forms of one, broken plurals and fleeting vowels included: rather too often than not."""
    if word == other:
        return True
    ours, theirs = stems(word, language), stems(other, language)
    if set(ours) & set(theirs):
        return True
    if language == "ar":
        bare = {stem.translate(_WEAK) for stem in ours} & {stem.translate(_WEAK) for stem in theirs}
        return any(len(root) >= _ROOT for root in bare)
    least = max(_ROOT, min(len(ours[0]), len(theirs[0])) - 1)
    return min(len(ours[0]), len(theirs[0])) >= _ROOT and ours[0][:least] == theirs[0][:least]


def _light(word: str) -> str:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) >= len(article) + _LEAST:
            word = word[len(article) :]
            break
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) >= len(ending) + _LEAST:
            word = word[: -len(ending)]
    return word


_OF_THREAD = local()  # a stemmer holds the word it works on


def _stemmer(language: str) -> Any:
    if language not in _ALGORITHMS:
        return None
    known: dict[str, Any] = _OF_THREAD.__dict__
    if language not in known:
        import snowballstemmer  # type: ignore[import-untyped]  # noqa: PLC0415 - it loads every language, which takes 0.1 s

        known[language] = snowballstemmer.stemmer(_ALGORITHMS[language])
    return known[language]

"""Stems: what the forms of one word have in common, so that a word is recognised however it is bent."""

from functools import lru_cache
from threading import local
from typing import Any

_CACHE = 1 << 17

# Snowball's algorithms by language code; Arabic has its own below.
_ALGORITHMS = {
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}
# "Light10" of Larkey, Ballesteros and Connell, Light Stemming for Arabic Information Retrieval (2007), but for the lone و,
# which would be taken from وثيقة and left in الوثيقة: such letters are a second reading. Snowball's takes them from roots.
_ARTICLES = ("وال", "بال", "كال", "فال", "ولل", "ال", "لل")
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
_PROCLITICS = "وفبكل"
_LEAST = 2  # letters a stem keeps
_WEAK = str.maketrans("", "", "اويئؤء")  # what Arabic inserts, drops or changes within a root
_ROOT = 3  # letters from which two stems can be told to be of one word
_MOST = 64  # letters; what is longer is no word
_LONGEST_ENDING = 4


def code(language: str) -> str:
    """The language of a locale: "pt" of "pt-BR"."""
    return language.replace("_", "-").partition("-")[0].lower()


@lru_cache(maxsize=_CACHE)
def stems(word: str, language: str) -> tuple[str, ...]:
    """The stems a folded word may have, the likeliest first; in a language without rules the word itself."""
    short = code(language)
    if len(word) > _MOST:
        return (word,)
    if short == "ar":
        readings = [word, word[1:]] if word[:1] in _PROCLITICS and len(word) > _ROOT else [word]
        return tuple(dict.fromkeys(_light(reading) for reading in readings))
    stemmer = _stemmer(short)
    return (word,) if stemmer is None else (stemmer.stemWord(word),)


def is_form(word: str, other: str, language: str) -> bool:
    """Whether two folded words are forms of one, as far as their endings tell."""
    if word == other:
        return True
    return not set(stems(word, language)).isdisjoint(stems(other, language)) and is_bent(word, other, language)


def is_bent(word: str, other: str, language: str) -> bool:
    """Whether two words of one stem differ in no more than an ending of inflection."""
    return code(language) == "ar" or max(map(len, tails(word, other))) <= _LONGEST_ENDING


def tails(word: str, other: str) -> tuple[str, str]:
    """What follows the letters that two words have in common at their beginning."""
    pairs = enumerate(zip(word, other, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), min(len(word), len(other)))
    return word[same:], other[same:]


def is_kin(word: str, other: str, language: str) -> bool:
    """Whether two folded words may be forms of one, broken plurals and fleeting vowels included: rather too often than not.

    To make sure of a word that is expected, not to find one: семена, семени and семян are kin, and so would бан and банк be.
    """
    if word == other:
        return True
    ours, theirs = stems(word, language), stems(other, language)
    if set(ours) & set(theirs):
        return True
    if code(language) == "ar":
        bare = {stem.translate(_WEAK) for stem in ours} & {stem.translate(_WEAK) for stem in theirs}
        return any(len(root) >= _ROOT for root in bare)
    shorter = min(len(ours[0]), len(theirs[0]))
    least = max(_ROOT, shorter - 1)
    return shorter >= _ROOT and word.isalpha() and other.isalpha() and ours[0][:least] == theirs[0][:least]


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


def _stemmer(short: str) -> Any:
    if short not in _ALGORITHMS:
        return None
    known: dict[str, Any] = _OF_THREAD.__dict__
    if short not in known:
        import snowballstemmer  # type: ignore[import-untyped]  # noqa: PLC0415 - it loads every language, which takes 0.1 s

        known[short] = snowballstemmer.stemmer(_ALGORITHMS[short])
    return known[short]

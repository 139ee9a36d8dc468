"""Letters: whether a name has the letters somebody typed, however they write capitals, accents and Arabic vowels."""

import unicodedata

_TATWEEL = "\N{ARABIC TATWEEL}"
_SAME = str.maketrans({"ى": "ي", "ة": "ه", _TATWEEL: ""})
EXACT, BEGINS, HAS = range(3)  # how well a name fits, the best first


def folded(text: str) -> str:
    """Letters without case and marks: a hamza, a vowel sign and an accent are marks (Unicode TR 15, compatibility form)."""
    bare = (sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return "".join(bare).translate(_SAME)


def fit(wanted: str, *names: str) -> int | None:
    """How well the best of these names fits what is wanted, which is folded already; None where none has it."""
    found = [folded(name) for name in names]
    if wanted in found:
        return EXACT
    if any(name.startswith(wanted) for name in found):
        return BEGINS
    return HAS if any(wanted in name for name in found) else None

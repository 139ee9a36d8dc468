"""Completeness: a target is there, says something, and says it in its own language."""

import re
from collections.abc import Iterator, Sequence

from tm_service.checks.function_words import function_words
from tm_service.checks.reading import language, said, short
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind, is_language, is_skeleton, may_be_same, parse, word_tokens

_UNSEEN = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]*"
)
_ACRONYM = 6  # letters; longer words in capitals are words
_IDIOM = 3  # words that are no idiom any more, such as "little by little"
_SHOWN = (CodeKind.PLACEHOLDER, CodeKind.LINK)


def completeness(pair: Pair) -> Iterator[Finding]:
    """Blank, skeleton-only and untranslated targets (law 4), and words pasted twice."""
    if _UNSEEN.fullmatch(pair.target):
        yield found("completeness", Severity.ERROR, "The target is blank; translate the text.")
    elif not is_language(pair.source):
        return
    elif is_skeleton(pair.target, pair.source):
        yield _skeleton(pair.target)
    elif said(pair.target) == said(pair.source):
        yield from _copy(pair)
    else:
        yield from _repeated(pair)


def _skeleton(target: str) -> Finding:
    codes = parse(target).data(*_SHOWN)
    if not codes:
        return found("completeness", Severity.ERROR, "No words are left in the target; translate the text.")
    template = "No words are left in the target but {code}; translate the words around it."
    return found("completeness", Severity.ERROR, template, code=short(codes[0]))


def _copy(pair: Pair) -> Iterator[Finding]:
    """A copy of acronyms, names or a label can be meant; numbers and the letters of points are never translated."""
    row = list(word_tokens(parse(pair.source).plain))
    small = function_words().get(language(pair.source_locale), frozenset[str]())
    if all(_is_code(word) for word in row):
        return
    is_acronym = all(_is_code(word) or (word.isupper() and len(word) <= _ACRONYM) for word in row)
    if is_acronym and not any(len(word) > 1 and word.casefold() in small for word in row):
        severity = Severity.NOTE
    else:
        severity = Severity.WARNING if may_be_same(pair.source) else Severity.ERROR
    yield found("completeness", severity, "The target is a copy of the source; translate it or say it is the same.")


def _repeated(pair: Pair) -> Iterator[Finding]:
    """The same words twice or more between two codes, where the source has nothing of the kind.

    One or two words may be an idiom, ideographs even a word: "谢谢".
    """
    usual = max((_times(row) for row, _ in _rows(pair.source)), default=1)
    for row, place in _rows(pair.target):
        times = _times(row)
        once = row[: len(row) // times]
        if times <= usual or all(map(_is_code, once)):
            continue
        is_long = len(once) >= _IDIOM
        if is_long or not any("\u3400" <= word[0] <= "\U0003ffff" for word in once):
            severity = Severity.ERROR if is_long else Severity.WARNING
            template = "The target says the same words {times} times over and the source does not; write them once."
            yield found("completeness", severity, template, place=place, times=times)
            return


def _rows(value: str) -> Iterator[tuple[list[str], tuple[int, int]]]:
    """The words between two codes that are no characters, upper and lower case alike, and where that text stands."""
    parts = parse(value).parts
    if len(parts) == 1 and isinstance(parts[0], str):
        yield list(said(value)), (0, len(value))
        return
    row: list[str] = []
    start = done = 0
    for part in parts:
        if isinstance(part, str):
            row += map(str.casefold, word_tokens(part))
        elif part.kind is not CodeKind.ENTITY:
            yield row, (start, done)
            row, start = [], done + len(part.data)
        done += len(part if isinstance(part, str) else part.data)
    yield row, (start, done)


def _times(row: Sequence[str]) -> int:
    """How many times over a row is the same words."""
    lengths = (length for length in range(1, len(row) // 2 + 1) if row[length] == row[0] and len(row) % length == 0)
    return next((len(row) // length for length in lengths if row[length:] == row[:-length]), 1)


def _is_code(word: str) -> bool:
    """A number, the name of a standard, the letter of a point; an ideograph is a word."""
    is_letter = len(word) == 1 and not "\u3400" <= word <= "\U0003ffff"
    return is_letter or any(map(str.isdigit, word))

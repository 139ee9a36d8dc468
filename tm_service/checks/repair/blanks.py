"""Blanks: line ends, plural bars, marks that show nothing and blanks at the edges, as in the source."""

import re
from collections.abc import Iterator

from locales import LANGUAGES
from tm_service.checks.reading import language
from tm_service.checks.repair.edits import Edit
from tm_service.checks.repair.skeleton import codes, forms

_LINE_ENDS = "The line ends were written as in the source."
_BAR = "The bar {code} between plural forms came back as {written} and was written with a space on each side."
_MARKS = "A mark that shows nothing stood beside {code} and was taken out."
_LEADING = "The blanks at the beginning were written as in the source."
_TRAILING = "The blanks at the end were written as in the source."
_LINE_END = re.compile(r"\r\n|\r|\n")
_BAR_LIKE = re.compile(r"[ \t\u00a0]{0,8}(?:[|｜](?:[ \t\u00a0]{0,8}[|｜])*)[ \t\u00a0]{0,8}")
_BAR_MARKS = re.compile("[|｜]")
# Not the directional marks: around a placeholder they are good practice in Arabic.
_NEVER_NEEDED = "\u200b\u2060\ufeff"
_BARE = " | "
_MILLION = 7  # digits
_BLANK = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + _NEVER_NEEDED


def line_ends(source: str, target: str) -> Iterator[Edit]:
    """Line ends of one kind, as the source has them; a source without any asks for the plain one."""
    wanted = set(_LINE_END.findall(source)) or {"\n"}
    if len(wanted) == 1:
        (end,) = wanted
        for match in _LINE_END.finditer(target):
            yield Edit(match.start(), match.end(), end, _LINE_ENDS)


def bars(source: str, target: str, locale: str) -> list[Edit]:
    """Bars between plural forms, lost blanks and doubled bars put right where the number of forms is then a right one.

    A doubled bar may also be an empty form: it is only taken for a slip where one form fewer is the number asked for.
    """
    asked = len(forms(source))
    found = list(_BAR_LIKE.finditer(target)) if asked > 1 else []
    if all(map(_is_bar, found)) or not all(source[start:end].strip() for start, end in forms(source)):
        return []
    starts, ends = [0, *(match.end() for match in found)], [*(match.start() for match in found), len(target)]
    if any(not target[start:end].strip() for start, end in zip(starts, ends, strict=True)):
        return []
    needed = _needed(locale)
    doubled = any(len(_BAR_MARKS.findall(match[0])) > 1 for match in found)
    right = len(found) + 1 == needed or (len(found) + 1 == asked and not (doubled and needed > asked))
    return (
        [Edit(match.start(), match.end(), _BARE, _BAR, _BARE, match[0]) for match in found if not _is_bar(match)]
        if right
        else []
    )


def _is_bar(match: re.Match[str]) -> bool:
    return _BARE in match[0] and len(_BAR_MARKS.findall(match[0])) == 1


def _needed(locale: str) -> int:
    """How many plural forms a language has for everyday whole numbers; 0 where it is not known."""
    known = LANGUAGES.get(language(locale))
    numbers = known.plurals.values() if known else ()
    return sum(any(number.isdecimal() and len(number) < _MILLION for number in shown.split(", ")) for shown in numbers)


def marks(source: str, target: str) -> Iterator[Edit]:
    """Zero-width marks beside codes, where the source has none at all."""
    junk = "".join(mark for mark in _NEVER_NEEDED if mark not in source)
    beside = re.compile(f"[{junk}]+") if junk else None
    done = 0
    for code, start, end in codes(target) if beside else ():
        before = re.search(f"[{junk}]+$", target[done:start])
        if before:
            yield Edit(done + before.start(), start, "", _MARKS, code.data)
        after = beside.match(target, end) if beside else None
        done = after.end() if after else end
        if after:
            yield Edit(end, done, "", _MARKS, code.data)


def edges(source: str, target: str, locale: str) -> Iterator[Edit]:
    """Blanks at the beginning and the end as the source has them; Chinese may do without one between words.

    A line end is left where the target lacks one within: the line before or after it may be what is missing.
    """
    lines = len(_LINE_END.findall(source.strip(_BLANK))) - len(_LINE_END.findall(target.strip(_BLANK)))
    (leading, trailing), (asked_leading, asked_trailing) = _edges(target), _edges(source)
    for template, asked, given, start in (
        (_LEADING, asked_leading, leading, 0),
        (_TRAILING, asked_trailing, trailing, len(target) - len(trailing)),
    ):
        is_word_space = asked == " " and not given and language(locale) == "zh"
        is_line = lines > 0 and _LINE_END.search(given) is not None
        if asked != given and not is_word_space and not is_line:
            yield Edit(start, start + len(given), asked, template)


def _edges(text: str) -> tuple[str, str]:
    """The blanks before anything else and after it; those within a code, such as a bar's, are its own."""
    found = [(start, end) for _, start, end in codes(text)]
    first, last = (found[0][0], found[-1][1]) if found else (len(text), 0)
    return text[: min(first, len(text) - len(text.lstrip(_BLANK)))], text[max(last, len(text.rstrip(_BLANK))) :]

"""Plurals: a message of several plural forms is one text in the middle of the house, written as an ICU plural.

Formats that keep each form in an entry of its own (gettext, i18next, Android...) are read into that text and written back
from it, so that one message has one identity, one translation and one place in a memory, however many forms a language has.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

CATEGORIES = ("zero", "one", "two", "few", "many", "other")  # CLDR's, in its order
_HEAD = re.compile(r"\{\s*([\w.\-]+)\s*,\s*plural\s*,(\s*offset:\d+)?\s*")
_SELECTOR = re.compile(rf"\s*(=\d+|{'|'.join(CATEGORIES)})\s*\{{")
_NEXT = re.compile(rf"\}} (=\d+|{'|'.join(CATEGORIES)}) \{{")
_SYNTAX = "{}#"
_SPECIAL = re.compile(rf"(?P<syntax>[{_SYNTAX}](?:[\w .,:$\-']*[{_SYNTAX}])*'*)|'{{2,}}|'(?=[{_SYNTAX}]|$)")
_QUOTED = re.compile(rf"''|'([{_SYNTAX}](?:[^']|'')*)(?:'|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Plural:
    """The forms of a message by CLDR category, or by a number of their own such as `=0`; `other` is always among them.

    Texts are as the site's format writes them. `is_icu` where that format is ICU itself: `#` and arguments in the forms are
    then its syntax. `argument` is what is counted.
    """

    argument: str
    forms: Mapping[str, str]
    is_icu: bool = False
    offset: str = ""

    def __str__(self) -> str:
        """The message as one text, which `parse_plural` reads back; categories in CLDR's order, numbers before them."""
        names = sorted(self.forms, key=_rank)
        arms = (f"{name} {{{self.forms[name] if self.is_icu else _literal(self.forms[name])}}}" for name in names)
        return f"{{{self.argument}, plural,{self.offset} {' '.join(arms)}}}"

    def form(self, category: str) -> str:
        """The text of a category; that of `other` where the message has none for it."""
        return self.forms.get(category, self.forms["other"])


def parse_plural(text: str) -> Plural | None:
    """The forms of a text that is one ICU plural and nothing else; None for any other text, and where `other` is missing."""
    head = _HEAD.match(text)
    spans = _whole(text, head.end()) if head else {}
    if head is None or not spans:
        return None
    arms = {name: text[start:end] for name, (start, end) in spans.items()}
    is_icu = bool(head[2]) or any(set(_QUOTED.sub("", form)) & set(_SYNTAX) for form in arms.values())
    forms = arms if is_icu else {name: _QUOTED.sub(_unquoted, form) for name, form in arms.items()}
    return Plural(head[1], forms, is_icu=is_icu, offset=head[2] or "")


def arms(text: str) -> Mapping[str, tuple[int, int]]:
    """Where the forms of a message stand in it, also where a brace that nobody closed breaks it; none of any other text."""
    head = _HEAD.match(text)
    return (_whole(text, head.end()) or _broken(text, head.end())) if head else {}


def _whole(text: str, place: int) -> dict[str, tuple[int, int]]:
    """The forms of a message whose head ends here; none where it is no message."""
    found: dict[str, tuple[int, int]] = {}
    while arm := _SELECTOR.match(text, place):
        end = _closing(text, arm.end())
        if end < 0 or arm[1] in found:
            return {}
        found[arm[1]], place = (arm.end(), end), end + 1
    return found if text[place:].strip() == "}" and "other" in found else {}


def _broken(text: str, place: int) -> dict[str, tuple[int, int]]:
    """The forms as `Plural` writes them one after another, whatever stands in them."""
    found: dict[str, tuple[int, int]] = {}
    last, arm = "", _SELECTOR.match(text, place)
    while arm:
        last, start = arm[1], arm.end()
        following = (other for other in _NEXT.finditer(text, start) if _rank(other[1]) > _rank(last))
        arm = next(following, None)
        found[last] = (start, arm.start() if arm else len(text) - len("}}"))
    return found if last == "other" and text.endswith("}}") else {}


def _rank(selector: str) -> tuple[int, int]:
    return (-1, int(selector[1:])) if selector.startswith("=") else (CATEGORIES.index(selector), 0)


def _literal(text: str) -> str:
    """Quote what ICU would take for syntax (MessageFormat, ApostropheMode DOUBLE_OPTIONAL)."""

    def quoted(found: re.Match[str]) -> str:
        doubled = found[0].replace("'", "''")
        return f"'{doubled}'" if found["syntax"] else doubled

    return _SPECIAL.sub(quoted, text)


def _unquoted(found: re.Match[str]) -> str:
    return "'" if found[1] is None else found[1].replace("''", "'")


def _closing(text: str, place: int) -> int:
    """Where the arm that begins here ends; -1 where it does not."""
    depth = 1
    while place < len(text):
        quoted = _QUOTED.match(text, place)
        if quoted:
            place = quoted.end()
            continue
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place
        place += 1
    return -1

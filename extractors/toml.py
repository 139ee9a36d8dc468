"""TOML: reads the strings of all four kinds and writes others in their places, each in the kind it had where it fits."""

import re
import tomllib
from collections.abc import Iterator
from functools import partial
from typing import Any

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot, TextFormat, put
from extractors.toml_spans import DEEPEST, Place, Scanner, TooDeepError
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Finding
from tm_service.domain.units import Key, Locale

_WHERE = re.compile(r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)
_NON_ASCII_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u(?!00[0-7])|U)[0-9a-fA-F]{4}")
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_LINE_END = re.compile(r"\r?\n")


class Toml(TextFormat):
    """`.toml` files; a key is the path of tables, names and indices."""

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002 - one file, one language
        """One slot per string that is a value. Raises ExtractionError where the standard library's parser finds fault."""
        root = _parsed(page)
        end = _LINE_END.search(page.text)
        is_escaped = page.text.isascii() and _NON_ASCII_ESCAPE.search(page.text) is not None
        written = partial(_string, page.text, end[0] if end else "\n", is_escaped)
        try:
            for place in Scanner(page.text).strings():
                text = _at(root, place.key)
                yield Slot(
                    place.key, text, put(place.begin, place.end, partial(written, place)), about=about(place.comment)
                )
        except TooDeepError as error:
            raise _too_deep(page, error.args[0]) from None


def _parsed(page: Page) -> dict[str, Any]:
    try:
        return tomllib.loads(page.text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(page, str(error)) from None
    except RecursionError:
        raise _too_deep(page, _deep_place(page.text)) from None
    except ValueError:
        raise ExtractionError(page.path, 1, 1, "a number or a date in it is out of range; correct it") from None


def _refusal(page: Page, message: str) -> ExtractionError:
    found = _WHERE.fullmatch(message)
    reason = found["reason"] if found else message
    if found and found["line"]:
        return ExtractionError(page.path, int(found["line"]), int(found["column"]), f"this is no TOML: {reason}")
    return page.error(len(page.text), f"this is no TOML: {reason}")


def _too_deep(page: Page, place: int) -> ExtractionError:
    return page.error(place, f"arrays and tables are nested more than {DEEPEST} levels deep")


def _deep_place(text: str) -> int:
    """Where brackets first lie too deep; those in strings and comments count, as this file is refused anyway."""
    depth = 0
    for found in re.finditer(r"[\[\]{}]", text):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEEPEST:
            return found.start()
    return 0


def _at(root: dict[str, Any], key: Key) -> str:
    node: Any = root
    for name in key:
        node = node[int(name)] if isinstance(node, list) else node[name]
    return str(node)


def _string(page: str, newline: str, is_escaped: bool, place: Place, text: str) -> str:  # noqa: FBT001
    """Write a string in the quotes it had; where they cannot hold it, in those that can."""
    text = _SURROGATE.sub("\ufffd", text)
    quotes, lead = place.quotes, ""
    if quotes in ("'", "'''") and not _is_literal(text, quotes):
        quotes = quotes.replace("'", '"')
    if len(quotes) > 1:
        opening = _LINE_END.match(page, place.begin + 3)
        lead = newline if opening or text.startswith("\n") else ""
    if quotes[0] == '"':
        text = "".join(_letter(letter, is_escaped=is_escaped, is_long=len(quotes) > 1) for letter in text)
    if quotes == '"""':
        text = text.replace('"""', '""\\"')
        text = f'{text[:-1]}\\"' if text.endswith('"') else text
    return f"{quotes}{lead}{text.replace(chr(10), newline)}{quotes}"


def _is_literal(text: str, quotes: str) -> bool:
    """Whether a text can stand between these quotes as it is."""
    if _CONTROL.search(text):
        return False
    return "'" not in text and "\n" not in text if quotes == "'" else "'''" not in text and not text.endswith("'")


def _letter(letter: str, *, is_escaped: bool, is_long: bool) -> str:
    if is_long and letter in '"\n\t':
        return letter
    if letter in _SHORT:
        return _SHORT[letter]
    if _UNSAFE.match(letter) or (is_escaped and not letter.isascii()):
        return f"\\u{ord(letter):04x}" if letter <= "\uffff" else f"\\U{ord(letter):08x}"
    return letter

"""Strings of JavaScript: what a literal says, and how a text is written as one (ECMA-262 12.9.4)."""

import re

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))"  # 1 to 3 a code, 4 a character
)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_MUST = re.compile("[\\\\\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_END_TAG = re.compile(r"</(?=script|style|template|i18n)", re.IGNORECASE)  # would end the element that a string is in
_LETTERS = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\"}
_HIGHEST = 0x10FFFF


def js_value(inside: str) -> str:
    """What stands between the quotation marks, escapes undone."""
    if "\\" not in inside:
        return inside
    value = _ESCAPE.sub(_undone, inside)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def js_written(value: str, quote: str) -> str:
    """A text as it stands between these quotation marks."""
    written = _MUST.sub(lambda found: _LETTERS.get(found[0], f"\\u{ord(found[0]):04x}"), value)
    written = _END_TAG.sub(r"<\\/", written.replace(quote, f"\\{quote}"))
    return written.replace("${", "\\${") if quote == "`" else written


def _undone(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3]
    if digits:
        return chr(min(int(digits, 16), _HIGHEST))
    character = str(found[4])
    return "" if character in ("\n", "\r\n", "\u2028", "\u2029") else _SHORT.get(character, character)

r"""PHP strings: the four ways to write one, read and written as PHP's own scanner does.

Source: PHP manual, "Strings"; Zend/zend_language_scanner.l for escapes in heredocs, where `\"` is no escape.
"""

import re

_ESCAPE = re.compile(
    r"\\(?:(?P<bytes>[0-7]{1,3}|x[0-9a-fA-F]{1,2})|u\{(?P<code>[0-9a-fA-F]{1,6})\}|(?P<one>.))", re.DOTALL
)
_BYTES = re.compile(r"(?:\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}))+")
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "e": "\x1b", "f": "\f", "\\": "\\", "$": "$"}
_LONG = {text: f"\\{letter}" for letter, text in _SHORT.items() if letter != "$"}
_SINGLE_ESCAPE = re.compile(r"\\([\\'])")
_HEREDOC = re.compile(
    r"""(?P<open><<<[ \t]*(?P<quote>["']?)(?P<label>\w+)(?P=quote)[ \t]*)(?P<body>(?:\r\n|\r|\n).*?)?"""
    r"""(?P<end>\r\n|\r|\n)(?P<indent>[ \t]*)(?P=label)\Z""",
    re.DOTALL,
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_VARIABLE = re.compile(r"\$(?=[A-Za-z_{\x80-\U0010ffff])|(?<=\{)\$")
_DOLLAR = re.compile(r"\$")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def unquoted(raw: str) -> str:
    """The text of a string as it is written, quotes and all; it holds no variable."""
    raw = raw[_prefix(raw) :]
    if raw.startswith("'"):
        return _SINGLE_ESCAPE.sub(r"\1", raw[1:-1])
    if raw.startswith('"'):
        return _unescaped(raw[1:-1], '"')
    heredoc = _HEREDOC.match(raw)
    if heredoc is None:
        return ""
    lines = _LINE_END.split(heredoc["body"] or "")[1:]
    indent = len(heredoc["indent"])
    text = "\n".join(line[indent:] if not line[:indent].strip() else line for line in lines)
    return text if heredoc["quote"] == "'" else _unescaped(text, "")


def quoted(raw: str, text: str) -> str:
    """A text as it stands in the place of a string, written the same way where that can hold it."""
    prefix, raw = raw[: _prefix(raw)], raw[_prefix(raw) :]
    return prefix + _written(raw, _SURROGATE.sub("\ufffd", text))


def _prefix(raw: str) -> int:
    """How long the mark of a string of bytes is, which PHP reads and ignores."""
    return int(raw[:1] in ("b", "B"))


def _written(raw: str, text: str) -> str:
    dollars = _DOLLAR if "\\$" in raw else _VARIABLE
    if raw.startswith("'") and not _CONTROL.search(text):
        return "'" + re.sub(r"\\(?=[\\']|\Z)|'", r"\\\g<0>", text) + "'"
    heredoc = None if raw.startswith(("'", '"')) else _HEREDOC.match(raw)
    if heredoc is None or not _fits(heredoc["label"], text):
        return f'"{_escaped(text, dollars, quote=chr(34))}"'
    written = text if heredoc["quote"] == "'" else _escaped(text, dollars, quote="")
    newline, indent = heredoc["end"], heredoc["indent"]
    lines = [indent + line if line else "" for line in written.split("\n")]
    return newline.join([heredoc["open"], *lines, indent + heredoc["label"]])


def _fits(label: str, text: str) -> bool:
    """Whether a text can stand in a heredoc: it does not hold its end."""
    if not text or "\r" in text or _CONTROL.search(text):
        return False
    return re.search(rf"^[ \t]*{label}(?!\w)", text, re.MULTILINE) is None


def _unescaped(inside: str, quote: str) -> str:
    """Undo escapes; numbers are bytes of UTF-8."""

    def plain(found: re.Match[str]) -> str:
        if found["code"]:
            code = int(found["code"], 16)
            return chr(code) if code <= 0x10FFFF else found[0]  # noqa: PLR2004 - the last of Unicode
        one = found["one"]
        if one == quote:
            return one
        return _SHORT.get(one, found[0])

    def decoded(found: re.Match[str]) -> str:
        numbers = re.findall(r"\\(x?)([0-9a-fA-F]+)", found[0])
        return bytes(int(digits, 16 if mark else 8) & 0xFF for mark, digits in numbers).decode("utf-8", "replace")

    parts: list[str] = []
    place = 0
    while escape := _ESCAPE.search(inside, place):
        parts.append(inside[place : escape.start()])
        run = _BYTES.match(inside, escape.start()) if escape["bytes"] else None
        parts.append(decoded(run) if run else plain(escape))
        place = run.end() if run else escape.end()
    return "".join((*parts, inside[place:]))


def _escaped(text: str, dollars: re.Pattern[str], *, quote: str) -> str:
    """A text between double quotes, or in a heredoc, which keeps its lines."""

    def letter(character: str) -> str:
        if character == quote:
            return f"\\{character}"
        if character in "\n\t" and not quote:
            return character
        if character in _LONG:
            return _LONG[character]
        return f"\\x{ord(character):02x}" if _CONTROL.match(character) else character

    return "\\$".join("".join(map(letter, piece)) for piece in dollars.split(text))

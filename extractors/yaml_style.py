"""YAML style: how one text is written in the place of another, in the style that stands there where it can hold it."""

import re
from dataclasses import dataclass

from extractors.pages import Page
from extractors.yaml_spans import Scalar

_NARROWEST = 60  # characters that a line of a folded text has at least
_RESOLVED = re.compile(  # what a plain scalar means other than text, in YAML 1.1 or 1.2
    r"""~|null|Null|NULL|<<|=|
      |yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF
      |[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?)
      |[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?
      |[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
      |\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ ]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ ]*(?:Z|[-+]\d\d?(?::?\d\d)?))?)?""",
    re.VERBOSE,
)
_WORDS = frozenset(["y", "yes", "n", "no", "on", "off"])  # of YAML 1.1 alone
_NO_PLAIN = re.compile(r"[\s\-?:,\[\]{}#&*!|>'\"%@`.]|.*(?:: |:\Z| #|\s\Z)", re.DOTALL)
_NO_FLOW = re.compile(r"[,\[\]{}:]")
_UNPRINTABLE = re.compile("[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NON_ASCII_ESCAPE = re.compile(
    r"(?<!\\)(?:\\\\)*\\(?:x[89a-fA-F][0-9a-fA-F]|u(?!00[0-7])[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
)
_SHORT = {"\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e"}
_HEADER = re.compile(r"(?P<mark>[|>])(?P<said>[\d+-]*)(?P<rest>[^\r\n]*)(?:\r\n|\r|\n|\Z)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def is_text(scalar: Scalar, *, old_words: bool = True) -> bool:
    """Whether a scalar is a text: quoted, a block, or plain and nothing else; `yes` and `off` by `old_words`."""
    if scalar.tag:
        return scalar.tag in ("tag:yaml.org,2002:str", "!!str", "!")
    if scalar.style:
        return True
    if not old_words and scalar.text.lower() in _WORDS:
        return True
    return bool(scalar.text) and not _RESOLVED.fullmatch(scalar.text)


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes: its line ends, its quotes, and whether what is not ASCII is written in escapes."""

    newline: str
    quotes: str
    is_escaped: bool

    def written(self, page: Page, scalar: Scalar, text: str) -> str:
        """A text as it is to stand from the scalar's begin to its end."""
        if scalar.style in ("|", ">"):
            lead = page.text[: scalar.begin].rpartition("\n")[2]
            written = self._block(page.text[scalar.begin : scalar.end], scalar.text, text)
            # On a line of its own a block may stand as deep as its name, a string may not.
            return f" {written}" if written.startswith('"') and not lead.strip() else written
        gap = " " if scalar.begin == scalar.end and page.text[scalar.begin - 1].strip() else ""
        return gap + self.line(text, scalar.style, in_flow=scalar.in_flow)

    def line(self, text: str, style: str, *, in_flow: bool = False) -> str:
        """A text on one line."""
        fits = "\n" not in text and not _UNPRINTABLE.search(text) and not (self.is_escaped and not text.isascii())
        if not style and fits and _is_plain(text) and not (in_flow and _NO_FLOW.search(text)):
            return text
        if fits and (style or self.quotes) == "'":
            return "'" + text.replace("'", "''") + "'"
        return '"' + "".join(map(self._letter, text)) + '"'

    def _letter(self, letter: str) -> str:
        if letter in '"\\':
            return f"\\{letter}"
        if letter in _SHORT:
            return f"\\{_SHORT[letter]}"
        if not _UNPRINTABLE.match(letter) and (letter.isascii() or not self.is_escaped):
            return letter
        code = ord(letter)
        return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004

    def _block(self, raw: str, before: str, text: str) -> str:
        """A text as a block; in double quotes where no block of this indent can hold it."""
        lines = [line for line in _LINE.findall(raw) if line]
        header = _HEADER.match(raw)
        inside = lines[1:]
        while inside and not inside[-1].strip():
            inside.pop()
        blank = "".join(lines[1 + len(inside) :])
        end = self.newline if raw.endswith(("\n", "\r")) else ""
        content = text.rstrip("\n")
        digits = re.sub(r"\D", "", header["said"]) if header else ""
        first = content.lstrip("\n")[:1]
        indent = _indent(inside, before)
        if header is None or not indent or not content or _UNPRINTABLE.search(text) or (first in " \t" and not digits):
            return self.line(text, '"') + end + blank
        is_folded = header["mark"] == ">" and not re.search(r"\n[ \t]|\A[\n \t]", content)
        written = (
            _folded(content, max(_NARROWEST, *map(len, map(str.rstrip, inside))) - len(indent))
            if is_folded
            else content
        )
        newlines = len(text) - len(content)
        keeps = newlines > 1 or (newlines == 1 and "+" in header["said"])
        chomp = "+" if keeps else "-" if not newlines else ""
        said = digits + chomp if re.match(r"\d", header["said"]) else chomp + digits
        body = self.newline.join(indent + line if line else "" for line in written.split("\n"))
        after = self.newline * newlines if keeps else (end or self.newline * newlines) + blank
        return f"{'>' if is_folded else '|'}{said}{header['rest']}{self.newline}{body}{after}"


def style_of(page: Page, scalars: list[Scalar]) -> Style:
    """Read the style off a file's values."""
    end = re.search(r"\r\n|\r|\n", page.text)
    single, double = (sum(scalar.style == mark for scalar in scalars) for mark in "'\"")
    is_escaped = page.text.isascii() and _NON_ASCII_ESCAPE.search(page.text) is not None
    return Style(end[0] if end else "\n", "'" if single > double else '"', is_escaped)


def _is_plain(text: str) -> bool:
    if "\t" in text or text.lower() in _WORDS:
        return False
    return not _NO_PLAIN.match(text) and not _RESOLVED.fullmatch(text)


def _indent(lines: list[str], text: str) -> str:
    """The blanks that every line of a block begins with and its text does not; none where that cannot be told."""
    there, read = (next((line for line in each if line.strip()), "") for each in (lines, text.split("\n")))
    return " " * max(_lead(there) - _lead(read), 0)


def _lead(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _folded(text: str, width: int) -> str:
    """Break lines at single spaces; an end of line in the text is an empty line more."""
    paragraphs = (_wrapped(paragraph, width) for paragraph in re.split(r"(\n+)", text))
    return "".join(f"{part}\n" if part.startswith("\n") else part for part in paragraphs)


def _wrapped(paragraph: str, width: int) -> str:
    lines = [""]
    for word in re.split(r"(?<=\S) (?=\S)", paragraph):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n".join(lines)

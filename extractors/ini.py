"""INI: reads and writes the values of sections, quoted or not.

There is no standard; the rules are those of Python's configparser (sections, `=` and `:`, comments on lines of their own,
values that go on in deeper lines), and quotes around a whole value are the file's and not the text's, as in PHP.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot, TextFormat, put
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.units import Key, Locale

_LINE = re.compile(r"(?P<indent>[ \t]*)(?P<text>[^\r\n]*)(?:\r\n|\r|\n|\Z)")
_SECTION = re.compile(r"\[(?P<name>[^\]]*)\][ \t]*(?:[;#].*)?")
_OPTION = re.compile(r"(?P<name>[^=:]+)[=:][ \t]*")
_QUOTED = re.compile(
    r"""(?P<mark>["'])(?P<inside>(?:(?!(?P=mark))[^\\]|\\.)*)(?P=mark)[ \t]*(?:[;#](?P<comment>.*))?"""
)
_COMMENT = ("#", ";")
_JOINT = re.compile(r"(?:\r\n|\r|\n)[ \t]*\Z")
_BREAK = re.compile(r"[ \t]*[\r\n]\s*")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EDGES = " \t\r\n"


@dataclass(slots=True)
class _Option:
    """A value: its place and that of its deeper lines, its lines as written, what joins them, and the comments above."""

    key: Key
    indent: int
    begin: int
    end: int
    lines: list[str]
    joints: list[str] = field(default_factory=list)
    comment: str = ""


class Ini(TextFormat):
    """`.ini` and `.cfg` files; a key is the section, if any, and the name."""

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002 - one file, one language
        """One slot per option; lines that are nothing known are told."""
        odd: list[int] = []
        for option in _options(page, odd):
            quoted = _QUOTED.fullmatch(option.lines[0]) if not option.joints else None
            if quoted:
                begin, end = (option.begin + place for place in quoted.span("inside"))
                text = re.sub(rf"\\([\\{quoted['mark']}])", r"\1", quoted["inside"])
                comment = "\n".join(filter(None, (option.comment, (quoted["comment"] or "").strip())))
                yield Slot(option.key, text, put(begin, end, partial(_inside, quoted["mark"])), about=about(comment))
            else:
                text = "\n".join(option.lines)
                yield Slot(
                    option.key, text, put(option.begin, option.end, partial(_bare, option)), about=about(option.comment)
                )
        if odd:
            template = (
                "Line {line} is no [section], no name = value and no comment; {count} such lines are carried along."
            )
            line, _ = page.position(odd[0])
            yield replace(found("syntax", Severity.WARNING, template, line=line, count=len(odd)), path=page.path)


def _options(page: Page, odd: list[int]) -> Iterator[_Option]:
    """Every option of a file; the places of lines that are nothing known are added to `odd`."""
    section: Key = ()
    option: _Option | None = None
    comments: list[str] = []
    for line in _LINE.finditer(page.text):
        text, begin, indent = line["text"].rstrip(_EDGES), line.start("text"), len(line["indent"].expandtabs())
        if not text or text.startswith(_COMMENT):
            comments = [*comments, text.lstrip("#;").strip()] if text else []
            continue
        if option and indent > option.indent and not _QUOTED.fullmatch(option.lines[0]):
            option.joints.append(page.text[option.end : begin])
            option.lines.append(text)
            option.end = begin + len(text)
            comments = []
            continue
        if option:
            yield option
        option = None
        header, named = _SECTION.fullmatch(text), _OPTION.match(text)
        if header:
            section = (header["name"].strip(),)
        elif named:
            key = (*section, named["name"].rstrip(_EDGES))
            value = text[named.end() :]
            blanks = 0 if value else len(line["text"]) - len(text)  # between the mark and the lines below it
            start, end = begin + named.end() + blanks, begin + len(text) + blanks
            option = _Option(key, indent, start, end, [value], [], "\n".join(comments))
        else:
            odd.append(begin)
        comments = []
    if option:
        yield option


def _inside(mark: str, text: str) -> str:
    """A text between quotes: one line, its quotes escaped, its backslashes where they would escape something else."""
    line = _BREAK.sub(" ", _UNREADABLE.sub("", text))
    return re.sub(rf"\\(?=[\\{mark}]|\Z)|{mark}", r"\\\g<0>", line)


def _bare(option: _Option, text: str) -> str:
    """A text without quotes: on one line, or on lines of its own where the value had them."""
    text = _UNREADABLE.sub("", text)
    joint = _JOINT.search(option.joints[0]) if option.joints else None
    first, *rest = (line.strip(_EDGES) for line in re.split(r"\r\n|\r|\n", text))
    lines = [first]
    for line in filter(None, rest):
        if line.startswith(_COMMENT):  # on a line of its own it would be a comment
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    if joint and len(lines) > 1 and not _QUOTED.fullmatch(first):
        return joint[0].join(lines)
    line = " ".join(filter(None, lines))
    return f'"{_inside(chr(34), line)}"' if _QUOTED.fullmatch(line) else line

"""Markdown lines: what of a text would be read as more than text at the start of a line, and which lines are no Markdown."""

import re

# CommonMark 0.31, sections 4 and 5: what begins a block.
_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|"
    "figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|"
    "noframes|ol|optgroup|option|p|param|pre|script|search|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|title|"
    "tr|track|ul"
)
_BEGINS_BLOCK = re.compile(
    rf"""\#{{1,6}}(?=[ \t]|$) | > | [-+*](?=[ \t]|$) | =+[ \t]*$ | -+[ \t]*$ | ```|~~~
      | (?P<number>\d{{1,9}})[.)](?=[ \t]|$)
      | ([-*_])[ \t]*(?:\2[ \t]*){{2,}}$
      | <(?:[!?]|/?(?:{_NAMES})(?=[\s/>]|$))
      | \[[^\]\[]+\]:
      | (?=[|:\- \t]*-)[|:\- \t]+$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_DIRECTIVE = re.compile(r"[ \t]*(?::{3,}.*|\{%.*%\}|\{\{[<%].*[>%]\}\})[ \t]*")
_SCRIPT = re.compile(r"(?:import|export)[ \t{*\"']")
_TAG = re.compile(r"[ \t]*(?:</?(?:[A-Za-z][\w.:\-]*)?(?=[\s/>]|$)|\{)")
FRONT = re.compile(r"(?P<fence>---|\+\+\+)[ \t]*\n(?P<inside>(?:.*?\n)?)(?P=fence)[ \t]*(?:\n|\Z)", re.DOTALL)
LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|//.*")
_MARKS = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|/\*.*?\*/|[{}>]", re.DOTALL)
_LONGEST, _WIDEST = 200, 4000  # lines of one tag or script; characters of one tag


def guarded(line: str, *, scripted: bool = False) -> str:
    """A line of a paragraph, made safe where it would begin a block of another kind."""
    if scripted and _SCRIPT.match(line):
        return f"&#{ord(line[0])};{line[1:]}"  # a letter takes no backslash
    found = _BEGINS_BLOCK.match(line)
    if found is None:
        alone = _DIRECTIVE.fullmatch(line) or (scripted and _TAG.match(line) and _tag_end([line], 0))
        return f"\\{line}" if alone else line
    place = found.end("number") if found["number"] else 0
    if line[place] in "|: \t":
        place = line.index("-")
    return f"{line[:place]}\\{line[place:]}"


def unguarded(line: str, *, scripted: bool = False) -> str:
    """What `guarded` made this line of; the line itself where it made nothing."""
    place = line.find("\\")
    candidates = [line[:place] + line[place + 1 :]] if place >= 0 else []
    if scripted and line.startswith(("&#105;", "&#101;")):  # i, e
        candidates.append(chr(int(line[2:5])) + line[6:])
    return next((candidate for candidate in candidates if guarded(candidate, scripted=scripted) == line), line)


def front(text: str) -> int:
    """How many characters of the file, whose lines end in a line feed, are front matter."""
    found = FRONT.match(text)
    return found.end() if found else 0


def without_markup(text: str, *, scripted: bool) -> str:
    """The file with lines that are no Markdown made blank: front matter, directives, and scripts and tags of MDX."""
    begin = front(text)
    lines = ["", *[""] * (text.count("\n", 0, begin) - 1)] if begin else []
    rest = text[begin:].split("\n")
    masked = _masked(rest, scripted=scripted)
    return "\n".join([*lines, *("" if number in masked else line for number, line in enumerate(rest))])


def _masked(lines: list[str], *, scripted: bool) -> set[int]:
    masked: set[int] = set()
    fence = ""
    number = 0
    while number < len(lines):
        line, until = lines[number], number + 1
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not line[found.end() :].strip():
                fence = ""
        elif found:
            fence = found[1]
        elif _DIRECTIVE.fullmatch(line):
            masked.add(number)
        elif scripted and (_SCRIPT.match(line) or _TAG.match(line)):
            until = _script_end(lines, number) if _SCRIPT.match(line) else _tag_end(lines, number)
            masked.update(range(number, until))
            until = max(until, number + 1)
        number = until
    return masked


def _script_end(lines: list[str], begin: int) -> int:
    """The line after a script that begins here: the first blank one outside of its brackets."""
    depth, last = 0, min(len(lines), begin + _LONGEST)
    for number in range(begin, last):
        code = _QUOTED.sub("", lines[number])
        depth += sum(code.count(mark) for mark in "([{") - sum(code.count(mark) for mark in ")]}")
        if depth <= 0 and (number + 1 == len(lines) or not lines[number + 1].strip()):
            return number + 1
    return last


def _tag_end(lines: list[str], begin: int) -> int:
    """The line after a tag or an expression that begins here and has its lines to itself; `begin` where it has not."""
    block = "\n".join(lines[begin : begin + _LONGEST])[:_WIDEST]
    is_tag, depth = block.lstrip().startswith("<"), 0
    for found in _MARKS.finditer(block):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth == 0 and found[0] == (">" if is_tag else "}"):
            rest = block[found.end() :].partition("\n")[0]
            return begin if rest.strip() else begin + block.count("\n", 0, found.end()) + 1
    return begin

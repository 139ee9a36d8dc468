"""Codes of templates: where each begins and ends, and what it is to the sentence around it."""

import re
from collections.abc import Iterator

from extractors.html_tokens import Code, Role

_QUOTED = r"""(?:[^"'{close}]|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|{other})*+"""
_MUSTACHE = re.compile(r"\{\{" + _QUOTED.format(close="}", other=r"\}(?!\})") + r"\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%" + _QUOTED.format(close="%", other=r"%(?!\})") + r"%\}", re.DOTALL)
_WORD = re.compile(r"\w+")
_JINJA_PARTS = frozenset(["else", "elif", "elseif", "elsif", "when", "case", "default", "empty", "pluralize"])
_JINJA_OPENS = frozenset(
    [
        "if",
        "for",
        "foreach",
        "block",
        "macro",
        "call",
        "filter",
        "with",
        "autoescape",
        "unless",
        "ifchanged",
        "spaceless",
        "apply",
        "embed",
        "raw",
        "verbatim",
        "switch",
        "sandbox",
        "ifequal",
        "ifnotequal",
        "cache",
        "thumbnail",
        "asyncEach",
        "asyncAll",
        "ifAsync",
        "language",
        "localize",
        "timezone",
    ]
)
_FROM_CATALOG = ("trans", "blocktrans", "blocktranslate", "translate")
_ANGULAR_WORDS = "if|else if|else|for|empty|switch|case|default|defer|placeholder|loading|error"
_REGEX_BEFORE = frozenset("(,=:[!&|?{};+-*%<>~^")
_WORDS_BEFORE_PATTERN = frozenset(["return", "typeof", "case", "in", "of"])
_BEFORE = re.compile(r"(?:\w+|\S)(?=\s*\Z)")
_PATTERN = re.compile(r"/(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*+\])++/")
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'""", re.DOTALL)
_IN_TEMPLATE = re.compile(r"\\.|`|\$\{", re.DOTALL)
_JS_TOKEN = re.compile(r"""["'`{}()\[\]/]""")
_BRACE = re.compile(r"[{}]")
_PARAMETERS = re.compile(r"\s*(?=\()")
_BLOCK = re.compile(r"\s*\{")
_COMMENT_END = re.compile(r"\{%[-+~]?\s*endcomment\b[^%]*%\}")

JINJA = re.compile(r"\{\{|\{%|\{#")
EJS = re.compile(r"<%")
HANDLEBARS = re.compile(r"\{\{")
BRACES = re.compile(r"\{\{")
ANGULAR = re.compile(
    rf"\{{\{{|\{{(?=\s*[^{{}},]{{1,200}},\s*(?:plural|select|selectordinal)\s*,)|\}}|(?<!\w)@(?:{_ANGULAR_WORDS}|let)\b"
)
SVELTE = re.compile(r"\{")


def plain_braces(text: str, place: int, found: re.Match[str]) -> Code | None:  # noqa: ARG001
    """`{{ x }}` as Vue and AngularJS read it: to the first `}}`; without one it is text."""
    end = text.find("}}", place + 2)
    return Code(end + 2, Role.VALUE, "value") if end >= 0 else None


def jinja(text: str, place: int, found: re.Match[str]) -> Code | None:
    """Jinja, Nunjucks, Twig, Liquid and Django: values, statements, comments, and what belongs to gettext."""
    if found[0] == "{#":
        end = text.find("#}", place)
        return Code(end + 2 if end >= 0 else -1, Role.NOTE, note=text[place + 2 : end].strip("-~"))
    pattern, closing = (_MUSTACHE, "}}") if found[0] == "{{" else (_STATEMENT, "%}")
    whole = pattern.match(text, place)
    end = whole.end() if whole else text.find(closing, place) + 2
    if end < place + 2:
        return Code(-1, Role.VALUE)
    return Code(end, Role.VALUE, "value") if found[0] == "{{" else _statement(text, place, end)


def _statement(text: str, place: int, end: int) -> Code:
    word = _WORD.search(text, place, end)
    name = word[0] if word else ""
    after = text[word.end() : end].lstrip() if word else ""
    if name in _FROM_CATALOG and not after.startswith(('"', "'", "_(")):
        ending = re.compile(rf"\{{%[-+~]?\s*end{name}\b[^%]*%\}}").search(text, end)
        return Code(ending.end() if ending else -1, Role.VALUE, name)
    if name == "comment":
        ending = _COMMENT_END.search(text, end)
        return Code(ending.end() if ending else -1, Role.NOTE, note=text[end : ending.start()] if ending else "")
    called = _WORD.match(after)
    if called and name in ("block", "macro"):
        return Code(end, Role.OPENS, f"{name}-{called[0]}")
    return Code(end, _jinja_role(name, after), name.removeprefix("end"))


def _jinja_role(name: str, after: str) -> Role:
    if name.startswith("end"):
        return Role.CLOSES
    if name in _FROM_CATALOG:
        return Role.VALUE
    if name == "set":
        return Role.STATEMENT if "=" in after else Role.OPENS
    return Role.PARTS if name in _JINJA_PARTS else Role.OPENS if name in _JINJA_OPENS else Role.STATEMENT


def ejs(text: str, place: int, found: re.Match[str]) -> Code | None:  # noqa: ARG001
    """EJS: `<%= x %>`, `<%- x %>`, `<%# note %>`, and pieces of JavaScript whose braces say what they begin and end."""
    if text.startswith("<%%", place):
        return None
    end = text.find("%>", place)
    if end < 0:
        return Code(-1, Role.VALUE)
    mark, inside = text[place + 2 : place + 3], text[place + 2 : end].strip("-_ \t\r\n")
    if mark in "=-":
        return Code(end + 2, Role.VALUE, "value")
    if mark == "#":
        return Code(end + 2, Role.NOTE, note=inside.removeprefix("#"))
    word = _WORD.search(inside)
    name, lowest, depth = word[0] if word else "", 0, 0
    for bracket, _ in _brackets_at(inside, 0):
        if bracket in "{}":
            depth += 1 if bracket == "{" else -1
            lowest = min(lowest, depth)
    if lowest < 0:
        return Code(end + 2, Role.PARTS if depth > lowest else Role.CLOSES, name)
    return Code(end + 2, Role.OPENS if depth else Role.STATEMENT, name)


def handlebars(text: str, place: int, found: re.Match[str]) -> Code | None:  # noqa: ARG001
    """Handlebars and Mustache: values, blocks, partials and comments."""
    if text.startswith("{{!--", place):
        end = text.find("--}}", place + 5)
        return Code(end + 4 if end >= 0 else -1, Role.NOTE, note=text[place + 5 : end])
    closing = "}}}" if text.startswith("{{{", place) else "}}"
    whole = _MUSTACHE.match(text, place) if closing == "}}" else None
    end = whole.end() - 2 if whole else text.find(closing, place + len(closing))
    if end < 0:
        return Code(-1, Role.VALUE)
    inside = text[place + len(closing) : end].strip("~ \t\r\n")
    end += len(closing)
    mark, word = inside[:1], _WORD.search(inside)
    name = word[0] if word else "value"
    if mark == "!":
        return Code(end, Role.NOTE, note=inside[1:])
    if mark == "^":
        return Code(end, Role.OPENS if word else Role.PARTS, name)
    if name == "else" and mark == "e":
        return Code(end, Role.PARTS, name)
    role = {"#": Role.OPENS, "/": Role.CLOSES, ">": Role.STATEMENT}.get(mark, Role.VALUE)
    return Code(end, role, name)


def angular(text: str, place: int, found: re.Match[str]) -> Code | None:
    """Angular: interpolations, ICU expressions, and control flow as `@if (x) {` and `}`."""
    if found[0] == "{{":
        first = text.find("}}", place) + 2
        whole = _MUSTACHE.match(text, place) if first > place else None
        return Code(whole.end() if whole else first, Role.VALUE, "value") if first > place else None
    if found[0] == "{":
        return Code(_closing_brace(text, place), Role.TEXT, "icu")
    if found[0] == "}":
        return Code(place + 1, Role.CLOSES)
    if found[0] == "@let":
        end = text.find(";", place)
        return Code(end + 1 if end >= 0 else -1, Role.STATEMENT, "let")
    end = found.end()
    parameters = _PARAMETERS.match(text, end)
    if parameters:
        end = closing(text, parameters.end())
        if end < 0:
            return Code(-1, Role.OPENS)
    brace = _BLOCK.match(text, end)
    return Code(brace.end(), Role.OPENS, found[0][1:].replace(" ", "-")) if brace else None


def svelte(text: str, place: int, found: re.Match[str]) -> Code | None:  # noqa: ARG001
    """Svelte: expressions in braces and blocks."""
    end = closing(text, place, place + 2 if text[place + 1 : place + 2] in ("#", ":", "/", "@") else 0)
    if end < 0:
        return Code(-1, Role.VALUE)
    inside = text[place + 1 : end - 1].lstrip()
    word = _WORD.search(inside)
    name = word[0] if word else "value"
    if inside.startswith("@") and name not in ("html", "render"):
        return Code(end, Role.STATEMENT, name)
    if inside.startswith(("/*", "//")):
        return Code(end, Role.NOTE, note=inside.strip("/* \t\r\n"))
    role = {"#": Role.OPENS, ":": Role.PARTS, "/": Role.CLOSES}.get(inside[:1], Role.VALUE)
    return Code(end, role, name)


def closing(text: str, place: int, inside: int = 0) -> int:
    """Where the bracket of JavaScript that begins at `place` ends, strings, comments and patterns skipped; -1 where never.

    JavaScript begins `inside`, where that is not right at the bracket.
    """
    depth = 1 if inside else 0
    for bracket, at in _brackets_at(text, inside or place):
        depth += 1 if bracket in "{([" else -1
        if depth == 0:
            return at + 1
    return -1


def _brackets_at(text: str, place: int) -> Iterator[tuple[str, int]]:
    """Brackets of JavaScript in order, those in strings, comments, patterns and templates left out."""
    depth, templates, in_template = 0, list[int](), False
    while found := (_IN_TEMPLATE if in_template else _JS_TOKEN).search(text, place):
        mark, place = found[0], found.end()
        if in_template:
            in_template = mark[0] == "\\"
            if mark == "${":
                templates.append(depth)
                depth += 1
        elif mark == "`":
            in_template = True
        elif mark in "\"'/":
            place = _skipped(text, found.start())
            if place < 0:
                return
        elif mark in "{([":
            depth += 1
            yield mark, found.start()
        else:
            depth -= 1
            if templates and templates[-1] == depth:
                templates.pop()
                in_template = True
            else:
                yield mark, found.start()


def _skipped(text: str, place: int) -> int:
    """The end of the string, comment or pattern that begins here, or of the slash that only divides; -1 where it has none."""
    if text.startswith("//", place):
        end = text.find("\n", place)
        return len(text) if end < 0 else end
    if text.startswith("/*", place):
        end = text.find("*/", place + 2)
        return end + 2 if end >= 0 else -1
    if text[place] == "/":
        before = _BEFORE.search(text, max(0, place - 40), place)
        is_pattern = before is None or before[0] in _REGEX_BEFORE or before[0] in _WORDS_BEFORE_PATTERN
        pattern = _PATTERN.match(text, place) if is_pattern else None
        return pattern.end() if pattern else place + 1
    string = _STRING.match(text, place)
    return string.end() if string else -1


def _closing_brace(text: str, place: int) -> int:
    depth = 0
    for found in _BRACE.finditer(text, place):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    return -1

"""Likeness: all the ways a placeholder, a link or an entity comes back damaged and can still be only itself."""

import re
from functools import lru_cache
from html.entities import html5

from tm_service.checks.repair.tags import GAP, INVISIBLE
from tm_service.domain.text import Code, CodeKind

_UNSEEN = f"[{INVISIBLE}]{{0,8}}"
_ZEROS = (0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xFF10)  # first digits of the scripts that keyboards and tools put in
_TWINS = dict(zip("acehikmopstxy", "асеһікморѕтху", strict=True))  # Cyrillic letters that look like Latin ones
_FULL_WIDTH = 0xFEE0
_BRACES = re.compile(r"(\$?)(\{{1,2})(.*?)\}{1,2}", re.DOTALL)
_PRINTF = re.compile(r"%(?:\((?P<name>[^)]*)\)|(?P<place>\d+)\$)?(?P<format>[-+0]?\d*(?:\.\d+)?)(?P<kind>[A-Za-z@])")
_LINK = re.compile(r"@(?P<format>\.[a-z]+)?:(?P<key>.+)", re.DOTALL)
_LETTERS = r"A-Za-z0-9_À-ɏ\u0400-\u04ff"  # of scripts that write no word right after another
_NO_LETTER = rf"(?![{_LETTERS}'’])"


def shape(code: Code) -> str:
    """How a placeholder or link is fenced; only those of one shape can be taken for one another."""
    begin = re.match(r"\$\{|\{\{|\{|%\(|%\d+\$|%|@", code.data)
    return re.sub(r"\d+", "", begin[0]) if begin else ""


@lru_cache(maxsize=1 << 10)
def likeness(code: Code) -> re.Pattern[str] | None:
    """A pattern of everything that reads as this code; None for tags and bars, which are read elsewhere."""
    pattern = ""
    if code.kind is CodeKind.ENTITY:
        return _entity(code.data[1:-1])
    if code.kind is CodeKind.LINK:
        pattern = _link(code.data)
    elif code.kind is CodeKind.PLACEHOLDER:
        pattern = _braces(code.data) if code.data.startswith(("{", "$")) else _printf(code.data)
    return re.compile(pattern, re.IGNORECASE) if pattern else None


def _braces(data: str) -> str:
    """A name in braces: with spaces, full width, digits of another script, doubled braces, one brace lost."""
    fenced = _BRACES.fullmatch(data)
    if fenced is None:
        return ""
    name = _loosely(fenced[3].strip())
    begin = rf"[$＄]{GAP}[{{｛]{{1,2}}" if fenced[1] else r"(?<![$＄{｛])[{｛]{1,3}"
    whole = rf"{begin}{GAP}{name}{GAP}[}}｝]{{1,3}}"
    no_end = rf"{begin}{GAP}{name}(?!{GAP}[}}｝])(?![{_LETTERS},:)\]>])(?![.\-]\w)"
    no_begin = rf"(?<![{_LETTERS}.$＄{{｛(\[<\-])(?<![{{｛]\s)(?<!\d){name}{GAP}[}}｝]{{1,3}}"
    return f"{whole}|{no_end}" if fenced[1] else f"{whole}|{no_end}|{no_begin}"


def _printf(data: str) -> str:
    """A percent code: set apart, full width, the Arabic percent sign; never the sign of a percentage."""
    parts = _PRINTF.fullmatch(data)
    if parts is None:
        return ""
    begin = r"(?<![\d%％٪])(?<!\d[ \u00a0\u202f])[%％٪]"
    middle = ""
    if parts["name"] is not None:
        middle = rf"\s?[(（]{GAP}{_loosely(parts['name'])}{GAP}[)）]"
    elif parts["place"]:
        middle = rf"\s?{_loosely(parts['place'])}\s?[$＄]"
    kind = _loosely(parts["kind"])
    return rf"{begin}{_UNSEEN}{middle}\s?{_loosely(parts['format'])}(?-i:{kind}){_NO_LETTER}"


def _link(data: str) -> str:
    """A link to another text: blanks within, full width signs."""
    parts = _LINK.fullmatch(data)
    if parts is None:
        return ""
    middle = rf"{GAP}{_loosely(parts['format'])}" if parts["format"] else ""
    return rf"[@＠]{middle}{GAP}[:：]{GAP}{_loosely(parts['key'], GAP)}(?![A-Za-z0-9_\-])(?!\.\w)"


@lru_cache(maxsize=1 << 10)
def _entity(name: str) -> re.Pattern[str]:
    """An entity escaped again, with blanks in it, without its semicolon; a bare `&` where it stands for itself."""
    said = re.escape(name)
    again = rf"(?:{GAP}amp(?:{GAP}[;；])?)*"
    repeated = rf"[&＆]{again}{GAP}{said}{GAP}[;；]"
    unended = rf"[&＆]{again}{GAP}{said}(?![A-Za-z0-9]*[;；])(?!{GAP}[;；])"
    bare = r"|&(?!\s*#?[A-Za-z0-9]+\s*[;；])(?!amp)" if name == "amp" else ""
    other_cases = {f"{name.lower()};", f"{name.upper()};", f"{name.title()};"} - {f"{name};"}
    flags = 0 if other_cases & html5.keys() else re.IGNORECASE
    return re.compile(repeated + "|" + unended + bare, flags)


def _loosely(text: str, between: str = _UNSEEN) -> str:
    """A pattern of this text in any case, width and digits, with what shows nothing between its characters."""
    return between.join(map(_character, re.sub(r"\s+", " ", text)))


def _character(character: str) -> str:
    if character == " ":
        return GAP
    forms = {character}
    if character.isascii():
        forms.add(chr(ord(character) + _FULL_WIDTH))
    if character in "0123456789":
        forms |= {chr(zero + int(character)) for zero in _ZEROS}
    forms.add(_TWINS.get(character.lower(), character))
    escaped = r"\\?" if character == "_" else ""
    return f"{escaped}[{''.join(map(re.escape, sorted(forms)))}]"

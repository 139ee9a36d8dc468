"""Fitting: a served text made fit for the place it goes to, so that nothing outside of it changes.

A translation may hold what its source holds, and plain formatting; nobody puts a block, a script or an event into a page by
translating a sentence of it, and no tag stays open behind its end.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping

from tm_service.domain.articles import Segment, TextField
from tm_service.domain.text import Code, CodeKind, parse

_TAG = re.compile(r"""<(/?)([A-Za-z][\w:-]*)((?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>=`]+))?)*)\s*/?>""")
_ATTRIBUTE = re.compile(r"""([\w:@.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?""")
_FORMATTING = frozenset(
    ["b", "bdi", "br", "cite", "em", "i", "mark", "q", "s", "small", "strong", "sub", "sup", "u", "wbr"]
)
_ALONE = frozenset(["area", "br", "img", "input", "wbr"])
_EVERYWHERE = frozenset(["dir", "lang"])
_RUNS = re.compile(r"[\s\x00-\x20]*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")


def fitted(field: TextField, texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by segment id as they may stand in a field: between quotes, or within a block of HTML; a plain field takes any."""
    made = dict(texts)
    if field.rich:
        for segment in field.segments:
            text = texts.get(segment.id, segment.text)
            if text != segment.text:
                made[segment.id] = _in_place(segment, text)
    return made


def _in_place(segment: Segment, text: str) -> str:
    if not segment.attribute:
        return in_block(text, segment.text)
    # What is a caption and an attribute is a string of JSON in it (Trix).
    is_json = segment.note == "caption"
    return in_quotes(json.dumps(text, ensure_ascii=False)[1:-1] if is_json else text)


def in_quotes(text: str) -> str:
    """A text as the value of an attribute, whichever quotes stand around it."""
    return text.translate({ord('"'): "&quot;", ord("'"): "&#39;", ord("<"): "&lt;", ord(">"): "&gt;"})


def in_block(text: str, source: str) -> str:
    """A text as a part of a block: with the tags of its source, plain formatting, and every element closed.

    Other tags become visible characters. A tag that the source leaves open, because it is closed elsewhere, may stay so.
    """
    if "<" not in text:
        return text
    given, ours = parse(text).parts, parse(source).codes
    known = {code.data for code in ours}
    loose = [code.data for code in ours if not code.pair]
    attributes = _attributes(known)
    made: list[str] = []
    open_: list[str] = []
    refused: set[int] = set()
    for part in given:
        if isinstance(part, str):
            made.append(_MARKUP.sub("&lt;", part))
        elif part.data[0] != "<":
            made.append(part.data)
        elif part.kind is CodeKind.CLOSE and part.pair not in refused:
            made.append(f"</{_name(part.data)}>")
        elif part.pair in refused or not (part.data in known or _may_stand(part, attributes)):
            refused.add(part.pair or -1)
            made.append(_shown(part.data))
        elif part.data in loose:
            loose.remove(part.data)
            made.append(part.data)
        elif part.pair or _name(part.data) in _ALONE:
            made.append(part.data)
        elif not part.data.startswith("</"):
            made.append(part.data)
            open_.append(f"</{_name(part.data)}>")
    return "".join([*made, *reversed(open_)])


def _may_stand(code: Code, known: Mapping[str, Collection[str]]) -> bool:
    """Whether a tag that the source does not have may be in its translation."""
    tag = _TAG.fullmatch(code.data)
    if tag is None:
        return False
    name = tag[2].lower()
    if name not in _FORMATTING and name not in known:
        return False
    return all(
        attribute in _EVERYWHERE or (attribute in known.get(name, ()) and not _RUNS.match(value))
        for attribute, value in _said(tag[3])
    )


def _attributes(tags: Collection[str]) -> dict[str, set[str]]:
    """Which attributes the elements of a source have."""
    found: dict[str, set[str]] = {}
    for data in tags:
        tag = _TAG.fullmatch(data)
        if tag:
            found.setdefault(tag[2].lower(), set()).update(name for name, _ in _said(tag[3]))
    return found


def _said(written: str) -> Iterator[tuple[str, str]]:
    for found in _ATTRIBUTE.finditer(written):
        yield found[1].lower(), next((value for value in found.groups()[1:] if value is not None), "")


def _name(tag: str) -> str:
    found = re.match(r"</?([\w:-]+)", tag)
    return found[1].lower() if found else ""


def _shown(tag: str) -> str:
    return tag.replace("<", "&lt;").replace(">", "&gt;")

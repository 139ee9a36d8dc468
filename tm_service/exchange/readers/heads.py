"""Heads: what a file is, told by how it begins and never by its name."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree

from tm_service.domain.errors import ReturnRejected
from tm_service.exchange.guard import pieces

HEAD = 1 << 16  # bytes that are looked at
_LONGEST_CHARACTER = 4  # bytes, in any encoding
_ELEMENTS = 400  # of them that are looked at
_SPACE = "{http://www.w3.org/XML/1998/namespace}"
_PROLOGUE = re.compile(r"\s*(?:<\?.{0,500}?\?>\s*|<!--.{0,5000}?-->\s*)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!\s*DOCTYPE\s+([\w:.\-]{1,40})[^<>\[]{0,500}(\[?)", re.IGNORECASE)
_SOURCES = ("source-language", "srcLang", "srclang")
_TARGETS = ("target-language", "trgLang")
_VARIANTS = ("lang", f"{_SPACE}lang")


@dataclass(frozen=True, slots=True)
class Head:
    """How a file begins.

    `root` and `namespace` are those of its first element, `namespaces` all that it declares; empty where the file is no XML.
    `doctype` is the name in its DOCTYPE. `source` and `target` are the first codes of languages it says; `first` is its first
    characters.
    """

    root: str = ""
    namespace: str = ""
    namespaces: frozenset[str] = frozenset()
    doctype: str = ""
    source: str = ""
    target: str = ""
    first: str = ""


def head_of(content: bytes) -> Head:
    """Look at the beginning of a file; what cannot be read has an empty head."""
    return _head(content[:HEAD])


@lru_cache(maxsize=1)  # each file is looked at twice in a row: whether it is wanted, then what it is
def _head(beginning: bytes) -> Head:
    text = _decoded(beginning)
    start = _PROLOGUE.sub("", text, count=1)
    doctype = _DOCTYPE.match(start)
    if doctype:
        # Nothing behind an internal subset is looked at: what stands there may not be what it seems.
        start = "" if doctype[2] else start[doctype.end() :].lstrip("> \t\r\n")
    return _looked_at(text, start, doctype[1] if doctype else "")


def _decoded(content: bytes) -> str:
    """Text of a beginning, its last character left out where it was cut; empty where it is no text."""
    for cut in range(_LONGEST_CHARACTER):
        try:
            return next(pieces("", content[: len(content) - cut]), "")
        except ReturnRejected:
            if len(content) < HEAD:
                break
    return ""


def _looked_at(text: str, start: str, doctype: str) -> Head:
    if not start.startswith("<"):
        return Head(doctype=doctype, first=text)
    parser = etree.XMLPullParser(
        events=("start",), encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    with suppress(etree.XMLSyntaxError):  # what was read before is told; the whole is judged by who reads it
        parser.feed(start.encode())
    elements: list[Any] = [element for _, element in islice(parser.read_events(), _ELEMENTS)]
    if not elements:
        return Head(doctype=doctype, first=text)
    tag = etree.QName(elements[0])
    targets = _TARGETS
    source = _language(elements, _SOURCES, "*all*")
    if tag.localname == "tmx":  # an entry's own source language goes before the header's
        targets = _VARIANTS
        entries = [element for element in elements if not str(element.tag).endswith("header")]
        source = _language(entries, _SOURCES, "*all*") or source or _language(entries, _VARIANTS)
    return Head(
        root=tag.localname,
        namespace=tag.namespace or "",
        namespaces=frozenset(elements[0].nsmap.values()),
        doctype=doctype,
        source=source,
        target=_language(elements, targets, source),
        first=text,
    )


def _language(elements: list[Any], names: tuple[str, ...], other: str = "") -> str:
    """The first language that one of these attributes says, and that is another one."""
    said = (str(element.get(name, "")) for element in elements for name in names)
    return next((code for code in said if code and code.casefold() != other.casefold()), "")

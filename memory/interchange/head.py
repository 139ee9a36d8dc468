"""Head: what stands before the entries of a TMX file, and whether it is one that may be read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from memory.interchange.intake import Limits, attributes, brief, inside, parser, reason, tokens, undeclared
from tm_service.domain.errors import ReturnRejected

_DOCTYPE = re.compile(
    rb"""<!DOCTYPE\s+tmx\s+(?:SYSTEM|PUBLIC\s+(?:"[\w\-/:.,+ ]{1,100}"|'[\w\-/:.,+ ]{1,100}'))"""
    rb"""\s+(?:"tmx1[1-4][ab]?\.dtd"|'tmx1[1-4][ab]?\.dtd')\s*>""",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the entries: the root's namespaces, and attributes and properties of the `header`."""

    namespaces: Mapping[str, str]
    attributes: Mapping[str, str]
    properties: Mapping[str, str]


def read_head(name: str, blocks: Iterator[bytes], limits: Limits) -> tuple[Head, bytes, int]:
    """The head of a TMX file, the bytes read beyond it, and the line they begin in. Raises ReturnRejected."""
    read, end = b"", -1
    while end < 0 and len(read) <= limits.head and (block := next(blocks, b"")):
        read += block
        body = next((token for token in tokens(read) if token[1] == b"body"), None)
        end = read.find(b">", body.end()) + 1 or -1 if body else -1
    if not read.strip():
        raise ReturnRejected(f"{name} is empty; export the memory again.")
    head = _without_doctype(name, undeclared(read[: end if end >= 0 else None]))
    root = next(tokens(head), None)
    if root is None or root[1] != b"tmx":
        what = f"<{brief(root[1].decode('utf-8', 'replace'), 60)}>, not TMX" if root else "not XML"
        raise ReturnRejected(f"{name} is {what}; export the memory as TMX 1.4.")
    if end < 0:
        raise ReturnRejected(f"{name} has no <body> in its first {limits.head} bytes; export the memory again.")
    tree = _parsed(name, head + (b"</tmx>" if head.endswith(b"/>") else b"</body></tmx>"))
    if not tree.get("version", "1").startswith("1"):
        raise ReturnRejected(f"{name} is TMX {brief(tree.get('version', ''), 20)}; export the memory as TMX 1.4.")
    return _head(tree), read[end:], 1 + head.count(b"\n")


def _without_doctype(name: str, head: bytes) -> bytes:
    """The head without its DOCTYPE, line ends kept; it may be the plain reference only, which is never loaded."""
    declared = [token.start() for token in tokens(head) if token[0] == b"<!"]
    if not declared:
        return head
    doctype = _DOCTYPE.match(head, declared[0])
    if doctype is None or len(declared) > 1:
        raise ReturnRejected(
            f'{name} declares more than <!DOCTYPE tmx SYSTEM "tmx14.dtd">, which is not read; export it without.'
        )
    return head[: doctype.start()] + b"\n" * doctype[0].count(b"\n") + head[doctype.end() :]


def _parsed(name: str, head: bytes) -> etree._Element:
    try:
        return etree.fromstring(head, parser())
    except etree.XMLSyntaxError as error:
        raise ReturnRejected(
            f"{name} is not well-formed XML before its first entry ({reason(error)}, line {error.lineno}); "
            "export it again."
        ) from None


def _head(root: etree._Element) -> Head:
    header = root.find("{*}header")
    namespaces = {prefix: address for prefix, address in root.nsmap.items() if prefix}
    if header is None:
        return Head(namespaces, {}, {})
    properties = {prop.get("type", ""): inside(prop) for prop in header.iterfind("{*}prop")}
    return Head(namespaces, attributes(header), properties)

"""JSON messages: reads the texts of a JSON file and writes it again with others in their places."""

import json
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from extractors.json_dialects import DIALECTS
from extractors.json_spans import TOKEN, Span, Splice, scan, splice, unquoted, walk
from extractors.json_style import last_member, style_of
from tm_service.domain.errors import ConfigurationError, ExtractionError
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import CatalogFile, Document, Key, Resource, Unit, key_text

DEEPEST = 100  # levels of objects and arrays
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_REASONS = {
    "Expecting value": "a value is missing here",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing here",
    "Illegal trailing comma before end of object": "a comma stands before the end of the object",
    "Illegal trailing comma before end of array": "a comma stands before the end of the array",
    "Expecting ':' delimiter": "a colon is missing after the key",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing here",
    "Unterminated string starting at": "the string that begins here has no closing quote",
    "Invalid control character at": "a line break, tab or other control character stands unescaped in a string",
    "Invalid \\escape": "the backslash here begins no escape that JSON knows",
    "Invalid \\uXXXX escape": "four hexadecimal digits are missing after \\u",
    "Extra data": "something follows after the end of the document",
}


class JsonMessages:
    """Message files: objects and arrays of strings, nested at will; a key is the path of names and indices."""

    def __init__(self, dialect: str = "") -> None:
        if dialect not in DIALECTS:
            known = ", ".join(f'"{name}"' for name in DIALECTS)
            raise ConfigurationError(f'The json extractor has no dialect "{dialect}"; it has {known}.')
        self._dialect = DIALECTS[dialect]

    def extract(self, document: Document) -> Resource:
        """Find every non-blank string, in file order. Raises ExtractionError."""
        text = _decoded(document)
        units: list[Unit] = []
        findings: list[Finding] = []
        for key, node in self._nodes(document.path, text, _parsed(document.path, text)):
            if isinstance(node, str):
                if node.strip():
                    units.append(Unit(document.path, key, node))
            elif isinstance(node, _Doubled):
                findings += _doubled(document.path, key, node)
        if _SURROGATE_ESCAPE.search(text):
            findings += _lone_surrogates(units)
        return Resource(document, tuple(units), tuple(findings))

    def read(self, document: Document) -> CatalogFile:
        """Read every string by key, blank ones included, and what the dialect says of them. Raises ExtractionError."""
        text = _decoded(document)
        root = _parsed(document.path, text)
        values = {key: node for key, node in self._nodes(document.path, text, root) if isinstance(node, str)}
        block = root.get(self._dialect.block) if isinstance(root, dict) else None
        return self._dialect.read(values, block)

    def merge(self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None = None) -> bytes:
        """Splice the served texts into the source document; nothing served and no stamp gives the same bytes."""
        content = resource.document.content
        text = _decoded(resource.document)
        layout = scan(text)
        spans = {key: node for key, node in walk(layout.tree) if type(node) is Span and key[0] != self._dialect.block}
        sources = {key: unquoted(text[spans[key].begin + 1 : spans[key].end - 1]) for key in spans if key in served}
        style = style_of(text, layout)
        splices = [
            Splice(*spans[key], style.string(served[key].text, text[slice(*spans[key])]))
            for key, source in sources.items()
            if source != served[key].text
        ]
        if stamp and self._dialect.block is not None and isinstance(layout.tree, dict):
            block = self._dialect.write(sources, served, stamp)
            splices += last_member(text, layout, style, self._dialect.block, block)
        mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
        return mark + splice(text, splices).encode()

    def _nodes(self, path: str, text: str, root: Any) -> Iterator[tuple[Key, Any]]:
        """Walk the values, without the dialect's own block. Raises ExtractionError where they lie too deep."""
        for key, node in walk(root):
            if len(key) >= DEEPEST and isinstance(node, (dict, list)):
                raise _too_deep(path, text)
            if not key or key[0] != self._dialect.block:
                yield key, node


class _Doubled(dict[str, Any]):
    """An object some of whose keys stood more than once; the last ones counted."""

    keys_again: tuple[str, ...] = ()


class _ConstantError(ValueError):
    """NaN or Infinity, which JSON does not have."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    doubled = _Doubled()
    for name, value in pairs:
        doubled.pop(name, None)
        doubled[name] = value
    doubled.keys_again = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    return doubled


def _constant(written: str) -> Any:
    raise _ConstantError(written)


def _number(_: str) -> None:
    """Numbers are no texts; unread, they may have any number of digits."""


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_int=_number, parse_float=_number)


def _decoded(document: Document) -> str:
    """Decode without the byte order mark. Raises ExtractionError at the first byte that is not UTF-8."""
    content = document.content.removeprefix(BOM_UTF8)
    if b"\0" in content[:4] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        column = content.find(b"\0", 0, 4) + 1 if content[:1] not in (b"\xff", b"\xfe") else 1
        raise ExtractionError(document.path, 1, column, "the file is UTF-16 or UTF-32; save it as UTF-8")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        found = f"the byte {content[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise _error(document.path, before, len(before), found) from None


def _parsed(path: str, text: str) -> Any:
    """Parse with the standard library. Raises ExtractionError at the first character that is not JSON."""
    try:
        root = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        reason = _REASONS.get(error.msg, error.msg) if text.strip() else "the file is empty"
        raise ExtractionError(path, error.lineno, error.colno, reason) from None
    except _ConstantError as error:
        place = next(token.start() for token in TOKEN.finditer(text) if token[0].startswith(_CONSTANTS))
        raise _error(path, text, place, f"{error} is not JSON") from None
    except RecursionError:
        raise _too_deep(path, text) from None
    if not isinstance(root, (dict, list)):
        place = len(text) - len(text.lstrip())
        raise _error(path, text, place, "message files hold an object or an array, and this is a single value")
    return root


def _too_deep(path: str, text: str) -> ExtractionError:
    depth = 0
    for token in TOKEN.finditer(text):
        depth += (token[0] in ("{", "[")) - (token[0] in ("}", "]"))
        if depth > DEEPEST:
            break
    return _error(path, text, token.start(), f"objects and arrays are nested more than {DEEPEST} levels deep")


def _error(path: str, text: str, place: int, reason: str) -> ExtractionError:
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    return ExtractionError(path, line, column, reason)


def _doubled(path: str, key: Key, node: _Doubled) -> Iterator[Finding]:
    for name in node.keys_again:
        sentence = f'The key "{_printable((*key, name))}" stands more than once in its object; the last one counts.'
        yield Finding("duplicate-key", Severity.WARNING, sentence, path=path)


def _lone_surrogates(units: list[Unit]) -> Iterator[Finding]:
    for unit in units:
        if _SURROGATE.search(unit.source) or any(_SURROGATE.search(name) for name in unit.key):
            sentence = f'"{_printable(unit.key)}" holds half a character (a lone surrogate), which readers cannot see.'
            yield Finding("lone-surrogate", Severity.WARNING, sentence, path=unit.resource)


def _printable(key: Key) -> str:
    return key_text(key).encode("utf-8", "backslashreplace").decode()

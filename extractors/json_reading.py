"""JSON reading: parses a JSON file with the standard library, and says in plain words what is wrong and where."""

import json
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from extractors.json_spans import TOKEN
from extractors.slots import printable
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.units import Document, Key

DEEPEST = 100  # levels of objects and arrays
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
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


class Doubled(dict[str, Any]):
    """An object some of whose keys stood more than once; the last ones counted."""

    keys_again: tuple[str, ...] = ()


class _ConstantError(ValueError):
    """NaN or Infinity, which JSON does not have."""


def object_of(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its members as they stand in the file."""
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    doubled = Doubled()
    for name, value in pairs:
        doubled.pop(name, None)
        doubled[name] = value
    doubled.keys_again = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    return doubled


def _constant(written: str) -> Any:
    raise _ConstantError(written)


def _number(_: str) -> None:
    """Numbers are no texts; unread, they may have any number of digits."""


_DECODER = json.JSONDecoder(
    object_pairs_hook=object_of, parse_constant=_constant, parse_int=_number, parse_float=_number
)


def decoded(document: Document) -> str:
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


def parsed(path: str, text: str) -> Any:
    """Objects, lists, strings, and None for numbers. Raises ExtractionError at the first character that is not JSON."""
    try:
        root = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        reason = _REASONS.get(error.msg, error.msg) if text.strip() else "the file is empty"
        raise ExtractionError(path, error.lineno, error.colno, reason) from None
    except _ConstantError as error:
        place = next(token.start() for token in TOKEN.finditer(text) if token[0].startswith(_CONSTANTS))
        raise _error(path, text, place, f"{error} is not JSON") from None
    except RecursionError:
        raise too_deep(path, text) from None
    if not isinstance(root, (dict, list)):
        place = len(text) - len(text.lstrip())
        raise _error(path, text, place, "message files hold an object or an array, and this is a single value")
    return root


def too_deep(path: str, text: str) -> ExtractionError:
    """What to raise where objects and arrays lie more than DEEPEST levels deep."""
    depth = 0
    for token in TOKEN.finditer(text):
        depth += (token[0] in ("{", "[")) - (token[0] in ("}", "]"))
        if depth > DEEPEST:
            break
    return _error(path, text, token.start(), f"objects and arrays are nested more than {DEEPEST} levels deep")


def doubled_keys(path: str, key: Key, node: Doubled) -> Iterator[Finding]:
    """The keys of one object that stood in it more than once."""
    for name in node.keys_again:
        sentence = f'The key "{printable((*key, name))}" stands more than once in its object; the last one counts.'
        yield Finding("duplicate-key", Severity.WARNING, sentence, path=path)


def _error(path: str, text: str, place: int, reason: str) -> ExtractionError:
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    return ExtractionError(path, line, column, reason)

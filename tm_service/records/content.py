"""Content: a document as it is kept: plain JSON of bounded size, named by its digest, deflated."""

import json
import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tm_service.domain.drafts import Invalid
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.records import Content, Json

_LARGEST = 16 * 1024 * 1024  # bytes of JSON; the largest document of a clearing-house is a national report, below 1 MB
_DEEPEST = 48  # objects within objects
_NO_DOCUMENT = "A document is one JSON object of texts, numbers, true, false, null, lists and objects."
_LEVEL = 3  # 10,000 records: 0.6 s where level 9 takes 1.6 s and saves an eighth


@dataclass(frozen=True)
class Kept:
    """A document and what it is kept as; two that say the same have the same digest, in whatever order their fields stand."""

    document: dict[str, Any]
    digest: str
    packed: bytes


def keep(document: Content) -> Kept:
    """Raises Invalid for what is no JSON object, or one too large or too deep to be a document."""
    try:
        written = json.dumps(document, allow_nan=False, separators=(",", ":"))
        plain = json.loads(written)
    except (TypeError, ValueError, RecursionError) as error:
        raise _refused(found("document", Severity.ERROR, _NO_DOCUMENT)) from error
    if not isinstance(plain, dict):
        raise _refused(found("document", Severity.ERROR, _NO_DOCUMENT))
    if len(written) > _LARGEST:
        said = "The document has more than {size} MB; shorten it, or attach files instead."
        raise _refused(found("document", Severity.ERROR, said, size=_LARGEST >> 20))
    if _depth(plain) > _DEEPEST:
        said = "The document has objects more than {depth} levels deep; flatten it."
        raise _refused(found("document", Severity.ERROR, said, depth=_DEEPEST))
    sorted_ = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return Kept(plain, sha256(sorted_.encode()).hexdigest(), zlib.compress(written.encode(), _LEVEL))


def unpack(packed: bytes) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(zlib.decompress(packed))
    return read


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values say the same; to JSON, unlike to Python, true is not 1."""
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def _depth(value: Json) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        level = inner
    return depth


def _refused(finding: Finding) -> Invalid:
    return Invalid(finding.message, [finding])

"""Record contents: what of a document is its content, told by a hash, and what is sent back to a store."""

import json
import re
from hashlib import blake2b
from typing import Any

from tm_service.domain.records import ARTICLE, Content, RecordRef

_JOINED = frozenset({"tagsInfo", "customTagsInfo"})  # read-only joins that a store adds to an article
_KEPT_BY_STORE = _JOINED | {"meta"}
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9_\-]{0,63}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_\-]{1,128}")


def digest(kind: str, document: Content) -> str:
    """A hash of what people wrote: of an article without who saved it when, and without what the store joins to it."""
    left_out = _KEPT_BY_STORE if kind == ARTICLE else frozenset()
    content = {name: value for name, value in document.items() if name not in left_out}
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return blake2b(written.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def to_send(kind: str, document: Content) -> dict[str, Any]:
    """A document as it is sent to a store: an article without what only the store writes."""
    left_out = _JOINED if kind == ARTICLE else frozenset()
    return {name: value for name, value in document.items() if name not in left_out}


def can_be_kept(ref: RecordRef) -> bool:
    """Whether a document's kind and identifier can be names in our copy, whatever store they come from."""
    return bool(_KIND.fullmatch(ref.kind) and _IDENTIFIER.fullmatch(ref.identifier))


def author(document: Content) -> str:
    """Who changed an article last, as its store says; empty where it does not."""
    meta = document.get("meta")
    said = meta.get("modifiedBy") if isinstance(meta, dict) else None
    return said if isinstance(said, str) else str(said) if isinstance(said, int) else ""

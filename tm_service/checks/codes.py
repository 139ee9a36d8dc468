"""Codes: which inline codes a target lost and which it has that its source has not."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tm_service.checks.seen import quoted
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind, Text, parse

_CACHE = 1 << 10
_LONGEST = 80
_BLANKS = re.compile(r"\s+")
_TAG_END = re.compile(r"\s*/?>$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A code as it is compared and where it stands in its value."""

    written: str
    start: int
    end: int


def placed(value: str, *kinds: CodeKind) -> Iterator[Placed]:
    """The codes of these kinds in order, each with its place."""
    done = 0
    for part in parse(value).parts:
        written = part if isinstance(part, str) else part.data
        if not isinstance(part, str) and part.kind in kinds:
            yield Placed(normal(written), done, done + len(written))
        done += len(written)


def differences(pair: Pair, *kinds: CodeKind) -> tuple[list[str], list[str]]:
    """Codes of these kinds that are missing from the target, and those that are added, each named once.

    Where the source has plural forms, languages differ in how many: a code then counts once, however often it stands.
    """
    source, target = parse(pair.source), parse(pair.target)
    if source.data(*kinds) == target.data(*kinds):
        return [], []
    wanted, found = _count(source, kinds), _count(target, kinds)
    if has_forms(source):
        wanted, found = Counter(set(wanted)), Counter(set(found))
    return list(wanted - found), list(found - wanted)


def has_forms(text: Text) -> bool:
    """Whether a text has plural forms divided by bars."""
    return any(not isinstance(part, str) and part.kind is CodeKind.BAR for part in text.parts)


def short(code: str) -> str:
    """Cut a code so that it fits a sentence."""
    return quoted(code, _LONGEST)


@lru_cache(maxsize=_CACHE)
def normal(code: str) -> str:
    """Write a code as it is compared: `<br />` is `<br>`, and `{ count }` is `{count}`."""
    return _TAG_END.sub(">", code) if code.startswith("<") else _BLANKS.sub("", code)


def _count(text: Text, kinds: tuple[CodeKind, ...]) -> Counter[str]:
    return Counter(normal(code) for code in text.data(*kinds))

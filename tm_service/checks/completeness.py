"""Completeness: a target is there, says something, and says it in its own language."""

from collections.abc import Iterator

from tm_service.domain.findings import Finding, Severity
from tm_service.domain.pairs import Pair
from tm_service.domain.text import fingerprint, is_language, is_skeleton, parse, words

_NAME_LENGTH = 2  # words a name may have that is the same in both languages


def completeness(pair: Pair) -> Iterator[Finding]:
    """Blank, skeleton-only and untranslated targets (law 4)."""
    if not pair.target.strip():
        yield Finding("completeness", Severity.ERROR, "The target is blank; translate the text.")
    elif not is_language(pair.source):
        return
    elif is_skeleton(pair.target):
        yield Finding("completeness", Severity.ERROR, "No words are left in the target; translate the text.")
    elif _seen(pair.target) == _seen(pair.source):
        severity = Severity.ERROR if words(pair.source) > _NAME_LENGTH else Severity.WARNING
        yield Finding(
            "completeness", severity, "The target is a copy of the source; translate it or say it is the same."
        )


def _seen(value: str) -> str:
    """Name the words alone as a reader sees them, blanks evened out."""
    return fingerprint(" ".join(parse(value).plain.split()))

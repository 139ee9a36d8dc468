"""Pairs: a source and the target offered for it, with what the checks must know to judge it."""

from dataclasses import dataclass

from tm_service.domain.findings import Finding
from tm_service.domain.terms import Term


@dataclass(frozen=True, slots=True)
class Repaired:
    """A target put right, and what was done: a note each, with its place in the target as it was returned."""

    target: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What a check looks at: a source and the target offered for it, in a locale.

    `limit` is how many characters the target may have, 0 for any number; `terms` are those of the site's memories in this
    direction.
    """

    source: str
    target: str
    locale: str
    source_locale: str = "en"
    limit: int = 0
    terms: tuple[Term, ...] = ()

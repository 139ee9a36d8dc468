"""Findings: what a person should know of a unit or a file, said in one sentence; never an exception."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # the unit is quarantined, not served
    WARNING = "warning"  # accepted, shown to the reviewer
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation: which check, where, how bad, and the sentence; `unit` is the id as in the file it speaks of."""

    check: str
    severity: Severity
    message: str
    unit: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """What a check looks at: a source and the target offered for it, in a locale."""

    source: str
    target: str
    locale: str
    source_locale: str = "en"

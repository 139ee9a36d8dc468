"""Findings: what a person should know of a unit or a file, said in one sentence; never an exception."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # the unit is quarantined, not served
    WARNING = "warning"  # accepted, shown to the reviewer
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation: which check, where, how bad, and the sentence; `unit` is the id as in the file it speaks of.

    `place` is where it stands in the target, from one character to before another. `repair` is the whole target put right,
    where that is provable. `template` and `values` are what the sentence was made of, so that it can be said in another
    language.
    """

    check: str
    severity: Severity
    message: str
    unit: str = ""
    path: str = ""
    place: tuple[int, int] | None = None
    repair: str = ""
    template: str = ""
    values: tuple[tuple[str, str], ...] = ()


def found(
    check: str,
    severity: Severity,
    template: str,
    *,
    place: tuple[int, int] | None = None,
    repair: str = "",
    **values: object,
) -> Finding:
    """A finding whose sentence is a template with its values put in, such as "The tag {tag} is missing; put it back."."""
    said = {name: str(value) for name, value in values.items()}
    message = template.format(**said)
    return Finding(check, severity, message, "", "", place, repair, template, tuple(said.items()))

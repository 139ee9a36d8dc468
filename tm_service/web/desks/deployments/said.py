"""Said: findings as people read them: in their own language where they are known in it, else in English."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from locales.findings import said
from tm_service.domain.findings import Finding
from tm_service.web.texts import SOURCE


@dataclass(frozen=True, slots=True)
class Told:
    """A finding: its sentence in the reader's language, or in English; where it stands."""

    sentence: str
    language: str
    severity: str
    check: str
    path: str
    unit: str
    repair: str = ""


def findings(found: Iterable[Finding], code: str) -> list[Told]:
    """As a reader of this language of the interface is told them."""
    return [
        _told(
            {
                "template": one.template,
                "values": one.values,
                "message": one.message,
                "severity": one.severity.value,
                "check": one.check,
                "path": one.path,
                "unit": one.unit,
                "repair": one.repair,
            },
            code,
        )
        for one in found
    ]


def kept_findings(rows: Iterable[Mapping[str, Any]], code: str) -> list[Told]:
    """The same of findings as a job kept them."""
    return [_told(row, code) for row in rows]


def _told(row: Mapping[str, Any], code: str) -> Told:
    values: dict[str, str] = dict(row["values"])
    sentence = said(row["template"], values, code) if row["template"] else row["message"]
    is_translated = bool(row["template"]) and sentence != said(row["template"], values, SOURCE)
    language = code if is_translated else SOURCE
    return Told(sentence, language, row["severity"], row["check"], row["path"], row["unit"], row["repair"])

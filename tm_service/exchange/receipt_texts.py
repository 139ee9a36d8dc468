"""Receipt texts: what receipts and covering letters say in each language, and the outcome of a return in one sentence."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from locales.findings import said
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.packages import Package, Receipt
from tm_service.domain.units import Locale
from tm_service.exchange.page_texts import ENGLISH, Voice

_REPAIR = "repair"  # the check that says what was put right


@dataclass(frozen=True, slots=True)
class Sentence:
    """Why a unit is shown, in one language."""

    language: Locale
    text: str


def receipt_voices(locale: Locale) -> tuple[Voice, ...]:
    """The languages that a receipt speaks: that of its translator where there are texts in it, then English."""
    texts = _texts()
    return tuple(Voice(code, texts[code]) for code in dict.fromkeys([locale, ENGLISH]) if code in texts)


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("tm_service.exchange").joinpath("receipt_texts.toml").read_text("utf-8"))


def sentences(finding: Finding, locale: Locale) -> tuple[Sentence, ...]:
    """A finding in a locale's language and in English; in English alone where it has no words of that language."""
    if not finding.template:
        return (Sentence(ENGLISH, finding.message),)
    english = said(finding.template, finding.values, ENGLISH)
    own = said(finding.template, finding.values, locale)
    return (Sentence(ENGLISH, english),) if own == english else (Sentence(locale, own), Sentence(ENGLISH, english))


def name_of(package: Package) -> str:
    """What people call a package: its site, its number as in file names, its languages."""
    return f"{package.site} D{package.number:04} {package.source_locale}-{package.locale}"


def is_repair(finding: Finding) -> bool:
    return finding.check == _REPAIR


def looked_at(receipt: Receipt) -> tuple[str, ...]:
    """The units that were accepted and have a warning; proposals show theirs where they stand."""
    warned = (entry.unit for entry in receipt.findings if entry.severity is Severity.WARNING and entry.unit)
    elsewhere = {*receipt.quarantined, *receipt.proposals, *receipt.answered}
    return tuple(unit for unit in dict.fromkeys(warned) if unit not in elsewhere)


def outcome(receipt: Receipt) -> str:
    """The name of the sentence that says how a return went."""
    has_trouble = any(entry.severity is Severity.ERROR for entry in receipt.findings)
    if not receipt.accepted:
        if has_trouble:
            return "trouble"
        return "kept" if receipt.proposals or receipt.answered else "nothing"
    if has_trouble:
        return "attention"
    if any(entry.severity is Severity.WARNING for entry in receipt.findings):
        return "looked"
    return "accepted" if receipt.open else "complete"


def counts(receipt: Receipt) -> list[tuple[str, int]]:
    """Names of texts and numbers: what was accepted, what needs attention and what is open always, others where any."""
    rows = [
        ("count_accepted", receipt.accepted),
        ("count_attention", len(receipt.quarantined)),
        ("count_open", receipt.open),
        ("count_look", len(looked_at(receipt))),
        ("count_repaired", len(receipt.repaired)),
        ("count_proposals", len(set(receipt.proposals) - set(receipt.answered))),
        ("count_answered", len(receipt.answered)),
        ("count_questions", receipt.questions),
    ]
    always = frozenset({"count_accepted", "count_attention", "count_open"})
    return [(name, count) for name, count in rows if count or name in always]

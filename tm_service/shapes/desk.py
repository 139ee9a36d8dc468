"""Desk: documents of units as translators work on them, the same for the editor of the house and for programs."""

import re
from dataclasses import asdict

from locales.findings import SOURCE, said
from tm_service.desk_verbs import Checked, DeskPage, DeskUnit
from tm_service.differences import differences
from tm_service.domain.desk import DeskRow, DeskTarget, forms, marked
from tm_service.domain.findings import Finding
from tm_service.domain.packages import Package, Question
from tm_service.domain.text import parse
from tm_service.domain.units import Locale, key_text
from tm_service.shapes import pipeline
from tm_service.shapes.pipeline import Document

_TAG_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")


def codes(text: str) -> list[Document]:
    """The inline codes of a text, each once, in reading order: as written, and as people are shown them."""
    return [{"data": data, "label": label(data)} for data in dict.fromkeys(code.data for code in parse(text).codes)]


def label(data: str) -> str:
    """`<a>` of a tag with attributes, `<!-- -->` of a comment, anything else as it is."""
    tag = _TAG_NAME.match(data)
    if tag:
        return f"<{tag[1]}{tag[2]}>"
    return "<!-- -->" if data.startswith("<!--") else data


def desk_row(row: DeskRow, package: Package) -> Document:
    """A unit as a list has it."""
    unit = row.unit
    return {
        "unit": unit.id,
        "resource": unit.resource,
        "key": key_text(unit.key),
        "source": unit.source,
        "codes": codes(unit.source),
        "target": row.target,
        "forms": _forms(row, package.locale),
        "version": row.version,
        "state": row.state,
        "gravity": row.newest.gravity if row.newest else "",
        "done": unit.done,
        "attention": unit.attention,
        "changed": row.is_changed,
        "class": unit.match,
        "percent": unit.percent,
        "limit": unit.limit,
        "questions": row.questions,
    }


def _forms(row: DeskRow, locale: Locale) -> list[Document]:
    return [
        {"form": one.name, "numbers": one.numbers, "source": one.source, "target": one.target}
        for one in forms(row.unit.source, row.target, locale)
    ]


def desk_page(found: DeskPage, first: int) -> Document:
    return {
        "package": found.package.id,
        "found": found.found,
        "first": first,
        "units": [desk_row(row, found.package) for row in found.rows],
    }


def desk_unit(found: DeskUnit, locale: Locale) -> Document:
    """A unit with everything that it takes to translate it; sentences of findings in a locale as well, where it has them."""
    row, package = found.row, found.package
    return (
        desk_row(row, package)
        | {
            "place": found.place,
            "units": found.units,
            "previous": found.previous or None,
            "following": found.following or None,
            "note": row.unit.note,
            "previous_source": row.unit.previous_source,
            "previous_target": row.unit.previous_target,
            "difference": _difference(row.unit.previous_source, row.unit.source) if row.is_changed else [],
            "source_now": found.source_now,
            "matches": [
                pipeline.match(one) | {"difference": _difference(one.translation.source, row.unit.source)}
                for one in found.matches
            ],
            "terms": [pipeline.term_found(one) for one in found.terms],
            "before": [_neighbour(one) for one in found.before],
            "after": [_neighbour(one) for one in found.after],
            "questions": [unit_question(one) for one in found.questions],
            "history": [desk_target(one) for one in found.history],
        }
        | checked(found.checked, package.locale, locale)
    )


def _difference(before: str, now: str) -> list[Document]:
    return [{"kept": run.kept, "text": run.text} for run in differences(before, now)]


def _neighbour(row: DeskRow) -> Document:
    return {"source": row.unit.source, "target": row.target}


def unit_question(found: Question) -> Document:
    return {"text": found.text, "author": found.author, "at": found.at.isoformat()}


def desk_target(found: DeskTarget) -> Document:
    """One wording of a unit."""
    return {
        "version": found.version,
        "target": found.target,
        "state": found.state,
        "by": found.by,
        "at": found.at.isoformat(),
    }


def checked(found: Checked, language: Locale, locale: Locale) -> Document:
    """What the checks say of a target in a language, their sentences in a locale as `translated` where it has them.

    `repaired` is the target put right, or empty; `forms` has a repair of several plural forms by their names, and `mark`
    says where a finding stands as translators see it.
    """
    said = zip(found.findings, pipeline.findings(found.findings), strict=True)
    return {
        "findings": [
            document | _translated(finding, locale) | _where(finding, found, language) for finding, document in said
        ],
        "repaired": found.repaired,
    }


def _where(finding: Finding, found: Checked, language: Locale) -> Document:
    mark = marked(found.source, found.target, finding.place) if finding.place else None
    parts = forms(found.source, finding.repair, language) if finding.repair else ()
    return ({"mark": asdict(mark)} if mark else {}) | (
        {"forms": {one.name: one.target for one in parts}} if parts else {}
    )


def _translated(finding: Finding, locale: Locale) -> Document:
    if not finding.template:
        return {}
    own = said(finding.template, finding.values, locale)
    return {} if own == said(finding.template, finding.values, SOURCE) else {"translated": own}

"""Plain: read an XLIFF 1 file whose units and codes are still under our ids."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from tm_service.domain.findings import Severity, found
from tm_service.domain.packages import ReturnedUnit, Stage
from tm_service.exchange.guard import brief
from tm_service.exchange.inline import neutral
from tm_service.exchange.readers.file import ReadFile, package_in
from tm_service.exchange.readers.joining import half_done
from tm_service.exchange.readers.states import MATCHES, XLIFF_1, stage_of
from tm_service.exchange.readers.trees import context_in, filled_segments, noted, target_of, units_in, xliff

_NOTED = re.compile(r"Package (\S{1,200}), revision ")


def plain_units(name: str, root: etree._Element) -> ReadFile:
    """Read a file whose units and codes are still under our ids."""
    units, findings = [], []
    for element in units_in(root):
        if element.get("id", "").strip():
            units.append(_returned(element))
        else:
            said = "A unit without an id (line {line}) was left out."
            finding = found("units", Severity.WARNING, said, line=element.sourceline)
            findings.append(replace(finding, path=brief(name)))
    return ReadFile(_packages(root, units), tuple(units), tuple(findings))


def _returned(element: etree._Element) -> ReturnedUnit:
    source = element.find(xliff("source"))
    target, findings = target_of(element)
    state = "" if target is None else target.get("state", "")
    matched = target is not None and target.get("state-qualifier", "").casefold() in MATCHES
    texts = ["" if side is None else neutral(side) for side in (source, target)]
    stage = _stage(element, state, is_new=bool(texts[1].strip()) and texts[0] != texts[1] and not matched)
    locked = _said(element, "translate") == "no"
    return ReturnedUnit(
        id=element.get("id", ""),
        source=texts[0],
        target=texts[1],
        state=state,
        findings=(*findings, *half_done(filled_segments(element, target))),
        stage=stage,
        comments=noted(element),
        resource=context_in(element, "x-resource") or _said(element, "original"),
        key=element.get("resname", ""),
        untouched=locked or (matched and stage not in (Stage.TRANSLATED, Stage.APPROVED)),
    )


def _stage(element: etree._Element, state: str, *, is_new: bool) -> Stage:
    """The stage of a unit, where `is_new` is a text that somebody put into the target.

    A tool that knows no states leaves "needs-translation" beside what it put in, which says nothing; `approved` speaks for
    a target whose state does not say that there is more to do.
    """
    stage = stage_of(XLIFF_1, state)
    if stage is Stage.UNTOUCHED and is_new:
        stage = Stage.SILENT
    approved = element.get("approved") == "yes" and stage in (Stage.SILENT, Stage.TRANSLATED)
    return Stage.APPROVED if approved else stage


def _said(element: etree._Element, attribute: str) -> str:
    """What a unit, or the nearest group or file around it, says."""
    around = (holder.get(attribute) for holder in _holders(element))
    return next((value for value in around if value), "")


def _holders(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors(xliff("group"), xliff("file"))


def _packages(root: etree._Element, units: list[ReturnedUnit]) -> tuple[str, ...]:
    """List the packages a file names: by its head, else by the prefix of its units' ids."""
    named = packages_named(root) or [package_in(unit.id.rpartition(".")[0]) for unit in units[:1]]
    return tuple(name for name in named if name)


def packages_named(root: etree._Element) -> tuple[str, ...]:
    """The packages that the build numbers, else the notes, of an XLIFF 1 file name, each once."""
    return tuple(dict.fromkeys(filter(None, map(_named, root.iter(xliff("file"))))))


def _named(file: etree._Element) -> str:
    built = file.get("build-num", "")
    if built and package_in(built) == built:
        return built
    notes = (_NOTED.match(note.text or "") for note in file.iterfind(f"{xliff('header')}/{xliff('note')}"))
    return next((note[1] for note in notes if note), "")

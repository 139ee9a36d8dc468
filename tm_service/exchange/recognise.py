"""Recognise: whose units came back, told by the names they bear, by their texts, and by the places they stand in."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Package, PackageUnit, Return, ReturnedUnit, Stage
from tm_service.exchange.guard import brief
from tm_service.exchange.inline import Mark, marks, rebuild
from tm_service.exchange.language_codes import understood
from tm_service.exchange.matching import How, Matched, Sent, asked, matched, sent, words
from tm_service.exchange.readers.file import package_in
from tm_service.exchange.returns import Part, Returns, one_of, package_of_name, standing
from tm_service.exchange.tokens import CODE, FRAME
from tm_service.exchange.written import is_our_word, unsaid

_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_NO_LANGUAGE = frozenset(["und", "mul", "zxx", "mis"])  # ISO 639-2: undetermined, several, none, uncoded


@dataclass(frozen=True, slots=True)
class Recognition:
    """How one unit was recognised: `unit` is its id in its package, `said` the one its file gave it, `path` the file."""

    unit: str
    how: How
    said: str
    path: str


@dataclass(frozen=True, slots=True)
class Recognised(Return):
    """What came back of one package, its units under the ids they left with, and how each of them was recognised."""

    recognitions: tuple[Recognition, ...] = ()


@dataclass(slots=True)
class _Answer:
    """What is known so far of one package's return."""

    package: str
    mine: dict[str, ReturnedUnit] = field(default_factory=dict)
    others: list[ReturnedUnit] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    recognitions: dict[str, Recognition] = field(default_factory=dict)


def recognised(returns: Returns, candidates: Sequence[Package]) -> list[Recognised]:
    """Tell of which packages a return is: one return for each, in the order of their first files.

    `candidates` are the packages that are out. A file that names a package is that one's, be it among them or not; others are
    told by their units. Units that are nobody's stay under the ids of their file. Raises ReturnRejected where nothing can be
    told.
    """
    known = {package.id: package for package in sorted(candidates, key=lambda one: one.created, reverse=True)}
    prepared: dict[str, Sent] = {}
    answers: dict[str, _Answer] = {}
    strangers: list[Finding] = []
    for part in returns.parts:
        named = _named(part, returns.name, known)
        if named and not any(name in known for name in named):
            answer = answers.setdefault(named[0], _Answer(named[0]))
            answer.others += part.file.units
            answer.findings += _findings(part)
        elif not _take(part, [known[name] for name in named if name in known], known.values(), prepared, answers):
            strangers.append(_of_file(part, "{path} is of no package that is out; send it to where it came from."))
    if not answers:
        raise ReturnRejected(
            "{file} is not a package of ours: nothing in it says which package it returns, "
            "and none of its texts is out.",
            file=brief(returns.name),
        )
    next(iter(answers.values())).findings[:0] = [*returns.findings, *strangers]
    return [_told(returns, answer, prepared.get(answer.package), list(answers)) for answer in answers.values()]


def _named(part: Part, upload: str, known: Container[str]) -> tuple[str, ...]:
    """The packages that a file names, else the one its manifest does; a name on a disk is only believed of what is out."""
    said = tuple(name for name in part.file.packages if package_in(name) == name)
    if said or part.manifest:
        return said or (part.manifest,)
    spoken = (package_of_name(name) for name in (part.path, upload))
    return tuple(dict.fromkeys(name for name in spoken if name in known))[:1]


def _take(
    part: Part,
    named: Sequence[Package],
    known: Iterable[Package],
    prepared: dict[str, Sent],
    answers: dict[str, _Answer],
) -> bool:
    """Take what a file has of the packages it names, else of any that fits; False where it has nothing of any."""
    fitting = [package for package in named or known if _fits(part, package)]
    if named and not fitting:
        package = named[0]
        said = "{path} is in {language}, the package in {locale}; nothing of it was used, send the right file."
        finding = _of_file(part, said, language=brief(part.language or part.folder), locale=package.locale)
        answers.setdefault(package.id, _Answer(package.id)).findings.append(finding)
        return True
    for package in fitting:
        if package.id not in prepared:
            prepared[package.id] = sent(package)
    file = asked(part.file.units, is_memory=part.format == "TMX")
    found_ = matched(file, [prepared[package.id] for package in fitting], is_named=bool(named))
    if not found_ and not named:
        return False
    for name, mine in found_.items():
        _add(answers.setdefault(name, _Answer(name)), part, mine)
    main = max(found_, key=lambda name: len(found_[name].units), default=fitting[0].id)
    answer = answers.setdefault(main, _Answer(main))
    answer.findings += [*_findings(part), *_misplaced(part, prepared[main].package)]
    told = {place for mine in found_.values() for place in mine.units}
    if part.format != "TMX":  # a memory has more than one package's texts
        answer.others += _left_over(part, told, prepared[main])
    return True


def _add(answer: _Answer, part: Part, mine: Matched) -> None:
    for place, pairs in mine.units.items():
        returned = part.file.units[place]
        for unit, how in pairs:
            answer.recognitions.setdefault(unit.id, Recognition(unit.id, how, returned.id, part.path))
            seen, own = answer.mine.get(unit.id), replace(returned, id=unit.id)
            answer.mine[unit.id] = own if seen is None else _chosen(unit, seen, own)


def _chosen(unit: PackageUnit, seen: ReturnedUnit, new: ReturnedUnit) -> ReturnedUnit:
    """One of two that came back for a unit; what both comment is kept."""
    targets = [rebuild(renumbered(one, unit.source).target, unit.source)[0] for one in (seen, new)]
    weights = [_weight(one, unit, target) for one, target in zip((seen, new), targets, strict=True)]
    if targets[0] == targets[1] or weights[0] != weights[1]:
        chosen = seen if weights[0] >= weights[1] else new
    else:
        chosen = one_of(seen, new)
    return replace(chosen, comments=tuple(dict.fromkeys((*seen.comments, *new.comments))))


def _weight(one: ReturnedUnit, unit: PackageUnit, target: str) -> int:
    """How much somebody stands behind a target; what is as it was sent, or a copy, weighs nothing unless confirmed."""
    if not target.strip():
        return -1
    is_confirmed = one.stage in (Stage.TRANSLATED, Stage.APPROVED) and not is_our_word(one, unit)
    as_it_was = target in (unit.offered, unit.previous_target, unit.source) and not is_confirmed
    return 0 if as_it_was else standing(one)


def _left_over(part: Part, told: set[int], one: Sent) -> Iterable[ReturnedUnit]:
    """Units that are nobody's and have a target; none goes under an id that is another's."""
    for place, unit in enumerate(part.file.units):
        if place not in told and unit.target.strip():
            is_free = unit.id and unit.id not in one.ids
            yield unit if is_free else replace(unit, id=f"{unit.id or place + 1} in {brief(part.path)}")


def _told(returns: Returns, answer: _Answer, one: Sent | None, all_of_them: Sequence[str]) -> Recognised:
    order = one.places if one else {}
    beside = [name for name in all_of_them if name != answer.package]
    if beside:
        said = "The same upload returns {packages}, too."
        answer.findings.append(found("files", Severity.NOTE, said, packages=" and ".join(map(brief, beside))))
    units = sorted(answer.mine.values(), key=lambda unit: order[unit.id])
    return Recognised(
        package=answer.package,
        digest=returns.digest,
        units=(*units, *answer.others),
        findings=tuple(answer.findings),
        recognitions=tuple(answer.recognitions[unit.id] for unit in units),
    )


def _fits(part: Part, package: Package) -> bool:
    """Whether a file is in a package's language, as far as it says; script counts as well as language."""
    code = _CODE.fullmatch(part.language)
    if code is not None and code[1].lower() not in _NO_LANGUAGE:
        return _is_language(part.language, package)
    return not part.folder or bool(part.file.packages) or _is_language(part.folder, package)


def _is_language(code: str, package: Package) -> bool:
    if code.replace("_", "-").casefold() in (package.locale.casefold(), package.code.casefold()):
        return True
    meant = understood(code, (package.locale,)) or understood(code)
    return meant is not None and meant in (package.locale, understood(package.locale))


def _misplaced(part: Part, package: Package) -> Iterable[Finding]:
    if part.folder and not _is_language(part.folder, package):
        said = "{path} lies in the folder of {folder} and is in {locale}; see whether it is the right file."
        yield replace(_of_file(part, said, folder=part.folder, locale=package.locale), severity=Severity.WARNING)


def _of_file(part: Part, template: str, **values: Any) -> Finding:
    return replace(found("files", Severity.ERROR, template, path=brief(part.path), **values), path=brief(part.path))


def _findings(part: Part) -> list[Finding]:
    return [replace(finding, path=finding.path or brief(part.path)) for finding in part.file.findings]


def rebuilt(unit: ReturnedUnit, sent_unit: PackageUnit) -> ReturnedUnit:
    """Put the codes of what was sent back into a returned unit.

    Codes it does not have, and a source that says other words than the one that was sent, become its findings. A state that is
    the word it left with says nothing beside another text.
    """
    known = renumbered(unit, sent_unit.source)
    source, _ = rebuild(known.source, sent_unit.source)
    target, findings = rebuild(known.target, sent_unit.source)
    more = (*findings, *source_changed(source, sent_unit.source))
    named = tuple(replace(finding, unit=unit.id) for finding in more)
    return unsaid(replace(known, source=source, target=target, findings=known.findings + named), sent_unit)


def renumbered(unit: ReturnedUnit, source: str) -> ReturnedUnit:
    """A unit with its codes under our numbers, where its tool gave them others; told by their order in the returned source.

    Where the returned source has other codes than ours, nothing tells which is which: a finding says so, unless the target has
    no codes at all.
    """
    if not unit.numbered and FRAME not in unit.source:
        return unit
    ours = list(dict.fromkeys(mark.token for mark in marks(source) if isinstance(mark, Mark)))
    theirs = list(dict.fromkeys(match[1] + match[2] for match in CODE.finditer(unit.source)))
    if not unit.numbered and (set(theirs) <= set(ours)):
        return unit
    names = _names(theirs, ours)
    if names is not None:
        return replace(
            unit, source=_named_anew(unit.source, names), target=_named_anew(unit.target, names), numbered=False
        )
    if not unit.numbered or not CODE.search(unit.target):
        return unit
    said = "The tool numbered the tags anew and their order does not tell which is which; put them in again."
    finding = replace(found("markup", Severity.ERROR, said), unit=unit.id)
    bare = CODE.sub("", unit.target)
    return replace(unit, target=bare, numbered=False, findings=(*unit.findings, finding))


def _names(theirs: Sequence[str], ours: Sequence[str]) -> dict[str, str] | None:
    """Their codes to ours, where both sources have as many, of the same kinds in the same order.

    A code of which the tool does not say whether it opens or closes is of any kind.
    """
    if len(theirs) != len(ours) or any(a[0] not in (b[0], ".") for a, b in zip(theirs, ours, strict=True)):
        return None
    pairs = {(a[1:], b[1:]) for a, b in zip(theirs, ours, strict=True) if a[0] == b[0]}
    is_one_to_one = len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    return dict(zip(theirs, ours, strict=True)) if is_one_to_one else None


def _named_anew(text: str, names: Mapping[str, str]) -> str:
    """A text with its codes renamed; what the source does not have gets a name that is none of ours."""

    def name(match: re.Match[str]) -> str:
        known = names.get(match[1] + match[2], f"{match[1]}tag-{match[2]}")
        return f"{FRAME}{known}\ue001"

    return CODE.sub(name, text)


def source_changed(returned: str, source: str) -> tuple[Finding, ...]:
    """A warning where a returned source, its codes put back, says other words than the one that was sent."""
    if not returned.strip() or returned == source or words(returned) == words(source):
        return ()
    said = "The source came back changed; the target may translate the other text."
    return (found("source", Severity.WARNING, said),)

"""Advice: what authors should put right in a site's source texts before anybody translates them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tm_service.domain.changes import ChangeKind
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.ports.code import Adviser, CodeReader
from tm_service.domain.units import Revision, Snapshot, Unit, UnitId, key_text
from tm_service.domain.usage import CodeFile, CodeSettings
from tm_service.usecases.code_files import Kept, read_code
from tm_service.usecases.detect import detect
from tm_service.usecases.judge import settled
from tm_service.usecases.reading import SiteReader

_NEW = (ChangeKind.ADDED, ChangeKind.EDITED, ChangeKind.EDITED_AND_MOVED)

_OTHER_LANGUAGE = Finding(
    "advice", Severity.NOTE, "The advice on texts knows English only; the code alone was looked at."
)


@dataclass(frozen=True)
class Advice:
    """Findings in the order of files; `texts` is how many source texts were looked at, `files` how many files of code."""

    base: Revision | None
    head: Revision
    findings: tuple[Finding, ...]
    texts: int
    files: int

    def by_check(self) -> Mapping[str, int]:
        """How many findings each rule made."""
        return dict(sorted(Counter(finding.check for finding in self.findings).items()))


def advice(
    reader: SiteReader,
    adviser: Adviser,
    code: CodeReader | None = None,
    *,
    base: str = "",
    head: str = "",
    settings: CodeSettings | None = None,
    kept: Kept | None = None,
) -> Advice:
    """All source texts at `head`, or, with a `base`, only those that are new or edited since; the same of code."""
    after = reader.connector.resolve(head)
    before = reader.connector.resolve(base) if base else None
    now = reader.snapshot(after)
    only = _new(reader.snapshot(before), now) if before else None
    findings = list(of_texts(adviser, now, only)) if _is_english(reader) else [_OTHER_LANGUAGE]
    files: Mapping[str, CodeFile] = {}
    if code is not None:
        settings, kept = settings or CodeSettings(), {} if kept is None else kept
        files, unread = read_code(reader, code, after.id, settings, kept)
        was = read_code(reader, code, before.id, settings, kept)[0] if before else {}
        findings += [*unread, *of_code(adviser, files, was)]
    texts = len(now.units) if only is None else len(only)
    return Advice(before, after, tuple(settled(findings, reader.site.severities)), texts, len(files))


def _is_english(reader: SiteReader) -> bool:
    return reader.site.source.partition("-")[0] == "en"


def _new(before: Snapshot, after: Snapshot) -> frozenset[UnitId]:
    return frozenset(change.unit.id for change in detect(before, after).of(*_NEW))


def of_texts(adviser: Adviser, snapshot: Snapshot, only: frozenset[UnitId] | None = None) -> Iterator[Finding]:
    """What is to be said of source texts, of some of them or of all."""
    units = list(snapshot.units.values())
    for unit in units:
        if only is None or unit.id in only:
            for finding in adviser.of_unit(unit):
                yield _placed(finding, unit)
    yield from adviser.across(units, only)


def _placed(finding: Finding, unit: Unit) -> Finding:
    return replace(finding, unit=key_text(unit.key), path=unit.resource)


def of_code(adviser: Adviser, files: Mapping[str, CodeFile], was: Mapping[str, CodeFile]) -> Iterator[Finding]:
    """What is to be said of sentences put together in code, where the file did not have them before."""
    for path, one in sorted(files.items()):
        old = Counter(joined.written for joined in was[path].joined) if path in was else Counter[str]()
        for joined in one.joined:
            if old[joined.written] > 0:
                old[joined.written] -= 1
            else:
                yield replace(adviser.of_code(path, joined), path=path)

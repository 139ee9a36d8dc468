"""Hard-coded: texts that a site's code shows by itself and no message file has, ranked, for people and as SARIF."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import quote

from tm_service.domain.findings import Finding
from tm_service.domain.plurals import parse_plural
from tm_service.domain.ports.code import CodeReader
from tm_service.domain.text import parse
from tm_service.domain.units import Resource, Revision, UnitId
from tm_service.domain.usage import CodeFile, CodeSettings, Literal, Position
from tm_service.usecases.code_files import Kept, read_code
from tm_service.usecases.reading import SiteReader

_REPORTED = 50
_SURE = 80
_FINGERPRINT = "textInPlace/v1"
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RULES: Mapping[Position, str] = {
    Position.TEXT: "A text stands in a template.",
    Position.ATTRIBUTE: "A text stands in an attribute that people read.",
    Position.PROPERTY: "A text stands in a property that people may read.",
    Position.ARGUMENT: "A text is given to a function that may show it.",
    Position.ASSIGNED: "A text is assigned to a name that people may read.",
    Position.THROWN: "A text is thrown as an error.",
    Position.LOGGED: "A text is written to a log.",
    Position.OTHER: "A text stands in code.",
}


@dataclass(frozen=True, slots=True)
class HardCoded:
    """A text in code: where, how sure it is that people read it, and why.

    `fingerprint` stays while the text stays in its file and in its place there, whatever the line; `known` are units that
    already say the same, whose key could be used.
    """

    path: str
    literal: Literal
    fingerprint: str
    known: tuple[UnitId, ...] = ()


@dataclass(frozen=True)
class HardCodedReport:
    """What is in no message file, the surest first; what is in one, but is not taken from there; and what could not be read."""

    revision: Revision
    rows: tuple[HardCoded, ...]
    known: tuple[HardCoded, ...]
    findings: tuple[Finding, ...] = ()
    files: int = 0


def hard_coded(
    reader: SiteReader,
    code: CodeReader,
    ref: str = "",
    settings: CodeSettings | None = None,
    kept: Kept | None = None,
    least: int = _REPORTED,
) -> HardCodedReport:
    """Read a site's code at a revision; `least` is the score from which a text is reported, from 0 to 100."""
    revision = reader.connector.resolve(ref)
    files, findings = read_code(reader, code, revision.id, settings or CodeSettings(), kept)
    resources = reader.snapshot(revision).resources
    own = {path: one for path, one in files.items() if path not in resources}  # an extractor makes messages of these
    rows = ranked(own, catalog_texts(resources.values()), least)
    return HardCodedReport(
        revision,
        tuple(row for row in rows if not row.known),
        tuple(row for row in rows if row.known),
        tuple(findings),
        len(files),
    )


def catalog_texts(resources: Iterable[Resource]) -> Mapping[str, tuple[UnitId, ...]]:
    """Units by what they say, capitals, blanks and final signs apart."""
    found: dict[str, tuple[UnitId, ...]] = {}
    for resource in resources:
        for unit in resource.values:
            plural = parse_plural(unit.source)
            for text in plural.forms.values() if plural else (unit.source,):
                found[_said(text)] = (*found.get(_said(text), ()), unit.id)
    return found


def _said(text: str) -> str:
    return " ".join(parse(text).plain.casefold().split()).rstrip(" .:!?…*")


def ranked(files: Mapping[str, CodeFile], texts: Mapping[str, tuple[UnitId, ...]], least: int) -> Sequence[HardCoded]:
    """The texts of some files that score enough, the surest first; pure."""
    rows = []
    for path, one in sorted(files.items()):
        seen = Counter[tuple[str, ...]]()
        for literal in one.literals:
            name = (literal.position.value, literal.name, literal.text)
            seen[name] += 1
            if literal.score >= least:
                known = texts.get(_said(literal.text), ())
                rows.append(HardCoded(path, literal, _fingerprint(path, *name, str(seen[name])), known))
    rows.sort(key=lambda row: (-row.literal.score, row.path, row.literal.line, row.literal.column))
    return rows


def _fingerprint(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def sarif(report: HardCodedReport, version: str = "") -> dict[str, object]:
    """The report as SARIF 2.1.0 (OASIS), one run; a text that could be taken from a message file says from which."""
    used = sorted({row.literal.position.value for row in (*report.rows, *report.known)})
    rules = [
        {
            "id": f"hard-coded/{name}",
            "name": f"HardCoded{name.capitalize()}",
            "shortDescription": {"text": _RULES[Position(name)]},
            "help": {"text": "Move the text into a message file and name its key here, so that it can be translated."},
            "defaultConfiguration": {"level": "warning"},
        }
        for name in used
    ]
    driver: dict[str, object] = {"name": "tm-service", "rules": rules}
    if version:
        driver["version"] = version
    results = [_result(row, used) for row in (*report.rows, *report.known)]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the site's repository."}}},
        "automationDetails": {"id": "tm-service/hard-coded/"},
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(row: HardCoded, used: Sequence[str]) -> dict[str, object]:
    literal = row.literal
    name = literal.position.value
    said = f"“{literal.text}” {'; '.join(literal.reasons)}."
    if row.known:
        resource, key = row.known[0]
        said += f" {resource} has it as {'.'.join(key)}: use that key."
    return {
        "ruleId": f"hard-coded/{name}",
        "ruleIndex": used.index(name),
        "level": "warning" if literal.score >= _SURE else "note",
        "rank": float(literal.score),
        "message": {"text": said},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(row.path), "uriBaseId": "SRCROOT"},
                    "region": {"startLine": literal.line, "startColumn": literal.column},
                }
            }
        ],
        "partialFingerprints": {_FINGERPRINT: row.fingerprint},
    }

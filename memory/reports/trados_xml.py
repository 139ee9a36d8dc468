"""Trados XML: an analysis in the layout of Trados Studio's "Analyze Files" report, which project systems import.

The elements and attributes are those that the report's own style sheet reads (AnalysisReport.xsl, published by RWS with the
reports API) and in the order in which Studio writes them; Plunet needs `segments` before `words` (remark in translate5's
export). Studio writes no XML declaration, and one importer knows a report by its first five characters.

- `characters` are without spaces, and `placeables` count the tags too (Trados Studio, "Report analysis counts").
- `fuzzy` is from the memory, `internalFuzzy` from the job and only there when it was looked for; `total` is the sum of all,
  locked segments included.
- Always 0: `perfect` (a match with an earlier state of the same bilingual file), `newBaseline` and `newLearnings`
  (adaptive machine translation), `repairWords`, `fullRecallWords` and the like; there is nothing here that they would count.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC
from functools import cache
from locale import windows_locale
from uuid import UUID, uuid5

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from lxml import etree

from memory.analysis import BANDS, INTERNAL, Analysis, Category, Counts, Tally, whole
from memory.classes import TABLE
from memory.reports import Heading, legible
from memory.score import DEFAULT, Penalties
from tm_service.domain.matches import MatchClass
from tm_service.domain.units import Locale

_NAMES = UUID("6f1f4d9e-52a4-4b0c-9c35-0d9a3a3b9f11")  # the namespace of our task and file identifiers
_UNKNOWN = ("repairWords", "fullRecallWords", "partialRecallWords", "edits", "adaptiveWords", "baselineWords")
_ELEMENTS: Mapping[str, Category | None] = {
    "perfect": None,
    "inContextExact": Category.CONTEXT,
    "exact": Category.EXACT,
    "locked": Category.LOCKED,
    "crossFileRepeated": Category.CROSS_FILE,
    "repeated": Category.REPETITION,
}
_NO_LCID = 0x1000  # LOCALE_CUSTOM_UNSPECIFIED of MS-LCID: a language without a number


def trados_xml(analysis: Analysis, heading: Heading, penalties: Penalties = DEFAULT) -> bytes:
    """A report as Trados Studio 2019 and later write it, UTF-8; the same analysis gives the same bytes."""
    task = etree.Element("task", name="analyse")
    _task_info(task, analysis, heading, penalties)
    for name, tally in analysis.files.items():
        guid = str(uuid5(_NAMES, legible(f"{heading.number}\n{name}")))
        _analyse(_child(task, "file", {"name": name, "guid": guid}), tally, analysis)
    _analyse(_child(task, "batchTotal"), analysis.total, analysis)
    etree.indent(task)
    return etree.tostring(task, encoding="utf-8", xml_declaration=False) + b"\n"


def _task_info(task: etree._Element, analysis: Analysis, heading: Heading, penalties: Penalties) -> None:
    info = _child(
        task,
        "taskInfo",
        {
            "taskId": str(uuid5(_NAMES, legible(heading.number))),
            "runAt": heading.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
            "runTime": _duration(heading.seconds),
        },
    )
    _child(info, "project", {"name": heading.project, "number": heading.number})
    _child(info, "language", {"lcid": str(lcid(heading.target)), "name": language_name(heading.target)})
    if heading.customer:
        _child(info, "customer", {"name": heading.customer})
    for memory in heading.memories:
        _child(info, "tm", {"name": memory})
    _child(
        info,
        "settings",
        {
            "reportInternalFuzzyLeverage": _yes(analysis.internal),
            "reportLockedSegmentsSeparately": "yes",
            "reportCrossFileRepetitions": _yes(analysis.options.cross_file),
            "minimumMatchScore": f"{TABLE[MatchClass.FUZZY_50].least:.0f}",
            "searchMode": "bestWins",
            "missingFormattingPenalty": str(penalties.codes),
            "differentFormattingPenalty": str(penalties.codes),
            "multipleTranslationsPenalty": str(penalties.several_targets),
            "autoLocalizationPenalty": str(penalties.numbers),
            "textReplacementPenalty": "0",
        },
    )


def _analyse(parent: etree._Element, tally: Tally, analysis: Analysis) -> None:
    analyse = _child(parent, "analyse")
    for element, category in _ELEMENTS.items():
        if category is not Category.CROSS_FILE or analysis.options.cross_file:
            _counts(analyse, element, tally[category] if category else Counts())
    _counts(analyse, "total", whole(tally.values()))
    _counts(analyse, "new", tally[Category.NEW])
    _counts(analyse, "newBaseline", Counts())
    _counts(analyse, "newLearnings", Counts())
    for band in reversed(BANDS):
        _counts(analyse, "fuzzy", tally[Category(band)], band)
    for band in reversed(BANDS) if analysis.internal else ():
        _counts(analyse, "internalFuzzy", tally[INTERNAL[band]], band)


def _counts(analyse: etree._Element, element: str, counts: Counts, band: MatchClass | None = None) -> None:
    least, _, most = (band or "").partition("-")
    said = {
        "segments": counts.segments,
        "words": counts.words,
        "characters": counts.characters,
        "placeables": counts.placeables + counts.tags,
        "tags": counts.tags,
        **dict.fromkeys(_UNKNOWN, 0),
    }
    limits = {"min": least, "max": most} if band else {}
    _child(analyse, element, limits | {name: str(count) for name, count in said.items()})


def _child(parent: etree._Element, name: str, attributes: Mapping[str, str] | None = None) -> etree._Element:
    return etree.SubElement(parent, name, {key: legible(value) for key, value in (attributes or {}).items()})


def _yes(said: bool) -> str:  # noqa: FBT001 - the word for the flag
    return "yes" if said else "no"


def _duration(seconds: float) -> str:
    """A duration as Studio says it: "5 minutes, 53 seconds"."""
    if seconds < 1:
        return "Less than 1 second"
    minutes, rest = divmod(int(seconds), 60)
    parts = [(minutes, "minute"), (rest, "second")]
    return ", ".join(f"{count} {unit}{'s' if count > 1 else ''}" for count, unit in parts if count)


def language_name(code: Locale) -> str:
    """The English name as Windows writes it: "French (Canada)"; a code that is no language stays itself."""
    try:
        return BabelLocale.parse(code.replace("-", "_")).get_display_name("en") or code
    except (ValueError, UnknownLocaleError):
        return code


def lcid(code: Locale) -> int:
    """The Windows number of a language (MS-LCID): 1036 for fr-FR, 12 for fr alone."""
    numbers, primary = _lcids()
    written = code.replace("-", "_")
    return numbers.get(written) or primary.get(written.partition("_")[0].lower(), _NO_LCID)


@cache
def _lcids() -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Numbers of languages in a region, the first where there are two; and of languages alone, their low ten bits."""
    numbers = {"es_ES": 0x0C0A}  # the modern sort, which Windows and Trados mean by Spanish (Spain)
    families: defaultdict[int, set[str]] = defaultdict(set)
    for number, name in windows_locale.items():
        if number & 0x3FF != number:
            numbers.setdefault(name, number)
            families[number & 0x3FF].add(name.partition("_")[0])
    primary = {min(names): number for number, names in families.items() if len(names) == 1}
    return numbers, primary

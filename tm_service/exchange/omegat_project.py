"""OmegaT project: the hand-off as a folder that OmegaT opens as it is.

Tried with OmegaT 3.6: its standard XLIFF filter shows the *target* as the text to translate, passes over units that have
none or an empty one, and leaves states as they are; so every target is a copy of its source, and what is known already
travels in `tm/`. By itself it cuts codes off the ends of a text; the project's own `filters.xml` keeps them movable, and
lets two units of the same text be translated differently by their ids.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from lxml import etree

from tm_service.domain.handoffs import Handoff, Standing, offered
from tm_service.domain.text import CodeKind
from tm_service.domain.units import Document
from tm_service.exchange.inline import Cut, Mark, legible, marks, matched
from tm_service.exchange.language_codes import regional

FOLDERS = ("dictionary/", "glossary/", "source/", "target/", "tm/", "tm/auto/")  # there even when nothing is in them

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_KNOWN_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")  # OmegaT knows a language and a country
_FILTERS = b"""<?xml version="1.0" encoding="UTF-8"?>
<filters removeTags="false" removeSpacesNonseg="false" preserveSpaces="true" ignoreFileContext="false">
  <filter className="org.omegat.filters3.xml.xliff.XLIFFFilter" enabled="true">
    <files sourceFilenameMask="*.xlf" targetFilenamePattern="${filename}"/>
    <option name="alttransidtype" value="ELEMENT_ID"/>
  </filter>
</filters>
"""
# Places are OmegaT's defaults; a unit is one segment already; of equal sources, one translation is offered for all.
_SETTINGS = {
    "source_dir": "__DEFAULT__",
    "target_dir": "__DEFAULT__",
    "tm_dir": "__DEFAULT__",
    "glossary_dir": "__DEFAULT__",
    "glossary_file": "__DEFAULT__",
    "dictionary_dir": "__DEFAULT__",
    "sentence_seg": "false",
    "support_default_translations": "true",
    "remove_tags": "false",
}
_TMX_HEADER = {
    "creationtool": "tm-service",
    "creationtoolversion": "1",
    "segtype": "paragraph",
    "o-tmf": "tm-service",
    "adminlang": "en",
    "datatype": "plaintext",
}
_Pair = tuple[str, str]


def project_files(handoff: Handoff, xliffs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Paths and bytes of the project: settings, sources by file name, memories; references in the folders OmegaT reads.

    Exact matches stand in `tm/auto` and fill their segments when the project opens, unless two units of the same text were
    translated differently; previous translations and fuzzy matches stand in `tm`.
    """
    exact, other = _memories(handoff)
    files = {
        "omegat.project": _project(handoff),
        "omegat/filters.xml": _FILTERS,
        **{f"source/{name}": content for name, content in xliffs.items()},
        **{_place(attached): attached.content for attached in handoff.attachments},
    }
    if exact:
        files["tm/auto/exact.tmx"] = _tmx(handoff, exact)
    if other:
        files["tm/known/previous.tmx"] = _tmx(handoff, other)
    return files


def _place(attached: Document) -> str:
    """Where OmegaT looks for a file; a table of terms that stands beside its TBX would show each term twice."""
    path = PurePosixPath(attached.path)
    folder = {".tmx": "tm", ".tbx": "glossary"}.get(path.suffix.lower())
    first, *rest = path.parts
    return f"{folder}/{'-'.join(rest)}" if folder and first == "reference" else attached.path


def _project(handoff: Handoff) -> bytes:
    root = etree.Element("omegat")
    project = etree.SubElement(root, "project", version="1.0")
    languages = {
        "source_lang": _language(handoff.package.source_locale, handoff.package.source_locale),
        "target_lang": _language(handoff.package.code, handoff.package.locale),
    }
    for name, value in (_SETTINGS | languages).items():
        etree.SubElement(project, name).text = value
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) + b"\n"


def _language(code: str, locale: str) -> str:
    return code if _KNOWN_CODE.fullmatch(code) else regional(locale)


def _memories(handoff: Handoff) -> tuple[list[_Pair], list[_Pair]]:
    """Pairs to be filled in at once, and pairs to be offered; each once, in the package's order."""
    exact: dict[str, dict[str, None]] = {}
    other: dict[_Pair, None] = {}
    for unit in handoff.work:
        detail = handoff.detail(unit)
        offer = offered(unit, detail)
        if offer.standing in (Standing.EXACT, Standing.CONTEXT):
            exact.setdefault(_segment(marks(unit.source)), {})[_segment(matched(offer.target, unit.source))] = None
        elif detail.matched:
            source = detail.matched_source or unit.source
            other[_pair(source, detail.matched)] = None
        if unit.previous_target and offer.standing is not Standing.EXACT:
            other[_pair(unit.previous_source or unit.source, unit.previous_target)] = None
    settled = [(source, next(iter(targets))) for source, targets in exact.items() if len(targets) == 1]
    open_ = ((source, target) for source, targets in exact.items() if len(targets) > 1 for target in targets)
    return settled, list(dict.fromkeys([*open_, *other]))


def _pair(source: str, target: str) -> _Pair:
    return _segment(marks(source)), _segment(matched(target, source))


def _segment(cut: Cut) -> str:
    """A text as OmegaT shows it: codes by the first letter of what they are and their number from 0, `<g0>`, `<x1/>`."""
    return legible("".join(_shown(cut)))


def _shown(cut: Cut) -> Iterator[str]:
    for piece in cut:
        if isinstance(piece, str):
            yield piece
        elif piece.kind is CodeKind.OPEN:
            yield f"<g{piece.number - 1}>"
        elif piece.kind is CodeKind.CLOSE:
            yield f"</g{piece.number - 1}>"
        else:
            yield f"<{_letter(piece)}{piece.number - 1}/>"


def _letter(mark: Mark) -> str:
    if mark.kind not in (CodeKind.PLACEHOLDER, CodeKind.LINK):
        return "x"
    return next((character.lower() for character in mark.data if character.isalpha()), "f")


def _tmx(handoff: Handoff, pairs: Iterable[_Pair]) -> bytes:
    source, target = handoff.package.source_locale, handoff.package.code
    root = etree.Element("tmx", version="1.4")
    etree.SubElement(root, "header", {**_TMX_HEADER, "srclang": source})
    body = etree.SubElement(root, "body")
    for said in pairs:
        unit = etree.SubElement(body, "tu")
        for language, text in zip((source, target), said, strict=True):
            etree.SubElement(etree.SubElement(unit, "tuv", {_LANG: language}), "seg").text = text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"

"""MXLIFF: read what Phrase made of a file of ours."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import groupby

from lxml import etree

from tm_service.domain.packages import Comment, ReturnedUnit, Stage
from tm_service.exchange.guard import Limits
from tm_service.exchange.readers.codes import Code, Piece, neutral_pair
from tm_service.exchange.readers.file import ReadFile, packages_of, unit_in
from tm_service.exchange.readers.joining import joined
from tm_service.exchange.readers.plain import packages_named
from tm_service.exchange.readers.states import PHRASE as WORDS
from tm_service.exchange.readers.states import PHRASE_MATCHES, stage_of
from tm_service.exchange.readers.trees import (
    PHRASE,
    context_in,
    contexts_around,
    inner,
    noted,
    target_of,
    units_in,
    xliff,
    xliff_root,
)

# Codes stand in the text itself: {1} alone, {1> and <1} around words; {b> and its like are Phrase's own formatting.
_CODE = re.compile(r"\{(?P<opens>\d{1,4}|[A-Za-z]{1,3})>|<(?P<closes>\d{1,4}|[A-Za-z]{1,3})\}|\{(?P<alone>\d{1,4})\}")


def _m(name: str) -> str:
    return f"{{{PHRASE}}}{name}"


def read_mxliff(name: str, content: bytes, limits: Limits | None = None) -> ReadFile:
    """Read an MXLIFF file from its bytes. Raises ReturnRejected."""
    limits = limits or Limits()
    return phrase_units(name, xliff_root(name, content, limits), limits)


def phrase_units(_name: str, root: etree._Element, _limits: Limits) -> ReadFile:
    """Read a file in the dialect of Phrase, in which segments of one unit of ours share a paragraph."""
    level = root.get(_m("level"), "1")
    people = {user.get("id", ""): user.get("username", "") for user in root.iter(_m("user"))}
    units: list[ReturnedUnit] = []
    for file in root.iter(xliff("file")):
        languages = file.get("source-language", ""), file.get("target-language", "")
        for _, elements in groupby(enumerate(units_in(file)), _paragraph):
            rows = [_row(element, people, checked=level not in ("", "1")) for _, element in elements]
            units.append(joined(rows, *languages))
    paths = [file.get("original", "") for file in root.iter(xliff("file"))]
    return ReadFile(packages_named(root) or packages_of(units, *paths), tuple(units), ())


def _paragraph(numbered: tuple[int, etree._Element]) -> tuple[str, str | int]:
    """What segments of one unit share; a segment that names no paragraph is a unit of its own."""
    place, element = numbered
    paragraph = element.get(_m("para-id"))
    return (_id(element), place if paragraph is None else paragraph)


def _row(element: etree._Element, people: Mapping[str, str], *, checked: bool) -> ReturnedUnit:
    target_element, findings = target_of(element)
    said = _said(element)
    source, target = _written(element.find(xliff("source"))), _written(target_element)
    pairs = _pairs(source) | _pairs(target)
    source_text, target_text, numbered = neutral_pair(
        tuple(_pieces(source, said, pairs)), tuple(_pieces(target, said, pairs))
    )
    confirmed = element.get(_m("confirmed"), "")
    stage = _stage(element, confirmed, checked=checked, has_target=bool(target.strip()))
    edited = element.get(_m("level-edited")) == "true"
    given = element.get(_m("trans-origin"), "").casefold() in PHRASE_MATCHES or element.get(_m("locked")) == "true"
    return ReturnedUnit(
        id=_id(element),
        source=source_text,
        target=target_text,
        state=confirmed,
        findings=findings,
        stage=stage,
        comments=(*_comments(element, people), *noted(element)),
        resource=context_in(element, "x-resource"),
        key=_key(element),
        numbered=numbered,
        untouched=stage in (Stage.DRAFT, Stage.UNTOUCHED) and not edited and given,
    )


def _written(element: etree._Element | None) -> str:
    return "" if element is None else inner(element)


def _said(element: etree._Element) -> Mapping[str, str]:
    """What each numbered code was in the file that Phrase was given."""
    marks = element.iterfind(f"{_m('tunit-metadata')}/{_m('mark')}")
    targets = element.iterfind(f"{_m('tunit-target-metadata')}/{_m('mark')}")
    return {mark.get("id", ""): mark.findtext(_m("content"), "") for mark in (*targets, *marks)}


def _pairs(text: str) -> AbstractSet[str]:
    """The numbers that both open and close in a text; other braces and angles are just that."""
    ends = [(match["opens"], match["closes"]) for match in _CODE.finditer(text)]
    return {opens for opens, _ in ends if opens} & {closes for _, closes in ends if closes}


def _pieces(text: str, said: Mapping[str, str], pairs: AbstractSet[str]) -> Iterator[Piece]:
    """Cut a text into words and codes; what merely looks like a code of Phrase stays text."""
    done = 0
    for match in _CODE.finditer(text):
        number = match["opens"] or match["closes"] or match["alone"]
        if number in said or (number in pairs and not match["alone"]):
            yield text[done : match.start()]
            yield Code(number, "+" if match["opens"] else "-" if match["closes"] else ".", said.get(number, ""))
            done = match.end()
    yield text[done:]


def _stage(element: etree._Element, confirmed: str, *, checked: bool, has_target: bool) -> Stage:
    """How far a segment is; confirmed by whoever edited it in a later step of the workflow is approved."""
    stage = stage_of(WORDS, confirmed)
    if stage is Stage.TRANSLATED and checked and element.get(_m("level-edited")) == "true":
        return Stage.APPROVED
    return Stage.UNTOUCHED if stage is Stage.DRAFT and not has_target else stage


def _id(element: etree._Element) -> str:
    """The id of our unit; segments have ids of their own, so that only an id of our shape counts."""
    notes = (note.text for note in element.iterfind(xliff("note")))
    contexts = (context.text for context in contexts_around(element))
    texts = (element.get("id"), element.get("resname"), *notes, *contexts)
    return next(filter(None, map(unit_in, texts)), "")


def _key(element: etree._Element) -> str:
    name = element.get("resname") or context_in(element, "x-key")
    return "" if unit_in(name) else name


def _comments(element: etree._Element, people: Mapping[str, str]) -> Iterator[Comment]:
    for comment in element.iterfind(_m("comment")):
        text = inner(comment).strip()
        if text:
            by = comment.get("created-by", "")
            yield Comment(text, people.get(by, by), comment.get("created-at", ""))

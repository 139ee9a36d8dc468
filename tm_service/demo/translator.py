"""The simulated translator: fills an XLIFF 1.2 file from the phrase book, with slips on request."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

from tm_service.demo.phrases import Phrases
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.text import Code, CodeKind, parse

_Numbered = tuple[str | Code, str]  # a part of a text, and the id of its inline element (empty for words)


def translate(xliff: bytes, phrase_book: Phrases, locale: str, *, mistakes: int = 0) -> bytes:
    """Fill every target whose source the phrase book knows; the rest stays as it came.

    `mistakes` units are spoilt afterwards, the same ones each time, in turn: placeholders dropped, target blanked,
    tags dropped. Raises ReturnRejected for what is not XML or declares a document type.
    """
    tree = _parsed(xliff)
    known = _by_canonical_form(phrase_book)
    filled = []
    for unit in tree.iter("{*}trans-unit"):
        source = unit.find("{*}source")
        english = known.get(_canonical_form(source)) if source is not None else None
        if source is None or english is None or locale not in phrase_book[english]:
            continue
        target = _target(unit, source)
        _fill(target, source, english, phrase_book[english][locale])
        filled.append(target)
    _spoil(filled, mistakes)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def filled(package: bytes, phrase_book: Phrases, locale: str, mistakes: int = 0) -> bytes:
    """A package's zip with its XLIFF filled in."""
    returned = BytesIO()
    with ZipFile(BytesIO(package)) as sent, ZipFile(returned, "w", ZIP_DEFLATED) as answer:
        for entry in sent.infolist():
            content = sent.read(entry)
            if entry.filename.endswith(".xlf"):
                content = translate(content, phrase_book, locale, mistakes=mistakes)
            answer.writestr(entry, content)
    return returned.getvalue()


def _parsed(xliff: bytes) -> etree._ElementTree:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(xliff, parser).getroottree()
    except etree.XMLSyntaxError as error:
        raise ReturnRejected(f"The package is not XML: {error}.") from error
    if tree.docinfo.internalDTD is not None:
        raise ReturnRejected("The package declares a document type; packages of ours have none.")
    return tree


def _numbered(value: str) -> Iterator[_Numbered]:
    """Cut a text into parts with their ids: 1..n in reading order, a closing tag has its opening one's."""
    number = 0
    pairs: dict[int, int] = {}
    for part in parse(value).parts:
        if isinstance(part, str):
            yield part, ""
        elif part.kind is CodeKind.CLOSE:
            yield part, str(pairs[part.pair])
        else:
            number += 1
            pairs[part.pair] = number
            yield part, str(number)


def _by_canonical_form(phrase_book: Phrases) -> Mapping[str, str]:
    """Map canonical forms to English. Wordings that differ in tags alone share one; either fits, only ids count."""
    return {"".join(_token(part, number) for part, number in _numbered(english)): english for english in phrase_book}


def _token(part: str | Code, number: str) -> str:
    if isinstance(part, str):
        return part
    if part.kind in (CodeKind.PLACEHOLDER, CodeKind.LINK):
        return f"{{{number}={part.data}}}"
    return f"{{/{number}}}" if part.kind is CodeKind.CLOSE else f"{{{number}}}"


def _canonical_form(element: etree._Element) -> str:
    """Write what a source element says, its codes as `{1}`, `{/1}` and `{2={name}}`."""
    form = element.text or ""
    for child in element:
        number, name = child.get("id", ""), etree.QName(child).localname
        if name == "ph":
            form += f"{{{number}={child.text or ''}}}"
        elif name == "g":
            form += f"{{{number}}}{_canonical_form(child)}{{/{number}}}"
        else:
            form += f"{{{number}}}"
        form += child.tail or ""
    return form


def _target(unit: etree._Element, source: etree._Element) -> etree._Element:
    """Empty the unit's target and mark it as translated; make it behind the source where there is none."""
    target = unit.find("{*}target")
    if target is None:
        target = unit.makeelement(etree.QName(etree.QName(source).namespace, "target"))
        target.tail = source.tail
        unit.insert(unit.index(source) + 1, target)
    del target[:]
    target.text = None
    target.attrib.pop("state-qualifier", "")
    target.set("state", "translated")
    return target


def _fill(target: etree._Element, source: etree._Element, english: str, translation: str) -> None:
    """Write a translation, each of its codes as the source's inline element for the same code."""
    elements = {element.get("id", ""): element for element in source.iter("{*}g", "{*}x", "{*}ph")}
    number_of = _numbers(english)
    open_elements = [target]
    for part, _ in _numbered(translation):
        if isinstance(part, str):
            _append(open_elements[-1], part)
        elif part.kind is CodeKind.CLOSE:
            open_elements.pop()
        else:
            model = elements[number_of(part.data)]
            element = etree.SubElement(open_elements[-1], model.tag)
            for name, value in model.items():
                element.set(name, value)
            if part.kind is CodeKind.OPEN:
                open_elements.append(element)
            else:
                element.text = model.text


def _numbers(english: str) -> Callable[[str], str]:
    """Give the ids of a code in turn, then its last again: Arabic has more plural forms than English."""
    ids: dict[str, list[str]] = defaultdict(list)
    for part, number in _numbered(english):
        if isinstance(part, Code) and part.kind is not CodeKind.CLOSE:
            ids[part.data].append(number)
    used: Counter[str] = Counter()

    def number_of(data: str) -> str:
        used[data] += 1
        return ids[data][min(used[data], len(ids[data])) - 1]

    return number_of


def _append(element: etree._Element, words: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words


def _spoil(targets: Iterable[etree._Element], mistakes: int) -> None:
    """Each slip in turn on the first unspoilt target it can happen to; blanking can happen to all."""
    whole = list(targets)
    slips = (("{*}ph", _drop_placeholders), (None, _blank), ("{*}g", _drop_tags))
    for number in range(min(mistakes, len(whole))):
        needed, slip = slips[number % len(slips)]
        target = next((each for each in whole if needed is None or each.find(f".//{needed}") is not None), None)
        if target is None:
            target, slip = whole[0], _blank
        slip(target)
        whole.remove(target)


def _drop_placeholders(target: etree._Element) -> None:
    etree.strip_elements(target, "{*}ph", with_tail=False)


def _blank(target: etree._Element) -> None:
    del target[:]
    target.text = None


def _drop_tags(target: etree._Element) -> None:
    etree.strip_tags(target, "{*}g")

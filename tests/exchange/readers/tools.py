"""Tools: what Trados Studio, memoQ and Phrase would make of a file of ours, for texts that nobody wrote by hand."""

from copy import deepcopy
from itertools import count
from uuid import UUID

from lxml import etree

from tm_service.exchange.inline import XLIFF

SDL, MEMOQ, PHRASE = "http://sdl.com/FileTypes/SdlXliff/1.0", "MQXliff", "http://www.memsource.com/mxlf/2.0"


def x(name):
    return f"{{{XLIFF}}}{name}"


def answered(content, answer):
    """Our file with a target in each unit: the pieces of its source, put in another order by `answer`."""
    root = etree.fromstring(content)
    for unit in root.iter(x("trans-unit")):
        source, target = unit.find(x("source")), unit.find(x("target"))
        for child in list(target):
            target.remove(child)
        _fill(target, answer(pieces_of(source)))
    return etree.tostring(root)


def pieces_of(element):
    """The texts and elements directly in an element, in order."""
    pieces = [element.text or ""]
    for child in element:
        alone = deepcopy(child)
        alone.tail = None
        pieces += [alone, child.tail or ""]
    return [piece for piece in pieces if not isinstance(piece, str) or piece]


def _fill(element, pieces):
    element.text = None
    for piece in pieces:
        if not isinstance(piece, str):
            element.append(deepcopy(piece))
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + piece
        else:
            element.text = (element.text or "") + piece


def written(element):
    """An inline element of ours as a tool shows it: the tag, or the element with what is in it where it is a placeholder."""
    bare = etree.Element(element.tag.rpartition("}")[2], dict(element.attrib))
    if bare.tag == "ph":
        bare.text = element.text
        return etree.tostring(bare, encoding="unicode")
    return etree.tostring(bare, encoding="unicode").replace("/>", ">" if bare.tag == "g" else "/>")


def trados(content, *, described=True, cut=0):
    """An SDLXLIFF: units under GUIDs named by their contexts, numbered tags, every `cut` pieces a segment of its own."""
    ours = etree.fromstring(content)
    root = etree.Element(x("xliff"), version="1.2", nsmap={None: XLIFF, "sdl": SDL})
    file = etree.SubElement(root, x("file"), original="C:\\in\\part 1.xlf", datatype="x-sdlfilterframework2")
    header = etree.SubElement(file, x("header"))
    contexts, tags = (etree.SubElement(header, f"{{{SDL}}}{name}-defs") for name in ("cxt", "tag"))
    body, numbers = etree.SubElement(file, x("body")), count(57)
    for place, unit in enumerate(ours.iter(x("trans-unit")), 1):
        context = etree.SubElement(contexts, f"{{{SDL}}}cxt-def", id=str(place), type="x-unit", descr="unit")
        etree.SubElement(etree.SubElement(context, f"{{{SDL}}}props"), f"{{{SDL}}}value", key="id").text = unit.get(
            "id"
        )
        group = etree.SubElement(body, x("group"))
        etree.SubElement(etree.SubElement(group, f"{{{SDL}}}cxts"), f"{{{SDL}}}cxt", id=str(place))
        made = etree.SubElement(group, x("trans-unit"), id=str(UUID(int=place)))
        ids = {}
        for name in ("source", "target"):
            side = deepcopy(unit.find(x(name)))
            side.attrib.clear()
            side.tail = None
            for code in list(side.iter(x("g"), x("x"), x("ph"))):
                _numbered(code, ids, numbers, tags, described=described)
            if cut:
                _segmented(side, cut)
            made.append(side)
        definitions = etree.SubElement(made, f"{{{SDL}}}seg-defs")
        for mark in made.find(x("target")).iter(x("mrk")):
            etree.SubElement(definitions, f"{{{SDL}}}seg", id=mark.get("mid"), conf="Translated", origin="interactive")
    return etree.tostring(root)


def _numbered(code, ids, numbers, tags, *, described):
    said = written(code)
    if said not in ids:
        ids[said] = str(next(numbers))
        tag = etree.SubElement(tags, f"{{{SDL}}}tag", id=ids[said])
        is_pair = code.tag == x("g")
        etree.SubElement(tag, f"{{{SDL}}}{'bpt' if is_pair else 'ph'}", name="g").text = said if described else "<cf>"
        if is_pair:
            etree.SubElement(tag, f"{{{SDL}}}ept", name="g").text = "</g>" if described else "</cf>"
    if code.tag != x("g"):
        code.tag, code.text = x("x"), None
    code.attrib.clear()
    code.set("id", ids[said])


def _segmented(side, cut):
    pieces = pieces_of(side)
    for child in list(side):
        side.remove(child)
    side.text = None
    for place in range(0, len(pieces), cut):
        _fill(etree.SubElement(side, x("mrk"), mtype="seg", mid=str(place)), pieces[place : place + cut])


def memoq(content, style="plain"):
    """An MQXLIFF: one row for each unit, its codes halves and placeholders; `style` is how memoQ says what they were."""
    ours = etree.fromstring(content)
    root = etree.Element(x("xliff"), version="1.2", nsmap={None: XLIFF, "mq": MEMOQ})
    file = etree.SubElement(root, x("file"), {"original": "part 1.xlf", "source-language": "en"})
    body = etree.SubElement(file, x("body"))
    for place, unit in enumerate(ours.iter(x("trans-unit")), 1):
        row = etree.SubElement(body, x("trans-unit"), {"id": str(place), f"{{{MEMOQ}}}status": "ManuallyConfirmed"})
        numbers, ids = count(1), {}
        for name in ("source", "target"):
            _fill(etree.SubElement(row, x(name)), _flat(pieces_of(unit.find(x(name))), numbers, ids, style))
        group = etree.SubElement(row, x("context-group"))
        etree.SubElement(group, x("context"), {"context-type": "x-mmq-context"}).text = unit.get("id")
    return etree.tostring(root)


def _flat(pieces, numbers, ids, style):
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        said = written(piece)
        number = ids.setdefault(said, str(next(numbers)))
        if piece.tag == x("g"):
            yield _half("bpt", number, said, style)
            yield from _flat(pieces_of(piece), numbers, ids, style)
            yield _half("ept", number, "</g>", style)
        else:
            yield _half("ph", number, said, style)


def _half(name, number, said, style):
    made = etree.Element(x("ph" if style == "singles" else name), id=number)
    if style == "singles":
        made.set("id", number + name)
    if style == "undescribed":
        made.text = "{}"
    elif style == "native":
        ends = {"bpt": ("<", ">"), "ept": ("</", ">"), "ph": ("<", " />")}[name]
        value = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        made.text = f'{ends[0]}mq:rxt displaytext="t" val="{value}"{ends[1]}'
    else:
        made.text = said
    return made


def phrase(content, *, described=True):
    """An MXLIFF: codes as braces in the text, and what they were beside it."""
    ours = etree.fromstring(content)
    root = etree.Element(x("xliff"), version="1.2", nsmap={None: XLIFF, "m": PHRASE})
    file = etree.SubElement(root, x("file"), {"original": "part 1.xlf", "source-language": "en"})
    body = etree.SubElement(file, x("body"))
    for place, unit in enumerate(ours.iter(x("trans-unit"))):
        group = etree.SubElement(body, x("group"), {"id": str(place), f"{{{PHRASE}}}para-id": str(place)})
        contexts = etree.SubElement(group, x("context-group"))
        etree.SubElement(contexts, x("context"), {"context-type": "x-key"}).text = unit.get("id")
        row = etree.SubElement(
            group,
            x("trans-unit"),
            {"id": f"t9:{place}", f"{{{PHRASE}}}para-id": str(place), f"{{{PHRASE}}}confirmed": "1"},
        )
        ids = {}
        for name in ("source", "target"):
            etree.SubElement(row, x(name)).text = "".join(_braced(pieces_of(unit.find(x(name))), ids))
        for name in ("tunit-metadata", "tunit-target-metadata"):
            metadata = etree.SubElement(row, f"{{{PHRASE}}}{name}")
            for said, number in ids.items():
                mark = etree.SubElement(metadata, f"{{{PHRASE}}}mark", id=number)
                etree.SubElement(mark, f"{{{PHRASE}}}type").text = "code"
                etree.SubElement(mark, f"{{{PHRASE}}}content").text = said if described else "w:r"
    return etree.tostring(root)


def _braced(pieces, ids):
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        number = ids.setdefault(written(piece), str(len(ids) + 1))
        if piece.tag == x("g"):
            yield f"{{{number}>"
            yield from _braced(pieces_of(piece), ids)
            yield f"<{number}}}"
        else:
            yield f"{{{number}}}"

"""XLIFF 2 inline: a text's codes under the same numbers as in XLIFF 1.2, with their names beside as original data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from lxml import etree

from tm_service.domain.text import CodeKind
from tm_service.exchange.inline import Cut, Mark, label

_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
# XLIFF 2.1, 4.3.1.28 and 4.3.1.29 (subType, type): what the standard has words for.
_FORMATS = {"b": "xlf:b", "strong": "xlf:b", "i": "xlf:i", "em": "xlf:i", "u": "xlf:u", "br": "xlf:lb"}
_KINDS = {"a": "link", "img": "image", "q": "quote"}
_STYLE = re.compile(
    r"a|b(do|ig|lockquote|ody|r|utton)?|c(aption|enter|ite|ode|ol|olgroup)|d(d|el|iv|l|t)|em|h[1-6r]|head|html|i(mg)?"
    r"|l(abel|egend|i)|ol|p(re)?|q|s(amp|elect|mall|pan|trike|trong|ub|up)?|t(able|body|d|foot|h|head|itle|r|t)|ul?"
)


@dataclass(frozen=True, slots=True)
class Codes:
    """Writes the codes of one unit: of its source and of what else stands there under the source's numbers.

    `styles` is the namespace of the format style module, empty for none. `data` is what each code is, by its data's id.
    A code may be left out where a target offered with it leaves it out already; in a text of several plural forms any code
    may be left out or doubled, since languages have more forms or fewer.
    """

    namespace: str
    styles: str
    data: Mapping[str, str]
    is_plural: bool
    left_out: frozenset[int]

    @classmethod
    def of(cls, namespace: str, source: Cut, others: tuple[Cut, ...], styles: str = "") -> Self:
        """What the codes of a source, and of targets offered for it, have in common."""
        numbers = {mark.number for mark in _numbered(source)}
        return cls(
            namespace=namespace,
            styles=styles,
            data={_data_id(mark): label(mark.data) for cut in (source, *others) for mark in _numbered(cut)},
            is_plural=any(mark.kind is CodeKind.BAR for mark in _numbered(source)),
            left_out=frozenset().union(*(numbers - {mark.number for mark in _numbered(cut)} for cut in others)),
        )

    def write_data(self, element: etree._Element) -> None:
        """Original data: what each code is, by name; attributes of tags never leave the house."""
        if not self.data:
            return
        holder = etree.SubElement(element, self._tag("originalData"))
        for name, text in self.data.items():
            etree.SubElement(holder, self._tag("data"), id=name).text = text

    def fill(self, element: etree._Element, cut: Cut) -> None:
        """Write words and codes as the content of a `source` or `target`."""
        path = [element]
        for piece in cut:
            if isinstance(piece, str):
                _append(path[-1], piece)
            elif piece.kind is CodeKind.CLOSE:
                path.pop()
            elif piece.kind is None:
                etree.SubElement(path[-1], self._tag("cp"), hex=f"{ord(piece.data):04X}")
            elif piece.kind is CodeKind.OPEN:
                path.append(etree.SubElement(path[-1], self._tag("pc"), self._pair(piece)))
            else:
                etree.SubElement(path[-1], self._tag("ph"), self._single(piece))

    def _pair(self, mark: Mark) -> dict[str, str]:
        start = _data_id(mark)
        data = {"dataRefStart": start, "dataRefEnd": f"{start}e", "dispStart": label(mark.data)}
        return {"id": str(mark.number), **_type(mark), **data, **self._hints(mark), **self._style(mark)}

    def _single(self, mark: Mark) -> dict[str, str]:
        data = {"dataRef": _data_id(mark), "disp": label(mark.data), "equiv": ""}
        return {"id": str(mark.number), **_type(mark), **data, **self._hints(mark), **self._style(mark)}

    def _hints(self, mark: Mark) -> dict[str, str]:
        """What an editor may do with a code; `canReorder` is left at yes, since languages order words in their own way."""
        if self.is_plural:
            return {}
        can_copy = mark.kind in (CodeKind.ENTITY, CodeKind.PLACEHOLDER, CodeKind.LINK)
        can_delete = mark.kind is CodeKind.ENTITY or mark.number in self.left_out
        return {"canCopy": _yes(can_copy), "canDelete": _yes(can_delete)}

    def _style(self, mark: Mark) -> dict[str, str]:
        name = _tag_name(mark)
        return {f"{{{self.styles}}}fs": name} if self.styles and _STYLE.fullmatch(name) else {}

    def _tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"


def _yes(value: bool) -> str:  # noqa: FBT001 - it is the value that is written
    return "yes" if value else "no"


def _numbered(cut: Cut) -> Iterable[Mark]:
    """The codes of a text; characters that XML cannot carry are none here, since XLIFF 2 has an element for them."""
    return (piece for piece in cut if isinstance(piece, Mark) and piece.kind is not None)


def _data_id(mark: Mark) -> str:
    return f"d{mark.number}{'e' if mark.kind is CodeKind.CLOSE else ''}"


def _type(mark: Mark) -> dict[str, str]:
    name = _tag_name(mark)
    if mark.kind in (CodeKind.PLACEHOLDER, CodeKind.LINK):
        return {"type": "ui", "subType": "xlf:var"}
    if name in _FORMATS:
        return {"type": "fmt", "subType": _FORMATS[name]}
    return {"type": _KINDS.get(name, "other")}


def _tag_name(mark: Mark) -> str:
    match = _TAG_NAME.match(mark.data)
    return match[1].lower() if match and mark.kind in (CodeKind.OPEN, CodeKind.ALONE) else ""


def _append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text

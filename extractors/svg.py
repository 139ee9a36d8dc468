"""SVG: the texts of drawings (`text`, `title`, `desc`) and their `aria-label` attributes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot
from extractors.splices import Splice
from extractors.xml_format import XmlFormat, put_attribute, with_comments
from extractors.xml_spans import Attribute, Element, Run, local
from extractors.xml_writing import Piece, cut, inner_pieces, inner_written, put_inner, put_value
from locales import LANGUAGES
from tm_service.domain.findings import Finding
from tm_service.domain.serving import Stamp
from tm_service.domain.units import About, Key, Locale

_TEXTS = frozenset(["text", "title", "desc"])
_OTHERS = frozenset(["style", "script", "metadata", "foreignObject"])  # not drawn, or another language of its own
_LABEL = "aria-label"
_BLANKS = re.compile(r"[ \t\n\r]+")


class Svg(XmlFormat):
    """A text's key is the nearest id, what it is, and which one of these it is where there are several.

    Lines and styles within a text (`tspan`) are tags in it; one `tspan` around all of it is not. Blanks collapse, as they do
    when it is drawn, unless `xml:space` keeps them. What is drawn for one language only (`systemLanguage`) is left alone.
    """

    root = "svg"
    doctypes = frozenset(["svg"])

    def messages(self, page: Page, root: Element, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002
        """Every text, and every label, in file order."""
        yield from _Drawing(page).slots(root, (), "", keeps=False)

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterable[Splice]:  # noqa: ARG002
        """The language of the drawing, and its direction where that is not from left to right."""
        root = self.tree(page)
        name = "lang" if "lang" in root.attributes else "xml:lang"
        language = LANGUAGES.get(re.split("[-_]", locale, maxsplit=1)[0].lower())
        direction = language.direction if language else "ltr"
        splices = put_attribute(page, root, name, locale.replace("_", "-"))
        if direction == "rtl" or "direction" in root.attributes:
            splices += put_attribute(page, root, "direction", direction, after=name)
        return splices


@dataclass(frozen=True, slots=True)
class _Drawing:
    page: Page
    counts: Counter[Key] = field(default_factory=Counter)

    def slots(self, element: Element, scope: Key, comment: str, *, keeps: bool) -> Iterator[Slot]:
        """The texts of an element and of all within it."""
        name, said = local(element.name), about(comment)
        if name in _OTHERS or "systemLanguage" in element.attributes:
            return
        scope = (element.value("id"),) if element.value("id") else scope
        keeps = {"preserve": True, "default": False}.get(element.value("xml:space"), keeps)
        label = element.attributes.get(_LABEL)
        if label:
            yield _label(self.page, self.key(scope, _LABEL), label, said)
        if name in _TEXTS:
            yield _slot(self.page, self.key(scope, name), element, said, keeps=keeps)
            return
        for child, beside in with_comments(self.page, element):
            yield from self.slots(child, scope, beside, keeps=keeps)

    def key(self, scope: Key, kind: str) -> Key:
        """The next key of a kind in its scope; the first has no number."""
        key = (*scope, kind)
        self.counts[key] += 1
        return key if self.counts[key] == 1 else (*key, str(self.counts[key]))


def _slot(page: Page, key: Key, element: Element, said: About, *, keeps: bool) -> Slot:
    element = _innermost(element)
    pieces = inner_pieces(page, element)
    begin, end = (element.inner, element.close) if keeps else _inside(page, element)

    def write(text: str) -> tuple[Splice, ...]:
        made = cut(text, [element]) if keeps else _collapsed(cut(text, [element]))
        if element.inner == element.end:
            return (put_inner(page, element, made),)
        return (Splice(begin, end, inner_written(page, element, made)),)

    read = "".join(piece.text for piece in (pieces if keeps else _collapsed(pieces)))
    return Slot(key, read, write, about=said)


def _label(page: Page, key: Key, label: Attribute, said: About) -> Slot:
    return Slot(key, label.value, lambda text: (put_value(page, label, text),), about=said)


def _innermost(element: Element) -> Element:
    """The one element in which all of a text stands."""
    children = list(element.elements)
    others = "".join(child.text for child in element.children if isinstance(child, Run))
    if len(children) == 1 and local(children[0].name) == "tspan" and not others.strip(" \t\r\n"):
        return _innermost(children[0])
    return element


def _inside(page: Page, element: Element) -> tuple[int, int]:
    """Where a text begins and ends within its element: the blanks around it are not drawn."""
    raw = page.text[element.inner : element.close]
    begin = len(raw) - len(raw.lstrip(" \t\r\n"))
    if begin == len(raw):
        begin = raw.rfind("\r\n") if "\r\n" in raw else raw.rfind("\n")
        return (element.inner + max(begin, 0),) * 2
    return element.inner + begin, element.inner + len(raw.rstrip(" \t\r\n"))


def _collapsed(pieces: list[Piece]) -> list[Piece]:
    """Blanks as they are drawn: a run of them is one, and none at the edges."""
    made: list[Piece] = []
    ends_blank = True
    for piece in pieces:
        if piece.is_tag:
            made.append(piece)
            continue
        text = _BLANKS.sub(" ", piece.text)
        text = text[1:] if ends_blank and text.startswith(" ") else text
        ends_blank = text.endswith(" ") if text else ends_blank
        made.append(Piece(text))
    for place in range(len(made) - 1, -1, -1):
        if not made[place].is_tag and made[place].text:
            made[place] = Piece(made[place].text.removesuffix(" "))
            break
    return made

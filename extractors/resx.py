"""RESX: the texts of .NET resource files (`data` elements; schema Microsoft ResX 2.0)."""

from collections.abc import Iterator

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot
from extractors.xml_format import XmlFormat, odd, with_comments
from extractors.xml_spans import Element
from extractors.xml_writing import put_text
from tm_service.domain.findings import Finding
from tm_service.domain.units import About, Locale

_DESIGN_TIME = ">>"  # what the designer says of a form's fields


class Resx(XmlFormat):
    """A text's key is its name. Data of other types, files and what the designer keeps beside are carried along."""

    root = "root"

    def messages(self, page: Page, root: Element, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002
        """Every `data` that is a text, its comment as the note."""
        for element, before in with_comments(page, root):
            value, comment = element.find("value"), element.find("comment")
            if element.name != "data" or value is None or not _is_text(element):
                continue
            if next(value.elements, None):
                sentence = f'"{element.value("name")}" holds tags, which .NET does not read; escape them.'
                yield odd(page, value, "markup", sentence)
                continue
            said = about("\n".join(filter(None, (before, comment.text if comment else ""))))
            yield _slot(page, element.value("name"), value, said)


def _is_text(element: Element) -> bool:
    kind = element.value("type").partition(",")[0].strip()
    is_typed = kind not in ("", "System.String") or "mimetype" in element.attributes
    return not is_typed and not element.value("name").startswith(_DESIGN_TIME)


def _slot(page: Page, name: str, value: Element, said: About) -> Slot:
    return Slot((name,), value.text, lambda text: (put_text(page, value, text),), about=said)

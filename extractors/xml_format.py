"""XML format: what the extractors of XML files share; comments beside a message, and translations beside their sources."""

from abc import abstractmethod
from collections.abc import Iterator

from extractors.pages import Page
from extractors.slots import Slot, TextFormat
from extractors.splices import Splice
from extractors.xml_spans import Comment, Element, encoding, local, read_xml
from extractors.xml_writing import characters
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.units import Locale


class XmlFormat(TextFormat):
    """An extractor of XML files. A new one says which root element they have, and its `messages`."""

    root: str
    doctypes: frozenset[str] = frozenset()

    @abstractmethod
    def messages(self, page: Page, root: Element, locale: Locale) -> Iterator[Slot | Finding]:
        """Every message in file order, as `TextFormat.slots` gives them."""

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        """The same, after the file was read. Raises ExtractionError."""
        yield from self.messages(page, self.tree(page), locale)

    def tree(self, page: Page) -> Element:
        """The root element. Raises ExtractionError where it is another format's."""
        root = read_xml(page, self.doctypes)
        if local(root.name) != self.root:
            raise page.error(root.begin, f"the root element is <{root.name[:40]}> where <{self.root}> should be")
        return root

    def encoding(self, content: bytes) -> str:
        """What the XML declaration says."""
        return encoding(content)


def with_comments(page: Page, parent: Element) -> Iterator[tuple[Element, str]]:
    """Each child element with the comments directly before it and behind it on its line.

    A blank line parts a comment from what follows: it then speaks of a section.
    """
    found: list[tuple[Element, list[str]]] = []
    waiting: list[str] = []
    for child in parent.children:
        if isinstance(child, Element):
            found.append((child, waiting))
            waiting = []
        elif isinstance(child, Comment):
            if found and not waiting and "\n" not in page.text[found[-1][0].end : child.begin]:
                found[-1][1].append(child.text)
            else:
                waiting.append(child.text)
        elif child.text.strip() or child.text.count("\n") > 1:
            waiting = []
    return ((element, "\n".join(text.strip() for text in comments)) for element, comments in found)


def put_attribute(page: Page, element: Element, name: str, value: str, after: str = "") -> tuple[Splice, ...]:
    """The splices that give an element's attribute a value; a new one stands behind the attribute `after`, or first."""
    there = element.attributes.get(name)
    written = characters(page, value, {"&": "&amp;", "<": "&lt;", '"': "&quot;", "'": "&apos;"})
    if there:
        return (Splice(there.begin, there.end, written),) if there.value != value else ()
    neighbour = element.attributes.get(after)
    place = neighbour.end + 1 if neighbour else element.begin + 1 + len(element.name)
    return (Splice(place, place, f' {name}="{written}"'),)


def odd(page: Page, element: Element, check: str, sentence: str) -> Finding:
    """What is odd at an element, as a finding that says the line."""
    line, _ = page.position(element.begin)
    return Finding(check, Severity.WARNING, f"Line {line}: {sentence}", path=page.path)

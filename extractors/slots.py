"""Slots: formats that are text, taken apart by where their messages stand and put together by splicing there.

A format says where its messages stand and how another text is written there; everything else is the same for all of them:
encodings, comments, limits, doubled keys, reading, merging. Bytes that no message owns are never written anew (law 5).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from extractors.pages import Page, page
from extractors.splices import Splice, splice
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import NOTHING_SAID, About, CatalogFile, Document, Key, Locale, Resource, Unit, key_text

LONGEST = 100_000  # characters of one value; what is longer is data, carried along and not translated


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one message stands.

    `text` is what stands there, unescaped, blank where nothing does; a message of several forms as `domain.plurals` writes it.
    `write` gives the splices that put another text there. `source` is the source text of a file that holds it beside its
    translation, None where `text` itself is all there is; a message that nobody has translated then stays blank, or is what
    `leave_open` writes of the source text that is to stand in for it. `about` is what the file says
    beside.
    """

    key: Key
    text: str
    write: Callable[[str], Iterable[Splice]]
    source: str | None = None
    about: About = NOTHING_SAID
    leave_open: Callable[[str], Iterable[Splice]] | None = field(default=None, kw_only=True)

    def spliced(self, entry: Served) -> Iterable[Splice]:
        """What puts a served text here."""
        if entry.translated or (self.source is None and self.leave_open is None):
            return self.write(entry.text)
        return self.leave_open(entry.text) if self.leave_open else ()


def put(begin: int, end: int, written: Callable[[str], str] = str) -> Callable[[str], Iterable[Splice]]:
    """The usual way to write: characters `begin` to `end` become the text as `written` escapes it."""
    return lambda text: (Splice(begin, end, written(text)),)


def blank(text: str) -> Iterable[Splice]:  # noqa: ARG001 - one of the ways to leave a message open
    """Nothing is written: the site shows the source by itself."""
    return ()


class TextFormat(ABC):
    """An extractor of a format that is text. A new one says `slots`, and `encoding` or `whole` where it needs them."""

    dialects: tuple[str, ...] = ("",)

    def __init__(self, dialect: str = "") -> None:
        self.dialect = dialect

    @abstractmethod
    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        """Every message of a file in file order, with its place for a locale, and what is odd. Raises ExtractionError."""

    def encoding(self, content: bytes) -> str:  # noqa: ARG002 - formats that declare their encoding look at it
        """The encoding of a file that has no byte order mark."""
        return "utf-8"

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterable[Splice]:  # noqa: ARG002
        """What a translated file says of itself as a whole, such as its language; asked only where a locale is named."""
        return ()

    def extract(self, document: Document, locale: Locale = "") -> Resource:
        """Find every non-blank string, in file order. Raises ExtractionError."""
        found, findings = self._parsed(document, locale)
        units = []
        for slot in found.values():
            source = slot.text if slot.source is None else slot.source
            if len(source) > LONGEST:
                findings.append(_too_long(document.path, slot.key, len(source)))
            elif source.strip():
                units.append(Unit(document.path, slot.key, source, slot.about))
        return Resource(document, tuple(units), tuple(findings))

    def read(self, document: Document, locale: Locale = "") -> CatalogFile:
        """Read every string by key, blank ones included. Raises ExtractionError."""
        return CatalogFile({key: slot.text for key, slot in self._parsed(document, locale)[0].items()})

    def merge(
        self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None = None, locale: Locale = ""
    ) -> bytes:
        """Splice the served texts into the source document; nothing served and no stamp gives the same bytes."""
        content = self._page(resource.document)
        slots = self._parsed(resource.document, locale)[0]
        splices = [
            made
            for key, slot in slots.items()
            if key in served and served[key].text != slot.text
            for made in slot.spliced(served[key])
        ]
        if locale and served:
            splices += self.whole(content, locale, stamp)
        return content.encoded(splice(content.text, splices)) if splices else resource.document.content

    def _page(self, document: Document) -> Page:
        return page(document, self.encoding(document.content))

    def _parsed(self, document: Document, locale: Locale) -> tuple[dict[Key, Slot], list[Finding]]:
        """Slots by key, of equal keys the last one, and findings."""
        slots: dict[Key, Slot] = {}
        findings: list[Finding] = []
        for found in self.slots(self._page(document), locale):
            if isinstance(found, Finding):
                findings.append(found)
                continue
            if slots.pop(found.key, None) is not None:
                findings.append(_doubled(document.path, found.key))
            slots[found.key] = found
        return slots, list(dict.fromkeys(findings))


def printable(key: Key) -> str:
    """A key as a sentence may show it."""
    return key_text(key).encode("utf-8", "backslashreplace").decode()


def _doubled(path: str, key: Key) -> Finding:
    sentence = f'The key "{printable(key)}" stands more than once; the last one counts.'
    return Finding("duplicate-key", Severity.WARNING, sentence, path=path)


def _too_long(path: str, key: Key, length: int) -> Finding:
    sentence = f'"{printable(key)}" has {length:,} characters, more than {LONGEST:,}; it is carried along untranslated.'
    return Finding("size", Severity.WARNING, sentence, path=path)

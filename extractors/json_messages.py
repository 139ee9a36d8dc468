"""JSON messages: reads the texts of a JSON file and writes it again with others in their places."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from extractors.json_described import angular, arb, chrome, formatjs
from extractors.json_dialects import DIALECTS, PLAIN
from extractors.json_files import JsonFile, json_file
from extractors.json_go_i18n import go_i18n
from extractors.json_i18next import i18next, i18next_v3
from extractors.json_reading import DEEPEST, Doubled, decoded, doubled_keys, parsed, too_deep
from extractors.json_spans import Span, scan, unquoted, walk
from extractors.json_style import last_member, style_of
from extractors.json_vue import vue_i18n
from extractors.pages import Page
from extractors.slots import Slot, TextFormat, printable
from extractors.splices import Splice, splice
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import CatalogFile, Document, Key, Locale, Resource, Unit

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LENIENT = (".json5", ".jsonc")


def _plain(file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG001 (a dialect's signature)
    for path, node in walk(file.root):
        if isinstance(node, str):
            yield file.slot(path, path, node, file.comments.get(path, ""))


_SLOTS: Mapping[str, Callable[[JsonFile, Locale], Iterator[Slot | Finding]]] = {
    "": _plain,
    "md5-meta": _plain,
    "angular": angular,
    "arb": arb,
    "chrome": chrome,
    "formatjs": formatjs,
    "go-i18n": go_i18n,
    "i18next": i18next,
    "i18next-v3": i18next_v3,
    "vue-i18n": vue_i18n,
}
# The member that names the language of a file, and how it is spelt there: Angular zh-Hans, Flutter zh_Hans.
_LANGUAGE = {"angular": ("locale", "_", "-"), "arb": ("@@locale", "-", "_")}


class JsonMessages(TextFormat):
    """Message files: objects and arrays of strings, nested at will; a key is the path of names and indices.

    Files that end with `.json5` or `.jsonc`, and Chrome's, may have what JSON5 has. Files of texts and nothing else, which
    are most, are read without looking where each text stands.
    """

    dialects = tuple(_SLOTS)

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        """Every message of the dialect."""
        return self._slots(json_file(page, lenient=self._is_lenient(page.path)), locale)

    def extract(self, document: Document, locale: Locale = "") -> Resource:
        """Find every non-blank string, in file order. Raises ExtractionError."""
        if not self._is_quick(document.path):
            return super().extract(document, locale)
        text = decoded(document)
        units: list[Unit] = []
        findings: list[Finding] = []
        for key, node in self._nodes(document.path, text, parsed(document.path, text)):
            if isinstance(node, str):
                if node.strip():
                    units.append(Unit(document.path, key, node))
            elif isinstance(node, Doubled):
                findings += doubled_keys(document.path, key, node)
        if _SURROGATE_ESCAPE.search(text):
            findings += _lone_surrogates(units)
        return Resource(document, tuple(units), tuple(findings))

    def read(self, document: Document, locale: Locale = "") -> CatalogFile:
        """Read every string by key, blank ones included, and what the dialect says of them. Raises ExtractionError."""
        if not self._is_quick(document.path):
            return super().read(document, locale)
        text = decoded(document)
        root = parsed(document.path, text)
        values = {key: node for key, node in self._nodes(document.path, text, root) if isinstance(node, str)}
        block = root.get(self._block) if isinstance(root, dict) else None
        return DIALECTS.get(self.dialect, PLAIN).read(values, block)

    def merge(
        self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None = None, locale: Locale = ""
    ) -> bytes:
        """Splice the served texts into the source document; nothing served and no stamp gives the same bytes."""
        if self._is_quick(resource.path):
            return self._merged_quickly(resource, served, stamp)
        page = self._page(resource.document)
        file = json_file(page, lenient=self._is_lenient(page.path), target=locale, known=resource.by_key.keys())
        slots = {slot.key: slot for slot in self._slots(file, "") if isinstance(slot, Slot)}
        stands = {key: slot.text for key, slot in slots.items()}
        stands |= {key: unit.source for key, unit in resource.by_key.items()}
        splices = [
            made
            for key, slot in slots.items()
            if key in served and served[key].text != stands[key]
            for made in slot.write(served[key].text)
        ]
        if locale and served and self.dialect in _LANGUAGE:
            splices += _language(file, *_LANGUAGE[self.dialect])
        return page.encoded(splice(page.text, splices))

    @property
    def _block(self) -> str | None:
        return DIALECTS.get(self.dialect, PLAIN).block

    def _is_lenient(self, path: str) -> bool:
        return self.dialect == "chrome" or path.lower().endswith(_LENIENT)

    def _is_quick(self, path: str) -> bool:
        return self.dialect == "md5-meta" or (not self.dialect and not self._is_lenient(path))

    def _page(self, document: Document) -> Page:
        mark = BOM_UTF8 if document.content.startswith(BOM_UTF8) else b""
        return Page(document.path, decoded(document), mark=mark)

    def _slots(self, file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:
        for key, node in self._nodes(file.page.path, file.page.text, file.root):
            if isinstance(node, Doubled):
                yield from doubled_keys(file.page.path, key, node)
        yield from _SLOTS[self.dialect](file, locale)

    def _nodes(self, path: str, text: str, root: Any) -> Iterator[tuple[Key, Any]]:
        """Walk the values, without the dialect's own block. Raises ExtractionError where they lie too deep."""
        block = self._block
        for key, node in walk(root):
            if len(key) >= DEEPEST and isinstance(node, (dict, list)):
                raise too_deep(path, text)
            if not key or key[0] != block:
                yield key, node

    def _merged_quickly(self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None) -> bytes:
        content = resource.document.content
        text, block = decoded(resource.document), self._block
        layout = scan(text)
        spans = {key: node for key, node in walk(layout.tree) if type(node) is Span and key[0] != block}
        sources = {key: unquoted(text[spans[key].begin + 1 : spans[key].end - 1]) for key in spans if key in served}
        style = style_of(text, layout)
        splices = [
            Splice(*spans[key], style.string(served[key].text, text[slice(*spans[key])]))
            for key, source in sources.items()
            if source != served[key].text
        ]
        if stamp and block is not None and isinstance(layout.tree, dict):
            written = DIALECTS[self.dialect].write(sources, served, stamp)
            splices += last_member(text, layout, style, block, written)
        mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
        return mark + splice(text, splices).encode()


def _language(file: JsonFile, name: str, other: str, own: str) -> Iterator[Splice]:
    if isinstance(file.root, dict) and isinstance(file.root.get(name), str):
        yield from file.text_at((name,), file.target.replace(other, own))


def _lone_surrogates(units: list[Unit]) -> Iterator[Finding]:
    for unit in units:
        if _SURROGATE.search(unit.source) or any(_SURROGATE.search(name) for name in unit.key):
            sentence = f'"{printable(unit.key)}" holds half a character (a lone surrogate), which readers cannot see.'
            yield Finding("lone-surrogate", Severity.WARNING, sentence, path=unit.resource)

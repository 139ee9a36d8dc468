"""gettext PO: catalogs and templates that hold a source text beside its translation, and the compiled form of them."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import polib

from extractors.comments import about
from extractors.gettext_entries import Entry, entries, escaped, previous
from extractors.gettext_forms import Forms, forms, usual_forms
from extractors.gettext_style import Style, style_of
from extractors.pages import Page
from extractors.slots import Slot, TextFormat
from extractors.splices import Splice, splice
from tm_service.domain.findings import Finding
from tm_service.domain.plurals import Plural, parse_plural
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import Document, Key, Locale, Resource

_ARGUMENT = "n"
_CHARSET = re.compile(rb'"Content-Type:[^"\r\n]*charset=([\w.:-]{1,40})', re.IGNORECASE)
_KNOWN = re.compile(  # charsets of the GNU manual: the letters of ASCII stand in them as in ASCII
    r"(us-?)?ascii|utf-?8|iso[-_]?8859[-_]\d{1,2}|koi8[-_]\w|(cp|windows-)\d{3,4}|gb\w{1,6}|big5\w*|euc-\w\w|shift_jis|johab|tis-620",
    re.IGNORECASE,
)
_PLACEHOLDERS = {"Content-Type": "charset=CHARSET", "PO-Revision-Date": "YEAR-MO-DA HO:MI+ZONE"}


@dataclass(frozen=True, slots=True)
class _Catalog:
    """A file taken apart, with the forms it has and those it is to get."""

    page: Page
    found: list[Entry]
    style: Style
    has: Forms
    gets: Forms


class GettextPo(TextFormat):
    """PO and POT files; a key is the context, if any, and the source text. Fuzzy translations count as none."""

    def encoding(self, content: bytes) -> str:
        """What the header says, where it says a charset that gettext knows; UTF-8 otherwise."""
        said = _CHARSET.search(content)
        name = said[1].decode() if said else ""
        if not _KNOWN.fullmatch(name):
            return "utf-8"
        try:
            return codecs.lookup(name).name
        except LookupError:
            return "utf-8"

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        """One slot per entry that is not obsolete; its source is what the file gives its own readers to see."""
        catalog = _catalog(page, locale)
        for entry in catalog.found:
            if entry.is_header:
                continue
            text = _translation(entry, catalog.has)
            yield Slot(
                entry.key,
                text,
                partial(_written, catalog, entry),
                text or _original(entry),
                about(entry.said("#", "#."), _before(page, entry)),
            )

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterator[Splice]:
        """The header's language, plural formula and, where a template left them open, charset and date."""
        catalog = _catalog(page, locale)
        header = next((entry for entry in catalog.found if entry.is_header), None)
        said = {"Language": locale.replace("-", "_")}
        if any(entry.is_plural for entry in catalog.found) or "Plural-Forms" in _fields(header):
            said["Plural-Forms"] = catalog.gets.formula
        if header is None:
            said = {"MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8"} | said
            yield Splice(0, 0, _new_header(catalog, said))
            return
        if _PLACEHOLDERS["Content-Type"] in _fields(header).get("Content-Type", ""):
            said["Content-Type"] = "text/plain; charset=UTF-8"
        if stamp and _fields(header).get("PO-Revision-Date") == _PLACEHOLDERS["PO-Revision-Date"]:
            said["PO-Revision-Date"] = stamp.at.strftime("%Y-%m-%d %H:%M%z")
        yield from _unfuzzied(page, header)
        yield from _header(catalog, header, said)

    def merge(
        self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None = None, locale: Locale = ""
    ) -> bytes:
        """As ever; what is served untranslated stays blank where readers then see its `msgid`, which says the same."""
        if not (locale and served):
            return super().merge(resource, served, stamp, locale)
        before = _catalog(self._page(resource.document), "")
        originals = {entry.key: _original(entry) for entry in _messages(before)}
        blank = {
            key: replace(entry, text="")
            for key, entry in served.items()
            if not entry.translated and entry.text == originals.get(key)
        }
        merged = super().merge(resource, {**served, **blank}, stamp, locale)
        return self._evened(Document(resource.path, merged), before, locale)

    def compile(self, content: bytes) -> bytes:
        """The catalog as gettext loads it (MO); what is fuzzy or has a blank form is left out. Raises ExtractionError."""
        page = self._page(Document("", content))
        made = polib.POFile(encoding=page.encoding)
        for entry in entries(page):
            texts = [part.text for part in entry.forms]
            if entry.is_header:
                made.metadata.update(_fields(entry))
            elif all(texts) and "fuzzy" not in entry.flags:
                parts = {word: part.text for word, part in entry.parts.items() if not word.startswith("msgstr")}
                forms_by_index = dict(enumerate(texts)) if entry.is_plural else {}
                made.append(polib.POEntry(**parts, msgstr=texts[0], msgstr_plural=forms_by_index))
        return bytes(made.to_binary())

    def _evened(self, document: Document, before: _Catalog, locale: Locale) -> bytes:
        """Give plural messages that nothing was put into as many forms as the rest, so that the catalog is one."""
        after = _catalog(self._page(document), locale)
        splices = [
            made
            for old, new in zip(_messages(before), _messages(after), strict=True)
            if len(new.forms) != len(after.gets.selectors) and (text := _translation(old, before.has)) and new.is_plural
            for made in _written(after, new, text)
        ]
        return after.page.encoded(splice(after.page.text, splices)) if splices else document.content


def _catalog(page: Page, locale: Locale) -> _Catalog:
    found = entries(page)
    fields = _fields(next((entry for entry in found if entry.is_header), None))
    language = fields.get("Language", "")
    own = locale or language or "en"
    declared = forms(fields.get("Plural-Forms", ""), own)
    has = declared or usual_forms(own)
    is_its_own = not locale or language.replace("_", "-").lower() == locale.replace("_", "-").lower()
    return _Catalog(page, found, style_of(page, found), has, has if is_its_own else usual_forms(locale))


def _messages(catalog: _Catalog) -> list[Entry]:
    return [entry for entry in catalog.found if not entry.is_header]


def _fields(header: Entry | None) -> dict[str, str]:
    """The fields of a header by name."""
    lines = header.forms[0].text.split("\n") if header else []
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _original(entry: Entry) -> str:
    """What readers see where there is no translation."""
    if not entry.is_plural:
        return entry.parts["msgid"].text
    return str(Plural(_ARGUMENT, {"one": entry.parts["msgid"].text, "other": entry.parts["msgid_plural"].text}))


def _translation(entry: Entry, has: Forms) -> str:
    """The text that stands there, blank where it is fuzzy or wants a form: gettext shows none of it then."""
    texts = [part.text for part in entry.forms]
    if "fuzzy" in entry.flags or not all(texts):
        return ""
    return str(has.gathered(_ARGUMENT, texts)) if entry.is_plural else texts[0]


def _before(page: Page, entry: Entry) -> str:
    """The source text an entry had when it was last translated."""
    said = previous(page, entry)
    if "msgid" in said and "msgid_plural" in said:
        return str(Plural(_ARGUMENT, {"one": said["msgid"], "other": said["msgid_plural"]}))
    return said.get("msgid", "")


def _written(catalog: _Catalog, entry: Entry, text: str) -> Iterator[Splice]:
    """Put a translation there; nothing says any more that it is fuzzy, or what its source was before."""
    yield from _unfuzzied(catalog.page, entry)
    yield from (Splice(comment.begin, comment.end, "") for comment in entry.comments if comment.mark == "#|")
    texts = [text]
    if entry.is_plural:
        plural = parse_plural(text)
        texts = catalog.gets.spread(plural) if plural else [text] * len(catalog.gets.selectors)
    there = entry.forms
    indent = _indent(catalog.page, entry)
    quoted = partial(catalog.style.quoted, indent=indent, wrapped="no-wrap" not in entry.flags)
    for part, new in zip(there, texts, strict=False):
        if new != part.text:
            yield Splice(part.first, part.end, quoted(new, catalog.page.text[part.begin : part.first]))
    gap = catalog.page.text[there[0].begin + len(there[0].word) : there[0].first]
    for index, new in enumerate(texts[len(there) :], len(there)):
        keyword = f"msgstr[{index}]{gap}"
        end = there[-1].end
        yield Splice(end, end, f"{catalog.style.newline}{indent}{keyword}{quoted(new, keyword)}")
    if len(texts) < len(there):
        yield Splice(there[len(texts) - 1].end, there[-1].end, "")


def _unfuzzied(page: Page, entry: Entry) -> Iterator[Splice]:
    for comment in entry.comments:
        if comment.mark == "#," and "fuzzy" in Entry([comment]).flags:
            line = page.text[comment.begin : comment.end]
            alone = len(Entry([comment]).flags) == 1
            yield Splice(comment.begin, comment.end, "" if alone else re.sub(r",\s*fuzzy\b", "", line, count=1))


def _indent(page: Page, entry: Entry) -> str:
    """The blanks before the entry's last part, where it has any."""
    begin = entry.forms[0].begin
    line = page.text[max(page.text.rfind(end, 0, begin) for end in "\r\n") + 1 : begin]
    return "" if line.strip() else line


def _new_header(catalog: _Catalog, said: Mapping[str, str]) -> str:
    lines = ['msgid ""', 'msgstr ""', *(_field(name, value) for name, value in said.items()), "", ""]
    return catalog.style.newline.join(lines)


def _header(catalog: _Catalog, header: Entry, said: Mapping[str, str]) -> Iterator[Splice]:
    """Change fields where they stand, each on a line of its own; a header written otherwise is written anew."""
    part, fields = header.forms[0], _fields(header)
    changed = {name: value for name, value in said.items() if fields.get(name) != value}
    raw = catalog.page.text[part.first : part.end]
    places = {name: re.search(rf'"{name}:[ \t]*((?:[^"\\]|\\[^n])*)\\n"', raw) for name in changed}
    new = [name for name in changed if name not in fields]
    if any(place is None for name, place in places.items() if name in fields) or not raw.endswith('\\n"'):
        lines = [_field(name, value) for name, value in (fields | changed).items()]
        yield Splice(part.first, part.end, catalog.style.newline.join(['""', *lines]))
        return
    yield from (
        Splice(part.first + place.start(1), part.first + place.end(1), escaped(changed[name]))
        for name, place in places.items()
        if place
    )
    if new:
        lines = [_field(name, changed[name]) for name in new]
        yield Splice(part.end, part.end, catalog.style.newline.join(["", *lines]))


def _field(name: str, value: str) -> str:
    return f'"{escaped(f"{name}: {value}")}\\n"'

"""Site XLIFF: a site's own XLIFF 1.2 and 2 files (Angular, Symfony), sources with their translations beside them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot
from extractors.splices import Splice
from extractors.xml_format import XmlFormat, put_attribute, with_comments
from extractors.xml_spans import Element, local
from extractors.xml_writing import cut, indent, inner_text, inner_written, put_inner
from tm_service.domain.findings import Finding
from tm_service.domain.serving import Stamp
from tm_service.domain.text import is_language
from tm_service.domain.units import About, Key, Locale

_GROUPS = ("body", "group")
_CODE_PLACE = "location"  # Angular's notes that say where in the code a message stands
_CHARACTERS = ("", "char")  # units of maxwidth that are, or stand for, characters
_SIZE = re.compile(r"(?:\d+\s*,\s*)?(\d{1,6})")


class _States(NamedTuple):
    """What a target of a version is said to be, and what one that nobody has translated."""

    done: str
    open: str


_OLD = _States("translated", "needs-translation")  # XLIFF 1.2: of the target
_NEW = _States("translated", "initial")  # XLIFF 2: of the segment


class SiteXliff(XmlFormat):
    """A unit's key is its name (`resname`, `name`), else its id, behind the second and later files' names.

    Where a unit's source is a key of the code (Symfony), or the file's two languages are one, the target is the text.
    """

    root = "xliff"

    def messages(self, page: Page, root: Element, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002
        """Every unit of every file, in 2.x every segment of it."""
        is_new = not root.value("version").startswith("1")
        files = [child for child in root.elements if local(child.name) == "file"]
        first = files[0].value("original") if files else ""
        for index, file in enumerate(files):
            named = file.value("id" if is_new else "original") or str(index + 1)
            scope = (named,) if index and (is_new or named != first) else ()
            languages = root if is_new else file
            pair = [languages.value(name).lower() for name in (_NEW_LANGUAGES if is_new else _OLD_LANGUAGES)]
            is_one = bool(pair[0]) and pair[0] == pair[1]
            for unit, comment in _units(page, file):
                if is_new:
                    yield from _segments(page, scope, unit, comment, is_one=is_one)
                else:
                    yield from _unit(page, scope, unit, comment, is_one=is_one)

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterable[Splice]:  # noqa: ARG002
        """The target language: of every file in 1.2, of the document in 2.x."""
        root = self.tree(page)
        code = locale.replace("_", "-")
        if not root.value("version").startswith("1"):
            return put_attribute(page, root, "trgLang", code, after="srcLang")
        files = (child for child in root.elements if local(child.name) == "file")
        return [
            made
            for file in files
            for made in put_attribute(page, file, "target-language", code, after="source-language")
        ]


_OLD_LANGUAGES = ("source-language", "target-language")
_NEW_LANGUAGES = ("srcLang", "trgLang")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A source and its target in their parent; `holder` is the element that has the state."""

    page: Page
    parent: Element
    source: Element
    is_new: bool

    @property
    def target(self) -> Element | None:
        return self.parent.find("target")

    @property
    def text(self) -> str:
        return inner_text(self.page, self.target) if self.target else ""

    def write(self, text: str) -> Iterator[Splice]:
        return self._put(text, (_NEW if self.is_new else _OLD).done)

    def leave_open(self, text: str) -> Iterator[Splice]:
        return self._put(text, (_NEW if self.is_new else _OLD).open)

    def _put(self, text: str, state: str) -> Iterator[Splice]:
        target = self.target
        pieces = cut(text, [self.source, *([target] if target else [])])
        if self.is_new:
            yield from put_attribute(self.page, self.parent, "state", state, after="id")
        if target is None:
            last = self.parent.find("seg-source") or self.source
            prefix = self.source.name.removesuffix("source")
            said = "" if self.is_new else f' state="{state}"'
            written = inner_written(self.page, self.source, pieces)
            tags = f"<{prefix}target{said}>{written}</{prefix}target>"
            yield Splice(last.end, last.end, indent(self.page, self.source) + tags)
            return
        if not self.is_new and "state" in target.attributes:
            yield from put_attribute(self.page, target, "state", state)
        yield put_inner(self.page, target, pieces, self.source if not target.children else None)


def _units(page: Page, container: Element) -> Iterator[tuple[Element, str]]:
    """The units of a file with the comments before them, those in groups with them."""
    for child, comment in with_comments(page, container):
        if local(child.name) in _GROUPS:
            yield from _units(page, child)
        elif local(child.name) in ("trans-unit", "unit"):
            yield child, comment


def _unit(page: Page, scope: Key, unit: Element, comment: str, *, is_one: bool) -> Iterator[Slot]:
    source = unit.find("source")
    if source is None:
        return
    notes = [note.text for note in unit.elements if local(note.name) == "note"]
    said = _about(unit, comment, notes)
    width = unit.value("maxwidth")
    if not said.limit and width.isdecimal() and unit.value("size-unit") in _CHARACTERS:
        said = replace(said, limit=int(width))
    key = (*scope, unit.value("resname") or unit.value("id"))
    yield _slot(_Pair(page, unit, source, is_new=False), key, said, is_one=is_one)


def _segments(page: Page, scope: Key, unit: Element, comment: str, *, is_one: bool) -> Iterator[Slot]:
    container = unit.find("notes")
    notes = [note for note in container.elements if local(note.name) == "note"] if container else []
    said = _about(unit, comment, [note.text for note in notes if note.value("category") != _CODE_PLACE])
    key = (*scope, unit.value("name") or unit.value("id"))
    segments = [child for child in unit.elements if local(child.name) == "segment"]
    for number, segment in enumerate(segments, 1):
        source = segment.find("source")
        if source is not None:
            own = key if len(segments) == 1 else (*key, segment.value("id") or str(number))
            yield _slot(_Pair(page, segment, source, is_new=True), own, said, is_one=is_one)


def _slot(pair: _Pair, key: Key, said: About, *, is_one: bool) -> Slot:
    source, text = inner_text(pair.page, pair.source), pair.text
    is_keyed = bool(text.strip()) and (is_one or (not is_language(source) and is_language(text)))
    return Slot(key, text, pair.write, text if is_keyed else source, said, leave_open=pair.leave_open)


def _about(unit: Element, comment: str, notes: Iterable[str]) -> About:
    said = about("\n".join(filter(str.strip, (comment, *notes))))
    size = next((unit.attributes[name].value for name in unit.attributes if local(name) == "sizeRestriction"), "")
    allowed = _SIZE.fullmatch(size.strip())
    if allowed and not said.limit:
        said = replace(said, limit=int(allowed[1]))
    return replace(said, ignored=True) if unit.value("translate") == "no" else said

"""Office text: what Word and OpenDocument files share: paragraphs within paragraphs, and which languages run right to left."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from babel import Locale as Cldr
from babel import UnknownLocaleError

from extractors.splices import Splice
from extractors.xml_spans import Element, local
from extractors.zip_members import Part, ZippedFormat, escaped
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import Document, Key, Locale, Resource

BOX = "box"  # what the key of a paragraph within another one holds, such as that of a text box


_UNSEEN = frozenset(["del", "moveFrom", "annotation", "tracked-changes"])  # taken out, or said to authors


class OfficeDocument(ZippedFormat):
    """A document of paragraphs; one within a code of another one is put in first, the inner before the outer."""

    def merge(
        self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None = None, locale: Locale = ""
    ) -> bytes:
        """Put the texts in, paragraph by paragraph; nothing served gives the same bytes."""
        deepest = max(map(_depth, served), default=0)
        for depth in range(deepest, 0, -1):
            inner = {key: entry for key, entry in served.items() if _depth(key) == depth}
            resource = replace(
                resource, document=Document(resource.path, super().merge(resource, inner, stamp, locale))
            )
        outer = {key: entry for key, entry in served.items() if _depth(key) == 0}
        return super().merge(resource, outer, stamp, locale)


def _depth(key: Key) -> int:
    return sum(re.fullmatch(rf"{BOX}\d+", name) is not None for name in key)


def right_to_left(locale: Locale) -> bool:
    try:
        return bool(locale) and Cldr.parse(re.split("[-_]", locale)[0]).text_direction == "rtl"
    except (UnknownLocaleError, ValueError):
        return False


def outermost(element: Element, *names: str) -> Iterator[Element]:
    """Elements of these local names within, none that is within another one of them."""
    for child in element.elements:
        if local(child.name) in names:
            yield child
        elif local(child.name) not in _UNSEEN:
            yield from outermost(child, *names)


def with_attribute(part: Part, element: Element, name: str, value: str) -> Iterable[Splice]:
    """Give an element an attribute, by its name as it is written, where its prefix is one of the file's."""
    there = element.attributes.get(name)
    if f"xmlns:{name.partition(':')[0]}" not in part.root.attributes:
        return
    if there is None:
        place = element.begin + 1 + len(element.name)
        yield part.put(place, place, f' {name}="{escaped(value)}"')
    elif there.value != value:
        yield part.put(there.begin, there.end, escaped(value))

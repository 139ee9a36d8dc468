"""Android strings: the string resources of an app, with their arrays and plurals (`res/values/strings.xml`)."""

from collections.abc import Iterator
from dataclasses import replace

from extractors import android_texts
from extractors.comments import about
from extractors.form_entries import Form, put_forms, read_forms, wanted_forms
from extractors.pages import Page
from extractors.slots import Slot
from extractors.splices import Splice
from extractors.xml_format import XmlFormat, odd, with_comments
from extractors.xml_spans import Element, local
from extractors.xml_writing import blanks_before, cut, inner_pieces, put_inner, put_value
from tm_service.domain.findings import Finding
from tm_service.domain.plurals import CATEGORIES
from tm_service.domain.units import About, Key, Locale

_ARGUMENT = "count"


class AndroidStrings(XmlFormat):
    """A string's key is its name (and its product), an array's item `array`, name and index, a plural `plurals` and name.

    Strings that are not translatable, and values that point to other resources, are carried along and not translated.
    """

    root = "resources"

    def messages(self, page: Page, root: Element, locale: Locale) -> Iterator[Slot | Finding]:
        """Strings, the items of arrays, and plurals."""
        for element, comment in with_comments(page, root):
            name, product = element.value("name"), element.value("product")
            if not name:
                continue
            tail = () if product in ("", "default") else (product,)
            said = _about(element, comment)
            kind = element.value("type") if local(element.name) == "item" else local(element.name)
            if kind == "string":
                yield _slot(page, (name, *tail), element, said)
            elif kind in ("string-array", "array"):
                items = (child for child in with_comments(page, element) if local(child[0].name) == "item")
                for index, (item, beside) in enumerate(items):
                    own = _about(element, f"{comment}\n{beside}") if beside else said
                    yield _slot(page, ("array", name, *tail, str(index)), item, own)
            elif kind == "plurals":
                within = "\n".join(filter(None, (comment, *(beside for _, beside in with_comments(page, element)))))
                yield from _plurals(page, ("plurals", name, *tail), element, _about(element, within), locale)


def _about(element: Element, comment: str) -> About:
    said = about(comment)
    return replace(said, ignored=True) if element.value("translatable") == "false" else said


def _read(page: Page, element: Element) -> str:
    return "".join(piece.text for piece in android_texts.read(inner_pieces(page, element)))


def _slot(page: Page, key: Key, element: Element, said: About) -> Slot:
    if next(element.elements, None) is None and android_texts.is_reference(element.text):
        said = replace(said, ignored=True)
    return Slot(key, _read(page, element), lambda text: (_put(page, element, text),), about=said)


def _put(page: Page, element: Element, text: str) -> Splice:
    habit = android_texts.habit(page, inner_pieces(page, element))
    return put_inner(page, element, android_texts.write(cut(text, [element]), habit))


def _plurals(page: Page, key: Key, element: Element, said: About, locale: Locale) -> Iterator[Slot | Finding]:
    forms = [_form(page, item) for item in element.elements if item.value("quantity") in CATEGORIES]
    if not forms:
        return
    if "other" not in {form.category for form in forms}:
        sentence = f'The plural "{element.value("name")}" has no form "other"; its last form stands in for it.'
        yield odd(page, element, "plural-form", sentence)
    lead = blanks_before(page, forms[0].begin)

    def write(text: str) -> Iterator[Splice]:
        wanted = wanted_forms(text, locale, (form.category for form in forms))
        return put_forms(page, forms, wanted, lead)

    yield Slot(key, read_forms(_ARGUMENT, forms), write, about=said)


def _form(page: Page, item: Element) -> Form:
    category = item.attributes["quantity"]

    def rewrite(name: str, text: str) -> tuple[Splice, ...]:
        content = _put(page, item, text)
        return (content,) if name == category.value else (put_value(page, category, name), content)

    return Form(category.value, _read(page, item), item.begin, item.end, rewrite)

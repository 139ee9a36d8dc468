"""Stringsdict: plural and width variants of Apple's apps, a property list beside a `.strings` file.

A message is a format of variables (`%#@files@`), each with a form for every plural category (developer.apple.com,
"Stringsdict File Format").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.comments import about
from extractors.form_entries import Form, put_forms, read_forms, wanted_forms
from extractors.pages import Page
from extractors.slots import Slot
from extractors.splices import Splice
from extractors.xml_format import XmlFormat, odd, with_comments
from extractors.xml_spans import Element
from extractors.xml_writing import blanks_before, characters, put_text
from tm_service.domain.findings import Finding
from tm_service.domain.plurals import CATEGORIES
from tm_service.domain.text import is_language
from tm_service.domain.units import About, Key, Locale

_FORMAT = "NSStringLocalizedFormatKey"
_KIND = "NSStringFormatSpecTypeKey"
_PLURAL = "NSStringPluralRuleType"
_VARIANTS = ("NSStringVariableWidthRuleType", "NSStringDeviceSpecificRuleType")
_VARIABLE = re.compile(r"%(?:\d{1,2}\$)?#@[^@]+@")
APPLE = frozenset(["zero"])  # a form for nothing at all is honoured in every language


@dataclass(frozen=True, slots=True)
class _Member:
    key: Element
    value: Element
    comment: str


class StringsDict(XmlFormat):
    """A variable's key is the message's name and its own; the format around the variables and widths are beside them."""

    root = "plist"
    doctypes = frozenset(["plist"])

    def messages(self, page: Page, root: Element, locale: Locale) -> Iterator[Slot | Finding]:
        """The variables of every message as plurals, and its other texts."""
        top = root.find("dict")
        for message in _members(page, top) if top else ():
            said = about(message.comment)
            for member in _members(page, message.value) if message.value.name == "dict" else ():
                key = (message.key.text, member.key.text)
                beside = about(f"{message.comment}\n{member.comment}") if member.comment else said
                if member.key.text == _FORMAT and member.value.name == "string":
                    yield _text(page, key, member.value, beside)
                elif member.key.text in _VARIANTS and member.value.name == "dict":
                    for variant in _members(page, member.value):
                        if variant.value.name == "string":
                            yield _text(page, (*key, variant.key.text), variant.value, beside)
                elif member.value.name == "dict":
                    yield from _variable(page, key, member.value, beside, locale)


def _members(page: Page, container: Element) -> list[_Member]:
    """The keys of a dictionary with their values."""
    members: list[_Member] = []
    waiting: tuple[Element, str] | None = None
    for element, comment in with_comments(page, container):
        if element.name == "key":
            waiting = element, comment
        elif waiting:
            members.append(_Member(waiting[0], element, "\n".join(filter(None, (waiting[1], comment)))))
            waiting = None
    return members


def _text(page: Page, key: Key, value: Element, said: About) -> Slot:
    if not is_language(_VARIABLE.sub("", value.text)):
        said = replace(said, ignored=True)
    return Slot(key, value.text, lambda text: (put_text(page, value, text),), about=said)


def _variable(page: Page, key: Key, container: Element, said: About, locale: Locale) -> Iterator[Slot | Finding]:
    members = _members(page, container)
    kinds = {member.value.text for member in members if member.key.text == _KIND}
    forms = [
        _form(page, member) for member in members if member.key.text in CATEGORIES and member.value.name == "string"
    ]
    if not forms or not kinds <= {_PLURAL}:
        return
    if "other" not in {form.category for form in forms}:
        yield odd(page, container, "plural-form", f'"{key[1]}" has no form "other"; its last form stands in for it.')
    lead = blanks_before(page, forms[0].begin)

    def write(text: str) -> Iterator[Splice]:
        wanted = wanted_forms(text, locale, (form.category for form in forms), APPLE)
        return put_forms(page, forms, wanted, lead)

    argument = re.sub(r"[^\w.\-]", "_", key[1]) or "count"
    yield Slot(key, read_forms(argument, forms), write, about=said)


def _form(page: Page, member: _Member) -> Form:
    key, value = member.key, member.value

    def rewrite(name: str, text: str) -> tuple[Splice, ...]:
        content = put_text(page, value, text)
        return (content,) if name == key.text else (Splice(key.inner, key.close, characters(page, name, {})), content)

    return Form(key.text, value.text, key.begin, value.end, rewrite)

"""Qt TS: the translation files of Qt Linguist, sources and translations beside each other (its manual, "TS file format")."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot
from extractors.splices import Splice
from extractors.xml_format import XmlFormat, odd, put_attribute, with_comments
from extractors.xml_spans import Element
from extractors.xml_writing import characters, cut, indent, inner_text
from tm_service.domain.findings import Finding
from tm_service.domain.plurals import Plural, parse_plural
from tm_service.domain.serving import Stamp
from tm_service.domain.units import About, Key, Locale

_ARGUMENT = "n"  # Qt's %n
_GONE = ("obsolete", "vanished")
_NOTES = ("extracomment", "translatorcomment")
_BEFORE = ("location", "source", "oldsource", "comment", "oldcomment", *_NOTES)  # what stands before a translation
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\r": "&#xd;"}  # as Linguist writes
_QUOTES = "\"'"  # other tools leave them as they are
_TWO = ("one", "other")
# Qt's forms by language in its order, as CLDR names them (qttools, linguist/shared/numerus.cpp); all others have two.
_FORMS = {
    language: forms
    for languages, forms in {
        "bi bo dz fa fj gn hu id ja jv ko ms my na om su th tr tt vi yo za zh": ("other",),
        "be pl ru uk": ("one", "few", "many"),
        "bs cs fil hr lt ro sk sr": ("one", "few", "other"),
        "dv ga gv ik iu mi mk sa se sm": ("one", "two", "other"),
        "gd sl": ("one", "two", "few", "other"),
        "lv": ("one", "other", "zero"),
        "mt": ("one", "few", "many", "other"),
        "cy": ("zero", "one", "few", "many", "other"),
        "ar": ("zero", "one", "two", "few", "many", "other"),
    }.items()
    for language in languages.split()
}


class QtTs(XmlFormat):
    """A message's key is its id, or its context, its source and its disambiguation. Messages that are gone are left alone.

    What a source says about `%n` is one plural, its forms those Qt has for the language: without the fractions of CLDR.
    """

    root = "TS"
    doctypes = frozenset(["TS"])

    def messages(self, page: Page, root: Element, locale: Locale) -> Iterator[Slot | Finding]:
        """Every message of every context."""
        said = root.value("language") or locale
        for context in root.elements:
            if context.name == "message":
                yield from _message(page, (), context, "", said, locale)
            elif context.name == "context":
                name = context.find("name")
                scope = (name.text,) if name else ()
                for message, comment in with_comments(page, context):
                    if message.name == "message":
                        yield from _message(page, scope, message, comment, said, locale)

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterable[Splice]:  # noqa: ARG002
        """The language, as Qt names it: `zh_CN`."""
        return put_attribute(page, self.tree(page), "language", locale.replace("-", "_"), after="version")


def forms_of(locale: Locale) -> tuple[str, ...]:
    """The plural forms Qt has for a language, in its order."""
    return _FORMS.get(re.split("[-_]", locale, maxsplit=1)[0].lower(), _TWO)


@dataclass(frozen=True, slots=True)
class _Message:
    """`read` and `locale` are the languages whose forms stand there, and are written."""

    page: Page
    element: Element
    source: Element
    translation: Element | None
    is_numerus: bool
    read: Locale
    locale: Locale

    @property
    def text(self) -> str:
        if self.translation is None:
            return ""
        forms = [inner_text(self.page, form) for form in self.translation.elements if form.name == "numerusform"]
        if not self.is_numerus:
            return inner_text(self.page, self.translation)
        if not forms or (self.translation.value("type") and not any(forms)):
            return ""
        texts = (
            dict(zip(forms_of(self.read), forms, strict=False)) if self.read else dict(zip(_TWO, forms, strict=False))
        )
        return str(Plural(_ARGUMENT, {"other": forms[-1], **texts}))

    def write(self, text: str) -> Iterator[Splice]:
        return self._put(text, is_open=False)

    def leave_open(self, text: str) -> Iterator[Splice]:
        return self._put(text, is_open=True)

    def _put(self, text: str, *, is_open: bool) -> Iterator[Splice]:
        state = ' type="unfinished"' if is_open else ""
        if self.translation is None:
            last = [child for child in self.element.elements if child.name in _BEFORE][-1]
            gap = indent(self.page, last)
            yield Splice(last.end, last.end, f"{gap}<translation{state}>{self._content(text, gap)}</translation>")
            return
        content = self._content(text, indent(self.page, self.translation))
        start, there = self.translation, self.translation.attributes.get("type")
        tag = self.page.text[start.begin : start.inner].removesuffix(">").removesuffix("/").rstrip()
        if there:
            begin = self.page.text.rindex("type", start.begin, there.begin) - start.begin
            tag = tag[:begin].rstrip() + tag[there.end + 1 - start.begin :]
        yield Splice(start.begin, start.end, f"{tag}{state}>{content}</translation>")

    def _content(self, text: str, gap: str) -> str:
        if not self.is_numerus:
            return self._escaped(text)
        plural = parse_plural(text)
        names = (
            forms_of(self.locale or self.read) if self.locale or self.read or plural is None else tuple(plural.forms)
        )
        forms = [plural.form(name) if plural else text for name in names]
        unit = "    " if "\n" in gap else ""
        lines = "".join(f"{gap}{unit}<numerusform>{self._escaped(form)}</numerusform>" for form in forms)
        return lines + gap

    def _escaped(self, text: str) -> str:
        raw = self.page.text[self.source.inner : self.source.close]
        escapes = {mark: written for mark, written in _ESCAPES.items() if mark not in _QUOTES or mark not in raw}
        pieces = cut(text, [self.source])
        return "".join(piece.text if piece.is_tag else characters(self.page, piece.text, escapes) for piece in pieces)


def _message(
    page: Page, scope: Key, element: Element, comment: str, read: Locale, locale: Locale
) -> Iterator[Slot | Finding]:
    source, translation = element.find("source"), element.find("translation")
    if source is None or (translation is not None and translation.value("type") in _GONE):
        return
    if translation is not None and translation.find("lengthvariant"):
        yield odd(
            page, element, "variants", "This message has variants by length, which are carried along untranslated."
        )
        return
    is_numerus = element.value("numerus") == "yes"
    message = _Message(page, element, source, translation, is_numerus, read, locale)
    said = inner_text(page, source)
    beside = element.find("comment")
    key = (element.value("id"),) if element.value("id") else (*scope, said, *([beside.text] if beside else []))
    yield Slot(
        key,
        message.text,
        message.write,
        str(Plural(_ARGUMENT, {"other": said})) if is_numerus and said.strip() else said,
        _about(element, comment, said),
        leave_open=message.leave_open,
    )


def _about(element: Element, comment: str, source: str) -> About:
    notes = [child.text for child in element.elements if child.name in (*_NOTES, "comment") and child.text.strip()]
    old = element.find("oldsource")
    previous = old.text if old and old.text != source else ""
    return about("\n".join(filter(None, (comment, *notes))), previous)

"""Attributes of markup: which ones people read, and what attributes say of the text of their element."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.comments import about
from extractors.html_tokens import Attribute, Token
from tm_service.domain.units import About

_READ = frozenset(
    [
        "title",
        "placeholder",
        "alt",
        "aria-label",
        "aria-description",
        "aria-placeholder",
        "aria-roledescription",
        "aria-valuetext",
        "arialabel",
    ]
)
_READ_OF = {
    "input": frozenset(["value"]),
    "option": frozenset(["label"]),
    "optgroup": frozenset(["label"]),
    "track": frozenset(["label"]),
    "meta": frozenset(["content"]),
    "table": frozenset(["summary"]),
    "th": frozenset(["abbr"]),
}
_BUTTONS = frozenset(["submit", "button", "reset"])
_META = frozenset(
    [
        "description",
        "application-name",
        "apple-mobile-web-app-title",
        "og:title",
        "og:description",
        "og:site_name",
        "og:image:alt",
        "twitter:title",
        "twitter:description",
        "twitter:image:alt",
        "dcterms.title",
        "dcterms.description",
        "dc.title",
        "dc.description",
    ]
)
_UNREAD_ON = frozenset(["link", "style", "script"])  # their titles name style sheets
_PREFIX = re.compile(r"(?:data-)?(?:ng-attr-|attr\.)")
_FROM_CATALOG = frozenset(
    [
        "data-i18n",
        "v-t",
        "v-text",
        "v-html",
        "data-l10n-id",
        "x-text",
        "x-html",
        "ng-bind",
        "ng-bind-html",
        "data-ng-bind",
        "data-ng-bind-html",
        "ng-i18next",
        "[innerhtml]",
        "[innertext]",
        "[textcontent]",
        "[translate]",
        "data-translate",
        "data-trans",
        "transloco",
    ]
)
_CATALOG_ELEMENTS = frozenset(
    ["Trans", "Translate", "FormattedMessage", "FormattedHTMLMessage", "i18n-t", "i18n-d", "i18n-n"]
)
_JQUERY = re.compile(r"\[([\w:-]+)\]")  # data-i18n="[title]nav.home;nav.label"
_I18N = re.compile(r"(?:(?P<meaning>[^|@]*)\|)?(?P<description>.*?)(?:@@(?P<id>\S+))?\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Marked:
    """What Angular's `i18n="meaning|description@@id"` says of a text."""

    id: str
    about: About


def visible(text: str, token: Token) -> Iterator[Attribute]:
    """The attributes of a start tag that readers see or hear and whose words stand there."""
    taken = (
        _taken(text, token) if any("i18n" in each.name or "translate" in each.name for each in token.attributes) else ()
    )
    is_component = "-" in token.name or token.name[:1].isupper()
    for each in token.attributes:
        name = _PREFIX.sub("", each.name.lower())
        if each.value is None or name in taken:
            continue
        if name in _READ:
            if token.name not in _UNREAD_ON:
                yield each
        elif name in _READ_OF.get(token.name, ()):
            if _is_read(text, token, name):
                yield each
        elif (is_component and name == "label") or name == "ng-bind-template":
            yield each


def _is_read(text: str, token: Token, name: str) -> bool:
    if name == "value":
        return said(text, token, "type").lower() in _BUTTONS
    if name == "content":
        return (said(text, token, "name") or said(text, token, "property")).lower() in _META
    return True


def _taken(text: str, token: Token) -> frozenset[str]:
    """Attributes that get their text from a catalog."""
    named = {
        each.name.removeprefix("data-i18n-").removeprefix("translate-attr-")
        for each in token.attributes
        if each.name.startswith(("data-i18n-", "translate-attr-"))
    }
    return frozenset(named | set(_JQUERY.findall(said(text, token, "data-i18n"))))


def said(text: str, token: Token, name: str) -> str:
    """The value of an attribute as it is written, empty where there is none."""
    return next((text[slice(*each.value)].strip() for each in token.attributes if each.name == name and each.value), "")


def is_untranslated(text: str, token: Token, *, directive: bool) -> bool:
    """Whether an element's text is nobody's work here: marked as such, or put there from a catalog.

    `directive` where `translate` is a directive of AngularJS or ngx-translate; in HTML it says yes or no.
    """
    if token.name in _CATALOG_ELEMENTS:
        return True
    for each in token.attributes:
        name = each.name.lower()
        if name in ("class", "classname"):
            if each.value and "notranslate" in text[slice(*each.value)].split():
                return True
        elif name == "translate":
            value = text[slice(*each.value)].strip().lower() if each.value else ""
            if value == "no" or (directive and value != "yes"):
                return True
        elif name in _FROM_CATALOG:
            value = text[slice(*each.value)] if each.value else ""
            if name != "data-i18n" or not value or _fills(value):
                return True
    return False


def _fills(value: str) -> bool:
    """Whether `data-i18n` names a text for the element itself, not only for its attributes."""
    names = (_JQUERY.match(part.strip()) for part in value.split(";"))
    return any(found is None or found[1] in ("html", "text", "append", "prepend") for found in names)


def marked(text: str, token: Token, name: str) -> Marked | None:
    """What `i18n` or `i18n-title` says of a text; None where it is not there."""
    attribute = next((each for each in token.attributes if each.name == name), None)
    if attribute is None:
        return None
    found = _I18N.fullmatch(text[slice(*attribute.value)] if attribute.value else "")
    if found is None:
        return Marked("", about(""))
    notes = (found["meaning"] or "", found["description"] or "")
    return Marked(found["id"] or "", about("\n".join(note.strip() for note in notes if note.strip())))

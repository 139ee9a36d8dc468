"""Values: what a single value of a document has to look like: languages, identifiers, dates and addresses."""

import re
from datetime import date, datetime

# https://api.cbd.int documents: a uid is case-sensitive and made by the client; a reference may pin a revision behind `@`.
IDENTIFIER = r"^[A-Za-z0-9\-_]{11,128}$"
REFERENCE = r"^[A-Za-z0-9\-_]{11,128}(@[0-9]+)?$"
TERM = r"^\S{1,256}$"  # of a thesaurus: a code, a GUID or an address
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"  # BCP 47, without extensions
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+\-][0-9]{2}:?[0-9]{2})$"
# A whole address, a path from the root of the store, where its attachments are, or a place on the page.
_PLAIN = r"[^\u0000-\u001f\u007f\\]"
_MAIL, _WEB = rf"[Mm][Aa][Ii][Ll][Tt][Oo]:{_PLAIN}+", rf"[Hh][Tt][Tt][Pp][Ss]?://[^\u0000-\u0020\u007f\\/?#]{_PLAIN}*"
ADDRESS = rf"^({_WEB}|{_MAIL}|/([^\u0000-\u001f\u007f\\/]{_PLAIN}*)?)$"
_ANY_ADDRESS = re.compile(
    rf"{_WEB}|{_MAIL}|/(?![/\\]){_PLAIN}*|[?#]{_PLAIN}*|(?![^/?#]*:)[^\u0000-\u0020/?#\\]{_PLAIN}*|"
)
_WEB_ADDRESS = re.compile(rf"{_WEB}|/(?![/\\]){_PLAIN}*|(?![^/?#]*:)[^\u0000-\u0020/?#\\]{_PLAIN}*")
# What no text may hold: PostgreSQL keeps no NUL, UTF-8 writes no half of a pair, XML has no control characters.
_UNKEPT = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]")


def is_identifier(value: str) -> bool:
    return _whole(IDENTIFIER, value)


def is_reference(value: str) -> bool:
    return _whole(REFERENCE, value)


def is_term(value: str) -> bool:
    return _whole(TERM, value)


def is_language(value: str) -> bool:
    return _whole(LANGUAGE, value)


def is_date(value: str) -> bool:
    """Whether it is a day that there is, written YYYY-MM-DD."""
    if not _whole(DATE, value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_moment(value: str) -> bool:
    """Whether it is a moment that there is, in ISO 8601 with its zone."""
    if not _whole(MOMENT, value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_address(value: str) -> bool:
    """Whether a link of a record may lead there: http, https, mailto, or a path from the store's root."""
    return _whole(ADDRESS, value)


def is_link(value: str) -> bool:
    """Whether a link in rich text may lead there: as in records, or to a place on the page or beside it."""
    return _ANY_ADDRESS.fullmatch(value) is not None and value == value.strip()


def is_media(value: str) -> bool:
    """Whether a picture or a film may come from there: http, https or a path."""
    return _WEB_ADDRESS.fullmatch(value) is not None and value == value.strip()


def unkept(text: str) -> str:
    """The first character of a text that no store keeps, empty where there is none."""
    match = _UNKEPT.search(text)
    return match[0] if match else ""


def _whole(pattern: str, value: str) -> bool:
    """A trailing line break, which `$` overlooks, is part of a value."""
    return re.match(pattern, value) is not None and not value.endswith("\n")

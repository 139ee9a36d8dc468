"""Resource types: what kind of text a unit is, told from the last name of its key, in the words of XLIFF 1.2."""

import re

from tm_service.domain.packages import PackageUnit

# Values of the standard's `restype` list; the first word found in a key's last name decides.
_KINDS = {
    "title": "heading",
    "heading": "heading",
    "header": "header",
    "footer": "footer",
    "caption": "caption",
    "button": "button",
    "btn": "button",
    "label": "label",
    "tooltip": "tooltip",
    "hint": "tooltip",
    "menu": "menuitem",
    "tab": "tabcontrol",
    "link": "linklabel",
    "error": "message",
    "warning": "message",
    "message": "message",
    "option": "list",
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def restype(unit: PackageUnit) -> str:
    """The `restype` of a unit: `heading`, `button`, ... or `string` where its key does not say."""
    names = _WORD.findall(unit.key[-1]) if unit.key else []
    return next((_KINDS[name.lower()] for name in names if name.lower() in _KINDS), "string")

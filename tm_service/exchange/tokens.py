"""Tokens: how codes stand in a neutral text, which is what a unit says outside of any tool's format.

A token is U+E000, a role, a name, U+E001. The roles: + opens, - closes, . stands alone, c is a character by its hexadecimal
number; real U+E000 and U+E001 are written in this way.
"""

import re

FRAME = "\ue000"  # begins every token, and nothing else
TOKEN = re.compile("\ue000([-+.c])([^\ue001]*)\ue001")
CODE = re.compile("\ue000([-+.])([^\ue001]*)\ue001")  # a token that is no character
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0 (production 2)

_FRAMES = re.compile("[\ue000\ue001]")
_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,40}")


def token(role: str, name: str) -> str:
    """A code or a character of a neutral text; a name that none of ours can be is a question mark."""
    return f"\ue000{role}{name if _NAME.fullmatch(name) else '?'}\ue001"


def escaped(text: str | None) -> str:
    """Text of a file as it stands in a neutral text: the two characters that frame tokens are tokens themselves."""
    if not text or ("\ue000" not in text and "\ue001" not in text):
        return text or ""
    return _FRAMES.sub(lambda sign: token("c", f"{ord(sign[0]):04X}"), text)

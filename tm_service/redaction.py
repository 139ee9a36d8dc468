"""Redaction: what is written into a log names no password, token, cookie or invitation, wherever it stood."""

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, unquote, urlsplit

HIDDEN = "***"
_SHORTEST = 4  # characters of a secret that is looked for wherever it stands
_PAIR = 2
_DEEPEST = 6  # levels of what is logged beside a message
_NAMES = (
    "pass(?:word|wd|phrase)|pwd|secret|token|authorization|cookie|api[_-]?key|credential|private[_-]?key|otp|signature"
    "|session|csrf|invitation|recovery|verifier"
)
_SECRET_NAME = re.compile(_NAMES, re.IGNORECASE)
_SAYS = r"(?:\\?[\"']\s*[:=,]|\s*[:=])\s*b?"  # between a name and its value: in prose, code, JSON and ASGI
_QUOTED = r"\\?\"(?:[^\"\\\r\n]|\\.)*\\?\"?|\\?'(?:[^'\\\r\n]|\\.)*\\?'?"
# Everything that could run on is bounded: a long line that nearly fits would take for ever.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # scheme://user:password@host. A password may hold a slash or an @; the last @ of the word ends it.
    (re.compile(r"(?<=https://)[^\s/\"'<>]{1,500}@|(?<=http://)[^\s/\"'<>]{1,500}@"), f"{HIDDEN}@"),
    (re.compile(r"(?<=://)([^\s:/@\"'<>]{0,200}):[^\s\"'<>]{0,500}@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"(tms_|whsec_)[\w+/=-]+", re.ASCII), rf"\1{HIDDEN}"),
    # Headers, whose values go on to the end of the line or of the quotation.
    (
        re.compile(rf"((?:authorization|cookie)[\w-]{{0,40}}{_SAYS})(?:{_QUOTED}|[^\r\n]+)", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\b(bearer)\s+[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\b([Bb]asic)\s+(?=[a-z+/]*[A-Z0-9=])[\w+/=]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(rf"((?:{_NAMES})[\w-]{{0,40}}{_SAYS})(?:{_QUOTED}|[^\s,;&)}}\]]+)", re.IGNORECASE), rf"\1{HIDDEN}"),
    # What `secrets.token_urlsafe(32)` makes: sessions, invitations; and a second factor's secret in base 32.
    (re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[A-Za-z0-9_-]{43}(?![\w-])", re.ASCII), HIDDEN),
    (re.compile(r"(?<![\w-])[A-Z2-7]{32}(?![\w-])", re.ASCII), HIDDEN),
)


def redactor(known: Iterable[str] = ()) -> Callable[[str], str]:
    """What takes secrets out of a text: the `known` ones in every spelling of URLs, and whatever looks like one."""
    spelled = {way for secret in known for way in (secret, quote(secret, safe=""), quote(secret), unquote(secret))}
    sought = sorted((one for one in spelled if len(one) >= _SHORTEST), key=lambda one: (-len(one), one))
    exact = re.compile("|".join(map(re.escape, sought))) if sought else None

    def redact(text: str) -> str:
        if exact is not None:
            text = exact.sub(HIDDEN, text)
        for pattern, instead in _RULES:
            text = pattern.sub(instead, text)
        return text

    return redact


def redacted(value: object, redact: Callable[[str], str], depth: int = 0) -> object:
    """A value as it may be logged: texts redacted, what stands under a secret's name hidden, all of it what JSON can say."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redact(value)
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {
            redact(str(name)): HIDDEN if _SECRET_NAME.search(str(name)) and one else redacted(one, redact, depth + 1)
            for name, one in value.items()
        }
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        if isinstance(value, tuple) and len(value) == _PAIR and _SECRET_NAME.search(_text(value[0])):
            return [redact(_text(value[0])), HIDDEN]  # as ASGI has headers
        return [redacted(one, redact, depth + 1) for one in value]
    return redact(_text(value))


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def passwords(address: str) -> tuple[str, ...]:
    """The password of a URL, as it is written and as it is meant; none where there is none."""
    try:
        found = urlsplit(address).password
    except ValueError:
        return ()
    return (found, unquote(found)) if found else ()

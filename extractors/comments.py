"""Comments: what developers write beside a message, told apart into a note for translators, a limit and directives."""

import re

from tm_service.domain.units import NOTHING_SAID, About

_DIRECTIVE = re.compile(
    r"(?<![ \t])[ \t]*+\btm:(?P<name>ignore|legal|maxlength)\b(?:\s*=\s*(?P<value>\d{1,6}))?(?:[ \t]*+[,;])?",
    re.IGNORECASE,
)
_HINTS = (  # how people say it, and how other tools write it
    re.compile(
        r"\b(?:max(?:imum|\.)?|at most|up to|no more than|limit(?:ed to)?)\W{0,3}(\d{1,5})\s*(?:char|letter|symbol)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(\d{1,5})\s*(?:char(?:acter)?s?|letters)\s*(?:max|maximum|at most|or (?:less|fewer)|limit)", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:max[-_ ]?(?:length|len|size|width|chars?|characters)|char(?:acter)?[-_ ]?limit)\s*[:=]?\s*[\"']?(\d{1,5})",
        re.IGNORECASE,
    ),
)


def about(comment: str, previous: str = "") -> About:
    """What a comment says of its message. `tm:ignore`, `tm:legal` and `tm:maxlength=40` are directives and no part of the note.

    A length said in words ("at most 40 characters", "max-length: 40") is a limit, too; a directive goes before it, and of
    several the lowest counts.
    """
    if not comment.strip():
        return About(previous=previous) if previous else NOTHING_SAID
    said = {found["name"].lower(): found["value"] for found in _DIRECTIVE.finditer(comment)}
    note = "\n".join(line.strip() for line in _DIRECTIVE.sub("", comment).strip().splitlines()).strip()
    hints = [int(found[1]) for hint in _HINTS for found in hint.finditer(note)]
    limit = int(said["maxlength"]) if said.get("maxlength") else min(hints, default=0)
    return About(note, limit, previous, ignored="ignore" in said, legal="legal" in said)

"""Placeholders: what the site fills in stands in the target as it does in the source."""

from collections.abc import Iterator

from tm_service.checks.codes import differences, has_forms, short
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind, parse

_NAMES = {CodeKind.PLACEHOLDER: "placeholder", CodeKind.LINK: "link"}


def placeholders(pair: Pair) -> Iterator[Finding]:
    """Placeholders and links missing, added or changed; plural bars lost or added."""
    for kind, name in _NAMES.items():
        for message in _messages(name, *differences(pair, kind)):
            yield Finding("placeholders", Severity.ERROR, message)
    wanted, found = has_forms(parse(pair.source)), has_forms(parse(pair.target))
    if wanted and not found:
        message = "The source has plural forms divided by | and the target has one form; see whether it needs more."
        yield Finding("placeholders", Severity.WARNING, message)
    if found and not wanted:
        message = "The target is divided by | as plural forms are, and the source is not; take the bar out."
        yield Finding("placeholders", Severity.WARNING, message)


def _messages(name: str, missing: list[str], added: list[str]) -> Iterator[str]:
    if len(missing) == len(added) == 1:
        yield f"The {name} {short(missing[0])} became {short(added[0])}; write it as in the source."
        return
    for code in missing:
        yield f"The {name} {short(code)} is missing; put it back."
    for code in added:
        yield f"The {name} {short(code)} is more than the source has; take it out."

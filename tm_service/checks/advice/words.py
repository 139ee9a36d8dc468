"""Words: the tables of the advice, and a source text as its readers see it."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Any

from tm_service.checks.messages import is_message
from tm_service.checks.seen import seen
from tm_service.domain.units import Unit


@cache
def table(name: str) -> Mapping[str, Any]:
    """A table of `advice.toml`."""
    read: Mapping[str, Any] = loads(files("tm_service.checks.advice").joinpath("advice.toml").read_text("utf-8"))
    content: Mapping[str, Any] = read[name]
    return content


@cache
def known(name: str, entry: str) -> frozenset[str]:
    """The words of an entry, in small letters."""
    return frozenset(table(name)[entry])


def plain(unit: Unit) -> str:
    """What readers see: no tags, entities as their signs, U+FFFC for what is filled in; blanks as one space."""
    return " ".join(seen(unit.source).plain.split())


def is_icu(unit: Unit) -> bool:
    """Whether the text chooses by itself: an ICU message of several arms."""
    return is_message(unit.source)

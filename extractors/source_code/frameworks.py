"""Frameworks: which functions, filters, attributes and components name a message, from a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Any

_OWN = frozenset(["this", "self", "vm", "ctx", "props", "_ctx", "that", "app", "root"])


@dataclass(frozen=True, slots=True)
class Function:
    """How a function takes a key: the place of the argument, and what else it takes."""

    name: str
    key: int = 0
    context: int | None = None
    plural: int | None = None
    property: str = ""
    is_text: bool = False
    is_branch: bool = False
    near: tuple[bytes, ...] = ()

    def counts(self, content: bytes) -> bool:
        """Whether the name means this function in a file."""
        return not self.near or any(word in content for word in self.near)


@dataclass(frozen=True, slots=True)
class Scope:
    """A function that gives a translating function: where it takes a namespace, and the property that is a prefix."""

    namespace: int | None = None
    prefix: str = ""


@dataclass(frozen=True)
class Frameworks:
    """The table, by the last part of each name."""

    functions: Mapping[str, tuple[Function, ...]]
    filters: frozenset[str]
    attributes: Mapping[str, str]
    components: Mapping[str, tuple[str, ...]]
    scopes: Mapping[str, Scope]

    def function(self, called: str) -> Function | None:
        """The function of a dotted name: of `this.$t`, `i18n.global.t`, `t`."""
        last = called.rpartition(".")[2]
        for function in self.functions.get(last, ()):
            receiver = called.removesuffix(last).removesuffix(".")
            wanted = function.name.removesuffix(last).removesuffix(".")
            if wanted:
                if f".{receiver}".casefold().endswith(f".{wanted}".casefold()):
                    return function
            elif not receiver or last.startswith("$") or receiver in _OWN:
                return function
        return None


@cache
def frameworks() -> Frameworks:
    """The table of `frameworks.toml`."""
    table = loads(files("extractors.source_code").joinpath("frameworks.toml").read_text("utf-8"))
    functions: dict[str, tuple[Function, ...]] = {}
    for function in _functions(table["function"]):
        last = function.name.rpartition(".")[2]
        functions[last] = (*functions.get(last, ()), function)
    return Frameworks(
        functions,
        frozenset(_names(table["filter"])),
        {name: entry["reads"] for entry in table["attribute"] for name in entry["names"]},
        {name: tuple(entry["attributes"]) for entry in table["component"] for name in entry["names"]},
        {
            name: Scope(entry.get("namespace"), entry.get("prefix", ""))
            for entry in table["scope"]
            for name in entry["names"]
        },
    )


def _names(entries: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    return (name for entry in entries for name in entry["names"])


def _functions(entries: Iterable[Mapping[str, Any]]) -> Iterable[Function]:
    for entry in entries:
        for name in entry["names"]:
            yield Function(
                name,
                entry.get("key", 0),
                entry.get("context"),
                entry.get("plural"),
                entry.get("property", ""),
                entry.get("text", False),
                entry.get("branch", False),
                tuple(word.encode() for word in entry.get("near", ())),
            )

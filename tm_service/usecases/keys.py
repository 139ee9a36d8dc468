"""Keys: finds the units that a key in code means, among the message files beside it, then among all."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tm_service.domain.plurals import CATEGORIES, parse_plural
from tm_service.domain.units import Locale, Unit, UnitId
from tm_service.domain.usage import Usage, UsageKind

_VARIANTS = (*CATEGORIES, "plural", "male", "female", "0", "1")  # i18next's endings of one key
_MESSAGE_FILE = re.compile(r"\.(?:json5?|jsonc|ya?ml|po|properties|toml|arb|ftl|resx|xlf|xliff)$", re.IGNORECASE)
_LAST = "\U0010ffff"


class Matched(StrEnum):
    ONE = "one"
    AMBIGUOUS = "ambiguous"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Match:
    """The units that a key means, and how sure that is."""

    units: tuple[UnitId, ...]
    how: Matched


_NOTHING = Match((), Matched.NOWHERE)


def fits(target: str) -> bool:
    """Whether an import may be of a message file, by its name."""
    return _MESSAGE_FILE.search(target) is not None


class Keys:
    """The keys of a site's message files; `mounted` are names under which code puts whole files."""

    def __init__(
        self, resources: Mapping[str, Sequence[Unit]], mounted: Mapping[str, frozenset[str]], source: Locale
    ) -> None:
        self._units: dict[str, dict[str, UnitId]] = {}
        self._paths: dict[str, list[str]] = defaultdict(list)  # key to message files
        self._branches: dict[str, set[str]] = defaultdict(set)  # what begins keys to message files
        self._texts: dict[str, list[UnitId]] = defaultdict(list)
        for path, units in resources.items():
            names = self._units[path] = {}
            for unit in units:
                for key in _names(unit, source):
                    names.setdefault(key, unit.id)
                for text in _texts(unit):
                    self._texts[text].append(unit.id)
            for key in names:
                self._paths[key].append(path)
                base, _, end = key.rpartition("_")
                if end in _VARIANTS:
                    self._paths[base].append(path)
                for head, _tail in _cuts(key):
                    self._branches[head].add(path)
        self._sorted = {path: sorted(names) for path, names in self._units.items()}
        self._mounted = dict(mounted)
        for path in resources:
            self._mounted[_stem(path)] = self._mounted.get(_stem(path), frozenset()) | {path}

    def of(self, path: str) -> Iterable[UnitId]:
        """All units of a message file."""
        return self._units.get(path, {}).values()

    def match(self, usage: Usage, beside: frozenset[str]) -> Match:
        """The units of a key that is known, among the message files beside it first."""
        if usage.kind is UsageKind.TEXT:
            return self._by_text(usage)
        wanted = _wanted(usage)
        found = self._in(wanted, beside, is_branch=usage.is_branch)
        if found or usage.binding:
            return Match(tuple(found), Matched.ONE) if found else _NOTHING
        for key in wanted:
            for head, tail in _cuts(key):
                found = self._in([tail], self._mounted.get(head, frozenset()), is_branch=usage.is_branch)
                if found:
                    return _judged(found)
        for key in wanted:
            found = self._in([key], self._paths.get(key, ()), is_branch=False)
            if found:
                return _judged(found)
        everywhere = {path for key in wanted for path in self._branches.get(key, ())}
        found = self._in(wanted, beside, is_branch=True) or self._in(wanted, everywhere, is_branch=True)
        return _judged(found) if found else _NOTHING

    def _in(self, wanted: Sequence[str], paths: Iterable[str], *, is_branch: bool) -> list[UnitId]:
        """Units of these keys, of their plural forms, and, of a branch, of all below."""
        found: dict[UnitId, None] = {}
        for path in sorted(paths):
            names = self._units.get(path, {})
            for key in wanted:
                here = [names[name] for name in _several(key) if name in names]
                if not here and is_branch:
                    here = [names[name] for name in self._below(path, f"{key}.")]
                found |= dict.fromkeys(here)
        return list(found)

    def _below(self, path: str, prefix: str) -> Sequence[str]:
        names = self._sorted.get(path, [])
        return names[bisect_left(names, prefix) : bisect_left(names, prefix + _LAST)]

    def _by_text(self, usage: Usage) -> Match:
        found = self._texts.get(usage.key, [])
        within = [unit for unit in found if usage.context and usage.context in "\x04".join(unit[1])]
        found = list(dict.fromkeys(within or found))
        return Match(tuple(found), Matched.ONE) if found else _NOTHING

    def like(self, usage: Usage, beside: frozenset[str]) -> Iterator[UnitId]:
        """The units that a key known in part may mean."""
        prefixes = [usage.prefix, *(f"{before}.{usage.prefix}" for before in usage.before)]
        found = list(self._like(prefixes, usage.suffix, beside))
        if not found:
            cuts = [(head, tail) for prefix in prefixes for head, tail in _cuts(prefix)]
            for head, tail in cuts:
                found += self._like([tail], usage.suffix, self._mounted.get(head, ()))
        yield from found or self._like(
            [prefix for prefix in prefixes if prefix or usage.suffix], usage.suffix, self._units
        )

    def _like(self, prefixes: Sequence[str], suffix: str, paths: Iterable[str]) -> Iterator[UnitId]:
        for path in paths:
            for prefix in prefixes:
                for name in self._below(path, prefix):
                    if name.endswith(suffix):
                        yield self._units[path][name]


def _judged(found: Sequence[UnitId]) -> Match:
    several = len({path for path, _ in found}) > 1
    return Match(tuple(found), Matched.AMBIGUOUS if several else Matched.ONE)


def _wanted(usage: Usage) -> list[str]:
    """The keys that a place may mean: with what goes before, an i18next namespace as a mount."""
    key = usage.key
    space, colon, tail = key.partition(":")
    keys = [f"{before}.{key}" for before in usage.before] + [key]
    return [*keys, f"{space}.{tail}", tail] if colon and " " not in key else keys


@lru_cache(maxsize=1 << 12)
def _several(key: str) -> tuple[str, ...]:
    """A key, and how i18next writes its plural forms and contexts."""
    return (key, *(f"{key}_{end}" for end in _VARIANTS))


def _cuts(key: str) -> Iterator[tuple[str, str]]:
    """Where a mount may end in a key: `home.title` may be title of what is put under home."""
    place = key.find(".")
    while place > 0:
        yield key[:place], key[place + 1 :]
        place = key.find(".", place + 1)


def _names(unit: Unit, source: Locale) -> Iterator[str]:
    yield ".".join(unit.key)
    if len(unit.key) > 1 and unit.key[0] in (source, source.partition("-")[0]):
        yield ".".join(unit.key[1:])


def _texts(unit: Unit) -> Iterator[str]:
    """What gettext calls may write: the key's last part, the source, and each of its plural forms."""
    plural = parse_plural(unit.source)
    yield from dict.fromkeys([unit.key[-1], unit.source, *(plural.forms.values() if plural else ())])


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]

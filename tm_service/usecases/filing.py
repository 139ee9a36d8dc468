"""Filing: which resource and locale a translated file belongs to, whichever folder it was filed in."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tm_service.domain.findings import Finding, Severity
from tm_service.domain.site import ContentRule, Site
from tm_service.domain.units import Locale

_ENOUGH = 0.5  # share of a file's keys its resource must know where only the file's name speaks for it


@dataclass(frozen=True, slots=True)
class Filed:
    """A translated file's resource and locale; `in_place` where the content rule itself puts it there."""

    resource: str
    locale: Locale
    in_place: bool


class Filing:
    """Knows every source path there ever was, and where each translation of it should stand."""

    def __init__(self, site: Site, sources: Iterable[str]) -> None:
        self.site = site
        self._sources: set[str] = set()
        self._in_place: dict[str, Filed] = {}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._locales = {_plain(name): locale for locale in site.locales for name in (locale, site.code(locale))}
        for path in sources:
            self.add(path)

    def add(self, path: str) -> bool:
        """Know one more source; False where it is known already."""
        if path in self._sources or self.site.rule(path) is None:
            return False
        self._sources.add(path)
        self._by_name[_name(path)].add(path)
        for locale in self.site.locales:
            self._in_place[self.site.target_path(path, locale)] = Filed(path, locale, in_place=True)
        return True

    def could_be(self, path: str) -> str:
        """The file name of the source that a translated file could have; empty where its path names no locale."""
        return self._bare_name(path) if self._locales_in(path) else ""

    def namesakes(self, path: str) -> frozenset[str]:
        """Resources whose file name is this file's name, a locale in it left out."""
        return frozenset(self._by_name.get(self._bare_name(path), ()))

    def rule(self, path: str) -> ContentRule | None:
        """The content rule by which a translated file is read."""
        filed = self._in_place.get(path)
        names = [filed.resource] if filed else sorted(self.namesakes(path))
        return self.site.rule(names[0]) if names else None

    def locate(self, path: str, known: Callable[[], Mapping[str, float]]) -> Filed | Finding | None:
        """The resource a file translates: by its place, else by locale segment, tail of the path and keys.

        `known` gives the share of the file's keys that each namesake knows. None: not a translation. A Finding: it
        could be of several, and nobody guesses.
        """
        if path in self._in_place:
            return self._in_place[path]
        locales = self._locales_in(path)
        candidates = self.namesakes(path)
        if not locales or not candidates:
            return None
        if len(locales) > 1:
            return _ambiguous(path, f"it names the locales {', '.join(sorted(locales))}")
        tails = {source: _common_tail(path, source) for source in candidates}
        longest = max(tails.values())
        nearest = [source for source in candidates if tails[source] == longest]
        shares = known()
        best = max(nearest, key=lambda source: (shares.get(source, 0.0), source))
        if shares.get(best, 0.0) == 0.0 or (longest == 1 and shares[best] < _ENOUGH):
            return None
        if sum(shares.get(source, 0.0) == shares[best] for source in nearest) > 1:
            return _ambiguous(path, f"it could translate {' or '.join(sorted(nearest)[:3])}")
        return Filed(best, locales.pop(), in_place=False)

    def _locales_in(self, path: str) -> set[Locale]:
        folders = path.split("/")[:-1]
        stem = path.rpartition("/")[2].split(".")[1:-1]
        return {locale for part in (*folders, *stem) if (locale := self._locale(part))}

    def _locale(self, part: str) -> Locale | None:
        plain = _plain(part)
        if plain in self._locales:
            return self._locales[plain]
        if re.fullmatch(r"[a-z]{2,3}(?:-[a-z]{4})?-(?:[a-z]{2}|\d{3})", plain):
            return self._locales.get(plain.split("-")[0])
        return None

    def _bare_name(self, path: str) -> str:
        parts = path.rpartition("/")[2].split(".")
        return ".".join(
            part for place, part in enumerate(parts) if place in (0, len(parts) - 1) or not self._locale(part)
        )


def _plain(name: str) -> str:
    return name.replace("_", "-").casefold()


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _common_tail(path: str, source: str) -> int:
    """How many last names of two paths agree; the file's own name counts as one."""
    count = 1
    for a, b in zip(reversed(path.split("/")[:-1]), reversed(source.split("/")[:-1]), strict=False):
        if a != b:
            break
        count += 1
    return count


def _ambiguous(path: str, reason: str) -> Finding:
    sentence = f"{path} was not learned: {reason}; move it to where the content rule's target puts it."
    return Finding("ambiguous", Severity.WARNING, sentence, path=path)

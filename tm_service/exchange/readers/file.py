"""File: one returned file read, whatever its format, and the names of packages and units found in a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PureWindowsPath

from tm_service.domain.findings import Finding
from tm_service.domain.packages import ReturnedUnit

_LOCALE = r"[A-Za-z]{2,3}(?:-(?:[A-Z][a-z]{3}|[A-Z]{2}|\d{3}))*"
_NAME = rf"[A-Za-z0-9][\w.\-]{{0,99}}-\d{{1,9}}-{_LOCALE}"
_PACKAGE = re.compile(rf"{_NAME}(?![A-Za-z0-9])")
_UNIT = re.compile(rf"({_NAME})\.\d{{1,9}}")
_LONGEST_NAME = 200  # what is longer is no name of a package, and is not searched


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file read: the packages its parts name, and its units with neutral texts."""

    packages: tuple[str, ...]
    units: tuple[ReturnedUnit, ...]
    findings: tuple[Finding, ...]


def package_in(text: str) -> str:
    """Find the package id in a text such as a file name; empty where there is none."""
    match = _PACKAGE.search(text) if len(text) <= _LONGEST_NAME else None
    return match[0] if match else ""


def unit_in(text: str | None) -> str:
    """The id of a unit where a text is one, such as `seeds-7-fr.3`; else empty."""
    said = (text or "").strip()
    return said if len(said) <= _LONGEST_NAME and _UNIT.fullmatch(said) else ""


def packages_of(units: Iterable[ReturnedUnit], *paths: str) -> tuple[str, ...]:
    """The packages that the ids of units name, else those that paths on anybody's disk name, each once."""
    named = dict.fromkeys(match[1] for match in (_UNIT.fullmatch(unit.id) for unit in units) if match)
    named = named or dict.fromkeys(package_in(PureWindowsPath(path).name) for path in paths)
    return tuple(name for name in named if name)

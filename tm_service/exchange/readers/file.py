"""File: one returned file read, whatever its format, and the name of a package found in a text."""

import re
from dataclasses import dataclass

from tm_service.domain.findings import Finding
from tm_service.domain.packages import ReturnedUnit

_LOCALE = r"[A-Za-z]{2,3}(?:-(?:[A-Z][a-z]{3}|[A-Z]{2}|\d{3}))*"
_PACKAGE = re.compile(rf"[A-Za-z0-9][\w.\-]{{0,99}}-\d{{1,9}}-{_LOCALE}(?![A-Za-z0-9])")
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

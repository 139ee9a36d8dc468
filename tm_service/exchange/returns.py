"""Returns: one return put together from whatever came back."""

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePosixPath

from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.packages import Return, ReturnedUnit
from tm_service.exchange.guard import Limits, brief, entries, is_zip
from tm_service.exchange.readers.file import ReadFile, package_in
from tm_service.exchange.readers.xliff12 import read_xliff

_MANIFEST = "manifest.json"


def read_bundle(name: str, content: bytes, limits: Limits | None = None) -> Return:
    """Read a returned zip or a bare XLIFF file, whatever its name says it is. Raises ReturnRejected.

    The texts of the units are neutral; `inline.rebuild` puts the codes back.
    """
    limits = limits or Limits()
    files = entries(name, content, limits) if is_zip(content) else ((name, content),)
    read = [read_xliff(path, inner, limits) for path, inner in files if not path.lower().endswith(_MANIFEST)]
    if not read:
        raise ReturnRejected(f"{brief(name)} holds no .xlf file; send the translated XLIFF 1.2 file.")
    return Return(
        package=_package(name, files, read),
        digest=sha256(content).hexdigest(),
        units=_joined(unit for file in read for unit in file.units),
        findings=tuple(finding for file in read for finding in file.findings),
    )


def _package(name: str, files: Iterable[tuple[str, bytes]], read: list[ReadFile]) -> str:
    """Find the one package a return names: by its manifest, else by its files, else by its name."""
    manifests = [_manifest_package(content) for path, content in files if path.lower().endswith(_MANIFEST)]
    named = dict.fromkeys([*manifests, *(package for file in read for package in file.packages)])
    named.pop("", None)
    if len(named) > 1:
        listed = " and ".join(map(brief, sorted(named)))
        raise ReturnRejected(f"{brief(name)} holds units of {listed}; send one package at a time.")
    found = next(iter(named), "") or package_in(PurePosixPath(name).stem)
    if not found:
        raise ReturnRejected(f"{brief(name)} is not a package of ours: nothing in it says which package it returns.")
    return found


def _manifest_package(content: bytes) -> str:
    """Read which package a manifest names; empty where it cannot be read, since the XLIFF says it too."""
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    named = manifest.get("package") if isinstance(manifest, dict) else None
    return named if isinstance(named, str) and package_in(named) == named else ""


def _joined(units: Iterable[ReturnedUnit]) -> tuple[ReturnedUnit, ...]:
    """Each unit once; a blank target gives way, and two different ones are for a person to choose from."""
    joined: dict[str, ReturnedUnit] = {}
    for unit in units:
        seen = joined.get(unit.id)
        joined[unit.id] = unit if seen is None else _one_of(seen, unit)
    return tuple(joined.values())


def _one_of(seen: ReturnedUnit, unit: ReturnedUnit) -> ReturnedUnit:
    if not seen.target.strip():
        return unit
    if not unit.target.strip() or unit.target == seen.target or seen.findings:
        return seen
    message = f"Unit {brief(unit.id)} stands here twice with different targets; send only the one that counts."
    return replace(seen, findings=(Finding("units", Severity.ERROR, message, unit.id),))

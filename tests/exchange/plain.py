"""Plain: one package as one bare file and back, without a house around it; what most tests of formats need."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from lxml import etree

from tm_service.domain.errors import ReturnRejected
from tm_service.domain.handoffs import Handoff
from tm_service.domain.packages import Package, PackageUnit, Return, ReturnedUnit
from tm_service.domain.splitting import Part
from tm_service.exchange.bundle import MANIFEST, _about, _sealed, _zipped
from tm_service.exchange.guard import Limits, brief
from tm_service.exchange.inline import XLIFF
from tm_service.exchange.profiles import profile
from tm_service.exchange.recognise import rebuilt
from tm_service.exchange.returns import Returns, one_of, package_of_name, read_returns
from tm_service.exchange.xliff12 import write_part


@dataclass(frozen=True)
class Plain:
    """Writes a package as one file, reads the return of one package."""

    limits: Limits = field(default=Limits())

    def write(self, package: Package) -> tuple[str, bytes]:
        return write_bundle(package)

    def read(self, name: str, content: bytes) -> Return:
        return read_bundle(name, content, self.limits)

    def rebuild(self, unit: ReturnedUnit, sent: PackageUnit) -> ReturnedUnit:
        return rebuilt(unit, sent)


def write_xliff(package: Package) -> bytes:
    """Write a package as one XLIFF 1.2 file for any tool, one `file` element per resource in their order."""
    handoff = Handoff(package, replace(profile("generic"), page_groups=False))
    pages: dict[str, list[PackageUnit]] = {}
    for unit in package.units:
        pages.setdefault(unit.resource, []).append(unit)
    files = [etree.fromstring(write_part(handoff, Part(tuple(units)))) for units in pages.values()]
    root = files[0] if files else etree.fromstring(f'<xliff xmlns="{XLIFF}" version="1.2">\n</xliff>')
    root.extend([file for other in files[1:] for file in other])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def write_bundle(package: Package) -> tuple[str, bytes]:
    """File name and bytes of a package as one XLIFF 1.2 file for any tool with an unsealed manifest, in a zip."""
    name, xliff = f"{package.id}.xlf", write_xliff(package)
    content = {
        "format": 1,
        "package": package.id,
        **_about(package),
        "xliff": {"name": name, "sha256": sha256(xliff).hexdigest()},
        "units": [_sealed(unit) for unit in package.units],
    }
    manifest = json.dumps(content, indent=1).encode("ascii") + b"\n"
    return f"{package.id}.zip", _zipped({name: xliff, MANIFEST: manifest}, package, ())


def read_bundle(name: str, content: bytes, limits: Limits | None = None) -> Return:
    """Read the return of one package, which says whose it is, in any wrapping. Raises ReturnRejected.

    The texts of the units are neutral; `inline.rebuild` puts the codes back.
    """
    returns = read_returns(name, content, limits)
    return Return(
        package=_package(returns),
        digest=returns.digest,
        units=_joined(unit for part in returns.parts for unit in part.file.units),
        findings=(*returns.findings, *(finding for part in returns.parts for finding in part.file.findings)),
    )


def _package(returns: Returns) -> str:
    """Find the one package a return names: by its files and manifests, else by their names."""
    named = dict.fromkeys(package for part in returns.parts for package in (part.manifest, *part.file.packages))
    named.pop("", None)
    if len(named) > 1:
        listed = " and ".join(map(brief, sorted(named)))
        raise ReturnRejected(f"{brief(returns.name)} holds units of {listed}; send one package at a time.")
    paths = (returns.name, *(part.path for part in returns.parts))
    found_ = next(iter(named), "") or next(filter(None, map(package_of_name, paths)), "")
    if not found_:
        raise ReturnRejected(
            f"{brief(returns.name)} is not a package of ours: nothing in it says which package it returns."
        )
    return found_


def _joined(units: Iterable[ReturnedUnit]) -> tuple[ReturnedUnit, ...]:
    joined: dict[str, ReturnedUnit] = {}
    for unit in units:
        seen = joined.get(unit.id)
        joined[unit.id] = unit if seen is None else one_of(seen, unit)
    return tuple(joined.values())

"""Exporter: XLIFF 1.2 in a zip, behind the port that the use cases see."""

from dataclasses import dataclass, field, replace

from tm_service.domain.packages import Package, PackageUnit, Return, ReturnedUnit
from tm_service.exchange.bundle import write_bundle
from tm_service.exchange.guard import Limits
from tm_service.exchange.inline import rebuild
from tm_service.exchange.returns import read_bundle


@dataclass(frozen=True, slots=True)
class Xliff12Bundle:
    """Writes a package as a zip of XLIFF 1.2 and manifest; reads it back zipped or bare."""

    limits: Limits = field(default=Limits())

    def write(self, package: Package) -> tuple[str, bytes]:
        """Give file name and bytes of the hand-off."""
        return write_bundle(package)

    def read(self, name: str, content: bytes) -> Return:
        """Read a returned file; its units' codes are still numbers. Raises ReturnRejected."""
        return read_bundle(name, content, self.limits)

    def rebuild(self, unit: ReturnedUnit, sent: PackageUnit) -> ReturnedUnit:
        """Put the codes of what was sent back into a returned unit; codes it does not have become its findings."""
        source, _ = rebuild(unit.source, sent.source)
        target, findings = rebuild(unit.target, sent.source)
        named = tuple(replace(finding, unit=unit.id) for finding in findings)
        return replace(unit, source=source, target=target, findings=unit.findings + named)

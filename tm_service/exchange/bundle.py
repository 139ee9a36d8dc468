"""Bundle: the zip a package travels in, and its manifest."""

import json
import zipfile
from datetime import UTC
from hashlib import sha256
from io import BytesIO

from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.text import fingerprint
from tm_service.exchange.xliff12 import write_xliff

FORMAT = 1  # of the manifest
_MANIFEST = "manifest.json"
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name


def write_bundle(package: Package) -> tuple[str, bytes]:
    """File name and bytes of a package's zip; the same package gives the same bytes."""
    xliff = write_xliff(package)
    files = {f"{package.id}.xlf": xliff, _MANIFEST: _manifest(package, xliff)}
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted(files.items()):
            archive.writestr(_entry(name, package), content, zipfile.ZIP_DEFLATED)
    return f"{package.id}.zip", buffer.getvalue()


def _entry(name: str, package: Package) -> zipfile.ZipInfo:
    made = package.created.astimezone(UTC)
    moment = (made.year, made.month, made.day, made.hour, made.minute, made.second)
    entry = zipfile.ZipInfo(name, max(moment, _OLDEST))
    entry.create_system = 3  # Unix, wherever it is made
    entry.external_attr = 0o644 << 16
    return entry


def _manifest(package: Package, xliff: bytes) -> bytes:
    """Record what left the house: per unit the fingerprints of its source and of the translation it is based on."""
    content = {
        "format": FORMAT,
        "package": package.id,
        "site": package.site,
        "number": package.number,
        "source_locale": package.source_locale,
        "locale": package.locale,
        "code": package.code,
        "revision": package.revision,
        "created": package.created.isoformat(),
        "due": package.due.isoformat() if package.due else None,
        "xliff": {"name": f"{package.id}.xlf", "sha256": sha256(xliff).hexdigest()},
        "units": [_sealed(unit) for unit in package.units],
    }
    return json.dumps(content, indent=1).encode("ascii") + b"\n"


def _sealed(unit: PackageUnit) -> dict[str, object]:
    return {
        "id": unit.id,
        "resource": unit.resource,
        "key": list(unit.key),
        "source": unit.fingerprint,
        "base": unit.base,
        "base_target": fingerprint(unit.previous_target) if unit.previous_target else "",
    }

"""Bundle: the zip a package travels in, and its sealed manifest."""

import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC
from hashlib import sha256
from io import BytesIO

from tm_service.domain.handoffs import Handoff
from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.splitting import Part, split
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Document, key_text
from tm_service.exchange.context_page import context_pages
from tm_service.exchange.omegat_project import FOLDERS, project_files
from tm_service.exchange.readme_page import readme_page
from tm_service.exchange.seal import SealKey, sign
from tm_service.exchange.xliff2 import write_part as write_part_2
from tm_service.exchange.xliff12 import write_part

FORMAT = 2  # of the manifest
README, MANIFEST, SIGNATURE = "00-READ-ME.html", "manifest.json", "manifest.sig"

_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name
_LONGEST_PATH = 120  # characters; Windows adds the folder it unpacks into
_SAFE = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._\-]*/)*[A-Za-z0-9_][A-Za-z0-9._\-]*")
_ATTACHED = ("reference/", "analysis/")


def write_handoff(handoff: Handoff, key: SealKey) -> tuple[str, bytes]:
    """File name and bytes of a sealed hand-off; the same hand-off and key give the same bytes.

    Raises ValueError for an attachment whose path is not short, safe, its own, and under `reference/` or `analysis/`.
    """
    _check_attached(handoff.attachments)
    parts = named_parts(handoff)
    xliffs = {name: write_part(handoff, part) for name, part in parts.items()}
    is_project = handoff.profile.layout == "omegat"
    files = {
        **(project_files(handoff, xliffs) if is_project else _bundle_files(handoff, xliffs, parts)),
        **context_pages(handoff, parts),
    }
    files[README] = readme_page(handoff, tuple(files))
    folder = "source" if is_project else "xliff12"
    places = {unit.id: f"{folder}/{name}" for name, part in parts.items() for unit in part.units}
    files[MANIFEST] = _manifest(handoff, files, places)
    files[SIGNATURE] = sign(files[MANIFEST], key)
    return f"{handoff.name}.zip", _zipped(files, handoff.package, FOLDERS if is_project else ())


def named_parts(handoff: Handoff) -> dict[str, Part]:
    """The parts of a hand-off under their files' names: `D0142_ar_01_site-labels.xlf`."""
    parts = split(handoff.package.units, group=lambda unit: handoff.detail(unit).group)
    digits = max(2, len(str(len(parts))))
    start = f"{handoff.number}_{handoff.package.locale}"
    return {
        f"{start}_{place:0{digits}}_{part.slug}.{handoff.profile.extension}": part
        for place, part in enumerate(parts, 1)
    }


def _bundle_files(handoff: Handoff, xliffs: Mapping[str, bytes], parts: Mapping[str, Part]) -> dict[str, bytes]:
    files = {f"xliff12/{name}": content for name, content in xliffs.items()}
    files |= {attached.path: attached.content for attached in handoff.attachments}
    version = handoff.profile.xliff2
    if handoff.xliff2 and version:
        folder = f"xliff{version.replace('.', '')}"
        files |= {f"{folder}/{name}": write_part_2(handoff, part) for name, part in parts.items()}
    return files


def _check_attached(attachments: Iterable[Document]) -> None:
    taken: set[str] = set()
    for path in (attached.path for attached in attachments):
        is_safe = path.startswith(_ATTACHED) and _SAFE.fullmatch(path) and len(path) < _LONGEST_PATH
        if not is_safe or path.lower() in taken:
            raise ValueError(
                f"{path!r} cannot be attached; use a short path of safe characters, each once, under reference/ or analysis/."
            )
        taken.add(path.lower())


def _manifest(handoff: Handoff, files: Mapping[str, bytes], places: Mapping[str, str]) -> bytes:
    """Record what left the house: every file, and per unit the hashes of its source, its context and what it is based on."""
    package = handoff.package
    content = {
        "format": FORMAT,
        "package": package.id,
        "version": handoff.package.version,
        "profile": handoff.profile.name,
        **_about(package),
        "files": [{"path": path, "sha256": sha256(files[path]).hexdigest()} for path in sorted(files)],
        "units": [_sealed(unit) | _placed(unit, places, handoff) for unit in package.units],
    }
    return json.dumps(content, indent=1).encode("ascii") + b"\n"


def _about(package: Package) -> dict[str, object]:
    return {
        "site": package.site,
        "number": package.number,
        "source_locale": package.source_locale,
        "locale": package.locale,
        "code": package.code,
        "revision": package.revision,
        "created": package.created.isoformat(),
        "due": package.due.isoformat() if package.due else None,
    }


def _sealed(unit: PackageUnit) -> dict[str, object]:
    return {
        "id": unit.id,
        "resource": unit.resource,
        "key": list(unit.key),
        "source": unit.fingerprint,
        "context": context_hash(unit),
        "base": unit.base,
        "base_target": fingerprint(unit.previous_target) if unit.previous_target else "",
    }


def _placed(unit: PackageUnit, places: Mapping[str, str], handoff: Handoff) -> dict[str, object]:
    return {"file": places[unit.id], "locked": handoff.detail(unit).locked}


def context_hash(unit: PackageUnit) -> str:
    """Name where a unit stood when it left: its resource, its key and the fingerprints of its neighbours."""
    return fingerprint("\n".join((unit.resource, key_text(unit.key), unit.previous, unit.following)))


def _zipped(files: Mapping[str, bytes], package: Package, folders: Iterable[str]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted({**dict.fromkeys(folders, b""), **files}.items()):
            archive.writestr(_entry(name, package), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _entry(name: str, package: Package) -> zipfile.ZipInfo:
    made = package.created.astimezone(UTC)
    moment = (made.year, made.month, made.day, made.hour, made.minute, made.second)
    entry = zipfile.ZipInfo(name, max(moment, _OLDEST))
    entry.create_system = 3  # Unix, wherever it is made
    entry.external_attr = (0o40755 << 16) | 0x10 if name.endswith("/") else 0o644 << 16
    return entry

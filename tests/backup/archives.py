"""Archives that somebody changed: members put in, taken out or written anew, with a manifest that says so or does not."""

import json
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from tm_service.domain.backups import TableSum, digest_of

MANIFEST = "manifest.json"


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def written(file: Path, content: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, said in content.items():
            out.writestr(name, said)
    return file


def changed(archive: Path, file: Path, changes: Mapping[str, bytes | None]) -> Path:
    """Members written anew, None: taken out; the manifest is as it was."""
    content = members(archive) | {name: said or b"" for name, said in changes.items()}
    return written(file, {name: said for name, said in content.items() if changes.get(name, b"") is not None})


def forged(archive: Path, file: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> Path:
    """As who knows the form writes it: hashes, sizes and the digest are those of what was changed."""
    content = members(archive)
    manifest = json.loads(content.pop(MANIFEST))
    change(content, manifest)
    listed = {name: said for name, said in content.items() if not name.startswith("contents/")}
    manifest["members"] = {
        name: {"size": len(said), "sha256": sha256(said).hexdigest()} for name, said in listed.items()
    }
    hashes = {name: manifest["members"].get(f"tables/{name}.jsonl") for name in manifest["tables"]}
    sums = {
        name: TableSum(manifest["tables"][name]["rows"], one["sha256"])
        for name, one in hashes.items()
        if one is not None
    }
    manifest["digest"] = digest_of(sums)
    return written(file, content | {MANIFEST: json.dumps(manifest).encode()})

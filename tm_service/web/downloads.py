"""Downloads: files to be kept, and zips of them."""

import io
import re
import zipfile
from collections.abc import Mapping

from starlette.responses import Response

ZIP = "application/zip"


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """A zip of these files by path, the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path)  # dated 1980-01-01, so that no clock shows
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, contents[path])
    return made.getvalue()


def download(name: str, content: bytes, kind: str = ZIP) -> Response:
    """A file to be kept, under a name that no system stumbles over."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip(".") or ("download.zip" if kind == ZIP else "download")
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{safe}"'})

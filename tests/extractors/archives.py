"""Archives written by hand for tests: packed or not, with sizes before or after the data, with comments and gaps."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st


class _Stream:
    """A file that cannot be gone back in, so that sizes are written after the data."""

    def __init__(self) -> None:
        self.written = bytearray()

    def write(self, data) -> int:
        self.written += data
        return len(data)

    def flush(self) -> None:
        pass


def archive(
    members: Mapping[str, str | bytes], *, packed: bool = True, streamed: bool = False, comment: bytes = b""
) -> bytes:
    """A zip archive with a fixed time in it."""
    stream: Any = _Stream() if streamed else io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(stream, "w", kind) as made:
        made.comment = comment
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2026, 3, 20, 9, 30, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else kind
            made.writestr(info, content)
    return bytes(stream.written) if isinstance(stream, _Stream) else stream.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


@st.composite
def archives(draw: st.DrawFn, members: Mapping[str, str | bytes]) -> bytes:
    return archive(
        members,
        packed=draw(st.booleans()),
        streamed=draw(st.booleans()),
        comment=draw(st.sampled_from([b"", b"made by hand"])),
    )


def xml(text: str) -> str:
    """Text between tags, written in the several ways there are."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\r", "&#xD;")
        .replace('"', "&#34;")
    )

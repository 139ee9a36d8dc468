"""The heaviest files that an upload may hold: each is read or refused in bounded memory, in a process of its own."""

import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.exchange.answers import zipped
from tests.exchange.hostile import GOOD, sparse, with_target

_MEASURE = """
import sys
from pathlib import Path
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity
from tm_service.exchange.returns import read_returns
content = Path(sys.argv[1]).read_bytes()
try:
    read_returns("seeds-7-fr.xlf", content)
    said = "read"
except ReturnRejected as error:
    said = str(error)
# Not ru_maxrss: a process inherits the peak of the one that started it.
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak) * 1024 // 1_000_000, said)
"""
FIFTY = (50 << 20) - 5000
UNIT = b"<trans-unit id='7.1'><source>Seed banks</source><target>%s</target></trans-unit>"


def filled(piece, size=FIFTY):
    return GOOD.replace(b"</body>", piece * ((size - len(GOOD)) // len(piece)) + b"</body>", 1)


HEAVY = {
    "elements with text between": (lambda: filled(b"<x/>" + b"seed " * 30), "more tags and texts"),
    "elements with attributes": (
        lambda: filled(b"<x " + b" ".join(b'%c="seeds"' % letter for letter in b"abcdefgh") + b"/>"),
        "more tags and texts",
    ),
    "one tag of four million attributes": (
        lambda: with_target(b"<x " + b" ".join(b'a%d=""' % number for number in range(4_000_000)) + b"/>"),
        "attributes in one tag",
    ),
    "one attribute": (lambda: with_target(b'<x id="' + b"x" * FIFTY + b'"/>'), "longer than any"),
    "one text": (lambda: with_target(b"seed " * (FIFTY // 5 - 1000)), "longer than any"),
    "texts just short enough": (lambda: filled(UNIT % (b"s" * 9_900_000)), "more tags and texts"),
    "texts that one character makes four times as wide": (
        lambda: filled(UNIT % (b"s" * 900_000 + "\U0001f331".encode())),
        "more tags and texts",
    ),
    "many units": (lambda: filled(UNIT % (b"seed " * 200)), "more tags and texts"),
    "one comment": (lambda: filled(b"<!--" + b"x" * (FIFTY - 10_000) + b"-->"), "longer than any"),
    "a table of emoji": (
        lambda: b"id,source,target\n" + '7.1,"a","\U0001f331"\n'.encode() * (FIFTY // 16),
        "more than 50000 units",
    ),
    "a table of wide texts": (
        lambda: b"id,source,target\n" + ('7.1,"a","%s\U0001f331"\n' % ("s" * 2000)).encode() * (FIFTY // 2020),
        "more text than is read",
    ),
    "wide texts in many files": (
        lambda: zipped(
            {
                f"{number}.xlf": filled(UNIT % (sparse(20).hex() + "\U0001f331").encode(), 7 << 20)
                for number in range(12)
            }
        ),
        "more tags and texts",
    ),
    "a directory of a million entries": (
        lambda: (
            (b"PK\x01\x02" + bytes(42)) * (FIFTY // 46)
            + b"PK\x05\x06"
            + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, FIFTY // 46 * 46, 0, 0)
        ),
        "",
    ),
    "an empty zip before a million entries": (
        lambda: zipped({"a.xlf": GOOD}) + (b"PK\x01\x02" + bytes(42)) * ((FIFTY - 5000) // 46),
        "files; up to 1000",
    ),
    "zips in zips, stored": (
        lambda: zipped(
            {"a.zip": zipped({"b.xlf": filled(b" " * 1000, FIFTY - 5000)}, compression=zipfile.ZIP_STORED)},
            compression=zipfile.ZIP_STORED,
        ),
        "send it in parts",
    ),
    "a manifest of brackets": (
        lambda: zipped({"a.xlf": GOOD, "manifest.json": b"[" + b"[]," * (FIFTY // 8), "b": sparse(4000)}),
        "read",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEAVY)
def test_the_heaviest_files_take_less_than_200_mb(kind, tmp_path):
    """The upload itself and the interpreter with its libraries are in it."""
    made, reason = HEAVY[kind]
    path = tmp_path / "heavy"
    path.write_bytes(made())
    assert path.stat().st_size <= 50 << 20
    ran = subprocess.run(
        [sys.executable, "-c", _MEASURE, path],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
        text=True,
        timeout=120,
    )
    peak, said = ran.stdout.split(" ", 1)
    assert reason in said
    assert int(peak) < 200

"""A small disk of a test's own, which it fills and empties."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_PIECE = 1 << 12  # bytes of a page, which a file takes at least


@dataclass(frozen=True)
class Disk:
    """`root` is where it is mounted."""

    root: Path

    def fill(self, leave: int = 0):
        """Leave so many bytes."""
        free = shutil.disk_usage(self.root).free // _PIECE * _PIECE
        if free > leave:
            with (self.root / "filler").open("ab", buffering=0) as file:
                file.write(b"\0" * (free - leave))

    def empty(self):
        (self.root / "filler").unlink(missing_ok=True)


@contextmanager
def small_disk(root: Path, megabytes: int = 64) -> Iterator[Disk]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    root.mkdir()
    options = f"size={megabytes}m,mode=755"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", root], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"this machine mounts no small disk: {mounted.stderr.strip()}")
    try:
        yield Disk(root)
    finally:
        subprocess.run(["umount", "--lazy", root], check=True)

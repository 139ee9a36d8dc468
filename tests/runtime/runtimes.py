"""Runtimes: the libraries that sites read their catalogs with, installed once under Node.js and asked in JSON.

`ask("vue_i18n.mjs", question)` runs that script of this folder: the question comes as JSON on standard input, and what it
prints is the answer. Where Node.js, npm or its registry is missing, the test that asks is skipped and says so.
"""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).parent
_LISTS = ("package.json", "package-lock.json")  # pinned versions; the lock names no address
_INSTALL = ("npm", "ci", "--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund", "--prefer-offline")
_RETRY = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
_NO_REGISTRY = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ERR_SOCKET_TIMEOUT",
    "ENETUNREACH",
)
_LONGEST = 300  # seconds for npm, which a registry may keep waiting
_PATIENCE = 60  # seconds for a script


def ask(script: str, question: object) -> Any:
    """Run a script of this folder with a question and give its answer; skips where it cannot be run."""
    folder, reason = _installed()
    if reason:
        pytest.skip(reason)
    ran = subprocess.run(
        ["node", "--no-warnings", script],
        input=json.dumps(question),
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_PATIENCE,
        check=False,
    )
    assert ran.returncode == 0, f"{script}: {ran.stderr}"
    return json.loads(ran.stdout)


@cache
def _installed() -> tuple[Path, str]:
    """The folder with the libraries and the scripts, or why there is none; the first that asks makes it, others wait."""
    missing = [tool for tool in ("node", "npm") if shutil.which(tool) is None]
    if missing:
        return _HERE, f"{' and '.join(missing)} cannot be found; install Node.js 20 and npm"
    lists = b"".join((_HERE / name).read_bytes() for name in _LISTS)
    folder = _own_folder(f"tm-service-runtimes-{os.getuid()}") / sha256(lists).hexdigest()[:16]
    folder.mkdir(exist_ok=True)
    with _locked(folder / "lock"):
        for script in _HERE.glob("*.mjs"):
            _copy(script, folder)
        done = folder / "done"
        reason = "" if done.exists() else _install(folder)
        if not reason:
            done.touch()
    return folder, reason


def _own_folder(name: str) -> Path:
    """A folder among the temporary ones that nobody else can have put anything into."""
    folder = Path(tempfile.gettempdir(), name)
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    assert (about.st_uid, about.st_mode & 0o777) == (os.getuid(), 0o700), f"{folder} is not ours; remove it"
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install(folder: Path) -> str:
    """Why npm cannot install, where that is the network's fault; any other is one of ours."""
    for name in _LISTS:
        shutil.copyfile(_HERE / name, folder / name)
    ran = subprocess.run(
        [*_INSTALL, *_RETRY], cwd=folder, capture_output=True, text=True, timeout=_LONGEST, check=False
    )
    if ran.returncode and any(sign in ran.stderr for sign in _NO_REGISTRY):
        return "npm cannot reach its registry"
    assert ran.returncode == 0, f"npm ci: {ran.stderr}"
    return ""


def _copy(script: Path, folder: Path) -> None:
    """Put a script beside the libraries, so that it finds them; whoever reads it meanwhile reads a whole one."""
    content, place = script.read_bytes(), folder / script.name
    if not place.exists() or place.read_bytes() != content:
        fresh = place.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(content)
        fresh.replace(place)

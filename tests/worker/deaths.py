"""Workers that die by kill -9 at a step of their work, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEVER = 10**6
_STATEMENTS = (0.3, 0.7)  # of the work at which it ends between two commits


def work(house, when, number, **environment: str):
    """A worker that dies there; its exit code and how many commits or statements there were."""
    command = [sys.executable, str(ROOT / "tests/worker/dying_worker.py"), str(house.home), when, str(number)]
    known = {**os.environ, "PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(command, cwd=ROOT, capture_output=True, env=known, check=False)
    return done.returncode, int(done.stdout or 0)


def between(commits):
    """Where to die: between any two commits, before the first and after the last, and once for each."""
    yield from ((when, number) for number in range(1, commits + 1, 2) for when in ("before", "after"))
    if commits % 2 == 0:
        yield "after", commits


def along(statements):
    """Where to die between two commits."""
    yield from (("statement", int(statements * share)) for share in _STATEMENTS)

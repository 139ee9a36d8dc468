"""The command itself, whose worker kills itself in the middle of the first job of a kind: KIND MARKER WORDS...

Of all processes with one marker only the first dies. Leases and looks are short, so that nobody waits minutes for the next.
"""

import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.processes import die, die_at_statement
from tm_service.cli import main
from tm_service.worker import broker, runner

MIDDLE = 12  # statements of the job, of those that have so many; others are killed before they are noted
LEASE = timedelta(seconds=8)
LOOK = timedelta(seconds=2)


def mortal(kind: str, marker: Path) -> None:
    real = runner.done

    def done(service, job, tell):
        if job.kind != kind or not _is_first(marker):
            return real(service, job, tell)
        die_at_statement([MIDDLE])
        try:
            return real(service, job, tell)
        finally:
            die()

    runner.done = done
    runner.Worker = partial(runner.Worker, lease=LEASE)
    broker.LOOK_EVERY = LOOK
    broker._CLOSEST = 1


def _is_first(marker: Path) -> bool:
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


if __name__ == "__main__":
    mortal(sys.argv[1], Path(sys.argv[2]))
    main(sys.argv[3:])

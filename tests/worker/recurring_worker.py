"""A worker in a process of its own that asks for what recurs and does it, at each moment that it is told of on a line."""

import os
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tm_service.bootstrap import open_service
from tm_service.bootstrap_backup import with_backups
from tm_service.settings import read_settings
from tm_service.worker.runner import Worker
from tm_service.worker.timekeeper import Timekeeper


def main():
    home, database, backups = sys.argv[1:]
    settings = read_settings(Path(home), {"TM_SERVICE_DATABASE": database, "TM_SERVICE_BACKUPS": backups})
    service = with_backups(open_service(settings), settings)
    for line in sys.stdin:
        moment = datetime.fromisoformat(line.strip())
        now = replace(service, clock=lambda moment=moment: moment)
        Worker(now, f"{os.getpid()}", lease=timedelta(hours=1), timekeeper=Timekeeper(now)).run(until_idle=True)
        sys.stdout.write("idle\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

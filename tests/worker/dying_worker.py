"""A worker in a process of its own, which kills itself: home, before or after which commit, at which one."""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from tm_service.bootstrap import open_service
from tm_service.settings import read_settings
from tm_service.worker.runner import Worker


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    home, when, number = sys.argv[1:]
    service, left = open_service(read_settings(Path(home))), [int(number)]
    real = Connection.commit

    def commit(self):
        left[0] -= 1
        if left[0] == 0 and when == "before":
            die()
        real(self)
        if left[0] == 0:
            die()

    Connection.commit = commit
    if when == "statement":

        def count(*_asked: object):
            left[0] -= 1
            if left[0] == 0:
                die()

        event.listen(Engine, "before_cursor_execute", count)
        Connection.commit = real
    Worker(service, "dying", lease=timedelta(hours=1)).run(until_idle=True)
    sys.stdout.write(f"{int(number) - left[0]}\n")


if __name__ == "__main__":
    main()

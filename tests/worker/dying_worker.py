"""A worker in a process of its own, which kills itself: home, before or after which commit, at which one."""

import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from tests.processes import die, die_at_statement
from tm_service.bootstrap import open_service
from tm_service.settings import read_settings
from tm_service.worker.runner import Worker


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

    if when == "statement":
        die_at_statement(left)
    else:
        Connection.commit = commit
    Worker(service, "dying", lease=timedelta(hours=1)).run(until_idle=True)
    sys.stdout.write(f"{int(number) - left[0]}\n")


if __name__ == "__main__":
    main()

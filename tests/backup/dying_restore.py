"""A restore in a process of its own, which kills itself: home, database, archive, before which step."""

import sys
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from tests.processes import die, die_at_statement
from tm_service import bootstrap_backup
from tm_service.backup.home import Home
from tm_service.settings import read_settings


def main():
    home, database, file, when = sys.argv[1:]
    settings = read_settings(Path(home), {})
    if when == "files":
        Home.unpack = die
    elif when == "bundle":
        bootstrap_backup.unbundle = die
    elif when == "commit":
        Connection.commit = die
    elif when == "end":
        Home.end = die
    elif when != "never":
        die_at_statement([int(when)])
    bootstrap_backup.open_backups(replace(settings, database=database or settings.database)).restore(Path(file))


if __name__ == "__main__":
    main()

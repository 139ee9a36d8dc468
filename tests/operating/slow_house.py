"""The command line of a house in which learning, and the page /slow, wait until a file is there: FOLDER COMMAND..."""

import sys
import time
from pathlib import Path

from tm_service.cli import main
from tm_service.domain.jobs import JobKind
from tm_service.web import server
from tm_service.worker import tasks

TURN = 0.05  # seconds

folder = Path(sys.argv[1])
learn, make_app = tasks._TASKS[JobKind.LEARN], server.make_app


def waited(name):
    (folder / f"{name}.begun").touch()
    while not (folder / f"{name}.go").exists():
        time.sleep(TURN)


def slow_learn(service, job, tell):
    waited("learn")
    return learn(service, job, tell)


def slow_app(*args: object, **named: object):
    app = make_app(*args, **named)
    app.get("/slow")(lambda: waited("answer"))
    return app


tasks._TASKS[JobKind.LEARN] = slow_learn
server.make_app = slow_app
main(sys.argv[2:])

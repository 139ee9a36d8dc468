"""Processes in tests: waited for until something is so, given a port, or killed by themselves at a step of their work."""

import os
import signal
import socket
import time

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

PATIENCE = 120  # seconds, for machines that do much else
_PAUSE = 0.02


def until(look, said=lambda: "it did not happen in time"):
    """What `look` finds, once it finds something; what is `said`, such as a log, where that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() >= deadline:
            pytest.fail(said(), pytrace=False)
        time.sleep(_PAUSE)
    return found


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def die(*_asked: object, **_named: object):
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_statement(left):
    """Before the statement with which none is `left`, a list of one number that is counted down."""

    def count(*_asked: object):
        left[0] -= 1
        if left[0] == 0:
            die()

    event.listen(Engine, "before_cursor_execute", count)

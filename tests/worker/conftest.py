"""A house for each test, with something to deploy, and workers that wait for nobody."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.fakes import House, new_house
from tests.office import office  # noqa: F401 - a fixture
from tests.redis_server import redis  # noqa: F401 - a fixture
from tm_service.worker.runner import Worker

HOME = "text/home.json"


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    made = new_house(tmp_path)
    made.write({HOME: {"lead": "Gather the seeds of every plant", "hint": "Water the young plants"}})
    yield made
    made.store.close()


@pytest.fixture
def worker(house) -> Worker:
    return Worker(house.service, "one", lease=timedelta(hours=1))  # the house's clock goes on a minute at each look

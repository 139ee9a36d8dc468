"""A house for each test."""

from collections.abc import Iterator

import pytest

from tests.fakes import House, new_house


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    made = new_house(tmp_path)
    yield made
    made.store.close()

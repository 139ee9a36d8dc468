"""A house for each test; failures print what reproduces them, and time is no criterion."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.fakes import House, new_house

settings.register_profile("laws", deadline=None, print_blob=True)
settings.load_profile("laws")


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    made = new_house(tmp_path)
    yield made
    made.store.close()

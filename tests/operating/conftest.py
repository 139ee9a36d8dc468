import pytest

from tests.redis_server import redis  # noqa: F401 - a fixture
from tests.web.house import build_house


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    return build_house(tmp_path_factory.mktemp("house"))

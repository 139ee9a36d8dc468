import pytest

from tests.office import office  # noqa: F401 - a fixture
from tests.redis_server import redis  # noqa: F401 - a fixture
from tests.web.house import Visitor, build_house
from tm_service.web.app import make_app


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    return build_house(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="session")
def visitor(service):
    return Visitor(make_app(service, hosts=["translate.example.org"]))

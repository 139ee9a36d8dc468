import pytest

from tests.web.house import build_house


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    return build_house(tmp_path_factory.mktemp("house"))

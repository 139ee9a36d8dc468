"""Houses to try commands in; each test has its own copy."""

import pytest

from tests.cli.houses import TOML, House, build, own_git  # noqa: F401 - a fixture


@pytest.fixture(scope="session")
def _described(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("described") / "house")
    build(house.site)
    house.toml.write_text(TOML, "utf-8")
    house.ask("site", "add", house.toml)
    house.ask("migrate")
    return house


@pytest.fixture(scope="session")
def _deployed(_described, tmp_path_factory):
    house = _described.copied(tmp_path_factory.mktemp("deployed") / "house")
    house.ask("learn", "reef", "--history")
    house.ask("deploy", "reef", "--ref", "r1")
    return house


@pytest.fixture
def new_house(_described, tmp_path):
    """The site was added; nothing is learned or deployed."""
    return _described.copied(tmp_path / "house")


@pytest.fixture
def house(_deployed, tmp_path):
    """History is learned, the first release is deployed, the second has come."""
    return _deployed.copied(tmp_path / "house")

"""Options and fixtures that every test may use."""

import pytest
from hypothesis import settings

# A test is never timed: a busy machine is no fault of the product.
settings.register_profile("untimed", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)  # `make check`; `make test` draws five times as many
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    if "not slow" in (config.option.markexpr or ""):
        settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite what golden tests expect; review it with git diff")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))

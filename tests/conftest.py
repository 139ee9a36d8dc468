"""Options and fixtures that every test may use."""

import gc
import os
from collections.abc import Sequence

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.compiled import share_compiled

FEWER = 5  # `make check` draws a fifth of the examples of `make test`
LEAST, MOST = 3, 20
DRAWN = 50  # examples, where a test does not say how many; each run draws others

# A test is never timed: a busy machine is no fault of the product. Failures print what reproduces them.
settings.register_profile("untimed", deadline=None, print_blob=True, max_examples=DRAWN)
settings.register_profile("quick", settings.get_profile("untimed"), max_examples=MOST)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """No setting of this machine reaches the tests, nor the processes that they start."""
    for name in [name for name in os.environ if name.startswith(("TM_SERVICE_", "OTEL_"))]:
        del os.environ[name]
    if _is_quick(config):
        settings.load_profile("quick")
    share_compiled()
    gc.disable()  # until every test is known: twenty thousand of them are looked through again and again, and all are kept


def pytest_collection_finish() -> None:
    """What was collected lives until the end, so no test waits while it is looked through."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("numprocesses", None):
        given = os.environ.get("DATABASE_URL")
        database = "use the PostgreSQL of DATABASE_URL" if given else "start a PostgreSQL"
        terminalreporter.write_line(
            f"Tests that need servers {database} and a Redis of their own, and end what they started."
        )


def _is_quick(config: pytest.Config) -> bool:
    return "not slow" in (config.option.markexpr or "")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """What is tried on PostgreSQL, and the numbers of examples that tests name themselves, are for `make test`."""
    if not _is_quick(config):
        return
    for item in items:
        if "postgresql" in item.name:
            item.add_marker(pytest.mark.slow)
    for test in {item.function for item in items if isinstance(item, pytest.Function)}:
        own = getattr(test, "_hypothesis_internal_use_settings", None)  # hypothesis has no public name for it
        if is_hypothesis_test(test) and own is not None and own is not settings.default:
            fewer = min(own.max_examples, max(LEAST, min(MOST, own.max_examples // FEWER)))
            test._hypothesis_internal_use_settings = settings(own, max_examples=fewer)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite what golden tests expect; review it with git diff")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))

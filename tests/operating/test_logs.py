"""Logs: one line an event, with its ids, without secrets; whatever a message holds, it cannot pass for another line."""

import io
import json
import logging
import subprocess
import sys
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tm_service.telemetry import about, start_logs

CONTROLS = "\n\r\t\x00\x0b\x0c\x1b\x85\u2028\u2029\u202e\u2066\ufeff\ud800"


@pytest.fixture
def lines():
    """Begins a log and gives what reads its lines; the process logs as before in the end."""
    ends = []

    def begun(form="json", level="info", secrets=()):
        stream = io.StringIO()
        ends.append(start_logs("serve", form, level, secrets, stream))
        return lambda: stream.getvalue().removesuffix("\n").split("\n") if stream.getvalue() else []

    yield begun
    for end in reversed(ends):
        end()


def documents(read):
    return [json.loads(line) for line in read()]


def test_a_line_says_when_what_and_what_it_is_about(lines):
    read = lines()
    with about(request="r-1", job="j-1", site="reef", attempt=2):
        logging.getLogger("tm_service.worker").info("job %s is %s", "j-1", "done", extra={"duration_ms": 12.5})
    logging.getLogger("tm_service.worker").warning("outside")
    first, second = documents(read)
    assert first | {"time": ""} == {
        "time": "",
        "level": "info",
        "event": "job j-1 is done",
        "attempt": 2,
        "duration_ms": 12.5,
        "job": "j-1",
        "logger": "tm_service.worker",
        "part": "serve",
        "request": "r-1",
        "site": "reef",
    }
    assert first["time"].endswith("Z")
    assert "T" in first["time"]
    assert (second["event"], "job" in second) == ("outside", False)


@pytest.mark.parametrize(
    "name", ["uvicorn.error", "celery.worker", "sqlalchemy.pool", "alembic.runtime", "py.warnings"]
)
def test_what_libraries_log_goes_the_same_way(lines, name):
    read = lines()
    logging.getLogger(name).warning("%s", "postgresql://ana:kelp9forest@db/store")
    (line,) = documents(read)
    assert (line["logger"], line["event"]) == (name, "postgresql://ana:***@db/store")


def test_warnings_are_lines_too(lines):
    read = lines()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("the harbour is old", stacklevel=1)
    assert "the harbour is old" in documents(read)[0]["event"]


def test_what_is_less_than_the_level_is_left_out(lines):
    read = lines(level="warning")
    logging.getLogger("tm_service.web").info("request")
    assert read() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.text() | st.just(CONTROLS), name=st.text(max_size=20), value=st.text() | st.just(CONTROLS))
def test_no_message_passes_for_another_line(lines, message, name, value):
    for form in ("json", "text"):
        read = lines(form)
        with about(request=value):
            logging.getLogger("tm_service.web").warning("%s", message, extra={f"x{name}": value})
        (line,) = read()
        assert not any(character in line for character in CONTROLS)
        if form == "json":
            assert json.loads(line)["level"] == "warning"


def fall():
    raise RuntimeError("Cookie: a=kelp9forest\n2026-11-22T00:00:00Z info    forged") from ValueError("kelp forest")


def test_a_traceback_stands_inside_its_line_and_tells_no_secret(lines):
    for form in ("json", "text"):
        read = lines(form, secrets=["kelp forest"])
        try:
            fall()
        except RuntimeError:
            logging.getLogger("tm_service.worker").exception("job %s", "j-1")
        text = "\n".join(read())
        assert "kelp" not in text
        assert "RuntimeError" in text
        assert not any(line.startswith("2026-11-22T00:00:00Z info    forged") for line in read())
        assert form == "text" or len(read()) == 1


def test_secrets_are_hidden_in_arguments_in_what_stands_beside_and_when_cut_by_a_format(lines):
    read = lines(secrets=["kelp9forest"])
    log = logging.getLogger("tm_service.web")
    log.warning("%s%s", "kelp9", "forest")
    log.warning(
        "%r", {"password": "x9"}, extra={"token": "x9", "headers": [(b"cookie", b"s=x9")], "args_": ("kelp9forest",)}
    )
    log.warning({"authorization": "x9"})
    text = "\n".join(read())
    assert "kelp9forest" not in text
    assert "x9" not in text


def test_a_line_that_cannot_be_formatted_is_told_without_its_arguments(lines, capsys):
    read = lines()
    logging.getLogger("tm_service.web").warning("%d", "kelp9forest")
    said = capsys.readouterr().err
    assert read() == []
    assert json.loads(said)["event"] == "a line could not be logged"
    assert "kelp9" not in said


def test_a_message_of_a_megabyte_is_cut(lines):
    read = lines()
    logging.getLogger("tm_service.web").warning("x" * 1_000_000)
    assert len(read()[0]) < 21_000


def test_help_loads_no_log_and_no_traces():
    code = (
        "import sys; from tm_service.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"structlog", "opentelemetry", "prometheus_client", "sqlalchemy"} & set(done.stderr.split("'"))

import signal
import socket
import subprocess
import sys

import httpx
import pytest

from tm_service.domain.errors import ConfigurationError
from tm_service.web.server import run

SERVE = """
import sys
from pathlib import Path
from tm_service.bootstrap import open_service
from tm_service.settings import read_settings
from tm_service.web.server import run
run(open_service(read_settings(Path(sys.argv[1]), {})), port=0, ready=lambda address: print(address, flush=True))
print("returned")
"""


def test_a_taken_port_is_said_before_anything_starts(service):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"^Port {port} is taken; choose another with --port.$"):
            run(service, port=port, ready=pytest.fail)


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("192.0.2.1", 0, "192.0.2.1 is no address of this machine; choose another with --host."),
        ("no host", 0, "no host, port 0, is no address; choose others with --host and --port."),
        ("127.0.0.1", 70000, "There is no port 70000; choose one up to 65535 with --port."),
    ],
)
def test_an_address_that_cannot_be_had_is_said_in_words(service, host, port, said):
    with pytest.raises(ConfigurationError) as refused:
        run(service, host, port, ready=pytest.fail)
    assert str(refused.value).startswith(said)


@pytest.mark.slow
def test_it_serves_until_ctrl_c_and_returns_without_a_word(tmp_path):
    command = [sys.executable, "-c", SERVE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            response = httpx.get(f"{address}health/live")
            assert response.json() == {"status": "ok"}
            assert "server" not in response.headers
        finally:
            process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30) == ("returned\n", "")
    assert process.returncode == 0

"""Operating files: what systemd and containers start is really started here, and what the files say is understood."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from tests.cli.houses import SCRIPT, House, build
from tests.processes import PATIENCE, free_port, until
from tm_service.operating import files, write_files
from tm_service.setting_names import VARIABLES

UNITS = sorted(name for name in files() if name.endswith((".service", ".timer")))
SERVICES = [name for name in UNITS if name.endswith(".service")]
BINARY = "/opt/tm-service/bin/tm-service"
KNOWN = {one.name for one in VARIABLES} | {f"{one.name}_FILE" for one in VARIABLES if one.secret}
WEAKEST = 20  # of 100, as `systemd-analyze security` counts exposure
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


def compose():
    return YAML(typ="safe").load(files()["compose.yaml"])


def unit(name):
    """The lines of a unit, a list for each key."""
    found: dict[str, list[str]] = {}
    for line in files()[name].splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def interpolated(value, **here: str):
    """As Compose puts variables in: ${NAME:-usual}."""
    if isinstance(value, dict):
        return {name: interpolated(one, **here) for name, one in value.items()}
    if isinstance(value, list):
        return [interpolated(one, **here) for one in value]
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: here.get(found[1], found[2]), value)
    return value


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "house")
    build(house.site)
    return house


@pytest.fixture
def secrets(tmp_path, redis):
    """A folder of secrets, one a file, as systemd and containers hand them over."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    said = {"database": f"sqlite:///{tmp_path / 'store.sqlite'}", "broker": redis.url, "metrics": "tell-me-how-it-goes"}
    for name, text in said.items():
        (folder / name).write_text(text, "utf-8")
        (folder / name).chmod(0o400)
    return folder


def ended(process, code=0):
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == code


def comes_up(command, environment, folder, is_up):
    """A process that is started, comes up, and ends with 0 when it is told to."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            log_of = partial((folder / "log").read_text, "utf-8")
            until(lambda: process.poll() is not None or is_up(folder / "log"), log_of)
            assert process.poll() is None, log_of()
            ended(process)
        finally:
            process.kill()
            process.wait()
    return (folder / "log").read_text("utf-8")


def is_ready(port):
    def ask(_log):
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    return ask


def says(words):
    return lambda log: words in log.read_text("utf-8")


UP = {"worker": says("the worker hears of jobs"), "schedule": says("the schedule tells workers what is due")}


def test_they_are_written_out_once_and_what_is_there_stays(tmp_path):
    house = House(tmp_path)
    made = house.ask("operating", "files", tmp_path / "files")
    assert sorted(made["written"]) == sorted(files())
    assert (tmp_path / "files/compose.yaml").read_text("utf-8") == files()["compose.yaml"]
    (tmp_path / "files/compose.yaml").write_text("services: {}", "utf-8")
    again = house.ask("operating", "files", tmp_path / "files", code=1)
    assert again == {"written": [], "different": ["compose.yaml"]}
    assert (tmp_path / "files/compose.yaml").read_text("utf-8") == "services: {}"


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    assert House(tmp_path).run("operating", "files", tmp_path / "file").code == 2


@pytest.mark.parametrize("name", sorted(files()))
def test_every_variable_they_name_is_one_that_the_house_knows(name):
    named = set(re.findall(r"\bTM_SERVICE_[A-Z_]*[A-Z]\b", files()[name]))
    assert named <= KNOWN


@pytest.mark.parametrize("name", sorted(files()))
def test_they_name_no_registry(name):
    for image in re.findall(r"(?:image:|IMAGE=|FROM|:-)\s*([\w./:@${}-]+)", files()[name]):
        first, slash, _ = image.partition("/")
        assert not (slash and ("." in first or ":" in first) and "$" not in first), image
    assert not re.search(r"https?://(?!127\.0\.0\.1)", files()[name])


def test_compose_is_as_its_specification_says():
    place = Path(find_spec("check_jsonschema").origin).parent / "builtin_schemas/vendor/compose-spec.json"
    schema = json.loads(place.read_text("utf-8"))
    mistakes = [error.message for error in Draft7Validator(schema).iter_errors(interpolated(compose()))]
    assert mistakes == []


def test_in_compose_nothing_may_do_more_than_it_must():
    services = interpolated(compose())["services"]
    assert set(services) == {"serve", "worker", "schedule", "database", "broker"}
    for name, one in services.items():
        assert one["read_only"], name
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert not any(port for port in one.get("ports", ()) if not port.startswith("127.0.0.1:")), name
        if name in ("serve", "worker", "schedule"):
            assert one["user"].split(":")[0] not in ("", "0", "root")
            assert "cap_add" not in one
    assert compose()["networks"]["inside"]["internal"]
    assert services["database"]["networks"] == services["broker"]["networks"] == ["inside"]


def test_what_compose_gives_a_service_to_end_is_longer_than_it_takes():
    for one in interpolated(compose())["services"].values():
        given = one.get("environment", {})
        needed = sum(int(given.get(f"TM_SERVICE_{name}", 0)) for name in ("DRAIN", "GRACE"))
        assert int(one.get("stop_grace_period", "10s").removesuffix("s")) > needed


@pytest.mark.slow
@pytest.mark.parametrize("name", ["serve", "worker", "schedule"])
def test_what_compose_starts_comes_up_and_ends(house, secrets, redis, name):
    """Its command behind the image's entry point, with its environment; only the places are this machine's."""
    port = str(free_port())
    service = interpolated(compose(), TM_LOG_LEVEL="info")["services"][name]
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", files()["Containerfile"], re.MULTILINE)
    assert json.loads(entry) == ["tm-service"]
    words = [port if word == "8000" else "127.0.0.1" if word == "0.0.0.0" else word for word in service["command"]]  # noqa: S104
    said = {name: value.replace("/run/secrets", str(secrets)) for name, value in service["environment"].items()}
    said |= {"TM_SERVICE_HOME": str(house.home), "TM_SERVICE_BROKER": redis.url, "TM_SERVICE_DRAIN": "1"}
    environment = {**os.environ, **said}
    check = service.get("healthcheck", {}).get("test", [])

    def is_well(_log):
        asked = [word.replace("8000", port) for word in check[1:]]
        return subprocess.run([sys.executable, *asked[1:]], capture_output=True, check=False).returncode == 0

    log = comes_up([str(SCRIPT), *words], environment, house.root, is_well if check else UP[name])
    assert "Traceback" not in log


def test_the_container_runs_as_nobody_in_particular():
    text = files()["Containerfile"]
    (user,) = re.findall(r"^USER (\d+):\d+$", text, re.MULTILINE)
    assert user == interpolated(compose())["services"]["serve"]["user"].split(":")[0] != "0"
    sources = re.findall(r"^COPY (?!--from)(.+) /\S+$", text, re.MULTILINE)
    missing = [name for line in sources for name in line.split() if not (Path(__file__).parents[2] / name).exists()]
    assert missing == []


def test_the_image_has_every_package_that_the_house_may_load():
    lock = (Path(__file__).parents[2] / "requirements/image.lock").read_text("utf-8")
    for name in ("celery", "psycopg", "redis", "structlog", "opentelemetry-sdk", "uvicorn", "hatchling", "cython"):
        assert re.search(rf"^{name}(\[\w+\])?==", lock, re.MULTILINE), name
    assert "--hash=sha256:" in lock
    assert not re.search(r"^(--(extra-)?index-url|-i) ", lock, re.MULTILINE)


@needs_systemd
@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_a_unit(tmp_path, name):
    write_files(tmp_path)
    for file in tmp_path.iterdir():
        file.write_text(file.read_text("utf-8").replace(BINARY, "/bin/true"), "utf-8")
    asked = tmp_path / name.replace("@.", "@1.")
    if "@" in name:
        shutil.copy(tmp_path / name, asked)
    done = subprocess.run(["systemd-analyze", "verify", str(asked)], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "tm-service" in line] == []


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_systemd_counts_little_that_a_service_is_exposed_to(tmp_path, name):
    write_files(tmp_path)
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={WEAKEST}", str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-600:] + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_longer_to_end_than_it_takes(name):
    given = dict(one.split("=", 1) for one in unit(name)["Environment"])
    needed = sum(int(given.get(f"TM_SERVICE_{part}", 0)) for part in ("DRAIN", "GRACE"))
    if "TimeoutStopSec" in unit(name):
        assert int(unit(name)["TimeoutStopSec"][0]) > needed


def environment_of(name, house, secrets, **more: str):
    """What systemd puts into a unit's environment, with this machine's places."""
    given = dict(one.split("=", 1) for one in unit(name)["Environment"])
    assert [one.split(":")[0] for one in unit(name)["LoadCredential"]] == ["database", "broker"]
    placed = {
        key: value.replace("%S/tm-service", str(house.home)).replace("%d", str(secrets)) for key, value in given.items()
    }
    return {**os.environ, **placed, "CREDENTIALS_DIRECTORY": str(secrets), "TM_SERVICE_DRAIN": "1", **more}


def words_of(line, environment):
    """A command line as systemd reads it."""
    line = line.replace("%%", "%")
    line = re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], line)
    return [word.replace(BINARY, str(SCRIPT)) for word in shlex.split(line)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tm-service.service", "tm-service-worker@.service", "tm-service-schedule.service"])
def test_what_systemd_starts_comes_up_and_ends(house, secrets, name):
    environment, port = environment_of(name, house, secrets), str(free_port())
    (line,) = unit(name)["ExecStart"]
    command = [port if word == "8000" else word for word in words_of(line, environment)]
    up = is_ready(port) if "serve" in command else UP[command[1]]
    assert "Traceback" not in comes_up(command, environment, house.root, up)


@pytest.mark.slow
def test_the_nightly_backup_is_one_that_can_be_restored(house, secrets, tmp_path):
    kept = tmp_path / "backups"
    kept.mkdir()
    old = kept / "2026-01-01T021500Z.backup"
    old.write_bytes(b"old")
    os.utime(old, (0, 0))
    (kept / ".backup-killed").mkdir()
    (kept / ".backup-killed/archive").write_bytes(b"keys")
    os.utime(kept / ".backup-killed", (0, 0))
    (kept / ".backup-writing").mkdir()
    (house.home / "keys").mkdir(parents=True)
    (house.home / "keys/waivers.key").write_bytes(b"k" * 32)
    name = "tm-service-backup.service"
    environment = environment_of(name, house, secrets, LOGS_DIRECTORY=str(kept))
    for line in (line for key in ("ExecStartPre", "ExecStart", "ExecStartPost") for line in unit(name)[key]):
        done = subprocess.run(words_of(line, environment), env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    writing, made = sorted(kept.iterdir())
    assert writing.name == ".backup-writing"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z\.backup", made.name)
    assert house.ask("restore", made, "--check")["keys"] is True

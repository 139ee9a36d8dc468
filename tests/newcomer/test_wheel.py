"""The wheel has every file that the house needs, and serves from where there is no repository.

`tests/newcomer/bare_debian`, as root, does the whole of it on a bare Debian, from a fresh clone.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.newcomer.visit import Visit
from tests.processes import until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PACKAGES = ("tm_service", "extractors", "memory", "connectors", "locales")
MADE = ("__pycache__", "kernel*.so", "kernel*.pyd", "kernel.cpp")  # by running, or by a compiler
START = "import sys; from tm_service.cli import main; main(sys.argv[1:])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built of a copy, without a compiler, by what `make wheel` builds with."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns(*MADE))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copyfile(ROOT / name, source / name)
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    around = {**os.environ, "CC": "/bin/false", "CXX": "/bin/false"}
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=source, check=True, capture_output=True, env=around)
    [made] = folder.glob("*.whl")
    return source, made


def test_the_wheel_has_every_file_of_the_packages(wheel):
    source, made = wheel
    with zipfile.ZipFile(made) as archive:
        there = set(archive.namelist())
    files = [path for one in PACKAGES for path in (source / one).rglob("*") if path.is_file()]
    wanted = {path.relative_to(source).as_posix() for path in files if path.suffix != ".pyc"}
    assert wanted - there == set()
    assert {name.partition("/")[0] for name in there if ".dist-info/" not in name} == set(PACKAGES)


def test_the_wheel_serves_pages_and_files_from_an_empty_home(wheel, tmp_path):
    source, made = wheel
    place = tmp_path / "installed"
    with zipfile.ZipFile(made) as archive:
        archive.extractall(place)
    around = {**os.environ, "PYTHONPATH": str(place), "TM_SERVICE_HOME": str(tmp_path / "home")}
    said = subprocess.run([sys.executable, "-c", "import tm_service; print(tm_service.__file__)"],
                          cwd=tmp_path, env=around, capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert said.startswith(str(place)), said
    log = tmp_path / "log"
    words = [sys.executable, "-c", START, "serve", "--port", "0", "--json"]
    with log.open("wb") as stream:
        process = subprocess.Popen(words, cwd=tmp_path, env=around, stdout=stream, stderr=stream)
    try:
        until(
            lambda: process.poll() is not None or '"served"' in log.read_text("utf-8"), lambda: log.read_text("utf-8")
        )
        assert process.poll() is None, log.read_text("utf-8")
        address = next(line for line in log.read_text("utf-8").splitlines() if '"served"' in line).split('"')[3]
        visit = Visit(address)
        visit.speaks()
        visit.follow()
        static = source / "tm_service/web/static"
        visit.has([path.relative_to(static).as_posix() for path in static.rglob("*") if path.is_file()])
    finally:
        process.terminate()
        process.wait()
    assert all(visit.files.values())

"""The README says what is true: its commands exist, its settings are accepted, its targets are in the Makefile."""

import re
from pathlib import Path

import click
import pytest

from tm_service.bootstrap import open_service
from tm_service.cli import main
from tm_service.settings import read_settings
from tm_service.sites_file import read_sites
from tm_service.web.api.description import functions
from tm_service.web.app import make_app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def _commands(group=main, before=""):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _table_of_commands():
    part = README.split("## Commands")[1].split("\n## ")[0]
    return "\n".join(line for line in part.splitlines() if line.startswith("| `"))


def test_its_sites_toml_is_accepted(tmp_path):
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    file = tmp_path / "sites.toml"
    file.write_text(block, "utf-8")
    sites = read_sites(file)
    assert sites["absch"].locales == ("ar", "es", "fr", "ru", "zh")
    assert sites["absch"].code("ar") == "ar-SA"


@pytest.mark.parametrize("name", [name for name, _ in _commands()])
def test_every_command_is_in_its_table(name):
    assert re.search(rf"`{name}\b", _table_of_commands())


@pytest.mark.parametrize("line", re.findall(r"tm-service ([a-z][^`\n#]*)", README))
def test_every_command_it_shows_exists(line):
    words = line.split()
    known = dict(_commands())
    name = next((name for name in (" ".join(words[:2]), words[0]) if name in known), None)
    assert name, line
    options = {option for parameter in known[name].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    service = open_service(read_settings(tmp_path_factory.mktemp("house"), {}))
    yield list(functions(make_app(service)))
    service.store.close()


@pytest.mark.parametrize("line", re.findall(r"^curl .*", README, re.MULTILINE))
def test_every_call_it_shows_is_answered(line, calls):
    command = line.partition(" #")[0]
    path = re.search(r"\$HOUSE(/api/v1/[^\s?\"]+)", command)[1]
    method = "POST" if "--json" in command or "--data" in command else "GET"
    assert any(call.path_regex.fullmatch(path) and method in call.methods for call in calls)
    assert "?" not in re.sub(r'"[^"]*"', "", command), "a shell reads it as a pattern"
    assert {name for name in ("HOUSE", "TOKEN") if not re.search(rf"^.*\b{name}=\S", README, re.MULTILINE)} == set()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b", README))))
def test_every_make_target_it_names_exists(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

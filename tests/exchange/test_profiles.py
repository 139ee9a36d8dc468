"""Profiles are data: each is complete, and each switch has its reason."""

import tomllib
from dataclasses import fields
from importlib.resources import files

import pytest

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.handoffs import Profile
from tm_service.exchange.profiles import profile, profiles

TEXT = files("tm_service.exchange").joinpath("profiles.toml").read_text("utf-8")
MODULES = {"fs", "gls", "mda", "mtc", "slr", "val"}
WORDS = {
    "layout": {"bundle", "omegat"},
    "new_target": {"empty", "source", "none"},
    "notes": {"each", "one"},
    "xliff2": {"", "2.0", "2.1"},
}


def test_there_is_a_profile_for_every_tool():
    assert list(profiles()) == ["generic", "trados", "memoq", "phrase", "omegat"]


def test_the_file_says_nothing_that_a_profile_does_not_know():
    known = {field.name for field in fields(Profile)} - {"name"}
    content = tomllib.loads(TEXT)
    assert set(content["all"]) == known
    assert all(set(table) <= known for table in content.values())


@pytest.mark.parametrize("name", profiles())
def test_every_switch_has_a_value_it_can_have(name):
    made = profile(name)
    assert all(getattr(made, switch) in words for switch, words in WORDS.items())
    assert all(
        isinstance(getattr(made, switch), bool) for switch in ("regions", "states", "matches_in_file", "page_groups")
    )
    assert made.modules <= MODULES
    assert made.extension == "xlf"
    assert bool(made.modules) == (made.xliff2 == "2.1")


def test_every_switch_has_its_reason_beside_it():
    switches = [line for line in TEXT.splitlines() if " = " in line and not line.startswith("#")]
    assert switches
    assert all(len(line.partition("  # ")[2].split()) >= 2 for line in switches)


def test_a_profile_there_is_not_is_said():
    with pytest.raises(ConfigurationError, match="There is no profile 'notepad'; there are generic, trados"):
        profile("notepad")

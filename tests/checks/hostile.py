"""Hostile: texts put together from bricks, checks called by name, and work counted in calls and not by the clock."""

import sys
from importlib import import_module

from hypothesis import strategies as st

from tm_service.domain.pairs import Pair

LOCALES = st.sampled_from(["ar", "es", "fr", "ru", "zh-Hans", "zh_TW", "pt_BR", "", "x"])


def checks(*names: str):
    return {name: getattr(import_module(f"tm_service.checks.{name}"), name) for name in names}


def built(bricks):
    """Any texts of a few bricks and anything else."""
    return st.lists(st.one_of(st.sampled_from(bricks), st.text(max_size=4)), max_size=12).map("".join)


def calls(find, pair):
    """How many functions are called, those of the library with them; tables are read before."""
    count = 0

    def counted(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    list(find(Pair("warm", "warm", pair.locale, terms=pair.terms)))
    sys.setprofile(counted)
    try:
        list(find(pair))
    finally:
        sys.setprofile(None)
    return count


def assert_said_well(finding, name, target):
    """The answer of a check: under its name, on one line, about a place of the target."""
    assert finding.check == name
    start, end = finding.place or (0, 0)
    assert 0 <= start <= end <= len(target)
    assert len(finding.message.splitlines()) == 1
    finding.message.encode("utf-8")

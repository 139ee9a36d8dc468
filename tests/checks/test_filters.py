"""Filters that spare work: a quick look says that there is nothing to find, and without it nothing more is found."""

import re
from importlib import import_module
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.hostile import LOCALES, built, checks
from tm_service.checks import HouseChecks
from tm_service.checks.repair.rewriting import lack
from tm_service.domain.pairs import Pair

ALWAYS = re.compile("")
FILTERS = [
    ("characters", "_ODD", ALWAYS),
    ("links", "_MAYBE", ALWAYS),
    ("meaning", "_may_ask", lambda *_: True),
    ("punctuation", "_paired", lambda: ALWAYS),
    ("script", "_third", lambda _: ALWAYS),
]
BRICKS = [
    "The office ", "not ", "must ", "may ", "or not ", "only ", "at least ", "ne pas ", "без ", "не ", "لا ", "不", "种子",
    "семена ", "البذور ", "σπόρος ", "graines ", "à l’heure ", "seeds", ". ", ".", ",", "www.", "http://", "a@b.org ",
    "seeds.org/", "(", ")", "«", "»", '"', "“", "„", "\u200b", "\u200e", "\u202e", "\u202c", "ﻫﻫ", "ﬁ", "Ã©", "\ufffd",
    "\u00ad", "1", " ",
]  # fmt: skip
TEXTS = built(BRICKS)


@pytest.mark.parametrize(("name", "filtered", "instead"), FILTERS)
def test_a_filter_loses_nothing(name, filtered, instead):
    find = checks(name)[name]
    module = import_module(f"tm_service.checks.{name}")

    @given(TEXTS, TEXTS, LOCALES)
    def same(source, target, locale):
        pair = Pair(source, target, locale)
        quick = list(find(pair))
        with patch.object(module, filtered, instead):
            assert list(find(pair)) == quick

    same()


CODES = built(
    ["<b>", "</b>", "<br>", "{n}", "{ n }", "&amp;", "&amp;amp;", "@:a.b", "@:a.ü", " | ", "Seeds ", "грядки "]
)


@given(st.one_of(CODES.map(lambda text: (text, text)), st.tuples(CODES, CODES)), LOCALES)
def test_codes_that_are_all_there_need_no_comparison(texts, locale):
    pair = Pair(*texts, locale)
    lack.cache_clear()
    quick = HouseChecks().repair(pair), lack(*texts, locale, "en")
    lack.cache_clear()
    with patch("tm_service.checks.repair.rewriting._is_whole", lambda *_: False):
        assert (HouseChecks().repair(pair), lack(*texts, locale, "en")) == quick
    lack.cache_clear()

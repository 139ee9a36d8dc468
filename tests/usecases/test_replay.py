"""Replay: a tiny history whose numbers are computed by hand, day by day."""

from datetime import UTC, datetime, timedelta
from hashlib import md5

import pytest

from tm_service.domain.errors import ConfigurationError, NotFound

A, B = "text/home.json", "text/sow.json"
START = datetime(2025, 3, 1, 12, tzinfo=UTC)


def at(days):
    return START + timedelta(days=days)


def hashed(values, sources):
    hashes = {key: md5(sources[key].encode(), usedforsecurity=False).hexdigest() for key in values}
    return values | {"#meta": {"algorithm": "md5", "hashes": hashes}}


@pytest.fixture
def history(house):
    """Three releases: 10 days, 20 days, and 30 days until today.

    v1: two strings, `lead` delivered, `hint` not. The site shows 1 of 2 in French, and so would the service.
    v2: `lead` says another number, `hint` is copied into another file under another key, and a link comes. The site
    shows no string of 4 (a link has no French); the service serves `lead` dated, `hint` and its copy not at all.
    v3: `hint` is delivered with its hash, and the file of `lead` is renamed. The site shows `hint` alone of 4 strings;
    the service serves `lead` dated, `hint` current and its copy from memory: nothing in English.
    """
    one = {"lead": "Wait 30 days", "hint": "Water the plants"}
    house.write({A: one, f"i18n/fr/{A}": hashed({"lead": "Attendez 30 jours"}, one)}, at=at(0))
    house.repository.tag("v1")
    two = {"lead": "Wait 60 days", "hint": "Water the plants"}
    house.write({A: two, B: {"copy": "Water the plants", "link": "#/sow"}}, at=at(10))
    house.repository.tag("v2")
    house.write(
        {
            A: None,
            "text/moved.json": two,
            "i18n/fr/text/moved.json": hashed({"hint": "Arrosez"}, two),
            f"i18n/fr/{A}": None,
        },
        at=at(30),
    )
    house.repository.tag("v3")
    house.write({"README": "the day it is looked at"}, at=at(60))
    return house


def test_string_days_are_counted_as_readers_lived_them(history):
    found = history.service.replay(history.name, tags="v*")
    assert (found.releases, found.stopped) == (3, {})
    french, arabic = found.locales["fr"], found.locales["ar"]
    assert french.string_days == 2 * 10 + 4 * 20 + 4 * 30
    assert french.unit_days == 2 * 10 + 3 * 20 + 3 * 30
    assert french.english_seen == 1 * 10 + 4 * 20 + 3 * 30
    assert french.english_served == 1 * 10 + 2 * 20 + 0 * 30
    assert arabic.english_seen == arabic.string_days
    assert arabic.english_served == arabic.unit_days
    assert (french.reverts, arabic.reverts) == (0, 0)
    assert (french.from_memory, french.moved, dict(french.edits)) == (1, 2, {"number": 1})
    assert (arabic.from_memory, arabic.moved) == (0, 0)
    first = next(row for row in found.rows if row["tag"] == "v1" and row["locale"] == "fr")
    assert (first["date"], first["days"], first["strings"], first["english_seen"]) == ("2025-03-01", 10.0, 2, 1)


def test_a_replay_leaves_the_house_as_it_was(history):
    dump = history.dump()
    history.service.replay(history.name)
    assert history.dump() == dump


def test_dates_may_come_from_a_list_of_deployments(history, tmp_path):
    listed = tmp_path / "deployments.csv"
    listed.write_text("tag,deployed_at\nv1,2025-03-01T12:00:00\nv3,2025-04-20T12:00:00+00:00\ngone,2025-04-21\n")
    found = history.service.replay(history.name, deployments=listed)
    assert found.releases == 2
    assert found.locales["fr"].string_days == 2 * 50 + 4 * 10


def test_what_readers_saw_may_come_from_a_list(history, tmp_path):
    seen = tmp_path / "seen.csv"
    seen.write_text("tag,lang,days,in_english\nv2,fr,7,3\n")
    found = history.service.replay(history.name, seen=seen)
    assert found.locales["fr"].english_seen == 1 * 10 + 3 * 7 + 3 * 30
    assert found.locales["ar"].english_seen == 2 * 10 + 4 * 20 + 4 * 30


def test_a_gate_stops_a_release_and_readers_keep_the_one_before(house):
    house.write({A: {"lead": "Hello {name}"}, f"i18n/fr/{A}": {"lead": "Bonjour {name}"}}, at=at(0))
    house.repository.tag("v1")
    house.write({A: {"lead": "Hello"}}, at=at(10))
    house.repository.tag("v2")
    house.write({"README": "today"}, at=at(20))
    found = house.service.replay(house.name)
    assert list(found.stopped) == ["v2"]
    assert "The gate is closed" in found.stopped["v2"]
    assert (found.locales["fr"].english_served, found.locales["fr"].reverts) == (0, 0)


def test_until_something_is_deployed_readers_have_english(house):
    french = hashed({"lead": "Bonjour {nom}"}, {"lead": "Hello {nom}"})
    house.write({A: {"lead": "Hello"}, f"i18n/fr/{A}": french}, at=at(1))
    house.repository.tag("v1")
    house.write({"README": "today"}, at=at(11))
    found = house.service.replay(house.name)
    assert list(found.stopped) == ["v1"]
    assert found.locales["fr"].english_served == found.locales["fr"].string_days == 10


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("tag\nv1\n", "has no column deployed_at"),
        ("tag,deployed_at\nv1,yesterday\n", "line 2: `deployed_at` is 'yesterday'"),
    ],
)
def test_a_list_that_cannot_be_used_is_named_with_its_line(history, tmp_path, content, sentence):
    listed = tmp_path / "deployments.csv"
    listed.write_text(content)
    with pytest.raises(ConfigurationError, match=sentence):
        history.service.replay(history.name, deployments=listed)


def test_a_list_of_what_was_seen_needs_numbers(history, tmp_path):
    seen = tmp_path / "seen.csv"
    seen.write_text("tag,lang,days,in_english\nv2,fr,many,3\n")
    with pytest.raises(ConfigurationError, match="line 2: `days` and `in_english` must be numbers"):
        history.service.replay(history.name, seen=seen)
    with pytest.raises(ConfigurationError, match="cannot be read as CSV"):
        history.service.replay(history.name, seen=tmp_path / "none.csv")


def test_a_history_without_releases_says_how_to_name_them(history):
    with pytest.raises(NotFound, match="No tag matches x\\*; name the release tags"):
        history.service.replay(history.name, tags="x*")

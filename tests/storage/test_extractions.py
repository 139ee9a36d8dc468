"""Extractions: what was kept is what was taken apart; whatever is wrong with the file, nothing but time is lost."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.findings import Severity, found
from tm_service.domain.ports import ExtractionId
from tm_service.domain.units import About, Document, Resource, Unit
from tm_service.storage.extractions import SqliteExtractions

ID = ExtractionId("texts/a.json", "blob1", "json", "", "en")
TEXTS = st.text(max_size=8)
ABOUTS = st.builds(About, TEXTS, st.integers(0, 99), TEXTS, st.booleans(), st.booleans())
UNITS = st.builds(Unit, st.just(ID.path), st.lists(TEXTS, min_size=1, max_size=3).map(tuple), TEXTS, ABOUTS)
FINDING = replace(found("edges", Severity.NOTE, "“{text}” begins with a space.", place=(0, 1), text=" a"), path=ID.path)


def resource(*sources: str) -> Resource:
    units = tuple(Unit(ID.path, (str(place),), source) for place, source in enumerate(sources))
    return Resource(Document(ID.path, b"{}"), units, (FINDING,), "json i18next")


@pytest.fixture
def kept(tmp_path):
    return SqliteExtractions(tmp_path / "cache" / "extractions.sqlite", "1")


def filled(kept):
    kept.put(ID, resource("A seed", "12"))
    kept.flush()
    return kept


@given(st.lists(UNITS, max_size=4).map(tuple))
def test_what_is_kept_is_what_was_taken_apart(tmp_path_factory, units):
    kept = SqliteExtractions(tmp_path_factory.mktemp("cache") / "x.sqlite", "1")
    made = Resource(Document(ID.path, b"..."), units, (FINDING,), "po")
    kept.put(ID, made)
    kept.flush()
    (back,) = kept.get([ID]).values()
    assert replace(back, document=made.document) == made
    assert kept.counts([ID]) == {ID: len(made.units)}


def test_only_units_are_counted(kept):
    assert filled(kept).counts([ID]) == {ID: 1}


@pytest.mark.parametrize("name", ID._fields)
def test_another_file_blob_format_or_language_is_another_thing(kept, name):
    other = ID._replace(**{name: "other"})
    assert filled(kept).get([other]) == {}
    assert kept.counts([ID, other]) == {ID: 1}


def test_what_other_extractors_made_is_not_seen(kept, tmp_path):
    filled(kept)
    assert SqliteExtractions(tmp_path / "cache" / "extractions.sqlite", "2").get([ID]) == {}


def test_many_files_are_asked_for_at_once(kept):
    ids = [ID._replace(path=f"texts/{number}.json") for number in range(1_500)]
    for one in ids:
        kept.put(one, resource(one.path))
    kept.flush()
    assert set(kept.get(ids)) == set(ids)
    assert kept.counts([]) == {}


def test_a_file_that_is_broken_is_left_aside(kept, tmp_path):
    filled(kept)
    (tmp_path / "cache" / "extractions.sqlite").write_bytes(b"no database" * 100)
    assert kept.get([ID]) == {}
    assert kept.counts([ID]) == {}
    filled(kept)


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path):
    (tmp_path / "cache").write_text("a file where a folder should be")
    kept = filled(SqliteExtractions(tmp_path / "cache" / "x.sqlite", "1"))
    assert kept.get([ID]) == {}


def test_several_processes_write_at_once(tmp_path):
    def write(number: int) -> None:
        one = SqliteExtractions(tmp_path / "x.sqlite", "1")
        for place in range(20):
            one.put(ID._replace(path=f"{number}/{place}"), resource("A seed"))
            one.flush()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [ID._replace(path=f"{number}/{place}") for number in range(4) for place in range(20)]
    assert set(SqliteExtractions(tmp_path / "x.sqlite", "1").get(ids)) == set(ids)

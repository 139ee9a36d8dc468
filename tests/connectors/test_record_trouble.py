"""A record site beside a store that fails, forgets or says nonsense: nothing is lost, and a person is told."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors import record_sync
from connectors.mirror_index import read_index, write_index
from connectors.record_sync import Caution
from tests.connectors.record_fakes import (
    TITLES,
    MemoryStore,
    article,
    article_ref,
    documents,
    head,
    record,
    record_ref,
    settle,
)
from tm_service.domain.articles import path_of
from tm_service.domain.errors import ConnectorError
from tm_service.domain.records import RecordRef


def test_a_document_that_cannot_be_settled_is_a_finding_and_stays_as_it_was(store, open_records):
    is_broken = [False]

    def moody(before, read):
        if is_broken[0] and read.ref == record_ref(2):
            raise ValueError("its title is no text")
        return settle(before, read)

    site = open_records(store, moody)
    site.refresh()
    was = documents(site)[path_of(record_ref(2))]
    is_broken[0] = True
    store.save(record_ref(2), record(2, title=TITLES | {"en": "Another"}))
    store.save(record_ref(3), record(3, title=TITLES | {"en": "A third"}))
    for _ in range(2):  # and again, when nothing else changed
        site.refresh()
        (finding,) = site.findings()
        assert finding.path == path_of(record_ref(2))
        assert "its title is no text; it stays as it was" in finding.message
    assert documents(site)[path_of(record_ref(2))] == was
    assert documents(site)[path_of(record_ref(3))].document["title"]["en"] == "A third"
    is_broken[0] = False
    site.refresh()
    assert documents(site)[path_of(record_ref(2))].document["title"]["en"] == "Another"
    assert site.findings() == ()


def test_an_error_that_may_repeat_the_document_is_named_by_its_kind_alone(store, open_records):
    def broken(before, read):
        raise KeyError(read.document["title"]["en"])

    site = open_records(store, broken)
    site.refresh()
    assert {"KeyError" in finding.message and "garden" not in finding.message for finding in site.findings()} == {True}
    assert len(site.findings()) == len(store.documents)


def _down(_doing):
    raise ConnectorError("The record store garden.example failed at listing articles.")


def test_the_first_sync_that_fails_is_an_error(store, open_records):
    store.failing = _down
    with pytest.raises(ConnectorError, match="failed at listing articles"):
        open_records(store).refresh()


def test_a_later_sync_that_fails_goes_on_with_what_there_is(site, store):
    there = documents(site)
    store.failing = _down
    site.refresh()
    (finding,) = site.findings()
    assert "failed at listing articles. The site goes on with what it has of 2026-03-02" in finding.message
    assert documents(site) == there


def test_a_first_sync_that_broke_off_is_still_the_first(store, open_records, monkeypatch):
    """Half a copy would look as if the other half had been deleted."""
    monkeypatch.setattr(record_sync, "BATCH", 2)
    _fail_at(store, "read", 4)
    site = open_records(store)
    for _ in range(2):
        with pytest.raises(ConnectorError):
            site.refresh()
        store.failing = _down
    store.failing = lambda _doing: None


def test_a_sync_that_broke_off_goes_on_where_it_was(store, open_records, monkeypatch):
    monkeypatch.setattr(record_sync, "BATCH", 2)
    _fail_at(store, "read", 4)
    with pytest.raises(ConnectorError):
        open_records(store).refresh()
    store.failing = lambda _doing: None
    had = list(store.reads)
    again = open_records(store)
    again.refresh()
    assert set(documents(again)) == {path_of(ref) for ref in store.documents}
    assert store.reads[len(had) :] != had
    assert not set(had[:2]) & set(store.reads[len(had) :])


def _fail_at(store, doing, number):
    asked = []

    def failing(done):
        asked.append(done)
        if asked.count(doing) == number and done == doing:
            raise ConnectorError("The record store garden.example failed.")

    store.failing = failing


def test_a_store_that_lost_more_than_half_is_not_believed(open_records):
    store = MemoryStore()
    for number in range(40):
        store.save(record_ref(number), record(number))
    site = open_records(store)
    site.refresh()
    kept, store.documents = store.documents, {}
    site.refresh()
    (finding,) = site.findings()
    assert "lists 0 of the 40 documents it had; none is taken out" in finding.message
    assert len(documents(site)) == 40
    store.documents = kept
    site.refresh()
    assert site.findings() == ()


def test_a_great_loss_may_be_allowed(tmp_path, open_records):
    store = MemoryStore()
    for number in range(40):
        store.save(record_ref(number), record(number))
    open_records(store).refresh()
    store.documents.clear()
    allowing = open_records(store, caution=Caution(largest_loss=1))
    allowing.refresh()
    assert documents(allowing) == {}


def test_a_name_that_could_leave_its_folder_is_left_out(site, store):
    for name in ("../../etc/passwd", "a/b", "", "x" * 300, "a\nb"):
        store.save(RecordRef("database", name), record(1))
    store.save(RecordRef("../up", "database-00000009"), record(9))
    before = head(site)
    site.refresh()
    assert head(site) == before
    assert len(site.findings()) == 6
    assert all("is left out" in finding.message and "\n" not in finding.message for finding in site.findings())


@pytest.mark.parametrize("harm", ["lost", "torn", "older", "newer", "strange"])
def test_an_index_that_cannot_be_trusted_is_made_anew(site, store, tmp_path, harm):
    place = tmp_path / "mirror" / "index.json"
    before = place.read_bytes()
    store.save(record_ref(2), record(2, title=TITLES | {"en": "Another"}))
    site.refresh()
    there = documents(site)
    if harm == "lost":
        place.unlink()
    elif harm == "torn":
        place.write_bytes(before[: len(before) // 2])
    elif harm == "older":
        place.write_bytes(before)
    elif harm == "newer":
        write_index(place, replace(read_index(place), commit="1" * 40))
    else:
        place.write_bytes(json.dumps({"version": 1, "commit": []}).encode())
    commit = head(site)
    store.delete(record_ref(1))
    store.save(record_ref(3), record(3, title=TITLES | {"en": "A third"}))
    site.refresh()
    assert set(documents(site)) == set(there) - {path_of(record_ref(1))}
    assert documents(site)[path_of(record_ref(3))].document["title"]["en"] == "A third"
    assert len(list(site.history(head(site), [commit]))) == 2
    assert site.findings() == ()


def test_what_no_store_should_say_stops_no_sync(site, store):
    """Texts that are no Unicode, nests without end, moments at the edge of time, a name that git would stumble over."""
    deep = []
    for _ in range(900):
        deep = [deep]
    store.save(record_ref(4), record(4, nest=deep))
    store.save(article_ref(4), article(4, title={"en": "half \ud800 a letter"}))
    store.save(article_ref(5), article(5))
    held = store.documents[article_ref(5)]
    meta = {"meta": {"modifiedBy": "A <b> \ud800 by\nC" * 20}}
    early = replace(held.entry, modified=datetime.min.replace(tzinfo=UTC))
    store.documents[article_ref(5)] = replace(held, document=held.document | meta, entry=early)
    store.save(record_ref(5), record(5))
    late = replace(store.documents[record_ref(5)].entry, modified=datetime.max.replace(tzinfo=UTC))
    store.documents[record_ref(5)] = replace(store.documents[record_ref(5)], entry=late)
    site.refresh()
    there = documents(site)
    assert {path_of(article_ref(4)), path_of(article_ref(5)), path_of(record_ref(5))} <= set(there)
    assert there[path_of(article_ref(4))].document["title"]["en"] == "half \ud800 a letter"
    before = head(site)
    site.refresh()
    assert head(site) == before


def test_an_error_that_is_no_unicode_can_be_remembered(store, open_records):
    def broken(_before, _read):
        raise ValueError("half \ud800 a letter")

    for _ in range(2):
        site = open_records(store, broken)
        site.refresh()
        assert len(site.findings()) == len(store.documents)
        assert all(finding.message.encode() for finding in site.findings())


def test_a_store_that_knows_no_moments_is_synced_all_the_same(open_records):
    store = MemoryStore(at=datetime.min.replace(tzinfo=UTC), step=timedelta(0), numbered=False)
    store.save(article_ref(1), article(1))
    site = open_records(store, caution=Caution(list_every=timedelta(hours=1)))
    site.refresh()
    store.save(article_ref(1), article(1, title=TITLES))
    site.refresh()
    assert documents(site)[path_of(article_ref(1))].document["title"] == TITLES

"""A record site: our own copy of a store, one commit a batch, that loses nothing whatever the store does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from connectors.mirror import Busy
from connectors.record_site import RecordSite
from connectors.record_sync import Caution
from extractors.articles import Settler
from extractors.articles.settling import places_of_article
from memory.alignment import align, segment
from tests.connectors.record_fakes import (
    LANGUAGES,
    TITLES,
    MemoryStore,
    article,
    article_ref,
    documents,
    head,
    record,
    record_ref,
    translations,
)
from tm_service.domain.articles import path_of, placed
from tm_service.domain.errors import ConfigurationError, NotFound
from tm_service.domain.ports import SiteConnector


def test_a_record_site_is_a_site_connector():
    connector: type[SiteConnector] = RecordSite
    wanted = {name for name in vars(SiteConnector) if not name.startswith("_")}
    assert wanted <= set(dir(connector))


def test_a_document_is_a_file_and_says_what_the_store_says(site, store):
    there = documents(site)
    assert set(there) == {path_of(ref) for ref in store.documents}
    assert all(settled.document == store.documents[settled.ref].document for settled in there.values())
    assert site.findings() == ()


def test_a_sync_with_nothing_changed_reads_nothing_and_makes_no_commit(site, store):
    before = head(site)
    site.refresh()
    assert head(site) == before
    assert store.reads == []


def test_a_change_is_one_commit_that_names_the_document_and_the_person(site, store):
    before = head(site)
    store.save(article_ref(2), article(2, title=TITLES | {"en": "The garden opens at ten"}))
    site.refresh()
    (commit,) = site.history(head(site), [before])
    assert [change.path for change in commit.changes] == [path_of(article_ref(2))]
    assert commit.author == "Ines"
    assert "changed articles/000000000000000000000002.json by Ines" in commit.message
    assert store.reads == [article_ref(2)]


def test_translations_that_the_store_cleared_stay_with_us(site, store):
    store.save(article_ref(2), article(2, title=article(2)["title"] | {"en": "The garden opens at ten"}))
    assert set(store.documents[article_ref(2)].document["title"]) == {"en"}
    site.refresh()
    kept = translations(documents(site)[path_of(article_ref(2))])
    assert {language for path, language in kept if path == ("title",)} == set(LANGUAGES) - {"en"}


def test_a_save_that_changes_no_content_makes_no_commit(site, store):
    before = head(site)
    store.save(article_ref(1), article(1))
    site.refresh()
    assert head(site) == before
    site.refresh()
    store.reads.clear()
    site.refresh()
    assert store.reads == []


def test_what_is_gone_from_the_store_is_gone_from_the_copy_and_stays_in_its_history(site, store):
    before = head(site)
    store.delete(record_ref(2))
    site.refresh()
    assert path_of(record_ref(2)) not in site.files(head(site))
    assert path_of(record_ref(2)) in site.files(before)


def test_what_a_list_forgets_but_the_store_still_gives_is_not_gone(site, store):
    store.lost.add(article_ref(1))
    site.refresh()
    assert path_of(article_ref(1)) in site.files(head(site))


def test_two_changes_of_the_same_moment_are_both_seen(open_records):
    """A store that counts no revisions gives two versions that nothing but their content tells apart."""
    store = MemoryStore(numbered=False)
    store.save(article_ref(1), article(1))
    site = open_records(store)
    site.refresh()
    store.step = timedelta(0)
    store.save(article_ref(1), article(1, title=TITLES | {"en": "The garden is closed"}))
    site.refresh()
    assert documents(site)[path_of(article_ref(1))].document["title"]["en"] == "The garden is closed"


def test_deletions_may_be_looked_for_less_often(store, open_records):
    """Where the whole list is dear, changes are still seen at once."""
    site = open_records(store, caution=Caution(list_every=timedelta(hours=1)))
    site.refresh()
    store.delete(record_ref(1))
    store.save(record_ref(2), record(2, title=TITLES | {"en": "Another"}))
    site.refresh()
    assert documents(site)[path_of(record_ref(2))].document["title"]["en"] == "Another"
    assert path_of(record_ref(1)) in documents(site)
    late = open_records(
        store, caution=Caution(list_every=timedelta(hours=1)), clock=lambda: datetime(2027, 1, 1, tzinfo=UTC)
    )
    late.refresh()
    assert path_of(record_ref(1)) not in documents(late)


def test_an_empty_store_has_a_revision(open_records):
    site = open_records(MemoryStore())
    site.refresh()
    assert site.files(head(site)) == {}
    before = head(site)
    site.refresh()
    assert head(site) == before


def test_another_sync_is_waited_for(store, open_records):
    first, second = open_records(store), open_records(store)
    entered, go_on = Event(), Event()

    def waiting(_doing):
        entered.set()
        go_on.wait(10)

    store.failing = waiting
    thread = Thread(target=first.refresh)
    thread.start()
    entered.wait(10)
    impatient = open_records(MemoryStore(), patience=0.1)
    with pytest.raises(Busy, match="Another process is at work"):
        impatient.refresh()
    store.failing = lambda _doing: None
    go_on.set()
    second.refresh()
    thread.join()
    assert set(documents(second)) == {path_of(ref) for ref in store.documents}
    assert head(first) == head(second)


def test_a_commit_that_is_not_pushed_stays_on_a_branch_of_its_own(site, store):
    onto = site.resolve("")
    path = path_of(article_ref(1))
    at = datetime(2026, 3, 3, tzinfo=UTC)
    made = site.commit(onto, {path: b"{}"}, branch="rehearsal", message="Try", at=at, push=False)
    assert site.read(site.files(made.id)[path]) == b"{}"
    assert head(site) == onto.id
    assert store.writes == []
    site.refresh()
    assert head(site) == onto.id


@pytest.mark.parametrize(("branch", "push"), [("main", False), ("", False), ("other", True)])
def test_the_stores_own_branch_is_written_by_a_push_alone(site, branch, push):
    with pytest.raises(ConfigurationError, match="a push alone writes to it"):
        site.commit(site.resolve(""), {}, branch=branch, message="x", at=datetime(2026, 3, 3, tzinfo=UTC), push=push)


def test_a_revision_that_is_not_there_is_not_found(site):
    with pytest.raises(NotFound):
        site.resolve("nowhere")
    assert site.tags() == ()
    assert site.changes("", head(site))


def test_closing_ends_the_stores_connections_too(site, store):
    site.close()
    assert store.closed


def test_a_mirror_that_was_lost_is_made_anew_from_what_readers_have(store, open_records):
    """Whatever the store says beside it: it may have the words of long ago, which were never written back."""
    path, asked, settling = path_of(article_ref(2)), [], Settler(segment, align, places_of_article).settle
    for number in (1, 2, 3):
        del store.documents[record_ref(number)]
    held = store.documents[article_ref(2)]
    last = settling(None, replace(held, document=placed(held.document, ("title",), "fr", "Neuf heures !")))
    readers = {path: last, path_of(article_ref(3)): b"of an older version"}

    def remember(name):
        asked.append(name)
        return readers.get(name)

    site = open_records(store, settling, remember=remember)
    site.refresh()
    found = documents(site)
    assert translations(found[path])[("title",), "fr"] == "Neuf heures !"
    assert found[path].document == held.document
    assert sorted(asked) == sorted(found)
    site.refresh()
    assert len(asked) == len(found)

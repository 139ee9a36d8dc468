"""A remote record store: what is ours of it, its tags and locks, its limits, and its equal moments."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from connectors.http_calls import Credentials, HttpCalls, Patience
from connectors.record_store_http import HttpRecordStore
from tests.connectors.clearing_house import EMAIL, PASSWORD, REALM, House, serving
from tests.connectors.record_fakes import BODIES, TITLES, article, article_ref, record, record_ref
from tm_service.domain.articles import placed
from tm_service.domain.errors import Conflict, ConnectorError, NotFound, TryLater
from tm_service.domain.records import RecordRef

QUICK = Patience(attempts=3, first=0.001, longest=0.001, answer=5)


@dataclass
class Remote:
    house: House = field(default_factory=House)
    opened: list = field(default_factory=list)
    address: str = ""

    def store(self, patience=QUICK, **options: object):
        calls = HttpCalls(self.address, realm=REALM, credentials=Credentials(EMAIL, PASSWORD), patience=patience)
        self.opened.append(HttpRecordStore(calls, **options))
        return self.opened[-1]

    def asked(self, method="GET"):
        return [path for done, path in self.house.requests if done == method]


@pytest.fixture
def remote():
    made = Remote()
    with serving(made.house) as made.address:
        yield made
        for store in made.opened:
            store.close()


def publish(house, *numbers: int):
    for number in numbers:
        house.publish("article", article_ref(number).identifier, article(number))
        house.publish("database", record_ref(number).identifier, record(number))


def names(entries):
    return {entry.ref for entry in entries}


def spanish(read):
    return placed(read.document, ("title",), "es", TITLES["es"])


def test_only_the_schemas_and_tags_that_are_ours_are_listed_and_read(remote):
    publish(remote.house, 1)
    remote.house.publish("article", article_ref(2).identifier, article(2, adminTags=["garden", "absch"]))
    remote.house.publish("contact", "contact-00000001", {"name": {"en": "Ines"}})
    ours = {article_ref(2), record_ref(1)}
    everything = [article_ref(1), article_ref(2), record_ref(1), RecordRef("contact", "contact-00000001")]
    for encloses in (True, False):
        remote.house.encloses = encloses
        store = remote.store(schemas=["database", "authority"], tags=["absch", "garden"])
        assert names(store.entries()) == ours
        assert names(one.entry for one in store.read(everything)) == ours
    assert names(remote.store(records=False).entries()) == {article_ref(1), article_ref(2)}
    assert names(remote.store(articles=False).entries()) == {record_ref(1), RecordRef("contact", "contact-00000001")}


def test_equal_moments_are_listed_whole_though_the_store_gives_few_lines_at_a_time(remote):
    remote.house.step, remote.house.most = timedelta(0), 30
    publish(remote.house, *range(1, 76))
    listed = list(remote.store().entries())
    assert len(listed) == len(names(listed)) == 150
    assert names(remote.store().entries(remote.house.now)) == names(listed)


def test_a_quote_in_a_name_stays_in_its_name(remote):
    remote.house.publish("data'base", record_ref(1).identifier, record(1))
    store = remote.store(schemas=["data'base"])
    assert names(store.entries()) == {RecordRef("data'base", record_ref(1).identifier)}


def test_many_documents_are_one_call(remote):
    publish(remote.house, *range(1, 31))
    list(remote.store().read([record_ref(number) for number in range(1, 31)]))
    assert len(remote.asked()) == 1


def test_an_answer_too_large_is_asked_for_in_parts(remote):
    long = {language: text * 40 for language, text in BODIES.items()}
    for number in range(1, 9):
        remote.house.publish("article", article_ref(number).identifier, article(number, content=long))
    store = remote.store(Patience(attempts=1, largest=60_000))
    read = list(store.read([article_ref(number) for number in range(1, 9)]))
    assert len(read) == 8


def test_a_document_that_the_store_does_not_show_is_left_out(remote):
    publish(remote.house, 1, 2)
    remote.house.encloses = False
    forbidden = f"/api/v2013/documents/{record_ref(1).identifier}"
    remote.house.fault = lambda _number, _method, path: "403" if path.startswith(forbidden) else ""
    assert names(one.entry for one in remote.store().read([record_ref(1), record_ref(2)])) == {record_ref(2)}


def test_half_a_page_is_not_taken_for_a_document_that_is_gone(remote):
    publish(remote.house, 1, 2, 3)
    refs = [record_ref(1), record_ref(2), record_ref(3), record_ref(4)]
    remote.house.most = 1
    assert names(one.entry for one in remote.store().read(refs)) == set(refs[:3])


def test_a_workflow_is_waited_for(remote):
    publish(remote.house, 1)
    store = remote.store()
    read = next(store.read([record_ref(1)]))
    remote.house.in_workflow.add(record_ref(1).identifier)
    with pytest.raises(TryLater, match="locked for workflow"):
        store.write(read, spanish(read))
    assert remote.house.writes == []


def test_a_draft_that_nobody_has_locked_does_not_hold_readers_back(remote):
    publish(remote.house, 1)
    remote.house.drafts[record_ref(1).identifier] = record(1)
    store = remote.store()
    read = next(store.read([record_ref(1)]))
    store.write(read, spanish(read))
    assert remote.house.writes == [record_ref(1).identifier]


@pytest.mark.parametrize("ref", [article_ref(1), record_ref(1)])
def test_a_write_that_another_overtakes_at_the_last_moment_is_refused(remote, ref):
    publish(remote.house, 1)
    store = remote.store()
    read = next(store.read([ref]))

    def overtake(_number, method, _path):
        if method == "PUT":
            held = remote.house.documents[ref.identifier]
            changed = held.document | {"title": held.document["title"] | {"en": "The garden is closed"}}
            remote.house.publish(held.kind, ref.identifier, changed)
        return ""

    remote.house.fault = overtake
    with pytest.raises(Conflict):
        store.write(read, spanish(read))
    assert remote.house.writes == []


def test_tags_that_the_publishing_address_does_not_know_keep_nothing_from_being_written(remote):
    publish(remote.house, 1)
    remote.house.own_tags = False
    store = remote.store(Patience(attempts=1, answer=5))
    read = next(store.read([record_ref(1)]))
    store.write(read, spanish(read))
    assert remote.house.writes == [record_ref(1).identifier]


def test_a_write_whose_answer_was_lost_is_not_made_again(remote):
    publish(remote.house, 1)
    store = remote.store()
    read = next(store.read([article_ref(1)]))
    lost = []

    def losing(_number, method, _path):
        if method == "PUT" and not lost:
            lost.append(method)
            return "cut-after"
        return ""

    remote.house.fault = losing
    entry = store.write(read, spanish(read))
    assert remote.house.writes == [article_ref(1).identifier]
    assert entry.modified == remote.house.now


def test_what_the_store_joins_to_an_article_is_not_sent_back(remote):
    """The stand-in refuses an article that carries what only it writes."""
    publish(remote.house, 1)
    store = remote.store()
    read = next(store.read([article_ref(1)]))
    assert "tagsInfo" in read.document
    store.write(read, spanish(read))
    assert remote.house.documents[article_ref(1).identifier].document["title"]["es"] == TITLES["es"]


def test_a_store_that_refuses_the_realm_is_an_error(remote):
    calls = HttpCalls(remote.address, realm="chm", credentials=Credentials(EMAIL, PASSWORD), patience=QUICK)
    store = HttpRecordStore(calls)
    with pytest.raises(ConnectorError, match="badRealm"):
        list(store.entries())
    store.close()


def test_a_document_that_is_gone_before_it_is_written_is_not_made_anew(remote):
    publish(remote.house, 1)
    store = remote.store()
    read = next(store.read([record_ref(1)]))
    del remote.house.documents[record_ref(1).identifier]
    with pytest.raises(NotFound):
        store.write(read, spanish(read))
    assert record_ref(1).identifier not in remote.house.documents

"""The contract of RecordStore: a class of tests, and the worlds they are run in; a world over HTTP takes an address."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

import httpx
import pytest

from connectors.record_contents import digest
from tests.connectors.record_fakes import TITLES, MemoryStore, article, article_ref, record, record_ref
from tm_service.domain.articles import placed
from tm_service.domain.errors import Conflict, NotFound, TryLater
from tm_service.domain.ports import RecordStore
from tm_service.domain.records import ARTICLE, text_at


@dataclass
class MemoryWorld:
    """A store in memory, and a person at work in it."""

    store: MemoryStore = field(default_factory=MemoryStore)

    def publish(self, ref, document):
        self.store.save(ref, document)

    def delete(self, ref):
        self.store.delete(ref)

    def lock(self, ref):
        self.store.locked.add(ref)


@dataclass
class HttpWorld:
    """A clearing-house at an address: a store that speaks with it, and a person who does so with a client of their own."""

    store: RecordStore
    address: str
    realm: str
    email: str
    password: str

    def publish(self, ref, document):
        if ref.kind == ARTICLE:
            self._call("PUT", f"/api/v2017/articles/{ref.identifier}", document)
        else:
            self._call("PUT", f"/api/v2023/documents/schemas/{ref.kind}/{ref.identifier}", {"document": document})

    def delete(self, ref):
        below = "/api/v2017/articles" if ref.kind == ARTICLE else "/api/v2013/documents"
        self._call("DELETE", f"{below}/{ref.identifier}")

    def lock(self, ref):
        draft = f"/api/v2013/documents/{ref.identifier}/versions/draft"
        document = next(self.store.read([ref])).document
        self._call("PUT", f"{draft}?schema={ref.kind}", dict(document))
        self._call("PUT", f"{draft}/locks/ines-{ref.identifier}")

    @cached_property
    def _person(self):
        client = httpx.Client(base_url=self.address, headers={"realm": self.realm}, timeout=30)
        login = {"email": self.email, "password": self.password}
        token = client.post("/api/v2013/authentication/token", json=login).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {token['authenticationToken']}"
        return client

    def _call(self, method, path, body=None):
        self._person.request(method, path, json=body).raise_for_status()

    def leave(self):
        """End what was opened for the person."""
        self._person.close()


class RecordStoreContract:
    """Whoever implements the port keeps this; `world` is a fixture of the class that is run."""

    def test_what_is_published_is_listed_in_the_order_of_its_changes(self, world):
        refs = [record_ref(1), article_ref(1), record_ref(2), article_ref(2)]
        for number, ref in enumerate(refs):
            world.publish(ref, article(number) if ref.kind == ARTICLE else record(number))
        listed = [entry for entry in world.store.entries() if entry.ref in refs]
        assert {entry.ref for entry in listed} == set(refs)
        assert all(one.modified <= other.modified for one, other in pairwise(listed))
        assert all(entry.modified.tzinfo is not None for entry in listed)

    def test_a_list_since_a_moment_has_what_was_changed_at_it_or_later(self, world):
        for number in (1, 2, 3):
            world.publish(article_ref(number), article(number))
        entries = {entry.ref: entry for entry in world.store.entries()}
        middle = entries[article_ref(2)].modified
        since = {entry.ref for entry in world.store.entries(middle)}
        expected = {ref for ref, entry in entries.items() if entry.modified >= middle}
        assert article_ref(2) in since
        assert since == expected
        assert not list(world.store.entries(max(one.modified for one in entries.values()) + timedelta(seconds=1)))

    def test_a_change_moves_a_document_to_the_end_of_the_list(self, world):
        world.publish(record_ref(1), record(1))
        world.publish(record_ref(2), record(2))
        before = {entry.ref: entry for entry in world.store.entries()}
        world.publish(record_ref(1), record(1, websites=[{"url": "https://seeds.example/new"}]))
        after = list(world.store.entries())
        assert after[-1].ref == record_ref(1)
        assert after[-1].modified > before[record_ref(1)].modified
        assert after[-1].revision != before[record_ref(1)].revision or after[-1].revision == 0

    def test_documents_are_read_as_they_were_published(self, world):
        world.publish(article_ref(1), article(1))
        world.publish(record_ref(1), record(1))
        read = {one.ref: one for one in world.store.read([article_ref(1), record_ref(1)])}
        assert text_at(read[article_ref(1)].document, ("title",)) == article(1)["title"]
        assert read[record_ref(1)].document == record(1)
        listed = {entry.ref: entry for entry in world.store.entries()}
        assert {one.entry for one in read.values()} <= set(listed.values())

    def test_many_documents_are_read_at_once(self, world):
        refs = [record_ref(number) for number in range(1, 95)]
        for number, ref in enumerate(refs, 1):
            world.publish(ref, record(number))
        read = list(world.store.read(refs))
        assert len(read) == len(refs)
        assert {one.ref for one in read} == set(refs)

    def test_what_is_gone_is_neither_listed_nor_read(self, world):
        world.publish(article_ref(1), article(1))
        world.publish(record_ref(1), record(1))
        world.delete(article_ref(1))
        world.delete(record_ref(1))
        assert not {entry.ref for entry in world.store.entries()} & {article_ref(1), record_ref(1)}
        assert list(world.store.read([article_ref(1), record_ref(1), record_ref(77)])) == []

    @pytest.mark.parametrize("kind", ["article", "record"])
    def test_a_translation_is_written_and_nothing_else_changes(self, world, kind):
        ref, made = (article_ref(1), article) if kind == "article" else (record_ref(1), record)
        world.publish(ref, made(1, ("en", "fr")))
        read = next(world.store.read([ref]))
        entry = world.store.write(read, placed(read.document, ("title",), "es", TITLES["es"]))
        after = next(world.store.read([ref]))
        assert after.entry == entry
        assert entry.modified > read.entry.modified
        expected = placed(read.document, ("title",), "es", TITLES["es"])
        assert digest(ref.kind, after.document) == digest(ref.kind, expected)

    def test_what_is_there_already_is_not_written_again(self, world):
        world.publish(article_ref(1), article(1))
        read = next(world.store.read([article_ref(1)]))
        assert world.store.write(read, read.document) == read.entry

    @pytest.mark.parametrize("kind", ["article", "record"])
    def test_nothing_is_written_over_a_newer_document(self, world, kind):
        ref, made = (article_ref(1), article) if kind == "article" else (record_ref(1), record)
        world.publish(ref, made(1, ("en", "fr")))
        read = next(world.store.read([ref]))
        world.publish(ref, made(1, ("en", "fr", "ru")))
        with pytest.raises(Conflict):
            world.store.write(read, placed(read.document, ("title",), "es", TITLES["es"]))
        assert "es" not in text_at(next(world.store.read([ref])).document, ("title",))

    def test_what_a_person_has_locked_is_left_alone(self, world):
        world.publish(record_ref(1), record(1, ("en",)))
        world.lock(record_ref(1))
        read = next(world.store.read([record_ref(1)]))
        with pytest.raises(TryLater):
            world.store.write(read, placed(read.document, ("title",), "es", TITLES["es"]))
        assert text_at(next(world.store.read([record_ref(1)])).document, ("title",)) == record(1, ("en",))["title"]

    def test_what_is_gone_cannot_be_written(self, world):
        world.publish(article_ref(1), article(1, ("en",)))
        read = next(world.store.read([article_ref(1)]))
        world.delete(article_ref(1))
        with pytest.raises(NotFound):
            world.store.write(read, placed(read.document, ("title",), "es", TITLES["es"]))

    def test_a_store_may_be_closed_twice(self, world):
        world.store.close()
        world.store.close()

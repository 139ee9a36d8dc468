"""The contract of RecordStore, kept in memory, in process and over a real socket."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from connectors.http_calls import Credentials, HttpCalls, Patience
from connectors.record_store_http import HttpRecordStore
from connectors.record_store_local import LocalRecordStore
from tests.connectors.clearing_house import EMAIL, PASSWORD, REALM, House, serving
from tests.connectors.record_store_contract import HttpWorld, MemoryWorld, RecordStoreContract
from tm_service.domain.ports import RecordStore
from tm_service.domain.records import Actor
from tm_service.records.confidential import public
from tm_service.records.migrate import MIGRATIONS
from tm_service.records.room import Room
from tm_service.records.schemas import schemas
from tm_service.storage.sql_store import SqlStore

QUICK = Patience(attempts=5, first=0.001, longest=0.002, answer=5, whole=10)
INES = Actor("Ines", "ke", frozenset({"administrator"}))
HOUSE = Actor("tm-service", "", frozenset({"administrator"}))


@pytest.mark.parametrize("store", [HttpRecordStore, LocalRecordStore])
def test_both_are_record_stores(store):
    connector: type[RecordStore] = store
    wanted = {name for name in vars(RecordStore) if not name.startswith("_")}
    assert wanted <= set(dir(connector))


class TestInMemory(RecordStoreContract):
    @pytest.fixture
    def world(self):
        return MemoryWorld()


@dataclass
class LocalWorld:
    """Our own records room, and a person at work in it."""

    store: LocalRecordStore
    room: Room

    def publish(self, ref, document):
        self.room.put(ref, document, based_on=None, by=INES)

    def delete(self, ref):
        self.room.delete(ref, by=INES, why="It is not ours any more.")

    def lock(self, ref):
        document = next(self.room.read([ref])).document
        self.room.save_draft(ref, document, based_on=None, by=INES)
        self.room.lock(ref, by=INES)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    place = tmp_path_factory.mktemp("migrated") / "records.sqlite"
    store = SqlStore(f"sqlite:///{place}")
    MIGRATIONS.run(store.connected)
    store.close()
    return place


class TestInProcess(RecordStoreContract):
    @pytest.fixture
    def world(self, tmp_path, migrated_file):
        place = tmp_path / "records.sqlite"
        place.write_bytes(migrated_file.read_bytes())
        sql = SqlStore(f"sqlite:///{place}")
        room = Room(sql.connected, lambda: datetime.now(UTC), schemas(), lambda _schema, _document: (), public)
        yield LocalWorld(LocalRecordStore(room, HOUSE), room)
        sql.close()


class TestOverHttp(RecordStoreContract):
    @pytest.fixture(params=["new", "old"])
    def world(self, request):
        is_new = request.param == "new"
        house = House(tags=is_new, encloses=is_new)
        with serving(house) as address:
            calls = HttpCalls(address, realm=REALM, credentials=Credentials(EMAIL, PASSWORD), patience=QUICK)
            world = HttpWorld(HttpRecordStore(calls), address, REALM, EMAIL, PASSWORD)
            yield world
            world.store.close()
            world.leave()

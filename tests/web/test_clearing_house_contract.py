"""Our own API, spoken with over a real socket, keeps the contract of a record store."""

import pytest

from connectors.http_calls import Credentials, HttpCalls, Patience
from connectors.record_store_http import HttpRecordStore
from tests.browser.conftest import served
from tests.connectors.record_store_contract import HttpWorld, RecordStoreContract
from tests.web.clearing_house_world import ADMINISTRATOR, PASSWORD, open_room, with_room

pytestmark = pytest.mark.slow

QUICK = Patience(attempts=2, first=0.01, longest=0.02, answer=20, whole=40)
REALM = "abs-dev"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    place = tmp_path_factory.mktemp("migrated") / "records.sqlite"
    open_room(place)
    return place


class TestOurOwnApi(RecordStoreContract):
    @pytest.fixture
    def world(self, service, migrated, tmp_path):
        place = tmp_path / "records.sqlite"
        place.write_bytes(migrated.read_bytes())
        with served(with_room(service, open_room(place))) as address:
            calls = HttpCalls(address, realm=REALM, credentials=Credentials(ADMINISTRATOR, PASSWORD), patience=QUICK)
            world = HttpWorld(HttpRecordStore(calls), address, REALM, ADMINISTRATOR, PASSWORD)
            yield world
            world.store.close()
            world.leave()

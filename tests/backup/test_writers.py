"""Writers at work: a backup is of one moment, however much is written while it is made."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event, Thread

import pytest

from tests.backup.archives import members
from tests.storage.samples import translation
from tm_service.backup.tables import KeptRoom

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STEP, TOLD = b'"verb":"step"', b"Herbarium, drawer "


@dataclass(frozen=True)
class Busy(KeptRoom):
    """A room in which somebody writes before each table is read."""

    write: object = field(default=None)

    def lines(self, connection, table):
        self.write()
        return super().lines(connection, table)


def test_what_was_written_together_is_there_together_or_not_at_all(archive, other, empty, tmp_path):
    """A pair, a journal entry and a name of the journal's, written before each table that the backup reads."""
    house = other.restored(archive)
    store, written = house.service.store, []

    def write():
        with store.begin() as tx:
            tx.append([translation(f"{TOLD.decode()}{len(written)}", reference=f"step {len(written)}")])
            tx.note("reef", "step", {"step": len(written), "by": f"Visitor {len(written)}"}, NOON)
        written.append(len(written))

    write()
    rooms = [Busy(**{name: getattr(room, name) for name in KeptRoom.__dataclass_fields__}, write=write)
             for room in house.backups.room.rooms]  # fmt: skip
    file = tmp_path / "busy.zip"
    made = replace(house.backups.room, rooms=rooms).write(file, house.backups._exports, keys=True)
    assert len(written) > len(made.sums)
    content = members(file)
    assert content["tables/store/journal.jsonl"].count(STEP) == 1
    assert content["tables/store/translation.jsonl"].count(TOLD) == 1
    assert content["tables/store/pseudonym.jsonl"].count(b"Visitor ") == 1
    back = empty().restored(file)
    assert back.service.audit.verify().broken is None
    assert str(back.service.audit.verify().head) == made.journal


@pytest.mark.slow
def test_a_house_that_deploys_all_the_while_is_saved_again_and_again(archive, other, empty, tmp_path):
    house, stop, deployed = other.restored(archive), Event(), []

    def deploy():
        service = house.service
        while not stop.is_set():
            deployed.append(service.deploy("reef").deployment.number)
            with service.store.begin() as tx:
                tx.append([translation("Herbarium", reference=str(len(deployed)))])

    thread = Thread(target=deploy)
    thread.start()
    try:
        files = [tmp_path / f"{number}.zip" for number in range(2)]
        for file in files:
            house.backups.backup(file)
    finally:
        stop.set()
        thread.join()
    assert deployed
    for file in files:
        back = empty().restored(file)
        assert back.digest() == house.backups.check(file).digest
        service = back.service
        assert service.audit.verify().broken is None
        for deployment in service.deployments("reef"):
            assert service.catalogs("reef", deployment.number) == house.service.catalogs("reef", deployment.number)

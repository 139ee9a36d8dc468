"""A disk that is full at any moment: nothing is half written, the sentence names the place, and then all goes on."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memory.forms import form
from memory.index.kept import KeptIndex, scan
from memory.score import DEFAULT
from tests.faults.disks import small_disk
from tests.faults.houses import KINDS, SITE
from tests.faults.laws import left_behind
from tm_service.domain.deliveries import DeliveryStatus
from tm_service.domain.errors import ServiceError
from tm_service.domain.jobs import JobStatus
from tm_service.worker.runner import Worker

pytestmark = pytest.mark.slow
PAGE = 1 << 12
LEFT = (0, 1, 8, 24, 48, 128)  # pages that are left
NO_SPACE = "No space left on device"
FULL = "database or disk is full"


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk") as made:
        yield made


def worked(house):
    """One attempt at what is due; what it said where it was not done."""
    service = house.service()
    worker = Worker(service, "short of space")
    worker.stop.set()  # what an attempt came to is told once, and not again and again
    try:
        job = worker.run_next()
    except ServiceError as error:
        return str(error)
    else:
        return job.error
    finally:
        service.store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_work_that_had_no_space_is_done_when_there_is_some(embedded, disk, tmp_path, kind):
    whole = embedded.copied(tmp_path / "whole")
    job = whole.asked(kind)
    whole.finished(job)
    expected = whole.outcome()
    said = set()
    for number, leave in enumerate(PAGE * pages for pages in LEFT):
        house = embedded.copied(disk.root / f"house-{number}")
        job = house.asked(kind)
        disk.fill(leave)
        sentence = worked(house)
        said.add(sentence)
        assert sentence == "" or str(house.home) in sentence, (leave, sentence)
        assert left_behind(house.home) == []
        disk.empty()
        (done,) = house.finished(job)
        assert done.status is JobStatus.DONE, (leave, done)
        assert house.outcome() == expected, (leave, sentence)
        shutil.rmtree(house.root)
    assert any(FULL in one for one in said)


def command(kind, house):
    return {
        "learn": ("learn", SITE, "--history"),
        "package": ("package", SITE, "--locale", "ar", "--out", house.root / "out"),
        "take-in": ("take-in", house.returned),
        "deploy": ("deploy", SITE),
    }[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_command_says_in_one_sentence_that_the_disk_is_full(embedded, disk, kind):
    house = embedded.copied(disk.root / "house")
    disk.fill()
    answer = house.start(*command(kind, house), "--json")
    assert answer.code in (2, 3), answer
    assert str(house.home) in answer.document["error"]
    assert "Something failed" not in answer.document["error"]
    disk.empty()
    assert left_behind(house.root) == []
    house.ask(*command(kind, house))
    house.outcome()


def test_packages_that_found_no_place_are_downloaded_later(embedded, disk):
    """They are out all the same: what is in the store is handed off, and nothing half stands in the folder."""
    out = disk.root / "out"
    out.mkdir()
    disk.fill()
    answer = embedded.run("package", SITE, "--locale", "ar", "--out", out, "--json")
    assert answer.code == 3
    assert str(out) in answer.document["error"]
    assert NO_SPACE in answer.document["error"]
    assert list(out.iterdir()) == []
    package = embedded.ask("packages", "list", SITE)["packages"][0]["id"]
    assert package in answer.document["error"]
    assert embedded.run("packages", "download", package, "--out", out).code == 3
    assert list(out.iterdir()) == []
    disk.empty()
    place = Path(embedded.ask("packages", "download", package, "--out", out)["path"])
    assert place.read_bytes() == embedded.service().handoffs.file(package)[1]
    assert embedded.ask("package", SITE, "--locale", "ar", "--out", out)["packages"] == []
    embedded.outcome()


def test_a_checkout_without_space_keeps_the_catalogs_it_has(embedded, disk):
    """All of them or none: a build never sees half of a deployment (law 10)."""
    into = disk.root / "checkout"
    into.mkdir()
    embedded.ask("deploy", SITE, "--ref", "r1", "--into", into)
    before = {path: path.read_bytes() for path in into.rglob("*.json")}
    for leave in (0, PAGE, 2 * PAGE, 3 * PAGE):
        disk.fill(leave)
        answer = embedded.run("deploy", SITE, "--into", into, "--json")
        disk.empty()
        if answer.code == 0:
            break
        assert (answer.code, NO_SPACE in answer.document["error"], "is served" in answer.document["error"]) == (
            3, True, True,
        )  # fmt: skip
        assert {path: path.read_bytes() for path in into.rglob("*.json")} == before
        assert left_behind(disk.root) == []
        assert sorted(path for path in into.rglob("*") if path.is_dir() and not any(path.iterdir())) == []
    assert leave, "the disk was never full"
    embedded.ask("deploy", SITE, "--into", into)
    service = embedded.service()
    now = {path.relative_to(into).as_posix(): path.read_bytes() for path in into.rglob("*.json")}
    latest = service.catalogs(SITE, service.deployments(SITE)[0].number)
    assert {path: now[path] for path in latest} == latest
    embedded.outcome()


def test_a_clone_without_space_is_made_when_there_is_some(embedded, disk):
    """Whatever git could write is taken back or used; nothing has to be repaired by hand."""
    remote = embedded.root / "remote.git"
    shutil.copytree(embedded.site / ".git", remote)
    embedded.describe('"site"', f'"file://{remote}"')
    (embedded.home / "clones").symlink_to(disk.root, target_is_directory=True)
    codes = []
    for leave in (0, 4 * PAGE, 12 * PAGE, 24 * PAGE):
        disk.fill(leave)
        answer = embedded.run("detect", SITE, "--json")
        disk.empty()
        codes.append(answer.code)
        assert answer.code in (0, 3), (leave, answer)
        assert answer.code == 0 or "Git could not" in answer.document["error"]
        for left in left_behind(disk.root):  # git's own; long after, the next fetch takes it away
            os.utime(left, (0, 0))
        assert embedded.ask("detect", SITE)["head"]
        assert left_behind(disk.root) == [], leave
        shutil.rmtree(next(disk.root.glob("*.git")))
    assert 3 in codes
    embedded.outcome()


def test_first_keys_without_space_are_made_later(embedded, disk):
    """A key is whole or not there: half a key would sign what nobody can verify."""
    shutil.rmtree(embedded.home / "keys")
    (embedded.home / "keys").symlink_to(disk.root, target_is_directory=True)
    disk.fill()
    until = ("--by", "Ana", "--reason", "The text is new.", "--until", "2099-01-01")
    waive = ("waive", SITE, "ar", "texts/shop.json", "map", *until)
    package = ("package", SITE, "--locale", "ar", "--out", embedded.root / "out")
    for words in (package, waive):
        answer = embedded.run(*words, "--json")
        assert answer.code == 3, answer
        assert "keys" in answer.document["error"]
    assert [path for path in disk.root.rglob("*") if path.is_file() and path.name != "filler"] == []
    disk.empty()
    embedded.ask(*waive)
    embedded.ask(*package)
    embedded.outcome()


def test_a_return_without_space_for_its_receipt_is_taken_in_once(embedded, disk):
    out = disk.root / "receipts"
    out.mkdir()
    disk.fill()
    answer = embedded.run("take-in", embedded.returned, "--out", out, "--json")
    assert (answer.code, str(out) in answer.document["error"]) == (3, True)
    assert list(out.iterdir()) == []
    disk.empty()
    again = embedded.ask("take-in", embedded.returned, "--out", out)
    assert again["repeated"]
    assert len(again["written"]) == len(list(out.iterdir()))
    embedded.outcome()


class _Pairs:
    """A shelf of so many texts."""

    identity = "0" * 32

    def __init__(self) -> None:
        self.texts_ = []

    def more(self, count):
        start = len(self.texts_)
        self.texts_ += [
            f"The keeper of garden {number} waters {number % 97} beds" for number in range(start, start + count)
        ]

    def position(self):
        return len(self.texts_), 0

    def texts(self, after=0):
        return list(enumerate(self.texts_, 1))[after:]

    def retired(self, _after=0):
        return ()


@pytest.mark.parametrize("pages", [0, 1, 4, 16])
def test_an_index_without_space_answers_from_memory(disk, pages):
    """What the memory knows is found whether or not its index can be kept; the disk is used again when it can."""
    shelf = _Pairs()
    wanted = form("The keeper of garden 7 waters 7 bed", "en")
    disk.fill(pages * PAGE)
    index = KeptIndex(disk.root / "i", shelf, "en")
    for _ in range(3):
        shelf.more(1000)
        index.refresh()
        index.keep()
        found = scan(shelf, "en", [wanted], least=75, k=5, penalties=DEFAULT)[0]
        assert found.found
        assert index.search(wanted) == found
    assert left_behind(disk.root) == []
    assert (disk.root / "i" / "manifest.json").exists() == (pages == 16)
    disk.empty()
    later = KeptIndex(disk.root / "i", shelf, "en")
    later.refresh()
    assert (disk.root / "i" / "manifest.json").exists()
    assert later.search(wanted) == found


def test_a_shared_folder_without_space_gets_its_package_later(embedded, disk):
    """It waits in the outbox, and a translator never opens half of it."""
    shared = disk.root / "shared"
    shared.mkdir()
    embedded.describe("[[site.reef.content]]", f'[site.reef.hand_off]\nfolder = "{shared}"\n\n[[site.reef.content]]')
    disk.fill()
    service = embedded.service()
    (package,) = service.handoffs.packages(SITE)
    service.handoffs.post(package.id, "folder")
    (waiting,) = service.handoffs.send_due(SITE)
    assert (waiting.status, NO_SPACE in waiting.error) == (DeliveryStatus.WAITING, True)
    assert list(shared.iterdir()) == []
    disk.empty()
    later = replace(service, clock=lambda: datetime.now(UTC) + timedelta(hours=1))
    (sent,) = later.handoffs.send_due(SITE)
    assert sent.status is DeliveryStatus.SENT
    assert [path.read_bytes() for path in shared.iterdir()] == [service.handoffs.file(package.id)[1]]
    embedded.outcome()


def test_a_cache_without_space_is_done_without(embedded, disk):
    """What was taken apart is only kept to be quick: the same is served without it."""
    shutil.rmtree(embedded.home / "cache")
    (embedded.home / "cache").symlink_to(disk.root, target_is_directory=True)
    disk.fill()
    assert embedded.ask("deploy", SITE)["deployment"] == 2
    assert embedded.ask("detect", SITE)["edited"] == 0
    assert (disk.root / "extractions.sqlite").stat().st_size == 0
    embedded.outcome()

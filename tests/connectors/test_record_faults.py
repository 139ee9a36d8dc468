"""A remote store that fails at every request in turn, and syncs that are killed: nothing is lost, nothing is done twice."""

import shutil
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.http_calls import Credentials, HttpCalls, Patience
from connectors.record_site import RecordSite
from connectors.record_store_http import HttpRecordStore
from tests.connectors.clearing_house import EMAIL, FAULTS, PASSWORD, REALM, House, serving
from tests.connectors.record_fakes import TITLES, article, article_ref, record, record_ref, settle, translated
from tm_service.domain.articles import dump, load
from tm_service.domain.errors import ConnectorError

pytestmark = pytest.mark.slow

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ONCE = Patience(attempts=1, first=0.001, longest=0.001, answer=0.15, whole=5)
AGAIN = Patience(attempts=3, first=0.001, longest=0.001, answer=0.15, whole=5)
CALM = Patience(attempts=1, answer=10)
SPANISH = {(("title",), "es"): TITLES["es"]}
PHASES = ("full sync", "incremental sync", "push")


@dataclass
class Faulty:
    """One request goes wrong, by its number from when the fault is set."""

    house: House
    kind: str = ""
    number: int = 0
    begun: int = 0
    struck: list = field(default_factory=list)

    def __call__(self, number, _method, path) -> str:
        if self.kind and number - self.begun == self.number:
            self.struck.append(path)
            return self.kind
        return ""

    def strike(self, kind, number):
        self.kind, self.number, self.begun = kind, number, len(self.house.requests)
        self.struck.clear()

    def rest(self):
        self.kind = ""


def filled():
    house = House(slowness=0.3)
    for number in (1, 2):
        house.publish("article", article_ref(number).identifier, article(number, ("en", "fr")))
        house.publish("database", record_ref(number).identifier, record(number, ("en", "fr")))
    return house


def opened(address, folder, patience):
    calls = HttpCalls(address, realm=REALM, credentials=Credentials(EMAIL, PASSWORD), patience=patience)
    return RecordSite(HttpRecordStore(calls), folder, settle, patience=5)


def edited(house):
    """People change one document, add one and take one away."""
    title = article(1)["title"] | {"en": "The garden opens at noon"}
    house.publish("article", article_ref(1).identifier, article(1, ("en", "fr"), title=title))
    house.publish("database", record_ref(3).identifier, record(3, ("en", "fr")))
    del house.documents[record_ref(2).identifier]


def pushed(site):
    """A deployment: what would be served, with a new Spanish title in each document."""
    onto = site.resolve("")
    files = {path: dump(translated(load(site.read(blob)), SPANISH)) for path, blob in site.files(onto.id).items()}
    site.commit(onto, files, branch="", message="Translations", at=AT, push=True)


def mirrored(site):
    """What stands in the mirror, but for when the store says it was saved."""
    there = [load(site.read(blob)) for blob in site.files(site.resolve("").id).values()]
    return {one.ref: (without_times(one.document), one.fields) for one in there}


def held(house):
    return {name: without_times(one.document) for name, one in house.documents.items()}


def without_times(document):
    return {name: value for name, value in document.items() if name not in ("meta", "tagsInfo", "customTagsInfo")}


def attempt(site, phase):
    """One phase, whatever comes of it."""
    told = []
    try:
        pushed(site) if phase == "push" else site.refresh()
    except ConnectorError as error:
        told.append(str(error))
    told += [finding.message for finding in site.findings()]
    assert all("record store 127.0.0.1:" in sentence for sentence in told)
    assert not any(PASSWORD in sentence for sentence in told)


@dataclass(frozen=True)
class Stand:
    """A house and our mirror of it before a phase, and what there is after it where nothing goes wrong."""

    house: House
    mirror: Path
    after: tuple


@pytest.fixture(scope="module")
def stands(tmp_path_factory):
    """Where each phase begins."""
    house, folder, made = filled(), tmp_path_factory.mktemp("calm") / "mirror", {}
    with serving(house) as address:
        for phase in PHASES:
            if phase == "incremental sync":
                edited(house)
            before, place = house.copy(), folder.with_name(phase)
            if folder.exists():
                shutil.copytree(folder, place)
            with opened(address, folder, CALM) as site:
                attempt(site, phase)
                made[phase] = Stand(before, place, (mirrored(site), held(house), Counter(house.writes)))
    return made


def struck(stand, folder, phase, kind, number):
    """A phase with a fault and then once more, calmly: what there is at the end, and whether the fault struck."""
    house = stand.house.copy()
    faulty = Faulty(house)
    house.fault = faulty
    if stand.mirror.exists():
        shutil.copytree(stand.mirror, folder)
    with serving(house) as address:
        with opened(address, folder, ONCE) as site:
            faulty.strike(kind, number)
            attempt(site, phase)
        has_struck = bool(faulty.struck)
        faulty.rest()
        house.rest()
        with opened(address, folder, CALM) as site:
            site.refresh()
            if phase == "push":
                pushed(site)
            assert site.findings() == ()
            return (mirrored(site), held(house), Counter(house.writes)), has_struck


@pytest.mark.slow
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_at_any_request_changes_nothing_in_the_end(tmp_path, stands, kind, phase):
    """Without a second attempt, so that each fault is felt; each document is written once.

    Every other request, beginning with the first or the second.
    """
    stand = stands[phase]
    if phase == "push":
        assert set(stand.after[2].values()) == {1}
        assert len(stand.after[2]) == 4
    first = 1 + FAULTS.index(kind) % 2
    for number in range(first, 60, 2):
        there, has_struck = struck(stand, tmp_path / str(number), phase, kind, number)
        assert there == stand.after
        if not has_struck:
            break
    assert number > 3  # what changed within the last two seconds is read once more


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("kind", [kind for kind in FAULTS if kind != "slow"])
def test_a_fault_that_passes_is_not_even_noticed(tmp_path, kind, phase):
    house = filled()
    faulty = Faulty(house)
    house.fault = faulty
    with serving(house) as address, opened(address, tmp_path, AGAIN) as site:
        if phase != "full sync":
            site.refresh()
            edited(house)
        if phase == "push":
            site.refresh()
        faulty.strike(kind, 3)
        if phase == "push":
            pushed(site)
            assert set(Counter(house.writes).values()) == {1}
            assert len(house.writes) == 4
        else:
            site.refresh()
        assert faulty.struck
        assert site.findings() == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "times"),
    [
        ("settle", 1),
        ("settle", 8),
        ("write_index before", 1),
        ("write_index before", 3),
        ("write_index after", 1),
        ("write_index after", 2),
        ("move after", 1),
        ("move after", 3),
    ],
)
def test_a_sync_that_is_killed_goes_on_where_it_was(tmp_path, point, times):
    house = House()
    for number in range(1, 6):
        house.publish("article", article_ref(number).identifier, article(number))
        house.publish("database", record_ref(number).identifier, record(number))
    with serving(house) as address:
        script = Path(__file__).with_name("dying_sync.py")
        command = [sys.executable, str(script), address, str(tmp_path / "killed"), point, str(times)]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, cwd=root, env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"}, check=False)
        assert done.returncode == -signal.SIGKILL
        with opened(address, tmp_path / "killed", CALM) as site:
            site.refresh()
            there, commits = mirrored(site), list(site.history(site.resolve("").id))
        with opened(address, tmp_path / "whole", CALM) as site:
            site.refresh()
            assert there == mirrored(site)
        assert len(there) == 10
        paths = Counter(change.path for commit in commits for change in commit.changes)
        assert set(paths.values()) == {1}


def test_a_token_that_ran_out_is_renewed(tmp_path):
    house = filled()
    with serving(house) as address, opened(address, tmp_path, CALM) as site:
        site.refresh()
        house.tokens.clear()
        site.refresh()
        assert site.findings() == ()
    assert [path for _, path in house.requests].count("/api/v2013/authentication/token") == 2

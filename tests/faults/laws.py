"""The laws, held against a house after a fault: what it keeps, what readers see of it, and what lies on its disk."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

from tm_service.domain.deliveries import DeliveryStatus
from tm_service.domain.jobs import JobStatus
from tm_service.domain.packages import OPEN
from tm_service.domain.serving import Rule
from tm_service.service import Service
from tm_service.usecases.pages import read_pages

# What a process writes before it gives it its name; none of it stays.
_LEFT = re.compile(r"\.(?:part|draft|tmp)$|^\.tm-service-|^\.[0-9a-f]{16}$|^tmp_|^index\.lock$")
_OURS = re.compile(r"^[0-9a-f]{24}\.lock$")  # of a clone: held while somebody fetches, and never removed


def hold(service: Service, site: str = "reef", *folders: Path) -> None:
    """All laws that a fault could break; `folders` are where nothing half-written may lie."""
    _audit(service, site)
    _deployments(service, site)
    _packages(service, site)
    _postings(service, site)
    _jobs(service, site)
    assert [str(path) for folder in folders for path in left_behind(folder)] == []


def left_behind(folder: Path) -> list[Path]:
    """Drafts and locks in a folder and below it."""
    found = [path for path in folder.rglob("*") if _LEFT.search(path.name)]
    locks = [path for path in folder.rglob("*.lock") if not _OURS.match(path.name)]
    return sorted({*found, *locks})


def _audit(service: Service, site: str) -> None:
    """Every change is in the journal, once; every entry follows the one before it, by number."""
    verdict = service.audit.verify()
    assert verdict.broken is None, verdict.broken
    lines = service.audit.listed(site, most=10_000)
    numbers = [line.entry.number for line in lines]
    assert numbers == sorted(set(numbers))
    verbs = Counter(line.entry.verb for line in lines)
    assert verbs["deploy"] + verbs["rollback"] == len(service.deployments(site))
    assert verbs["package"] == len(service.handoffs.packages(site))


def _deployments(service: Service, site: str) -> None:
    """Laws 1, 2, 3, 10 and 12: numbered without a gap, no revert, catalogs say what is served, and why."""
    deployments = list(reversed(service.deployments(site)))
    assert [entry.number for entry in deployments] == list(range(1, len(deployments) + 1))
    with service.store.read() as tx:
        pages = {entry.number: read_pages(tx, tx.pages(site, entry.number)) for entry in deployments}
    for before, after in pairwise(deployments):
        if after.restores is None:
            assert _reverts(pages[before.number], pages[after.number]) == []
    for entry in deployments:
        catalogs = service.catalogs(site, entry.number)
        assert sorted(catalogs) == sorted(page.path for page in pages[entry.number].values())
        for page in pages[entry.number].values():
            said = json.loads(catalogs[page.path])
            for served in page.served:
                assert served.why
                assert _at(said, served.key) == served.text or not served.translated
    if deployments:
        _explained(service, pages[deployments[-1].number])


def _reverts(before, after) -> list[object]:
    """What one deployment served translated and the next one, which still has it, did not."""
    found = []
    for page_id, page in after.items():
        was = {entry.key: entry for entry in before[page_id].served} if page_id in before else {}
        found += [
            (page_id, entry.key)
            for entry in page.served
            if not entry.translated and entry.rule is not Rule.WAIVED and was.get(entry.key, entry).translated
        ]
    return found


def _at(said, key):
    for name in key:
        said = said[name]
    return said


def _explained(service: Service, pages) -> None:
    """Each translation that readers see stands in the store, and is of the text that it is served for."""
    numbers = {entry.translation for page in pages.values() for entry in page.served if entry.translation}
    with service.store.read() as tx:
        known = tx.numbered(numbers)
    assert set(known) == numbers
    for page in pages.values():
        for entry in page.served:
            if entry.rule in (Rule.CURRENT, Rule.MEMORY) and entry.translation:
                assert known[entry.translation].fingerprint == entry.source


def _packages(service: Service, site: str) -> None:
    """Laws 4, 6 and 7: what was accepted is in the store, once; what is out is out in one package only."""
    packages = service.handoffs.packages(site)
    assert len({entry.id for entry in packages}) == len(packages)
    out = Counter(
        (entry.locale, unit.resource, unit.key, unit.fingerprint)
        for entry in packages
        if entry.status in OPEN
        for unit in entry.open_units
    )
    assert [unit for unit, count in out.items() if count > 1] == []
    with service.store.read() as tx:
        for entry in packages:
            name, content = tx.file(entry.id)
            assert name
            assert content
            own = tx.own(site, entry.locale, [(unit.resource, unit.key) for unit in entry.work], retired=True)
            for unit in entry.work:
                kept = [
                    one for one in own.get((unit.resource, unit.key), ()) if one.reference.startswith(f"{entry.id}@")
                ]
                assert bool(kept) or not unit.done, f"{unit} was accepted and is lost"
                assert len({one.target for one in kept}) == len(kept), f"{unit} was kept twice"


def _postings(service: Service, site: str) -> None:
    """Whatever leaves has one entry for each recipient, in a state that goes on by itself or by a person."""
    found = service.handoffs.postings(site)
    once = Counter((entry.package, entry.receipt, entry.channel, entry.recipient) for entry in found)
    versions = {entry.id: entry.version for entry in service.handoffs.packages(site)}
    assert [one for one, count in once.items() if count > versions[one[0]]] == []
    for entry in found:
        assert entry.status is not DeliveryStatus.WAITING or entry.next_at is not None
        assert entry.status is not DeliveryStatus.IN_DOUBT or entry.error


def _jobs(service: Service, site: str) -> None:
    """What is done says so and has its effects; of one site one job runs at most."""
    found = service.jobs.listed(site, most=1000)
    assert sum(entry.status is JobStatus.RUNNING for entry in found) <= 1
    for entry in found:
        full = service.jobs.find(entry.id)
        if full.status is JobStatus.DONE and full.kind == "deploy":
            made = [effect.details["deployment"] for effect in full.effects if effect.verb == "deploy"]
            assert made == [one["deployment"] for one in full.result["deployments"]]
        if full.status is JobStatus.DONE and full.kind == "package":
            made = [effect.details["package"] for effect in full.effects if effect.verb == "package"]
            assert made == full.result["packages"]

"""Deployments: numbered, never changed, and each with its pages as they were."""

from dataclasses import replace
from hashlib import sha256
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from tests.storage.samples import AWKWARD, deployment, page, translation
from tm_service.domain.deployments import Alarm, Coverage, Tally
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint


def test_a_deployment_comes_back_whole(tx):
    alarms = (Alarm("absch", 1, "fr", 4, "Coverage of fr fell."), Alarm("absch", 1, "ar", 2, "And \ud800."))
    entry = deployment(1, alarms=alarms, sequence=2**40, commit="c1", restores=0)
    tx.save_deployment(entry, [], [], {})
    assert tx.deployment("absch", 1) == tx.latest("absch") == entry


def test_deployments_are_listed_newest_first_by_site(tx):
    assert (tx.latest("absch"), list(tx.deployments("absch"))) == (None, [])
    first = deployment(1, alarms=(Alarm("absch", 1, "fr", 4, "fell"),))
    for entry in (first, deployment(2), deployment(1, site="bch")):
        tx.save_deployment(entry, [], [], {})
    assert tx.deployments("absch") == [deployment(2), first]
    assert tx.latest("absch") == deployment(2)


def test_deployments_are_read_a_page_at_a_time(tx):
    for number in range(1, 6):
        tx.save_deployment(deployment(number), [], [], {})
    assert [entry.number for entry in tx.deployments("absch", most=2)] == [5, 4]
    assert [entry.number for entry in tx.deployments("absch", before=4, most=2)] == [3, 2]
    assert [entry.number for entry in tx.deployments("absch", before=2)] == [1]
    assert [entry.number for entry in tx.deployments("absch", only={2, 4, 9})] == [4, 2]
    assert tx.deployments("absch", only=()) == []


def test_an_unknown_deployment_is_not_found(tx):
    with pytest.raises(NotFound, match="Site absch has no deployment 7"):
        tx.deployment("absch", 7)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_number_that_is_not_the_next_is_a_conflict(tx, number):
    tx.save_deployment(deployment(1), [], [], {})
    with pytest.raises(Conflict, match="was deployed meanwhile"):
        tx.save_deployment(deployment(number), [], [], {})


def test_the_commit_of_a_deployment_is_remembered_later(tx):
    tx.save_deployment(deployment(1), [], [], {})
    tx.save_deployment(deployment(2), [], [], {})
    tx.set_commit("absch", 1, "abc")
    assert [entry.commit for entry in tx.deployments("absch")] == ["", "abc"]


def test_pages_come_by_locale_and_resource_and_can_be_narrowed(tx):
    coverage = Coverage(Tally(units=2, current=1, same=1), Tally(units=5))
    refs = [
        page(tx, "fr", "b.json", 1, coverage=coverage),
        page(tx, "fr", "Z.json", 2, complete=False),
        page(tx, "ar", "é.json", 3),
        page(tx, "ar", "z.json", 4, complete=False),
    ]
    tx.save_deployment(deployment(1), refs, [], {})
    assert tx.pages("absch", 1) == sorted(refs, key=lambda ref: (ref.locale, ref.resource))
    assert tx.pages("absch", 1, [("fr", "b.json"), ("fr", "no.json"), ("ar", "b.json")]) == [refs[0]]
    assert tx.pages("absch", 1, []) == []
    assert tx.pages("absch", 1, incomplete=True) == [refs[3], refs[1]]
    assert tx.pages("absch", 1, [("ar", "z.json"), ("ar", "é.json")], incomplete=True) == [refs[3]]
    assert tx.pages("bch", 1) == []


def test_many_pages_are_saved_replaced_and_named_at_once(tx):
    a, b = page(tx, "fr", "0.json", "a"), page(tx, "fr", "0.json", "b")
    places = [{"locale": locale, "resource": f"{n}.json"} for n in range(700) for locale in ("ar", "fr")]
    first, second = ([replace(ref, **place) for place in places] for ref in (a, b))
    tx.save_deployment(deployment(1), first, [], {})
    tx.save_deployment(deployment(2), second, [], {})
    names = [(ref.locale, ref.resource) for ref in first]
    assert {ref.page for ref in tx.pages("absch", 1, names)} == {first[0].page}
    assert {ref.page for ref in tx.pages("absch", 2)} == {second[0].page}
    assert len(tx.pages("absch", 2, names)) == 1400


@pytest.mark.parametrize("text", AWKWARD, ids=ascii)
def test_pages_of_any_path_are_found_and_replaced(tx, text):
    ref = page(tx, "fr", text, "a")
    tx.save_deployment(deployment(1), [ref], [], {("fr", text): frozenset({fingerprint(text)})})
    assert tx.pages("absch", 1, [("fr", text)]) == [ref]
    tx.append([translation("now", text)])
    assert tx.helped("absch", 0) == {"fr": {text}}
    tx.save_deployment(deployment(2), [], [("fr", text)], {})
    assert (tx.pages("absch", 1), tx.pages("absch", 2)) == ([ref], [])


def test_a_page_rests_on_content_that_is_kept(store):
    with store.begin() as tx:
        ref = page(tx, "fr", "a.json", "a")
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.save_deployment(deployment(1), [replace(ref, catalog="0" * 64)], [], {})
    with store.read() as tx:
        assert tx.latest("absch") is None


def test_blobs_are_kept_by_content_once(tx):
    contents = [b"one", b"", bytes(range(256)), b"one"]
    digests = tx.put_blobs(iter(contents))
    assert list(digests) == [sha256(content).hexdigest() for content in contents]
    assert tx.put_blobs([b"one"]) == [digests[0]]
    assert tx.blobs(iter(digests)) == dict(zip(digests, contents, strict=True))
    assert tx.put_blobs([]) == []
    assert tx.blobs([]) == {}


def test_a_thousand_blobs_are_kept_and_read_at_once(tx):
    contents = [f"blob {n}".encode() for n in range(1000)]
    assert list(tx.blobs(tx.put_blobs(contents)).values()) != []
    assert set(tx.blobs(tx.put_blobs(contents)).values()) == set(contents)


def test_lost_content_is_said_in_a_sentence(tx):
    with pytest.raises(NotFound, match="has lost content 0000"):
        tx.blobs([*tx.put_blobs([b"kept"]), "0" * 64])


def test_pages_are_helped_by_a_newer_translation_of_what_they_lack(tx):
    lacks = {("fr", "a.json"): frozenset({fingerprint("Wetlands"), fingerprint("Seas")})}
    tx.append([translation("before", resource="elsewhere.json")])
    since = tx.sequence()
    tx.save_deployment(deployment(1), [page(tx, "fr", "a.json", 1), page(tx, "es", "a.json", 2)], [], lacks)
    assert tx.helped("absch", since) == {}
    tx.append([translation("nothing lacks this", "Other")])
    tx.append([translation("in another language", locale="es"), translation("on another site", site="bch")])
    tx.append([translation("only offered", state=State.PROPOSAL)])
    assert tx.helped("absch", since) == {}
    tx.append([translation("Zones humides", resource="elsewhere.json", reference="2")])
    assert tx.helped("absch", since) == {"fr": {"a.json"}}
    assert tx.helped("absch", tx.sequence()) == {}
    assert tx.helped("bch", 0) == {}


def test_what_a_page_lacks_is_what_its_newest_version_lacks(tx):
    wetlands, seas = fingerprint("Wetlands"), fingerprint("Seas")
    a, b = ("fr", "a.json"), ("fr", "b.json")
    tx.save_deployment(
        deployment(1), [page(tx, *a, 1), page(tx, *b, 1)], [], {a: frozenset({wetlands}), b: frozenset({wetlands})}
    )
    tx.save_deployment(deployment(2), [page(tx, *a, 2)], [b], {a: frozenset({seas})})
    tx.append([translation("Zones humides")])
    assert tx.helped("absch", 0) == {}
    tx.append([translation("Mers", "Seas")])
    assert tx.helped("absch", 0) == {"fr": {"a.json"}}


PAGES = st.dictionaries(
    st.tuples(st.sampled_from(["ar", "fr"]), st.sampled_from(["a.json", "B.json", "é/c.json", "\udcff.json"])),
    st.integers(0, 3),
    max_size=5,
)
_sites = count()


class Deploying(RuleBasedStateMachine):
    """Deployments in any order against plain dictionaries: `past[n]` is all that deployment n served."""

    def __init__(self, store) -> None:
        super().__init__()
        self.store = store
        self.site = f"site{next(_sites)}"
        self.past = [{}]

    @rule(changed=PAGES, gone=st.frozensets(st.sampled_from(["a.json", "B.json"]), max_size=2))
    def deploy(self, changed, gone):
        leaving = {page_id for page_id in self.past[-1] if page_id[1] in gone} - set(changed)
        with self.store.begin() as tx:
            refs = {page_id: page(tx, *page_id, content) for page_id, content in changed.items()}
            self._save(tx, refs, leaving)

    @precondition(lambda self: len(self.past) > 1)
    @rule(data=st.data())
    def restore(self, data):
        number = data.draw(st.integers(1, len(self.past) - 1))
        with self.store.begin() as tx:
            then, today = self._pages(tx, number), self._pages(tx, len(self.past) - 1)
            changed = {page_id: ref for page_id, ref in then.items() if today.get(page_id) != ref}
            self._save(tx, changed, today.keys() - then.keys())
        assert self.past[-1] == self.past[number]

    @rule(changed=PAGES)
    def rehearse(self, changed):
        with self.store.begin() as tx:
            tx.rehearse()
            tx.save_deployment(
                deployment(len(self.past), site=self.site), [page(tx, *page_id, 9) for page_id in changed], [], {}
            )

    def _save(self, tx, refs, leaving):
        tx.save_deployment(deployment(len(self.past), site=self.site), list(refs.values()), sorted(leaving), {})
        kept = {page_id: ref for page_id, ref in self.past[-1].items() if page_id not in leaving}
        self.past.append(kept | refs)

    def _pages(self, tx, number):
        return {(ref.locale, ref.resource): ref for ref in tx.pages(self.site, number)}

    @invariant()
    def every_deployment_still_serves_what_it_served(self):
        with self.store.read() as tx:
            for number, served in enumerate(self.past):
                assert self._pages(tx, number) == served
                assert tx.pages(self.site, number, served) == tx.pages(self.site, number)
                french = [ref for ref in tx.pages(self.site, number) if ref.locale == "fr"]
                assert tx.pages(self.site, number, locale="fr") == french

    @invariant()
    def the_spans_of_a_page_cover_what_deployments_served_of_it(self):
        newest, everywhere = len(self.past) - 1, {where for served in self.past for where in served}
        with self.store.read() as tx:
            spans = tx.page_spans(self.site, everywhere, 2, newest)
        for where in everywhere:
            found = [
                (number, one.page) for one in spans.get(where, ()) for number in range(one.last, one.first - 1, -1)
            ]
            there = [(number, self.past[number].get(where)) for number in range(newest, 1, -1)]
            assert found == [(number, ref.page) for number, ref in there if ref]

    @invariant()
    def between_two_deployments_stand_the_pages_that_differ(self):
        newest = len(self.past) - 1
        with self.store.read() as tx:
            for number in range(1, newest + 1):
                for before, now in ((number, newest), (newest, number)):
                    was, new = ({where: ref.page for where, ref in self.past[n].items()} for n in (before, now))
                    found = {
                        where: (was.get(where, ""), new.get(where, ""))
                        for where in was.keys() | new.keys()
                        if was.get(where) != new.get(where)
                    }
                    assert {where: pair for where, *pair in tx.pages_between(self.site, before, now)} == {
                        where: [*pair] for where, pair in found.items()
                    }


@pytest.mark.slow
def test_earlier_deployments_stay_exactly_as_they_were_whatever_comes_later(store):
    run_state_machine_as_test(
        lambda: Deploying(store),
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

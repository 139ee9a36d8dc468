"""Compare: the differences from one deployment to another, applied to what the one served, give what the other serves."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.storage.samples import deployment, page
from tm_service.domain.deployments import PageRef
from tm_service.domain.errors import NotFound
from tm_service.domain.serving import Page, Rule, Served
from tm_service.storage.sql_store import SqlStore
from tm_service.usecases.compare import (
    SEEN,
    DifferenceKind,
    Wanted,
    compare,
    counted,
    differences,
    lines_of,
    shown,
)
from tm_service.usecases.pages import dump_page

SITE = "absch"
ALL = Wanted(tuple(DifferenceKind))
KEYS = st.sampled_from([("title",), ("list", "0"), ("list", "1"), ("a.b",)])
TEXTS = st.sampled_from(["The gate opens at nine.", "La porte ouvre à neuf heures.", "تفتح البوابة في التاسعة.", ""])
LINES = st.builds(
    Served, st.just(()), TEXTS, st.sampled_from(Rule), st.sampled_from(["a1", "b2"]), st.just("why"), st.integers(0, 2)
)
PAGES = st.builds(
    lambda lines, codes: (lines, {key: text for key, text in codes.items() if key not in lines}),
    st.dictionaries(KEYS, LINES, max_size=4),
    st.dictionaries(KEYS, st.sampled_from(["/fr/home", "/fr/seeds"]), max_size=2),
)
PLACES = st.tuples(st.sampled_from(["ar", "fr"]), st.sampled_from(["app/home.json", "app/seeds.json"]))
DEPLOYMENTS = st.lists(st.dictionaries(PLACES, PAGES, max_size=4), min_size=2, max_size=4)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = SqlStore(f"sqlite:///{tmp_path_factory.mktemp('compare') / 'store.db'}")
    made.migrate()
    yield made
    made.close()


def made_page(locale, resource, lines, codes):
    served = tuple(replace(entry, key=key) for key, entry in lines.items())
    return Page(locale, resource, f"i18n/{locale}/{resource}", "", served, codes)


def deployed(tx, past):
    """Deployments that serve all of this and nothing else, one after another."""
    there = {}
    for number, pages in enumerate(past, 1):
        made = {where: made_page(*where, *content) for where, content in pages.items()}
        digests = {where: tx.put_blobs([dump_page(one)])[0] for where, one in made.items()}
        catalog = tx.put_blobs([b"catalog"])[0]
        refs = [PageRef(*where, made[where].path, digest, catalog) for where, digest in digests.items()]
        changed = [ref for ref in refs if there.get((ref.locale, ref.resource)) != ref]
        tx.save_deployment(deployment(number), changed, sorted(there.keys() - digests.keys()), {})
        there = {(ref.locale, ref.resource): ref for ref in refs}


def whole(pages):
    """All that a deployment serves, by place and key."""
    return {
        (*where, key): entry
        for where, content in pages.items()
        for key, entry in lines_of(made_page(*where, *content)).items()
    }


def applied(served, found):
    """What was served once every difference is made to it."""
    changed = dict(served)
    for where, one in found:
        place = (where.locale, where.resource, one.key)
        assert changed.get(place) == one.before
        if one.now is None:
            del changed[place]
        else:
            changed[place] = one.now
    return changed


@settings(max_examples=60)
@given(past=DEPLOYMENTS, data=st.data())
def test_differences_applied_to_what_one_served_give_what_the_other_serves(store, past, data):
    """Whatever came between, and in either direction; nothing is told twice and nothing that is the same."""
    before, now = (data.draw(st.integers(1, len(past))) for _ in range(2))
    with store.begin() as tx:
        tx.rehearse()
        deployed(tx, past)
        found = compare(tx, SITE, before, now)
        told = shown(tx, found, ALL, 0, 1000)
        assert applied(whole(past[before - 1]), told) == whole(past[now - 1])
        assert len({(where.locale, where.resource, one.key) for where, one in told}) == len(told)
        kinds = Counter((where.locale, one.kind) for where, one in told)
        assert {place: count for place, count in counted(found, ALL).items() if count} == kinds


@given(past=DEPLOYMENTS, wanted=st.sets(st.sampled_from(DifferenceKind)), size=st.integers(1, 5))
def test_pages_of_a_list_put_together_are_the_list(store, past, wanted, size):
    with store.begin() as tx:
        tx.rehearse()
        deployed(tx, past)
        found = compare(tx, SITE, 1, len(past))
        asked = Wanted(tuple(wanted), "fr", "SEEDS")
        whole_list = shown(tx, found, asked, 0, 1000)
        parts = [shown(tx, found, asked, start, size) for start in range(0, len(whole_list) + size, size)]
        assert [one for part in parts for one in part] == list(whole_list)
        assert {(where.locale, where.resource) for where, _ in whole_list} <= {("fr", "app/seeds.json")}
        assert {one.kind for _, one in whole_list} <= wanted


def line(text, rule, source="a1"):
    return Served(("title",), text, rule, source, "why")


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (None, line("Jardin", Rule.CURRENT), DifferenceKind.NEW),
        (None, line("Garden", Rule.MISSING), DifferenceKind.NEW),
        (line("Jardin", Rule.CURRENT), None, DifferenceKind.GONE),
        (line("Garden", Rule.MISSING), line("Jardin", Rule.MEMORY), DifferenceKind.TRANSLATED),
        (line("Garden", Rule.MISSING), line("Garden", Rule.CURRENT), DifferenceKind.TRANSLATED),
        (line("Jardin", Rule.DATED), line("Garden", Rule.WAIVED), DifferenceKind.FELL_BACK),
        (line("Jardin", Rule.CURRENT), line("Le jardin", Rule.CURRENT), DifferenceKind.UPDATED),
        (line("Garden", Rule.MISSING), line("The garden", Rule.MISSING, "b2"), DifferenceKind.UPDATED),
        (line("Jardin", Rule.CURRENT), line("Jardin", Rule.DATED, "b2"), DifferenceKind.RESTATED),
    ],
)
def test_what_became_of_a_unit_is_told_by_what_readers_see(before, now, kind):
    key = ("title",)
    (found,) = differences({key: before} if before else {}, {key: now} if now else {})
    assert (found.kind, found.before, found.now) == (kind, before, now)
    assert (kind in SEEN) is (kind is not DifferenceKind.RESTATED)


def test_what_stayed_is_no_difference():
    lines = {("title",): line("Jardin", Rule.CURRENT)}
    assert list(differences(lines, dict(lines))) == []


def test_a_deployment_that_never_was_is_not_found(store):
    with store.begin() as tx:
        tx.rehearse()
        tx.save_deployment(deployment(1), [page(tx, "fr", "a.json", 1)], [], {})
        with pytest.raises(NotFound, match="no deployment 2"):
            compare(tx, SITE, 1, 2)

"""Shown: a search finds what anybody finds who reads everything, however it is cut; and each line has its source text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.storage.samples import NOON, deployment, translation
from tm_service.domain.deployments import PageRef
from tm_service.domain.serving import Answer, Page, Rule, Served
from tm_service.domain.text import fingerprint
from tm_service.storage.sql_store import SqlStore
from tm_service.usecases.pages import dump_page
from tm_service.usecases.shown import Place, lines, search, told

SITE = "absch"
TEXTS = [
    "Banque de semences",
    'Le "jardin"',
    "Straße",
    "STRASSE",
    "İzmir",
    "بنك البذور",
    "a\\b",
    "line\nend",
    "\ud800",
    "",
]
WANTED = [
    "e",
    "JARDIN",
    '"',
    "\\",
    "\n",
    "strasse",
    "ß",
    "i̇zmir",
    "البذور",
    "\ud800",
    "nothing of this",
    "null",
    "current",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = SqlStore(f"sqlite:///{tmp_path_factory.mktemp('shown') / 'store.db'}")
    made.migrate()
    yield made
    made.close()


def deployed(tx, pages):
    """One deployment of these texts by resource; its pages by path."""
    refs = []
    for resource, texts in pages.items():
        served = [Served((f"k{n}",), text, Rule.CURRENT, "", "current") for n, text in enumerate(texts)]
        made = Page("fr", resource, f"i18n/fr/{resource}", "", tuple(served), {})
        digest, catalog = tx.put_blobs([dump_page(made), b"catalog"])
        refs.append(PageRef("fr", resource, made.path, digest, catalog))
    tx.save_deployment(deployment(1), refs, [], {})
    return tx.pages(SITE, 1, locale="fr")


@settings(max_examples=150)
@given(
    pages=st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from(TEXTS), max_size=4), max_size=5),
    said=st.sampled_from(WANTED) | st.sampled_from(TEXTS).filter(bool),
    most=st.integers(1, 3),
    budget=st.sampled_from([1, 200, 0]),
)
def test_a_search_finds_every_text_once_however_often_it_goes_on(store, pages, said, most, budget):
    with store.begin() as tx:
        tx.rehearse()
        refs = deployed(tx, pages)
        hits, at, steps = [], Place(), 0
        while at is not None:
            found = search(tx, SITE, refs, said, begin=at, most=most, budget=budget)
            assert len(found.lines) <= most
            hits += [(line.resource, line.served.text) for line in found.lines]
            at, steps = found.following, steps + 1
            assert steps < 100
        everything = [(ref.resource, text) for ref in refs for text in pages[ref.resource]]
        assert hits == [(resource, text) for resource, text in everything if said.casefold() in text.casefold()]


def test_a_search_that_looked_through_enough_says_where_it_goes_on(store, monkeypatch):
    monkeypatch.setattr("tm_service.usecases.shown._AT_ONCE", 1)
    with store.begin() as tx:
        tx.rehearse()
        refs = deployed(tx, {name: ["Jardin"] if name == "d" else ["Musée"] for name in "abcd"})
        found = search(tx, SITE, refs, "jardin", begin=Place(), most=5, budget=1)
        assert (found.lines, found.following) == ((), Place("b"))
        assert search(tx, SITE, refs, "jardin", begin=Place("c"), most=5).lines[0].resource == "d"


def line(key, text, rule, source, number=0, answer=Answer.TEXT):
    return "fr", "app/home.json", Served((key,), text, rule, source, "why", number, answer=answer)


def test_each_line_has_the_source_text_that_it_was_decided_from(store):
    """The wording of then, not that of today."""
    with store.begin() as tx:
        tx.rehearse()
        keys = {"a": ["Garden", "The garden", "Garden"], "b": ["Map"], "code": ["/home"]}
        for key, texts in keys.items():
            tx.learn_sources(SITE, [(("app/home.json", (key,)), text) for text in texts])
        tx.append([translation("Carte", "Old map", key=("b",), at=NOON)])
        number = tx.sequence()
        shown = told(
            tx,
            SITE,
            [
                line("a", "Le jardin", Rule.CURRENT, fingerprint("The garden")),
                line("a", "Jardin", Rule.CURRENT, fingerprint("Garden")),
                line("b", "Carte", Rule.KEPT, fingerprint("Old map"), number),
                line("b", "Map", Rule.MISSING, fingerprint("Map")),
                line("b", "Map", Rule.CURRENT, fingerprint("Map"), answer=Answer.SAME),
                line("gone", "Parti", Rule.CURRENT, fingerprint("Nobody knows")),
                line("code", "/fr/accueil", Rule.CURRENT, ""),
            ],
        )
        sources = [one.source for one in shown]
        assert sources == ["The garden", "Garden", "Old map", "Map", "Map", None, "/home"]
        assert shown[2].translation is not None
        assert shown[2].translation.target == "Carte"


def test_the_lines_of_a_page_stand_in_the_order_of_its_file(store):
    with store.begin() as tx:
        tx.rehearse()
        (ref,) = deployed(tx, {"a": ["one", "two", "three"]})
        found, total = lines(tx, SITE, ref, most=9)
        assert ([one.served.text for one in found], total) == (["one", "two", "three"], 3)


def test_some_lines_of_a_page_are_told_and_how_many_there_are(store):
    with store.begin() as tx:
        tx.rehearse()
        (ref,) = deployed(tx, {"a": ["one", "two", "three"]})
        found, total = lines(tx, SITE, ref, start=1, most=1)
        assert ([one.served.text for one in found], total) == (["two"], 3)
        found, total = lines(tx, SITE, ref, key="k2", most=9)
        assert ([one.served.text for one in found], total) == (["three"], 1)

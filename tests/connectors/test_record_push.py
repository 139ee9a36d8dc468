"""A push to a record store: our texts beside what people wrote, never over it, and written once whatever happens."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import record_push
from connectors.mirror import Mirror
from connectors.record_site import RecordSite
from tests.connectors.record_fakes import (
    LANGUAGES,
    TITLES,
    Clock,
    MemoryStore,
    article,
    article_ref,
    record,
    record_ref,
    settle,
    translated,
    translations,
)
from tm_service.domain.articles import dump, load, path_of
from tm_service.domain.errors import ConnectorError, Refused
from tm_service.domain.records import text_at

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def store():
    made = MemoryStore()
    for number in (1, 2, 3):
        made.save(article_ref(number), article(number, ("en", "fr")))
        made.save(record_ref(number), record(number, ("en", "fr")))
    return made


@pytest.fixture
def site(store, open_records):
    made = open_records(store)
    made.refresh()
    return made


def served(site, texts=None, only=None):
    """What a deployment would serve of each document: its translations, and these texts over them."""
    files = site.files(site.resolve("").id)
    settled = {path: load(site.read(blob)) for path, blob in files.items()}
    return {path: dump(translated(one, texts)) for path, one in settled.items() if only is None or path in only}


def push(site, files, onto=None):
    return site.commit(onto or site.resolve(""), files, branch="main", message="Translations: 1", at=AT, push=True)


SPANISH = {(("title",), "es"): TITLES["es"]}


def test_a_text_is_written_in_its_field_and_language_and_nothing_else(site, store):
    was = {ref: one.document for ref, one in store.documents.items()}
    made = push(site, served(site, SPANISH))
    assert len(store.writes) == 6
    for ref, one in store.documents.items():
        title = one.document["title"]
        assert title == was[ref]["title"] | {"es": TITLES["es"]}
        rest = {name: value for name, value in one.document.items() if name not in ("title", "meta", "header")}
        assert rest == {name: value for name, value in was[ref].items() if name not in ("title", "meta", "header")}
    assert store.documents[record_ref(1)].document["header"]["languages"] == ["en", "fr", "es"]
    assert made == site.resolve("")
    assert site.findings() == ()


def test_what_was_written_stands_in_the_mirror_and_comes_back_unchanged(site, store):
    files = served(site, SPANISH)
    made = push(site, files)
    assert {path: site.read(blob) for path, blob in site.files(made.id).items()} == files
    site.refresh()
    assert site.resolve("").id == made.id
    assert push(site, files) == made
    assert len(store.writes) == 6


def test_a_push_with_nothing_to_write_makes_no_commit(site, store):
    onto = site.resolve("")
    assert push(site, served(site)) == onto
    assert store.writes == []


def test_the_source_and_blank_texts_are_never_written(site, store):
    texts = {(("title",), "en"): "Overwritten", (("title",), "fr"): "  ", (("title",), "ru"): TITLES["ru"]}
    was = store.documents[article_ref(1)].document["title"]
    push(site, served(site, texts))
    assert store.documents[article_ref(1)].document["title"] == was | {"ru": TITLES["ru"]}


def test_what_the_store_cleared_is_put_back(site, store):
    push(site, served(site, SPANISH))
    title = store.documents[article_ref(1)].document["title"]
    store.save(article_ref(1), article(1, ("en",), title=title | {"en": "The garden opens at noon"}))
    assert set(store.documents[article_ref(1)].document["title"]) == {"en"}
    site.refresh()
    push(site, served(site))
    assert store.documents[article_ref(1)].document["title"] == title | {"en": "The garden opens at noon"}
    assert store.documents[article_ref(1)].document["content"]["fr"]


def test_an_earlier_version_that_is_still_served_fills_only_what_was_cleared(site, store):
    """A legal document waits for a language: its last complete version is of another English than the store's."""
    push(site, served(site, SPANISH))
    ref, earlier = article_ref(1), served(site)
    title = store.documents[ref].document["title"]
    changed = {"en": "The garden opens at noon", "fr": "Le jardin ouvre à midi"}
    store.save(ref, article(1, ("en",), title=title | changed))
    store.save(ref, store.documents[ref].document | {"title": changed})  # a person's French, and no Spanish
    site.refresh()
    push(site, earlier)
    assert store.documents[ref].document["title"] == changed | {"es": title["es"]}
    site.refresh()
    settled = load(site.read(site.files(site.resolve("").id)[path_of(ref)]))
    assert settled.by_path["title",].segments[0].text == changed["en"]


def test_a_document_that_changed_meanwhile_is_left_alone(site, store):
    files = served(site, SPANISH)
    store.save(article_ref(1), article(1, ("en",), title={"en": "The garden is closed"}))
    push(site, files)
    assert store.documents[article_ref(1)].document["title"] == {"en": "The garden is closed"}
    (finding,) = site.findings()
    assert finding.path == path_of(article_ref(1))
    assert "changed in its store meanwhile" in finding.message
    assert len(store.writes) == 5


def test_a_deployment_of_an_older_revision_does_not_overwrite_a_newer_one(site, store):
    onto, files = site.resolve(""), served(site, SPANISH)
    store.save(article_ref(1), article(1, ("en",), title={"en": "The garden is closed"}))
    site.refresh()
    push(site, files, onto)
    assert store.documents[article_ref(1)].document["title"] == {"en": "The garden is closed"}
    assert [finding.path for finding in site.findings()] == [path_of(article_ref(1))]


def test_what_a_person_has_locked_waits_and_the_others_go_on(site, store):
    store.locked.add(record_ref(2))
    files = served(site, SPANISH)
    made = push(site, files)
    (finding,) = site.findings()
    assert "was not written to its store" in finding.message
    assert "locked by Ines" in finding.message
    assert len(store.writes) == 5
    store.locked.clear()
    push(site, served(site, SPANISH), made)
    assert len(store.writes) == 6


def test_what_the_store_refuses_is_a_finding(site, store):
    def picky(doing):
        if doing == "write":
            raise Refused("The title is too long.")

    store.failing = picky
    onto = site.resolve("")
    assert push(site, served(site, SPANISH)) == onto
    assert len(site.findings()) == 6


def test_an_outage_keeps_what_was_written(site, store):
    asked = []

    def failing(doing):
        asked.append(doing)
        if asked.count("write") == 3:
            raise ConnectorError("The record store garden.example failed at writing.")

    store.failing = failing
    before = site.resolve("")
    made = push(site, served(site, SPANISH))
    assert len(store.writes) == 2
    assert len(site.changes(before.id, made.id)) == 2
    assert "What was written until then stays" in site.findings()[-1].message
    store.failing = lambda _doing: None
    push(site, served(site, SPANISH))
    assert sorted(ref.identifier for ref in store.writes) == sorted(ref.identifier for ref in store.documents)


def test_courtesy_translations_of_national_records_stay_with_us(store, open_records):
    store.save(record_ref(4), record(4, ("en", "fr"), national=True))
    site = open_records(store)
    site.refresh()
    push(site, served(site, SPANISH))
    assert "es" not in store.documents[record_ref(4)].document["title"]
    assert site.findings() == ()


def test_what_is_no_document_of_the_store_is_not_written(site, store):
    files = {"articles/none.json": b"{}", "notes.txt": b"x"}
    one = dump(translated(load(settle(None, store.documents[article_ref(1)])), SPANISH))
    push(site, files | {path_of(article_ref(9)): one})
    assert store.writes == []
    assert len(site.findings()) == 3


def _die(*_args: object, **_options: object):
    raise KeyboardInterrupt


@pytest.mark.parametrize("point", ["intention", "write", "written", "commit", "forget"])
def test_a_push_that_dies_at_any_point_is_as_good_as_one_that_did_not(site, store, open_records, monkeypatch, point):
    """Our own text that comes back from the store is known as ours, with the source it was made from."""
    files = served(site, {(("title",), "es"): TITLES["es"]}, only={path_of(article_ref(1))})
    with monkeypatch.context() as patch:
        if point == "intention":
            patch.setattr("connectors.intentions.Intentions.keep", _die)
        elif point in ("write", "written"):
            store.failing = lambda doing: _die() if doing == point else None
        elif point == "commit":
            patch.setattr(Mirror, "add", _die)
        else:
            patch.setattr("connectors.intentions.Intentions.drop", _die)
        with pytest.raises(KeyboardInterrupt):
            push(site, files)
    store.failing = lambda _doing: None
    told = []

    def watched(before, read):
        told.append(load(before).document if before else None)
        return settle(before, read)

    again = open_records(store, watched)
    again.refresh()
    assert all(text_at(one, ("title",)).get("es") == TITLES["es"] for one in told)
    push(again, served(again, SPANISH, only=set(files)))
    assert store.writes == [article_ref(1)]
    (path,) = files
    there, meant = load(again.read(again.files(again.resolve("").id)[path])), load(files[path])
    assert there.fields == meant.fields
    assert there.document | {"meta": 0} == meant.document | {"meta": 0}  # the store says when it was written


def test_a_push_that_another_process_holds_up_is_left_to_the_next_deployment(site, store):
    files, onto = served(site, SPANISH), site.resolve("")
    site._patience = 0
    with site._mirror.alone(1):
        assert push(site, files) == onto
    (finding,) = site.findings()
    assert "Nothing was written to the store" in finding.message
    assert store.writes == []
    push(site, files)
    assert len(store.writes) == 6


def test_laid_texts_share_everything_else_with_the_document():
    document = record(1, ("en",))
    made = record_push.laid(document, ((("title",), "fr", TITLES["fr"]),))
    assert made["description"] is document["description"]
    assert document["title"] == {"en": record(1)["title"]["en"]}
    assert made["header"]["languages"] == ["en", "fr"]


PERSON = st.sampled_from(["edit", "translate", "touch", "delete", "create"])
STEP = st.one_of(st.tuples(PERSON, st.integers(1, 4)), st.just(("sync", 0)), st.just(("push", 0)), st.just(("fail", 0)))


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(steps=st.lists(STEP, max_size=14))
def test_no_translation_is_ever_lost_and_nothing_newer_is_overwritten(steps, tmp_path_factory):
    """Whatever people do in between: at the end each field has all the languages it ever had while it was there."""
    store = MemoryStore()
    site = RecordSite(store, tmp_path_factory.mktemp("law") / "mirror", settle, clock=Clock(), patience=5)
    try:
        store.save(article_ref(1), article(1))
        site.refresh()
        for number, (doing, which) in enumerate(steps):
            _act(store, site, doing, article_ref(which), number)
        store.failing = lambda _doing: None
        site.refresh()
        push(site, served(site))
        english = {ref: one.document["title"]["en"] for ref, one in store.documents.items()}
        mirrored = {one.ref: one for one in map(load, served(site).values())}
        assert set(mirrored) == set(store.documents)
        for ref, one in store.documents.items():
            assert mirrored[ref].document["title"] == one.document["title"]
            assert one.document["title"]["en"] == english[ref]
            kept = {language for path, language in translations(mirrored[ref]) if path == ("title",)}
            assert kept == set(one.document["title"]) - {"en"}
            assert set(LANGUAGES) - {"en"} <= kept
    finally:
        site.close()


def _act(store, site, doing, ref, number):
    held = store.documents.get(ref)
    if doing == "sync":
        store.failing = lambda _doing: None
        site.refresh()
    elif doing == "push":
        before = {one: text["title"]["en"] for one, text in _texts(store).items()}
        push(site, served(site))
        assert {one: text["title"]["en"] for one, text in _texts(store).items()} == before
    elif doing == "fail":
        store.failing = _broken
    elif doing == "create" and held is None:
        store.save(ref, article(number))
        store.failing = lambda _doing: None
        site.refresh()
    elif held is not None and doing == "delete":
        store.delete(ref)
    elif held is not None and doing == "touch":
        store.save(ref, dict(held.document))
    elif held is not None and doing == "edit":
        store.save(ref, held.document | {"title": held.document["title"] | {"en": f"Hour {number}"}})
    elif held is not None and doing == "translate":
        store.save(ref, held.document | {"title": held.document["title"] | {"fr": f"Heure {number}"}})


def _texts(store):
    return {ref: one.document for ref, one in store.documents.items()}


def _broken(doing):
    if doing in ("read", "written"):
        raise ConnectorError("The record store garden.example failed.")


def test_a_findings_list_begins_anew_with_each_sync(site, store):
    store.locked.add(record_ref(2))
    push(site, served(site, SPANISH))
    assert site.findings()
    store.locked.clear()
    site.refresh()
    assert site.findings() == ()

"""Learn: which delivered values become translations, of which unit, from which source."""

from collections import Counter
from contextlib import contextmanager
from hashlib import md5

import pytest

from tests.fakes import as_json, new_house
from tm_service.domain.edits import EditClass
from tm_service.domain.errors import Conflict, ConnectorError
from tm_service.domain.serving import Answer, Rule
from tm_service.domain.text import fingerprint
from tm_service.storage.sql_store import SqlStore
from tm_service.usecases import learn

A = "text/app/home.json"
B = "text/app/forms/home.json"
LEAD, HINT = "Gather the seeds of every plant", "Water the young plants in the evening"


def digest(text):
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def catalog(values, **hashes: str):
    return values | ({"#meta": {"algorithm": "md5", "hashes": hashes}} if hashes else {})


def learned(house, locale="fr"):
    house.service.learn(house.name, history=True)
    return [(entry.resource, ".".join(entry.key), entry.target, entry.source) for entry in house.translations(locale)]


@pytest.mark.parametrize(
    "place",
    [
        f"i18n/fr/{A}",
        f"i18n/fr-FR/{A}",
        f"i18n/fr_FR/{A}",
        f"repository/i18n/fr/{A}",
        "i18n/fr/app/home.json",
        f"fr/{A}",
        "back/fr/home.json",
        "i18n/app/home.fr.json",
        "text-fr/fr-CH/home.json",
    ],
)
def test_a_delivery_is_known_by_its_locale_and_the_tail_of_its_path(house, place):
    house.write({A: {"lead": LEAD, "hint": HINT}, "text/other.json": {"z": "Rest now"}})
    house.write({place: {"lead": "Récoltez", "hint": "Arrosez"}}, author="Léa")
    assert learned(house) == [(A, "lead", "Récoltez", LEAD), (A, "hint", "Arrosez", HINT)]
    assert {entry.author for entry in house.translations()} == {"Léa"}


def test_between_namesakes_the_tail_of_the_path_decides(house):
    house.write({A: {"lead": LEAD}, B: {"lead": HINT}})
    house.write({"back/fr/forms/home.json": {"lead": "Arrosez"}})
    assert learned(house) == [(B, "lead", "Arrosez", HINT)]


def test_between_namesakes_the_keys_decide(house):
    house.write({A: {"lead": LEAD, "x": "Open now"}, B: {"other": HINT}})
    house.write({"back/fr/home.json": {"lead": "Récoltez", "x": "Ouvrez"}})
    assert {row[0] for row in learned(house)} == {A}


def test_what_could_be_of_two_namesakes_is_reported_not_guessed(house):
    house.write({A: {"lead": LEAD}, B: {"lead": HINT}})
    house.write({"back/fr/home.json": {"lead": "Récoltez"}})
    found = house.service.learn(house.name, history=True)
    assert house.translations() == []
    assert [finding.check for finding in found.findings] == ["ambiguous"]
    assert f"it could translate {B} or {A}" in found.findings[0].message


def test_a_path_with_two_locales_is_reported_not_guessed(house):
    house.write({A: {"lead": LEAD}})
    house.write({"ar/fr/text/app/home.json": {"lead": "Récoltez"}})
    found = house.service.learn(house.name, history=True)
    assert "it names the locales ar, fr" in found.findings[0].message
    assert house.translations() == []


def test_a_file_of_the_same_name_with_other_keys_is_no_translation(house):
    house.write({A: {"lead": LEAD}, "settings/fr/home.json": {"colour": "vert", "size": "grand"}})
    assert learned(house) == []


def test_a_file_without_a_locale_is_no_translation(house):
    house.write({A: {"lead": LEAD}, "back/home.json": {"lead": "Récoltez"}})
    assert learned(house) == []


def test_a_delivery_before_its_file_waits_for_it(house):
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez"}}, author="Léa")
    house.write({"text/x.json": {"a": "Rest now"}})
    house.write({A: {"lead": LEAD}})
    assert learned(house) == [(A, "lead", "Récoltez", LEAD)]
    assert house.translations()[0].author == "Léa"


def test_a_delivery_before_its_key_waits_for_it(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez", "hint": "Arrosez"}})
    house.write({A: {"lead": LEAD, "hint": HINT}})
    assert learned(house) == [(A, "lead", "Récoltez", LEAD), (A, "hint", "Arrosez", HINT)]


def test_a_delivery_before_its_english_waits_for_it(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": catalog({"lead": "Arrosez"}, lead=digest(HINT))})
    house.deploy()
    assert house.served(A, "lead").rule is Rule.DATED
    house.write({A: {"lead": HINT}})
    house.deploy()
    assert (house.served(A, "lead").text, house.served(A, "lead").rule) == ("Arrosez", Rule.CURRENT)


def test_a_delivery_that_waited_replaces_nothing_newer(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez", "hint": "Arrosez"}})
    house.write({f"back/fr/{A}": {"lead": "Cueillez"}})
    house.write({A: {"lead": LEAD, "hint": HINT}})
    assert [row[2] for row in learned(house)] == ["Récoltez", "Cueillez", "Arrosez"]


def test_learning_again_adds_nothing(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez", "gone": "Ancien"}})
    house.write({A: {"lead": HINT}, f"i18n/fr/{A}": catalog({"lead": "Arrosez"}, lead=digest(HINT))})
    once = learned(house)
    assert learned(house) == once


def test_a_hash_binds_a_value_to_the_english_it_was_made_from(house):
    house.write({A: {"lead": LEAD}})
    house.write({A: {"lead": HINT}})
    house.write({f"i18n/fr/{A}": catalog({"lead": "Récoltez"}, lead=digest(LEAD))})
    assert learned(house) == [(A, "lead", "Récoltez", LEAD)]
    assert house.translations()[0].fingerprint == fingerprint(LEAD)


def test_a_hash_that_nobody_knows_binds_to_no_text(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": catalog({"lead": "Récoltez"}, lead=digest("Lost"))})
    assert learned(house) == [(A, "lead", "Récoltez", "")]
    assert house.translations()[0].fingerprint == f"md5:{digest('Lost')}"


def test_without_a_hash_a_value_is_of_the_english_of_its_day(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez"}})
    house.write({A: {"lead": HINT}})
    assert learned(house) == [(A, "lead", "Récoltez", LEAD)]


def test_an_old_copy_filed_again_stays_bound_to_its_english(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez"}})
    house.write({A: {"lead": HINT}})
    house.write({f"back/fr/{A}": {"lead": "Récoltez"}})
    house.write({f"i18n/fr/{A}": None})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez"}})
    assert learned(house) == [(A, "lead", "Récoltez", LEAD)]


@pytest.mark.parametrize(
    ("target", "reason"),
    [("", "blank"), ("  ", "blank"), (" 26. ", "skeleton"), ("<p></p>", "skeleton"), (LEAD, "copy")],
)
def test_what_says_nothing_is_left_aside(house, target, reason):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez"}})
    house.write({f"i18n/fr/{A}": {"lead": target}})
    assert Counter(house.service.learn(house.name, history=True).counts)[reason] == 1
    assert [entry.target for entry in house.translations()] == ["Récoltez"]


def test_a_short_label_may_be_the_same_and_an_older_wording_of_it_is_a_copy(house):
    house.write({A: {"lead": "Documents", "hint": "Old label"}})
    house.write({A: {"lead": "Documents", "hint": "New label"}})
    house.write({f"i18n/fr/{A}": {"lead": "Documents", "hint": "Old label"}})
    house.service.learn(house.name, history=True)
    assert [(entry.target, entry.answer) for entry in house.translations()] == [("Documents", Answer.SAME)]


def test_our_own_commits_are_known_by_their_trailer(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez"}}, message="Deploy\n\nTranslations-Deployment: garden/3\n")
    house.write({f"i18n/ar/{A}": {"lead": "اجمع"}}, message="Deploy\n\nTranslations-Deployment: other/3\n")
    assert [entry.locale for entry in house.service.learn(house.name, history=True) and house.translations()] == ["ar"]


def test_what_we_pushed_ourselves_is_not_learned(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez"}})
    house.service.deploy(house.name, push=True)
    assert house.repository.tree[f"i18n/fr/{A}"] == house.service.catalogs(house.name, 1)[f"i18n/fr/{A}"]
    before = house.translations()
    assert house.deploy() == 2
    assert house.translations() == before


def _built(house, number):
    """The site's own CI commits what it was given at build time, without our trailer."""
    house.write(house.service.catalogs(house.name, number), message="build", author="CI")


def test_catalogs_of_ours_that_come_back_teach_nothing_that_nobody_translated(house):
    house.write({A: {"lead": LEAD, "hint": HINT, "new": "Never translated text"}, "text/x.json": {"w": HINT}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez", "hint": "Arrosez"}})
    house.deploy()
    house.write({A: {"lead": f"{LEAD} of 2026", "hint": HINT, "new": "Never translated text"}})
    number = house.deploy()
    rules = {key: house.served(A, key).rule for key in ("lead", "hint", "new")}
    assert rules == {"lead": Rule.DATED, "hint": Rule.CURRENT, "new": Rule.MISSING}
    assert house.served("text/x.json", "w").rule is Rule.MEMORY
    before = house.translations()
    _built(house, number)
    house.deploy()
    assert house.translations() == before
    assert {key: house.served(A, key).rule for key in rules} == rules
    assert house.served(A, "lead").edit is EditClass.REWRITE


def test_a_catalog_of_ours_teaches_nothing_even_to_a_house_without_memory(house, tmp_path):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez"}})
    house.deploy()
    house.write({A: {"lead": HINT}})
    _built(house, house.deploy())
    stranger = new_house(tmp_path / "stranger")
    stranger.write(dict(house.repository.tree))
    stranger.deploy()
    assert stranger.translations() == []


def test_what_a_person_writes_over_our_value_by_hand_is_learned(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez"}})
    house.deploy()
    house.write({A: {"lead": HINT}})
    _built(house, house.deploy())
    ours = house.repository.tree[f"i18n/fr/{A}"]
    house.write({f"i18n/fr/{A}": ours.replace("Récoltez".encode(), b"Arrosez le soir")})
    house.deploy()
    assert (house.served(A, "lead").text, house.served(A, "lead").rule) == ("Arrosez le soir", Rule.CURRENT)


def test_a_torn_catalog_is_a_finding_and_the_rest_goes_on(house):
    house.write({A: {"lead": LEAD}, B: {"lead": HINT}})
    house.write({f"i18n/fr/{A}": '{"lead": "Ré', f"i18n/fr/{B}": {"lead": "Arrosez"}})
    found = house.service.learn(house.name, history=True)
    assert [(finding.check, finding.path) for finding in found.findings] == [("extraction", f"i18n/fr/{A}")]
    assert [entry.target for entry in house.translations()] == ["Arrosez"]


def test_neighbours_are_remembered_for_context(house):
    house.write({A: {"lead": LEAD, "hint": HINT}})
    house.write({f"i18n/fr/{A}": as_json({"lead": "Récoltez", "hint": "Arrosez"})})
    house.service.learn(house.name)
    sides = [(entry.previous, entry.following) for entry in house.translations()]
    assert sides == [("", fingerprint(HINT)), (fingerprint(LEAD), "")]


def test_time_does_not_run_backwards_in_what_was_learned(house):
    house.write({A: {"lead": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Premier jet"}})
    early = house.repository.clock().replace(year=2001)
    house.write({f"i18n/fr/{A}": {"lead": "Second jet"}}, at=early)
    house.service.learn(house.name, history=True)
    first, second = house.translations()
    assert first.at <= second.at
    house.deploy()
    assert house.served(A, "lead").text == "Second jet"


# a long history


def grown(folder):
    """A house whose history has a bit of everything: what waits, moves, is bound by hash, comes twice and out of its time."""
    house = new_house(folder)
    house.write({A: {"lead": LEAD}, B: {"other": HINT}})
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez", "hint": "Arrosez"}}, author="Léa")
    house.write({A: {"lead": HINT}, f"i18n/ar/{A}": catalog({"lead": "اجمع البذور"}, lead=digest(LEAD))})
    house.write({"back/fr/home.json": {"other": "Le soir"}}, at=house.repository.clock().replace(year=2001))
    house.write({A: {"lead": HINT, "hint": LEAD}})
    house.write({f"i18n/fr/{A}": {"lead": "Arrosez le soir", "hint": "Arrosez"}})
    house.write({f"back/fr/{A}": {"lead": "Récoltez"}})
    return house


@pytest.fixture
def in_one(tmp_path):
    house = grown(tmp_path / "in-one")
    yield house.service.learn(house.name, history=True), house.translations()
    house.store.close()


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_history_in_many_transactions_gives_what_it_gives_in_one(in_one, tmp_path, monkeypatch, most):
    monkeypatch.setattr(learn, "_AT_ONCE", most)
    house, told = grown(tmp_path / "in-many"), []
    found = house.service.learn(house.name, history=True, progress=lambda _what, count: told.append(count))
    assert (found, house.translations()) == in_one
    assert told == list(range(1, found.commits + 1))
    house.store.close()


@pytest.mark.parametrize("place", range(1, 8))
def test_a_history_that_was_cut_short_is_learned_again_from_its_beginning(in_one, tmp_path, monkeypatch, place):
    monkeypatch.setattr(learn, "_AT_ONCE", 1)
    house = grown(tmp_path / "cut")

    def cut(_what, count):
        if count == place:
            raise ConnectorError("The power went.")

    with pytest.raises(ConnectorError):
        house.service.learn(house.name, history=True, progress=cut)
    house.service.learn(house.name, history=True)
    said = [
        {(one.resource, one.key, one.target, one.source) for one in rows} for rows in (house.translations(), in_one[1])
    ]
    assert said[0] == said[1]
    assert len(house.translations()) == len(in_one[1])
    house.store.close()


def test_who_learns_of_a_site_that_another_learns_of_meanwhile_stops(tmp_path, monkeypatch):
    monkeypatch.setattr(learn, "_AT_ONCE", 2)
    house, real = grown(tmp_path / "two"), SqlStore.begin
    begun = []

    @contextmanager
    def begin(store):
        begun.append(store)
        if len(begun) == 2:
            with real(store) as other:
                other.set_learned(house.name, "another")
        with real(store) as tx:
            yield tx

    monkeypatch.setattr(SqlStore, "begin", begin)
    with pytest.raises(Conflict, match="learn it again"):
        house.service.learn(house.name, history=True)
    house.store.close()

"""Parity: a legal document is served in all languages or stays at its last complete version (law 11)."""

import json

import pytest

from extractors.articles import Settler
from memory.alignment import align, segment
from tests.fakes import new_house
from tests.laws.article_world import SITE
from tests.laws.world import answered
from tm_service.domain.articles import load
from tm_service.domain.records import ARTICLE, Place, Record, RecordEntry, RecordRef

LEGAL, PLAIN = "articles/65a0c0ffee0000000000f001.json", "articles/65a0c0ffee0000000000f002.json"
PLACES = (Place(("title",)), Place(("content",), rich=True))
RULES = {
    "en": "<p>A gardener may take ten seeds.</p><p>Nobody takes a tree.</p>",
    "ar": "<p>يجوز للبستاني أن يأخذ عشر بذور.</p><p>لا يأخذ أحد شجرة.</p>",
    "fr": "<p>Un jardinier peut prendre dix graines.</p><p>Personne ne prend un arbre.</p>",
}
TITLES = {"en": "Rules of the garden", "ar": "قواعد الحديقة", "fr": "Règlement du jardin"}


class Desk:
    """An editor's desk: documents settled into the site's repository as a sync would."""

    def __init__(self, folder) -> None:
        self.house = new_house(folder, SITE)
        self.settler = Settler(segment, align, lambda record: (PLACES, record.ref.identifier in LEGAL, False))

    def save(self, path, content, title=TITLES):
        name = path.partition("/")[2].removesuffix(".json")
        at = self.house.repository.clock()
        record = Record(RecordEntry(RecordRef(ARTICLE, name), at), {"_id": name, "title": title, "content": content})
        self.house.write({path: self.settler.settle(self.house.repository.tree.get(path), record)})

    def content(self, path, locale):
        """What readers have of a document."""
        number = self.house.service.deployments(self.house.name)[0].number
        return load(self.house.service.catalogs(self.house.name, number)[path]).document["content"][locale]

    def deploy(self):
        return self.house.service.deploy(self.house.name).deployment

    def translate(self, *locales: str):
        for package, name, content in self.house.packages(locales=locales):
            self.house.service.take_in(name, answered(content, lambda _place: 0))
            assert package.locale in locales


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    made.save(LEGAL, RULES)
    made.save(PLAIN, RULES)
    made.deploy()
    return made


def edited():
    return RULES | {"en": RULES["en"].replace("ten", "twelve")}


def test_an_edited_legal_text_stays_in_all_languages_at_its_last_complete_version(desk):
    desk.save(LEGAL, edited())
    deployment = desk.deploy()
    assert deployment.waiting == (LEGAL,)
    assert [desk.content(LEGAL, locale) for locale in RULES] == list(RULES.values())


def test_the_gate_stays_open_for_everything_else(desk):
    desk.save(LEGAL, edited())
    desk.save(PLAIN, edited())
    desk.deploy()
    assert "twelve" in desk.content(PLAIN, "en")
    assert desk.content(PLAIN, "fr") == RULES["fr"]


def test_it_waits_until_the_last_language_is_there(desk):
    desk.save(LEGAL, edited())
    desk.deploy()
    desk.translate("fr")
    assert desk.deploy().waiting == (LEGAL,)
    assert "dix" in desk.content(LEGAL, "fr")
    desk.translate("ar")
    assert desk.deploy().waiting == ()
    assert "twelve" in desk.content(LEGAL, "en")
    assert "dix" not in desk.content(LEGAL, "fr")


def test_what_waits_is_still_sent_to_translators_once(desk):
    desk.save(LEGAL, edited())
    desk.deploy()
    packages = desk.house.packages()
    assert [[unit.source for unit in package.work] for package, _, _ in packages] == [
        ["A gardener may take twelve seeds."],
        ["A gardener may take twelve seeds."],
    ]
    desk.deploy()
    assert desk.house.packages() == []


def test_an_edit_while_it_waits_is_sent_against_what_readers_have(desk):
    desk.save(LEGAL, edited())
    desk.deploy()
    desk.save(LEGAL, RULES | {"en": RULES["en"].replace("ten", "fifteen")})
    assert desk.deploy().waiting == (LEGAL,)
    (unit,) = desk.house.packages(locales=("fr",))[0][0].work
    assert unit.previous_target == "Un jardinier peut prendre dix graines."
    assert unit.previous_source == "A gardener may take ten seeds."


def test_an_edit_that_is_taken_back_waits_for_nothing(desk):
    desk.save(LEGAL, edited())
    desk.deploy()
    desk.save(LEGAL, RULES)
    assert desk.deploy().waiting == ()
    assert desk.content(LEGAL, "fr") == RULES["fr"]


def test_a_legal_text_that_was_never_complete_is_not_served_at_all(desk):
    path = LEGAL.replace("f001", "f003")
    desk.settler = Settler(segment, align, lambda _record: (PLACES, True, False))
    desk.save(path, {"en": "<p>A new rule for the pond.</p>"}, {"en": "The pond"})
    assert desk.deploy().waiting == (path,)
    number = desk.house.service.deployments(desk.house.name)[0].number
    assert path not in desk.house.service.catalogs(desk.house.name, number)
    desk.translate("ar", "fr")
    assert desk.deploy().waiting == ()
    assert "A new rule" in desk.content(path, "en")


def test_a_harmless_edit_is_served_at_once(desk):
    desk.save(LEGAL, RULES | {"en": RULES["en"].replace("seeds.", "seeds!")})
    assert desk.deploy().waiting == ()
    assert "seeds!" in desk.content(LEGAL, "en")


def test_check_tells_what_it_waits_for(desk):
    desk.save(LEGAL, edited())
    gate = desk.house.service.check(desk.house.name)
    assert not gate.closed
    assert {(row["locale"], row["outcome"]) for row in gate.units} == {("ar", "waiting"), ("fr", "waiting")}


def test_a_rollback_serves_the_version_of_then_and_waits_as_then(desk):
    desk.save(LEGAL, edited())
    desk.translate("ar", "fr")
    desk.deploy()
    assert "twelve" in desk.content(LEGAL, "en")
    desk.house.service.rollback(desk.house.name, 1)
    assert [desk.content(LEGAL, locale) for locale in RULES] == list(RULES.values())


def test_a_removed_legal_text_is_gone_in_all_languages(desk):
    desk.save(LEGAL, edited())
    desk.deploy()
    desk.house.write({LEGAL: None})
    assert desk.deploy().waiting == ()
    assert json.dumps(LEGAL) not in json.dumps(sorted(desk.house.service.catalogs(desk.house.name, 3)))

"""Formats in the walk: files that hold all languages, plural messages, what developers say, catalogs a runtime loads."""

import gettext
import json
from dataclasses import replace
from io import BytesIO

import pytest
from lxml import etree

from extractors.source_code import SourceCode
from tests.fakes import BEGINNING, SITE, new_house
from tests.usecases.returns import SPACE, answered, files, units, zipped
from tm_service.domain.packages import Outcome
from tm_service.domain.serving import Rule
from tm_service.domain.site import ContentRule
from tm_service.domain.usage import CodeSettings
from tm_service.usecases.package_draft import Order

TABLE = "texts/garden.csv"
RUSSIAN = {"one": "семя", "few": "семени", "many": "семян", "other": "семени"}


@pytest.fixture
def made(tmp_path):
    """Houses of sites with these content rules."""
    houses = []

    def make(*rules: ContentRule, locales=("ar", "fr"), **more: object):
        houses.append(new_house(tmp_path, replace(SITE, content=rules, locales=locales, **more)))
        return houses[-1]

    yield make
    for house in houses:
        house.store.close()


def catalogs(house):
    return house.service.catalogs(house.name, house.service.deployments(house.name)[0].number)


def handed_off(house, locale):
    ((_, name, content),) = house.service.handoffs.package(house.name, Order((locale,)))
    return name, content


# one file, all languages


def test_a_table_of_all_languages_is_learned_packed_and_deployed_as_one_file(made):
    house = made(ContentRule("texts/*.csv", "csv", "{path}"))
    house.write({TABLE: "key,en,ar,fr\ngate,Close the gate,,Fermez le portail\nseed,Gather the seeds,,\n"})
    house.service.learn(house.name)
    house.service.deploy(house.name)
    name, content = handed_off(house, "fr")
    receipt = house.service.take_in(name, answered(content, {"Gather the seeds": "Récoltez les graines"}))
    assert (receipt.outcome, receipt.accepted) == (Outcome.ACCEPT, 1)
    name, content = handed_off(house, "ar")
    house.service.take_in(name, answered(content, {"Close the gate": "أغلق البوابة"}))
    house.service.deploy(house.name)
    assert catalogs(house) == {
        TABLE: (
            "key,en,ar,fr\n"
            "gate,Close the gate,أغلق البوابة,Fermez le portail\n"
            "seed,Gather the seeds,,Récoltez les graines\n"
        ).encode()
    }


def test_a_change_in_one_language_takes_the_others_along(made):
    house = made(ContentRule("texts/*.csv", "csv", "{path}"))
    house.write({TABLE: "key,en,ar,fr\ngate,Close the gate,أغلق البوابة,\nseed,Gather the seeds,,\n"})
    house.service.deploy(house.name)
    for locale, said in (("fr", "Fermez le portail"), ("ar", "اجمع البذور")):
        name, content = handed_off(house, locale)
        source = "Close the gate" if locale == "fr" else "Gather the seeds"
        house.service.take_in(name, answered(content, {source: said}))
        house.service.deploy(house.name)
    assert catalogs(house)[TABLE].decode().splitlines()[1:] == [
        "gate,Close the gate,أغلق البوابة,Fermez le portail",
        "seed,Gather the seeds,اجمع البذور,",
    ]


def test_what_was_deployed_and_comes_back_by_a_commit_changes_nothing(made):
    house = made(ContentRule("texts/*.csv", "csv", "{path}"))
    house.write({TABLE: "key,en,ar,fr\ngate,Close the gate,أغلق البوابة,Fermez le portail\n"})
    house.service.deploy(house.name)
    house.write({TABLE: catalogs(house)[TABLE]})
    deployed = house.service.deploy(house.name)
    assert {entry.rule for page in deployed.plan.pages.values() for entry in page.served} <= {Rule.CURRENT}
    assert deployed.plan.reverts == []


# plural messages


def test_a_plural_message_leaves_in_its_forms_and_is_served_as_its_format_writes_them(made):
    house = made(ContentRule("en/*.json", "json", "{locale}/{name}", dialect="i18next"), locales=("ru",))
    house.write(
        {"en/seeds.json": json.dumps({"seed_one": "{{count}} seed", "seed_other": "{{count}} seeds"}, indent=2)}
    )
    name, content = handed_off(house, "ru")
    assert [unit.get("id").rpartition(".")[2] for unit in units(content)] == ["one", "few", "many", "other"]
    receipt = house.service.take_in(name, in_forms(content, RUSSIAN))
    assert (receipt.outcome, receipt.accepted) == (Outcome.ACCEPT, 1)
    house.service.deploy(house.name)
    assert json.loads(catalogs(house)["ru/seeds.json"]) == {
        f"seed_{form}": f"{{{{count}}}} {word}" for form, word in RUSSIAN.items()
    }


def test_a_message_with_a_form_left_blank_is_not_served(made):
    house = made(ContentRule("en/*.json", "json", "{locale}/{name}", dialect="i18next"), locales=("ru",))
    house.write({"en/seeds.json": json.dumps({"seed_one": "{{count}} seed", "seed_other": "{{count}} seeds"})})
    name, content = handed_off(house, "ru")
    receipt = house.service.take_in(name, in_forms(content, RUSSIAN | {"few": ""}))
    assert (receipt.outcome, receipt.quarantined) == (Outcome.QUARANTINE, ("garden-1-ru.1",))
    assert any("few" in entry.message for entry in receipt.findings)


def test_the_one_form_of_a_language_is_learned_as_a_form(made):
    house = made(ContentRule("en/*.json", "json", "{locale}/{name}", dialect="vue-i18n"), locales=("zh",))
    house.write(
        {
            "en/seeds.json": json.dumps({"seed": "{n} seed | {n} seeds"}),
            "zh/seeds.json": json.dumps({"seed": "{n} 粒种子"}),
        }
    )
    house.service.learn(house.name)
    house.service.deploy(house.name)
    assert house.served("en/seeds.json", "seed", "zh").rule is Rule.CURRENT
    assert json.loads(catalogs(house)["zh/seeds.json"]) == {"seed": "{n} 粒种子"}


def in_forms(content, words):
    """A package with each form answered: its code and a word; nothing for a blank word."""
    parts = {name: part for name, part in files(content).items() if name.endswith(".xlf")}
    for name, part in parts.items():
        tree = etree.fromstring(part)
        for unit in tree.iter(f"{{{SPACE}}}trans-unit"):
            word = words[unit.get("id").rpartition(".")[2]]
            said = f'<ph id="1"/> {word}' if word else ""
            target = etree.fromstring(f'<target xmlns="{SPACE}" state="translated">{said}</target>')
            unit.replace(unit.find(f"{{{SPACE}}}target"), target)
        parts[name] = etree.tostring(tree)
    return zipped(parts)


# what developers say

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#. On the button. tm:maxlength=12
#: src/gate.py:7
msgid "Close"
msgstr ""

#. tm:ignore
msgid "Gardenia"
msgstr ""

msgid "One bed"
msgid_plural "%d beds"
msgstr[0] ""
msgstr[1] ""
"""


def test_what_developers_say_goes_along_and_holds(made):
    house = made(ContentRule("po/*.pot", "po", "po/{locale}/{stem}.po"))
    house.write({"po/garden.pot": PO.encode()})
    name, content = handed_off(house, "fr")
    close = next(unit for unit in units(content) if unit.findtext(f"{{{SPACE}}}source") == "Close")
    notes = [note.text for note in close.iter(f"{{{SPACE}}}note")]
    assert close.get("maxwidth") == "12"
    assert any("On the button." in note and "tm:" not in note for note in notes)
    assert not any(unit.findtext(f"{{{SPACE}}}source") == "Gardenia" for unit in units(content))
    receipt = house.service.take_in(name, answered(content, {"Close": "Fermer la grande porte"}))
    assert [entry.check for entry in receipt.findings if entry.unit in receipt.quarantined] == ["length"]


def test_what_a_runtime_loads_is_compiled_beside_the_catalog(made):
    rule = ContentRule("po/*.pot", "po", "po/{locale}/{stem}.po", compiled="po/{locale}/LC_MESSAGES/{stem}.mo")
    house = made(rule)
    house.write({"po/garden.pot": PO.encode()})
    name, content = handed_off(house, "fr")
    said = {"Close": "Fermer", "One bed": "Une planche", "%d beds": '<ph id="1"/> planches'}
    spoken = {"".join(unit.find(f"{{{SPACE}}}source").itertext()): unit for unit in units(content)}
    shown = {source: said.get(source) or said["%d beds"] for source in spoken}
    house.service.take_in(name, answered(content, shown))
    house.service.deploy(house.name)
    written = catalogs(house)
    assert {"po/fr/garden.po", "po/ar/garden.po", "po/fr/LC_MESSAGES/garden.mo", "po/ar/LC_MESSAGES/garden.mo"} == set(
        written
    )
    spoken = gettext.GNUTranslations(BytesIO(written["po/fr/LC_MESSAGES/garden.mo"]))
    assert spoken.gettext("Close") == "Fermer"
    assert [spoken.ngettext("One bed", "%d beds", number) for number in (1, 2)] == ["Une planche", "%d planches"]
    empty = gettext.GNUTranslations(BytesIO(written["po/ar/LC_MESSAGES/garden.mo"]))
    assert empty.gettext("Close") == "Close", "the runtime falls back by itself"


# what the site's code says

VIEW = """<template><h1>{{ $t('gate') }}</h1></template>
<script>import texts from '%s'; export default { name: 'GateView', i18n: { messages: { en: texts } } };</script>"""


def test_a_translator_is_told_where_a_text_appears(made):
    house = coded(made)
    _, content = handed_off(house, "fr")
    (unit,) = units(content)
    notes = "\n".join(note.text for note in unit.iter(f"{{{SPACE}}}note"))
    assert "Appears at GateView, app/gate.vue:1" in notes


def test_a_message_file_that_is_imported_no_more_is_an_alarm_of_that_deployment(made):
    house = coded(made)
    house.service.deploy(house.name)
    house.write({"app/gate.vue": VIEW % "../texts/gaet.json"})
    lost = [entry for entry in house.service.check(house.name).plan.findings if entry.check == "reach"]
    assert [entry.path for entry in lost] == ["texts/gate.json"]
    deployed = house.service.deploy(house.name).deployment
    assert [alarm.message for alarm in deployed.alarms] == [entry.message for entry in lost]
    assert house.service.deployments(house.name)[0].alarms == deployed.alarms
    assert house.service.deploy(house.name).deployment.alarms == ()


def test_others_may_write_while_the_code_of_a_site_is_read(made):
    """It takes longer than a lock may be held."""
    house, reads = coded(made), []

    class Busy(SourceCode):
        def read(self, document):
            with house.store.begin() as tx:
                tx.note(house.name, "look", {"file": document.path}, BEGINNING)
            reads.append(document.path)
            return super().read(document)

    service = replace(house.service, code=Busy)
    service.deploy(house.name)
    handed = service.package(house.name, locales=("fr",))
    house.write({"app/gate.vue": VIEW % "../texts/gaet.json"})
    found = service.check(house.name).plan.findings
    deployed = service.deploy(house.name).deployment
    assert len(handed) == 1
    assert [entry.message for entry in found] == [alarm.message for alarm in deployed.alarms]
    assert reads.count("app/gate.vue") == 1 + 2 + 2  # by package, check and deploy


def test_who_deploys_while_another_reads_the_code_reads_it_again(made):
    """What is no longer reached is told beside the deployment before, whoever made it."""
    house = coded(made)
    house.service.deploy(house.name)
    house.write({"app/gate.vue": VIEW % "../texts/gaet.json"})
    others = iter([house.service])

    class Overtaken(SourceCode):
        def read(self, document):
            for other in others:
                assert len(other.deploy(house.name).deployment.alarms) == 1
            return super().read(document)

    deployed = replace(house.service, code=Overtaken).deploy(house.name).deployment
    assert (deployed.number, deployed.alarms) == (3, ())


def coded(made):
    house = made(ContentRule("texts/*.json", "json", "i18n/{locale}/{name}"), source_code=CodeSettings())
    house.write(
        {"texts/gate.json": json.dumps({"gate": "Close the gate"}), "app/gate.vue": VIEW % "../texts/gate.json"}
    )
    return house


# formats told by content


def test_formats_are_told_by_content_and_said(made):
    house = made(ContentRule("texts/**", "auto", "i18n/{locale}/{tail}"))
    house.write(
        {
            "texts/a.json": json.dumps({"gate": "Close the gate"}),
            "texts/b.properties": b"gate=Close the gate\n",
            "texts/c.xyz": b"?",
        }
    )
    report = house.service.check_site(house.name)
    assert report.rules[0].formats == {"json": 1, "properties": 1}
    assert ["neither its name nor its content" in entry.message for entry in report.findings] == [True]
    house.service.take_in(*returned(house, {"Close the gate": "Fermez le portail"}))
    house.service.deploy(house.name)
    assert catalogs(house)["i18n/fr/b.properties"] == b"gate=Fermez le portail\n"


def returned(house, said):
    name, content = handed_off(house, "fr")
    return name, answered(content, said)

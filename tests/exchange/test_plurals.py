"""Plurals: one message leaves as the forms the target language has and comes back as one, whatever became of its forms."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from locales import LANGUAGES
from tests.exchange.samples import package, unit
from tests.usecases.returns import files, zipped
from tm_service.domain.handoffs import Detail, Handoff
from tm_service.domain.packages import PackageUnit, Stage
from tm_service.domain.plurals import Plural, parse_plural
from tm_service.exchange.exporter import PackageExporter
from tm_service.exchange.plurals import plural_units
from tm_service.exchange.profiles import profile
from tm_service.exchange.seal import KeyRing

SPACE = "{urn:oasis:names:tc:xliff:document:1.2}"
SOURCE = str(Plural("n", {"=0": "No jars", "one": "{n} jar of <b>honey</b>", "other": "{n} jars of <b>honey</b>"}))
TEXTS = st.text("ab {}#'é", min_size=1).filter(str.strip)
FRENCH = {
    "=0": "Aucun pot",
    "one": '<x id="1"/> pot de <g id="2">miel</g>',
    "many": '<x id="1"/> de pots de <g id="2">miel</g>',
    "other": '<x id="1"/> pots de <g id="2">miel</g>',
}


@pytest.fixture
def exporter(tmp_path):
    return PackageExporter(KeyRing(tmp_path / "keys"))


def sent(*units: PackageUnit, locale="fr", **more: Any):
    made = replace(package(*units), locale=locale, **more)
    return Handoff(made, profile=profile("generic"))


def texts(content):
    """The sources of a package's units by id."""
    found = {}
    for name, part in files(content).items():
        if name.endswith(".xlf"):
            for one in etree.fromstring(part).iter(f"{SPACE}trans-unit"):
                found[one.get("id")] = one
    return found


def answered(content, answers, state="translated"):
    parts = {name: part for name, part in files(content).items() if name.endswith(".xlf")}
    for name, part in parts.items():
        tree = etree.fromstring(part)
        for one in tree.iter(f"{SPACE}trans-unit"):
            form = one.get("id").rpartition(".")[2].replace("is", "=")
            if form in answers:
                target = etree.fromstring(f'<target xmlns="{SPACE[1:-1]}">{answers[form]}</target>')
                said = state.get(form, "translated") if isinstance(state, dict) else state
                target.set("state", said)
                old = one.find(f"{SPACE}target")
                one.replace(old, target)
        parts[name] = etree.tostring(tree)
    return zipped(parts)


def copied(content):
    """A package in which every target is its source with a letter before it."""
    parts = {name: part for name, part in files(content).items() if name.endswith(".xlf")}
    for name, part in parts.items():
        tree = etree.fromstring(part)
        for one in tree.iter(f"{SPACE}trans-unit"):
            target = deepcopy(one.find(f"{SPACE}source"))
            target.tag, target.text = f"{SPACE}target", f"é{target.text or ''}"
            target.set("state", "translated")
            one.replace(one.find(f"{SPACE}target"), target)
        parts[name] = etree.tostring(tree)
    return zipped(parts)


def returned(exporter, handoff, content):
    (answer,) = exporter.read("back.zip", content, lambda _names: [handoff.package], lambda: [handoff.package])
    return answer


def message(exporter, handoff, content):
    (seen,) = returned(exporter, handoff, content).units
    return exporter.rebuild(seen, handoff.package.units[0])


@pytest.mark.parametrize("locale", [code for code in LANGUAGES if code != "en"])
def test_there_is_one_unit_for_each_form_of_the_language_in_one_group(locale):
    made = plural_units(unit("seeds-7-xx.1", SOURCE, key=("jars",)), locale, Detail(note="Below the list.", limit=40))
    assert [form.key for form, _ in made] == [("jars", "=0"), *(("jars", name) for name in LANGUAGES[locale].plurals)]
    assert {detail.group for _, detail in made} == {"seeds-7-xx.1.forms"}
    assert all(detail.note.startswith("Below the list.\nPlural form “") and detail.limit == 40 for _, detail in made)
    assert made[0][1].note.endswith("for exactly 0.")
    one = {form.key[-1]: form.source for form, _ in made}
    assert one["other"] == "{n} jars of <b>honey</b>"
    assert one["=0"] == "No jars"


def test_any_other_text_has_no_forms():
    assert plural_units(unit("a.1", "{n} jars"), "fr") == ()


def test_forms_come_back_as_one_message(exporter):
    handoff = sent(unit("seeds-7-fr.1", SOURCE, key=("jars",)))
    _, content = exporter.write(handoff)
    assert [id_.rpartition(".")[2] for id_ in texts(content)] == ["is0", "one", "many", "other"]
    seen = message(exporter, handoff, answered(content, FRENCH))
    assert (seen.id, seen.stage, seen.findings) == ("seeds-7-fr.1", Stage.TRANSLATED, ())
    assert dict(parse_plural(seen.target).forms) == {
        "=0": "Aucun pot",
        "one": "{n} pot de <b>miel</b>",
        "many": "{n} de pots de <b>miel</b>",
        "other": "{n} pots de <b>miel</b>",
    }


def test_a_message_nobody_worked_on_is_as_it_left(exporter):
    left = str(Plural("n", {"=0": "Aucun", "one": "{n} pot", "many": "{n} de pots", "other": "{n} pots"}))
    handoff = sent(unit("seeds-7-fr.1", SOURCE, previous_target=left, previous_source=SOURCE, offered=left))
    _, content = exporter.write(handoff)
    seen = message(
        exporter, handoff, zipped({name: part for name, part in files(content).items() if "xliff12" in name})
    )
    assert seen.target == left


def test_a_form_left_blank_is_blank_and_all_blank_is_no_answer(exporter):
    handoff = sent(unit("seeds-7-fr.1", SOURCE))
    _, content = exporter.write(handoff)
    seen = message(exporter, handoff, answered(content, FRENCH | {"many": ""}))
    assert parse_plural(seen.target).forms["many"] == ""
    assert message(exporter, handoff, answered(content, {})).target == ""


def test_a_message_is_as_far_as_the_least_of_its_forms(exporter):
    handoff = sent(unit("seeds-7-fr.1", SOURCE))
    _, content = exporter.write(handoff)
    state = {"=0": "final", "one": "needs-adaptation", "many": "translated", "other": "final"}
    assert message(exporter, handoff, answered(content, FRENCH, state)).stage is Stage.DRAFT
    assert message(exporter, handoff, answered(content, FRENCH, "final")).stage is Stage.APPROVED


def test_a_code_that_a_form_does_not_have_is_said_of_the_message(exporter):
    handoff = sent(unit("seeds-7-fr.1", SOURCE))
    _, content = exporter.write(handoff)
    (seen,) = returned(exporter, handoff, answered(content, FRENCH | {"one": 'un pot <x id="9"/>'})).units
    assert {entry.unit for entry in seen.findings} == {"seeds-7-fr.1"}


def test_other_units_of_the_package_stay_what_they_are(exporter):
    handoff = sent(unit("seeds-7-fr.1", "Jars", key=("a",)), unit("seeds-7-fr.2", SOURCE, key=("b",)))
    _, content = exporter.write(handoff)
    answer = returned(exporter, handoff, answered(content, FRENCH | {"1": "Pots"}))
    assert {seen.id for seen in answer.units} == {"seeds-7-fr.1", "seeds-7-fr.2"}


def test_the_forms_of_a_format_that_is_icu_keep_its_syntax(exporter):
    source = "{n, plural, one {# seed for {name}} other {# seeds for {name}}}"
    handoff = sent(unit("seeds-7-zh.1", source), locale="zh")
    _, content = exporter.write(handoff)
    seen = message(exporter, handoff, answered(content, {"other": '给<x id="1"/>的 # 粒种子'}))
    assert seen.target == "{n, plural, other {给{name}的 # 粒种子}}"


@given(st.dictionaries(st.sampled_from(["one", "=0", "=2"]), TEXTS), TEXTS)
def test_every_form_comes_back_to_the_letter(tmp_path_factory, forms, other):
    """Each form is answered with its own source and a letter before it."""
    exporter = PackageExporter(KeyRing(tmp_path_factory.mktemp("keys")))
    plural = Plural("n", forms | {"other": other})
    handoff = sent(unit("seeds-7-fr.1", str(plural)))
    _, content = exporter.write(handoff)
    back = parse_plural(message(exporter, handoff, copied(content)).target)
    names = {"=0": "=0", "=2": "=2"}.keys() & forms.keys() | {"one", "many", "other"}
    assert dict(back.forms) == {name: f"é{plural.form(name)}" for name in names}

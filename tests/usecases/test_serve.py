"""Serve: each sentence of the design's "What is served", one unit at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from memory import match
from tm_service.domain.edits import EditClass
from tm_service.domain.serving import Answer, Origin, Rule, Translation
from tm_service.domain.site import ContentRule, Policy, State
from tm_service.domain.text import fingerprint
from tm_service.domain.units import About, Unit
from tm_service.usecases.serve import Knowledge, serve, serve_codes

AT = datetime(2026, 1, 5, tzinfo=UTC)
RULE = ContentRule("**", "json", "i18n/{locale}/{path}")
STATES = frozenset({State.TRANSLATED, State.REVIEWED, State.APPROVED})
SOURCE = "Send the report within 30 days"
UNIT = Unit("text/a.json", ("lead",), SOURCE)


def known(target, source=SOURCE, *, number=1, days=0, key=("lead",), **more: object):
    entry = Translation(
        "garden", "fr", "text/a.json", key, fingerprint(source), source, target, AT + timedelta(days=days), Origin.SITE,
        number=number, reference="1234567890abcdef",
    )  # fmt: skip
    return replace(entry, **more)


def asked(unit=UNIT, rule=RULE, states=STATES, **knowledge: object):
    return serve(unit, Knowledge(**knowledge), rule, states, match)


def test_its_own_current_translation_goes_first():
    found = asked(own=[known("Envoyez")], elsewhere=[known("Ailleurs", key=("x",), number=2)])
    assert (found.text, found.rule, found.translation) == ("Envoyez", Rule.CURRENT, 1)
    assert found.why == "translated from this source, site 1234567890ab of 2026-01-05"


def test_of_two_current_translations_the_newest_is_served():
    assert asked(own=[known("Avant"), known("Après", number=2, days=1)]).text == "Après"


def test_a_translation_that_is_not_far_enough_is_not_served():
    assert asked(own=[known("Essai", state=State.PROPOSAL)]).rule is Rule.MISSING
    approved = frozenset({State.APPROVED})
    assert asked(own=[known("Brouillon")], states=approved).rule is Rule.MISSING
    assert asked(own=[known("Fini", state=State.APPROVED)], states=approved).rule is Rule.CURRENT


def test_what_readers_have_stays_when_the_site_asks_for_a_higher_state():
    hold = replace(RULE, serve={EditClass.SPACE: Policy.HOLD})
    entry = known("Envoyez")
    found = asked(own=[entry], last=entry, states=frozenset({State.APPROVED}), rule=hold)
    assert (found.text, found.rule) == ("Envoyez", Rule.KEPT)


def test_the_same_source_elsewhere_goes_before_an_older_text_of_its_own():
    found = asked(
        own=[known("Vieux", "Send the report within 60 days")], elsewhere=[known("Ailleurs", key=("x",), number=2)]
    )
    assert (found.text, found.rule, found.translation) == ("Ailleurs", Rule.MEMORY, 2)
    assert found.why.startswith("the same text in the same file: text/a.json, site 1234567890ab")


def test_a_proposal_elsewhere_is_no_memory():
    assert asked(elsewhere=[known("Essai", key=("x",), state=State.PROPOSAL)]).rule is Rule.MISSING


@pytest.mark.parametrize(
    ("before", "edit", "rule"),
    [
        ("Send the report  within 30 days", EditClass.SPACE, Rule.KEPT),
        ("send the report within 30 days", EditClass.CASE, Rule.KEPT),
        ("Send the report within 30 days.", EditClass.PUNCTUATION, Rule.KEPT),
        ("Send <b>the report</b> within 30 days", EditClass.MARKUP, Rule.KEPT),
        ("Send the reprot within 30 days", EditClass.SPELLING, Rule.KEPT),
        ("Send the report within 60 days", EditClass.NUMBER, Rule.DATED),
        ("Do not send the report within 30 days", EditClass.NEGATION, Rule.DATED),
        ("You may send the report within 30 days", EditClass.MODALITY, Rule.DATED),
        ("Within 30 days send the report", EditClass.REORDER, Rule.DATED),
        ("Water the plants", EditClass.REWRITE, Rule.DATED),
    ],
)
def test_the_last_good_translation_is_kept_or_dated_by_what_the_edit_changed(before, edit, rule):
    found = asked(own=[known("Envoyez", before)])
    assert (found.text, found.rule, found.edit) == ("Envoyez", rule, edit)
    assert found.why.startswith(f"the source changed since ({edit}); site")


def test_a_rule_may_say_by_edit_class_what_is_kept_and_what_is_held():
    rule = replace(RULE, serve={EditClass.NUMBER: Policy.HOLD, EditClass.SPACE: Policy.KEEP_DATED})
    assert asked(own=[known("Envoyez", "Send the report within 60 days")], rule=rule).rule is Rule.HELD
    assert asked(own=[known("Envoyez", "Send the report  within 30 days")], rule=rule).rule is Rule.DATED


def test_a_parity_group_holds_what_is_behind_and_keeps_what_is_harmless():
    parity = replace(RULE, parity=True)
    held = asked(own=[known("Envoyez", "Send the report within 60 days")], rule=parity)
    assert (held.rule, held.text) == (Rule.HELD, "Envoyez")
    assert held.why.startswith("held until it is translated or waived")
    assert asked(own=[known("Envoyez", f"{SOURCE}.")], rule=parity).rule is Rule.KEPT


def test_a_text_that_its_developers_call_legal_is_held_as_in_a_parity_group():
    legal = replace(UNIT, about=About(legal=True))
    assert asked(legal, own=[known("Envoyez", "Send the report within 60 days")]).rule is Rule.HELD
    assert asked(legal, own=[known("Envoyez", f"{SOURCE}.")]).rule is Rule.KEPT


@pytest.mark.parametrize("policy", [Policy.HOLD, Policy.SOURCE])
def test_a_waiver_opens_the_gate_with_the_source_text(policy):
    rule = replace(RULE, serve={EditClass.NUMBER: policy})
    own = [known("Envoyez", "Send the report within 60 days")]
    assert asked(own=own, rule=rule).rule is Rule.HELD
    found = asked(own=own, rule=rule, waived=True)
    assert (found.rule, found.text, found.translation) == (Rule.WAIVED, SOURCE, 0)
    assert found.why == "a waiver allows the source text"


def test_a_waiver_takes_nothing_from_readers_where_nothing_is_held():
    assert asked(own=[known("Envoyez")], waived=True).rule is Rule.CURRENT
    assert asked(own=[known("Envoyez", "Send the report within 60 days")], waived=True).rule is Rule.DATED


def test_the_nearest_older_source_decides_and_the_newest_of_equals():
    own = [
        known("ponctuation", f"{SOURCE}.", number=1),
        known("ponctuation neuve", f"{SOURCE}!", number=2, days=1),
        known("nombre", "Send the report within 60 days", number=3, days=2),
    ]
    assert asked(own=own).text == "ponctuation neuve"


def test_a_harmless_edit_is_nearer_than_any_that_is_not():
    linked = f'{SOURCE} <a href="https://example.org/x">here</a>'
    unit = Unit("text/a.json", ("lead",), linked.replace("/x", "/y"))
    own = [known("lien", linked, number=2, days=1), known("orthographe", unit.source.replace("report", "reprot"))]
    found = asked(unit, own=own)
    assert (found.text, found.rule) == ("orthographe", Rule.KEPT)


def test_a_placeholder_renamed_one_to_one_is_carried_over():
    unit = Unit("text/a.json", ("lead",), "Hello {person}, you have {count} beds")
    found = asked(unit, own=[known("Bonjour {name}, {count} planches", "Hello {name}, you have {count} beds")])
    assert (found.text, found.rule) == ("Bonjour {person}, {count} planches", Rule.DATED)
    assert found.why.startswith("renamed placeholder carried over; the source changed since (placeholder)")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Hello {name}", "Hello"),
        ("Hello {name} of {place}", "Hello {person} of {town}"),
        ("Hello {name}", "Hello {person} of {town}"),
    ],
)
def test_a_translation_that_needs_a_placeholder_that_is_gone_closes_the_gate(before, now):
    unit = Unit("text/a.json", ("lead",), now)
    own = [known(before.replace("Hello", "Bonjour").replace("of", "de"), before)]
    found = asked(unit, own=own)
    assert found.rule is Rule.HELD
    assert "needs a placeholder that the source no longer has" in found.why
    assert asked(unit, own=own, waived=True).rule is Rule.WAIVED


def test_an_unsafe_translation_gives_way_to_an_older_safe_one():
    unit = Unit("text/a.json", ("lead",), "Hello friend")
    own = [known("Bonjour", "Hello dear friend"), known("Bonjour {name}", "Hello {name} friend", number=2, days=1)]
    assert asked(unit, own=own).text == "Bonjour"


def test_a_placeholder_that_the_source_never_had_is_not_this_edits_doing():
    unit = Unit("text/a.json", ("lead",), "Hello friend!")
    assert asked(unit, own=[known("Bonjour {nom}", "Hello friend")]).rule is Rule.KEPT


def test_a_translation_of_an_unknown_source_is_served_dated():
    found = asked(own=[known("Envoyez", fingerprint="md5:00", source="")])
    assert (found.rule, found.edit) == (Rule.DATED, EditClass.REWRITE)


def test_what_readers_have_from_the_memory_is_the_last_good_translation_of_the_unit():
    entry = known("Ailleurs", "Send the report within 60 days", key=("x",), number=5)
    found = asked(last=entry)
    assert (found.text, found.rule, found.translation) == ("Ailleurs", Rule.DATED, 5)


def test_the_same_as_the_source_is_an_answer():
    unit = Unit("text/a.json", ("lead",), "Documents")
    found = asked(unit, own=[known("Documents", "Documents", answer=Answer.SAME)])
    assert (found.rule, found.answer, found.text) == (Rule.CURRENT, Answer.SAME, "Documents")


def test_the_same_as_the_source_follows_a_harmless_edit_and_no_other():
    own = [known("Documents", "Documents", answer=Answer.SAME)]
    followed = asked(Unit("text/a.json", ("lead",), "documents"), own=own)
    assert (followed.rule, followed.text) == (Rule.KEPT, "documents")
    assert asked(Unit("text/a.json", ("lead",), "Orchards"), own=own).rule is Rule.MISSING


def test_a_copy_in_the_sites_files_replaces_no_text():
    unit = Unit("text/a.json", ("lead",), "Documents")
    copy = known("Documents", "Documents", number=2, days=1, answer=Answer.SAME)
    assert asked(unit, own=[known("Pièces", "Documents"), copy]).text == "Pièces"
    assert asked(unit, own=[known("Pièce", "Document"), copy]).text == "Pièce"
    assert asked(unit, own=[copy], last=known("Pièces", "Documents", key=("x",))).rule is not Rule.CURRENT
    said = replace(copy, origin=Origin.PACKAGE)
    assert asked(unit, own=[known("Pièces", "Documents"), said]).answer is Answer.SAME


def test_empty_on_purpose_is_an_answer():
    found = asked(own=[known("", answer=Answer.EMPTY)])
    assert (found.rule, found.answer, found.text) == (Rule.CURRENT, Answer.EMPTY, "")


def test_the_source_text_is_only_for_what_was_never_translated():
    found = asked()
    assert (found.rule, found.text, found.why, found.translated) == (Rule.MISSING, SOURCE, "never translated", False)


def test_a_code_that_differs_by_locale_stands_and_a_former_text_does_not():
    link = Unit("text/a.json", ("link",), "#/home")
    assert serve_codes([link, UNIT], {("link",): [known("#/accueil", "#/start")], UNIT.key: [known("x")]}) == {
        ("link",): "#/accueil"
    }
    assert serve_codes([link], {("link",): [known("Accueil", "Home")]}) == {}
    assert serve_codes([link], {}) == {}

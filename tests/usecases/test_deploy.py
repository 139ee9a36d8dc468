"""Deploy, check, roll back: what readers see moves as a whole, by the book, and only then."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes import SITE
from tests.laws.world import answered
from tm_service.domain.errors import ConfigurationError, Conflict, GateClosed, NotFound
from tm_service.domain.serving import Answer, Rule
from tm_service.domain.site import ContentRule, State
from tm_service.domain.units import Revision

A, B = "text/home.json", "text/forms/sow.json"
LEAD, HINT = "Gather the seeds of every plant", "Water the young plants in the evening"


def fr(path):
    return f"i18n/fr/{path}"


def held(house):
    house.site = replace(SITE, content=(replace(SITE.content[0], parity=True),))
    house.write({A: {"lead": LEAD, "hint": HINT}, fr(A): {"lead": "Récoltez", "hint": "Arrosez"}})
    house.deploy()
    house.write({A: {"lead": f"{LEAD} 2", "hint": HINT}})


def test_a_deployment_has_a_complete_catalog_for_each_file_and_locale(house):
    house.write({A: {"lead": LEAD}, B: {"hint": HINT}, fr(A): {"lead": "Récoltez"}})
    made = house.service.deploy(house.name)
    assert sorted(made.changed) == [f"i18n/{locale}/{path}" for locale in ("ar", "fr") for path in (B, A)]
    assert house.service.catalogs(house.name, 1) == made.changed
    assert house.shown(1) == {(B, ("hint",)): HINT, (A, ("lead",)): "Récoltez"}


def test_only_what_changed_is_written_again(house):
    house.write({A: {"lead": LEAD}, B: {"hint": HINT}})
    house.deploy()
    house.write({B: {"hint": f"{HINT}!"}, "README": "hello"})
    made = house.service.deploy(house.name)
    assert sorted(made.changed) == [f"i18n/ar/{B}", fr(B)]
    again = house.service.deploy(house.name)
    assert (again.changed, again.removed) == ({}, ())
    assert house.service.catalogs(house.name, 3) == house.service.catalogs(house.name, 2)


def test_a_file_that_is_gone_is_gone_from_the_catalogs(house):
    house.write({A: {"lead": LEAD}, B: {"hint": HINT}})
    house.deploy()
    house.write({B: None})
    made = house.service.deploy(house.name)
    assert made.removed == (f"i18n/ar/{B}", fr(B))
    assert sorted(house.service.catalogs(house.name, 2)) == [f"i18n/ar/{A}", fr(A)]
    assert sorted(house.service.catalogs(house.name, 1)) == [f"i18n/ar/{B}", f"i18n/ar/{A}", fr(B), fr(A)]
    assert house.service.coverage(house.name).locales["fr"].units.units == 1


def test_a_unit_removed_and_added_again_has_its_translation_at_once(house):
    house.write({A: {"lead": LEAD, "hint": HINT}, fr(A): {"lead": "Récoltez"}})
    house.deploy()
    house.write({A: {"hint": HINT}, fr(A): None})
    house.deploy()
    house.write({A: {"hint": HINT, "lead": LEAD}})
    house.deploy()
    assert house.served(A, "lead").rule is Rule.CURRENT


def test_a_unit_that_moves_twice_keeps_what_it_had(house):
    house.write({A: {"lead": LEAD}, fr(A): {"lead": "Récoltez"}})
    house.deploy()
    house.write({A: None, B: {"lead": LEAD}})
    house.deploy()
    house.write({B: {"other": {"name": LEAD}}})
    house.deploy()
    found = house.served(B, "other.name")
    assert (found.text, found.rule) == ("Récoltez", Rule.CURRENT)


def test_a_unit_edited_in_a_renamed_file_is_served_dated(house):
    house.write({A: {"lead": LEAD, "hint": HINT}, fr(A): {"lead": "Récoltez", "hint": "Arrosez"}})
    house.deploy()
    house.write({A: None, B: {"lead": f"{LEAD} in 30 days", "hint": HINT}})
    house.deploy()
    assert (house.served(B, "lead").text, house.served(B, "lead").rule) == ("Récoltez", Rule.DATED)


def test_a_torn_file_keeps_its_last_good_units_and_is_named(house):
    house.write({A: {"lead": LEAD}, B: {"hint": HINT}, fr(A): {"lead": "Récoltez"}})
    house.deploy()
    house.write({A: '{"lead": "Ga', B: {"hint": f"{HINT}!"}})
    made = house.service.deploy(house.name)
    assert [(finding.check, finding.path) for finding in made.plan.findings] == [("extraction", A)]
    assert house.service.catalogs(house.name, 2)[fr(A)] == house.service.catalogs(house.name, 1)[fr(A)]
    assert made.deployment.coverage["fr"].units.units == 2


def test_what_was_torn_edited_and_renamed_is_followed_from_what_readers_had(house):
    house.write({A: {"lead": LEAD, "hint": HINT}, fr(A): {"lead": "Récoltez", "hint": "Arrosez"}})
    house.deploy()
    house.write({A: "{"})
    house.deploy()
    house.write({A: None, B: {"lead": f"{LEAD} in 30 days", "hint": HINT}})
    house.deploy()
    assert (house.served(B, "lead").text, house.served(B, "lead").rule) == ("Récoltez", Rule.DATED)


def test_a_gate_names_what_is_held_and_keeps_what_readers_have(house):
    held(house)
    dump = besides_the_journal(house)
    with pytest.raises(GateClosed, match=f"The gate is closed for 1 unit: fr {A} lead \\(held until"):
        house.deploy()
    assert besides_the_journal(house) == dump
    with house.store.read() as tx:
        assert tx.audit()[-1].entry.verb == "gate closed"


def besides_the_journal(house):
    return [line for line in house.dump().splitlines() if 'INSERT INTO "journal"' not in line]


def test_a_translation_opens_the_gate(house):
    held(house)
    _, (_, name, content) = house.packages()
    house.service.take_in(name, answered(content, lambda _place: 0))
    assert house.deploy() == 2
    assert house.served(A, "lead").rule is Rule.CURRENT


def test_check_says_what_a_deployment_would_do_and_keeps_nothing(house):
    held(house)
    dump = house.dump()
    gate = house.service.check(house.name)
    assert gate.closed
    assert {(row["locale"], row["key"], row["outcome"]) for row in gate.units} == {
        ("fr", "lead", "held"),
        ("ar", "lead", "missing"),
        ("ar", "hint", "missing"),
    }
    assert house.dump() == dump


def test_check_tells_new_english_from_what_is_stale(house):
    house.write({A: {"lead": LEAD}, fr(A): {"lead": "Récoltez"}})
    house.deploy()
    house.write({A: {"lead": f"{LEAD} in 30 days", "hint": HINT}})
    gate = house.service.check(house.name)
    found = {(row["locale"], row["key"]): (row["outcome"], row["edit_class"]) for row in gate.units}
    assert found["fr", "lead"][0] == "stale"
    assert found["fr", "hint"] == ("new", None)
    assert not gate.closed


def test_a_rehearsed_deployment_keeps_nothing(house):
    house.write({A: {"lead": LEAD}})
    dump = house.dump()
    assert house.service.deploy(house.name, rehearse=True).deployment.number == 1
    assert house.dump() == dump


def test_a_pushed_deployment_is_one_commit_of_all_catalogs_with_our_trailer(house):
    house.write({A: {"lead": LEAD}, fr(A): {"lead": "Récoltez"}})
    made = house.service.deploy(house.name, push=True)
    (commit,) = list(house.repository.history("main"))[1:]
    assert commit.revision.id == made.deployment.commit
    assert commit.message == "Translations: deployment 1\n\nTranslations-Deployment: garden/1\n"
    assert {change.path for change in commit.changes} == set(made.changed)


def test_a_site_that_moves_while_it_is_deployed_is_read_anew(house, monkeypatch):
    house.write({A: {"lead": LEAD}})
    really, moved = house.repository.commit, []

    def commit(onto: Revision, files: dict[str, bytes], **how: object) -> Revision:
        if not moved:
            moved.append(house.write({B: {"hint": HINT}}))
        return really(onto, files, **how)

    monkeypatch.setattr(house.repository, "commit", commit)
    made = house.service.deploy(house.name, push=True)
    assert made.deployment.revision == moved[0]
    assert fr(B) in made.changed
    assert len(house.service.deployments(house.name)) == 1


def test_a_site_that_never_stands_still_is_a_conflict(house, monkeypatch):
    house.write({A: {"lead": LEAD}})

    def commit(*_args: object, **_how: object) -> Revision:
        raise Conflict("The branch main moved meanwhile.")

    monkeypatch.setattr(house.repository, "commit", commit)
    with pytest.raises(Conflict, match="branch main moved meanwhile"):
        house.service.deploy(house.name, push=True)
    assert house.service.deployments(house.name) == []


def test_a_rollback_serves_the_old_bytes_as_a_new_deployment(house):
    house.write({A: {"lead": LEAD}})
    house.deploy()
    house.write({A: {"lead": f"{LEAD} 2"}, B: {"hint": HINT}})
    house.deploy()
    restored = house.service.rollback(house.name, 1)
    assert (restored.number, restored.restores) == (3, 1)
    assert house.service.catalogs(house.name, 3) == house.service.catalogs(house.name, 1)
    assert house.service.rollback(house.name, 3).number == 3
    with pytest.raises(NotFound, match="has no deployment 9"):
        house.service.rollback(house.name, 9)


def test_a_rollback_that_serves_less_is_an_alarm(house):
    house.write({A: {"lead": LEAD}})
    house.deploy()
    house.write({fr(A): {"lead": "Récoltez"}})
    house.deploy()
    assert house.service.rollback(house.name, 2).alarms == ()
    (alarm,) = house.service.rollback(house.name, 1).alarms
    assert (alarm.locale, alarm.lost, alarm.deployment) == ("fr", 1, 3)
    assert house.service.deployments(house.name)[0].alarms == (alarm,)


def test_after_a_rollback_the_memory_helps_again(house):
    house.write({A: {"lead": LEAD}, B: {"other": LEAD}})
    house.deploy()
    house.write({fr(A): {"lead": "Récoltez"}})
    house.deploy()
    assert house.served(B, "other").rule is Rule.MEMORY
    house.service.rollback(house.name, 1)
    house.deploy()
    assert house.served(B, "other").rule is Rule.MEMORY


def test_asking_for_a_higher_state_takes_nothing_from_readers(house):
    house.write({A: {"lead": "Documents"}, fr(A): {"lead": "Pièces"}})
    house.deploy()
    house.site = replace(SITE, minimum_state=State.APPROVED)
    assert house.service.deploy(house.name).deployment.alarms == ()
    assert (house.served(A, "lead").rule, house.served(A, "lead").text) == (Rule.KEPT, "Pièces")


def test_coverage_that_falls_though_no_source_changed_is_an_alarm(house):
    """A stricter rule and a waiver: nothing was edited, and readers have less."""
    house.write({A: {"lead": "Gather 2 seeds"}, fr(A): {"lead": "Récoltez 2 graines"}})
    house.deploy()
    house.write({A: {"lead": "Gather 3 seeds"}})
    house.deploy()
    house.site = replace(SITE, content=(replace(SITE.content[0], parity=True),))
    waive(house)
    made = house.service.deploy(house.name)
    (alarm,) = made.deployment.alarms
    assert (alarm.locale, alarm.lost) == ("fr", 1)
    assert alarm.message == "Coverage of fr fell by 1 unit in deployment 3 though their source had not changed."
    house.site = replace(house.site, alarm_at=1.0)
    assert house.service.deployments(house.name)[0].alarms == (alarm,)


def waive(house, days=3):
    until = house.repository.clock() + timedelta(days=days)
    return house.service.waive(house.name, "fr", A, ("lead",), by="Ana", reason="A new rule.", until=until)


def test_what_a_waiver_permits_is_shown_in_english_until_it_ends(house):
    held(house)
    waive(house)
    house.deploy()
    assert house.shown(2)[A, ("lead",)] == f"{LEAD} 2"
    house.repository.clock.now += timedelta(days=4)
    with pytest.raises(GateClosed):
        house.deploy()


def test_settings_that_changed_are_applied_to_every_page(house):
    house.write({A: {"lead": LEAD}, fr(A): {"lead": "Récoltez"}})
    house.deploy()
    house.site = replace(SITE, content=(ContentRule("text/**/*.json", "json", "out/{locale}/{path}"),))
    house.deploy()
    assert sorted(house.service.catalogs(house.name, 2)) == [f"out/ar/{A}", f"out/fr/{A}"]


def test_what_the_settings_no_longer_name_goes(house):
    house.write({A: {"lead": LEAD}, B: {"hint": HINT}})
    house.deploy()
    house.site = replace(SITE, locales=("fr",), content=(replace(SITE.content[0], match="text/*.json"),))
    made = house.service.deploy(house.name)
    assert sorted(house.service.catalogs(house.name, 2)) == [fr(A)]
    assert {locale: coverage.units.units for locale, coverage in made.deployment.coverage.items()} == {"fr": 1}


def test_two_sources_with_one_target_are_refused(house):
    house.site = replace(SITE, content=(replace(SITE.content[0], target="i18n/{locale}/{name}"),))
    house.write({"text/a/x.json": {"lead": LEAD}, "text/b/x.json": {"hint": HINT}})
    with pytest.raises(ConfigurationError, match=r"text/a/x.json and text/b/x.json would both be written to"):
        house.deploy()


def test_a_late_return_for_a_moved_unit_reaches_the_page_it_stands_on(house):
    house.write({A: {"lead": LEAD}})
    house.deploy()
    _, (_, name, content) = house.packages()
    house.write({A: None, B: {"intro": LEAD}})
    house.deploy()
    house.service.take_in(name, answered(content, lambda _place: 0))
    house.deploy()
    assert house.served(B, "intro").rule is Rule.CURRENT


def test_a_link_of_the_french_page_stays_french(house):
    house.write({A: {"lead": LEAD, "link": "#/home"}, fr(A): {"lead": "Récoltez", "link": "#/accueil"}})
    house.deploy()
    catalog = json.loads(house.service.catalogs(house.name, 1)[fr(A)])
    assert catalog["link"] == "#/accueil"
    house.write({A: {"lead": "#/seeds", "link": "#/home"}})
    house.deploy()
    assert json.loads(house.service.catalogs(house.name, 2)[fr(A)])["lead"] == "#/seeds"


def test_a_copy_of_the_english_delivered_over_a_label_takes_nothing(house):
    house.write({A: {"lead": "Documents"}, fr(A): {"lead": "Pièces"}})
    house.deploy()
    house.write({fr(A): {"lead": "Documents"}})
    house.deploy()
    assert (house.served(A, "lead").text, house.served(A, "lead").answer) == ("Pièces", Answer.TEXT)


def test_catalogs_are_written_into_a_checkout_where_they_differ(house, tmp_path):
    house.write({A: {"lead": LEAD}})
    deployment = house.service.deploy(house.name).deployment
    folder = tmp_path / "checkout"
    folder.mkdir()
    assert sorted(house.service.write_catalogs(folder, deployment)) == [f"i18n/ar/{A}", fr(A)]
    assert house.service.write_catalogs(folder, deployment) == ()
    with pytest.raises(ConfigurationError, match="is no folder"):
        house.service.write_catalogs(tmp_path / "nowhere", deployment)


def test_a_file_that_stays_unreadable_is_named_by_every_deployment_until_it_is_mended(house):
    house.write({A: {"lead": LEAD}, B: {"hint": HINT}})
    house.deploy()
    house.write({B: b'{"hint": '})
    assert [finding.path for finding in house.service.deploy(house.name).deployment.findings] == [B]
    house.write({A: {"lead": f"{LEAD}!"}})
    assert [finding.path for finding in house.service.deploy(house.name).deployment.findings] == [B]
    house.write({B: {"hint": HINT}})
    assert house.service.deploy(house.name).deployment.findings == ()
    assert [finding.path for finding in house.service.deployments(house.name)[1].findings] == [B]


def test_two_sources_for_one_catalog_are_refused_and_named_by_the_site_check(house):
    house.site = replace(SITE, content=(replace(SITE.content[0], target="i18n/{locale}/{name}"),))
    house.write({A: {"lead": LEAD}, "text/forms/home.json": {"hint": HINT}})
    with pytest.raises(ConfigurationError, match=r"forms/home.json and text/home.json would both be written to i18n/"):
        house.deploy()
    assert [finding.check for finding in house.service.check_site(house.name).findings] == ["target"]


def test_what_a_rule_writes_is_never_a_source(house):
    house.site = replace(SITE, content=(replace(SITE.content[0], match="**/*.json", target="{dir}/{locale}.json"),))
    house.write({"text/en.json": {"lead": LEAD}, "text/fr.json": {"lead": "Récoltez"}})
    house.deploy()
    assert house.service.coverage(house.name).locales["fr"].units.current == 1
    assert sorted(house.service.catalogs(house.name, 1)) == ["text/ar.json", "text/fr.json"]


def test_the_tail_of_a_path_places_one_locale_beside_another(house):
    house.site = replace(
        SITE, content=(replace(SITE.content[0], match="lang/en/**/*.json", target="lang/{locale}/{tail}"),)
    )
    house.write({"lang/en/a/b.json": {"lead": LEAD}, "lang/fr/a/b.json": {"lead": "Récoltez"}})
    house.deploy()
    assert house.service.coverage(house.name).locales["fr"].units.current == 1


def test_a_rollback_to_fewer_units_is_no_alarm(house):
    """What is gone with its source was not lost."""
    house.write({A: {"lead": LEAD}, fr(A): {"lead": "Récoltez"}})
    house.deploy()
    house.write({A: {"lead": LEAD, "hint": HINT}, fr(A): {"lead": "Récoltez", "hint": "Arrosez"}})
    house.deploy()
    assert house.service.coverage(house.name).locales["fr"].units.covered == 2
    assert house.service.rollback(house.name, 1).alarms == ()

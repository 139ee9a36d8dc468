"""Every command through the real door: its document, its words, its exit code."""

import csv
import json
import re
import socket
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.cli.houses import ARABIC, FRENCH, commit, fill, git
from tm_service.cli import main

TOMORROW = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
KINDS = {"added", "edited", "moved", "removed", "unchanged"}
COLUMNS = {"units", "current", "from_memory", "stale", "out", "missing", "words", "covered"}
RECEIPT = {"outcome", "package", "accepted", "quarantined", "open", "findings", "file", "repeated", "dry_run"}


def lines(answer):
    assert answer.code == 0, answer
    assert answer.err == ""
    return answer.out.splitlines()


# the site


def test_a_site_is_added_listed_and_explained(new_house):
    added = new_house.ask("site", "add", new_house.toml)
    assert added == {"sites": ["reef"], "file": str(new_house.toml)}
    assert new_house.ask("site", "list")["sites"] == [
        {"name": "reef", "repository": str(new_house.site), "branch": "main"}
    ]
    report = new_house.ask("site", "check", "reef")
    [rule] = report["rules"]
    assert (rule["match"], rule["files"], rule["units"], rule["codes"], rule["unreadable"]) == (
        "texts/**/*.json",
        3,
        10,
        1,
        0,
    )
    assert rule["catalogs"] == {"ar": 1, "fr": 2}
    assert report["unmatched"] == report["findings"] == []
    assert "Next: `tm-service learn reef --history`" in new_house.run("site", "check", "reef").out


def test_site_list_says_what_to_do_where_there_is_none(tmp_path, new_house):
    answer = new_house.run("site", "list", home=tmp_path / "empty")
    assert answer.out == "No site yet: `tm-service site add sites.toml`.\n"


def test_site_check_shows_what_matches_nothing_and_what_belongs_to_no_rule(new_house):
    rule = new_house.toml.read_text("utf-8").split("\n\n")[-1].replace("texts/**", "news/**")
    new_house.toml.write_text(f"{new_house.toml.read_text('utf-8')}\n{rule}", "utf-8")
    commit(new_house.site, {"menu/day.json": {"soup": "Soup of the day"}}, "A file beside")
    text = lines(new_house.run("site", "check", "reef"))
    assert "news/**/*.json matches nothing." in text
    assert "  menu/day.json" in text
    assert new_house.ask("site", "check", "reef")["unmatched"] == ["menu/day.json"]


def test_a_finding_names_its_file(new_house):
    commit(new_house.site, {"texts/twice.json": b'{"fish": "Fish", "fish": "Fishes"}'}, "A key twice")
    answer = new_house.run("site", "check", "reef")
    assert '  texts/twice.json: The key "fish" stands more than once in its object; the last one counts.' in lines(
        answer
    )
    [finding] = new_house.ask("site", "check", "reef")["findings"]
    assert finding["path"] == "texts/twice.json"


# the walk


def test_learn_reads_today_or_all_of_the_past(new_house):
    today = new_house.ask("learn", "reef")
    assert today["commits"] == 1
    past = new_house.ask("learn", "reef", "--history")
    assert past["commits"] == 2
    assert past["left"]["blank"] >= 1
    assert new_house.run("learn", "reef").out.startswith("Learned 0 translations from 1 commits.")


def test_detect_tells_what_changed_since_the_last_deployment(house):
    found = house.ask("detect", "reef")
    assert set(found) >= KINDS | {"base", "head", "units"}
    assert {kind: found[kind] for kind in KINDS} == {"added": 2, "edited": 1, "moved": 1, "removed": 0, "unchanged": 6}
    edited = next(unit for unit in found["units"] if unit["kind"] == "edited")
    assert edited == {
        "resource": "texts/home.json",
        "key": "open",
        "kind": "edited",
        "edit_class": "number",
        "before": "Open from 9 to 17",
        "after": "Open from 9 to 18",
    }
    moved = next(unit for unit in found["units"] if unit["kind"] == "moved")
    assert moved["from"] == {"resource": "texts/tickets.json", "key": "buy"}
    assert "moved           texts/shop.json buy (was texts/tickets.json buy)" in lines(house.run("detect", "reef"))


def test_detect_compares_any_two_revisions(house):
    found = house.ask("detect", "reef", "--base", "r2", "--ref", "r1")
    assert (found["added"], found["edited"], found["moved"], found["removed"]) == (0, 1, 1, 2)


def test_detect_finds_everything_new_where_nothing_was_deployed(new_house):
    found = new_house.ask("detect", "reef")
    assert (found["base"], found["added"], found["unchanged"]) == (None, 10, 0)
    assert "nothing was deployed yet" in new_house.run("detect", "reef").out


def test_estimate_counts_words_by_match_class(house):
    found = house.ask("estimate", "reef", "--base", "r1", "--head", "r2")
    assert (found["added"], found["edited"], found["moved"]) == (2, 1, 1)
    assert set(found["locales"]) == {"ar", "fr"}
    assert found["locales"]["fr"]["new"] == {"units": 1, "words": 5}
    assert found["locales"]["fr"]["context"]["units"] == 1
    text = house.run("estimate", "reef", "--base", "r1", "--head", "r2").out
    kinds = [kind for kind, counted in found["locales"]["ar"].items() if counted["units"]]
    assert re.search(r"^locale +context +(\S+ +)*new$", text, re.MULTILINE), "classes that nothing is in are left out"
    assert all(kind in text for kind in kinds)


def test_package_hands_off_the_remainder_once(house):
    out = house.root / "out"
    out.mkdir()
    made = house.ask("package", "reef", "--out", out, "--due", TOMORROW)["packages"]
    assert [(found["id"], found["locale"], found["units"]) for found in made] == [
        ("reef-1-ar", "ar", 6),
        ("reef-2-fr", "fr", 4),
    ]
    assert set(made[0]) >= {"id", "locale", "path", "units", "words", "classes"}
    assert made[0]["due"] == TOMORROW
    counted = {kind: found for kind, found in made[1]["classes"].items() if found["units"]}
    assert sum(found["units"] for found in counted.values()) == made[1]["units"]
    assert sum(found["words"] for found in counted.values()) == made[1]["words"]
    assert set(counted) == {"50-74", "95-99", "new"}, "two texts are like others that are translated"
    assert sorted(path.name for path in out.iterdir()) == ["reef-D0001-en-ar-v1.zip", "reef-D0002-en-fr-v1.zip"]
    again = house.run("package", "reef", "--out", out)
    assert lines(again) == ["Nothing needs translation that is not out already."]


def test_package_makes_only_the_locales_asked_for(house):
    assert [path.name for path in house.packages("--locale", "fr")] == ["reef-D0001-en-fr-v1.zip"]


def test_take_in_keeps_the_good_units_and_names_the_bad(house):
    [french] = house.packages("--locale", "fr")
    returned = fill(french, FRENCH | {"Buy a map": "Acheter un plan <x id='9'/>"})
    receipt = house.ask("take-in", returned, code=1)
    assert set(receipt) >= RECEIPT
    assert (receipt["outcome"], receipt["package"], receipt["accepted"]) == ("quarantine", "reef-1-fr", 3)
    assert (len(receipt["quarantined"]), receipt["open"]) == (1, 1)
    errors = [finding for finding in receipt["findings"] if finding["severity"] == "error"]
    assert errors
    assert all(set(finding) >= {"unit", "check", "severity", "message"} for finding in errors)
    assert {finding["unit"] for finding in errors} == set(receipt["quarantined"])
    again = house.ask("take-in", returned, code=1)
    assert again == receipt | {"repeated": True}


def test_take_in_answers_each_of_several_files(house):
    arabic, french = house.packages()
    stranger = house.root / "stranger.xlf"
    stranger.write_text("<xliff/>", "utf-8")
    found = house.ask("take-in", fill(arabic, ARABIC), fill(french, FRENCH), stranger, code=1)["returns"]
    assert [receipt["outcome"] for receipt in found] == ["accept", "accept", "reject"]
    assert all(set(receipt) >= RECEIPT for receipt in found)
    assert [receipt["accepted"] for receipt in found] == [6, 4, 0]


def test_take_in_says_what_comes_next(house):
    [french] = house.packages("--locale", "fr")
    text = lines(house.run("take-in", fill(french, FRENCH)))
    assert text[0] == "reef-1-fr: accept. 4 accepted, 0 quarantined, 0 open."
    assert text[-1].startswith("Next: `tm-service deploy")


def test_take_in_dry_run_answers_and_keeps_nothing(house):
    [french] = house.packages("--locale", "fr")
    returned, before = fill(french, FRENCH), house.dump()
    receipt = house.ask("take-in", returned, "--dry-run")
    assert (receipt["accepted"], receipt["dry_run"]) == (4, True)
    assert house.run("take-in", returned, "--dry-run").out.startswith("Nothing was kept (--dry-run).\n")
    assert house.dump() == before
    assert house.ask("take-in", returned)["repeated"] is False


def test_take_in_reads_all_files_before_it_takes_one_in(house):
    [french] = house.packages("--locale", "fr")
    returned, before = fill(french, FRENCH), house.dump()
    house.ask("take-in", returned, house.root / "missing.xlf", code=2)
    assert house.dump() == before


def test_deploy_moves_what_readers_see(house):
    made = house.ask("deploy", "reef")
    assert set(made) >= {"deployment", "revision", "locales", "alarms", "reverts", "written"}
    assert (made["deployment"], made["reverts"], made["alarms"]) == (2, 0, [])
    assert made["revision"] == git(house.site, "rev-parse", "r2")
    assert set(made["locales"]["fr"]) >= COLUMNS
    assert made["locales"]["fr"]["units"] == 10
    assert made["written"] == sorted(made["written"])
    assert house.ask("coverage", "reef")["deployment"] == 2


def test_deploy_into_a_checkout_writes_only_what_differs(house):
    into = house.checkout
    first = house.ask("deploy", "reef", "--into", into)
    assert first["written"] == [
        f"i18n/{locale}/texts/{name}.json" for locale in ("ar", "fr") for name in ("home", "shop", "tickets")
    ]
    times = {path: path.stat().st_mtime_ns for path in into.rglob("*.json")}
    assert house.ask("deploy", "reef", "--into", into)["written"] == []
    spoilt = into / "i18n/fr/texts/home.json"
    spoilt.write_text("{}", "utf-8")
    assert house.ask("deploy", "reef", "--into", into)["written"] == ["i18n/fr/texts/home.json"]
    after = {path: path.stat().st_mtime_ns for path in into.rglob("*.json")}
    assert {path for path in after if after[path] != times[path]} == {spoilt}
    assert "1 catalogs" not in spoilt.read_text("utf-8")
    assert json.loads(spoilt.read_text("utf-8"))["title"] == "Bienvenue au parc du récif"


@pytest.mark.parametrize(
    "words",
    [
        ("deploy", "reef", "--dry-run"),
        ("check", "reef", "--ref", "r2"),
        ("estimate", "reef", "--base", "r1", "--head", "r2"),
        ("detect", "reef"),
        ("site", "check", "reef"),
    ],
    ids=" ".join,
)
def test_what_only_asks_keeps_nothing(words, house):
    before = house.dump()
    house.ask(*words)
    assert house.dump() == before
    assert not (house.site / "i18n/fr/texts/shop.json").exists()


def test_a_dry_run_writes_no_catalog(house):
    made = house.ask("deploy", "reef", "--dry-run", "--into", house.checkout)
    assert made["dry_run"] is True
    assert len(made["written"]) == 6
    assert list(house.checkout.iterdir()) == []
    assert "would be served" in house.run("deploy", "reef", "--dry-run").out


def test_an_open_gate_lists_every_unit_that_is_not_current(house):
    found = house.ask("check", "reef", "--ref", "r2")
    assert found["gate"] == "open"
    assert found["locales"]["fr"]["stale"] == 1
    assert all(set(unit) == {"locale", "resource", "key", "outcome", "edit_class", "why"} for unit in found["units"])
    named = {(unit["locale"], unit["key"], unit["outcome"]) for unit in found["units"]}
    assert named >= {("fr", "open", "stale"), ("ar", "turtles", "new"), ("ar", "child", "missing")}
    assert all(unit["why"] for unit in found["units"])


def test_a_closed_gate_ends_with_1_and_says_what_to_do(house):
    house.describe('"keep-dated"', '"hold"')
    found = house.ask("check", "reef", "--ref", "r2", code=1)
    assert found["gate"] == "closed"
    held = {(unit["locale"], unit["resource"], unit["key"]) for unit in found["units"] if unit["outcome"] == "held"}
    assert held == {("ar", "texts/home.json", "open"), ("fr", "texts/home.json", "open")}
    text = house.run("check", "reef", "--ref", "r2")
    assert text.code == 1
    assert text.out.startswith("The gate is closed.\n")
    assert "Next: `tm-service package reef --ref r2`" in text.out


def test_a_closed_gate_stops_a_deployment(house):
    house.describe('"keep-dated"', '"hold"')
    before = house.dump()
    refused = house.ask("deploy", "reef", "--into", house.checkout, code=1)
    assert "texts/home.json open" in refused["error"]
    assert house.dump() == before
    assert list(house.checkout.iterdir()) == []


def test_a_waiver_opens_the_gate_until_its_day_is_over(house, monkeypatch):
    house.describe('"keep-dated"', '"hold"')
    for locale in ("ar", "fr"):
        made = house.ask(
            *("waive", "reef", locale, "texts/home.json", "open"),
            *("--by", "Ana", "--until", TOMORROW, "--reason", "The hours change on Monday."),
        )
        assert (made["by"], made["until"][:10]) == ("Ana", TOMORROW)
    assert house.ask("check", "reef", "--ref", "r2")["locales"]["fr"]["waived"] == 1

    later = SimpleNamespace(now=lambda zone: datetime.now(zone) + timedelta(days=3))
    monkeypatch.setattr("tm_service.bootstrap.datetime", later)
    assert house.ask("check", "reef", "--ref", "r2", code=1)["gate"] == "closed"


def test_coverage_counts_units_and_words_of_any_deployment(house):
    house.ask("deploy", "reef")
    latest, first = house.ask("coverage", "reef"), house.ask("coverage", "reef", "--deployment", 1)
    assert (latest["deployment"], first["deployment"]) == (2, 1)
    assert (latest["locales"]["fr"]["units"], first["locales"]["fr"]["units"]) == (10, 8)
    assert set(latest["locales"]["fr"]) >= COLUMNS
    assert first["locales"]["fr"]["words"]["missing"] == 5
    by_path = latest["paths"]["fr"]
    assert sum(tally["covered"] for tally in by_path.values()) == latest["locales"]["fr"]["covered"]
    house.packages("--locale", "fr")
    assert house.ask("coverage", "reef")["locales"]["fr"]["out"] == 4
    text = lines(house.run("coverage", "reef", "--deployment", 1))
    assert text[0].startswith("Deployment 1 of reef, ")
    assert text[1].split()[:2] == ["locale", "units"]


def test_explain_tells_who_when_and_why(house):
    house.ask("deploy", "reef")
    found = house.ask("explain", "reef", "fr", "texts/home.json", "open")
    assert (found["text"], found["rule"], found["edit_class"]) == ("Ouvert de 9 h à 17 h", "dated", "number")
    assert (found["translation"]["author"], found["translation"]["source"]) == ("Ana", "Open from 9 to 17")
    text = lines(house.run("explain", "reef", "fr", "texts/home.json", "visit.plan"))
    assert text[0] == "Readers of fr see:  Préparez votre visite"
    assert text[1].startswith("Because it is current:  translated from this source")
    assert text[-1] == "From the source text:  Plan your visit"
    missing = house.ask("explain", "reef", "ar", "texts/shop.json", "map")
    assert (missing["rule"], missing["translation"], missing["why"]) == ("missing", None, "never translated")


def test_rollback_serves_an_earlier_deployment_again(house):
    house.ask("deploy", "reef", "--into", house.checkout)
    restored = house.ask("rollback", "reef", 1, "--into", house.checkout)
    assert (restored["deployment"], restored["restores"]) == (3, 1)
    assert "i18n/fr/texts/home.json" in restored["written"]
    assert house.ask("coverage", "reef")["locales"]["fr"]["units"] == 8
    assert house.run("rollback", "reef", 3).out == "Deployment 3 of reef is what readers see already.\n"


def test_replay_tells_what_readers_saw_and_would_have_seen(house):
    rows_to = house.root / "rows.csv"
    before = house.dump()
    found = house.ask("replay", "reef", "--tags", "r*", "--csv", rows_to)
    assert (found["site"], found["deployments"], found["stopped"]) == ("reef", 2, {})
    names = {"string_days", "english_seen", "english_served", "reverts", "from_memory", "moved"}
    assert all(set(locale) >= names for locale in found["locales"].values())
    assert found["locales"]["fr"]["reverts"] == 0
    with rows_to.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["tag"], row["locale"]) for row in rows} == {(tag, loc) for tag in ("r1", "r2") for loc in ("ar", "fr")}
    assert house.dump() == before
    assert lines(house.run("replay", "reef"))[0].startswith("2 releases in ")


def test_replay_takes_dates_and_what_readers_saw_from_files(house):
    deployments, seen = house.root / "deployments.csv", house.root / "seen.csv"
    deployments.write_text("tag,deployed_at\nr1,2026-01-01\nr2,2026-01-11\n", "utf-8")
    seen.write_text("tag,lang,days,in_english\nr1,fr,10,4\n", "utf-8")
    found = house.ask("replay", "reef", "--deployments", deployments, "--seen", seen)
    assert found["locales"]["fr"]["english_seen"] == 40.0
    assert found["locales"]["fr"]["string_days"] == 90.0


def test_memory_stats_counts_entries(house):
    found = house.ask("memory", "stats")
    assert found["entries"] == 12
    assert set(found["index"]) >= {"engine", "segments", "bytes"}


def test_migrate_is_harmless(house):
    before = house.dump()
    assert house.ask("migrate") == {"migrated": True}
    assert house.dump() == before


# running it


def test_serve_tells_where_the_page_is(house, monkeypatch):
    monkeypatch.setattr(
        "tm_service.web.server.run", lambda _house, host, port, ready, **_hosts: ready(f"http://{host}:{port}/")
    )
    answer = house.run("serve", "--port", 8123, "--json")
    assert answer.document == {"served": "http://127.0.0.1:8123/"}
    assert answer.err == "The page is at http://127.0.0.1:8123/; Ctrl-C ends it.\n"
    assert house.run("serve").out == ""


def test_serve_says_that_a_port_is_taken(house):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert house.ask("serve", "--port", port, code=2) == {
            "error": f"Port {port} is taken; choose another with --port."
        }


@pytest.mark.slow
def test_the_demo_ends_with_its_page_and_prints_one_document(new_house, monkeypatch):
    monkeypatch.setattr(
        "tm_service.web.server.run", lambda _house, host, port, ready, **_hosts: ready(f"http://{host}:{port}/")
    )
    found = new_house.ask("demo")
    assert (found["site"], found["served"]) == ("demo", "http://127.0.0.1:8000/")


# help


def commands(group=main, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_every_command_has_help_and_the_options_of_all(path, new_house):
    answer = new_house.run(*path, "--help")
    assert answer.code == 0
    assert all(option in answer.out for option in ("--json", "--home", "--debug"))


@pytest.mark.parametrize("group", [(), ("site",), ("memory",)], ids=str)
def test_help_says_each_command_in_one_line(group, new_house):
    listing = new_house.run(*group, "--help").out.split("Commands:\n")[1]
    assert all(re.fullmatch(r"  [a-z-]+ +[A-Z].*\.", line) for line in listing.splitlines())
    assert "..." not in listing


def test_commands_stand_in_the_order_of_the_walk(new_house):
    listing = new_house.run("--help").out.split("Commands:\n")[1]
    named = [line.split()[0] for line in listing.splitlines()]
    walk = ["site", "learn", "detect", "package", "take-in", "deploy", "coverage", "rollback", "replay"]
    assert [name for name in named if name in walk] == walk

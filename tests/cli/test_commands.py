"""Every command through the real door: its document, its words, its exit code."""

import re
import socket
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.houses import ARABIC, FRENCH, commit, fill, lines
from tests.processes import until
from tm_service.cli import main
from tm_service.cli.listing import LISTED
from tm_service.domain.jobs import JobKind, JobStatus

TOMORROW = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
KINDS = {"added", "edited", "moved", "removed", "unchanged"}
RECEIPT = {"outcome", "package", "accepted", "quarantined", "open", "findings", "file", "repeated", "dry_run"}


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
    assert re.search(r"^locale +context +(\S+ +)*new +weighted$", text, re.MULTILINE), (
        "classes that nothing is in are left out"
    )
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
    answer = house.run("serve", "--port", 8123, "--workers", 0, "--json")
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
def test_the_demo_ends_with_its_page_where_jobs_are_done_and_prints_one_document(new_house, monkeypatch):
    done = []

    def served(house, host, port, ready, **_how: object):
        ready(f"http://{host}:{port}/")
        asked = house.jobs.ask(JobKind.TIDY, "", {}, by="someone")
        until(lambda: house.jobs.find(asked.id).is_over)
        done.append(house.jobs.find(asked.id).status)

    monkeypatch.setattr("tm_service.web.server.run", served)
    found = new_house.ask("demo")
    assert (found["site"], found["served"], done) == ("demo", "http://127.0.0.1:8000/", [JobStatus.DONE])


# help


def commands(group=main, path=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def test_the_listing_says_what_each_command_says_of_itself():
    assert {name: main.get_command(None, name).get_short_help_str(100) for name in LISTED} == {
        name: said for name, (_, said) in LISTED.items()
    }
    assert {*LISTED} == {*main.commands}


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

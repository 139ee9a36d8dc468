"""Gate, deployments and what readers saw, through the real door: documents, words, exit codes."""

import csv
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.cli.houses import git, lines

TOMORROW = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
COLUMNS = {"units", "current", "from_memory", "stale", "out", "missing", "words", "covered"}


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
    said = {"locale", "resource", "key", "outcome", "edit_class", "why", "reason"}
    assert all(set(unit) == said for unit in found["units"])
    named = {(unit["locale"], unit["key"], unit["outcome"]) for unit in found["units"]}
    assert named >= {("fr", "open", "stale"), ("ar", "turtles", "new"), ("ar", "child", "missing")}
    assert all(unit["why"] and unit["reason"] for unit in found["units"])


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
    before = besides_the_journal(house)
    refused = house.ask("deploy", "reef", "--into", house.checkout, code=1)
    assert "texts/home.json open" in refused["error"]
    assert besides_the_journal(house) == before
    assert house.ask("audit", "list")["entries"][-1]["verb"] == "gate closed"
    assert list(house.checkout.iterdir()) == []


def besides_the_journal(house):
    return [line for line in house.dump() if 'INSERT INTO "journal"' not in line]


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
    assert text[4] == "From the source text:  Plan your visit"
    assert text[-2] == "What readers saw, newest first:"
    assert text[-1].startswith("  1 to 2, since 20")
    assert text[-1].endswith(":  Préparez votre visite  (current)")
    assert [(one["first"], one["last"], one["rule"]) for one in found["history"]] == [
        (2, 2, "dated"),
        (1, 1, "current"),
    ]
    then = house.ask("explain", "reef", "fr", "texts/home.json", "open", "--deployment", 1)
    assert (then["deployment"], then["rule"]) == (1, "current")
    assert (
        house.ask("explain", "reef", "fr", "texts/home.json", "open", "--before", 2)["history"] == found["history"][1:]
    )
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

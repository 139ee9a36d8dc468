"""Whole journeys through the command line, from an empty home to what readers see."""

import json
import shutil
from hashlib import md5

import pytest

from tests.cli.houses import ARABIC, FRENCH, GIT, commit, fill, git

COVERED = {"current", "from-memory", "kept", "dated"}


def strings(found, path=()):
    """Key path to text, for a document of nested objects."""
    for name, value in found.items():
        if isinstance(value, dict):
            yield from strings(value, (*path, name))
        else:
            yield ".".join((*path, name)), value


def shown(source, catalog):
    """The site's own display rule: keys whose translation it shows, the others it shows in English."""
    hashes = catalog.pop("#meta", {}).get("hashes", {})
    english, translated = dict(strings(source)), dict(strings(catalog))
    return {
        key
        for key, value in translated.items()
        if value.strip() and hashes.get(key, digest(english[key])) == digest(english[key])
    }


def digest(text):
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def read(folder, name):
    return json.loads((folder / name).read_text("utf-8"))


def assert_the_site_shows_what_is_covered(house, into):
    """For exactly the units that coverage calls covered, and for no other."""
    counted = house.ask("coverage", "reef")["locales"]
    for locale in ("ar", "fr"):
        covered = set()
        for file in sorted((house.site / "texts").iterdir()):
            name = f"texts/{file.name}"
            visible = shown(read(house.site, name), read(into, f"i18n/{locale}/{name}")) - {"link"}
            for key in dict(strings(read(house.site, name))):
                if key == "link":
                    continue
                rule = house.ask("explain", "reef", locale, name, key)["rule"]
                assert (rule in COVERED) == (key in visible), (locale, name, key, rule)
                covered |= {(name, key)} if rule in COVERED else set()
        assert counted[locale]["covered"] == len(covered)


@pytest.mark.slow
def test_a_new_user_walks_the_whole_loop(new_house):
    house = new_house
    assert house.ask("site", "check", "reef", "--ref", "r1")["rules"][0]["units"] == 8
    assert house.ask("learn", "reef", "--history")["translations"] == 12
    assert house.ask("deploy", "reef", "--ref", "r1")["deployment"] == 1
    assert house.ask("detect", "reef")["edited"] == 1
    arabic, french = house.packages()
    assert house.ask("take-in", fill(arabic, ARABIC))["outcome"] == "accept"
    assert house.ask("take-in", fill(french, FRENCH))["open"] == 0
    made = house.ask("deploy", "reef", "--into", house.checkout)
    assert made["reverts"] == 0
    assert {locale: tally["missing"] for locale, tally in made["locales"].items()} == {"ar": 0, "fr": 0}
    assert_the_site_shows_what_is_covered(house, house.checkout)
    home = read(house.checkout, "i18n/ar/texts/home.json")
    assert (home["open"], home["link"]) == (ARABIC["Open from 9 to 18"], "https://reef.example.org/")
    back = read(house.checkout, "i18n/ar/texts/tickets.json")["back"]
    assert back == "يجوز <b>إرجاع</b> التذاكر خلال 14 يومًا."

    commit(
        house.site,
        {
            "texts/shop.json": {
                "buy": "Buy a ticket",
                "map": "Buy a big map",
                "visit": "Plan your visit",
                "pin": "A pin",
            }
        },
        "English moves on",
    )
    made = house.ask("deploy", "reef", "--into", house.checkout)
    tally = made["locales"]["fr"]
    assert (tally["units"], tally["stale"], tally["from_memory"], tally["missing"]) == (12, 1, 1, 1)
    assert_the_site_shows_what_is_covered(house, house.checkout)
    assert house.ask("check", "reef", "--ref", "main")["gate"] == "open"


@pytest.mark.slow
def test_what_is_behind_or_missing_is_shown_as_coverage_says(house):
    house.ask("deploy", "reef", "--into", house.checkout)
    assert_the_site_shows_what_is_covered(house, house.checkout)


@pytest.fixture
def remote(house):
    """The site's repository as a bare one that is cloned and pushed to."""
    place = house.root / "remote.git"
    git(house.root, "clone", "--quiet", "--bare", str(house.site), str(place))
    house.describe('repository = "site"', f'repository = "file://{place}"')
    return place


def test_deploy_pushes_one_commit_onto_the_revision_that_was_read(house, remote):
    before = git(remote, "rev-parse", "main")
    made = house.ask("deploy", "reef", "--push")
    assert git(remote, "rev-parse", "main") == made["commit"]
    assert git(remote, "rev-parse", "main^") == before == made["revision"]
    catalog = json.loads(git(remote, "show", "main:i18n/fr/texts/shop.json"))
    assert catalog["buy"] == "Acheter un billet"


def test_what_was_pushed_behind_its_source_does_not_come_back_as_current(house, remote):
    house.ask("deploy", "reef", "--push")
    house.ask("deploy", "reef", "--push")
    assert house.ask("explain", "reef", "fr", "texts/home.json", "open")["rule"] == "dated"


def test_catalogs_that_we_pushed_are_not_learned_as_deliveries(house, remote):
    house.ask("deploy", "reef", "--push")
    again = house.ask("deploy", "reef", "--push")
    assert (again["written"], again["reverts"]) == ([], 0)
    assert house.ask("explain", "reef", "fr", "texts/shop.json", "buy")["translation"]["author"] == "Ana"


def test_a_push_that_its_process_did_not_live_to_remember_is_gone_on_from(house, remote):
    place = f'repository = "file://{remote}"'
    house.describe(place, f'{place}\npush_branch = "catalogs"')
    house.ask("deploy", "reef", "--push")
    shutil.copytree(house.home, house.root / "before")
    push_from_elsewhere(house, remote, "First")
    forgotten = house.ask("deploy", "reef", "--push")["commit"]
    shutil.rmtree(house.home)
    (house.root / "before").rename(house.home)
    push_from_elsewhere(house, remote, "Second")
    made = house.ask("deploy", "reef", "--push")
    assert git(remote, "rev-parse", "catalogs") == made["commit"]
    assert git(remote, "rev-parse", "catalogs^1") == forgotten
    assert git(remote, "rev-parse", "catalogs^2") == git(remote, "rev-parse", "main") == made["revision"]


def test_a_remote_that_moved_before_is_read_anew_and_pushed(house, remote):
    house.ask("detect", "reef")
    push_from_elsewhere(house, remote, "First")
    moved = git(remote, "rev-parse", "main")
    made = house.ask("deploy", "reef", "--push")
    assert made["revision"] == moved
    assert git(remote, "rev-parse", "main^") == moved


def test_a_remote_that_moves_meanwhile_is_recomputed_and_pushed(house, remote, monkeypatch):
    moving = moving_under(house, remote, monkeypatch, times=1)
    made = house.ask("deploy", "reef", "--push")
    assert moving == ["Wave 1"]
    assert git(remote, "log", "-1", "--format=%s", "main^") == "Wave 1"
    assert git(remote, "rev-parse", "main") == made["commit"]
    assert made["deployment"] == 2


def test_a_remote_that_never_rests_is_a_conflict_in_words_and_never_forced(house, remote, monkeypatch):
    before = house.dump()
    moving = moving_under(house, remote, monkeypatch, times=99)
    answer = house.run("deploy", "reef", "--push", "--json")
    assert answer.code == 3
    assert "moved meanwhile" in answer.document["error"]
    assert git(remote, "log", "-1", "--format=%s", "main") == moving[-1]
    assert house.dump() == before


def push_from_elsewhere(house, remote, said):
    """Somebody else's commit, made without a work tree."""
    tree = git(remote, "rev-parse", "main^{tree}")
    made = git(remote, "commit-tree", "-p", "main", "-m", said, tree)
    git(remote, "update-ref", "refs/heads/main", made)


def moving_under(house, remote, monkeypatch, times):
    """The remote moves between reading and pushing, so many times."""
    from connectors import git_site  # noqa: PLC0415 - only here the inside of a room is named

    send, moved = git_site.send, []

    def sending(*args: object):
        if len(moved) < times:
            moved.append(f"Wave {len(moved) + 1}")
            push_from_elsewhere(house, remote, moved[-1])
        return send(*args)

    monkeypatch.setattr(git_site, "send", sending)
    return moved


# processes of their own


@pytest.mark.slow
def test_the_installed_command_walks_in_processes_of_their_own(house):
    made = house.start("deploy", "reef", "--into", "checkout", "--json", LC_ALL="C")
    assert made.code == 2
    house.checkout.mkdir(exist_ok=True)
    made = house.start("deploy", "reef", "--into", "checkout", "--json", PYTHONIOENCODING="ascii")
    assert (made.code, made.err) == (0, "")
    assert len(made.document["written"]) == 6
    told = house.start("explain", "reef", "fr", "texts/home.json", "title", PYTHONIOENCODING="ascii")
    assert told.out.startswith("Readers of fr see:  Bienvenue au parc du r\\xe9cif\n")
    assert house.start("take-in", "none.xlf").code == 2
    house.describe('"site"', '"file:///nowhere"')
    assert house.start("deploy", "reef", "--json").code == 3


@pytest.mark.slow
def test_the_home_may_be_named_before_and_after_the_command_and_by_the_environment(house, tmp_path):
    empty = str(tmp_path / "empty")
    assert house.start("coverage", "reef", "--json").document["deployment"] == 1
    assert house.start("coverage", "reef", "--home", str(house.home), TM_SERVICE_HOME=empty).code == 0
    assert house.start("--home", empty, "coverage", "reef", "--home", str(house.home)).code == 0
    assert house.start("coverage", "reef", TM_SERVICE_HOME=empty).code == 2


def test_git_settings_of_the_machine_do_not_matter(house, monkeypatch):
    for name in GIT:
        monkeypatch.delenv(name, raising=False)
    hooks = house.root / "hooks"
    hooks.mkdir()
    (hooks / "reference-transaction").write_text(f"#!/bin/sh\ntouch {house.root}/ran\n", "utf-8")
    (hooks / "reference-transaction").chmod(0o755)
    git(house.site, "config", "core.hooksPath", str(hooks))
    house.ask("deploy", "reef")
    assert not (house.root / "ran").exists()


# the demo


@pytest.mark.slow
def test_the_demo_walks_the_loop_and_can_be_walked_again(new_house):
    house = new_house
    first = house.start("demo", "--no-serve", "--json")
    assert first.code == 0, first
    found = first.document
    assert [entry["deployment"] for entry in found["deployments"]] == [1, 2, 3, 4]
    assert {"warn", "quarantine"} <= set(found["receipts"])
    assert "1. Learned" in first.err
    again = house.start("demo", "--no-serve", "--json")
    assert again.code == 0, again
    covered = house.ask("coverage", "demo", home=house.home / "demo")
    assert covered["deployment"] == 5  # the last one together with the articles
    assert found["articles"] == {"deployment": 3, "waiting": []}
    second = again.document
    passwords = {document["people"].pop("password") for document in (found, second)}
    assert len(passwords) == 2  # chance, each time
    assert second == found


@pytest.mark.slow
def test_the_demo_refuses_a_folder_that_it_did_not_make(new_house):
    foreign = new_house.home / "demo"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("ten years", "utf-8")
    answer = new_house.start("demo", "--no-serve", "--json")
    assert answer.code == 2
    assert answer.document["error"].startswith(f"{foreign} holds something that the demo did not make")
    assert [path.name for path in foreign.iterdir()] == ["thesis.txt"]

"""Bad input: one sentence that says what, where and what to do; the right exit code; nothing half-written."""

import json
import os
import shutil
import stat
import zipfile

import pytest

from tests.cli.houses import FRENCH, TOML, commit, fill
from tm_service.storage.sql_store import SqlStore

HOME = "texts/home.json"
WAIVED = ("--by", "Ana", "--until", "2099-01-01", "--reason", "Soon.")
REFUSED = {
    # words, exit code, a fragment of the sentence
    "an unknown site": [(words, 2, "There is no site wreck: there are reef; add one with") for words in (
        ("site", "check", "wreck"),
        ("learn", "wreck"),
        ("detect", "wreck"),
        ("estimate", "wreck", "--base", "r1", "--head", "r2"),
        ("package", "wreck"),
        ("deploy", "wreck"),
        ("check", "wreck", "--ref", "r2"),
        ("coverage", "wreck"),
        ("explain", "wreck", "fr", HOME, "open"),
        ("rollback", "wreck", "1"),
        ("waive", "wreck", "fr", HOME, "open", *WAIVED),
        ("replay", "wreck"),
    )],
    "an unknown ref": [(words, 2, "has no branch, tag or commit 'r9'") for words in (
        ("site", "check", "reef", "--ref", "r9"),
        ("detect", "reef", "--ref", "r9"),
        ("detect", "reef", "--base", "r9"),
        ("estimate", "reef", "--base", "r9", "--head", "r2"),
        ("package", "reef", "--ref", "r9"),
        ("deploy", "reef", "--ref", "r9"),
        ("check", "reef", "--ref", "r9"),
    )],
    "an option as ref": [(words, 2, "is not allowed; name a branch, a tag or a commit id") for words in (
        ("detect", "reef", "--ref=--output=x"),
        ("deploy", "reef", "--ref=r1..r2"),
        ("check", "reef", "--ref=:/First"),
    )],
    "an unknown locale": [(words, 2, "Site reef has no locale xx; it has ar, fr.") for words in (
        ("package", "reef", "--locale", "xx"),
        ("explain", "reef", "xx", HOME, "open"),
        ("waive", "reef", "xx", HOME, "open", *WAIVED),
    )],
    "an unknown resource or key": [
        (("explain", "reef", "fr", "texts/none.json", "open"), 2, "serves no resource texts/none.json"),
        (("explain", "reef", "fr", HOME, "opne"), 2, "texts/home.json has no unit opne in deployment 1"),
    ],
    "an unknown deployment": [
        (("coverage", "reef", "--deployment", "9"), 2, "Site reef has no deployment 9"),
        (("coverage", "reef", "--deployment", "0"), 2, "0 is not in the range"),
        (("rollback", "reef", "9"), 2, "Site reef has no deployment 9"),
        (("rollback", "reef", "one"), 2, "'one' is not a valid integer"),
    ],
    "a waiver that is none": [
        (("waive", "reef", "fr", HOME, "open", "--by", "Ana", "--until", "2001-01-01", "--reason", "x"), 2, "is over already"),
        (("waive", "reef", "fr", HOME, "open", "--by", " ", "--until", "2099-01-01", "--reason", "x"), 2, "who signs it"),
        (("waive", "reef", "fr", HOME, "open", "--by", "Ana", "--until", "soon", "--reason", "x"), 2, "'soon' does not match"),
        (("waive", "reef", "fr", HOME, "open"), 2, "Missing option '--by'"),
    ],
    "a file or folder that is not there": [
        (("site", "add", "none.toml"), 2, "There is no file"),
        (("site", "add", "."), 2, "cannot be read: Is a directory"),
        (("take-in", "none.xlf"), 2, "none.xlf cannot be read: No such file or directory."),
        (("take-in", "."), 2, "cannot be read: Is a directory."),
        (("package", "reef", "--out", "none"), 2, "none is no folder; make it or name another with --out."),
        (("deploy", "reef", "--into", "none"), 2, "none is no folder; name the checkout"),
        (("rollback", "reef", "1", "--into", "none"), 2, "none is no folder; name the checkout"),
        (("replay", "reef", "--csv", "none/rows.csv"), 2, "none is no folder; name another file with --csv."),
        (("replay", "reef", "--deployments", "none.csv"), 2, "none.csv cannot be read as CSV"),
        (("replay", "reef", "--seen", "none.csv"), 2, "none.csv cannot be read as CSV"),
    ],
    "no tag": [(("replay", "reef", "--tags", "v*"), 2, "No tag matches v*")],
    "a word too many or too few": [
        (("deploy",), 2, "Missing argument 'SITE'"),
        (("take-in",), 2, "Missing argument 'FILE...'"),
        (("deploy", "reef", "again"), 2, "Got unexpected extra argument (again)"),
        (("deploy", "reef", "--fast"), 2, "No such option"),
        (("depoly", "reef"), 2, "No such command 'depoly'"),
        (("site", "ad", "x"), 2, "No such command 'ad'"),
        (("package", "reef", "--due", "tomorrow"), 2, "'tomorrow' does not match the format '%Y-%m-%d'"),
    ],
}  # fmt: skip
CASES = [
    pytest.param(*case, id=f"{name}: {' '.join(case[0])[:60]}") for name, cases in REFUSED.items() for case in cases
]


def refused(house, *words: object, code=2, home=None):
    """The sentence, said to people on standard error and to machines in a document."""
    answer = house.run(*words, "--json", home=home)
    assert answer.code == code, answer
    assert "Traceback" not in answer.out + answer.err
    sentence = answer.document["error"]
    assert sentence in answer.err
    assert "\n" not in sentence
    told = house.run(*words, home=home)
    assert (told.code, told.out) == (code, "")
    return sentence


@pytest.fixture
def in_house(house, monkeypatch):
    monkeypatch.chdir(house.root)
    return house


@pytest.mark.parametrize(("words", "code", "fragment"), CASES)
def test_bad_input_is_refused_in_one_sentence_and_changes_nothing(words, code, fragment, in_house):
    before = in_house.dump()
    assert fragment in refused(in_house, *words, code=code)
    assert in_house.dump() == before
    assert {path.name for path in in_house.root.iterdir()} == {"home", "site", "sites.toml"}


def test_nothing_is_covered_or_explained_before_the_first_deployment(new_house):
    for words in (("coverage", "reef"), ("explain", "reef", "fr", HOME, "open"), ("rollback", "reef", "1")):
        assert "no deployment" in refused(new_house, *words)


@pytest.mark.parametrize(
    ("old", "new", "fragment"),
    [
        ('"json"', '"abacus"', 'site.reef.content[1].extractor: There is no extractor "abacus"'),
        ('"md5-meta"', '"sha"', 'site.reef.content[1].dialect: The json extractor has no dialect "sha"'),
        ('"site"', '"ext::sh -c touch% pwned"', "site.reef.repository: The transport 'ext::'"),
        ('"main"', "main", "is not TOML: Invalid value (at line 4, column 14)"),
        ('"fr"]', '"fr"', "is not TOML"),
    ],
)
def test_a_broken_sites_toml_is_named_when_it_is_added_and_whenever_it_is_read(old, new, fragment, in_house):
    in_house.describe(old, new)
    for words in (("site", "add", "sites.toml"), ("deploy", "reef"), ("detect", "reef")):
        assert fragment in refused(in_house, *words)
    assert not (in_house.root / "pwned").exists()


def test_a_sites_toml_that_vanished_is_named(house):
    house.toml.unlink()
    for words in (("site", "list"), ("deploy", "reef")):
        assert f"{house.toml} was added and is gone" in refused(house, *words)


def test_a_repository_that_vanished_is_named(house):
    shutil.rmtree(house.site)
    for words in (("detect", "reef"), ("deploy", "reef"), ("learn", "reef")):
        assert f"The repository {house.site} does not exist" in refused(house, *words)
    assert house.ask("coverage", "reef")["deployment"] == 1


def test_a_folder_that_is_no_repository_is_named(house):
    shutil.rmtree(house.site)
    house.site.mkdir()
    assert "is not a git repository" in refused(house, "deploy", "reef")


def test_a_branch_that_is_not_there_names_those_that_are(house):
    house.describe('"main"', '"trunk"')
    assert "has no branch 'trunk'; its branches are: main." in refused(house, "deploy", "reef")


def test_a_remote_that_cannot_be_reached_is_an_outside_failure(house):
    house.describe('"site"', '"file:///nowhere/reef.git"')
    assert "Git could not fetch from file:///nowhere/reef.git" in refused(house, "detect", "reef", code=3)


# homes


@pytest.mark.parametrize("home", ["/proc/tm-service", "/dev/null/tm-service"])
def test_a_home_that_cannot_be_made_is_named(home, house):
    assert f"The home {home} cannot be made" in refused(house, "coverage", "reef", home=home)
    assert f"The home {home} cannot be made" in refused(house, "site", "add", house.toml, home=home)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_home_that_is_read_only_is_said(house):
    house.home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        answer = house.run("deploy", "reef")
    finally:
        house.home.chmod(stat.S_IRWXU)
    assert answer.code in {2, 3}
    assert "Traceback" not in answer.err


def test_a_store_that_is_no_database_is_said_in_one_sentence(house):
    for path in house.home.glob("store.sqlite*"):
        path.write_bytes(b"not a database " * 100)
    assert "not a database" in refused(house, "coverage", "reef", code=3)


@pytest.mark.parametrize(
    ("url", "code", "fragment"),
    [
        ("reef", 2, "TM_SERVICE_DATABASE is no database URL"),
        ("mysql://localhost/x", 2, "TM_SERVICE_DATABASE names mysql; use sqlite or postgresql."),
        ("postgresql://ana:secret@127.0.0.1:1/reef", 3, "The database postgresql://127.0.0.1:1/reef cannot be"),
    ],
)
def test_a_database_that_cannot_be_opened_is_named_without_its_password(url, code, fragment, house, monkeypatch):
    monkeypatch.setenv("TM_SERVICE_DATABASE", url)
    sentence = refused(house, "coverage", "reef", code=code)
    assert fragment in sentence
    assert "secret" not in sentence


# what returns


def returned(house, name, content):
    file = house.root / name
    file.write_bytes(content)
    return file


def receipt(house, file):
    before = house.dump()
    answer = house.ask("take-in", file, code=1)
    assert (answer["outcome"], answer["accepted"], answer["package"]) == ("reject", 0, "")
    assert house.dump() == before
    told = house.run("take-in", file)
    assert (told.code, told.err) == (1, "")
    [finding] = answer["findings"]
    assert told.out == f"{file}: rejected. {finding['message']}\n"
    return finding["message"]


@pytest.mark.parametrize(
    ("name", "content", "fragment"),
    [
        ("empty.xlf", b"", "is empty"),
        ("letter.docx", b"Dear Ana,", "is neither a file of a translation tool"),
        ("page.xml", b"<html/>", "page.xml"),
        ("cut.xlf", b"<xliff", "is not well-formed XML"),
        ("torn.zip", b"PK\x03\x04 and nothing more", "is damaged as a zip"),
        ("trap.xlf", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "DOCTYPE"),
    ],
)
def test_a_file_that_is_not_ours_is_rejected_with_a_receipt(name, content, fragment, house):
    assert fragment in receipt(house, returned(house, name, content))


def test_a_package_that_was_torn_on_its_way_is_rejected(house):
    [french] = house.packages("--locale", "fr")
    assert "torn.zip is damaged as a zip" in receipt(house, returned(house, "torn.zip", french.read_bytes()[:400]))


def test_a_package_that_was_never_handed_off_here_is_rejected(house, tmp_path):
    other = house.copied(tmp_path / "other")
    [french] = house.packages("--locale", "fr")
    assert "package reef-1-fr, which was never handed off here" in receipt(other, fill(french, FRENCH))


def test_a_zip_of_something_else_is_rejected(house):
    file = house.root / "photos.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("reef.jpg", b"...")
    assert "holds no file of a translation tool that is read" in receipt(house, file)


# the site's own files


def test_a_broken_file_of_the_site_is_a_finding_and_the_rest_goes_on(house):
    broken = b'{"child": "Children under 12 enter free",\n "back" "Tickets"}'
    commit(house.site, {"texts/tickets.json": broken}, "A colon is missing")
    told = house.run("deploy", "reef", "--dry-run").out.splitlines()
    assert told[told.index("Findings:") + 1].startswith("  texts/tickets.json, line 2, column 9: ")
    made = house.ask("deploy", "reef", "--into", house.checkout)
    [finding] = made["findings"]
    assert finding["path"] == "texts/tickets.json"
    assert finding["message"].startswith("texts/tickets.json, line 2, column 9: ")
    assert "i18n/fr/texts/shop.json" in made["written"]
    kept = json.loads((house.checkout / "i18n/fr/texts/tickets.json").read_text("utf-8"))
    assert kept["back"] == "Les billets <b>peuvent</b> être rendus sous 14 jours."


def test_half_a_character_in_a_text_ends_no_command(house):
    commit(house.site, {"texts/odd.json": b'{"smile": "Half a smile \\ud83d here"}'}, "An odd text")
    found = house.ask("detect", "reef")
    assert "Half a smile \ud83d here" in {unit["after"] for unit in found["units"]}
    assert house.run("detect", "reef").code == house.run("deploy", "reef").code == 0
    assert house.run("explain", "reef", "fr", "texts/odd.json", "smile").out.startswith(
        "Readers of fr see:  Half a smile \\ud83d here"
    )


# folders that refuse


def test_a_checkout_that_leads_elsewhere_is_refused_and_the_deployment_is_told_to_stand(house):
    elsewhere = house.root / "elsewhere"
    elsewhere.mkdir()
    (house.checkout / "i18n").symlink_to(elsewhere)
    sentence = refused(house, "deploy", "reef", "--into", house.checkout)
    assert "is served, but" in sentence
    assert "leads out of it" in sentence
    assert list(elsewhere.iterdir()) == []


def test_a_package_that_cannot_be_written_leaves_no_part_of_it(house):
    out = house.root / "out"
    (out / "reef-D0001-en-ar-v1.zip").mkdir(parents=True)
    answer = house.run("package", "reef", "--out", out, "--json")
    assert answer.code == 3
    assert "reef-D0001-en-ar-v1.zip cannot be written: Is a directory" in answer.document["error"]
    assert [path.name for path in out.iterdir()] == ["reef-D0001-en-ar-v1.zip"]


# the unexpected


def test_what_should_not_happen_is_one_sentence_and_debug_shows_the_traceback(house, monkeypatch):
    def fail(_self):
        raise ValueError("the reef is gone\nand more")

    monkeypatch.setattr(SqlStore, "read", fail)
    sentence = refused(house, "memory", "stats", code=3)
    assert sentence == (
        "Something failed that should not (ValueError: the reef is gone); run it again with --debug and report what it shows."
    )
    told = house.run("memory", "stats", "--debug", "--json")
    assert "Traceback (most recent call last)" in told.err
    assert told.document == {"error": sentence}


def test_debug_shows_where_a_refusal_came_from(house):
    answer = house.run("deploy", "wreck", "--debug")
    assert (answer.code, answer.out) == (2, "")
    assert "Traceback (most recent call last)" in answer.err
    assert answer.err.splitlines()[-1].startswith("There is no site wreck")


def test_a_machine_that_refuses_is_an_outside_failure(house, monkeypatch):
    def fail(_self):
        raise PermissionError(13, "Permission denied", "/srv/reef")

    monkeypatch.setattr(SqlStore, "read", fail)
    assert refused(house, "memory", "stats", code=3) == "The machine refused: /srv/reef: Permission denied."


def test_two_sites_of_one_name_are_refused(in_house):
    (in_house.root / "two.toml").write_text(TOML, "utf-8")
    assert "site reef is already described in" in refused(in_house, "site", "add", "two.toml")

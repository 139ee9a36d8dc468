"""The journey: a house is saved and brought back, on the same kind of database and on the other, and goes on as it was."""

import json
import stat
import zipfile
from io import BytesIO

import pytest
from sqlalchemy.exc import DBAPIError

from tests.backup.archives import members
from tests.backup.houses import ODD, WORDS, kept
from tests.cli.houses import House, git
from tm_service.domain.backups import digest_of
from tm_service.domain.errors import ServiceError
from tm_service.domain.jobs import JobStatus
from tm_service.domain.packages import Outcome

RULES = "6784f21cc1f5b20012a9e005"


def served(service):
    """Every catalog of every deployment of every site."""
    return {
        (site, deployment.number): service.catalogs(site, deployment.number)
        for site in service.sites()
        for deployment in service.deployments(site)
    }


def packages(service):
    return {
        package.id: service.handoffs.file(package.id)
        for site in service.sites()
        for package in service.handoffs.packages(site)
    }


@pytest.mark.parametrize("way", [("sqlite",), ("postgresql",), ("postgresql", "sqlite"), ("sqlite", "postgresql")])
def test_what_is_brought_back_is_equal_to_the_last_byte(origin, archive, empty, tmp_path, way):
    """Through each database and the other one; each is saved again and brought back from its own backup."""
    before, file = origin.service, archive
    expected = origin.digest()
    for number, database in enumerate(way):
        there = empty(database).restored(file)
        assert there.digest() == expected == digest_of(origin.backups.check(archive).sums)
        service = there.service
        assert served(service) == served(before)
        assert packages(service) == packages(before)
        assert service.audit.verify() == before.audit.verify()
        file = tmp_path / f"again-{number}.zip"
        with there.backups.room.freeze() as (_connection, frozen), frozen.store.read() as tx:
            assert str(tx.audit_head()) == origin.backups.check(archive).journal
        there.backups.room.write(file, lambda _frozen: (), keys=True)


def test_odd_texts_come_back(archive, other):
    (line,) = [line for line in other.restored(archive).service.audit.listed() if line.entry.verb == "odd"]
    assert (line.details["said"], line.details["by"]) == (ODD, "Ana Lopez")
    assert line.entry.at.microsecond == 1


def test_the_journal_stays_closed(archive, other):
    other.restored(archive)
    for statement in (
        "UPDATE journal SET verb = 'x' WHERE number = 1",
        "DELETE FROM journal",
        "UPDATE pseudonym SET name = 'x'",
        "DELETE FROM pseudonym",
    ):
        with pytest.raises(DBAPIError, match=r"only (appended to|erased)"):
            other.execute(statement)


def test_the_house_goes_on_a_return_is_taken_in_and_numbers_do_not_come_twice(lived, archive, other):
    """The package was handed off before the backup; its seal is still the house's."""
    service = other.restored(archive).service
    before = other.execute("SELECT max(number) FROM translation")[0][0]
    receipt = service.take_in("reef", (lived[0].root / "later.xlf").read_bytes())
    assert (receipt.outcome, receipt.accepted) == (Outcome.ACCEPT, 4)
    assert other.execute("SELECT max(number) FROM translation")[0][0] == before + 4
    deployed = service.deploy("reef").deployment
    assert deployed.number == len(service.deployments("reef"))
    assert "Les tortues nichent ici en juin" in str(
        {path: content.decode() for path, content in service.catalogs("reef", deployed.number).items()}
    )
    assert service.audit.verify().broken is None
    assert service.jobs.ask_take_in("again.xlf", b"x", by="Ana").status is JobStatus.WAITING
    assert service.memories.similar(service.memories.reading("reef", "fr"), "Buy a map", least=70, limit=1)


def test_people_programs_and_waivers_are_known_by_the_keys(lived, archive, other):
    told = lived[1]
    service = other.restored(archive).service
    assert service.people().sign_in("ana@example.org", WORDS, told["codes"][0])
    assert service.people().sign_in("ben@example.org", WORDS)
    assert service.people().authenticate(told["token"]).client.name == "Seed labels"
    with service.store.read() as tx:
        assert len(service._waivers(tx, "reef")) == 1


def test_records_their_history_and_their_mirror_come_back(origin, archive, other):
    before, after = origin.service, other.restored(archive).service
    assert list(after.records().entries()) == list(before.records().entries())
    with before.reader("articles") as one, after.reader("articles") as another:
        assert one.connector.resolve("") == another.connector.resolve("")
    detected = after.detect("articles")
    assert detected == before.detect("articles")
    assert after.deploy("articles").deployment.number == 2


def test_without_keys_they_are_made_anew_and_nothing_else_is_missing(lived, origin, other, tmp_path):
    file = tmp_path / "keyless.zip"
    made = origin.backups.backup(file)
    assert not made.has_keys
    service = other.restored(file).service
    assert not [path for path in (other.home / "keys").rglob("*") if path.is_file()]
    assert other.digest() == made.digest
    assert service.people().sign_in("ben@example.org", WORDS)
    with pytest.raises(ServiceError, match="sealed with another key"):
        service.people().sign_in("ana@example.org", WORDS, "123456")
    with service.store.read() as tx:
        assert not service._waivers(tx, "reef")
    assert service.take_in("reef", (lived[0].root / "later.xlf").read_bytes()).accepted == 4


def test_an_archive_is_for_its_owner_and_says_who_asked(origin, archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [line for line in origin.service.audit.listed(most=10_000) if line.entry.verb == "backup"]
    assert not list(archive.parent.glob(".*"))


def test_people_read_it_with_their_own_tools(archive):
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
        assert "Bienvenue au parc du récif" in opened.read("memories/reef.en.tmx").decode()
        assert "récif" in opened.read("terms/reef.en.tbx").decode()
        assert '"title":{"en"' not in opened.read("tables/store/translation.jsonl").decode()
        (package,) = (name for name in names if name.startswith("packages/reef-") and "-fr" in name)
        with zipfile.ZipFile(BytesIO(opened.read(package))) as inner:
            assert any(name.endswith(".xlf") for name in inner.namelist())
        assert "git/mirrors/articles.bundle" in names
        assert opened.read("sites/1.toml").startswith(b"[site.reef]")
        assert not any(name.startswith(("index", "cache")) for name in names)


def test_a_clone_comes_back_with_the_commits_that_rows_name(lived, tmp_path):
    """The remote has gone another way since: only the backup knows what was deployed."""
    house = lived[0].copied(tmp_path / "house")
    house.describe('repository = "site"', f'repository = "file://{house.site}"')
    house.ask("deploy", "reef", "--ref", "main")
    there = kept(house.home)
    (named,) = {deployment.revision for deployment in there.service.deployments("reef")[:1]}
    git(house.site, "checkout", "--quiet", "--orphan", "other")
    git(house.site, "commit", "--quiet", "-m", "anew")
    git(house.site, "branch", "-M", "main")
    git(house.site, "tag", "-d", "r1", "r2")
    house.ask("detect", "reef", "--base", "main")
    file = tmp_path / "backup.zip"
    there.backups.backup(file)
    back = kept(tmp_path / "back").restored(file)
    (clone,) = (back.home / "clones").glob("*.git")
    assert git(clone, "cat-file", "-t", named) == "commit"
    assert git(clone, "fsck", "--full") == ""
    assert back.service.deploy("reef").deployment.number == len(there.service.deployments("reef")) + 1


def test_settings_are_in_it_and_secrets_are_not(lived, tmp_path, monkeypatch):
    house = lived[0].copied(tmp_path / "house")
    (house.home / "openid.toml").write_text("# nobody yet\n")
    monkeypatch.setenv("TM_SERVICE_MAIL_FROM", "house@example.org")
    monkeypatch.setenv("TM_SERVICE_MAIL", "smtp://house:hidden-word@mail.example.org")
    there, file = kept(house.home), tmp_path / "backup.zip"
    there.backups.backup(file)
    content = members(file)
    assert json.loads(content["manifest.json"])["settings"] == {"TM_SERVICE_MAIL_FROM": "house@example.org"}
    secrets = [b"hidden-word", (house.home / "keys" / "waivers.key").read_bytes()]
    assert not [name for name, said in content.items() for secret in secrets if secret in said]
    back = kept(tmp_path / "back").restored(file)
    assert (back.home / "openid.toml").read_text() == "# nobody yet\n"
    assert stat.S_IMODE((back.home / "openid.toml").stat().st_mode) == 0o600


def test_a_file_of_sites_that_is_gone_stands_in_the_home(lived, tmp_path):
    house = lived[0].copied(tmp_path / "house")
    there, file = kept(house.home), tmp_path / "backup.zip"
    there.backups.backup(file)
    stays = kept(tmp_path / "stays").restored(file)
    assert (stays.home / "sites.list").read_text() == f"{house.toml}\n"
    before = house.toml.read_bytes()
    house.toml.unlink()
    back = kept(tmp_path / "back").restored(file)
    assert (back.home / "sites" / "1.toml").read_bytes() == before
    assert sorted(back.service.sites()) == ["articles", "reef"]


def test_the_commands_say_the_same_digest(lived, tmp_path):
    house = lived[0].copied(tmp_path / "house")
    file, back = tmp_path / "backup.zip", House(tmp_path / "back")
    made = house.ask("backup", file, "--keys")
    assert house.ask("restore", file, "--check") == {name: said for name, said in made.items() if name != "file"}
    assert back.ask("restore", file)["digest"] == made["digest"]
    assert back.ask("backup", "--digest")["digest"] == house.ask("backup", "--digest")["digest"] == made["digest"]
    assert back.ask("audit", "verify", "--published", made["journal"])["head"] == made["journal"]
    assert "--keys takes them along" in house.run("backup", tmp_path / "keyless.zip").out
    assert house.run("backup", file).err == f"{file} is there already; name another file.\n"
    assert house.run("backup").code == 2

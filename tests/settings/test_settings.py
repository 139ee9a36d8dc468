"""Settings: the files that describe sites are remembered, and where the home and the database lie."""

from pathlib import Path

import pytest

from tests.settings.texts import GOOD, changed, reading
from tm_service.bootstrap import add_site_file, vet
from tm_service.domain.errors import ConfigurationError
from tm_service.settings import known_sites, listed_files, read_settings


def test_another_file_cannot_open_the_memory_of_a_site(write, settings):
    greedy = reading('["own", "shore"]').replace("[memory.shore]", "[memory.shore]\nshared = true")
    shore = write(GOOD.replace("site.reef", "site.shore"), "shore.toml")
    add_site_file(settings, write(greedy))
    said = (
        r"sites\.toml: site\.reef\.memories names 'shore', the memory of a site that .*shore\.toml describes; "
        r"describe both in one file to share it\.$"
    )
    with pytest.raises(ConfigurationError, match=said):
        add_site_file(settings, shore)
    assert len(listed_files(settings)) == 1
    settings.site_list.write_text(f"{write(greedy)}\n{shore}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=said):
        known_sites(settings)


def test_adding_a_file_twice_remembers_it_once(write, settings):
    file = write(GOOD)
    assert set(add_site_file(settings, file)) == {"reef"}
    assert set(add_site_file(settings, file)) == {"reef"}
    assert listed_files(settings) == [file]


def test_two_files_may_not_describe_the_same_site(write, settings):
    add_site_file(settings, write(GOOD))
    with pytest.raises(ConfigurationError, match=r"two\.toml: site reef is already described in .*sites\.toml; rename"):
        add_site_file(settings, write(GOOD, "two.toml"))
    assert len(listed_files(settings)) == 1


def test_a_site_that_a_second_file_takes_later_is_named(write, settings):
    add_site_file(settings, write(GOOD))
    other = write(GOOD.replace("site.reef", "site.shore"), "two.toml")
    add_site_file(settings, other)
    other.write_text(GOOD, "utf-8")
    with pytest.raises(ConfigurationError, match=r"two\.toml: site reef is described in another file too"):
        known_sites(settings)


def test_a_file_with_a_mistake_is_not_remembered(write, settings):
    with pytest.raises(ConfigurationError):
        add_site_file(settings, write(changed('"json"', '"abacus"')))
    assert listed_files(settings) == []
    assert not settings.home.exists()


def test_a_listed_file_that_vanished_is_named_with_what_to_do(write, settings):
    file = write(GOOD)
    add_site_file(settings, file)
    file.unlink()
    with pytest.raises(ConfigurationError) as refused:
        known_sites(settings)
    assert str(refused.value) == (
        f"{file} was added and is gone; put it back, add it again from where it is now, "
        f"or take its line out of {settings.site_list}."
    )


def test_a_file_that_moved_is_added_again_from_where_it_is(write, settings, tmp_path):
    file = write(GOOD)
    add_site_file(settings, file)
    moved = file.rename(tmp_path / "moved.toml")
    add_site_file(settings, moved)
    assert listed_files(settings) == [moved]
    assert set(known_sites(settings)) == {"reef"}


def test_a_list_of_files_that_is_no_text_is_said(settings):
    settings.home.mkdir()
    settings.site_list.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"sites\.list cannot be read: line 1 is not UTF-8"):
        known_sites(settings)


def test_a_mistake_made_after_adding_is_found_when_the_site_is_asked_for(write, settings):
    file = write(GOOD)
    add_site_file(settings, file)
    file.write_text(changed('"json"', '"abacus"'), "utf-8")
    with pytest.raises(ConfigurationError, match=r"site\.reef\.content\[1\]\.extractor: There is no extractor"):
        known_sites(settings, vet)


def test_the_home_is_var_unless_the_environment_names_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_settings(None, {}).home == tmp_path / "var"
    assert read_settings(None, {"TM_SERVICE_HOME": ""}).home == tmp_path / "var"
    assert read_settings(None, {"TM_SERVICE_HOME": "here"}).home == tmp_path / "here"
    assert read_settings(Path("there"), {"TM_SERVICE_HOME": "here"}).home == tmp_path / "there"


def test_the_home_may_begin_with_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_settings(None, {"TM_SERVICE_HOME": "~/tm"}).home == tmp_path / "tm"
    with pytest.raises(ConfigurationError, match="leads nowhere on this machine"):
        read_settings(Path("~nobody-of-that-name/tm"), {})


def test_the_database_lies_in_the_home_unless_the_environment_names_another(tmp_path):
    assert read_settings(tmp_path, {}).database == f"sqlite:///{tmp_path / 'store.sqlite'}"
    elsewhere = {"TM_SERVICE_DATABASE": "postgresql://db.example.org/tm"}
    assert read_settings(tmp_path, elsewhere).database == "postgresql://db.example.org/tm"


def test_a_broker_is_a_redis_and_needs_its_library(tmp_path, monkeypatch):
    address = "redis://broker.example.org:6379/0"
    known = read_settings(tmp_path, {"TM_SERVICE_BROKER": address})
    assert known.broker == address
    assert address not in repr(known)
    with pytest.raises(ConfigurationError, match=r"is no address of a Redis; write redis://host:port/number\.$"):
        read_settings(tmp_path, {"TM_SERVICE_BROKER": "amqp://broker.example.org"})
    monkeypatch.setattr("tm_service.settings.find_spec", lambda _name: None)
    with pytest.raises(ConfigurationError, match=r"needs Celery; install tm-service\[scale\]\.$"):
        read_settings(tmp_path, {"TM_SERVICE_BROKER": address})


def test_backups_are_written_where_a_folder_is_named_and_fourteen_stay(tmp_path):
    assert read_settings(tmp_path, {}).backups is None
    known = read_settings(tmp_path, {"TM_SERVICE_BACKUPS": str(tmp_path / "kept")})
    assert (known.backups, known.backups_kept, known.backups_keys) == (tmp_path / "kept", 14, False)
    said = {"TM_SERVICE_BACKUPS": "kept", "TM_SERVICE_BACKUPS_KEPT": "3", "TM_SERVICE_BACKUPS_KEYS": "yes"}
    known = read_settings(tmp_path, said)
    assert (known.backups, known.backups_kept, known.backups_keys) == (Path.cwd() / "kept", 3, True)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (f"TM_SERVICE_BACKUPS_{name}", said)
        for name in ("KEPT", "KEYS")
        for said in ("some", "-1", "9" * 5000, "٣", "1.5")
    ]
    + [("TM_SERVICE_BACKUPS_KEPT", "0"), ("TM_SERVICE_BACKUPS_KEPT", "10001")],
)
def test_settings_of_backups_that_say_nothing_are_named(tmp_path, name, said):
    with pytest.raises(ConfigurationError, match=name):
        read_settings(tmp_path, {name: said})

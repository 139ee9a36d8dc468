"""The command `settings`: what is set, from where, without secrets; and whether it answers."""

import socket

import pytest
from aiosmtpd.controller import Controller

from tests.cli.houses import House
from tests.redis_server import running_redis
from tm_service.setting_names import VARIABLES
from tm_service.storage.sql_store import SqlStore


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def tried(answer):
    return {one["what"]: (one["well"], one["said"]) for one in answer["tried"]}


def test_it_says_what_is_set_and_from_where_and_no_secret(house, monkeypatch):
    file = house.root / "password"
    file.write_text("kelp9forest", "utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("TM_SERVICE_RECORDS_PASSWORD_FILE", str(file))
    monkeypatch.setenv("TM_SERVICE_MAIL", "smtp://ana:kelp9forest@127.0.0.1:25")
    monkeypatch.setenv("TM_SERVICE_LOG_LEVEL", "debug")
    answer = house.run("settings")
    assert (answer.code, answer.err) == (0, "")
    assert "kelp9" not in answer.out
    found = {one["name"]: (one["value"], one["from"]) for one in house.ask("settings")["settings"]}
    assert set(found) == {one.name for one in VARIABLES}
    assert found["TM_SERVICE_RECORDS_PASSWORD"] == ("***", str(file))
    assert found["TM_SERVICE_MAIL"] == ("***", "environment")
    assert found["TM_SERVICE_LOG_LEVEL"] == ("debug", "environment")
    assert found["TM_SERVICE_BROKER"] == ("", "default")
    assert not house.home.exists()


def test_a_misspelt_variable_is_said(house, monkeypatch):
    monkeypatch.setenv("TM_SERVICE_BROKR", "redis://x")
    assert house.ask("settings", code=1)["unknown"] == ["TM_SERVICE_BROKR"]


def test_what_is_set_wrongly_is_said_in_one_sentence(house, monkeypatch):
    monkeypatch.setenv("TM_SERVICE_GRACE", "soon")
    answer = house.run("settings")
    assert (answer.code, answer.err.count("\n")) == (2, 1)


def test_trying_a_house_that_is_not_there_yet_makes_nothing(house):
    found = tried(house.ask("settings", "--try"))
    assert found["home"] == (True, f"{house.home} is made at the first start.")
    assert found["database"] == (True, "It is made at the first start.")
    assert not house.home.exists()


def test_trying_a_house_that_is_there(house):
    house.ask("migrate")
    found = tried(house.ask("settings", "--try"))
    assert found["home"] == (True, f"{house.home} can be written.")
    assert found["database"] == (True, "It answers, and its tables are of this version.")


def test_the_folder_of_backups_is_tried_where_it_is_set(house, monkeypatch):
    place = house.root / "kept" / "backups"
    monkeypatch.setenv("TM_SERVICE_BACKUPS", str(place))
    assert tried(house.ask("settings", "--try"))["backups"] == (True, f"{place} is made at the first backup.")
    place.mkdir(parents=True)
    assert tried(house.ask("settings", "--try"))["backups"] == (True, f"{place} can be written.")
    place.rmdir()
    place.write_text("no folder")
    well, said = tried(house.ask("settings", "--try", code=3))["backups"]
    assert (well, f"The folder of backups {place} cannot be written" in said) == (False, True)


def test_tables_of_another_version_are_said(house):
    house.ask("migrate")
    store = SqlStore(f"sqlite:///{house.home / 'store.sqlite'}")
    with store.connected("write") as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '20261101_older'")
        connection.commit()
    store.close()
    well, said = tried(house.ask("settings", "--try", code=3))["database"]
    assert not well
    assert "20261101_older" in said


def test_what_does_not_answer_is_said_without_its_password(house, monkeypatch):
    monkeypatch.setenv("TM_SERVICE_BROKER", "redis://:kelp9forest@127.0.0.1:9/0")
    monkeypatch.setenv("TM_SERVICE_MAIL", "smtp://ana:kelp9forest@127.0.0.1:9")
    monkeypatch.setenv("TM_SERVICE_MAIL_FROM", "texts@example.org")
    monkeypatch.setenv("TM_SERVICE_DATABASE", "postgresql://ana:kelp9forest@127.0.0.1:9/store")
    answer = house.run("settings", "--try", "--json")
    assert answer.code == 3
    assert "kelp9" not in answer.out + answer.err
    assert {what for what, (well, _said) in tried(answer.document).items() if not well} == {
        "database",
        "broker",
        "mail",
    }


def test_what_answers_is_said(house, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(object(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with running_redis() as redis:
            monkeypatch.setenv("TM_SERVICE_BROKER", redis.url)
            monkeypatch.setenv("TM_SERVICE_MAIL", f"smtp://127.0.0.1:{port}")
            monkeypatch.setenv("TM_SERVICE_MAIL_FROM", "texts@example.org")
            found = tried(house.ask("settings", "--try"))
    finally:
        controller.stop()
    assert found["broker"] == (True, "It answers.")
    assert found["mail"] == (True, "It answers, and lets us in.")

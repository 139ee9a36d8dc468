"""Secrets: told once and kept nowhere: not in the database, not in a repr, not in an error, not in a log."""

import logging
import traceback

import pytest

from tests.people.dump import bytes_of_file, dumped
from tests.people.samples import DAY, KEY, PASSWORD, SCOPES, approved, make_room, person, signed_in, with_second_factor
from tm_service.domain.errors import ServiceError
from tm_service.storage.sql_store import SqlStore

NEW = "bulbs under the snow"


@pytest.fixture
def told(url, ada, ben, clock, caplog):
    """Every secret that a busy day tells, and every value that went with it; the log has every statement and parameter."""
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine")
    loud = SqlStore(url)
    room = make_room(loud.connected, clock)
    secrets, values = {PASSWORD, NEW, KEY.decode()}, []
    opened = signed_in(room, "Ben")
    enrolment = room.enrol_totp(opened.token)
    values += [opened, enrolment]
    secrets |= {opened.token, enrolment.secret}
    totp, codes, confirmed = with_second_factor(room, clock, "Ben")
    secrets |= {totp.secret, confirmed.token, *codes, *(code.replace("-", "") for code in codes)}
    values += [confirmed, signed_in(room, "Ben", code=codes[0])]
    renewed = room.change_password(values[-1].token, PASSWORD, NEW)
    rotated = room.rotate(renewed.token)
    values += [renewed, rotated]
    secrets |= {values[-3].token, renewed.token, rotated.token}
    invitation = room.invite("cem@house.example", "Cem", "ru")
    client = approved(room, ada, ben)
    issued = room.issue_token(client.id, SCOPES, by=ada.id, lasts=DAY)
    replaced = room.rotate_token(issued.token.prefix, by=ada.id, overlap=DAY)
    values += [invitation, issued, replaced, room.authenticate(issued.secret), room, room.personal_data(ben.id)]
    loud.close()
    return secrets | {invitation.token, issued.secret, replaced.secret}, values, issued.secret.split("_", 2)[2]


def test_a_thief_of_the_database_finds_no_secret_in_clear(told, store):
    secrets, _values, end = told
    stolen, file = dumped(store), bytes_of_file(store)
    assert "ben@house.example" in stolen, "there is something to be stolen"
    assert file or store.engine.dialect.name == "postgresql"
    for secret in {*secrets, end}:
        assert secret not in stolen
        assert secret.encode() not in file


def test_no_value_shows_a_secret_where_it_is_printed(told):
    secrets, values, end = told
    shown = "".join(map(repr, values))
    for secret in {*secrets, end}:
        assert secret not in shown
        assert str(secret) not in "".join(map(str, values))


def test_no_hash_leaves_the_room(told, store):
    _secrets, values, _end = told
    assert "$argon2id$" in dumped(store)
    assert "$argon2" not in "".join(map(repr, values))


def test_no_secret_is_logged(told, caplog):
    secrets, _values, end = told
    logged = "\n".join(record.getMessage() for record in caplog.get_records("setup"))
    assert "INSERT INTO people_session" in logged
    assert "labels@house.example" in logged, "parameters are logged"
    for secret in {*secrets, end}:
        assert secret not in logged


def test_no_refusal_quotes_a_secret(room, ada, ben, clock):
    mistyped = "a secret that was mistyped"
    _totp, _codes, opened = with_second_factor(room, clock, "Ben")
    for act in (
        lambda: room.sign_in(ben.email, mistyped),
        lambda: room.sign_in(ben.email, PASSWORD, mistyped),
        lambda: room.resume(mistyped),
        lambda: room.rotate(mistyped),
        lambda: room.accept(mistyped, PASSWORD),
        lambda: room.accept(room.invite_again(ada.id).token, mistyped * 50),
        lambda: room.change_password(opened.token, mistyped, NEW),
        lambda: room.change_password(opened.token, PASSWORD, mistyped * 50),
        lambda: room.remove_totp(opened.token, mistyped),
        lambda: room.confirm_totp(signed_in(room, "Ada").token, mistyped),
        lambda: room.authenticate(mistyped),
        lambda: room.authenticate(f"tms_{'0' * 12}_{mistyped}"),
    ):
        with pytest.raises(ServiceError) as refused:
            act()
        assert mistyped not in "".join(traceback.format_exception_only(refused.value))
        assert str(refused.value).endswith(".")


def test_two_people_of_the_same_password_have_different_hashes(room, store, ada, ben):
    person(room, "Eva")
    hashes = [part for part in dumped(store).split("'") if part.startswith("$argon2id$")]
    assert len(hashes) == len(set(hashes)) == 3

"""The second factor: codes by time that count once, recovery codes for one use each, secrets that stay sealed."""

import pytest
from pyotp import TOTP
from sqlalchemy import select, update

from tests.people.samples import CHEAP, PASSWORD, make_room, person, signed_in, with_second_factor
from tm_service.domain.errors import ConfigurationError, Conflict, Refused
from tm_service.domain.people import CodeNeeded, LockedOut, SignInRefused
from tm_service.people.room import open_room
from tm_service.people.tables import factor


def refused(room, name, code):
    with pytest.raises(SignInRefused) as refusal:
        signed_in(room, name, code=code)
    return refusal.value


def test_the_address_for_a_phone_names_the_house_and_the_person(room, ben):
    enrolment = room.enrol_totp(signed_in(room, "Ben").token)
    assert enrolment.uri.startswith("otpauth://totp/The%20seed%20house:ben%40house.example?")
    assert f"secret={enrolment.secret}" in enrolment.uri
    assert len(enrolment.secret) == 32


def test_until_it_is_confirmed_nothing_asks_for_it(room, ben):
    room.enrol_totp(signed_in(room, "Ben").token)
    assert not signed_in(room, "Ben").person.has_second_factor


def test_confirming_renews_this_session_and_ends_the_others(room, ben, clock):
    other = signed_in(room, "Ben").token
    _totp, codes, opened = with_second_factor(room, clock, "Ben")
    assert room.resume(opened.token).person.has_second_factor
    with pytest.raises(SignInRefused):
        room.resume(other)
    assert len(set(codes)) == 10


def test_it_is_asked_for_and_only_after_the_right_password(room, ben, clock):
    totp, _codes, _opened = with_second_factor(room, clock, "Ben")
    assert isinstance(refused(room, "Ben", ""), CodeNeeded)
    with pytest.raises(SignInRefused) as refusal:
        room.sign_in(ben.email, "not the password")
    assert not isinstance(refusal.value, CodeNeeded)
    clock.pass_by(seconds=30)
    assert signed_in(room, "Ben", code=totp.at(clock.now))


def test_a_time_step_counts_once_and_no_earlier_one_counts_after_it(room, ben, clock):
    totp, _codes, _opened = with_second_factor(room, clock, "Ben")
    assert not isinstance(refused(room, "Ben", totp.at(clock.now)), LockedOut), "confirming it used this step"
    before = totp.at(clock.now)
    clock.pass_by(seconds=30)
    now = totp.at(clock.now)
    signed_in(room, "Ben", code=now)
    refused(room, "Ben", now)
    refused(room, "Ben", before)


def test_a_phone_may_be_half_a_minute_off_and_no_more(room, ben, clock):
    totp, _codes, _opened = with_second_factor(room, clock, "Ben")
    clock.pass_by(minutes=10)
    refused(room, "Ben", totp.at(clock.now, counter_offset=-2))
    refused(room, "Ben", totp.at(clock.now, counter_offset=2))
    assert signed_in(room, "Ben", code=totp.at(clock.now, counter_offset=-1))
    assert signed_in(room, "Ben", code=totp.at(clock.now, counter_offset=1))


def test_a_code_may_be_written_with_spaces_and_in_the_digits_of_any_script(room, ben, clock):
    totp, _codes, _opened = with_second_factor(room, clock, "Ben")
    clock.pass_by(minutes=1)
    code = totp.at(clock.now)
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert signed_in(room, "Ben", code=f"{arabic[:3]} {arabic[3:]}")


@pytest.mark.parametrize("code", ["0", "00000", "0000000", "²²²²²²", "abcdef", "-12345", "\0", "\ud800", "x" * 10_000])
def test_what_is_no_code_is_a_failure_like_any_other(room, ben, clock, code):
    with_second_factor(room, clock, "Ben")
    assert type(refused(room, "Ben", code)) is SignInRefused


def test_wrong_codes_lock_the_address_as_wrong_passwords_do(room, ben, clock):
    totp, codes, _opened = with_second_factor(room, clock, "Ben")
    clock.pass_by(minutes=1)
    wrong = f"{(int(totp.at(clock.now)) + 1) % 1_000_000:06d}"
    for _time in range(5):
        refused(room, "Ben", wrong)
        refused(room, "Ben", "")
    assert isinstance(refused(room, "Ben", codes[0]), LockedOut)


def test_a_recovery_code_opens_once(room, ben, clock):
    _totp, codes, _opened = with_second_factor(room, clock, "Ben")
    assert signed_in(room, "Ben", code=codes[0])
    assert type(refused(room, "Ben", codes[0])) is SignInRefused
    assert signed_in(room, "Ben", code=codes[1].lower().replace("-", " "))
    assert room.personal_data(ben.id)["recovery_codes_left"] == 8


def test_nobody_s_recovery_code_is_another_s(room, ada, ben, clock):
    _totp, codes, _opened = with_second_factor(room, clock, "Ben")
    with_second_factor(room, clock, "Ada")
    refused(room, "Ada", codes[0])
    assert signed_in(room, "Ben", code=codes[0])


def test_a_wrong_code_confirms_nothing(room, ben, clock):
    opened = signed_in(room, "Ben")
    secret = room.enrol_totp(opened.token).secret
    for code in ("", "000", TOTP(secret).at(clock.now, counter_offset=5)):
        with pytest.raises(Refused, match="code is wrong"):
            room.confirm_totp(opened.token, code)
    assert signed_in(room, "Ben")


def test_enrolling_again_before_confirming_replaces_the_secret(room, ben, clock):
    opened = signed_in(room, "Ben")
    first, second = (TOTP(room.enrol_totp(opened.token).secret) for _time in range(2))
    with pytest.raises(Refused):
        room.confirm_totp(opened.token, first.at(clock.now))
    assert room.confirm_totp(opened.token, second.at(clock.now))


def test_one_in_use_is_neither_enrolled_nor_confirmed_again(room, ben, clock):
    totp, _codes, opened = with_second_factor(room, clock, "Ben")
    clock.pass_by(minutes=1)
    with pytest.raises(Conflict, match="remove it first"):
        room.enrol_totp(opened.token)
    with pytest.raises(Conflict, match="enrol one"):
        room.confirm_totp(opened.token, totp.at(clock.now))


def test_it_is_removed_by_the_password_and_the_codes_with_it(room, ben, clock):
    _totp, _codes, opened = with_second_factor(room, clock, "Ben")
    with pytest.raises(SignInRefused):
        room.remove_totp(opened.token, "not the password")
    renewed = room.remove_totp(opened.token, PASSWORD)
    assert not renewed.person.has_second_factor
    with pytest.raises(SignInRefused):
        room.resume(opened.token)
    with pytest.raises(Conflict, match="no second factor"):
        room.remove_totp(renewed.token, PASSWORD)
    assert signed_in(room, "Ben")
    assert room.personal_data(ben.id)["recovery_codes_left"] == 0


def test_who_lost_the_phone_is_helped_by_an_administrator(room, ben, clock):
    _totp, _codes, opened = with_second_factor(room, clock, "Ben")
    assert not room.reset_totp(ben.id).has_second_factor
    with pytest.raises(SignInRefused):
        room.resume(opened.token)
    assert signed_in(room, "Ben")


def test_a_new_password_by_invitation_leaves_it_in_use(room, ben, clock):
    with_second_factor(room, clock, "Ben")
    room.accept(room.invite_again(ben.id).token, "bulbs under the snow")
    with pytest.raises(CodeNeeded):
        signed_in(room, "Ben", "bulbs under the snow")


def test_another_key_opens_no_secret_and_says_what_to_do(room, store, ben, clock):
    totp, codes, _opened = with_second_factor(room, clock, "Ben")
    other = make_room(store.connected, clock, b"another key of thirty-two bytes.")
    clock.pass_by(minutes=1)
    with pytest.raises(ConfigurationError, match="bring that key back"):
        signed_in(other, "Ben", code=totp.at(clock.now))
    assert signed_in(other, "Ben", code=codes[0]), "a recovery code needs no key"


def test_a_secret_that_is_moved_to_another_person_is_no_use(room, store, ben, clock):
    totp, _codes, _opened = with_second_factor(room, clock, "Ben")
    eva = person(room, "Eva")
    with_second_factor(room, clock, "Eva")
    with store.connected("write") as connection:
        his = connection.scalar(select(factor.c.sealed).where(factor.c.person == ben.id))
        connection.execute(update(factor).where(factor.c.person == eva.id).values(sealed=his, step=-1))
        connection.commit()
    with pytest.raises(ConfigurationError, match="for another person"):
        signed_in(room, "Eva", code=totp.at(clock.now))


@pytest.mark.parametrize("key", [b"", b"x" * 31, b"x" * 33])
def test_a_key_has_thirty_two_bytes(store, clock, key):
    with pytest.raises(ConfigurationError, match="it needs 32"):
        open_room(store.connected, clock, key, hasher=CHEAP)

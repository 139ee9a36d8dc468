"""Clients: requested by one, approved by another, with tokens for some of what was approved, counted in what they use."""

from datetime import date, datetime, timedelta, timezone

import pytest

from tests.clocks import NOON
from tests.people.samples import DAY, SCOPES, approved
from tm_service.domain.clients import ClientState, Usage, Use
from tm_service.domain.errors import Conflict, NotAllowed, NotFound, Refused
from tm_service.domain.people import SignInRefused
from tm_service.domain.permissions import OF_PEOPLE, Action

NOBODY = "0" * 32
MONTH = timedelta(days=30)


def request(room, by, **said: object):
    asked = {"name": "Seed labels", "contact": "labels@house.example", "purpose": "Prints labels.\nEvery night."}
    return room.request_client(**{**asked, "scopes": SCOPES, "by": by.id, **said})


def is_good(room, secret):
    try:
        room.authenticate(secret)
    except SignInRefused:
        return False
    return True


def test_a_client_is_what_was_asked_for_and_may_do_nothing_yet(room, ben, clock):
    client = request(room, ben, pinned=["packages"])
    assert (client.name, client.purpose) == ("Seed labels", "Prints labels.\nEvery night.")
    assert (client.scopes, client.pinned, client.state) == (SCOPES, {"packages"}, ClientState.REQUESTED)
    assert (client.requested_by, client.requested) == (ben.id, clock.now)
    assert room.clients() == [client]
    with pytest.raises(Conflict, match="is requested; only an approved one"):
        room.issue_token(client.id, SCOPES, by=ben.id, lasts=MONTH)


def test_nobody_approves_what_they_requested(room, ada, ben):
    client = request(room, ada)
    with pytest.raises(NotAllowed, match="another person has to"):
        room.approve_client(client.id, by=ada.id)
    assert room.client(client.id) == client
    decided = room.approve_client(client.id, by=ben.id, why="For the harvest.")
    assert (decided.state, decided.decided_by, decided.why) == (ClientState.APPROVED, ben.id, "For the harvest.")


def test_only_who_is_active_requests_and_decides(room, ada, ben):
    client = request(room, ada)
    for by, error in ((NOBODY, NotFound), ("", NotAllowed)):
        with pytest.raises(error):
            room.approve_client(client.id, by=by)
    room.deactivate(ben.id)
    with pytest.raises(NotAllowed, match="not active"):
        room.approve_client(client.id, by=ben.id)
    with pytest.raises(NotAllowed, match="not active"):
        request(room, ben, name="Another")


def test_a_client_is_decided_once(room, ada, ben):
    client = approved(room, ada, ben)
    with pytest.raises(Conflict, match="is approved; it cannot become rejected"):
        room.reject_client(client.id, by=ben.id, why="No.")
    room.revoke_client(client.id, by=ben.id)
    for act in (room.approve_client, room.revoke_client):
        with pytest.raises(Conflict, match="is revoked; it cannot become"):
            act(client.id, by=ben.id)


def test_a_rejection_says_why_and_frees_the_name(room, ada, ben):
    client = request(room, ada)
    with pytest.raises(Refused, match="reason"):
        room.reject_client(client.id, by=ben.id, why=" ")
    with pytest.raises(Conflict, match="choose another name"):
        request(room, ben, name="SEED labels")
    assert room.reject_client(client.id, by=ben.id, why="Name a contact.").why == "Name a contact."
    assert request(room, ben, name="SEED labels").state is ClientState.REQUESTED


@pytest.mark.parametrize("scope", sorted(OF_PEOPLE))
def test_a_client_is_never_given_what_only_people_do(room, ada, scope):
    with pytest.raises(Refused, match=f"may not have {scope}; only people"):
        request(room, ada, scopes=SCOPES | {scope})


@pytest.mark.parametrize(
    "said", [{"name": ""}, {"name": "\0"}, {"contact": " "}, {"purpose": "\x1b"}, {"scopes": []}, {"pinned": [""]}]
)
def test_what_a_client_cannot_be_is_refused(room, ada, said):
    with pytest.raises(Refused):
        request(room, ada, **said)
    assert room.clients() == []


def test_a_client_relies_on_the_functions_it_is_pinned_to(room, ada):
    client = request(room, ada, pinned=["packages", "returns"])
    assert room.pin(client.id, ["returns"]).pinned == {"returns"}
    assert room.client(client.id).pinned == {"returns"}


def test_a_token_may_do_what_it_was_issued_for_and_nothing_else(room, ada, ben, clock):
    client = approved(room, ada, ben)
    issued = room.issue_token(client.id, [Action.SITES_READ], by=ada.id, lasts=MONTH)
    caller = room.authenticate(issued.secret)
    assert caller.client == client
    assert caller.token == issued.token == room.tokens(client.id)[0]
    assert issued.secret.startswith(f"tms_{issued.token.prefix}_")
    assert issued.token.until == clock.now + MONTH
    assert [action for action in Action if caller.may(action)] == [Action.SITES_READ]


@pytest.mark.parametrize("scopes", [[], [Action.DEPLOY], [Action.SITES_READ, Action.DEPLOY]])
def test_a_token_is_for_no_more_than_the_client_was_approved_for(room, ada, ben, scopes):
    client = approved(room, ada, ben)
    with pytest.raises(Refused):
        room.issue_token(client.id, scopes, by=ada.id, lasts=MONTH)
    assert room.tokens(client.id) == []


@pytest.mark.parametrize("lasts", [timedelta(0), -DAY, 367 * DAY])
def test_a_token_lasts_for_a_year_at_most(room, ada, ben, lasts):
    client = approved(room, ada, ben)
    with pytest.raises(Refused, match="at most 366 days"):
        room.issue_token(client.id, SCOPES, by=ada.id, lasts=lasts)


def test_a_token_runs_out(room, ada, ben, clock):
    secret = room.issue_token(approved(room, ada, ben).id, SCOPES, by=ada.id, lasts=DAY).secret
    clock.pass_by(days=1, microseconds=-1)
    assert is_good(room, secret)
    clock.pass_by(microseconds=1)
    assert not is_good(room, secret)


def test_a_token_of_the_right_beginning_and_another_end_is_nobody_s(room, ada, ben):
    secret = room.issue_token(approved(room, ada, ben).id, SCOPES, by=ada.id, lasts=DAY).secret
    other = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for token in (
        other,
        secret + "A",
        secret[:-1],
        f" {secret}",
        secret + "\n",
        "",
        "tms_",
        "\0",
        "\ud800",
        "x" * 99_999,
    ):
        assert not is_good(room, token)
    assert is_good(room, secret)


def test_rotation_overlaps_for_as_long_as_was_said(room, ada, ben, clock):
    client = approved(room, ada, ben)
    old = room.issue_token(client.id, [Action.PACKAGE], by=ada.id, lasts=MONTH)
    clock.pass_by(days=10)
    new = room.rotate_token(old.token.prefix, by=ben.id, overlap=DAY)
    assert new.token.scopes == {Action.PACKAGE}
    assert new.token.until == clock.now + MONTH
    assert room.tokens(client.id)[1].replaced_by == new.token.prefix
    assert (is_good(room, old.secret), is_good(room, new.secret)) == (True, True)
    with pytest.raises(Conflict, match="replaced"):
        room.rotate_token(old.token.prefix, by=ben.id, overlap=DAY)
    clock.pass_by(days=1)
    assert (is_good(room, old.secret), is_good(room, new.secret)) == (False, True)


def test_rotation_lengthens_no_old_token_and_may_end_it_at_once(room, ada, ben, clock):
    client = approved(room, ada, ben)
    old = room.issue_token(client.id, SCOPES, by=ada.id, lasts=DAY)
    room.rotate_token(old.token.prefix, by=ada.id, overlap=MONTH)
    clock.pass_by(days=1)
    assert not is_good(room, old.secret)
    new = room.issue_token(client.id, SCOPES, by=ada.id, lasts=DAY)
    room.rotate_token(new.token.prefix, by=ada.id, overlap=timedelta(0))
    assert not is_good(room, new.secret)
    with pytest.raises(Refused, match="31 days at most"):
        room.rotate_token(new.token.prefix, by=ada.id, overlap=32 * DAY)


def test_a_revoked_token_is_good_for_nothing_its_neighbours_are(room, ada, ben):
    client = approved(room, ada, ben)
    one, other = (room.issue_token(client.id, SCOPES, by=ada.id, lasts=DAY) for _number in range(2))
    assert room.revoke_token(one.token.prefix).revoked
    assert room.revoke_token(one.token.prefix).revoked
    assert (is_good(room, one.secret), is_good(room, other.secret)) == (False, True)
    with pytest.raises(Conflict, match="issue a new one"):
        room.rotate_token(one.token.prefix, by=ada.id, overlap=DAY)


def test_a_revoked_client_has_no_good_tokens_and_gets_none(room, ada, ben):
    client = approved(room, ada, ben)
    issued = room.issue_token(client.id, SCOPES, by=ada.id, lasts=DAY)
    room.revoke_client(client.id, by=ada.id, why="It is sold.")
    assert not is_good(room, issued.secret)
    with pytest.raises(Conflict):
        room.issue_token(client.id, SCOPES, by=ada.id, lasts=DAY)
    with pytest.raises(Conflict):
        room.rotate_token(issued.token.prefix, by=ada.id, overlap=DAY)


@pytest.mark.parametrize("id_", ["", NOBODY, "\0", "\ud800"])
def test_a_client_or_token_that_is_not_there_is_not_found(room, ada, id_):
    for ask in (
        room.client,
        room.tokens,
        room.revoke_token,
        lambda one: room.pin(one, []),
        lambda one: room.approve_client(one, by=ada.id),
        lambda one: room.rotate_token(one, by=ada.id, overlap=DAY),
        lambda one: room.issue_token(one, SCOPES, by=ada.id, lasts=DAY),
        lambda one: room.usage(client=one or NOBODY),
    ):
        with pytest.raises((NotFound, NotAllowed)):
            ask(id_)


def test_calls_are_counted_by_client_function_and_day_in_utc(room, ada, ben):
    client = approved(room, ada, ben).id
    late = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(-timedelta(hours=2)))
    room.count([Use(client, "packages", NOON), Use(client, "packages", NOON, 3), Use(client, "returns", NOON)])
    room.count([Use(client, "packages", NOON), Use(client, "packages", late)])
    room.count([])
    today, tomorrow = date(2026, 11, 22), date(2026, 11, 23)
    assert room.usage() == [
        Usage(client, "packages", today, 5),
        Usage(client, "packages", tomorrow, 1),
        Usage(client, "returns", today, 1),
    ]
    assert room.usage(since=tomorrow) == [Usage(client, "packages", tomorrow, 1)]
    assert len(room.usage(client=client, until=today)) == 2


def test_many_functions_are_counted_at_once(room, ada, ben):
    client = approved(room, ada, ben).id
    for _time in range(2):
        room.count(Use(client, f"function {number}", NOON) for number in range(1000))
    assert [usage.calls for usage in room.usage()] == [2] * 1000


@pytest.mark.parametrize(
    ("use", "error"),
    [
        (Use(NOBODY, "packages", NOON), NotFound),
        (Use("\0", "packages", NOON), NotFound),
        (Use("", "", NOON), Refused),
        (Use("", "\0", NOON), Refused),
        (Use("", "packages", NOON, 0), Refused),
        (Use("", "packages", NOON.replace(tzinfo=None)), Refused),
    ],
)
def test_of_calls_that_cannot_be_counted_none_is(room, ada, ben, use, error):
    client = approved(room, ada, ben).id
    with pytest.raises(error):
        room.count([Use(client, "packages", NOON), use])
    assert room.usage() == []

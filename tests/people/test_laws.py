"""Laws of the people room: whatever people do in whatever order, an administrator stays and what ended opens nothing."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.clocks import Clock
from tests.people.samples import ADMINISTRATOR, DAY, FRENCH, PASSWORD, SCOPES, let_in, make_room
from tm_service.domain.clients import ClientState
from tm_service.domain.errors import Conflict, NotAllowed
from tm_service.domain.people import SessionRules, SignInRefused
from tm_service.domain.permissions import Action, Grant, Role
from tm_service.people.tables import metadata

RULES = SessionRules()
GRANTS = st.sampled_from(
    [(ADMINISTRATOR,), (ADMINISTRATOR, FRENCH), (FRENCH,), (Grant(Role.ADMINISTRATOR, "garden"),), ()]
)
SPANS = st.sampled_from([timedelta(minutes=20), timedelta(hours=1), timedelta(hours=3), DAY, 8 * DAY, 40 * DAY])
EXPIRIES = st.none() | SPANS


class House(RuleBasedStateMachine):
    """A house whose tokens are all remembered by who watches it: those that may still be good, and those that ended."""

    people, invitations, sessions, tokens = (Bundle(name) for name in ("people", "invitations", "sessions", "tokens"))

    def __init__(self, store) -> None:
        super().__init__()
        clear(store)
        self.clock = Clock()
        self.room = make_room(store.connected, self.clock)
        self.open: dict[str, tuple] = {}  # session token: person, until at most, last request
        self.over: set[str] = set()
        self.used: set[str] = set()  # invitations
        self.issued: dict[str, tuple] = {}  # secret of a token: prefix, client, until
        self.spent: set[str] = set()
        self.governed = False
        self.invited = 0

    def end(self, person, but="") -> None:
        for token in [token for token, (whose, *_rest) in self.open.items() if whose == person and token != but]:
            self.close(token)

    def close(self, token) -> None:
        self.open.pop(token, None)
        self.over.add(token)

    def keep(self, opened, until) -> str:
        self.open[opened.token] = (opened.person.id, until, self.clock.now)
        return opened.token

    def spend(self) -> None:
        """Tokens that have run out by now are good no longer."""
        self.spent |= {one for one, (_prefix, _client, until) in self.issued.items() if self.clock.now >= until}

    # people
    @initialize(target=people)
    def begin(self):
        return multiple(self.invite_and_accept((ADMINISTRATOR,)), self.invite_and_accept(()))

    def invite_and_accept(self, grants):
        self.invited += 1
        invitation = self.room.invite(f"p{self.invited}@house.example", f"P{self.invited}", "en", grants)
        return self.room.accept(invitation.token, PASSWORD).id

    @rule(target=people, grants=GRANTS, within=EXPIRIES)
    def invite(self, grants, within):
        self.invited += 1
        expires = self.clock.now + within if within else None
        person = self.room.invite(f"p{self.invited}@house.example", f"P{self.invited}", "en", grants, expires=expires)
        return person.person.id

    @rule(target=invitations, person=people)
    def invite_again(self, person):
        with suppress(Conflict):
            return self.room.invite_again(person).token
        return ""

    @rule(token=invitations)
    def accept(self, token):
        try:
            person = self.room.accept(token, PASSWORD)
        except (SignInRefused, Conflict):
            return
        assert token not in self.used, "an invitation is for one use"
        self.used.add(token)
        self.end(person.id)

    @rule(person=people)
    def deactivate(self, person):
        with suppress(Conflict):
            self.room.deactivate(person)
            self.end(person)

    @rule(person=people)
    def reactivate(self, person):
        with suppress(Conflict):
            self.room.reactivate(person)

    @rule(person=people)
    def erase(self, person):
        with suppress(Conflict):
            self.room.erase(person)
            self.end(person)

    @rule(person=people, grants=GRANTS)
    def set_grants(self, person, grants):
        before = self.room.person(person)
        with suppress(Conflict):
            if self.room.set_grants(person, grants).grants != before.grants:
                self.end(person)

    @rule(person=people, within=EXPIRIES)
    def set_expiry(self, person, within):
        with suppress(Conflict):
            self.room.set_expiry(person, self.clock.now + within if within else None)

    # sessions
    @rule(target=sessions, person=people)
    def sign_in(self, person):
        who = self.room.person(person)
        try:
            opened = self.room.sign_in(who.email, PASSWORD)
        except SignInRefused:
            return ""
        assert who.is_active(self.clock.now)
        return self.keep(opened, self.clock.now + RULES.longest)

    @rule(target=sessions, person=people)
    def admit(self, person):
        try:
            opened = let_in(self.room, person)
        except (SignInRefused, Conflict):
            return ""
        assert opened.person.is_active(self.clock.now)
        return self.keep(opened, self.clock.now + RULES.longest)

    @rule(token=sessions)
    def use(self, token):
        with suppress(SignInRefused):
            opened = self.room.resume(token)
            whose, until, _last = self.open[token]
            assert opened.person.id == whose
            assert opened.person.is_active(self.clock.now)
            self.open[token] = (whose, until, self.clock.now)

    @rule(target=sessions, token=sessions)
    def rotate(self, token):
        try:
            opened = self.room.rotate(token)
        except SignInRefused:
            return ""
        until = self.open[token][1]
        self.close(token)
        return self.keep(opened, until)

    @rule(target=sessions, token=sessions)
    def change_password(self, token):
        try:
            opened = self.room.change_password(token, PASSWORD, PASSWORD)
        except SignInRefused:
            return ""
        whose, until, _last = self.open[token]
        self.end(whose)
        return self.keep(opened, until)

    @rule(token=consumes(sessions))
    def sign_out(self, token):
        self.room.sign_out(token)
        self.close(token)

    @rule(person=people)
    def end_sessions(self, person):
        self.room.end_sessions(person)
        self.end(person)

    # clients
    @rule(target=tokens, asker=people, other=people, scopes=st.sets(st.sampled_from(sorted(SCOPES)), min_size=1))
    def issue(self, asker, other, scopes):
        self.invited += 1
        try:
            client = self.room.request_client(f"C{self.invited}", "c@house.example", "Labels.", SCOPES, by=asker)
            self.room.approve_client(client.id, by=other)
            issued = self.room.issue_token(client.id, scopes, by=other, lasts=10 * DAY)
        except NotAllowed:
            return ""
        assert asker != other, "nobody approves their own"
        self.issued[issued.secret] = (issued.token.prefix, client.id, issued.token.until)
        return issued.secret

    @precondition(lambda self: self.issued)
    @rule(target=tokens, secret=tokens, by=people, overlap=st.sampled_from([timedelta(0), DAY]))
    def rotate_token(self, secret, by, overlap):
        if secret not in self.issued:
            return ""
        prefix, client, until = self.issued[secret]
        try:
            issued = self.room.rotate_token(prefix, by=by, overlap=overlap)
        except (Conflict, NotAllowed):
            return ""
        self.issued[secret] = (prefix, client, min(until, self.clock.now + overlap))
        self.issued[issued.secret] = (issued.token.prefix, client, issued.token.until)
        self.spend()
        return issued.secret

    @precondition(lambda self: self.issued)
    @rule(secret=tokens)
    def revoke_token(self, secret):
        if secret in self.issued:
            self.room.revoke_token(self.issued[secret][0])
            self.spent.add(secret)

    @precondition(lambda self: self.issued)
    @rule(secret=tokens, by=people)
    def revoke_client(self, secret, by):
        if secret in self.issued:
            with suppress(Conflict, NotAllowed):
                client = self.room.revoke_client(self.issued[secret][1], by=by)
                self.spent |= {one for one, (_prefix, whose, _until) in self.issued.items() if whose == client.id}

    # time
    @rule(span=SPANS)
    def pass_by(self, span):
        self.clock.now += span
        for token, (_person, until, last) in list(self.open.items()):
            if self.clock.now >= min(until, last + RULES.idle):
                self.close(token)
        self.spend()

    @rule()
    def tidy(self):
        self.room.tidy()

    # laws
    @invariant()
    def somebody_administers_the_house(self):
        administers = [one for one in self.room.people() if one.is_administrator and one.is_active(self.clock.now)]
        self.governed = self.governed or bool(administers)
        note(f"{len(administers)} administer")
        assert bool(administers) == self.governed

    @invariant()
    def what_ended_opens_nothing(self):
        for token in self.over:
            with pytest.raises(SignInRefused):
                self.room.resume(token)

    @invariant()
    def a_token_is_good_until_it_is_spent_and_for_its_scopes_only(self):
        for secret in self.issued:
            if secret in self.spent:
                with pytest.raises(SignInRefused):
                    self.room.authenticate(secret)
            else:
                caller = self.room.authenticate(secret)
                assert caller.client.state is ClientState.APPROVED
                assert {action for action in Action if caller.may(action)} == caller.token.scopes <= SCOPES


def clear(store):
    with store.connected("write") as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        connection.commit()


def test_no_order_of_acts_breaks_a_law(store):
    examples = 60 if store.engine.dialect.name == "sqlite" else 15
    health = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        lambda: House(store),
        settings=settings(max_examples=examples, stateful_step_count=30, suppress_health_check=health),
    )

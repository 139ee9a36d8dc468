"""Port of the people room: accounts, sessions and client applications."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from tm_service.domain.clients import Bearer, Client, IssuedToken, Token, Usage, Use
from tm_service.domain.functions import ClientWarning, Deprecated
from tm_service.domain.openid import Identity
from tm_service.domain.people import Confirmed, Enrolment, Invitation, Opened, Person, Session
from tm_service.domain.permissions import Action, Grant
from tm_service.domain.records import Json
from tm_service.domain.seen import Seen, anyway
from tm_service.domain.units import Locale
from tm_service.domain.waiting import Digest


class PeopleRoom(Protocol):
    """People, their sessions and the programs they registered. Every verb is one transaction, as the clock has it then.

    Whether the asker may ask is decided at the door, by `domain.permissions`; the room holds what must be true whoever asks:
    four eyes, an administrator in the house, every secret for one use. Persons and clients are named by their id; an id that is
    not there raises NotFound. What people have to put right raises Refused, what moved meanwhile or does not fit the
    state Conflict, a failing database ConnectorError; `seen` raises what it will, and then nothing is changed. Tokens,
    passwords and codes stand in no repr and no error.
    """

    # accounts
    def invite(
        self,
        email: str,
        name: str,
        language: Locale,
        grants: Collection[Grant] = (),
        *,
        by: str = "",
        government: str = "",
        expires: datetime | None = None,
    ) -> Invitation:
        """A new person, who sets a password by the token. `by` is a person's id, "" for the house itself (a command line).

        Raises Conflict where the address, compared without case, has an account.
        """

    def invite_again(self, person: str) -> Invitation:
        """Another token, for who lost theirs or forgot the password; older ones and, once used, sessions end.

        Raises Conflict for who is deactivated.
        """

    def accept(self, token: str, password: str) -> Person:
        """Set the password; who was invited is active from now on. Signs nobody in: a second factor is still asked for.

        Raises SignInRefused for a token that is unknown, used or too old, Refused for a bad password.
        """

    def person(self, person: str) -> Person: ...

    def find(self, email: str) -> Person | None:
        """Who has this address, compared without case; nobody who is erased."""

    def people(self) -> Sequence[Person]:
        """Everybody, by name, the erased last."""

    def describe(self, person: str, *, name: str, language: Locale, seen: Seen[Person] = anyway) -> Person: ...

    def set_grants(
        self,
        person: str,
        grants: Collection[Grant],
        *,
        by: str = "",
        government: str | None = None,
        seen: Seen[Person] = anyway,
    ) -> Person:
        """Give a person these grants and no others, and a government unless it is None.

        Where that changes anything their sessions end, so that what they may do now goes with a new token. Raises
        Conflict where no administrator without expiry would be left.
        """

    def set_expiry(self, person: str, expires: datetime | None, *, seen: Seen[Person] = anyway) -> Person:
        """Raises Conflict as `set_grants` does."""

    def deactivate(self, person: str) -> Person:
        """Ends their sessions and invitations. Raises Conflict as `set_grants` does."""

    def reactivate(self, person: str) -> Person:
        """Active again, or invited who never set a password. Raises Conflict for who is erased or not deactivated."""

    def personal_data(self, person: str) -> Mapping[str, Json]:
        """All that is kept of a person, for that person, as JSON has it; that there is a secret, never the secret."""

    def erase(self, person: str) -> str:
        """Take everything personal away and deactivate; gives the pseudonym `person-xxxxxxxx` that stands in history now.

        Clients whose contact was the person's address have the pseudonym as contact. Raises Conflict as `set_grants` does.
        """

    # sessions
    def sign_in(self, email: str, password: str, code: str = "", *, previous: str = "") -> Opened:
        """A new session; `previous` is the token of one that the same browser had, which ends.

        `code` is of the second factor, six digits or a recovery code. Takes as long for an unknown address. Raises CodeNeeded
        where it is missing, LockedOut after too many failures, for known and unknown addresses alike, SignInRefused.
        """

    def admit_identity(self, identity: Identity, *, previous: str = "") -> Opened:
        """A new session for whom a provider vouches for, without password and second factor; who was invited is active now.

        The first time a person is found by the address that the provider verified; from then on by issuer and subject alone,
        so that who changes the address there is let in, and who gets it after them is not. Raises SignInRefused where there
        is no such person or they are not active, Conflict for a first administrator who expires.
        """

    def forget_identities(self, person: str) -> Person:
        """What providers know the person by is found anew at the next sign-in; ends their sessions."""

    def resume(self, token: str, *, anew: bool = False) -> Opened:
        """The session of a token that is still good. Raises SignInRefused.

        What another process ended may be good here for five seconds more, unless it is looked up `anew`; what this process
        ended is over at once.
        """

    def recall(self, token: str) -> Opened | None:
        """What `resume` said of a token up to five seconds ago, without asking the database; None where that is not known."""

    def rotate(self, token: str) -> Opened:
        """The same session under a new token; the old one is good no longer. Raises SignInRefused."""

    def sessions(self, person: str) -> Sequence[Session]:
        """Those that are still good, newest first."""

    def end_session(self, person: str, session: str) -> None:
        """End one by its id; harmless where it has ended."""

    def end_sessions(self, person: str) -> None:
        """End all of a person."""

    def sign_out(self, token: str) -> None:
        """End the session of a token; harmless where there is none."""

    def change_password(self, token: str, old: str, new: str) -> Opened:
        """For who is signed in; ends their other sessions, and this one goes on under a new token.

        Raises SignInRefused where the old one is wrong, which counts as a failed sign-in, LockedOut, Refused for a bad new one.
        """

    # the second factor
    def enrol_totp(self, token: str) -> Enrolment:
        """A secret for who is signed in, to be confirmed (RFC 6238, 30 s, six digits). Raises Conflict where one is in use."""

    def confirm_totp(self, token: str, code: str) -> Confirmed:
        """Put it in use; ends other sessions, rotates this one. Raises Refused for a wrong code, Conflict without enrolment."""

    def remove_totp(self, token: str, password: str) -> Opened:
        """Take it out of use, by the password; ends other sessions, rotates this one.

        Raises SignInRefused, LockedOut, Conflict where there is none.
        """

    def reset_totp(self, person: str) -> Person:
        """Take it out of use for who lost it, by an administrator; ends their sessions."""

    # clients
    def request_client(
        self,
        name: str,
        contact: str,
        purpose: str,
        scopes: Collection[Action],
        *,
        by: str,
        pinned: Collection[str] = (),
    ) -> Client:
        """Raises Refused for scopes that only people have; Conflict where a client that is not rejected has the name."""

    def approve_client(self, client: str, *, by: str, why: str = "") -> Client:
        """Raises NotAllowed for who requested it or is not active, Conflict unless it is requested."""

    def reject_client(self, client: str, *, by: str, why: str) -> Client:
        """Raises Conflict unless it is requested, Refused without reasons."""

    def revoke_client(self, client: str, *, by: str, why: str = "") -> Client:
        """Ends it and its tokens for good. Raises Conflict where it is rejected or revoked."""

    def pin(self, client: str, functions: Collection[str], *, seen: Seen[Client] = anyway) -> Client:
        """The functions it relies on: these and no others."""

    def client(self, client: str) -> Client: ...

    def clients(self) -> Sequence[Client]:
        """All, by name."""

    def issue_token(self, client: str, scopes: Collection[Action], *, by: str, lasts: timedelta) -> IssuedToken:
        """A token for some of the client's scopes. Raises Conflict unless approved, Refused for other scopes or over a year."""

    def authenticate(self, token: str) -> Bearer:
        """Who shows this token. Raises SignInRefused unless it is good and its client approved."""

    def rotate_token(self, prefix: str, *, by: str, overlap: timedelta) -> IssuedToken:
        """A successor of the same scopes and life; the old one works for the overlap, a month at most.

        Raises Conflict where it is replaced or good no longer, NotFound, Refused for another overlap.
        """

    def revoke_token(self, prefix: str) -> Token:
        """At once and for good; harmless when done before. Raises NotFound."""

    def tokens(self, client: str) -> Sequence[Token]:
        """All of a client, newest first."""

    def count(self, uses: Iterable[Use]) -> None:
        """Add calls to the counts of their days (UTC), all in one statement. Raises NotFound, Refused; then nothing counts."""

    def usage(self, *, client: str = "", since: date | None = None, until: date | None = None) -> Sequence[Usage]:
        """By client, function and day, from day `since` up to and with day `until`; "" and None leave nothing out."""

    def begin_warning(self, client: str, function: Deprecated) -> ClientWarning | None:
        """An attempt to tell a client of a change, remembered before it begins.

        None where it was told, where somebody is at it or it waits for later, or where nobody knows what came of it.
        """

    def end_warning(self, warning: ClientWarning) -> None:
        """What came of an attempt."""

    def warnings(self) -> Sequence[ClientWarning]:
        """All, by client, function and day."""

    # keeping house
    def digest(self, person: str) -> Digest:
        """How often a letter tells a person what waits for them; never where they did not choose."""

    def digest_told(self, person: str) -> date | None:
        """The day of the last such letter."""

    def set_digest(self, person: str, digest: Digest) -> None:
        """Raises NotFound."""

    def begin_digest(self, person: str, day: date) -> bool:
        """Whether the letter of this day is the asker's to send: once for each person and day, whoever asks."""

    def tidy(self) -> int:
        """Forget what is over: sessions, invitations, and failures a month old; gives how many rows went."""

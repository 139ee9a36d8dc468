"""Tokens: what clients show, issued for some of their scopes, replaced with an overlap, revoked at once."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import token_hex

from tm_service.domain.clients import Bearer, ClientState, IssuedToken, Token
from tm_service.domain.errors import Conflict, Refused
from tm_service.domain.people import SignInRefused
from tm_service.domain.permissions import Action
from tm_service.people.base import Base, Work
from tm_service.people.secrets_kept import digest, new_token

_SHAPE = re.compile(r"tms_([0-9a-f]{12})_[A-Za-z0-9_-]{43}", re.ASCII)
_PREFIX_BYTES = 6
_LONGEST = timedelta(days=366)
_LONGEST_OVERLAP = timedelta(days=31)
_NOBODY = digest("")


class Tokens(Base):
    def issue_token(self, client: str, scopes: Collection[Action], *, by: str, lasts: timedelta) -> IssuedToken:
        if not timedelta(0) < lasts <= _LONGEST:
            raise Refused(f"A token lasts for more than no time and at most {_LONGEST.days} days.")
        with self.writing() as work:
            work.active(by)
            found = work.client(client)
            if found.state is not ClientState.APPROVED:
                raise Conflict(f"The client {found.name} is {found.state}; only an approved one has tokens.")
            if not scopes:
                raise Refused("The token is for nothing; name some of the client's scopes.")
            if other := sorted(set(scopes) - found.scopes):
                raise Refused(f"The client {found.name} was not approved for {', '.join(other)}.")
            new = _issued(work, client, frozenset(scopes), by, work.now + lasts)
            work.note("issue token", by=by, client=client, token=new.token.prefix, scopes=sorted(scopes))
            return new

    def authenticate(self, token: str) -> Bearer:
        shape = _SHAPE.fullmatch(token)
        with self.reading() as work:
            known = work.kept_token(shape[1]) if shape else None
            is_it = compare_digest(known[1] if known else _NOBODY, digest(token))
            if known and is_it and known[0].is_good(work.now):
                client = work.client(known[0].client)
                if client.state is ClientState.APPROVED:
                    return Bearer(client, known[0])
        raise SignInRefused("This token is unknown, revoked or too old; ask for another.")

    def rotate_token(self, prefix: str, *, by: str, overlap: timedelta) -> IssuedToken:
        if not timedelta(0) <= overlap <= _LONGEST_OVERLAP:
            raise Refused(f"Two tokens overlap for {_LONGEST_OVERLAP.days} days at most.")
        with self.writing() as work:
            work.active(by)
            old = work.token(prefix)
            if old.replaced_by or not old.is_good(work.now):
                raise Conflict(f"The token {prefix} is replaced, revoked or too old; issue a new one.")
            new = _issued(work, old.client, old.scopes, by, work.now + (old.until - old.issued))
            work.change_token(prefix, replaced_by=new.token.prefix, until=min(old.until, work.now + overlap))
            work.note("rotate token", by=by, client=old.client, token=new.token.prefix, replaced=prefix)
            return new

    def revoke_token(self, prefix: str) -> Token:
        with self.writing() as work:
            found = work.token(prefix)
            if not found.revoked:
                work.note("revoke token", client=found.client, token=prefix)
            return work.change_token(prefix, revoked=True)

    def tokens(self, client: str) -> Sequence[Token]:
        with self.reading() as work:
            work.client(client)
            return work.tokens(client)


def _issued(work: Work, client: str, scopes: frozenset[Action], by: str, until: datetime) -> IssuedToken:
    prefix = token_hex(_PREFIX_BYTES)
    secret = f"tms_{prefix}_{new_token()}"
    token = Token(prefix, client, scopes, work.now, by, until)
    work.add_token(token, digest(secret))
    return IssuedToken(token, secret)

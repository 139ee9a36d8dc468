"""OpenID: providers that vouch for people, what is remembered between going there and coming back, and who came.

The terms are those of OpenID Connect Core 1.0 and of OAuth 2.0 (RFC 6749).
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

from tm_service.domain.people import SignInRefused


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who vouches for people: `issuer` is its address and name, `client` and `secret` are who we are to it.

    `redirect` is the address of ours that browsers come back to, known to the provider; `after` the one they come to when
    they have signed out there, "" for none. `inside` says that it may be at an address inside a network, or on this machine
    without TLS. A client without a secret is a public one.
    """

    name: str
    title: str
    issuer: str
    client: str
    redirect: str
    secret: str = field(default="", repr=False)
    after: str = ""
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """What a browser keeps, sealed, while its person is at the provider; good once, and for a few minutes."""

    provider: str
    begun: datetime
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)  # of PKCE (RFC 7636)

    def written(self) -> str:
        """As JSON, to be sealed."""
        said = {name: getattr(self, name) for name in ("provider", "state", "nonce", "verifier")}
        return json.dumps(said | {"begun": self.begun.isoformat()}, separators=(",", ":"))


def read_pending(written: str) -> Pending:
    """What `written` gave. Raises SignInRefused for anything else."""
    try:
        said = json.loads(written)
        texts = {name: str(said[name]) for name in ("provider", "state", "nonce", "verifier")}
        return Pending(**texts, begun=datetime.fromisoformat(said["begun"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SignInRefused("Nothing is known of this sign-in; begin it again.") from None


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what it keeps meanwhile."""

    address: str
    pending: Pending


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider vouches for: `subject` is theirs for good at that issuer, `email` verified today, `name` for people."""

    issuer: str
    subject: str
    email: str
    name: str = ""

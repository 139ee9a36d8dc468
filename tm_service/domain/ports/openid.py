"""Port of OpenID Connect: signing in by a provider that vouches for people."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from tm_service.domain.openid import Begun, Identity, Pending, Provider


class OpenIdSignIn(Protocol):
    """The authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1), without cookies and pages, which are the door's.

    A provider is named by its name; one that is not there raises NotFound. One that fails raises ConnectorError.
    """

    def providers(self) -> Sequence[Provider]:
        """Those that are set up, in their order."""

    def begin(self, provider: str) -> Begun:
        """Where to send the browser, and what to keep in a sealed cookie until it comes back."""

    def finish(self, provider: str, pending: Pending, answer: Mapping[str, str]) -> Identity:
        """Whom the provider vouches for; `answer` are the parameters of the address that the browser came back to.

        The cookie is to be forgotten whatever comes of it. Raises SignInRefused.
        """

    def leave(self, provider: str) -> str:
        """Where to send the browser so that its person signs out there too; "" where the provider has no such place."""

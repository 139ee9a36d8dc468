"""OpenID: people sign in by a provider that vouches for them: the authorization code flow with PKCE.

The sources are OpenID Connect Core 1.0 and Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (issuer in the answer) and RFC 9700 (best
current security practice).
"""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

from connectors import openid_tokens as tokens
from connectors.openid_calls import OpenIdCalls
from tm_service.domain.errors import ConnectorError, NotFound
from tm_service.domain.openid import Begun, Identity, Pending, Provider
from tm_service.domain.people import SignInRefused

_WELL_KNOWN = "/.well-known/openid-configuration"
_SCOPES = "openid email profile"
_GOOD_FOR = timedelta(minutes=10)  # that somebody may take to sign in at the provider
_FRESH = timedelta(minutes=15)  # for which what a provider said of itself is believed
_PAUSE = timedelta(seconds=30)  # between two looks for a key that was not there, or at a provider that did not answer
_LONGEST = 4096  # characters of a parameter that came back
_ERROR = re.compile(r"[a-z_]{1,40}")
_NAMED = {"authorization_endpoint", "token_endpoint", "jwks_uri"}


@dataclass
class _Known:
    """What a provider said of itself, and when."""

    described: Mapping[str, Any] = field(default_factory=dict)
    described_at: datetime | None = None
    keys: Sequence[tokens.Key] = ()
    keys_at: datetime | None = None
    failed_at: datetime | None = None
    lock: Lock = field(default_factory=Lock)


class OpenId:
    """`OpenIdSignIn` over HTTP. Threads may share it."""

    def __init__(
        self,
        providers: Sequence[Provider],
        clock: Callable[[], datetime],
        calls: Callable[[Provider], OpenIdCalls] = lambda provider: OpenIdCalls(inside=provider.inside),
    ) -> None:
        self._providers = {provider.name: provider for provider in providers}
        self._clock = clock
        self._calls = {provider.name: calls(provider) for provider in providers}
        self._known = {provider.name: _Known() for provider in providers}

    def providers(self) -> Sequence[Provider]:
        return list(self._providers.values())

    def begin(self, provider: str) -> Begun:
        found = self._provider(provider)
        pending = Pending(found.name, self._clock(), token_urlsafe(32), token_urlsafe(32), token_urlsafe(48))
        challenge = urlsafe_b64encode(sha256(pending.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": found.client,
            "redirect_uri": found.redirect,
            "scope": _SCOPES,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return Begun(_with(str(self._described(found)["authorization_endpoint"]), asked), pending)

    def finish(self, provider: str, pending: Pending, answer: Mapping[str, str]) -> Identity:
        found = self._provider(provider)
        now = self._clock()
        if pending.provider != found.name or not timedelta(0) <= now - pending.begun <= _GOOD_FOR:
            raise SignInRefused("This sign-in took too long, or was begun elsewhere; begin it again.")
        described = self._described(found)
        code = _code(answer, pending, found, described)
        told = self._told(found, described, code, pending)
        expected = tokens.Expected(found.issuer, found.client, pending.nonce, pending.begun, now)
        said = tokens.claims(told.get("id_token"), lambda header: self._key(found, described, header), expected)
        who = tokens.subject(said)
        if "email" not in said:
            said |= self._asked_of(found, described, str(told.get("access_token", "")), who)
        return Identity(found.issuer, who, tokens.email(said), tokens.name(said))

    def leave(self, provider: str) -> str:
        found = self._provider(provider)
        place = self._described(found).get("end_session_endpoint")
        if not isinstance(place, str):
            return ""
        self._calls[found.name].parts(place)
        after = {"post_logout_redirect_uri": found.after} if found.after else {}
        return _with(place, {"client_id": found.client} | after)

    def _provider(self, name: str) -> Provider:
        if name not in self._providers:
            raise NotFound(f"There is no provider {name!r} to sign in by.")
        return self._providers[name]

    def _described(self, provider: Provider) -> Mapping[str, Any]:
        """What the provider says of itself (Discovery 1.0, 4). Raises ConnectorError."""
        known, calls = self._known[provider.name], self._calls[provider.name]
        with known.lock:
            now = self._clock()
            if known.described_at is None or not timedelta(0) <= now - known.described_at < _FRESH:
                with self._heard(provider, known, now):
                    said = calls.get(provider.issuer.rstrip("/") + _WELL_KNOWN)
                    if not said.is_ok or said.content.get("issuer") != provider.issuer:
                        raise ConnectorError(
                            f"{provider.title} does not describe itself as {provider.issuer}; look at its issuer."
                        )
                    for name in _NAMED:
                        calls.parts(str(said.content.get(name, "")))
                known.described, known.described_at = said.content, now
            return known.described

    @contextmanager
    def _heard(self, provider: Provider, known: _Known, now: datetime) -> Iterator[None]:
        """Ask a provider in this block, unless it has just failed: others wait for its lock, and would wait in vain too.

        Raises ConnectorError.
        """
        if known.failed_at is not None and abs(now - known.failed_at) < _PAUSE:
            raise ConnectorError(f"{provider.title} did not answer; try again in half a minute.")
        try:
            yield
        except ConnectorError:
            known.failed_at = self._clock()
            raise

    def _key(self, provider: Provider, described: Mapping[str, Any], header: Mapping[str, Any]) -> tokens.Key | None:
        """The key that a token names; keys are looked for anew where it is not among those that are known."""
        known = self._known[provider.name]
        with known.lock:
            now = self._clock()
            age = _FRESH if known.keys_at is None else abs(now - known.keys_at)
            found = tokens.choose(known.keys, header) if age < _FRESH else None
            if found is not None or age < _PAUSE:
                return found
            with self._heard(provider, known, now):
                said = self._calls[provider.name].get(str(described["jwks_uri"]))
                if not said.is_ok:
                    raise ConnectorError(f"{provider.title} does not tell its keys; try again later.")
            known.keys, known.keys_at = tokens.read_keys(said.content), now
            return tokens.choose(known.keys, header)

    def _told(self, provider: Provider, described: Mapping[str, Any], code: str, pending: Pending) -> Mapping[str, Any]:
        """What the provider gives for a code (RFC 6749, 4.1.3). Raises SignInRefused, ConnectorError."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": provider.redirect,
            "code_verifier": pending.verifier,
        }
        ways, headers = described.get("token_endpoint_auth_methods_supported"), {}
        if not provider.secret:
            form["client_id"] = provider.client
        elif isinstance(ways, list) and "client_secret_basic" not in ways and "client_secret_post" in ways:
            form |= {"client_id": provider.client, "client_secret": provider.secret}
        else:  # RFC 6749, 2.3.1
            known = f"{quote_plus(provider.client)}:{quote_plus(provider.secret)}"
            headers["authorization"] = f"Basic {b64encode(known.encode()).decode()}"
        said = self._calls[provider.name].post(str(described["token_endpoint"]), form, headers)
        if said.is_ok:
            return said.content
        reason = said.content.get("error")
        if reason == "invalid_grant":
            raise SignInRefused("The provider takes this sign-in for used or too old; begin it again.")
        named = f" ({reason})" if isinstance(reason, str) and _ERROR.fullmatch(reason) else ""
        raise ConnectorError(f"{provider.title} refused to say who came{named}; look at its client and secret.")

    def _asked_of(self, provider: Provider, described: Mapping[str, Any], access: str, who: str) -> Mapping[str, Any]:
        """What the provider tells of who came where the token does not say it (Core 1.0, 5.3); only of that very person."""
        place = described.get("userinfo_endpoint")
        if not isinstance(place, str) or not access.isascii() or not access.isprintable() or not access:
            return {}
        said = self._calls[provider.name].get(place, access)
        told = said.content if said.is_ok and said.content.get("sub") == who else {}
        return {name: told[name] for name in ("email", "email_verified", "name") if name in told}


def _code(answer: Mapping[str, str], pending: Pending, provider: Provider, described: Mapping[str, Any]) -> str:
    """The code that came back, where it answers this sign-in and is of this provider. Raises SignInRefused."""
    if not compare_digest(answer.get("state", "").encode("utf-8", "replace"), pending.state.encode()):
        raise SignInRefused("This answers another sign-in; begin it again.")
    issuer = answer.get("iss")
    if issuer != provider.issuer and (issuer or described.get("authorization_response_iss_parameter_supported")):
        raise SignInRefused("This answer is of another provider; begin again.")
    if error := answer.get("error"):
        named = f" ({error})" if _ERROR.fullmatch(error) else ""
        raise SignInRefused(f"{provider.title} did not sign you in{named}; begin again, or sign in with a password.")
    code = answer.get("code", "")
    if not 0 < len(code) <= _LONGEST or not code.isprintable():
        raise SignInRefused("The provider's answer has no code; begin again.")
    return code


def _with(address: str, asked: Mapping[str, str]) -> str:
    """An address with more parameters; what it says itself of ours does not count."""
    parts = urlsplit(address)
    own = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in asked]
    return parts._replace(query=urlencode([*own, *asked.items()])).geturl()

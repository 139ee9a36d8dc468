"""OpenID tokens: an ID token is believed only where its signature, its issuer, its audience, its times and its nonce are right.

The rules are those of OpenID Connect Core 1.0, 3.1.3.7, and of RFC 8725 (JSON Web Token best current practices).
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, GuestProtocol, KeySet, OKPKey, RSAKey

from tm_service.domain.people import SignInRefused

# By algorithm: the type of its keys and their curve. Never none, never one whose key we share.
_KEYS = {"RS256": ("RSA", ""), "ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519"), "Ed25519": ("OKP", "Ed25519")}
ALGORITHMS = tuple(_KEYS)
_MOST_KEYS = 100
_SHORTEST, _LONGEST = 2048, 8192  # bits of an RSA modulus; a longer one costs more to use than it is worth
_LONGEST_TOKEN = 32 * 1024  # characters
_LONGEST_SUBJECT, _LONGEST_EMAIL, _LONGEST_NAME = 255, 254, 200  # characters
_SKEW = timedelta(seconds=60)  # by which clocks may differ

Key = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token has to say: of which issuer, for which client, in answer to what, since when, at what time it is."""

    issuer: str
    client: str
    nonce: str
    begun: datetime
    now: datetime


def read_keys(document: Mapping[str, Any]) -> Sequence[Key]:
    """The keys of a JWK Set (RFC 7517) that sign by an algorithm of ours; others, and broken ones, are left out."""
    listed = document.get("keys")
    found = (_key(one) for one in listed[:_MOST_KEYS]) if isinstance(listed, list) else ()
    return [key for key in found if key is not None]


def _key(said: Any) -> Key | None:
    if not isinstance(said, dict) or said.get("use") not in (None, "sig") or "d" in said:
        return None
    try:
        if said.get("kty") == "RSA":
            size = len(str(said.get("n", ""))) * 6
            return RSAKey.import_key(said) if _SHORTEST - 6 <= size <= _LONGEST + 6 else None
        if said.get("kty") == "EC":
            return ECKey.import_key(said)
        return OKPKey.import_key(said) if said.get("kty") == "OKP" else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def choose(keys: Iterable[Key], header: Mapping[str, Any]) -> Key | None:
    """The one key that a token of this header can be signed with; None where there is none, or more than one."""
    kind, curve = _KEYS.get(str(header.get("alg")), ("", ""))
    kid = header.get("kid")
    fitting = [key for key in keys if key.key_type == kind and (not curve or key.get("crv") == curve)]
    fitting = [key for key in fitting if key.get("alg") in (None, header.get("alg"))]
    if kid is not None:
        fitting = [key for key in fitting if key.kid == kid]
    return fitting[0] if len(fitting) == 1 else None


def claims(token: object, key_for: Callable[[Mapping[str, Any]], Key | None], expected: Expected) -> dict[str, Any]:
    """What an ID token says, once all of it is right. Raises SignInRefused."""
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
        raise _distrusted("it has no ID token")

    def found(told: GuestProtocol) -> KeySet | Key:
        key = key_for(told.headers())
        if key is None:
            raise _distrusted("its ID token is signed with a key that it does not name")
        return key

    try:
        said = jwt.decode(token, found, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, TypeError) as error:
        raise _distrusted("the signature of its ID token is wrong") from error
    _hold(said, expected)
    return said


def _hold(said: Mapping[str, Any], expected: Expected) -> None:
    if said.get("iss") != expected.issuer:
        raise _distrusted("its ID token is of another issuer")
    audience = said.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or expected.client not in audiences:
        raise _distrusted("its ID token is for somebody else")
    if said.get("azp", expected.client if len(audiences) == 1 else None) != expected.client:
        raise _distrusted("its ID token was asked for by somebody else")
    now, begun, skew = expected.now.timestamp(), expected.begun.timestamp(), _SKEW.total_seconds()
    ends, issued = _moment(said, "exp"), _moment(said, "iat")
    if ends is None or ends <= now - skew:
        raise _distrusted("its ID token is too old")
    if issued is None or not begun - skew <= issued <= now + skew:
        raise _distrusted("its ID token was not made for this sign-in")
    if "nbf" in said and ((starts := _moment(said, "nbf")) is None or starts > now + skew):
        raise _distrusted("its ID token is not good yet")
    nonce = said.get("nonce")
    if not isinstance(nonce, str) or not compare_digest(nonce.encode("utf-8", "replace"), expected.nonce.encode()):
        raise _distrusted("its ID token answers another sign-in")


def subject(said: Mapping[str, Any]) -> str:
    """Raises SignInRefused."""
    found = said.get("sub")
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_SUBJECT or not found.isprintable():
        raise _distrusted("it does not say who came")
    return found


def email(said: Mapping[str, Any]) -> str:
    """The address, which the provider has verified. Raises SignInRefused."""
    found = said.get("email")
    if not isinstance(found, str) or "@" not in found or len(found) > _LONGEST_EMAIL or not found.isprintable():
        raise SignInRefused("The provider does not tell an e-mail address; let it tell one, and begin again.")
    if said.get("email_verified") not in (True, "true"):  # some write it as a text
        raise SignInRefused("The provider has not verified the e-mail address; verify it there, and begin again.")
    return found.strip()


def name(said: Mapping[str, Any]) -> str:
    found = next((one for key in ("name", "preferred_username") if isinstance(one := said.get(key), str)), "")
    return "".join(letter for letter in found if letter.isprintable()).strip()[:_LONGEST_NAME]


def _moment(said: Mapping[str, Any], claim: str) -> float | None:
    found = said.get(claim)
    is_number = isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)
    return float(found) if is_number and found is not None else None


def _distrusted(why: str) -> SignInRefused:
    return SignInRefused(f"The provider's answer cannot be trusted: {why}; begin again.")

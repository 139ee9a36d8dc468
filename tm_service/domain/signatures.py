"""Signatures: how a webhook proves where it comes from, as those who send them sign, and as we do."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, digest

TOLERANCE = timedelta(minutes=5)  # between the clock that signed and ours
_MARK = "whsec_"  # before a secret that is written in base 64
_VERSION = "v1"
_LONGEST_MOMENT = 12  # digits of a number of seconds


def written(secret: bytes) -> str:
    """A secret as people copy it (Standard Webhooks 1.0.0, "Signature scheme")."""
    return _MARK + b64encode(secret).decode()


def standard(secret: str, message: str, moment: str, body: bytes) -> str:
    """The signature of a message under one secret, with its version: Standard Webhooks 1.0.0, symmetric.

    `moment` is when it was signed, in seconds since 1970. Raises ValueError for a secret that is not in base 64.
    """
    signed = f"{message}.{moment}.".encode() + body
    return f"{_VERSION},{b64encode(digest(_key(secret), signed, sha256)).decode()}"


def is_standard(secrets: Iterable[str], signatures: str, message: str, moment: str, body: bytes, now: datetime) -> bool:
    """Whether one of these signatures, which blanks part, is that of one of the secrets, and was made just now."""
    if not (message and moment.isascii() and moment.isdecimal() and len(moment) <= _LONGEST_MOMENT):
        return False
    if abs(now.timestamp() - int(moment)) > TOLERANCE.total_seconds():
        return False
    made = [standard(secret, message, moment, body) for secret in secrets if _is_key(secret)]
    return any(is_same(ours, theirs) for ours in made for theirs in signatures.split())


def hexadecimal(secret: str, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) of a body under a secret as it is written, as GitHub and Gitea sign."""
    return digest(secret.encode(), body, sha256).hex()


def is_same(ours: str, theirs: str) -> bool:
    """Whether two texts are the same, in a time that tells nothing of how far they agree."""
    return compare_digest(ours.encode("utf-8", "surrogatepass"), theirs.encode("utf-8", "surrogatepass"))


def _key(secret: str) -> bytes:
    return b64decode(secret.removeprefix(_MARK), validate=True)


def _is_key(secret: str) -> bool:
    try:
        return bool(_key(secret))
    except (binascii.Error, ValueError):
        return False

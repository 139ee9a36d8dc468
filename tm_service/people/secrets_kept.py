"""Secrets: how passwords, tokens, codes and the secrets of second factors are made, and what of them is kept."""

from base64 import b32encode
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from hmac import compare_digest
from secrets import token_bytes, token_urlsafe
from threading import Semaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from pyotp import TOTP

from tm_service.database.sealing import Box
from tm_service.domain.people import LONGEST_PASSWORD

_AT_ONCE = 2  # hashes, each of which takes 64 MiB
_WINDOW = (0, -1, 1)  # time steps of half a minute by which a phone's clock may be off
_DIGITS = 6
_CODES = 10
_CODE_BYTES = 10  # 80 bits, enough for a quick hash
_GROUP = 4


def new_token() -> str:
    """256 bits of chance."""
    return token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret that is all chance: its SHA-256, hexadecimal."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Passwords:
    """Hashes of passwords, two at once, which is all that the machine's memory should bear."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher, self._turns = hasher, Semaphore(_AT_ONCE)

    @cached_property
    def _nobody(self) -> str:
        """A hash that nobody's password has; made when a password is first tried, whosever it is."""
        return self._hasher.hash(token_bytes(32))

    def hashed(self, password: str) -> str:
        with self._turns:
            return self._hasher.hash(_plain(password))

    def verify(self, kept: str, password: str) -> bool:
        """Whether this is the password of a hash; takes as long where there is none ("")."""
        with self._turns:
            nobody = self._nobody
            try:
                self._hasher.verify(kept or nobody, _plain(password[:LONGEST_PASSWORD]))
            except (Argon2Error, InvalidHashError):
                return False
        return bool(kept) and len(password) <= LONGEST_PASSWORD

    def is_dated(self, kept: str) -> bool:
        """Whether a hash was made with other measures than today's."""
        return self._hasher.check_needs_rehash(kept)


def _plain(password: str) -> bytes:
    """The same bytes for the same password, however a keyboard composes its letters (RFC 8265, 4.2)."""
    return normalize("NFC", password).encode("utf-8", "surrogatepass")


class Factors:
    """Second factors by time (RFC 6238), whose secrets leave this room sealed; the seal names the person whose secret it is."""

    def __init__(self, key: bytes) -> None:
        """`key` is 32 bytes of chance. Raises ConfigurationError."""
        self._box = Box(key, "second factor", "person", "reset the person's second factor")

    def sealed(self, person: str, secret: str) -> str:
        return self._box.sealed(person, secret)

    def step(self, person: str, sealed: str, code: str, at: datetime) -> int | None:
        """The time step of which this is the code, None for a wrong one. Raises ConfigurationError for another house's seal."""
        if len(code) != _DIGITS or not code.isdecimal():
            return None
        totp, asked = TOTP(self._box.opened(person, sealed)), f"{int(code):06d}"
        steps = [totp.timecode(at) + offset for offset in _WINDOW]
        return next((step for step in steps if compare_digest(totp.generate_otp(step), asked)), None)


def new_totp_secret() -> str:
    """160 bits of chance in base 32, as RFC 4226, 4 recommends."""
    return b32encode(token_bytes(20)).decode()


def totp_uri(secret: str, email: str, issuer: str) -> str:
    return TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def new_codes() -> tuple[str, ...]:
    """Recovery codes as people write them down: groups of letters and digits without 0, 1, 8 and 9."""
    whole = [b32encode(token_bytes(_CODE_BYTES)).decode() for _number in range(_CODES)]
    return tuple("-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP)) for code in whole)


def code_digest(person: str, code: str) -> str:
    """What is kept of a recovery code, however it is written."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return digest(f"{person}:{letters}")

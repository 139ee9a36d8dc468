"""Sealed: what a browser carries for this house for a while, and nobody else can read or make."""

from base64 import urlsafe_b64encode
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tm_service.service import Service


def sealed(service: Service, purpose: str, text: str) -> str:
    """A text under the house's secret; what is sealed for one purpose cannot be opened for another."""
    return _key(service, purpose).encrypt_at_time(text.encode(), _now(service)).decode()


def unsealed(service: Service, purpose: str, seal: str, good_for: timedelta) -> str | None:
    """The text of a seal; None for one that is not ours, for something else or too old."""
    seconds = int(good_for.total_seconds())
    try:
        return _key(service, purpose).decrypt_at_time(seal.encode(), seconds, _now(service)).decode()
    except (InvalidToken, UnicodeError):
        return None


def _key(service: Service, purpose: str) -> Fernet:
    """A key of its own for each purpose (RFC 5869)."""
    made = HKDF(SHA256(), 32, salt=None, info=f"tm-service web {purpose}".encode())
    return Fernet(urlsafe_b64encode(made.derive(service.secret())))


def _now(service: Service) -> int:
    return int(service.clock().timestamp())

"""Sealing: secrets that have to be known again, kept so that a database alone gives none of them away."""

import binascii
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from tm_service.domain.errors import ConfigurationError

_KEY = 32  # bytes


class Box:
    """Seals secrets with a key; each seal names whose secret it is, so that nobody's can be put in another's place.

    `what` names such a secret in a sentence, `whose` who has one, `remedy` what is done where one cannot be opened.
    """

    def __init__(self, key: bytes, what: str, whose: str, remedy: str) -> None:
        """`key` is 32 bytes of chance. Raises ConfigurationError."""
        if len(key) != _KEY:
            raise ConfigurationError(f"The key of each {what} has {len(key)} bytes; it needs {_KEY}.")
        self._fernet = Fernet(urlsafe_b64encode(key))
        self._what, self._whose, self._remedy = what, whose, remedy

    def sealed(self, owner: str, secret: str) -> str:
        """`owner` has no colon."""
        return self._fernet.encrypt(f"{owner}:{secret}".encode()).decode()

    def opened(self, owner: str, sealed: str) -> str:
        """Raises ConfigurationError for another house's seal, and for another owner's."""
        try:
            named, _, secret = self._fernet.decrypt(sealed.encode()).decode().partition(":")
        except (InvalidToken, binascii.Error) as error:
            raise ConfigurationError(
                f"A {self._what} was sealed with another key; bring that key back, or {self._remedy}."
            ) from error
        if named != owner:
            raise ConfigurationError(f"A {self._what} is sealed for another {self._whose}; {self._remedy}.")
        return secret

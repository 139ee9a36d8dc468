"""Webhooks: posts a message to an address that somebody gave, and lets it lead nowhere but outside."""

import ssl
from collections.abc import Mapping
from functools import cached_property
from ipaddress import ip_address
from urllib.parse import SplitResult

import httpcore

from connectors.guarded import Way, is_allowed, understood
from tm_service.domain.errors import ConfigurationError, ConnectorError
from tm_service.domain.webhooks import Answered

_WHOLE = 15.0  # seconds for an attempt, from the connection to the first bytes of its answer
_READ = 2000  # bytes of an answer
_DIGITS = 6  # of the seconds that an answer may ask for


class WebhookPost:
    """Sends messages; to addresses inside, and without TLS, only where `private` says that they are allowed."""

    def __init__(self, *, private: bool, whole: float = _WHOLE, context: ssl.SSLContext | None = None) -> None:
        self._private, self._whole, self._given = private, whole, context

    def refuse(self, url: str) -> None:
        parts = self._parts(url)
        try:
            address = ip_address(str(parts.hostname))
        except ValueError:
            return
        if not is_allowed(address, private=self._private):
            raise ConfigurationError(f"{address} is an address inside a network; name one that all can reach.")

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> Answered:
        try:
            parts = self._parts(url)
            return self._sent(parts, {**headers, "content-type": "application/json"}, content)
        except (ConfigurationError, ConnectorError) as error:
            return Answered(0, str(error))
        except httpcore.TimeoutException:
            return Answered(0, f"There was no answer within {self._whole:g} seconds.")
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
            return Answered(0, f"The connection failed: {_line(str(error)) or type(error).__name__}.")

    def _sent(self, parts: SplitResult, headers: Mapping[str, str], content: bytes) -> Answered:
        with Way(self._private, self._whole, self._context).asked("POST", parts, headers, content) as answer:
            told = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
            return Answered(answer.status, _line(_beginning(answer)), _seconds(told.get(b"retry-after", "")))

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._given or ssl.create_default_context()

    def _parts(self, url: str) -> SplitResult:
        """Raises ConfigurationError for an address that is not understood, or not sent to."""
        wanted = "an https address" if not self._private else "an address such as https://host/path"
        parts = understood(url)
        if parts is None:
            raise ConfigurationError(f"The address of a webhook is not understood; write {wanted}.")
        if parts.scheme != "https" and not (parts.scheme == "http" and self._private):
            raise ConfigurationError(f"A webhook at {parts.hostname} would be told in the open; write {wanted}.")
        if "@" in parts.netloc:
            raise ConfigurationError(
                f"The address of the webhook at {parts.hostname} carries credentials; leave them out."
            )
        return parts


def _beginning(answer: httpcore.Response) -> str:
    """How an answer begins; what it says after its status changes nothing, so what fails here is left out."""
    read = b""
    try:
        for piece in answer.iter_stream():
            read += piece
            if len(read) >= _READ:
                break
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        pass
    return read[:_READ].decode("utf-8", "replace")


def _line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split()).rstrip(".")


def _seconds(asked: str) -> float:
    """How many seconds `Retry-After` asks for; a date there (RFC 9110, 10.2.3) is not read."""
    return float(asked) if asked.isdecimal() and asked.isascii() and len(asked) <= _DIGITS else 0.0

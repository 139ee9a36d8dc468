"""OpenID calls: asks a provider for JSON, believes no more of it than fits, and is led nowhere else."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, urlencode

import httpcore

from connectors.guarded import Way, understood
from tm_service.domain.errors import ConnectorError

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_OK, _REDIRECTS = 200, range(300, 400)


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a call may take in all, and how many bytes an answer may have."""

    whole: float = 10.0
    largest: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its status, and the JSON object in it, empty where it is none."""

    status: int
    content: Mapping[str, Any]

    @property
    def is_ok(self) -> bool:
        return self.status == _OK and bool(self.content)


class OpenIdCalls:
    """Calls to one provider, over TLS; `inside` allows addresses inside a network, and this machine without TLS.

    Redirects are not followed, proxies not asked. Raises ConnectorError naming the host.
    """

    def __init__(self, *, inside: bool, patience: Patience = Patience(), context: ssl.SSLContext | None = None) -> None:
        self._inside, self._patience, self._given = inside, patience, context

    def get(self, address: str, bearer: str = "") -> Said:
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        return self._asked("GET", address, headers, b"")

    def post(self, address: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Said:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self._asked("POST", address, {**headers, **kind}, urlencode(form).encode())

    def parts(self, address: str) -> SplitResult:
        """An address that may be asked, or that a browser may be sent to. Raises ConnectorError."""
        parts = understood(address)
        if parts is None:
            raise ConnectorError("The provider names an address that is not understood.")
        host = parts.hostname
        if "@" in parts.netloc or parts.fragment:
            raise ConnectorError(f"The provider names an address at {host} with credentials or a fragment.")
        if parts.scheme != "https" and not (parts.scheme == "http" and self._inside and host in _HERE):
            raise ConnectorError(f"The provider names an address at {host} without TLS.")
        return parts

    def _asked(self, method: str, address: str, headers: Mapping[str, str], content: bytes) -> Said:
        parts = self.parts(address)
        host = str(parts.hostname)
        way = Way(self._inside, self._patience.whole, self._context)
        try:
            with way.asked(method, parts, {"accept": "application/json", **headers}, content) as answer:
                if answer.status in _REDIRECTS:
                    raise ConnectorError(f"The provider {host} sends us elsewhere; its addresses have to be its own.")
                return Said(answer.status, self._received(answer, host))
        except httpcore.TimeoutException:
            said = f"did not answer within {self._patience.whole:g} seconds"
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
            said = f"cannot be reached ({' '.join(str(error).split()) or type(error).__name__})"
        raise ConnectorError(f"The provider {host} {said}; try again later.")

    def _received(self, answer: httpcore.Response, host: str) -> Mapping[str, Any]:
        pieces, size = [], 0
        for piece in answer.iter_stream():
            size += len(piece)
            if size > self._patience.largest:
                raise ConnectorError(f"The provider {host} answered with more than {self._patience.largest:,} bytes.")
            pieces.append(piece)
        try:
            said = json.loads(b"".join(pieces))
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._given or ssl.create_default_context()

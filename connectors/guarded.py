"""Guarded: asks an address that somebody gave, and lets it lead nowhere but there, however slowly it answers.

The name is looked up once, each address that comes of it is judged, and the connection goes to one that passed: a name
that says something else a moment later changes nothing. Redirects are answers, proxies are not asked.
"""

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

from tm_service.domain.errors import ConnectorError

_PORTS = {"https": 443, "http": 80}
_GLOBAL, _TRANSLATED = IPv6Network("2000::/3"), IPv6Network("64:ff9b::/96")  # RFC 4291, 2.4; RFC 6052, 2.1
_IN_IPV4 = tuple(map(IPv6Network, ("2001::/32", "2002::/16")))  # Teredo and 6to4: IPv6 that leads to IPv4
_METADATA = frozenset(
    map(ip_address, ("168.63.129.16", "fd00:ec2::254", "100.100.100.200"))
)  # of clouds, beside link-local
_PROTOCOLS = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))  # RFC 6890, 2.1; relays of 6to4 (RFC 7526)

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody is asked: `private` allows addresses inside a network; `whole` are the seconds that all of it may take."""

    private: bool
    whole: float
    context: ssl.SSLContext

    @contextmanager
    def asked(
        self, method: str, parts: SplitResult, headers: Mapping[str, str], content: bytes
    ) -> Iterator[httpcore.Response]:
        """An answer, as far as it has come. Raises ConnectorError for an address inside a network, and what httpcore does."""
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
        url = httpcore.URL(scheme=parts.scheme, host=host, port=port, target=target)
        # The name as it was given: httpcore leaves the brackets of an IPv6 address out.
        said = {"host": parts.netloc, "user-agent": "tm-service", "accept-encoding": "identity", "connection": "close"}
        limits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self.whole)}
        backend = _Guarded(self.private, monotonic() + self.whole)
        with (
            httpcore.ConnectionPool(self.context, network_backend=backend, retries=0) as pool,
            pool.stream(
                method, url, headers=[*{**said, **headers}.items()], content=content, extensions=limits
            ) as answer,
        ):
            yield answer


def understood(url: str) -> SplitResult | None:
    """The parts of an address with a host; None where programs could take it for different ones."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    is_plain = url.isascii() and url.isprintable() and not {" ", "\\"} & {*url}
    return parts if host and port != 0 and is_plain else None


def is_allowed(address: Address, *, private: bool) -> bool:
    """Whether messages may go to an address.

    Never to what is local to a link, to a cloud's own services, to many at once or to none (RFC 6890). To what is inside, such
    as loopback, private networks, carriers' networks, and IPv4 that is dressed as IPv6, only where that is allowed.
    """
    inner = _inner(address)
    if inner is not None:
        return private and is_allowed(inner, private=private)
    if address.is_link_local or address.is_multicast or address.is_unspecified or address in _METADATA:
        return False
    if address in _TRANSLATED:
        return is_allowed(IPv4Address(int(address) & 0xFFFFFFFF), private=private)
    if private:
        return True
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _PROTOCOLS)
    return address.is_global and address in _GLOBAL and not any(address in network for network in _IN_IPV4)


def _inner(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one is dressed from (RFC 4291, 2.5.5), None where it is none."""
    if isinstance(address, IPv4Address) or address.is_loopback or address.is_unspecified:
        return None
    compatible = int(address) >> 32 == 0
    return IPv4Address(int(address)) if compatible else address.ipv4_mapped


class _Guarded(httpcore.NetworkBackend):
    """Connections to addresses that were judged, all of which end at one moment."""

    def __init__(self, private: bool, until: float) -> None:  # noqa: FBT001 - two values, told at one place
        self._private, self._until, self._sockets = private, until, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """The first address that answers; each has the time that is left."""
        failed: Exception | None = None
        for address in self._addresses(host, port):
            try:
                wait = _left(self._until, timeout)
                made = self._sockets.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Timed(made, self._until)
        raise failed or httpcore.ConnectError("it has no address")

    def _addresses(self, host: str, port: int) -> Iterator[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address ({error})") from error
        judged = dict.fromkeys(str(place[0]) for *_, place in found)
        allowed = [one for one in judged if is_allowed(ip_address(one), private=self._private)]
        if not allowed:
            raise ConnectorError(f"{host} is inside a network ({', '.join(judged)}); nothing is sent there.")
        yield from allowed


class _Timed(httpcore.NetworkStream):
    """A connection that ends at a moment, however slowly the other side goes on."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        made = self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout))
        return _Timed(made, self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


def _left(until: float, timeout: float | None) -> float:
    """Seconds for the next step. Raises ReadTimeout where none are left."""
    left = until - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left if timeout is None else min(left, timeout)

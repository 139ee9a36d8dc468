"""Mail servers for tests: a real one that keeps what it accepts, and one that fails where a test wants it to."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "clearing-house", "pa55 &word"


@dataclass
class Kept:
    """What a server accepted, and how it came."""

    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - aiosmtpd calls it by this name
        self.raw.append(envelope.content)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 kept"


@dataclass(frozen=True)
class Certificate:
    """A certificate that vouches for itself: who has it, and who trusts it."""

    server: ssl.SSLContext
    trusting: ssl.SSLContext


def certificate(folder, address="127.0.0.1") -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = folder / "mail.pem"
    place.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(place)
    return Certificate(server, ssl.create_default_context(cafile=str(place)))


class _AnyPort(Controller):
    """Takes the port that the system gives."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _authenticate(*given: object):
    auth = given[-1]
    right = (auth.login, auth.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def real_server(
    kept: Kept, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, **options: object
):
    """A server that accepts; with `starttls` it asks for that and for the right password."""
    if starttls:
        options |= {"tls_context": starttls, "require_starttls": True}
        options |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": True}
    controller = _AnyPort(kept, hostname="127.0.0.1", port=0, ssl_context=tls, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@dataclass
class Failing:
    """A server that answers as told: by command, or `drop` to hang up; `heard` is what it was told, line by line."""

    answers: dict[str, str]
    heard: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def answer(self, command: str, usual: str) -> str:
        return self.answers.get(command, usual)


@contextmanager
def failing_server(**answers: str) -> Iterator[tuple[int, Failing]]:
    """Answers are by `greeting`, `EHLO`, `MAIL`, `RCPT`, `DATA` and `end`; `middle` hangs up within the letter."""
    told = Failing(answers)
    listener = socket.create_server(("127.0.0.1", 0))
    open_sockets = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                open_sockets.append(connection)
                with suppress(OSError):
                    _converse(connection, told)
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], told
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in open_sockets:
            connection.close()
        thread.join(5)


def _converse(connection: socket.socket, told: Failing) -> None:
    lines = connection.makefile("rb")

    def say(command: str, usual: str) -> str:
        said = told.answer(command, usual)
        if said == "drop":
            raise OSError
        connection.sendall(f"{said}\r\n".encode())
        return said

    say("greeting", "220 here")
    for line in lines:
        told.heard.append(line.decode().strip())
        command = line[:4].decode().upper()
        if command == "QUIT":
            connection.sendall(b"221 bye\r\n")
            return
        usual = "354 go on" if command == "DATA" else "250 yes"
        if say(command, usual).startswith("354"):
            _take(lines, told)
            say("end", "250 kept")


def _take(lines, told: Failing) -> None:
    body = b""
    for line in lines:
        if line == b".\r\n":
            break
        body += line
        if told.answers.get("middle") == "drop":
            raise OSError
    told.bodies.append(body)

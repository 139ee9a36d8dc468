"""Mail channel: sends packages by SMTP over TLS, and says of each attempt whether it went, did not, or cannot be known."""

import base64
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from threading import Timer
from urllib.parse import unquote, urlsplit

from connectors.mail_message import Sender, checked_address, compose, message_id, one_line
from tm_service.domain.deliveries import Delivery, Sent
from tm_service.domain.errors import ConfigurationError, InDoubt, Refused, TryLater

MEGABYTE = 1 << 20

_DONE, _GO_ON, _PASSING, _FINAL = 2, 3, 4, 5  # a reply's first digit (RFC 5321, 4.2.1)
_PIECE = 1 << 16  # bytes
_GOODBYE = 10  # seconds; nothing depends on it any more
_LONGEST_REPLY = 200  # characters of a server's words that are repeated to people
_PORTS = {"smtp": 587, "smtps": 465}  # RFC 6409, RFC 8314
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Security(StrEnum):
    """How the connection is made safe; certificates are always verified."""

    STARTTLS = "starttls"  # begins in the open, goes on only encrypted; port 587
    TLS = "tls"  # encrypted from the first byte; port 465
    NONE = "none"  # to a server on this machine only


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in.

    `timeout` is how many seconds each step may take, `patience` how many the server may take to answer to a whole letter,
    which it may check for viruses meanwhile (RFC 5321, 4.5.3.2.6: ten minutes), `longest` how many all of it may take, however
    slow the line: less than the outbox waits until it takes an attempt for lost. `largest` is what may be attached, in bytes.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = Security.STARTTLS
    timeout: float = 60
    patience: float = 600
    longest: float = 1500
    largest: int = 10 * MEGABYTE

    def __post_init__(self) -> None:
        if self.security is Security.NONE and self.host not in _HERE:
            raise ConfigurationError(
                f"Mail to {self.host} would travel in the open; set its security to starttls or tls."
            )
        if bool(self.user) != bool(self.password):
            raise ConfigurationError(f"The mail server {self.host} needs both a user and a password, or neither.")
        if not (self.user + self.password).isascii():
            raise ConfigurationError(f"The user or the password for {self.host} holds letters that SMTP cannot carry.")


def mail_channel(address: str, sender: str, answers: str, clock: Callable[[], datetime]) -> "MailChannel":
    """A channel over the server of an address such as `smtp://user:password@mail.example.org:587`, or `smtps://`.

    Raises ConfigurationError, which never repeats the password.
    """
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname or not sender:
        raise ConfigurationError(
            "TM_SERVICE_MAIL is smtp://user:password@host:port or smtps://..., and TM_SERVICE_MAIL_FROM the sender's address."
        )
    security = Security.TLS if parts.scheme == "smtps" else Security.STARTTLS
    if security is Security.STARTTLS and parts.hostname in _HERE and not parts.username:
        security = Security.NONE
    server = MailServer(
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        security,
    )
    return MailChannel(server, Sender(sender, answers=answers if "@" in answers else ""), clock)


@dataclass(frozen=True, slots=True)
class MailChannel:
    """One letter a delivery, at most once: when the answer to a letter is lost, it is in doubt and not sent again.

    A server that was given a whole letter may have accepted it even though its answer never came (RFC 1047); whoever
    repeats it then sends it twice. What broke before the letter's last line is certain: such a letter is thrown away
    (RFC 5321, 4.1.1.4) and can be sent again.
    """

    server: MailServer
    sender: Sender
    clock: Callable[[], datetime]
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context

    @property
    def repeatable(self) -> bool:
        return False

    def send(self, delivery: Delivery) -> Sent:
        """Send the letter, with the file or, where that is too large, its link. Raises as the port says, except Conflict."""
        recipient = checked_address(delivery.recipient).addr_spec
        attach = sum(map(len, (delivery.content, *(file.content for file in delivery.beside)))) <= self.server.largest
        letter = self._written(delivery, attach=attach)
        with self._speaking() as smtp:
            if attach and delivery.link and len(letter) > _most(smtp):
                attach, letter = False, self._written(delivery, attach=False)
            self._open(smtp, recipient, letter)
            self._hand_in(smtp, letter, delivery)
        return Sent(message_id(delivery.id, self.sender), attached=attach)

    def greet(self) -> None:
        """Go as far as one goes before a letter, and leave. Raises Refused, TryLater."""
        with self._speaking():
            pass

    def _written(self, delivery: Delivery, *, attach: bool) -> bytes:
        return _bytes(compose(delivery, self.sender, self.clock(), attach=attach))

    @contextmanager
    def _speaking(self) -> Iterator[smtplib.SMTP]:
        """A conversation with the server, encrypted where due; what breaks in it is told apart by what may be done about it."""
        smtp, watch = None, None
        try:
            smtp = self._called()
            watch = Timer(self.server.longest, _hang_up, [smtp])
            watch.daemon = True
            watch.start()
            self._introduced(smtp)
            yield smtp
        except ssl.SSLCertVerificationError as error:
            raise Refused(
                f"The certificate of {self.server.host} is not valid ({one_line(error.verify_message)});"
                " mail is not sent to a server that cannot prove who it is."
            ) from None
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(
                f"The mail server {self.server.host} cannot do what is needed: {one_line(str(error))}"
            ) from None
        except smtplib.SMTPResponseException as error:
            raise self._failure(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            reason = one_line(error.strerror or str(error)) or type(error).__name__
            raise TryLater(f"The mail server {self.server.host} cannot be spoken with: {reason}.") from None
        finally:
            if smtp is not None:
                _leave(smtp)
            if watch is not None:
                watch.cancel()

    def _called(self) -> smtplib.SMTP:
        server, own = self.server, _own_name()
        if server.security is Security.TLS:
            context = self.context()
            return smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=context, local_hostname=own
            )
        return smtplib.SMTP(server.host, server.port, timeout=server.timeout, local_hostname=own)

    def _introduced(self, smtp: smtplib.SMTP) -> None:
        """Say who we are, encrypted where due."""
        smtp.ehlo_or_helo_if_needed()
        if self.server.security is Security.STARTTLS:
            smtp.starttls(context=self.context())  # refused, or not offered, is an error: never in the open
            smtp.ehlo()
        if self.server.user:
            smtp.login(self.server.user, self.server.password)

    def _open(self, smtp: smtplib.SMTP, recipient: str, letter: bytes) -> None:
        """Name the sender and the recipient, and be told to go on."""
        options = [f"size={len(letter)}"] if smtp.has_extn("size") else []
        self._agreed(smtp.mail(checked_address(self.sender.address).addr_spec, options))
        self._agreed(smtp.rcpt(recipient))
        self._agreed(smtp.docmd("data"), _GO_ON)

    def _agreed(self, reply: tuple[int, bytes], kind: int = _DONE) -> None:
        if reply[0] // 100 != kind:
            raise self._failure(*reply)

    def _hand_in(self, smtp: smtplib.SMTP, letter: bytes, delivery: Delivery) -> None:
        """Send the letter and then, apart from it, its end: only what breaks from there on is in doubt."""
        body = memoryview(_stuffed(letter))
        for start in range(0, len(body), _PIECE):  # each with a time-out of its own, however slow the line
            smtp.send(bytes(body[start : start + _PIECE]))
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.server.patience)
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
        except (smtplib.SMTPException, OSError):
            raise self._doubt(delivery, "did not answer") from None
        if code // 100 not in (_DONE, _PASSING, _FINAL):
            raise self._doubt(delivery, "answered what cannot be understood")
        self._agreed((code, said))

    def _doubt(self, delivery: Delivery, did: str) -> InDoubt:
        return InDoubt(
            f"The mail server {self.server.host} was given the whole letter and {did}; ask"
            f" {one_line(delivery.recipient)} whether {one_line(delivery.name) or 'it'} came before it is sent again."
        )

    def _failure(self, code: int, said: bytes | str) -> Refused | TryLater:
        """What a reply means, in the server's own words as far as they are fit to be repeated."""
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        words = self._without_secrets(one_line(text))[:_LONGEST_REPLY]
        failure = Refused if code // 100 == _FINAL else TryLater
        return failure(f"The mail server {self.server.host} answered {code}: {words or 'no reason given'}")

    def _without_secrets(self, text: str) -> str:
        """A server may repeat what it was told; what opens it stays out of every message and log."""
        user, password = self.server.user, self.server.password
        if not password:
            return text
        spoken = (password, f"\0{user}\0{password}")
        for secret in (password, *(base64.b64encode(word.encode()).decode() for word in spoken)):
            text = text.replace(secret, "…")
        return text


def _bytes(letter: EmailMessage) -> bytes:
    return letter.as_bytes(policy=SMTP)


def _stuffed(letter: bytes) -> bytes:
    """Lines that begin with a dot get another one, since a dot alone is the end (RFC 5321, 4.5.2)."""
    lines = letter if letter.endswith(b"\r\n") else letter + b"\r\n"
    return (b"." if lines.startswith(b".") else b"") + lines.replace(b"\r\n.", b"\r\n..")


def _most(smtp: smtplib.SMTP) -> float:
    """How many bytes the server takes; without a word of it, or with 0, any number (RFC 1870)."""
    said = smtp.esmtp_features.get("size", "")
    return int(said) if said.isdigit() and int(said) else float("inf")


def _own_name() -> str:
    """How this machine names itself; its full name is asked of nobody, which may take minutes."""
    return socket.gethostname() or "localhost"


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye where that still works; the letter's fate is known by now."""
    with suppress(smtplib.SMTPException, OSError):
        if smtp.sock is not None:
            smtp.sock.settimeout(_GOODBYE)
        smtp.quit()
    smtp.close()


def _hang_up(smtp: smtplib.SMTP) -> None:
    """From another thread: whoever waits for the server's next word is told that there is none."""
    with suppress(OSError):
        if smtp.sock is not None:
            smtp.sock.shutdown(socket.SHUT_RDWR)

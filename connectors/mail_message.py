"""Mail message: a covering letter with its file or its link, the same for every attempt."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderDefect, HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from mimetypes import guess_type
from urllib.parse import urlsplit

from connectors.file_names import checked_name
from locales import LANGUAGES
from tm_service.domain.deliveries import Delivery
from tm_service.domain.errors import Refused
from tm_service.domain.units import Document

_POLICY = SMTP.clone(max_line_length=78)
_LONGEST_SUBJECT = 200  # characters; lists of letters show some 70
_BLANKS = re.compile(r"\s+")
_DOMAIN = re.compile(r"[\w\-]+(?:\.[\w\-]+)+")
_UNKNOWN = ("application", "octet-stream")


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom letters come: an address, the name people read, and where answers go, the same address if empty."""

    address: str
    name: str = ""
    answers: str = ""


def message_id(delivery_id: str, sender: Sender) -> str:
    """The Message-ID of a delivery, the same at every attempt, so that a second copy is known for one (RFC 5322, 3.6.4)."""
    named = sha256(delivery_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"<{named}@{checked_address(sender.address).domain}>"


def compose(delivery: Delivery, sender: Sender, at: datetime, *, attach: bool) -> EmailMessage:
    """The letter in plain text and HTML, with the file attached or its link below the text.

    Raises Refused for an address or a link that cannot be used, ConfigurationError for such a file name.
    """
    message = EmailMessage(_POLICY)
    message["Message-ID"] = message_id(delivery.id, sender)
    message["Date"] = format_datetime(at)
    message["From"] = _from(sender)
    message["To"] = checked_address(delivery.recipient)
    if sender.answers:
        message["Reply-To"] = checked_address(sender.answers)
    message["Subject"] = one_line(delivery.subject)[:_LONGEST_SUBJECT]
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
    link = "" if attach else checked_link(delivery.link)
    message.set_content(f"{_text(delivery.plain)}\n\n{link}\n" if link else f"{_text(delivery.plain)}\n", cte="base64")
    message.add_alternative(_page(delivery, link), subtype="html", cte="base64")
    own = [Document(delivery.name, delivery.content)] if delivery.name else []
    for file in (*own, *delivery.beside) if attach else ():
        main, sub = _kind(file.path)
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=checked_name(file.path))
    message["Content-Language"] = _language(delivery)  # set before, it would be taken for that of the first part
    return message


def one_line(text: str) -> str:
    """A text fit for a header or a sentence: no line breaks or control characters, so that nobody adds a header of their own.

    What looks like an encoded word (RFC 2047) is broken up: the library decodes it on the way into a header, line breaks
    within it included.
    """
    plain = "".join(" " if _is_control(character) else character for character in text)
    return _BLANKS.sub(" ", plain).strip().replace("=?", "= ?")


def checked_address(address: str) -> Address:
    """One mailbox and nothing else; raises Refused for a list, a name in front, or anything that is not an address."""
    shown = one_line(address)[:100]
    try:
        parsed = Address(addr_spec=address)
    except (HeaderParseError, HeaderDefect, ValueError, IndexError, AttributeError):
        parsed = Address()
    if shown != address or not parsed.username.isascii() or not _DOMAIN.fullmatch(parsed.domain) or not parsed.username:
        raise Refused(f"'{shown}' is no e-mail address; write one such as name@example.org.")
    try:
        return Address(username=parsed.username, domain=parsed.domain.encode("idna").decode("ascii"))
    except UnicodeError:
        raise Refused(f"'{shown}' names no domain that mail can be sent to; write it again.") from None


def checked_link(link: str) -> str:
    """A web address that stands on a line of its own; raises Refused for any other, or for none."""
    if not link:
        raise Refused("The file is larger than may be attached, and there is no link to it; set the service's address.")
    if (
        urlsplit(link).scheme not in {"https", "http"}
        or not urlsplit(link).netloc
        or one_line(link) != link
        or " " in link
    ):
        raise Refused(f"'{one_line(link)[:100]}' is no web address; set the service's address.")
    return link


def _from(sender: Sender) -> Address:
    address = checked_address(sender.address)
    return Address(one_line(sender.name), address.username, address.domain)


def _page(delivery: Delivery, link: str) -> str:
    """The letter as a page that reads in the direction of its language; mail programs ignore all but the `dir` of a block."""
    language = _language(delivery)
    known = LANGUAGES.get(language.split("-")[0])
    direction = known.direction if known else "auto"
    below = f'\n<p dir="ltr"><a href="{escape(link)}">{escape(link)}</a></p>' if link else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction}">\n'
        f'<head><meta charset="utf-8"><title>{escape(one_line(delivery.subject))}</title></head>\n'
        f'<body dir="{direction}"><div dir="{direction}">\n{_text(delivery.html)}{below}\n</div></body>\n</html>\n'
    )


def _language(delivery: Delivery) -> str:
    return delivery.language if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", delivery.language) else "en"


def _text(text: str) -> str:
    """A body as it can be sent: what is no character has no bytes in UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _kind(name: str) -> tuple[str, str]:
    found = guess_type(name)[0]
    main, _, sub = (found or "").partition("/")
    # Text would have its line ends changed on the way; what is sent comes home byte by byte.
    return (main, sub) if sub and main not in {"text", "message", "multipart"} else _UNKNOWN


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}

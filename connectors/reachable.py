"""Reachable: whether a broker or a mail server answers, asked once and in no time that anybody would call long."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from connectors.mail_channel import mail_channel
from tm_service.domain.errors import ConfigurationError, ConnectorError

_PATIENCE = 5.0  # seconds


def try_broker(address: str) -> str:
    """What was found. Raises ConnectorError, which never repeats the address, ConfigurationError where it is none."""
    redis: Any = import_module("redis")  # comes with the extra that has brokers
    try:
        client = redis.Redis.from_url(address, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE)
    except ValueError:
        raise ConfigurationError(
            "TM_SERVICE_BROKER is no address of a Redis; write redis://host:port/number."
        ) from None
    try:
        client.ping()
    except redis.RedisError as error:
        raise ConnectorError(f"The broker cannot be spoken with ({type(error).__name__}).") from None
    finally:
        client.close()
    return "It answers."


def try_mail(address: str, sender: str) -> str:
    """Greet the mail server as before a letter, signed in where there is a user; no letter is sent.

    Raises ConnectorError in the server's own words, and ConfigurationError where it is no address.
    """
    mail_channel(address, sender, "", lambda: datetime.now(UTC)).greet()
    return "It answers, and lets us in."

"""Ports of webhooks: secrets, the way out, and what the store keeps of subscriptions and messages."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tm_service.domain.site import Site
from tm_service.domain.webhooks import Answered, Message, MessageStatus, Subscription


class HookSecrets(Protocol):
    """The secrets that git hosts sign with."""

    def valid(self, site: Site, now: datetime) -> Sequence[str]:
        """Those that count now; none where none was made. Raises ConfigurationError for a file that cannot be used."""

    def renew(self, site: Site, now: datetime, overlap: timedelta) -> str:
        """Make a new one; those before it count a while longer. Raises ConfigurationError where sites.toml names a file."""


class Seals(Protocol):
    """Secrets that are kept so that nobody reads them who has not the key."""

    def sealed(self, owner: str, secret: str) -> str: ...

    def opened(self, owner: str, sealed: str) -> str:
        """Raises ConfigurationError where it was sealed with another key, or for another owner."""


class Post(Protocol):
    """The way out."""

    def refuse(self, url: str) -> None:
        """Raises ConfigurationError for an address that nothing is ever sent to."""

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> Answered:
        """One attempt; why it failed is an answer too."""


class WebhookRows(Protocol):
    """Subscriptions and messages, in a transaction of the store."""

    def save_subscription(self, made: Subscription) -> None:
        """Insert or update."""

    def subscription(self, subscription_id: str) -> Subscription:
        """Raises NotFound."""

    def subscriptions(self, site: str = "") -> Sequence[Subscription]:
        """Those that a site's events are told to, or all; oldest first."""

    def remove_subscription(self, subscription_id: str) -> None:
        """With all its messages."""

    def add_message(self, made: Message) -> None: ...

    def is_message_due(self, now: datetime) -> bool:
        """Whether there is something to send; tells without a lock."""

    def take_message(self, now: datetime, until: datetime, only: str = "") -> tuple[Message, Subscription] | None:
        """The message to send next, under a lease of its own; None where none is due.

        What a lost worker left comes first. With `only`, that one, whatever its subscription is at.
        """

    def save_message(self, made: Message, attempt: int) -> bool:
        """Keep what an attempt came to; False where there was another since, or the message is gone."""

    def message(self, message_id: str) -> Message:
        """Raises NotFound."""

    def messages(
        self, subscription: str = "", *, statuses: Collection[MessageStatus] = (), before: str = "", most: int = 50
    ) -> Sequence[Message]:
        """Messages of a subscription, or of all; of some statuses, or of all; newest first; `before` an id. Raises NotFound."""

    def give_up_messages(self, subscription: str, now: datetime, why: str) -> int:
        """Nothing that waits for a subscription is tried any more. Returns how many waited."""

    def forget_messages(self, before: datetime) -> int:
        """Delete messages that are over and were due before. Returns how many."""

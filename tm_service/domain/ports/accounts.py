"""Port of the accounts: who may sign in."""

from typing import Protocol

from tm_service.domain.accounts import Account


class Accounts(Protocol):
    """Whoever may sign in."""

    def find(self, email: str) -> Account | None:
        """The account of an e-mail address, which is compared without case. Raises ConfigurationError."""

    def verify(self, account: Account | None, password: str) -> bool:
        """Whether this is its password; takes as long where there is no account."""

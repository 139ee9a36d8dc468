"""Notes: how a room writes into the journal of all changes, in the transaction of the change itself."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection


class Notes(Protocol):
    """The journal over one connection; what was noted is appended when it is sealed, at the end of the transaction."""

    def note(self, site: str, verb: str, details: Mapping[str, object], at: datetime) -> None:
        """What was done, and when; whom details name under "by" or "person" stands there under a pseudonym."""

    def seal(self) -> None: ...

    def erase_name(self, name: str, at: datetime) -> int:
        """Forget a name wherever the journal has it; how many pseudonyms name nobody any more."""


Journal = Callable[[Connection], Notes]


class _Nothing:
    def note(self, site: str, verb: str, details: Mapping[str, object], at: datetime) -> None: ...

    def seal(self) -> None: ...

    def erase_name(self, name: str, at: datetime) -> int:  # noqa: ARG002 - as `Notes` has it
        return 0


def no_journal(_connection: Connection) -> Notes:
    """For a room that stands alone, without a house that keeps a journal."""
    return _Nothing()

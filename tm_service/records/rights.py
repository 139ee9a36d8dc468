"""Rights: who may write, approve and publish which document."""

from dataclasses import dataclass

from tm_service.domain.errors import NotAllowed
from tm_service.domain.records import ARTICLE, Actor, Schema

ADMINISTRATOR = "administrator"
EDITOR = "article-editor"
WRITER = "record-editor"
AUTHORITY = "publishing-authority"


@dataclass(frozen=True, slots=True)
class Owned:
    """A document as rights see it: its schema, the government that owns it, who began it ("" for a new one)."""

    schema: Schema
    government: str
    created_by: str

    def writing(self, by: Actor) -> None:
        """Raises NotAllowed but for those who may write its drafts."""
        if not self._may_write(by):
            raise refusal(by, "write", self)

    def keeping(self, by: Actor, government: str) -> None:
        """Raises NotAllowed where anybody but an administrator would give a national document to another government."""
        if self.schema.national and government not in ("", self.government) and not is_administrator(by):
            raise NotAllowed(
                f"This {self.schema.title} is of the government {self.government}; it cannot be given to {government}."
            )

    def publishing(self, by: Actor) -> None:
        """Raises NotAllowed but for those who may publish without anybody's approval, and unpublish."""
        if self._needs_nobody:
            self.writing(by)
        elif not is_administrator(by) and (self.schema.national or not self._is_authority(by)):
            raise NotAllowed(
                f"{_name(by)} may not publish a {self.schema.title} without approval; save a draft and request publication."
            )

    def withdrawing(self, by: Actor) -> None:
        """Raises NotAllowed but for those who may take it from readers or bring an old revision back."""
        if self._needs_nobody:
            self.writing(by)
        elif not is_administrator(by) and not self._is_authority(by):
            raise refusal(by, "unpublish, delete or restore", self)

    def approving(self, by: Actor, requested_by: str) -> None:
        """Raises NotAllowed but for a publishing authority, of a national document another person than who asked."""
        if self._needs_nobody:
            self.writing(by)
        elif not self._is_authority(by) and (self.schema.national or not is_administrator(by)):
            raise refusal(by, "approve, reject or publish", self)
        if self.schema.national and by.name == requested_by:
            raise NotAllowed(f"{_name(by)} requested the publication; another publishing authority has to approve it.")

    @property
    def _needs_nobody(self) -> bool:
        """Whether it is published without another's approval."""
        return self.schema.direct or self.schema.name == ARTICLE

    def _may_write(self, by: Actor) -> bool:
        if is_administrator(by):
            return True
        if not by.name:
            return False
        if self.schema.name == ARTICLE:
            return EDITOR in by.roles
        if by.is_program:
            return False
        if self.schema.national:
            return self._is_of_it(by)
        return _writes(by) and (self.created_by in ("", by.name) or self._is_of_it(by))

    def _is_of_it(self, by: Actor) -> bool:
        return bool(self.government) and by.government.strip().lower() == self.government

    def _is_authority(self, by: Actor) -> bool:
        return AUTHORITY in by.roles and bool(by.name) and self._is_of_it(by)


def _writes(by: Actor) -> bool:
    """Whether somebody writes records at all: by their role, or for a government. Who only translates does not."""
    return WRITER in by.roles or bool(by.government.strip())


def is_administrator(by: Actor) -> bool:
    return ADMINISTRATOR in by.roles


def refusal(by: Actor, what: str, owned: Owned) -> NotAllowed:
    owner = f"the government {owned.government}" if owned.government else "no government"
    return NotAllowed(f"{_name(by)} may not {what} this {owned.schema.title}; it is of {owner}.")


def _name(by: Actor) -> str:
    return by.name or "Somebody without a name"

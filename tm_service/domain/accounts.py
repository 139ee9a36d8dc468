"""Accounts: who may sign in to write records, until people have accounts of their own."""

from dataclasses import dataclass, field

from tm_service.domain.records import Actor


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a program: `password` is an argon2 hash in its usual notation, `$argon2id$v=19$m=...`."""

    email: str
    password: str = field(repr=False)
    government: str = ""
    roles: frozenset[str] = frozenset()

    @property
    def actor(self) -> Actor:
        return Actor(self.email, self.government, self.roles)

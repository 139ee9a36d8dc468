"""Clients as rows: registered programs, their tokens, and how often they called what."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, select, update

from tm_service.database.rows import chunks
from tm_service.domain.clients import Client, ClientState, Token, Usage
from tm_service.domain.errors import NotFound
from tm_service.domain.permissions import Action
from tm_service.people.persons import is_id
from tm_service.people.rows import PeopleRows
from tm_service.people.tables import client, token, usage

_PREFIX = re.compile(r"[0-9a-f]{12}", re.ASCII)
_CHUNK = 400  # rows in one statement


class Clients(PeopleRows):
    def client(self, id_: str) -> Client:
        """Raises NotFound."""
        query = select(client).where(client.c.id == id_)
        row = self.connection.execute(query).mappings().one_or_none() if is_id(id_) else None
        if row is None:
            raise NotFound(f"There is no client {id_!r}.")
        return _client(row)

    def clients(self) -> Sequence[Client]:
        found = [_client(row) for row in self.connection.execute(select(client)).mappings()]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def add_client(self, new: Client) -> None:
        values = {name: getattr(new, name) for name in client.columns.keys()}  # noqa: SIM118 - columns are no mapping
        self.connection.execute(client.insert(), values)

    def change_client(self, id_: str, **values: Any) -> Client:
        self.connection.execute(update(client).where(client.c.id == id_).values(**values))
        return self.client(id_)

    # tokens
    def token(self, prefix: str) -> Token:
        """Raises NotFound."""
        row = self._token_row(prefix)
        if row is None:
            raise NotFound(f"There is no token {prefix!r}.")
        return _token(row)

    def kept_token(self, prefix: str) -> tuple[Token, str] | None:
        """A token and the digest of it."""
        row = self._token_row(prefix)
        return None if row is None else (_token(row), row["digest"])

    def tokens(self, id_: str) -> Sequence[Token]:
        query = select(token).where(token.c.client == id_).order_by(token.c.issued.desc(), token.c.prefix)
        return [_token(row) for row in self.connection.execute(query).mappings()]

    def issued_by(self, person: str) -> Sequence[Token]:
        query = select(token).where(token.c.issued_by == person).order_by(token.c.issued)
        return [_token(row) for row in self.connection.execute(query).mappings()]

    def add_token(self, new: Token, kept: str) -> None:
        values = {name: getattr(new, name) for name in token.columns.keys() if name != "digest"}  # noqa: SIM118 - as above
        self.connection.execute(token.insert(), {**values, "digest": kept})

    def change_token(self, prefix: str, **values: Any) -> Token:
        self.connection.execute(update(token).where(token.c.prefix == prefix).values(**values))
        return self.token(prefix)

    def revoke_tokens(self, id_: str) -> None:
        self.connection.execute(update(token).where(token.c.client == id_).values(revoked=True))

    def _token_row(self, prefix: str) -> RowMapping | None:
        if _PREFIX.fullmatch(prefix) is None:
            return None
        return self.connection.execute(select(token).where(token.c.prefix == prefix)).mappings().one_or_none()

    # usage
    def unknown(self, ids: Collection[str]) -> Sequence[str]:
        """Those of these that are no client."""
        query = select(client.c.id).where(client.c.id.in_([id_ for id_ in ids if is_id(id_)]))
        return sorted(set(ids) - set(self.connection.scalars(query)))

    def count(self, calls: Mapping[tuple[str, str, date], int]) -> None:
        rows = [
            {"client": id_, "function": function, "day": day, "calls": times}
            for (id_, function, day), times in sorted(calls.items())
        ]
        for some in chunks(rows, _CHUNK):
            statement = self.insert(usage).values(some)
            added = {"calls": usage.c.calls + statement.excluded.calls}
            keys = ["client", "function", "day"]
            self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=added))

    def usage(self, id_: str, since: date | None, until: date | None) -> Sequence[Usage]:
        query = select(usage).order_by(usage.c.client, usage.c.function, usage.c.day)
        if id_:
            query = query.where(usage.c.client == id_)
        if since:
            query = query.where(usage.c.day >= since)
        if until:
            query = query.where(usage.c.day <= until)
        return [Usage(**row) for row in self.connection.execute(query).mappings()]


def _client(row: RowMapping) -> Client:
    values = {**row, "scopes": frozenset(map(Action, row["scopes"])), "state": ClientState(row["state"])}
    return Client(**values)


def _token(row: RowMapping) -> Token:
    values = {name: value for name, value in row.items() if name != "digest"}
    return Token(**{**values, "scopes": frozenset(map(Action, row["scopes"]))})

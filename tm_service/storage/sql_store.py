"""The store over SQLAlchemy: transactions that keep all or nothing, and the migrations at start."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.units import Locale
from tm_service.storage.decisions import Decisions
from tm_service.storage.engines import open_engine, place, refusal
from tm_service.storage.filter import SqlFilter
from tm_service.storage.handoffs import Handoffs
from tm_service.storage.packages import Packages
from tm_service.storage.shelf import SqlShelf
from tm_service.storage.sources import Sources
from tm_service.storage.tables import store_identity
from tm_service.storage.terms import Terms
from tm_service.storage.translations import Translations

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "20261122_waiting"  # the newest migration; a test holds it against the scripts


class SqlTransaction(Translations, Terms, Sources, Packages, Handoffs, Decisions):
    """All aggregates over one connection; `rehearse` makes the end of the block undo everything."""

    rehearsal = False

    def rehearse(self) -> None:
        self.rehearsal = True


class SqlStore:
    """SQLite (a file, embedded) or PostgreSQL, by URL; what the database refuses is said in one sentence."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)

    @contextmanager
    def begin(self) -> Iterator[SqlTransaction]:
        """Raises Conflict where another writer does not end in time, ConnectorError."""
        with self.connected("write") as connection:
            work = SqlTransaction(connection)
            yield work
            if work.rehearsal:
                connection.rollback()
            else:
                connection.commit()

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """Raises ConnectorError."""
        with self.connected("read") as connection:
            yield SqlTransaction(connection)

    def shelf(self, memory: str, source: Locale, target: Locale) -> SqlShelf:
        return SqlShelf(self.connected, self.identity, memory, source, target)

    def filter(self, memory: str, source: Locale, target: Locale) -> SqlFilter:
        return SqlFilter(self.connected, memory, source, target)

    def identity(self) -> str:
        """The store's own name, 32 hexadecimal digits; what was built from another store does not belong to it."""
        with self.connected("read") as connection:
            found = connection.execute(select(store_identity.c.id)).scalar()
        return found or self._named(renew=False)

    def renew_identity(self) -> str:
        """Give a copy of a database a name of its own; an index made from the original is then not mistaken for its own."""
        return self._named(renew=True)

    def _named(self, *, renew: bool) -> str:
        """Of two that name a store at once, the first one's name counts."""
        with self.connected("write") as connection:
            found = connection.execute(select(store_identity.c.id)).scalar()
            if found is None or renew:
                connection.execute(delete(store_identity))
                found = uuid4().hex
                connection.execute(store_identity.insert(), {"id": found})
                connection.commit()
        return found

    @contextmanager
    def connected(self, purpose: str) -> Iterator[Connection]:
        """A connection in a transaction; what its block does not commit is rolled back."""
        try:
            with self._connect() as connection:
                connection.execution_options(purpose=purpose).begin()
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise refusal(self.engine.url, error) from error

    def _connect(self) -> Connection:
        try:
            return self.engine.connect()
        except DBAPIError as error:
            raise refusal(self.engine.url, error) from error

    def migrate(self) -> None:
        """Bring the tables to the newest version; Alembic is only loaded where something is to do.

        The version is read again under the writer's lock, so that two that start together do not both create tables.
        Raises ConfigurationError where the database is of a newer version than this program.
        """
        with self.connected("read") as connection:
            if _version(connection) == NEWEST:
                return
        from alembic import command  # noqa: PLC0415 - slow to load, rarely needed
        from alembic.util import CommandError  # noqa: PLC0415 - as above

        with self.connected("write") as connection:
            try:
                command.upgrade(_config(connection), "head")
            except CommandError as error:
                raise ConfigurationError(
                    f"The database {place(self.engine.url)} is of version {_version(connection)}, "
                    f"which this program does not know; install a newer tm-service."
                ) from error
            connection.commit()

    def close(self) -> None:
        self.engine.dispose()


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - slow to load, rarely needed

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _version(connection: Connection) -> str:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")

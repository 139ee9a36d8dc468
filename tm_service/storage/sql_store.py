"""The store over SQLAlchemy: transactions that keep all or nothing, and the migrations at start."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from uuid import uuid4

from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tm_service.database.migrations import Migrations, Purpose
from tm_service.domain.errors import ConnectorError
from tm_service.domain.ports import Turn
from tm_service.domain.units import Locale
from tm_service.storage import engines
from tm_service.storage.decisions import Decisions
from tm_service.storage.desk import Desk
from tm_service.storage.engines import open_engine, place, refusal
from tm_service.storage.figures import Counts
from tm_service.storage.filter import SqlFilter
from tm_service.storage.handoffs import Handoffs
from tm_service.storage.kept_answers import KeptAnswers
from tm_service.storage.register import Register
from tm_service.storage.shelf import SqlShelf
from tm_service.storage.sources import Sources
from tm_service.storage.tables import store_identity
from tm_service.storage.terms import Terms
from tm_service.storage.translations import Translations
from tm_service.storage.uploads import Uploads
from tm_service.storage.webhooks import Webhooks


def migrations(what: str = "The database") -> Migrations:
    return Migrations(Path(__file__).parent / "migrations", "20261122_register_counts", "alembic_version", what)


class SqlTransaction(
    Webhooks, KeptAnswers, Uploads, Translations, Terms, Sources, Desk, Handoffs, Decisions, Counts, Register
):
    """All aggregates over one connection; `rehearse` makes the end of the block undo everything."""

    rehearsal = False

    def rehearse(self) -> None:
        self.rehearsal = True


class SqlStore:
    """SQLite (a file, embedded) or PostgreSQL, by URL; what the database refuses is said in one sentence."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        first = Lock()
        self._turns = {turn: Lock() if self._parted else first for turn in Turn}

    @property
    def _parted(self) -> bool:
        """Whether writers of different turns need not wait for each other."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def begin(self, turn: Turn = Turn.HOUSE) -> Iterator[SqlTransaction]:
        """Raises Conflict where another writer does not end in time, ConnectorError."""
        with self.connected("write", turn) as connection:
            work = SqlTransaction(connection)
            yield work
            if work.rehearsal:
                connection.rollback()
            else:
                work.seal()
                self._commit(connection)

    def _commit(self, connection: Connection) -> None:
        """Where the answer to a COMMIT is lost, nobody can tell from here whether it was kept. Raises ConnectorError."""
        try:
            connection.commit()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            raise ConnectorError(
                f"The database {place(self.engine.url)} went away while a change was being kept; look whether it was before "
                "you ask for it again."
            ) from error

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """Raises ConnectorError."""
        with self.connected("read") as connection:
            work = SqlTransaction(connection)
            yield work
            work.seal()  # refused where something was noted, as every other write was

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
    def connected(self, purpose: Purpose, turn: Turn = Turn.HOUSE) -> Iterator[Connection]:
        """A connection in a transaction; what its block does not commit is rolled back. Raises Conflict, ConnectorError."""
        try:
            with self._in_turn(purpose, turn), self._connect() as connection:
                connection.execution_options(purpose=purpose, turn=turn).begin()
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise refusal(self.engine.url, error) from error

    @contextmanager
    def _in_turn(self, purpose: Purpose, turn: Turn) -> Iterator[None]:
        """Writers of one process wait for each other here, and not with a connection in hand that readers could use."""
        if purpose == "read":
            yield
            return
        if not self._turns[turn].acquire(timeout=engines.BUSY / 1000):
            raise engines.busy(self.engine.url)
        try:
            yield
        finally:
            self._turns[turn].release()

    def _connect(self) -> Connection:
        try:
            return self.engine.connect()
        except DBAPIError as error:
            raise refusal(self.engine.url, error) from error

    def migrate(self) -> None:
        """Bring the tables to the newest version; harmless when they are.

        What older code noted is sealed in transactions of some entries each; the next start goes on where one ended. Raises
        ConfigurationError where the database is of a newer version than this program.
        """
        migrations(f"The database {place(self.engine.url)}").run(self.connected)
        while not self._is_sealed():
            with self.begin() as tx:
                tx.seal_older()

    def _is_sealed(self) -> bool:
        with self.read() as tx:
            return tx.is_sealed()

    def close(self) -> None:
        self.engine.dispose()

"""The store over SQLAlchemy: engines as each database wants them, transactions, migrations at start."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from tm_service.domain.errors import ConfigurationError, ConnectorError
from tm_service.storage.decisions import Decisions
from tm_service.storage.packages import Packages
from tm_service.storage.sources import Sources
from tm_service.storage.translations import Translations

NEWEST = "20261121_first"  # the newest migration; a test holds it against the scripts
_BUSY = 15_000  # milliseconds a writer waits for another


class SqlTransaction(Translations, Sources, Packages, Decisions):
    """All aggregates over one connection; `rehearse` makes the end of the block undo everything."""

    rehearsal = False

    def rehearse(self) -> None:
        self.rehearsal = True


class SqlStore:
    """SQLite (a file, embedded) or PostgreSQL, by URL."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)

    @contextmanager
    def begin(self) -> Iterator[SqlTransaction]:
        with self._connected("write") as connection:
            work = SqlTransaction(connection)
            try:
                yield work
            except BaseException:
                connection.rollback()
                raise
            if work.rehearsal:
                connection.rollback()
            else:
                connection.commit()

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        with self._connected("read") as connection:
            yield SqlTransaction(connection)
            connection.rollback()

    @contextmanager
    def _connected(self, purpose: str) -> Iterator[Connection]:
        try:
            connection = self.engine.connect().execution_options(purpose=purpose)
        except OperationalError as error:
            place = self.engine.url.render_as_string(hide_password=True)
            raise ConnectorError(f"The database {place} cannot be reached: {error.orig}.") from error
        with connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the newest version; Alembic is only loaded where something is to do."""
        with self._connected("read") as connection:
            if _version(connection) == NEWEST:
                return
        from alembic import command  # noqa: PLC0415 - slow to load, rarely needed
        from alembic.config import Config  # noqa: PLC0415 - as above

        with self._connected("write") as connection:
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()

    def close(self) -> None:
        self.engine.dispose()


def _version(connection: Connection) -> str:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(
            "TM_SERVICE_DATABASE is no database URL; write sqlite:///FILE or postgresql://..."
        ) from error
    if address.get_backend_name() == "postgresql":
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if address.get_backend_name() != "sqlite":
        raise ConfigurationError(f"TM_SERVICE_DATABASE names {address.get_backend_name()}; use sqlite or postgresql.")
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in (
        f"busy_timeout = {_BUSY}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer that begins as a reader fails when another wrote first; so it says at once what it is."""
    writes = connection.get_execution_options().get("purpose") == "write"
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

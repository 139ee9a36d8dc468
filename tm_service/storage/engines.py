"""Engines: what each database needs so that both behave alike: one writer at a time, readers on one consistent state."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from tm_service.database.turns import take
from tm_service.domain.errors import ConfigurationError, Conflict, ConnectorError, ServiceError

BUSY = 15_000  # milliseconds a writer waits for another
_PAUSE = 0.02  # seconds between two tries
_KEPT = 20  # connections of a process that stay open; a new one costs more than what is asked of it
# Milliseconds after which PostgreSQL ends a transaction whose process is gone or stuck, for it keeps others from writing. No
# statement takes as long, of a backup or a migration either, and nothing done between two: a push ends after three minutes.
LONGEST_STATEMENT = LONGEST_PAUSE = 600_000
_ALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}  # seconds, and how often without an answer
_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's error codes, appendix A


def open_engine(url: str) -> Engine:
    """An engine for a SQLite file or a PostgreSQL database; nothing is connected yet. Raises ConfigurationError."""
    try:
        return _engine(make_url(url))
    except (ArgumentError, ValueError):
        # Not chained: the cause may quote a part of the URL, and that part may be of a password.
        raise ConfigurationError(
            "TM_SERVICE_DATABASE is no database URL; write sqlite:///FILE or postgresql://..."
        ) from None


def _engine(address: URL) -> Engine:
    backend = address.get_backend_name()
    if backend == "postgresql":
        return _postgres(address)
    if backend == "sqlite":
        return _sqlite(address)
    raise ConfigurationError(f"TM_SERVICE_DATABASE names {backend}; use sqlite or postgresql.")


def place(address: URL) -> str:
    """The database as an error may name it: without user, password and options."""
    if address.get_backend_name() == "sqlite":
        return f"sqlite:///{address.database}"
    host = address.host or address.query.get("host")
    named = URL.create(
        "postgresql", host=host if isinstance(host, str) else None, port=address.port, database=address.database
    )
    return named.render_as_string()


def refusal(address: URL, error: SQLAlchemyError) -> ServiceError:
    """What a failure of the database is to the caller, in one sentence."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if _is_busy(cause):
        return busy(address)
    said = " ".join(str(cause).split()).rstrip(".")
    return ConnectorError(f"The database {place(address)} cannot be used: {said}.")


def busy(address: URL) -> Conflict:
    return Conflict(f"Another command is writing to {place(address)}; try again when it has ended.")


def _is_busy(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return getattr(cause, "sqlstate", "") == _LOCK_NOT_AVAILABLE


def _postgres(address: URL) -> Engine:
    waits = {"connect_timeout": 10, **_ALIVE}
    try:
        engine = create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=_KEPT,
            connect_args={name: value for name, value in waits.items() if name not in address.query},
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise ConfigurationError("PostgreSQL needs psycopg; install tm-service[scale].") from error
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _sqlite(address: URL) -> Engine:
    if address.database in (None, "", ":memory:"):
        raise ConfigurationError("A store in memory forgets everything; write sqlite:///FILE.")
    folder = Path(str(address.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be made ({error.strerror}); name another with TM_SERVICE_HOME or TM_SERVICE_DATABASE."
        ) from error
    engine = create_engine(address, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    connection.execute(f"PRAGMA busy_timeout = {BUSY}")
    _keep_a_log(connection)
    for pragma in (
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_log(connection: Any) -> None:
    """Turn the write-ahead log on; SQLite does not wait for others here, whatever its time-out, so we do."""
    end = monotonic() + BUSY / 1000
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or monotonic() > end:
                raise
            sleep(_PAUSE)


def _writes(connection: Connection) -> bool:
    return connection.get_execution_options().get("purpose") == "write"


def _begin_sqlite(connection: Connection) -> None:
    """A writer that begins as a reader fails when another wrote first; so it says at once what it is."""
    writes = _writes(connection)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgres(connection: Connection) -> None:
    """Let writers of one turn in one by one, as SQLite does all: numbers then appear in order, and what was looked up holds."""
    limits = {"statement_timeout": LONGEST_STATEMENT, "idle_in_transaction_session_timeout": LONGEST_PAUSE}
    if not _writes(connection):
        _set(connection, "REPEATABLE READ, READ ONLY", limits)
        return
    alive = {f"tcp_{name}": value for name, value in _ALIVE.items()}
    _set(connection, "READ COMMITTED", {**limits, **alive, "lock_timeout": BUSY})
    take(connection, connection.get_execution_options()["turn"])


def _set(connection: Connection, isolation: str, limits: Mapping[str, int]) -> None:
    """Say all that holds for a transaction, in one message."""
    said = [f"SET TRANSACTION ISOLATION LEVEL {isolation}"]
    said += [f"SET LOCAL {name} = {value}" for name, value in limits.items()]
    connection.exec_driver_sql("; ".join(said))

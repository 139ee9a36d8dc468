"""Migrating: bring the records room's tables to the newest version, which is kept in a table of its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, text

from tm_service.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from alembic.config import Config

Connect = Callable[[Literal["read", "write"]], AbstractContextManager[Connection]]

NEWEST = "20261122_records"  # the newest migration; a test holds it against the scripts
_VERSIONS = "record_version"


def migrate(connect: Connect) -> None:
    """Bring the tables to the newest version; harmless when they are.

    The version is read again under the writer's lock, so that two that start together do not both create tables.
    Raises ConfigurationError where the database is of a newer version than this program.
    """
    with connect("read") as connection:
        if _version(connection) == NEWEST:
            return
    from alembic import command  # noqa: PLC0415 - slow to load, rarely needed
    from alembic.util import CommandError  # noqa: PLC0415 - as above

    with connect("write") as connection:
        try:
            command.upgrade(configuration(connection), "head")
        except CommandError as error:
            raise ConfigurationError(
                f"The record store is of version {_version(connection)}, which this program does not know; "
                f"install a newer tm-service."
            ) from error
        connection.commit()


def configuration(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - slow to load, rarely needed

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = _VERSIONS
    return config


def _version(connection: Connection) -> str:
    if not connection.dialect.has_table(connection, _VERSIONS):
        return ""
    return str(connection.execute(text(f"SELECT version_num FROM {_VERSIONS}")).scalar_one_or_none() or "")  # noqa: S608 - a name of ours

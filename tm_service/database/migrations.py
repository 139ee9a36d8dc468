"""Migrations: bring a room's tables to the newest version, beside the tables of other rooms in one database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, MetaData, TypeDecorator, text

from tm_service.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from alembic.config import Config

Purpose = Literal["read", "write"]
# A connection in a transaction, which undoes what is not committed.
Connect = Callable[[Purpose], AbstractContextManager[Connection]]


@dataclass(frozen=True)
class Migrations:
    """The migrations of one room: scripts in `folder`, of which `newest` is the last; a test holds it against them.

    Its version is kept in the table `versions`; `what` names its tables in a sentence.
    """

    folder: Path
    newest: str
    versions: str
    what: str

    def run(self, connect: Connect) -> None:
        """Bring the tables to the newest version; harmless when they are. Alembic is loaded only where something is to do.

        The version is read again under the writer's lock, so that two that start together do not both create tables.
        Raises ConfigurationError where the database is of a newer version than this program.
        """
        with connect("read") as connection:
            if self.version(connection) == self.newest:
                return
        from alembic import command  # noqa: PLC0415 - slow to load, rarely needed
        from alembic.util import CommandError  # noqa: PLC0415 - as above

        with connect("write") as connection:
            try:
                command.upgrade(self.configuration(connection), "head")
            except CommandError as error:
                raise ConfigurationError(
                    f"{self.what} is of version {self.version(connection)}, which this program does not know; "
                    f"install a newer tm-service."
                ) from error
            connection.commit()

    def configuration(self, connection: Connection) -> "Config":
        from alembic.config import Config  # noqa: PLC0415 - slow to load, rarely needed

        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        config.attributes["version_table"] = self.versions
        return config

    def version(self, connection: Connection) -> str:
        """The version that the tables are of; empty where there are none."""
        if not connection.dialect.has_table(connection, self.versions):
            return ""
        found = connection.execute(text(f"SELECT version_num FROM {self.versions}")).scalar_one_or_none()  # noqa: S608 - a name of ours
        return str(found or "")


def run_scripts(metadata: MetaData, is_ours: Callable[[str], bool]) -> None:
    """What an env.py of Alembic does: run the scripts on the connection handed over; other rooms' tables are not looked at."""
    from alembic import context  # noqa: PLC0415 - slow to load, rarely needed

    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_plain,
        include_name=lambda name, kind, _parents: kind != "table" or is_ours(str(name)),
        version_table=context.config.attributes["version_table"],
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _plain(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """A migration outlives the types of our own, so it names the database's."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False

"""Trial: whether what the settings name answers: the home, the database and its version, the broker, the mail server."""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.reachable import try_broker, try_mail
from tm_service.domain.errors import ConfigurationError, ConnectorError, ServiceError
from tm_service.people.migrate import MIGRATIONS as PEOPLE
from tm_service.records.migrate import MIGRATIONS as RECORDS
from tm_service.settings import Settings
from tm_service.storage.sql_store import SqlStore, migrations

_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing that was tried, whether it went well, and what was found, in a sentence."""

    what: str
    well: bool
    said: str


def tried(settings: Settings) -> Iterator[Tried]:
    """Each thing that is set up, tried once; nothing is changed."""
    yield _tried("home", lambda: _folder(settings.home, "home", "--home", "start"))
    yield _tried("database", lambda: _database(settings.database))
    if settings.broker:
        yield _tried("broker", lambda: try_broker(settings.broker))
    if settings.mail:
        yield _tried("mail", lambda: try_mail(settings.mail, settings.mail_sender))
    if folder := settings.backups:
        yield _tried("backups", lambda: _folder(folder, "folder of backups", "TM_SERVICE_BACKUPS", "backup"))


def _tried(what: str, trial: Callable[[], str]) -> Tried:
    try:
        return Tried(what, well=True, said=trial())
    except ServiceError as error:
        return Tried(what, well=False, said=str(error))


def _folder(folder: Path, what: str, setting: str, first: str) -> str:
    """Whether a folder can be written, or made at the `first` of something; `setting` names it."""
    existing = next(one for one in (folder, *folder.parents) if one.exists())
    if existing != folder:
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            raise ConfigurationError(f"The {what} {folder} cannot be made in {existing}; name another {setting}.")
        return f"{folder} is made at the first {first}."
    try:
        with tempfile.TemporaryFile(dir=folder):
            return f"{folder} can be written."
    except OSError as error:
        raise ConfigurationError(f"The {what} {folder} cannot be written: {error.strerror}.") from error


def _database(address: str) -> str:
    if address.startswith(_SQLITE) and not Path(address.removeprefix(_SQLITE)).exists():
        return "It is made at the first start."
    store = SqlStore(address)
    try:
        with store.connected("read") as connection:
            found = [(room.version(connection), room.newest) for room in (migrations(), RECORDS, PEOPLE)]
    finally:
        store.close()
    if not any(version for version, _newest in found):
        return "It answers, and has no tables yet; they are made at the first start."
    # Rooms make their tables when they are first entered.
    other = [f"{version}, not {newest}" for version, newest in found if version not in ("", newest)]
    if other:
        raise ConnectorError(f"It answers, and its tables are of version {'; '.join(other)}; run `tm-service migrate`.")
    return "It answers, and its tables are of this version."

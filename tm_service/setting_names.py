"""Setting names: every environment variable that the house knows, and secrets that come from files."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tm_service.domain.errors import ConfigurationError
from tm_service.redaction import HIDDEN

PREFIX = "TM_SERVICE_"
_FILE = "_FILE"
_LARGEST = 64 * 1024  # bytes of a secret
# Who mounts these lets nobody else in; the modes of the files say little: Docker writes 0444, Kubernetes 0644.
_MOUNTED = (Path("/run/secrets"), Path("/var/run/secrets"))


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable: what it is for, in a few words, and whether its value is nobody's to see."""

    name: str
    says: str
    secret: bool = False


VARIABLES = (
    Variable(f"{PREFIX}HOME", "where the embedded store, clones and keys live"),
    Variable(f"{PREFIX}DATABASE", "the database, a URL", secret=True),
    Variable(f"{PREFIX}BROKER", "the Redis by which workers hear of jobs", secret=True),
    Variable(f"{PREFIX}MAIL", "the mail server, a URL", secret=True),
    Variable(f"{PREFIX}MAIL_FROM", "whom mail is from"),
    Variable(f"{PREFIX}MEMORY_INDEX", "where the memory's index is: mapped or database"),
    Variable(f"{PREFIX}RECORDS_USER", "who the house is to a remote record store"),
    Variable(f"{PREFIX}RECORDS_PASSWORD", "and by which password", secret=True),
    Variable(f"{PREFIX}HOOKS_PRIVATE", "whether webhooks may go to addresses inside a network: yes or no"),
    Variable(f"{PREFIX}BACKUPS", "the folder that a backup is written into each day"),
    Variable(f"{PREFIX}BACKUPS_KEPT", "how many of them stay there"),
    Variable(f"{PREFIX}BACKUPS_KEYS", "whether they have the keys of the house: yes or no"),
    Variable(f"{PREFIX}LOG", "how lines are logged: json or text"),
    Variable(f"{PREFIX}LOG_LEVEL", "from which level on: debug, info, warning or error"),
    Variable(f"{PREFIX}METRICS_TOKEN", "who shows it may read /metrics from elsewhere", secret=True),
    Variable(f"{PREFIX}HTTPS", "whether people reach the house by https only: yes or no"),
    Variable(f"{PREFIX}GRACE", "seconds that work under way has to end, when the house is told to"),
    Variable(f"{PREFIX}DRAIN", "seconds in which it says that it is not ready, before it takes no more"),
)


def with_files(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with each secret that stands in a file in place: TM_SERVICE_MAIL_FILE gives TM_SERVICE_MAIL.

    A line end after the secret is left out. Raises ConfigurationError where both are set, or the file cannot be used.
    """
    found = dict(environment)
    for variable in VARIABLES:
        name = f"{variable.name}{_FILE}"
        if not environment.get(name):
            continue
        if not variable.secret:
            raise ConfigurationError(f"{name} is set, and {variable.name} is no secret; set {variable.name} itself.")
        if environment.get(variable.name):
            raise ConfigurationError(f"{variable.name} and {name} are both set; take one of them away.")
        found[variable.name] = _secret(name, Path(environment[name]), environment.get("CREDENTIALS_DIRECTORY", ""))
    return found


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and are not: mistakes of spelling, or what an older version knew."""
    known = {variable.name for variable in VARIABLES} | {f"{one.name}{_FILE}" for one in VARIABLES if one.secret}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def origin(variable: Variable, environment: Mapping[str, str]) -> str:
    """Where its value comes from, in words."""
    if environment.get(f"{variable.name}{_FILE}"):
        return environment[f"{variable.name}{_FILE}"]
    return "environment" if environment.get(variable.name) else "default"


def shown(variable: Variable, environment: Mapping[str, str]) -> str:
    """Its value for people to see, "" where nothing is said; a secret is not shown."""
    if origin(variable, environment) == "default":
        return ""
    return HIDDEN if variable.secret else environment[variable.name]


def _secret(name: str, file: Path, credentials: str) -> str:
    try:
        with file.open("rb") as opened:
            _refuse_shared(name, file, os.fstat(opened.fileno()).st_mode, credentials)
            content = opened.read(_LARGEST + 1)
        text = content.decode("utf-8").rstrip("\r\n")
    except OSError as error:
        raise ConfigurationError(f"{name}: {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{name}: {file} is no UTF-8 text.") from error
    if len(content) > _LARGEST:
        raise ConfigurationError(f"{name}: {file} is too large for a secret.")
    if not text or any(character in text for character in "\r\n\0"):
        raise ConfigurationError(f"{name}: {file} is to hold the secret, on one line, and nothing else.")
    return text


def _refuse_shared(name: str, file: Path, mode: int, credentials: str) -> None:
    """What others may write is nobody's secret; what others may read is none either, unless it was mounted for us alone."""
    if mode & stat.S_IWOTH:
        raise ConfigurationError(f"{name}: others may write {file}; make it its owner's alone (chmod 600).")
    mounted = (*_MOUNTED, Path(credentials)) if credentials else _MOUNTED
    if mode & stat.S_IROTH and not any(file.absolute().is_relative_to(folder) for folder in mounted):
        raise ConfigurationError(f"{name}: others may read {file}; make it its owner's alone (chmod 600).")

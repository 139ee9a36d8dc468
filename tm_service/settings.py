"""Settings: the environment, and the sites files that were added, checked at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.site import Site
from tm_service.operation import Operation, flag, read_operation, whole
from tm_service.redaction import passwords
from tm_service.setting_names import with_files
from tm_service.sites_file import Vet, absolute, read_sites, reason, unvetted

_INDEXES = ("mapped", "database")
_BROKERS = ("redis://", "rediss://")
_MAIL = ("smtp://", "smtps://")
_MOST_BACKUPS = 10_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the house lives and which database it uses."""

    home: Path
    database: str = field(repr=False)
    mail: str = field(default="", repr=False)  # smtp://user:password@host:port, or smtps://
    mail_sender: str = ""
    memory_index: str = "mapped"  # or "database", where a worker keeps no files
    records_user: str = ""  # who this house is to a remote record store
    records_password: str = field(default="", repr=False)
    broker: str = field(default="", repr=False)  # redis://user:password@host:port/number
    operation: Operation = field(default_factory=Operation)
    hooks_private: bool = False  # whether webhooks may go to addresses inside a network, and without TLS
    backups: Path | None = None  # the folder that a backup is written into each day
    backups_kept: int = 14
    backups_keys: bool = False  # whether they have the keys of the house

    @property
    def secrets(self) -> tuple[str, ...]:
        """What is never to be written down."""
        addresses = (self.database, self.mail, self.broker)
        known = (self.records_password, self.operation.metrics_token)
        return tuple(one for one in (*known, *(part for address in addresses for part in passwords(address))) if one)

    @property
    def restoring(self) -> Path:
        """There while a backup is brought back, and where that did not end."""
        return self.home / "restoring.json"

    @property
    def clones(self) -> Path:
        return self.home / "clones"

    @property
    def mirrors(self) -> Path:
        """Our own copies of record stores, one folder a site."""
        return self.home / "mirrors"

    @property
    def site_list(self) -> Path:
        return self.home / "sites.list"

    @property
    def extractions(self) -> Path:
        return self.home / "cache" / "extractions.sqlite"

    @property
    def seals(self) -> Path:
        return self.home / "keys" / "packages"

    @property
    def secret(self) -> Path:
        return self.home / "keys" / "waivers.key"

    @property
    def hooks(self) -> Path:
        """What git hosts sign with, one file a site."""
        return self.home / "keys" / "hooks"

    @property
    def hooks_key(self) -> Path:
        """What seals the secrets that our own webhooks are signed with; without it they have to be renewed."""
        return self.home / "keys" / "webhooks.key"

    @property
    def openid(self) -> Path:
        """Who people may sign in by, beside a password."""
        return self.home / "openid.toml"

    @property
    def people_key(self) -> Path:
        """What seals the secrets of second factors; without it they have to be enrolled anew."""
        return self.home / "keys" / "people.key"


def read_settings(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """`TM_SERVICE_HOME` (default ./var), `TM_SERVICE_DATABASE` (default a SQLite file there).

    `TM_SERVICE_MAIL` and `TM_SERVICE_MAIL_FROM` name the mail server and the sender; without them nothing is mailed.
    `TM_SERVICE_MEMORY_INDEX` says where the memory's index is: `mapped` from files in the home (default), or in the `database`.
    `TM_SERVICE_BROKER` is the Redis that carries hints to workers; without it they look for themselves.
    `TM_SERVICE_HOOKS_PRIVATE` lets webhooks go to addresses inside a network.
    `TM_SERVICE_BACKUPS` is a folder that a backup is written into each day, `TM_SERVICE_BACKUPS_KEPT` how many stay there (14),
    `TM_SERVICE_BACKUPS_KEYS` lets them have the keys of the house.
    `TM_SERVICE_RECORDS_USER` and `TM_SERVICE_RECORDS_PASSWORD` are who the house is to a remote record store.
    What a secret is, NAME, may stand in a file that NAME_FILE names. How a process runs is `operation.Operation`.
    Raises ConfigurationError.
    """
    environment = with_files(environment)
    place = absolute(home or Path(environment.get("TM_SERVICE_HOME") or "var"))
    index = environment.get("TM_SERVICE_MEMORY_INDEX") or _INDEXES[0]
    if index not in _INDEXES:
        raise ConfigurationError(f"TM_SERVICE_MEMORY_INDEX is {index!r}; choose one of {', '.join(_INDEXES)}.")
    broker = environment.get("TM_SERVICE_BROKER", "")
    if broker and not broker.startswith(_BROKERS):
        raise ConfigurationError(f"TM_SERVICE_BROKER is no address of a Redis; write {_BROKERS[0]}host:port/number.")
    if broker and find_spec("celery") is None:
        raise ConfigurationError("TM_SERVICE_BROKER needs Celery; install tm-service[scale].")
    mail = environment.get("TM_SERVICE_MAIL", "")
    if mail and not mail.startswith(_MAIL):
        raise ConfigurationError(f"TM_SERVICE_MAIL is no address of a mail server; write {_MAIL[0]}host:port.")
    return Settings(
        place,
        environment.get("TM_SERVICE_DATABASE") or f"sqlite:///{place / 'store.sqlite'}",
        mail,
        environment.get("TM_SERVICE_MAIL_FROM", ""),
        index,
        environment.get("TM_SERVICE_RECORDS_USER", ""),
        environment.get("TM_SERVICE_RECORDS_PASSWORD", ""),
        broker,
        read_operation(environment),
        flag(environment, "TM_SERVICE_HOOKS_PRIVATE"),
        absolute(Path(environment["TM_SERVICE_BACKUPS"])) if environment.get("TM_SERVICE_BACKUPS") else None,
        whole(environment, "TM_SERVICE_BACKUPS_KEPT", 14, range(1, _MOST_BACKUPS + 1)),
        flag(environment, "TM_SERVICE_BACKUPS_KEYS"),
    )


def known_sites(settings: Settings, vet: Vet = unvetted) -> dict[str, Site]:
    """Every site of every file that was added. Raises ConfigurationError."""
    sites: dict[str, Site] = {}
    places: dict[str, Path] = {}
    for file in listed_files(settings):
        if not file.exists():
            raise ConfigurationError(
                f"{file} was added and is gone; put it back, add it again from where it is now, "
                f"or take its line out of {settings.site_list}."
            )
        for name, site in read_sites(file, vet).items():
            if name in sites:
                raise ConfigurationError(f"{file}: site {name} is described in another file too; rename one of them.")
            sites[name], places[name] = site, file
    _keep_apart(sites, places)
    return sites


def _keep_apart(sites: Mapping[str, Site], places: Mapping[str, Path]) -> None:
    """Only the file that describes a site may share its memory. Raises ConfigurationError."""
    for name, site in sites.items():
        for memory in site.memories:
            if places.get(memory.name, places[name]) != places[name]:
                raise ConfigurationError(
                    f"{places[name]}: site.{name}.memories names {memory.name!r}, the memory of a site that "
                    f"{places[memory.name]} describes; describe both in one file to share it."
                )


def listed_files(settings: Settings) -> list[Path]:
    try:
        lines = settings.site_list.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{settings.site_list} cannot be read: {reason(error)}.") from error
    return [Path(line) for line in lines if line.strip()]


def add_sites(settings: Settings, file: Path, vet: Vet = unvetted) -> dict[str, Site]:
    """Remember a sites.toml after checking all of it; a name that another file uses is refused.

    Files that are gone are forgotten: who moved a sites.toml adds it again from where it is now.
    """
    file = absolute(file)
    added = read_sites(file, vet)
    others = [other for other in listed_files(settings) if other != file and other.exists()]
    sites, places = dict(added), dict.fromkeys(added, file)
    for other in others:
        known = read_sites(other)
        for name in sorted(set(added) & set(known)):
            raise ConfigurationError(f"{file}: site {name} is already described in {other}; rename one of them.")
        sites |= known
        places |= dict.fromkeys(known, other)
    _keep_apart(sites, places)
    lines = [str(path) for path in (*others, file)]
    draft = settings.site_list.with_suffix(".draft")
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        draft.write_text("\n".join(lines) + "\n", "utf-8")
        draft.replace(settings.site_list)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ConfigurationError(
            f"{settings.site_list} cannot be written: {reason(error)}; name another --home."
        ) from error
    return added

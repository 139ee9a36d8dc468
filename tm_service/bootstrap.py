"""Bootstrap: settings become a service; the only place that names concrete rooms."""

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import extractors
from connectors.checkout import FolderCheckout
from connectors.folder_channel import FolderChannel
from connectors.git_addresses import checked_ref, vetted
from connectors.git_site import GitSite
from connectors.mail_channel import mail_channel
from extractors import EXTRACTORS, extractor
from memory import match
from tm_service.checks import NAMES as CHECKS
from tm_service.checks import HouseChecks
from tm_service.checks.advice import NAMES as ADVICE
from tm_service.checks.advice import HouseAdvice
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.ports import Channel, CodeReader, MemoryRoom
from tm_service.domain.site import Site
from tm_service.exchange.exporter import NAMES as READING
from tm_service.exchange.exporter import PackageExporter
from tm_service.exchange.profiles import profile
from tm_service.exchange.seal import KeyRing
from tm_service.service import Service
from tm_service.settings import Settings, add_sites, known_sites
from tm_service.storage.extractions import SqliteExtractions
from tm_service.storage.sql_store import SqlStore


def open_service(settings: Settings) -> Service:
    """A service over the settings' database, migrated; sites are read anew at each call, so that edits count at once."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The home {settings.home} cannot be made: {error.strerror}; name another --home."
        ) from error
    store = SqlStore(settings.database)
    store.migrate()
    return Service(
        sites=lambda: known_sites(settings, vet),
        store=store,
        connect=lambda site: _connect(site, settings),
        extractor=extractor,
        extractions=SqliteExtractions(settings.extractions, _extractors_version()),
        match=match,
        memory_room=cache(lambda: _memory_room(settings, store)),
        exporter=PackageExporter(KeyRing(settings.seals)),
        checker=HouseChecks(),
        adviser=HouseAdvice(),
        code=_code_reader,
        channels=lambda site: _channels(site, settings),
        checkout=FolderCheckout(),
        scratch=_scratch,
        clock=_now,
        secret=lambda: _secret(settings.secret),
    )


def _channels(site: Site, settings: Settings) -> dict[str, Channel]:
    """The ways by which a site's packages may leave: those that are set up."""
    found: dict[str, Channel] = {}
    if site.hand_off.folder:
        found["folder"] = FolderChannel(Path(site.hand_off.folder))
    if settings.mail:
        found["mail"] = mail_channel(settings.mail, settings.mail_sender, site.hand_off.contact, _now)
    return found


@cache
def _extractors_version() -> str:
    """Names the extractors by their code: what others took apart is not theirs."""
    code = sorted(Path(extractors.__file__).parent.rglob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in code)).hexdigest()[:16]


def _memory_room(settings: Settings, store: SqlStore) -> MemoryRoom:
    """The memory room, loaded when it is first asked: most commands never do."""
    from memory.desk import Desk  # noqa: PLC0415 - slow to load
    from memory.library import Library  # noqa: PLC0415 - as above

    tables = store.filter if settings.memory_index == "database" else None
    return Desk(Library(settings.home / "index", store.shelf, _now, filter=tables), store.shelf, _now)


def _code_reader() -> CodeReader:
    from extractors.source_code import SourceCode  # noqa: PLC0415 - its grammars are slow to load

    return SourceCode()


def _now() -> datetime:
    return datetime.now(UTC)


def add_site_file(settings: Settings, file: Path) -> dict[str, Site]:
    """Remember a sites.toml once everything in it can be opened. Raises ConfigurationError."""
    return add_sites(settings, file, vet)


def vet(site: Site) -> None:
    """Hold a site's names against what there is: address, branches, tool, checks, extractors.

    Raises ConfigurationError naming the key.
    """
    with _named(site, "repository"):
        vetted(site.repository)
    with _named(site, "branch"):
        checked_ref(site.branch)
    with _named(site, "push_branch"):
        checked_ref(site.push_branch)
    with _named(site, "hand_off.profile"):
        profile(site.hand_off.profile)
    for check in site.severities.keys() - CHECKS - READING - ADVICE:
        known = ", ".join(sorted(CHECKS | READING | ADVICE))
        raise ConfigurationError(f"site.{site.name}.checks.{check}: There is no such check; there are {known}.")
    for place, rule in enumerate(site.content, 1):
        with _named(site, f"content[{place}].{'dialect' if rule.extractor in EXTRACTORS else 'extractor'}"):
            made = extractor(rule.extractor, rule.dialect)
        if rule.compiled and not hasattr(made, "compile"):
            said = f"content[{place}].compiled: catalogs of {rule.extractor} are loaded as they are; leave it out."
            raise ConfigurationError(f"site.{site.name}.{said}")


@contextmanager
def _named(site: Site, key: str) -> Iterator[None]:
    try:
        yield
    except ConfigurationError as error:
        raise ConfigurationError(f"site.{site.name}.{key}: {error}") from error


def _connect(site: Site, settings: Settings) -> GitSite:
    return GitSite(site.repository, branch=site.branch, cache=settings.clones, push_branch=site.push_branch)


def _scratch() -> SqlStore:
    """A store for a rehearsal of years; its file goes with the process that made it."""
    folder = Path(tempfile.mkdtemp(prefix="tm-service-replay-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return SqlStore(f"sqlite:///{folder / 'scratch.sqlite'}")


def _secret(file: Path) -> bytes:
    """The house's own key, made at first need and readable by its owner only."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f".{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
            opened.write(secrets.token_bytes(32))
        # Of two commands that make it at once, the first one's key counts.
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
        return file.read_bytes()

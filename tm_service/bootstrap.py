"""Bootstrap: settings become a service; the only place that names concrete rooms."""

import atexit
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

import extractors
from connectors.checkout import FolderCheckout
from connectors.folder_channel import FolderChannel
from connectors.git_addresses import checked_ref, vetted
from connectors.mail_channel import mail_channel
from extractors import EXTRACTORS, extractor
from memory import match
from tm_service.checks import NAMES as CHECKS
from tm_service.checks import HouseChecks
from tm_service.checks.advice import NAMES as ADVICE
from tm_service.checks.advice import HouseAdvice
from tm_service.domain.errors import ConfigurationError, ConnectorError
from tm_service.domain.functions import DEPRECATED
from tm_service.domain.jobs import Job
from tm_service.domain.ports import (
    Channel,
    CodeReader,
    MemoryRoom,
    OpenIdSignIn,
    PeopleRoom,
    RecordRoom,
    RecordStore,
    SiteConnector,
    Turn,
)
from tm_service.domain.records import Actor, Place, Record
from tm_service.domain.site import Site
from tm_service.exchange.exporter import NAMES as READING
from tm_service.exchange.exporter import PackageExporter
from tm_service.exchange.profiles import profile
from tm_service.exchange.seal import KeyRing
from tm_service.hook_secrets import HookSecrets
from tm_service.openid_file import read_providers
from tm_service.people_verbs import PeopleVerbs
from tm_service.service import Service
from tm_service.settings import Settings, add_sites, known_sites
from tm_service.sites_file import read_sites
from tm_service.storage.extractions import SqliteExtractions
from tm_service.storage.sql_store import SqlStore, SqlTransaction
from tm_service.storage.traces import StoreTraces
from tm_service.usecases.deploy import last_catalog
from tm_service.usecases.waive import sign
from tm_service.webhook_verbs import Outside

_LIST_EVERY = timedelta(minutes=15)  # between two whole lists of a remote store, by which deletions are known
_LOCAL = "local"  # the repository of a site whose texts are in our own record store


def open_service(settings: Settings) -> Service:
    """A service over the settings' database, migrated; sites are read anew at each call, so that edits count at once."""
    _made(settings.home)
    refuse_half_restored(settings)
    store = SqlStore(settings.database)
    store.migrate()
    room = cache(lambda: _records_room(store))
    people = cache(lambda: _people_room(store, settings))
    exporter = PackageExporter(KeyRing(settings.seals))
    return Service(
        sites=lambda: known_sites(settings, vet),
        store=store,
        connect=lambda site: _connect(site, settings, store, room),
        extractor=extractor,
        extractions=SqliteExtractions(settings.extractions, _extractors_version()),
        match=match,
        memory_room=cache(lambda: _memory_room(settings, store)),
        records=room,
        people=people,
        exporter=exporter,
        checker=HouseChecks(),
        adviser=HouseAdvice(),
        code=_code_reader,
        channels=lambda site: _channels(site, settings),
        checkout=FolderCheckout(),
        scratch=_scratch,
        clock=_now,
        secret=lambda: _secret(settings.secret),
        hint=_hints(settings),
        signing=cache(lambda: _people_verbs(settings, people, exporter)),
        outside=cache(lambda: _outside(settings)),
    )


def refuse_half_restored(settings: Settings) -> None:
    """Raises ConfigurationError."""
    if settings.restoring.exists():
        raise ConfigurationError(f"The home {settings.home} is half restored; run `tm-service restore FILE` again.")


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
    """Remember a sites.toml once everything in it can be opened; of two that add at once neither forgets the other's.

    Raises ConfigurationError.
    """
    read_sites(file, vet)  # before there is a home for it
    _made(settings.home)
    home = os.open(settings.home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(home, fcntl.LOCK_EX)
        return add_sites(settings, file, vet)
    finally:
        os.close(home)


def _made(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"The home {home} cannot be made: {error.strerror}; name another --home.") from error


def vet(site: Site) -> None:
    """Hold a site's names against what there is: address, branches, tool, checks, extractors.

    Raises ConfigurationError naming the key.
    """
    with _named(site, "repository"):
        if site.is_record_store:
            _record_store_address(site.repository)
        else:
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


def _connect(site: Site, settings: Settings, store: SqlStore, room: Callable[[], RecordRoom]) -> SiteConnector:
    if site.is_record_store:
        return _record_site(site, settings, store, room)
    from connectors.git_site import GitSite  # noqa: PLC0415 - most commands read no repository

    return GitSite(site.repository, branch=site.branch, cache=settings.clones, push_branch=site.push_branch)


def _record_site(site: Site, settings: Settings, store: SqlStore, room: Callable[[], RecordRoom]) -> SiteConnector:
    """A record store behind its mirror; nothing that is confidential gets as far as the mirror."""
    from connectors.record_site import RecordSite  # noqa: PLC0415 - only who reads a record store loads it
    from connectors.record_sync import Caution  # noqa: PLC0415 - as above
    from extractors.articles import Settler  # noqa: PLC0415 - as above
    from memory.alignment import align, segment  # noqa: PLC0415 - as above
    from tm_service.records.places import places, public_record  # noqa: PLC0415 - as above

    def found(record: Record) -> tuple[Sequence[Place], bool, bool]:
        there = places(record)
        return there.texts, there.legal, there.national

    settler = Settler(segment, align, found, site.source)

    def settle(before: bytes | None, record: Record) -> bytes:
        return settler.settle(before, public_record(record))

    def remember(path: str) -> bytes | None:
        with store.read() as tx:
            return last_catalog(tx, site, path)

    return RecordSite(
        _record_store(site, settings, room),
        settings.mirrors / site.name,
        settle,
        site.branch,
        source=site.source,
        remember=remember,
        caution=Caution(list_every=timedelta(0) if site.repository == _LOCAL else _LIST_EVERY),
    )


def _record_store(site: Site, settings: Settings, room: Callable[[], RecordRoom]) -> RecordStore:
    from connectors.http_calls import Credentials, HttpCalls  # noqa: PLC0415 - only who reads a record store loads it
    from connectors.record_store_http import HttpRecordStore  # noqa: PLC0415 - as above
    from connectors.record_store_local import LocalRecordStore  # noqa: PLC0415 - as above

    if site.repository == _LOCAL:
        return LocalRecordStore(room(), Actor("tm-service", roles=frozenset({"administrator"})))
    known = Credentials(settings.records_user, settings.records_password) if settings.records_user else None
    return HttpRecordStore(HttpCalls(site.repository, realm=site.realm, credentials=known))


def _record_store_address(address: str) -> None:
    """Raises ConfigurationError."""
    if address != _LOCAL:
        from connectors.http_calls import HttpCalls  # noqa: PLC0415 - only who reads a record store loads it

        HttpCalls(address, realm="").close()


def _records_room(store: SqlStore) -> RecordRoom:
    """The records room, loaded when it is first asked: most commands never do."""
    from tm_service.records.room import open_room  # noqa: PLC0415 - slow to load

    return open_room(partial(store.connected, turn=Turn.RECORDS), _now, SqlTransaction)


def _people_room(store: SqlStore, settings: Settings) -> PeopleRoom:
    """The people room, loaded when it is first asked: most commands never do."""
    from tm_service.people.base import House  # noqa: PLC0415 - slow to load
    from tm_service.people.room import open_room  # noqa: PLC0415 - as above
    from tm_service.records.traces import RecordTraces  # noqa: PLC0415 - as above

    kept = StoreTraces(lambda waiver: sign(waiver, _secret(settings.secret)))
    house = House(SqlTransaction, (kept, RecordTraces()))
    return open_room(store.connected, _now, _secret(settings.people_key), house=house)


def _outside(settings: Settings) -> Outside:
    """What webhooks need, loaded when the first one comes or goes."""
    from connectors.webhooks import WebhookPost  # noqa: PLC0415 - slow to load
    from tm_service.database.sealing import Box  # noqa: PLC0415 - as above

    seals = Box(
        _secret(settings.hooks_key), "webhook's secret", "subscription", "renew it with `tm-service hooks secret`"
    )
    return Outside(HookSecrets(settings.hooks), seals, WebhookPost(private=settings.hooks_private))


def _people_verbs(settings: Settings, room: Callable[[], PeopleRoom], exporter: PackageExporter) -> PeopleVerbs:
    def openid() -> OpenIdSignIn:
        from connectors.openid import OpenId  # noqa: PLC0415 - only who signs in by it loads it

        return OpenId(read_providers(settings.openid), _now)

    def mail() -> Channel | None:
        return mail_channel(settings.mail, settings.mail_sender, "", _now) if settings.mail else None

    return PeopleVerbs(room, cache(openid), exporter, mail, DEPRECATED, _now)


def _hints(settings: Settings) -> Callable[[Job], None]:
    """How workers hear of a job: by the broker, where there is one, loaded when there is something to tell."""

    @cache
    def broker() -> Callable[[Job], None]:
        from connectors.job_hints import job_hints  # noqa: PLC0415 - slow to load

        return job_hints(settings.broker)

    def hint(job: Job) -> None:
        if settings.broker:
            broker()(job)

    return hint


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
        try:
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
                opened.write(secrets.token_bytes(32))
            # Of two commands that make it at once, the first one's key counts.
            with suppress(FileExistsError):
                os.link(draft, file)
        except OSError as error:
            raise ConnectorError(f"The key {file} cannot be made: {error.strerror}.") from error
        finally:
            draft.unlink(missing_ok=True)
        return file.read_bytes()

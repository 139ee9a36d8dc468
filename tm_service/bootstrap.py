"""Bootstrap: settings become a service; the only place that names concrete rooms."""

import atexit
import os
import secrets
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from connectors.checkout import FolderCheckout
from connectors.git_site import GitSite
from extractors import extractor
from memory import match
from tm_service.checks import check
from tm_service.domain.site import Site
from tm_service.exchange.exporter import Xliff12Bundle
from tm_service.service import Service
from tm_service.settings import Settings, known_sites
from tm_service.storage.sql_store import SqlStore


def open_service(settings: Settings) -> Service:
    """A service over the settings' database, migrated; sites are read anew at each call, so that edits count at once."""
    store = SqlStore(settings.database)
    store.migrate()
    return Service(
        sites=lambda: known_sites(settings),
        store=store,
        connect=lambda site: _connect(site, settings),
        extractor=extractor,
        match=match,
        exporter=Xliff12Bundle(),
        checks=check,
        checkout=FolderCheckout(),
        scratch=_scratch,
        clock=lambda: datetime.now(UTC),
        secret=lambda: _secret(settings.secret),
    )


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
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
            opened.write(secrets.token_bytes(32))
        return file.read_bytes()

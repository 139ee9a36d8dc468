"""A house that has lived: two releases, packages out, records, people, jobs, terms; and homes to bring its backup back into."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyotp import TOTP
from sqlalchemy import text

from tests.cli.houses import ARABIC, FRENCH, TOML, House, build, fill
from tm_service.bootstrap import open_service
from tm_service.bootstrap_backup import open_backups
from tm_service.cli.article_tour import TOML as ARTICLES
from tm_service.demo.articles import articles
from tm_service.domain.backups import digest_of
from tm_service.domain.jobs import JobKind
from tm_service.domain.permissions import Action, Grant, Role
from tm_service.domain.records import Actor
from tm_service.settings import Settings, read_settings
from tm_service.storage.sql_store import SqlStore

WORDS = "reeds in the morning wind"
EDITOR = Actor("Lena Brook", roles=frozenset({"article-editor", "administrator"}))
ODD = 'A "quote", a \\ and a\u2028separator, NUL \0, half \ud83d, SUBSTITUTE \x1a, ثمار \U0001f331'


@dataclass(frozen=True)
class Kept:
    """A home and the database that belongs to it."""

    settings: Settings

    @property
    def home(self) -> Path:
        return self.settings.home

    @property
    def service(self):
        return open_service(self.settings)

    @property
    def backups(self):
        return open_backups(self.settings)

    def digest(self) -> str:
        return digest_of(self.backups.sums())

    def restored(self, file: Path) -> "Kept":
        self.backups.restore(file)
        return self

    def execute(self, statement: str):
        store = SqlStore(self.settings.database)
        try:
            with store.connected("write") as connection:
                found = connection.execute(text(statement))
                rows = found.all() if found.returns_rows else []
                connection.commit()
                return rows
        finally:
            store.close()


def kept(home: Path, url: str = "") -> Kept:
    made = read_settings(home, {})
    return Kept(replace(made, database=url) if url else made)


def live(root: Path) -> tuple[House, dict[str, object]]:
    """Build it; also what only who was there knows."""
    house = House(root)
    build(house.site)
    house.toml.write_text(TOML + ARTICLES, "utf-8")
    house.ask("site", "add", house.toml)
    house.ask("learn", "reef", "--history")
    house.ask("deploy", "reef", "--ref", "r1")
    house.ask(
        "waive", "reef", "fr", "texts/home.json", "title", "--by", "Ana", "--reason", "a name", "--until", "2026-12-15"
    )
    packages = {path.name.split("-")[-2]: path for path in house.packages()}
    house.ask("take-in", fill(packages["ar"], ARABIC), "--out", house.root)
    (house.root / "later.xlf").write_bytes(fill(packages["fr"], FRENCH).read_bytes())
    house.ask("deploy", "reef", "--ref", "r2")
    terms = house.root / "terms.csv"
    terms.write_text("en,fr,status\nreef,récif,approved\n", "utf-8")
    house.ask("terms", "import", "reef", terms, "--locale", "fr")
    return house, _with_people(house)


def _with_people(house: House) -> dict[str, object]:
    service = kept(house.home).service
    service.records().put_all(list(articles()), by=EDITOR, why="the first ones")
    service.deploy("articles")
    service.jobs.ask(JobKind.DEPLOY, "reef", {"ref": "r2"}, by="Ana")
    with service.store.begin() as tx:
        tx.note("reef", "odd", {"said": ODD, "by": "Ana Lopez"}, datetime(2026, 11, 22, 12, 0, 0, 1, UTC))
    room = service.people()
    ana, ben = (
        room.accept(room.invite(f"{name}@example.org", name, "en", [Grant(role)]).token, WORDS)
        for name, role in (("ana", Role.ADMINISTRATOR), ("ben", Role.DEVELOPER))
    )
    opened = room.sign_in(ana.email, WORDS)
    totp = TOTP(room.enrol_totp(opened.token).secret)
    codes = room.confirm_totp(opened.token, totp.now()).codes
    client = room.request_client("Seed labels", "labels@example.org", "Prints labels.", {Action.SITES_READ}, by=ben.id)
    room.approve_client(client.id, by=ana.id)
    token = room.issue_token(client.id, {Action.SITES_READ}, by=ana.id, lasts=timedelta(days=1))
    return {"codes": codes, "token": token.secret, "client": client.id}

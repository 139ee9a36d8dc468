"""A small park's site of our own in a real git repository, and a house that serves it through its command line."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from tm_service.cli import main

SCRIPT = Path(sys.executable).with_name("tm-service")
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
}

FIRST = {
    "texts/home.json": {
        "title": "Welcome to the reef park",
        "open": "Open from 9 to 17",
        "visit": {"plan": "Plan your visit", "guide": "A guide for {name}"},
        "code": "RP-1",
        "link": "https://reef.example.org/",
    },
    "texts/tickets.json": {
        "buy": "Buy a ticket",
        "child": "Children under 12 enter free",
        "back": "Tickets <b>may</b> be returned within 14 days.",
    },
    "i18n/fr/texts/home.json": {
        "title": "Bienvenue au parc du récif",
        "open": "Ouvert de 9 h à 17 h",
        "visit": {"plan": "Préparez votre visite", "guide": "Un guide pour {name}"},
        "code": "RP-1",
        "link": "https://reef.example.org/",
    },
    "i18n/fr/texts/tickets.json": {
        "buy": "Acheter un billet",
        "child": "",
        "back": "Les billets <b>peuvent</b> être rendus sous 14 jours.",
    },
    "i18n/ar/texts/home.json": {
        "title": "مرحبا بكم في حديقة الشعاب",
        "open": "مفتوح من 9 إلى 17",
        "visit": {"plan": "خطط لزيارتك", "guide": "دليل إلى {name}"},
        "code": "RP-1",
        "link": "https://reef.example.org/",
    },
}
SECOND = {
    "texts/home.json": {
        "title": "Welcome to the reef park",
        "open": "Open from 9 to 18",
        "visit": {"plan": "Plan your visit", "guide": "A guide for {name}"},
        "turtles": "Turtles nest here in June",
        "code": "RP-1",
        "link": "https://reef.example.org/",
    },
    "texts/tickets.json": {
        "child": "Children under 12 enter free",
        "back": "Tickets <b>may</b> be returned within 14 days.",
    },
    "texts/shop.json": {"buy": "Buy a ticket", "map": "Buy a map"},
}
TOML = """\
[site.reef]
connector  = "git"
repository = "site"
branch     = "main"
source     = "en"
locales    = ["ar", "fr"]

[site.reef.codes]
ar = "ar-SA"

[[site.reef.content]]
match     = "texts/**/*.json"
extractor = "json"
dialect   = "md5-meta"
target    = "i18n/{locale}/{path}"
serve     = "keep-dated"
"""


@pytest.fixture(autouse=True)
def own_git(monkeypatch, tmp_path):
    """What git was told on this machine counts for no test."""
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@dataclass(frozen=True)
class Answer:
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on its one line."""
        assert self.out.count("\n") == 1, self.out
        assert self.out.endswith("\n")
        return json.loads(self.out)


def lines(answer: Answer) -> list[str]:
    """The words of a command that went well."""
    assert answer.code == 0, answer
    assert answer.err == ""
    return answer.out.splitlines()


def git(folder: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=folder, capture_output=True, check=True, env={**os.environ, **GIT})
    return done.stdout.decode().strip()


def commit(folder: Path, files: dict[str, Any], message: str, tag: str = "") -> str:
    """Write these files (None: remove; bytes as they are; else as JSON) and commit them."""
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            place.unlink()
        elif isinstance(content, bytes):
            place.write_bytes(content)
        else:
            place.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    git(folder, "add", "--all")
    hours = int(git(folder, "rev-list", "--all", "--count"))
    date = f"@{1_750_000_000 + hours * 86_400} +0000"
    subprocess.run(
        ["git", "commit", "--quiet", "-m", message],
        cwd=folder,
        check=True,
        env={**os.environ, **GIT, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
    )
    if tag:
        git(folder, "tag", tag)
    return git(folder, "rev-parse", "HEAD")


def build(folder: Path) -> None:
    """A repository with two releases."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main", "--template=")
    commit(folder, FIRST, "First release", "r1")
    commit(folder, SECOND, "Second release", "r2")


@dataclass(frozen=True)
class House:
    """`root` holds sites.toml, the site's repository and the home."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def toml(self) -> Path:
        return self.root / "sites.toml"

    @property
    def checkout(self) -> Path:
        place = self.root / "checkout"
        place.mkdir(exist_ok=True)
        return place

    def run(self, *args: object, home: Path | None = None) -> Answer:
        """A command in this process."""
        words = ["--home", str(home or self.home), *map(str, args)]
        done = CliRunner().invoke(main, words, catch_exceptions=False)
        return Answer(done.exit_code, done.stdout, done.stderr)

    def ask(self, *args: object, code: int = 0, home: Path | None = None) -> Any:
        """A command's document; `code` is the exit code it must end with."""
        answer = self.run(*args, "--json", home=home)
        assert answer.code == code, answer
        return answer.document

    def start(self, *args: object, **environment: str) -> Answer:
        """A command in a process of its own."""
        done = subprocess.run(
            [str(SCRIPT), *map(str, args)],
            cwd=self.root,
            capture_output=True,
            check=False,
            env={**os.environ, "TM_SERVICE_HOME": str(self.home), **environment},
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def describe(self, old: str, new: str) -> None:
        """Change sites.toml."""
        text = self.toml.read_text("utf-8")
        assert old in text
        self.toml.write_text(text.replace(old, new), "utf-8")

    def copied(self, to: Path) -> "House":
        shutil.copytree(self.root, to, symlinks=True)
        house = House(to)
        if (house.home / "sites.list").exists():
            (house.home / "sites.list").write_text(f"{house.toml}\n", "utf-8")
        return house

    def dump(self) -> list[str]:
        """Everything the store holds, as SQL."""
        with closing(sqlite3.connect(self.home / "store.sqlite")) as connection:
            return list(connection.iterdump())

    def packages(self, *options: object) -> list[Path]:
        """Hand off into the folder `out`."""
        out = self.root / "out"
        out.mkdir(exist_ok=True)
        made = self.ask("package", "reef", "--out", out, *options)
        return [Path(package["path"]) for package in made["packages"]]


XLIFF = {"x": "urn:oasis:names:tc:xliff:document:1.2"}


def fill(package: Path, answers: Mapping[str, str]) -> Path:
    """What a translator does with a tool: targets beside sources; a target may hold inline codes as XML."""
    with zipfile.ZipFile(package) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".xlf")]
        tree = etree.fromstring(archive.read(name))
    for unit in tree.iterfind(".//x:trans-unit", XLIFF):
        source, target = unit.find("x:source", XLIFF), unit.find("x:target", XLIFF)
        assert source is not None
        said = answers.get("".join(map(str, source.itertext())))
        if said is not None:
            if target is not None:
                unit.remove(target)
            source.addnext(etree.fromstring(f'<target xmlns="{XLIFF["x"]}" state="translated">{said}</target>'))
    returned = package.with_suffix(".xlf")
    returned.write_bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))
    return returned


ARABIC = {
    "Open from 9 to 18": "مفتوح من 9 إلى 18",
    "Turtles nest here in June": "السلاحف تعشش هنا في يونيو",
    "Buy a ticket": "اشتر تذكرة",
    "Buy a map": "اشتر خريطة",
    "Children under 12 enter free": "الأطفال دون 12 عامًا يدخلون مجانًا",
    "Tickets may be returned within 14 days.": 'يجوز <g id="1">إرجاع</g> التذاكر خلال 14 يومًا.',
}
FRENCH = {
    "Open from 9 to 18": "Ouvert de 9 h à 18 h",
    "Turtles nest here in June": "Les tortues nichent ici en juin",
    "Buy a map": "Acheter un plan",
    "Children under 12 enter free": "Entrée libre pour les moins de 12 ans",
}

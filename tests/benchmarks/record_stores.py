"""Record stores: ten thousand records and a thousand articles in six languages, synced, synced again, one article edited.

The documents are the demo's, each many times with numbers of its own in every sentence, so that no text is another's copy.
Beside a sync stands git itself, adding the same documents to a repository as files: no segments, no alignment, no identity.
"""

import gc
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path

from tests.benchmarks.measure import Figure, environment, seconds_of
from tm_service.bootstrap import add_site_file, open_service
from tm_service.demo.articles import articles
from tm_service.demo.records import records
from tm_service.domain.packages import Package
from tm_service.domain.records import Actor, Content, RecordRef
from tm_service.service import Service
from tm_service.settings import read_settings

ARTICLES, RECORDS = 1_000, 10_000
_EDITOR = Actor("Ana", roles=frozenset({"administrator"}))
_LANGUAGES = 6
_LETTERS = {
    language: str.maketrans("aeiou", to)
    for language, to in zip(
        ("ar", "es", "fr", "ru", "zh"), ("اعيوط", "áéíóú", "àéîôù", "аеиоу", "啊鹅衣哦乌"), strict=True
    )
}
_SENTENCE = re.compile(r"(?<=\w)(?=[.!?。？！؟](?:\s|<|$))")
_TOML = """\
[site.almanac]
connector  = "records"
repository = "local"
locales    = ["ar", "es", "fr", "ru", "zh"]

[[site.almanac.content]]
match     = "articles/*.json"
extractor = "record"
target    = "{path}"

[[site.almanac.content]]
match     = "records/**/*.json"
extractor = "record"
target    = "{path}"
"""


def record_stores(folder: Path) -> Iterator[Figure]:
    """Seconds in one process; the store is ours, an embedded database."""
    root = folder / "records"
    root.mkdir()
    house, documents = _house(root), dict(_documents())
    held = f"{RECORDS:,} records and {ARTICLES:,} articles"
    put = seconds_of(lambda: house.records().put_all(documents.items(), by=_EDITOR))
    yield Figure(f"{held}, published", put, "s")
    files = seconds_of(lambda: _as_files(root / "plain", documents))
    yield Figure(f"{held}, full sync", seconds_of(lambda: _sync(house)), "s", "60 s", "git add of the documents", files)
    yield Figure(f"{held}, sync with nothing changed", seconds_of(lambda: _sync(house)), "s", "2 s")
    first = seconds_of(lambda: house.deploy("almanac"))
    yield Figure(f"{held}, learned and deployed first", first, "s")
    _package(house)  # what was never translated is out from here on
    _edit(house, documents)
    sync = seconds_of(lambda: house.detect("almanac"))
    sent: list[Package] = []
    package = seconds_of(lambda: sent.extend(_package(house)))
    note = f"{sum(len(one.work) for one in sent)} sentence to translate into French"
    yield Figure("one edited article, synced and detected", sync, "s", note=note)
    yield Figure("one edited article, detected, leveraged, packaged", package, "s", "1 s")


def _house(root: Path) -> Service:
    gc.set_threshold(100_000, 50, 50)  # as the command line does
    (root / "sites.toml").write_text(_TOML, "utf-8")
    settings = read_settings(root / "home", {})
    add_site_file(settings, root / "sites.toml")
    return open_service(settings)


def _package(house: Service) -> list[Package]:
    order = house.handoffs.order("almanac", locales=["fr"])
    return [package for package, _, _ in house.handoffs.package("almanac", order)]


def _sync(house: Service) -> None:
    with house.reader("almanac") as reader:
        reader.connector.resolve("")


def _documents() -> Iterator[tuple[RecordRef, Content]]:
    whole = [found for found in articles() if len(found[1]["content"]) == _LANGUAGES]
    for number, (ref, document) in enumerate(islice(cycle(whole), ARTICLES)):
        name = f"{number:06x}{ref.identifier[6:]}"
        yield RecordRef(ref.kind, name), _numbered(document, number) | {"_id": name}
    for number, (ref, document) in enumerate(islice(cycle(list(records())), RECORDS)):
        name = f"{ref.identifier}-{number}"
        header = {**document["header"], "identifier": name, "languages": ["en", *_LETTERS]}
        yield RecordRef(ref.kind, name), _numbered(_in_all(document), number) | {"header": header}


def _in_all(document: Content) -> Content:
    """A record with its English in the other languages' places too, in other letters."""
    return {
        name: {language: value["en"].translate(letters) for language, letters in _LETTERS.items()} | value
        if _is_text(value)
        else value
        for name, value in document.items()
    }


def _is_text(value: object) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("en"), str)


def _numbered(document: Content, number: int) -> dict[str, object]:
    """The document with a number at the end of each sentence of its texts."""
    made: dict[str, object] = dict(document)
    for name, value in document.items():
        if _is_text(value):
            made[name] = {language: _SENTENCE.sub(f" {number}", text) for language, text in value.items()}
    return made


def _edit(house: Service, documents: Mapping[RecordRef, Content]) -> None:
    ref, document = next(iter(documents.items()))
    content = {**document["content"], "en": document["content"]["en"].replace(" 0.", " 0, as of today.", 1)}
    house.records().put(ref, {**document, "content": content}, based_on=None, by=_EDITOR)


def _as_files(root: Path, documents: Mapping[RecordRef, Content]) -> None:
    root.mkdir()
    git = ["git", "-C", str(root)]
    subprocess.run([*git, "init", "--quiet"], check=True, env=environment())
    for ref, document in documents.items():
        (root / f"{ref.kind}-{ref.identifier}.json").write_text(
            json.dumps(document, ensure_ascii=False, indent=1), "utf-8"
        )
    subprocess.run([*git, "add", "."], check=True, env=environment())
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    subprocess.run([*git, *who, "commit", "--quiet", "-m", "all"], check=True, env=environment())

"""What is confidential in the demo's records leaves the store nowhere: neither for the mirror, nor packages, nor catalogs."""

import io
import zipfile

from git import Git

from tests.demo.record_texts import MARKER
from tm_service.bootstrap import open_service
from tm_service.demo.records import records
from tm_service.domain.records import Actor
from tm_service.settings import add_sites, read_settings

SITES = """\
[site.wetlands]
connector  = "records"
repository = "local"
source     = "en"
locales    = ["ar", "es", "fr", "ru", "zh"]

[[site.wetlands.content]]
match     = "records/**/*.json"
extractor = "record"
target    = "{path}"
serve     = "keep-dated"
"""
KINDS = ("contact", "organization")  # no government's, so that translations of them are written back


def test_nothing_confidential_leaves_the_store_when_translations_are_written_back(tmp_path):
    (tmp_path / "sites.toml").write_text(SITES, "utf-8")
    settings = read_settings(tmp_path / "home", environment={})
    add_sites(settings, tmp_path / "sites.toml")
    house = open_service(settings)
    administrator = Actor("root", "", frozenset({"administrator"}))
    held = {ref: document for ref, document in records() if ref.kind in KINDS}
    for ref, document in held.items():
        house.records().put(ref, document, based_on=0, by=administrator, why="The demo's records")
    house.learn("wetlands")
    house.deploy("wetlands", push=True)
    assert any(house.records().published(ref).document != document for ref, document in held.items())
    assert all(
        house.records().published(ref).document.get("notes") == document.get("notes") for ref, document in held.items()
    )
    history = Git(settings.mirrors / "wetlands" / "mirror.git").log("-p", "--all")
    packages = [content for _package, _name, content in house.package("wetlands")]
    sent = [zipfile.ZipFile(io.BytesIO(content)) for content in packages]
    catalogs = house.catalogs("wetlands", house.deploy("wetlands").deployment.number).values()
    assert MARKER not in history
    assert not [name for file in sent for name in file.namelist() if MARKER.encode() in file.read(name)]
    assert not [content for content in catalogs if MARKER.encode() in content]
    assert not [
        kept for kept in (settings.mirrors / "wetlands" / "pushing").glob("*") if MARKER.encode() in kept.read_bytes()
    ]

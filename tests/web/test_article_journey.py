"""An article's way to its readers: written in our own record store, learned, deployed, changed, and read all the while."""

import re

import pytest
from lxml import html

from tests.web.house import Visitor
from tm_service.bootstrap import open_service
from tm_service.domain.records import ARTICLE, Actor, RecordRef
from tm_service.settings import add_sites, read_settings
from tm_service.web.app import make_app

pytestmark = pytest.mark.slow

EVA = Actor("eva@office.example", roles=frozenset({"article-editor"}))
HOURS = RecordRef(ARTICLE, "66f0a1b2c3d4e5f6a7b8c9d0")
SITES = """
[site.library]
connector  = "records"
repository = "local"
locales    = ["ar", "fr"]

[[site.library.content]]
match     = "articles/*.json"
extractor = "record"
target    = "{path}"
"""
ENGLISH = (
    "<h2>Hours</h2><p>The reading room opens at <strong>nine</strong>. Visitors sign the register.</p>"
    "<ul><li>Bring a pencil.</li></ul>"
)
FRENCH = (
    "<h2>Horaires</h2><p>La salle de lecture ouvre à <strong>neuf</strong> heures. Les visiteurs signent le registre.</p>"
    "<ul><li>Apportez un crayon.</li></ul>"
)


def article(english=ENGLISH):
    return {
        "title": {"en": "The reading room", "fr": "La salle de lecture"},
        "content": {"en": english, "fr": FRENCH},
    }


@pytest.fixture
def service(tmp_path):
    file = tmp_path / "sites.toml"
    file.write_text(SITES, "utf-8")
    settings = read_settings(tmp_path / "home", environment={})
    add_sites(settings, file)
    return open_service(settings)


def texts(response):
    content = html.fromstring(response.text).xpath("//div[@class='prose']")[0]
    for note in content.xpath(".//p[@role='note']"):
        note.drop_tree()
    return re.sub(r"\s+", " ", " ".join(content.itertext())).strip()


def test_an_editor_changes_a_sentence_and_no_reader_loses_another(service):
    reader, path = Visitor(make_app(service)), f"/articles/{HOURS.identifier}"
    room = service.records()
    room.put(HOURS, article(), based_on=0, by=EVA)
    assert reader.get(f"{path}/fr").status_code == 404
    service.learn("library")
    service.deploy("library")
    before = reader.get(f"{path}/fr")
    assert FRENCH in before.text
    room.put(HOURS, article(ENGLISH.replace("opens at", "opens on weekdays at")), based_on=1, by=EVA)
    again = reader.get(f"{path}/fr", headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304
    assert "weekdays" not in reader.get(f"{path}/en").text
    service.deploy("library")
    after = reader.get(f"{path}/fr")
    assert texts(after) == texts(before)
    root = html.fromstring(after.text)
    [behind] = root.xpath("//*[@data-behind]")
    assert (behind.tag, behind.get("data-behind")) == ("p", "dated")
    [note] = root.xpath("//div[@class='prose']//p[@role='note']")
    assert note.getprevious() is behind
    assert "weekdays" in reader.get(f"{path}/en").text
    told = reader.get(f"/api/v1{path}?locale=fr").json()
    assert told["states"] == {"current": 4, "dated": 1}
    assert {one["locale"]: one["state"] for one in told["alternates"]} == {
        "en": "complete", "ar": "missing", "fr": "behind"
    }  # fmt: skip
    room.delete(HOURS, by=EVA, why="The room is closed.")
    service.deploy("library")
    assert reader.get(f"{path}/fr").status_code == 404
    service.rollback("library", 1)
    assert FRENCH in reader.get(f"{path}/fr").text


def test_the_sites_page_leads_to_its_articles_and_names_what_waits_for_a_language(service):
    service.records().put(HOURS, article() | {"customProperties": {"parity": True}}, based_on=0, by=EVA)
    service.deploy("library")
    page = Visitor(make_app(service)).get("/sites/library?lang=fr")
    assert 'href="/articles?site=library"' in page.text
    assert "Ces documents attendent toutes les langues" in page.text
    assert f'href="/articles/{HOURS.identifier}"' in page.text

"""A house with a small site of articles in six languages, one of them legal, and people who write them."""

from dataclasses import replace

from tests.people.samples import ADMINISTRATOR, person
from tests.web.browser import Browser, with_people
from tm_service.bootstrap import open_service
from tm_service.domain.permissions import Grant, Role
from tm_service.domain.records import ARTICLE, Actor, RecordRef
from tm_service.settings import add_sites, read_settings

PASSWORD = "seeds in the cellar"  # noqa: S105 - of nobody
SITES = """
[site.library]
connector  = "records"
repository = "local"
locales    = ["ar", "es", "fr", "ru", "zh"]

[[site.library.content]]
match     = "articles/*.json"
extractor = "record"
target    = "{path}"

[[site.library.content]]
match     = "records/**/*.json"
extractor = "record"
target    = "{path}"
"""
RULES = RecordRef(ARTICLE, "66f0a1b2c3d4e5f6a7b8c9d0")
HOURS = RecordRef(ARTICLE, "66f0a1b2c3d4e5f6a7b8c9d1")
TITLES = {
    "en": "Rules of the reading room",
    "ar": "قواعد قاعة المطالعة",
    "es": "Reglas de la sala de lectura",
    "fr": "Règlement de la salle de lecture",
    "ru": "Правила читального зала",
    "zh": "阅览室规则",
}
TEXTS = {
    "en": "<h2>Visits</h2>\n<p>Readers sign the register. The room closes at six.</p>\n<p>Plants stay outside.</p>",
    "ar": "<h2>الزيارات</h2>\n<p>يوقّع القراء السجل. تُغلق القاعة في السادسة.</p>\n<p>تبقى النباتات في الخارج.</p>",
    "es": "<h2>Visitas</h2>\n<p>El público firma el registro. La sala cierra a las seis.</p>\n"
    "<p>Las plantas se quedan fuera.</p>",
    "fr": "<h2>Visites</h2>\n<p>Les lecteurs signent le registre. La salle ferme à six heures.</p>\n"
    "<p>Les plantes restent dehors.</p>",
    "ru": "<h2>Посещения</h2>\n<p>Читатели расписываются в журнале. Зал закрывается в шесть.</p>\n"
    "<p>Растения остаются снаружи.</p>",
    "zh": "<h2>参观</h2>\n<p>读者须在登记簿上签名。阅览室六点关闭。</p>\n<p>植物留在室外。</p>",
}
_MANAGER = Actor("tests", roles=frozenset({"administrator"}))


def build(folder):
    """The service, its site deployed once, with Ada and Bo who write articles, and Root who administers."""
    file = folder / "sites.toml"
    file.write_text(SITES, "utf-8")
    settings = read_settings(folder / "home", environment={})
    add_sites(settings, file)
    service = open_service(settings)
    room = service.records()
    rules = {"_id": RULES.identifier, "title": TITLES, "content": TEXTS, "customProperties": {"parity": True}}
    hours = {
        "_id": HOURS.identifier,
        "title": {"en": "Opening hours", "fr": "Horaires d’ouverture"},
        "content": {"en": "<p>The library opens at nine.</p>", "fr": "<p>La bibliothèque ouvre à neuf heures.</p>"},
    }
    room.put_all([(RULES, rules), (HOURS, hours)], by=_MANAGER)
    service.learn("library")
    service.deploy("library")
    house, app = with_people(service, service.clock)
    people = house.people()
    for name, role in (("Ada", Role.CONTENT_EDITOR), ("Bo", Role.CONTENT_EDITOR), ("Pia", Role.PUBLISHING_AUTHORITY)):
        person(people, name, Grant(role), government="ke" if name == "Pia" else "")
    person(people, "Root", ADMINISTRATOR)
    person(people, "Tom", Grant(Role.TRANSLATOR, "library", "fr"))
    return replace(house), app


def signed_in(app, name):
    """Somebody's browser, signed in."""
    browser = Browser(app)
    answer = browser.send(browser.get("/sign-in"), email=f"{name.lower()}@house.example", password=PASSWORD)
    assert answer.status_code == 303, answer.text
    return browser

"""A record site with the real settler: an editor changes one sentence, and readers of five languages lose nothing."""

from datetime import UTC, datetime

import pytest

from connectors.http_calls import Credentials, HttpCalls, Patience
from connectors.record_site import RecordSite
from connectors.record_store_http import HttpRecordStore
from extractors import extractor
from extractors.articles import Settler, places_of_article
from memory.alignment import align, segment
from tests.connectors.clearing_house import EMAIL, PASSWORD, REALM, House, serving
from tests.connectors.record_fakes import LANGUAGES, MemoryStore, article, article_ref
from tm_service.domain.articles import path_of
from tm_service.domain.serving import Rule, Served
from tm_service.domain.units import Document

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
PATH = path_of(article_ref(1))
SENTENCES = {
    "en": ("The seed bank opens in May.", "Bring your permit with you.", "Visitors sign the book."),
    "ar": ("يفتح بنك البذور في مايو.", "أحضر تصريحك معك.", "يوقّع الزوار في السجل."),
    "es": ("El banco de semillas abre en mayo.", "Traiga su permiso.", "Los visitantes firman el libro."),
    "fr": ("La banque de graines ouvre en mai.", "Apportez votre permis.", "Les visiteurs signent le registre."),
    "ru": ("Банк семян открывается в мае.", "Возьмите с собой разрешение.", "Посетители расписываются в книге."),
    "zh": ("种子库五月开放。", "请携带许可证。", "访客须签名登记。"),
}


def written(sentences, language):
    between = "" if language == "zh" else " "
    return f"<p>{sentences[0]}{between}{sentences[1]}</p><p>{sentences[2]}</p>"


CONTENT = {language: written(sentences, language) for language, sentences in SENTENCES.items()}
EDITED = written(("The seed bank opens in June.", *SENTENCES["en"][1:]), "en")


class InMemory:
    def __init__(self) -> None:
        self.store = MemoryStore()

    def save(self, document):
        self.store.save(article_ref(1), document)

    def content(self):
        return self.store.documents[article_ref(1)].document["content"]

    def writes(self):
        return len(self.store.writes)


class OverHttp:
    def __init__(self, house, address) -> None:
        self.house = house
        calls = HttpCalls(
            address, realm=REALM, credentials=Credentials(EMAIL, PASSWORD), patience=Patience(attempts=2, first=0.01)
        )
        self.store = HttpRecordStore(calls)

    def save(self, document):
        self.house.publish("article", article_ref(1).identifier, document)

    def content(self):
        return self.house.documents[article_ref(1).identifier].document["content"]

    def writes(self):
        return len(self.house.writes)


@pytest.fixture(params=["memory", "http"])
def world(request):
    if request.param == "memory":
        yield InMemory()
        return
    house = House()
    with serving(house) as address:
        yield OverHttp(house, address)


@pytest.fixture
def site(world, tmp_path):
    made = RecordSite(world.store, tmp_path / "mirror", Settler(segment, align, places_of_article).settle, patience=5)
    yield made
    made.close()


def served(site):
    """The document as a deployment would write it: what each sentence was translated as last, today's or not."""
    record = extractor("record")
    content = site.read(site.files(site.resolve("").id)[PATH])
    for language in LANGUAGES[1:]:
        resource = record.extract(Document(PATH, content))
        said = record.read(Document(PATH, content), language)
        answers = {}
        for unit in resource.units:
            if unit.key in said.values:
                is_current = said.sources.get(unit.key) == unit.source
                rule = Rule.CURRENT if is_current else Rule.DATED
                answers[unit.key] = Served(unit.key, said.values[unit.key], rule, unit.fingerprint, "")
        content = record.merge(resource, answers, None, language)
    return {PATH: content}


def deploy(site):
    site.refresh()
    site.commit(site.resolve(""), served(site), branch="main", message="Translations", at=AT, push=True)
    assert site.findings() == ()


def test_a_sentence_that_was_edited_takes_no_other_from_any_reader(world, site):
    world.save(article(1, content=CONTENT))
    deploy(site)
    assert world.writes() == 0
    world.save(article(1, content=CONTENT | {"en": EDITED}))
    assert set(world.content()) == {"en"}
    deploy(site)
    assert world.content() == CONTENT | {"en": EDITED}
    assert world.writes() == 1
    deploy(site)
    deploy(site)
    assert world.writes() == 1
    assert len(list(site.history(site.resolve("").id))) == 3


def test_a_store_that_clears_each_time_is_answered_each_time(world, site):
    world.save(article(1, content=CONTENT))
    deploy(site)
    for month in ("June", "July", "August"):
        edited = CONTENT["en"].replace("May", month)
        world.save(article(1, content=world.content() | {"en": edited}))
        deploy(site)
        assert world.content() == CONTENT | {"en": edited}
    assert world.writes() == 3

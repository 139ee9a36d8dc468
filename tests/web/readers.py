"""A record store's site as it was deployed: an article with every state a paragraph can be in, and a national record."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import nh3

from tests.records.samples import public
from tests.web.house import Visitor
from tm_service.article_verbs import ArticleVerbs
from tm_service.domain.articles import Found, Segment, Settled, TextField, dump, path_of
from tm_service.domain.deployments import Deployment, PageRef, coverage
from tm_service.domain.edits import EditClass
from tm_service.domain.errors import NotFound
from tm_service.domain.records import ARTICLE, FieldDefinition, FieldKind, RecordRef, Schema
from tm_service.domain.serving import Origin, Page, Rule, Served, Translation
from tm_service.domain.site import ContentRule, Site
from tm_service.domain.text import fingerprint
from tm_service.storage.sql_store import SqlStore
from tm_service.usecases.pages import dump_page
from tm_service.web.app import make_app

AT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
MADE = datetime(2026, 11, 3, 8, 15, tzinfo=UTC)
SITE = Site(
    "library",
    "records",
    "records:",
    "main",
    "en",
    ("ar", "es", "fr", "ru", "zh"),
    (ContentRule("**/*.json", "record", "{path}"),),
)
SEEDS = RecordRef(ARTICLE, "66f0a1b2c3d4e5f601020304")
PERMIT = RecordRef("absPermit", "SEED-PERMIT-0001")
PERMITS = Schema(
    "absPermit",
    "Permit",
    (
        FieldDefinition("header", FieldKind.HEADER),
        FieldDefinition("title", FieldKind.TEXT, "Title"),
        FieldDefinition("subjectMatter", FieldKind.RICH, "Subject matter"),
        FieldDefinition("dateOfIssuance", FieldKind.DATE, "Date of issuance"),
        FieldDefinition("keywords", FieldKind.TERMS, "Keywords"),
        FieldDefinition("providers", FieldKind.GROUPS, "Providers", fields=(
            FieldDefinition("name", FieldKind.TEXT, "Name", translatable=False),
        )),
        FieldDefinition("amends", FieldKind.REFERENCE, "Amends"),
        FieldDefinition("websites", FieldKind.LINKS, "Websites"),
        FieldDefinition("amended", FieldKind.BOOLEAN, "Amended"),
        FieldDefinition("notes", FieldKind.STRING, "Notes", confidential=True),
    ),
    national=True,
)  # fmt: skip
TAGS = nh3.ALLOWED_TAGS | {"oembed"}
cleaned = partial(nh3.clean, tags=TAGS, attributes={**nh3.ALLOWED_ATTRIBUTES, "oembed": {"url"}, "p": {"class"}})

ENGLISH = {
    "s1": "The seed bank opens at <strong>eight</strong>.",
    "s2": "Visitors sign the register.",
    "s3": "Bring no seeds of your own.",
    "s4": "Rows of jars on a shelf",
    "s5": "Jars are labelled twice.",
}
FRENCH = {
    "s1": "La banque de semences ouvre à <strong>huit</strong> heures.",
    "s2": "Les visiteurs signent le registre.",
    "s4": "Des rangées de bocaux sur une étagère",
    "s5": "Les bocaux portent une seule étiquette.",
}
ARABIC = {
    "s1": "يفتح بنك البذور أبوابه في الساعة <strong>الثامنة</strong>.",
    "s2": "يوقّع الزوار في السجل.",
    "s4": "صفوف من الأوعية على رف",
    "s5": "توضع على كل وعاء بطاقة واحدة.",
}
TITLES = {"fr": "Visiter la banque de semences", "ar": "زيارة بنك البذور"}
MEDIA = '<figure class="media"><oembed url="https://example.org/film"></oembed></figure>'
LAYOUT = (
    "<p>", " ", "</p><ul><li>", '</li></ul><figure class="image"><img src="https://example.org/jars.jpg" alt="',
    '"><figcaption>', "</figcaption></figure>" + MEDIA,
)  # fmt: skip


def seeds(layout=LAYOUT, english=ENGLISH) -> Settled:
    segments = tuple(
        Segment(name, text, block=block, attribute=name == "s4") for block, (name, text) in enumerate(english.items())
    )
    title = TextField(("title",), (Segment("", "Visiting the seed bank"),), ("", ""))
    content = TextField(("content",), segments, layout, rich=True, translations={"fr": {"s9": Found("x", "y")}})
    document = {
        "_id": SEEDS.identifier,
        "title": {"en": "Visiting the seed bank"},
        "content": {"en": content.build({})},
    }
    return Settled(SEEDS, document, (title, content), 9)


def permit() -> Settled:
    document = {
        "header": {"identifier": PERMIT.identifier, "schema": "absPermit", "languages": ["en", "es", "fr"]},
        "title": {"en": "Permit for lentil seeds", "es": "Permiso para semillas de lenteja"},
        "subjectMatter": {"en": "<p>Twelve varieties.</p>"},
        "dateOfIssuance": "2026-02-11",
        "keywords": [
            {"identifier": "lentils"},
            {"identifier": "x", "customValue": {"en": "pulses", "fr": "légumes secs"}},
        ],
        "providers": [{"name": {"en": "Hill Farm"}}, {"name": {"fr": "Ferme du Val"}}],
        "websites": [{"url": "https://example.org/permits", "name": "Register"}, {"url": "javascript:alert(1)"}],
        "amends": {"identifier": f"{PERMIT.identifier}@1"},
        "amended": False,
        "notes": "The collector's telephone number",
    }
    title = TextField(("title",), (Segment("", "Permit for lentil seeds"),), ("", ""))
    subject = TextField(("subjectMatter",), (Segment("s1", "Twelve varieties."),), ("<p>", "</p>"), rich=True)
    return Settled(PERMIT, document, (title, subject), 1, national=True)


def rules(texts, dated=("s5",)):
    """Each segment current, dated or missing."""
    found = {}
    for name, source in ENGLISH.items():
        if name not in texts:
            found[name] = (source, Rule.MISSING, "never translated", None)
        elif name in dated:
            found[name] = (texts[name], Rule.DATED, "the source changed since (rewrite)", EditClass.REWRITE)
        else:
            found[name] = (texts[name], Rule.CURRENT, "translated from this source", None)
    return found


@dataclass(frozen=True)
class Library:
    """The store of the site, with deployments made by hand."""

    store: SqlStore

    def deploy(self, *documents: tuple, number=1):
        """Serve these `(settled, {locale: {(field, segment id): (text, rule, why, edit)}})`."""
        refs = []
        with self.store.begin() as tx:
            for settled, languages in documents:
                for locale, texts in languages.items():
                    refs.append(self._page(tx, settled, locale, texts))
            entry = Deployment("library", number, "r" * 40, "main", "main", AT + timedelta(days=number - 1), {}, 0, "s")
            tx.save_deployment(entry, refs, [], {(ref.locale, ref.resource): frozenset() for ref in refs})

    def _page(self, tx, settled, locale, texts):
        sources = {one.key(segment): segment.text for one in settled.fields for segment in one.segments}
        tx.append(
            Translation("library", locale, path_of(settled.ref), key, fingerprint(sources[key]), sources[key], text,
                        MADE, self.origin(locale))
            for key, (text, rule, _, _) in texts.items() if rule is not Rule.MISSING
        )  # fmt: skip
        ids = {(path_of(settled.ref), key) for key in texts}
        numbers = {key: entries[-1].number for (_, key), entries in tx.own("library", locale, ids).items()}
        served = tuple(
            Served(key, text, rule, fingerprint(sources[key]), why, numbers.get(key, 0), edit)
            for key, (text, rule, why, edit) in texts.items()
        )
        page = Page(locale, path_of(settled.ref), path_of(settled.ref), "b" * 40, served, {})
        kept, catalog = tx.put_blobs([dump_page(page), dump(settled)])
        return PageRef(locale, page.resource, page.path, kept, catalog, coverage(served, sources), page.complete)

    def origin(self, locale):
        """The government wrote its Spanish, the house its French."""
        return Origin.SITE if locale == "es" else Origin.PACKAGE


def everything(texts, title):
    spoken = {("content", name): found for name, found in rules(texts).items()}
    first = (title, Rule.CURRENT, "translated", None) if title else (None, Rule.MISSING, "never translated", None)
    return {("title",): first if title else ("Visiting the seed bank", *first[1:])} | spoken


def permit_in(title, subject):
    return {
        ("title",): (title, Rule.CURRENT, "translated", None),
        ("subjectMatter", "s1"): (subject, Rule.CURRENT, "translated", None),
    }


def stocked(folder) -> Library:
    """Deployment 1: the article in French and Arabic, nothing of it in Russian; the permit in Spanish and French."""
    store = SqlStore(f"sqlite:///{folder / 'library.sqlite'}")
    store.migrate()
    library = Library(store)
    library.deploy(
        (
            seeds(),
            {"fr": everything(FRENCH, TITLES["fr"]), "ar": everything(ARABIC, TITLES["ar"]), "ru": everything({}, "")},
        ),
        (
            permit(),
            {
                "es": permit_in("Permiso para semillas de lenteja", "Doce variedades."),
                "fr": permit_in("Permis pour des graines de lentille", "Douze variétés."),
            },
        ),
    )
    return library


def _schema(name):
    if name != PERMITS.name:
        raise NotFound(f"There is no schema {name!r}; there is absPermit.")
    return PERMITS


def article_verbs(store, sites=None) -> ArticleVerbs:
    return ArticleVerbs(lambda: sites or {"library": SITE}, store, cleaned, _schema, public)


def reading(service, verbs) -> Visitor:
    """A visitor of a service that serves these articles."""
    return Visitor(make_app(with_articles(service, verbs), hosts=["translate.example.org"]))


def with_articles(service, verbs):
    names = {"articles": verbs}
    kind = type("Reading", (type(service),), names)
    return kind(**{name: getattr(service, name) for name in service.__dataclass_fields__})


def renamed(site, name):
    return replace(site, name=name)

"""PO files taken apart and put together, as tests ask for it, and one with plurals in all languages of the house."""

from datetime import UTC, datetime

from extractors.gettext_po import GettextPo
from tests.extractors.contract import served
from tm_service.domain.plurals import Plural
from tm_service.domain.serving import Rule, Stamp
from tm_service.domain.units import Document

STAMP = Stamp("main", datetime(2026, 11, 22, 8, 15, tzinfo=UTC), 3)
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
PACKETS = {
    "en": {"one": "%d packet", "other": "%d packets"},
    "ar": {
        "zero": "لا مغلفات",
        "one": "مغلف واحد",
        "two": "مغلفان",
        "few": "%d مغلفات",
        "many": "%d مغلفًا",
        "other": "%d مغلف",
    },
    "es": {"one": "%d sobre", "other": "%d sobres"},
    "fr": {"one": "%d sachet", "other": "%d sachets"},
    "ru": {"one": "%d пакет", "few": "%d пакета", "many": "%d пакетов", "other": "%d пакета"},
    "zh": {"other": "%d 个种子袋"},
}
TEMPLATE = """\
msgid ""
msgstr ""
"Project-Id-Version: Seeds\\n"
"PO-Revision-Date: 2026-11-02 09:00+0000\\n"
"Last-Translator: Seeds <texts@seeds.example>\\n"
"Language-Team: Seeds <texts@seeds.example>\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

#, c-format
msgid "%d packet"
msgid_plural "%d packets"
msgstr[0] ""
msgstr[1] ""

msgctxt "verb"
msgid "Store"
msgstr ""

msgctxt "place"
msgid "Store"
msgstr ""
"""


def document(content: str | bytes) -> Document:
    return Document("texts/a.po", content if isinstance(content, bytes) else content.encode())


def units(content: str | bytes) -> dict:
    return {unit.key: unit.source for unit in GettextPo().extract(document(content), "en").values}


def merged(content: str, texts: dict, locale: str = "", rule: Rule = Rule.CURRENT) -> str:
    resource = GettextPo().extract(document(content))
    return GettextPo().merge(resource, served(texts, rule), STAMP, locale).decode()


def read(content: str | bytes, locale: str = "") -> dict:
    return dict(GettextPo().read(document(content), locale).values)


def catalog(locale: str) -> bytes:
    texts = {("%d packet",): str(Plural("n", PACKETS[locale])), ("verb", "Store"): f"{locale} store"}
    return merged(TEMPLATE, texts, locale).encode()

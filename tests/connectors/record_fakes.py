"""A record store in memory, documents about gardens and harbours, and a settler that cuts nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from connectors.record_contents import digest
from tm_service.domain.articles import Found, Segment, Settled, TextField, dump, load, placed, with_languages
from tm_service.domain.errors import Conflict, NotFound, TryLater
from tm_service.domain.records import ARTICLE, Record, RecordEntry, RecordRef, text_at

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SCHEMA = "database"
LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh")
TITLES = {
    "en": "The garden opens at nine",
    "ar": "تفتح الحديقة أبوابها في التاسعة",
    "es": "El jardín abre a las nueve",
    "fr": "Le jardin ouvre à neuf heures",
    "ru": "Сад открывается в девять",
    "zh": "花园九点开门",
}
BODIES = {
    "en": "<p>Seeds are kept dry.</p>",
    "ar": "<p>تُحفظ البذور جافة.</p>",
    "es": "<p>Las semillas se conservan secas.</p>",
    "fr": "<p>Les graines sont gardées au sec.</p>",
    "ru": "<p>Семена хранятся в сухом месте.</p>",
    "zh": "<p>种子须保持干燥。</p>",
}


def article_ref(number=1):
    return RecordRef(ARTICLE, f"{number:024x}")


def record_ref(number=1):
    return RecordRef(SCHEMA, f"{SCHEMA}-{number:08d}")


def article(number=1, languages=LANGUAGES, **more: object):
    title = {language: f"{TITLES[language]} ({number})" for language in languages}
    content = {language: BODIES[language] for language in languages}
    identifier = article_ref(number).identifier
    return {"_id": identifier, "title": title, "content": content, "adminTags": ["garden"]} | more


def record(number=1, languages=LANGUAGES, **more: object):
    header = {"identifier": record_ref(number).identifier, "schema": SCHEMA, "languages": list(languages)}
    title = {language: f"{TITLES[language]} [{number}]" for language in languages}
    description = {language: BODIES[language] for language in languages}
    made = {"header": header, "government": {"identifier": "ke"}, "title": title, "description": description}
    return made | {"websites": [{"url": "https://seeds.example"}]} | more


def settle(before, record):
    """One segment a field; what the store cleared is carried over from the version before."""
    had = load(before).by_path if before else {}
    fields = []
    for path in (("title",), ("content",), ("description",)):
        texts = dict(text_at(record.document, path))
        source = texts.pop("en", "")
        if source:
            kept = dict(had[path].translations) if path in had else {}
            told = {language: {"": Found(text, source)} for language, text in texts.items()}
            fields.append(TextField(path, (Segment("", source),), ("", ""), translations=kept | told))
    return dump(Settled(record.ref, record.document, tuple(fields), national=bool(record.document.get("national"))))


def translations(settled):
    """Every translation that a settled document has, by path and language."""
    return {
        (one.path, language): found.text
        for one in settled.fields
        for language, texts in one.translations.items()
        for found in texts.values()
    }


@dataclass
class MemoryStore:
    """A store whose clock goes on a second with each change, or stands still where a test wants equal moments."""

    documents: dict = field(default_factory=dict)
    locked: set = field(default_factory=set)
    at: datetime = START
    step: timedelta = timedelta(seconds=1)
    revisions: count = field(default_factory=lambda: count(1))
    reads: list = field(default_factory=list)
    writes: list = field(default_factory=list)
    closed: bool = False
    numbered: bool = True
    lost: set = field(default_factory=set)  # not listed, though they are there
    failing: Callable[[str], None] = lambda _doing: None

    def save(self, ref, document):
        """What a person does: a changed English text clears the others of its field."""
        held = self.documents.get(ref)
        if held is not None:
            document = cleared(held.document, document)
        return self._put(ref, document)

    def delete(self, ref):
        del self.documents[ref]

    def _put(self, ref, document):
        self.at += self.step
        entry = RecordEntry(ref, self.at, next(self.revisions) if self.numbered else 0)
        meta = {"meta": {"modifiedOn": self.at.isoformat(), "modifiedBy": "Ines"}} if ref.kind == ARTICLE else {}
        self.documents[ref] = Record(entry, document | meta)
        return entry

    def entries(self, since=None):
        self.failing("list")
        listed = sorted(
            (one.entry for ref, one in self.documents.items() if ref not in self.lost), key=lambda entry: entry.modified
        )
        return iter([entry for entry in listed if since is None or entry.modified >= since])

    def read(self, refs):
        for ref in refs:
            self.failing("read")
            self.reads.append(ref)
            if ref in self.documents:
                yield self.documents[ref]

    def write(self, read, document):
        self.failing("write")
        held = self.documents.get(read.ref)
        if held is None:
            raise NotFound(f"{read.ref.identifier} is gone.")
        if held.entry != read.entry:
            raise Conflict(f"{read.ref.identifier} changed.")
        if read.ref in self.locked:
            raise TryLater(f"{read.ref.identifier} is locked by Ines.")
        if digest(read.ref.kind, held.document) == digest(read.ref.kind, document):
            return held.entry
        self.writes.append(read.ref)
        entry = self._put(read.ref, dict(document))
        self.failing("written")
        return entry

    def close(self):
        self.closed = True


def cleared(held, document):
    """A document after an editor saved it: where the English of a field is another, its other languages are gone."""
    after = dict(document)
    for name in ("title", "content", "description"):
        before, now = held.get(name), document.get(name)
        if isinstance(before, dict) and isinstance(now, dict) and before.get("en") != now.get("en"):
            after[name] = {language: text for language, text in now.items() if before.get(language) != text}
    return after


def translated(settled, texts=None):
    """A settled document with its translations laid into it, and these texts by (path, language) over them, as it is served."""
    document, fields = settled.document, []
    for one in settled.fields:
        said = {language: found[""].text for language, found in one.translations.items()}
        said |= {language: text for (path, language), text in (texts or {}).items() if path == one.path}
        for language, text in said.items():
            document = placed(document, one.path, language, text)
        told = {language: {"": Found(text, one.segments[0].text)} for language, text in said.items()}
        fields.append(replace(one, translations=told))
    spoken = dict.fromkeys(language for one in fields for language in one.translations)
    return replace(settled, document=with_languages(document, spoken), fields=tuple(fields))


class Clock:
    """Ten seconds later each time it is asked."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=10)
        return self.now


def documents(site):
    """Everything that stands in the mirror, by path."""
    files = site.files(site.resolve("").id)
    return {path: load(site.read(blob)) for path, blob in files.items()}


def head(site):
    return site.resolve("").id

"""Reading: a served document worked out for one reader: its texts as HTML, its notices, its other languages."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import cast

from markupsafe import Markup, escape

from locales import LANGUAGES
from tm_service.domain.units import Key, Locale
from tm_service.usecases.articles import ArticleView, FieldView, Spoken
from tm_service.usecases.notices import Cleaned, rich_text
from tm_service.web.render import environment
from tm_service.web.texts import SOURCE, direction

CONTENT = ("content",)
TITLES: tuple[Key, ...] = (("title",), ("name",))
_SUMMARY = 100  # characters
_TAG = re.compile(r"<[^<>]*>")
_TABLE = re.compile(r"<table(?=[\s>])")
_EMBED = re.compile(r'<oembed url="(https?://[^"]*)"\s*(?:/>|>\s*</oembed>)')


@dataclass(frozen=True)
class Reading:
    """A document in one language as pages and answers show it; `code` is the language the notices are in."""

    view: ArticleView
    cleaned: Cleaned

    @property
    def code(self) -> str:
        return interface(self.view.locale)

    @property
    def direction(self) -> str:
        return direction(self.view.locale)

    @property
    def title(self) -> Markup:
        """The title, marked where it is in the source language."""
        field = self._titled
        return self.plain(field) if field else escape(self.view.title)

    @property
    def _titled(self) -> FieldView | None:
        return next((self.view.fields[path] for path in TITLES if path in self.view.fields), None)

    def plain(self, field: FieldView) -> Markup:
        """A field without markup of its own, as HTML, marked where it is in the source language."""
        source = self.view.edition.source
        marked = Markup('<span lang="{}" dir="{}">{}</span>')
        shown = {
            name: marked.format(source, direction(source), said.text) if said.missing else escape(said.text)
            for name, said in field.spoken.items()
        }
        layout = tuple(escape(between) for between in field.field.layout)
        return Markup(replace(field.field, layout=layout).build(shown))  # noqa: S704 - each part was escaped

    def told(self, field: FieldView | None) -> Markup:
        """The notice of a field without paragraphs, where it is behind."""
        dated = field.dated if field else ()
        if not dated:
            return Markup()
        since = min((said.since for said in dated if said.since), default=None)
        return Markup(_notice(self.code, since))  # noqa: S704 - our template escaped it

    @property
    def title_told(self) -> Markup:
        return self.told(self._titled)

    def rich(self, field: FieldView) -> str:
        """A field's HTML, sanitised and with its notices."""
        source = self.view.edition.source
        notice = partial(_notice, self.code)
        return rich_text(field, source=(source, direction(source)), cleaned=self.cleaned, notice=notice)

    @property
    def content(self) -> str:
        field = self.view.fields.get(CONTENT)
        return self.rich(field) if field else ""

    @property
    def states(self) -> Mapping[str, int]:
        """How many segments are served by which rule."""
        return dict(Counter(said.rule.value for said in self.view.segments))

    @property
    def missing(self) -> int:
        return sum(said.missing for said in self.view.segments)

    @property
    def all_missing(self) -> bool:
        """Nothing of it is translated."""
        return bool(self.missing) and all(said.missing for said in self.view.segments)

    @property
    def dated(self) -> int:
        return sum(len(field.dated) for field in self.view.fields.values())

    @property
    def notices(self) -> list[Markup]:
        """What the whole document has to say of itself, in the reader's language."""
        told = environment(self.code).get_template("notices.html").module
        whole = cast("str", told.whole(self))  # type: ignore[attr-defined] # a macro of that template
        return [Markup(line) for line in whole.splitlines() if line.strip()]  # noqa: S704 - our template escaped it


def interface(locale: Locale) -> str:
    """The interface language that goes with a document's."""
    return locale if locale in LANGUAGES else SOURCE


def _notice(code: str, since: datetime | None) -> str:
    """A paragraph's notice; templates are compiled once a language."""
    told = environment(code).get_template("notices.html").module
    return str(told.behind(since)).strip()  # type: ignore[attr-defined] # a macro of that template


def on_page(content: str) -> str:
    """Content as a page shows it: embedded media are links, which ask nobody until they are followed; wide tables scroll."""
    linked = _EMBED.sub(r'<a class="media" href="\1" rel="noopener">\1</a>', content)
    return _TABLE.sub(r'<div class="scroll" tabindex="0">\g<0>', linked).replace("</table>", "</table></div>")


def words(text: str, between: str = "") -> str:
    """HTML without its tags, for people to read; `between` stands where one was."""
    return " ".join(html.unescape(_TAG.sub(between, text)).split())


def summary(field: FieldView | None) -> str:
    """The first words of a field, without markup, at most a hundred characters."""
    text = words(field.plain if field else "", between=" ")
    if len(text) <= _SUMMARY:
        return text
    cut = text[:_SUMMARY]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"


def reasons(view: ArticleView) -> Iterator[dict[str, object]]:
    """Every segment with the rule that gave it and why (law 12)."""
    for said in view.segments:
        yield _reason(said.key, said)


def _reason(key: Key, said: Spoken) -> dict[str, object]:
    return {
        "key": list(key),
        "text": said.text,
        "state": said.rule.value,
        "why": said.why,
        "translation": said.translation or None,
        "since": said.since.isoformat() if said.since else None,
        "edit": said.edit or None,
    }

"""Article documents: what each answer about articles and records has, as the description of the interface tells programs."""

from typing import Any

from pydantic import Field

from tm_service.domain.drafts import Stage, Standing
from tm_service.domain.findings import Severity
from tm_service.shapes.documents import Document


class ListedArticle(Document):
    """An article by its title, in the language that there is one in."""

    id: str
    title: str
    title_language: str = Field(alias="titleLanguage")
    state: str


class Articles(Document):
    site: str
    locale: str
    articles: list[ListedArticle]
    cursor: str | None


class Courtesy(Document):
    """A translation that a government does not answer for; which texts are authentic."""

    authentic: list[str]


class FromDeployment(Document):
    """The deployment that readers have it from."""

    site: str
    number: int
    at: str


class Alternate(Document):
    """The same in another language, and how far that is translated."""

    locale: str
    state: str
    url: str


class Segment(Document):
    """One segment as readers get it, and why."""

    key: list[str]
    text: str
    state: str
    why: str
    translation: int | None
    since: str | None
    edit: str | None


class _Shown(Document):
    id: str
    locale: str
    dir: str
    title: str
    states: dict[str, int]
    notice: list[str]
    courtesy: Courtesy | None
    deployment: FromDeployment
    alternates: list[Alternate]
    segments: list[Segment] | None = Field(None, description="Where `why` is asked for.")


class Article(_Shown):
    """An article as readers get it in a language; `content` is HTML."""

    content: str
    summary: str


class Record(_Shown):
    """A record as readers get it in a language; `document` is what is published of it, without what is confidential."""

    record_type: str = Field(alias="schema")
    document: dict[str, Any]


class Who(Document):
    name: str
    government: str | None
    roles: list[str]


class WrongField(Document):
    """What is wrong with a field."""

    code: str
    severity: Severity
    field: str = Field(alias="property")
    message: str


class Validation(Document):
    errors: list[WrongField]
    warnings: list[WrongField]


class Publication(Document):
    """How far it is: published, or waiting for whom."""

    stage: Stage
    at: str | None = None
    revision: int | None = None
    waits_for: str | None = Field(None, alias="waitsFor")


class Published(Document):
    """Who published it in which roles, what the check found, and what became of it."""

    identifier: str
    record_type: str = Field(alias="schema")
    who: Who
    validation: Validation
    publication: Publication


class ReferenceSource(Document):
    record_type: str = Field(alias="schema")
    identifier: str
    revision: int


class Reference(Document):
    """One published record names another: from which field, pinned to which revision, and what there is of it."""

    source: ReferenceSource
    field: str
    identifier: str
    pinned: int | None
    record_type: str | None = Field(alias="schema")
    newest: int | None
    standing: Standing
    title: dict[str, Any]


class References(Document):
    refers_to: list[Reference] = Field(alias="refersTo")
    referred_by: list[Reference] = Field(alias="referredBy")


class Share(Document):
    """A link by which a draft is read without an account; `uses` is 0 for any number."""

    number: int
    by: str
    at: str
    until: str
    uses: int
    used: int
    revoked: bool


class Shared(Share):
    """A link, with its address, which is told this once."""

    url: str


class Shares(Document):
    shares: list[Share]


class Revoked(Document):
    number: int
    revoked: bool

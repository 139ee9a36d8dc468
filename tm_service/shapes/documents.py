"""Documents: what each answer has, as the description of the interface tells programs; the functions beside this make them."""

from typing import Any

from pydantic import BaseModel, Field

from tm_service.domain.changes import ChangeKind
from tm_service.domain.edits import EditClass
from tm_service.domain.findings import Severity
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.domain.packages import Outcome, PackageStatus
from tm_service.domain.serving import Origin
from tm_service.domain.site import State


class Document(BaseModel):
    """Members of an answer; there may be more of them one day."""


class Counts(Document):
    """Units and their words."""

    units: int
    words: int


class Site(Document):
    """A site, and the number of its newest deployment."""

    name: str
    source: str
    locales: list[str]
    connector: str
    deployment: int | None


class Sites(Document):
    sites: list[Site]


class Effect(Document, extra="allow"):
    """Something that an attempt at a job changed."""

    verb: str


class Said(Document):
    """A sentence of the house by its code, with what was put into it, so that a program can say it in any language."""

    code: str
    values: dict[str, str]


class Job(Document):
    """Work that was asked for; moments are ISO 8601. `result` and `effects` say what came of it, `said` is the `error`."""

    job: str
    kind: JobKind
    site: str
    arguments: dict[str, Any]
    status: JobStatus
    attempt: int
    by: str
    worker: str
    done: int
    total: int
    cancelling: bool
    error: str
    said: Said | None
    result: dict[str, Any]
    effects: list[Effect]
    asked: str
    due: str
    lease: str | None
    ended: str | None


class Jobs(Document):
    jobs: list[Job]
    cursor: str | None


class Place(Document):
    resource: str
    key: str


class Change(Document):
    """What happened to one text."""

    resource: str
    key: str
    kind: ChangeKind
    edit_class: EditClass | None
    before: str | None
    after: str | None
    moved_from: Place | None = Field(None, alias="from")


class Changes(Document):
    """What changed between two revisions: how many texts, and each of them."""

    base: str | None
    head: str
    added: int
    edited: int
    moved: int
    edited_and_moved: int
    removed: int
    unchanged: int
    units: list[Change]


class Cost(Document):
    """Words by what each is worth of a new one, as decimals; the cost where the site has a price for words."""

    weighted: str
    cost: str | None = None
    currency: str | None = None


class Estimate(Document):
    """What a release costs: units and words by locale and match class, and what that costs by the site's rates."""

    base: str | None
    head: str
    added: int
    edited: int
    moved: int
    removed: int
    locales: dict[str, dict[str, Counts]]
    costs: dict[str, Cost]


class Tally(Document):
    """Units, or words, by how they are served."""

    units: int
    current: int
    from_memory: int
    stale: int
    held: int
    missing: int
    out: int
    same: int
    covered: int


class Coverage(Tally):
    """Of a locale: units, and the same columns in words."""

    words: Tally


class Deployment(Document):
    """A revision that went out, with what readers see of it in each locale."""

    deployment: int
    revision: str
    ref: str
    at: str
    restores: int | None
    commit: str | None
    locales: dict[str, Coverage]
    alarms: list[dict[str, Any]]


class Deployments(Document):
    deployments: list[Deployment]
    cursor: str | None


class CoverageReport(Deployment):
    """A deployment, by locale and path."""

    paths: dict[str, dict[str, Tally]]


class Finding(Document):
    """What a check says of a unit or a file."""

    check: str
    severity: Severity
    message: str
    unit: str = ""
    path: str = ""
    place: list[int] | None = None
    repair: str = ""


class GateUnit(Document):
    """A text that is not as it should be, what becomes of it, and why."""

    locale: str
    resource: str
    key: str
    outcome: str
    edit_class: EditClass | None
    why: str
    reason: list[Said]


class Gate(Document):
    """What readers of a revision would get, and whether it may go out."""

    site: str
    revision: str
    gate: str
    locales: dict[str, dict[str, int]]
    units: list[GateUnit]
    findings: list[Finding]


class Translation(Document):
    """What readers see, who said it and from which text."""

    target: str
    source: str
    author: str
    at: str
    origin: Origin
    reference: str
    state: State
    resource: str
    key: str


class Stretch(Document):
    """Deployments in a row that served a text the same, who made the first and when; null where the site had no such text."""

    first: int
    last: int
    at: str
    by: str | None
    text: str | None
    source: str | None
    rule: str | None
    edit_class: EditClass | None
    why: str | None
    reason: list[Said]
    translation: Translation | None


class Explanation(Document):
    """Why readers see what they see, and what they saw before, newest first; `earlier` asks for the rest as `before`."""

    site: str
    locale: str
    resource: str
    key: str
    text: str
    rule: str
    edit_class: EditClass | None
    answer: str
    why: str
    reason: list[Said]
    deployment: int
    translation: Translation | None
    history: list[Stretch]
    earlier: int | None


class Question(Document):
    package: str
    unit: str
    text: str
    author: str
    at: str


class Questions(Document):
    questions: list[Question]


class Waiver(Document):
    """A text that may be taken from readers, by whom, why and until when."""

    site: str
    locale: str
    resource: str
    key: str
    by: str
    at: str
    until: str
    reason: str


class Package(Document):
    """Work for one locale; `open` is how many of its units are still to come back."""

    id: str
    locale: str
    version: int
    status: PackageStatus
    profile: str
    units: int
    open: int
    due: str | None


class Receipt(Document):
    """The exact answer to a return."""

    outcome: Outcome
    package: str
    accepted: int
    quarantined: list[str]
    open: int
    repeated: bool
    repaired: list[str]
    proposals: list[str]
    answered: list[str]
    questions: int
    recognised: dict[str, int]
    findings: list[Finding]


class Person(Document):
    """An account, and what it may do."""

    person: str
    email: str
    name: str
    language: str
    government: str
    state: str
    roles: list[str]
    expires: str | None
    second_factor: bool


class Enrolled(Document):
    """What a phone reads, told this once."""

    secret: str
    uri: str


class Confirmed(Person):
    """With recovery codes, told this once."""

    recovery_codes: list[str]


class Client(Document):
    """A registered program."""

    client: str
    name: str
    contact: str
    purpose: str
    state: str
    scopes: list[str]
    pinned: list[str]
    why: str

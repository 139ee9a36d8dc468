"""Desk documents: what each answer about units at the desk has, for the description of the interface."""

from pydantic import Field

from tm_service.domain.findings import Severity
from tm_service.domain.matches import MatchClass
from tm_service.shapes.documents import Document
from tm_service.shapes.memory_documents import Match


class DeskCode(Document):
    data: str
    label: str


class DeskForm(Document):
    """A plural form; `numbers` are examples of those that take it."""

    form: str
    numbers: str
    source: str
    target: str


class DeskRow(Document):
    """A unit in a list."""

    unit: str
    resource: str
    key: str
    source: str
    codes: list[DeskCode]
    target: str
    forms: list[DeskForm]
    version: int
    state: str
    gravity: str
    done: bool
    attention: bool
    changed: bool
    match: MatchClass = Field(alias="class")
    percent: float
    limit: int


class DeskListed(DeskRow):
    """A unit in a list, and how many questions were asked beside it."""

    questions: int


class DeskUnits(Document):
    """Some units of those `found`, from the `first` on."""

    package: str
    found: int
    first: int
    units: list[DeskListed]


class DeskMark(Document):
    """Where a finding stands: characters `start` to before `end` of a plural form, or of the target where `form` is empty."""

    form: str
    start: int
    end: int
    before: str
    text: str
    after: str


class DeskFinding(Document):
    """`repair` is the whole target put right; of a message of plural forms `forms` has it by their names."""

    check: str
    severity: Severity
    message: str
    repair: str = ""
    forms: dict[str, str] = Field(default_factory=dict)
    mark: DeskMark | None = None


class DeskChecked(Document):
    findings: list[DeskFinding]
    repaired: str


class DeskRun(Document):
    kept: str
    text: str


class DeskMatch(Match):
    difference: list[DeskRun]


class DeskNeighbour(Document):
    source: str
    target: str


class DeskQuestion(Document):
    text: str
    author: str
    at: str


class DeskTarget(Document):
    version: int
    target: str
    state: str
    by: str
    at: str


class DeskTermWord(Document):
    term: str
    target: str
    status: str


class DeskTerm(Document):
    span: list[int]
    terms: list[DeskTermWord]


class DeskUnit(DeskRow, DeskChecked):
    """A unit with everything that it takes to translate it."""

    place: int
    units: int
    previous: str | None
    following: str | None
    note: str
    previous_source: str
    previous_target: str
    difference: list[DeskRun]
    source_now: str
    matches: list[DeskMatch]
    terms: list[DeskTerm]
    before: list[DeskNeighbour]
    after: list[DeskNeighbour]
    questions: list[DeskQuestion]
    history: list[DeskTarget]


class DeskSaved(DeskTarget, DeskChecked):
    """A wording as it was kept, and what the checks say of it."""

    unit: str

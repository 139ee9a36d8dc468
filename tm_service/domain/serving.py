"""Serving: translations as they were accepted, and what readers get of them, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tm_service.domain.edits import EditClass
from tm_service.domain.site import State
from tm_service.domain.units import Key, Locale


class Origin(StrEnum):
    """Where a translation came from."""

    SITE = "site"  # a catalog in the site's repository
    PACKAGE = "package"  # a return
    IMPORT = "import"  # a TMX, CSV or XLIFF file
    ALIGNMENT = "alignment"  # two documents laid side by side
    MACHINE = "machine"  # no person wrote it; known by what an imported file says


class Answer(StrEnum):
    """What a target is: text, or one of the two explicit answers that look like nothing."""

    TEXT = "text"
    SAME = "same"  # the same as the source on purpose: "Documents" in French
    EMPTY = "empty"  # empty on purpose


@dataclass(frozen=True, slots=True)
class Translation:
    """One accepted target of one unit, bound to the fingerprint of the source it was made from; appended, never changed.

    `site` names the memory it belongs to, which for what a site's own units were given is the site. `source` is that source
    text, in `source_locale`, empty where only its hash was known. `number` is the store's running number, 0 before it is
    stored. `previous` and `following` are the fingerprints of the neighbours, for context matches. `properties` are what an
    imported file said beside, by name, so that an export says it again.
    """

    site: str
    locale: Locale
    resource: str
    key: Key
    fingerprint: str
    source: str
    target: str
    at: datetime
    origin: Origin
    state: State = State.TRANSLATED
    answer: Answer = Answer.TEXT
    author: str = ""
    reference: str = ""  # commit or package it came by
    previous: str = ""
    following: str = ""
    number: int = 0
    source_locale: Locale = "en"
    properties: tuple[tuple[str, str], ...] = ()


class Rule(StrEnum):
    """Which serving rule gave the text (numbers as in the design)."""

    CURRENT = "current"  # 1: its own translation, from this very source
    MEMORY = "from-memory"  # 2: the same source text elsewhere
    KEPT = "kept"  # 3: behind by a harmless edit
    DATED = "dated"  # 3: behind, served with a notice
    HELD = "held"  # 3: the gate is closed
    WAIVED = "waived"  # 4: source text because a waiver says so
    MISSING = "missing"  # 4: never served translated


TRANSLATED = frozenset({Rule.CURRENT, Rule.MEMORY, Rule.KEPT, Rule.DATED})
STALE = frozenset({Rule.KEPT, Rule.DATED})


@dataclass(frozen=True, slots=True)
class Served:
    """What readers of one locale get for one unit, and why.

    `translation` is the number of the translation it rests on (0 for source text), `source` the fingerprint of today's source.
    """

    key: Key
    text: str
    rule: Rule
    source: str
    why: str
    translation: int = 0
    edit: EditClass | None = None
    answer: Answer = Answer.TEXT

    @property
    def translated(self) -> bool:
        return self.rule in TRANSLATED


@dataclass(frozen=True)
class Page:
    """One resource in one locale as it is served: every translatable unit, and localised codes such as links.

    `path` is where the catalog stands in the site, `blob` the source file it was decided from.
    """

    locale: Locale
    resource: str
    path: str
    blob: str
    served: tuple[Served, ...]
    codes: Mapping[Key, str]

    @property
    def complete(self) -> bool:
        """Nothing here could become better when the memory grows."""
        return all(entry.rule is Rule.CURRENT for entry in self.served)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a catalog may say of its own making: the branch and the moment of the deployment."""

    branch: str
    at: datetime
    deployment: int


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's signed permission that readers see source text (or an unsafe unit) until a date."""

    site: str
    locale: Locale
    resource: str
    key: Key
    by: str
    at: datetime
    until: datetime
    reason: str
    signature: str = ""

    def holds(self, now: datetime) -> bool:
        return self.at <= now < self.until

"""Desk: what translators write of units before it is handed in, and what they are shown of packages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from locales import LANGUAGES
from tm_service.domain.errors import Conflict, Unusable
from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.plurals import CATEGORIES, arms, parse_plural
from tm_service.domain.units import Locale

_AROUND = 15  # characters shown on either side of a mark
_BRACE = 3  # characters at most between the name of a form and its text


class TargetState(StrEnum):
    """How far a target at the desk is; handed in, it was given to the house, whose receipt says what became of it."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    HANDED_IN = "handed in"


@dataclass(frozen=True, slots=True)
class DeskTarget:
    """One wording of a unit's target; appended, never changed: the newest of a unit counts, whose versions go 1, 2, 3...

    `gravity` is the severity of the gravest finding when it was written, "" for none.
    """

    package: str
    unit: str
    version: int
    target: str
    state: TargetState
    by: str
    at: datetime
    gravity: str = ""


class DeskFilter(StrEnum):
    """Which units of a package are shown; locked ones never are."""

    ALL = "all"
    OPEN = "open"  # neither confirmed nor accepted
    CONFIRMED = "confirmed"  # and not handed in yet
    QUESTIONS = "questions"
    FINDINGS = "findings"
    CHANGED = "changed"  # translated before from another source


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A unit as it stands at the desk: `number` counts the units of its package from 1; `newest` is its newest wording.

    `accepted` is what the house took in for it, of one that is done and that nobody wrote at the desk.
    """

    number: int
    unit: PackageUnit
    newest: DeskTarget | None = None
    questions: int = 0
    accepted: str = ""

    @property
    def target(self) -> str:
        """What a translator goes on from: the newest wording, what was accepted, or what the unit left with."""
        return self.newest.target if self.newest else self.accepted or self.unit.offered

    @property
    def version(self) -> int:
        """0 where nobody wrote anything yet."""
        return self.newest.version if self.newest else 0

    @property
    def state(self) -> str:
        return self.newest.state if self.newest else ""

    @property
    def is_changed(self) -> bool:
        return bool(self.unit.previous_source) and self.unit.previous_source != self.unit.source


@dataclass(frozen=True, slots=True)
class DeskPackage:
    """A package in the queue, without its units: how many there are, how many are done, drafted and confirmed."""

    package: Package
    units: int
    done: int
    drafts: int
    confirmed: int
    questions: int = 0

    @property
    def open(self) -> int:
        return self.units - self.done


class Overtaken(Conflict):
    """Somebody wrote another text meanwhile; `theirs` is it, and nothing of it was overwritten."""

    def __init__(self, theirs: DeskTarget) -> None:
        super().__init__(
            f"{theirs.unit} was written anew meanwhile, as version {theirs.version}; look at both texts and save again."
        )
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Form:
    """A plural form of a message: its CLDR category or a number such as `=0`, numbers that take it, and its texts."""

    name: str
    numbers: str
    source: str
    target: str


def forms(source: str, target: str, locale: Locale) -> tuple[Form, ...]:
    """The forms that a message has in a language, numbers with a form of their own first; none for any other text."""
    message, said = parse_plural(source), parse_plural(target)
    if message is None:
        return ()
    names = {name: name[1:] for name in message.forms if name not in CATEGORIES}
    names |= LANGUAGES[locale].plurals
    # A brace that is still open breaks the message; what was written stays in its fields all the same.
    broken = {name: target[start:end] for name, (start, end) in arms(target).items()} or {"other": target}
    written = said.forms if said else broken
    return tuple(Form(name, names[name], message.form(name), written.get(name, "")) for name in names)


def in_forms(source: str, texts: Mapping[str, str]) -> str:
    """The message of these texts by form; empty where all of them are.

    Raises ValueError where the source is no message, Unusable for a form that there is not.
    """
    message = parse_plural(source)
    if message is None:
        raise ValueError("The source has no plural forms.")
    for name in texts:
        if name not in message.forms and name not in CATEGORIES:
            raise Unusable(f"{name!r} is no plural form; the forms are {', '.join(CATEGORIES)}.")
    if not any(text.strip() for text in texts.values()):
        return ""
    return str(replace(message, forms={"other": "", **texts}))


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters of a target that something is said of, `start` to before `end` of a plural form, "" where it has none.

    `before` and `after` are what stands around the `text`, cut short.
    """

    form: str
    start: int
    end: int
    before: str
    text: str
    after: str


def marked(source: str, target: str, place: tuple[int, int]) -> Mark | None:
    """Where a place of a target is, as a translator writes it; None where it cannot be told."""
    if parse_plural(source) is None:
        return _mark("", target, *place)
    written, said = arms(target), parse_plural(target)
    for name, (start, end) in written.items():
        raw = target[start:end]
        if said is not None and said.forms[name] != raw:
            continue  # quoted there, so that its places are others
        if start <= place[0] and place[1] <= end:
            return _mark(name, raw, place[0] - start, place[1] - start)
        if start - len(name) - _BRACE <= place[0] and place[1] <= start:
            return _mark(name, raw, 0, len(raw))
    return None


def _mark(form: str, text: str, start: int, end: int) -> Mark:
    first, last = max(0, start - _AROUND), end + _AROUND
    before = ("…" if first else "") + text[first:start]
    after = text[end:last] + ("…" if last < len(text) else "")
    return Mark(form, start, end, before, text[start:end], after)

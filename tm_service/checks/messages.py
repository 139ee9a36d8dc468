"""Messages: ICU MessageFormat read into its arguments, its choices with their arms, and its texts.

The syntax is that of ICU's MessageFormat with apostrophes in their default mode: one quotes only where `{`, `}` or, within a
plural, `#` follows, and two stand for one (ICU User Guide, Formatting Messages). A closing brace too many, which ICU shows and
readers in JavaScript refuse, is refused.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

_CACHE = 1 << 10
_MESSAGE = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
_HEAD = re.compile(r"\{\s*([\w.\-]+)\s*(?:,\s*([A-Za-z]+)\s*)?([,}])")
_OFFSET = re.compile(r"\s*offset\s*:\s*(\d+)(?=\s)")
_ARM = re.compile(r"\s*(=\d+|[^\s{}=,#':]+)?\s*(\S)?")
_SPECIAL = re.compile(r"[{}'#]")
_QUOTED = re.compile(r"[^']*(?:''[^']*)*'?")
_STYLE = re.compile(r"[{}']")
PLURALS = ("plural", "selectordinal")
CHOICES = (*PLURALS, "select")
NUMBER = "#"
_DEEPEST = 50  # arms within arms; a text that needs more is no text


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of a choice: its selector, from where to where its message stands, and the arguments (or `#`) it shows."""

    selector: str
    start: int
    end: int
    shows: frozenset[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A plural, selectordinal or select: the argument it looks at, its offset as written, its arms."""

    name: str
    kind: str
    offset: str
    start: int
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument as it is shown: `{name}`, `{when, date, short}`; its kind and style may be empty."""

    name: str
    kind: str
    style: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was read, or how far it was read and what was wrong there; `texts` are the places of its words.

    `quoted` are the places of what apostrophes make plain text.
    """

    arguments: tuple[Argument, ...]
    choices: tuple[Choice, ...]
    texts: tuple[tuple[int, int], ...]
    quoted: tuple[tuple[int, int], ...] = ()
    problem: str = ""
    place: tuple[int, int] = (0, 0)


def is_message(value: str) -> bool:
    """Whether a value has a plural or select of ICU in it."""
    return "{" in value and _MESSAGE.search(value) is not None


class _Broken(Exception):
    """What is wrong with a message, and where."""


@dataclass(slots=True, eq=False)
class _Open:
    """A choice whose arms are being read, and the arm it is in."""

    name: str
    kind: str
    offset: str
    start: int
    arms: list[Arm] = field(default_factory=list)
    selector: str = ""
    arm_start: int = 0
    shows: set[str] = field(default_factory=set)


@lru_cache(maxsize=_CACHE)
def message(value: str) -> Message:
    """Read a message; any string has an answer, in time that grows with its length."""
    return _Reader(value).read()


class _Reader:
    """One reading of one message from left to right, without recursion."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.at = 0
        self.open: list[_Open] = []
        self.arguments: list[Argument] = []
        self.choices: list[Choice] = []
        self.texts: list[tuple[int, int]] = []
        self.quoted: list[tuple[int, int]] = []

    def read(self) -> Message:
        problem, place = "", (0, 0)
        try:
            self._messages()
        except _Broken as broken:
            problem, start = broken.args
            place = (start, min(start + 1, len(self.value)))
        return Message(
            tuple(self.arguments), tuple(self.choices), tuple(self.texts), tuple(self.quoted), problem, place
        )

    def _messages(self) -> None:
        while (special := _SPECIAL.search(self.value, self.at)) is not None:
            self._text(special.start())
            sign = special[0]
            if sign == "'":
                self._apostrophe()
            elif sign == "{":
                self._argument()
            elif sign == "}":
                self._close_arm()
            else:
                self._number()
        self._text(len(self.value))
        if self.open:
            raise _Broken("a { is never closed", self.open[-1].start)

    def _text(self, end: int) -> None:
        if end > self.at:
            self.texts.append((self.at, end))
        self.at = end

    def _apostrophe(self) -> None:
        start, following = self.at, self.value[self.at + 1 : self.at + 2]
        quotes = following and following in ("{}#" if self._plural() else "{}")
        if following == "'":
            self._text(start + 2)
        elif quotes:
            found = _QUOTED.match(self.value, start + 1)
            self.at = found.end() if found else start + 1
            self.quoted.append((start, self.at))
        else:
            self._text(start + 1)

    def _argument(self) -> None:
        start = self.at
        head = _HEAD.match(self.value, start)
        if head is None:
            raise _Broken("a { begins no argument", start)
        name, kind, end = head[1], head[2] or "", head[3]
        if not kind and end == ",":
            raise _Broken("an argument says no type after its comma", start)
        self.at = head.end()
        if kind in CHOICES:
            self._choice(name, kind, start, end)
            return
        style = self._style(start) if end == "," else ""
        self.arguments.append(Argument(name, kind, style, start, self.at))
        for choice in self.open:
            choice.shows.add(name)

    def _style(self, start: int) -> str:
        """The rest of an argument up to its closing brace."""
        first, depth = self.at, 0
        while (found := _STYLE.search(self.value, self.at)) is not None:
            self.at = found.end()
            if found[0] == "'":
                quoted = _QUOTED.match(self.value, self.at)
                self.at = quoted.end() if quoted else self.at
            elif found[0] == "{":
                depth += 1
            elif depth:
                depth -= 1
            else:
                return self.value[first : found.start()].strip()
        raise _Broken("a { is never closed", start)

    def _choice(self, name: str, kind: str, start: int, end: str) -> None:
        if end != ",":
            raise _Broken(f"a {kind} has no arms", start)
        if len(self.open) >= _DEEPEST:
            raise _Broken(f"more than {_DEEPEST} choices stand within each other", start)
        offset = _OFFSET.match(self.value, self.at) if kind in PLURALS else None
        self.at = offset.end() if offset else self.at
        self.open.append(_Open(name, kind, offset[1] if offset else "0", start))
        self._arm()

    def _arm(self) -> None:
        """What stands between two arms, or between the last one and the end of its choice."""
        choice = self.open[-1]
        found = _ARM.match(self.value, self.at)
        selector, sign = (found[1], found[2]) if found else (None, None)
        if found and selector and sign == "{":
            self.at = choice.arm_start = found.end()
            choice.selector, choice.shows = selector, set()
        elif found and not selector and sign == "}" and choice.arms:
            self.at = found.end()
            self.open.pop()
            self.choices.append(Choice(choice.name, choice.kind, choice.offset, choice.start, tuple(choice.arms)))
        elif sign is None:
            raise _Broken("a { is never closed", choice.start)
        else:
            raise _Broken(f"what stands between the arms of the {choice.kind} is no arm", self.at)

    def _close_arm(self) -> None:
        if not self.open:
            raise _Broken("a } closes nothing", self.at)
        choice = self.open[-1]
        choice.arms.append(Arm(choice.selector, choice.arm_start, self.at, frozenset(choice.shows)))
        self.at += 1
        self._arm()

    def _number(self) -> None:
        plural = self._plural()
        if plural is None:
            self._text(self.at + 1)
            return
        self.at += 1
        for choice in self.open[self.open.index(plural) :]:
            choice.shows.add(NUMBER)

    def _plural(self) -> "_Open | None":
        return next((choice for choice in reversed(self.open) if choice.kind in PLURALS), None)

"""A memory of a few sentences, and a job of three files that has something of every category."""

from datetime import UTC, datetime
from pathlib import Path

from memory.analysis import Segment, analyse
from memory.neighbours import neighbours
from memory.rates import parse_rates
from memory.reports import Heading
from memory.score import score
from tm_service.domain.matches import Best, MatchClass
from tm_service.domain.text import fingerprint

GOLDEN = Path(__file__).parent / "golden"

KNOWN = (
    "The seed vault is open on weekdays.",
    "Every visitor signs the register of the herbarium.",
    "The harbour office issues a permit within ten days.",
    "Label each envelope with the name of the plant and the place where it was found.",
    "Books borrowed from the reading room must be returned before the library closes.",
)
OPENING, REGISTER = KNOWN[:2]


class Memory:
    """Answers by the reference score; a known text after a known neighbour is a context match."""

    def __init__(self, known=KNOWN, contexts=()) -> None:
        self.known, self.contexts = known, frozenset(contexts)
        self.asked = []

    def __call__(self, segments) -> list[Best]:
        self.asked.append([segment.source for segment in segments])
        return [self.best(segment) for segment in segments]

    def best(self, segment):
        if segment.source in self.known:
            number = self.known.index(segment.source) + 1
            if (segment.source, segment.previous) in self.contexts:
                return Best(101.0, MatchClass.CONTEXT, "context", number)
            return Best(100.0, MatchClass.EXACT, "exact", number)
        scored = [(score(segment.source, text).percent, number) for number, text in enumerate(self.known, 1)]
        percent, number = max(scored, key=lambda found: (found[0], -found[1]), default=(0.0, 0))
        return Best(percent, MatchClass.NEW, "fuzzy", number) if percent else Best()


def answering(answers):
    """A memory that says what it is told; anything else is new."""
    return lambda segments: [answers.get(segment.source, Best()) for segment in segments]


def file(name, *sources: str, locked=()):
    """The segments of one file, each with its neighbours' fingerprints."""
    prints = ["", *map(fingerprint, sources), ""]
    return [
        Segment(name, (str(place),), source, prints[place - 1], prints[place + 1], source in locked)
        for place, source in enumerate(sources, 1)
    ]


NOTICE = "Dried flowers are kept for {years} years in <b>cabinet 14</b>; ask at https://herbarium.example/desk first."
JOB = [
    *file(
        "guide/visitors.json",
        OPENING,
        REGISTER,
        "The harbour office issues a permit within twelve days.",
        "Gloves",
        NOTICE,
        NOTICE,
        "© 2026",
        locked=("© 2026",),
    ),
    *file(
        'guide/<b>&"R&D".json',
        NOTICE,
        "Gloves",
        "Gloves",
        "Label every envelope with the name of the plant, and the place where it was found.",
        "Books borrowed from the map room must be returned before it closes.",
        "Dried flowers are kept for {years} years in <b>cabinet 15</b>; ask at https://herbarium.example/desk first.",
        "The gardener waters the young trees at dawn.",
        "The gardener waters the young shrubs at dusk.",
    ),
    *file(
        "=دليل;الميناء.json",
        REGISTER,
        "请在出发前 3 天预约 guide。",
        "The gardener waters the young trees before dawn.",
    ),
]
HEADING = Heading(
    project="Botanic <garden> & harbour",
    number="garden-17",
    source="en",
    target="ar",
    at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    seconds=353.4,
    customer="Island council",
    memories=("garden", "shared & old"),
)
RATES = parse_rates(
    b"""
currency = "EUR"
price = 0.18
minimum = 35

[rates]
context = 0
exact = 10
repetition = 10
"cross-file repetition" = 12.5
"95-99" = 30
"85-94" = 50
"75-84" = 70
"50-74" = 100
new = 100

[languages.ar]
price = 0.21
rates = { "75-84" = 80, "internal 95-99" = 35 }
"""
)


def job_memory():
    return Memory(contexts=[(OPENING, "")])


def analysed():
    return analyse(JOB, job_memory(), neighbours())

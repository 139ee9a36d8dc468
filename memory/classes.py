"""Match classes: one table of what is paid as what, and from where each line is."""

from collections.abc import Mapping
from dataclasses import dataclass

from tm_service.domain.matches import MatchClass


@dataclass(frozen=True, slots=True)
class Definition:
    """A class: its least percent, what makes a match one, whose usage that is, and the part of the full word price paid."""

    least: float
    meaning: str
    source: str
    rate: float


# The bands are those of the analysis reports of Trados Studio and memoQ and of Phrase's net rate scheme; the rates are the
# middle of what agencies publish, a default that a rate table replaces.
TABLE: Mapping[MatchClass, Definition] = {
    MatchClass.CONTEXT: Definition(
        101,
        "the same source between the same neighbours or under the same key",
        "Trados CM, memoQ and Phrase 101 %",
        0.0,
    ),
    MatchClass.EXACT: Definition(100, "the same source elsewhere", "Trados and memoQ 100 %", 0.1),
    MatchClass.REPETITION: Definition(100, "the same source again in the same file", "Trados repetitions", 0.1),
    MatchClass.CROSS_FILE: Definition(
        100, "the same source again in another file of the job", "Trados cross-file repetitions", 0.1
    ),
    MatchClass.FUZZY_95: Definition(95, "one small difference", "Trados and memoQ 95 % - 99 %", 0.3),
    MatchClass.FUZZY_85: Definition(85, "a few words differ", "Trados and memoQ 85 % - 94 %", 0.5),
    MatchClass.FUZZY_75: Definition(75, "more differs, most can be used", "Trados and memoQ 75 % - 84 %", 0.7),
    MatchClass.FUZZY_50: Definition(50, "some parts can be used", "Trados and memoQ 50 % - 74 %", 1.0),
    MatchClass.NEW: Definition(0, "nothing near it is known", "Trados new, memoQ no match", 1.0),
}

AUTOMATIC = 100  # percent from which a match may be used unseen; what the meaning guard caps stays below
CAPPED = 99  # the most a capped match is shown with

_BANDS = [kind for kind, line in TABLE.items() if line.least < 100]  # noqa: PLR2004 - percent


def fuzzy_class(percent: float) -> MatchClass:
    """The band of a score below 100; fractions belong to the band below: 94.99 is 85-94."""
    return next(kind for kind in _BANDS if percent >= TABLE[kind].least)

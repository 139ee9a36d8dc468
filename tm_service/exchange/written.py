"""Written: which words we wrote beside a unit when it left, so that a tool that sends them back is not taken at them."""

import unicodedata
from dataclasses import replace

from tm_service.domain.handoffs import Detail, Standing, offered
from tm_service.domain.packages import PackageUnit, ReturnedUnit, Stage
from tm_service.exchange.readers.states import XLIFF_1, stage_of
from tm_service.exchange.xliff2 import STATES as STATES_2
from tm_service.exchange.xliff12 import STATES


def unsaid(returned: ReturnedUnit, sent: PackageUnit) -> ReturnedUnit:
    """A unit whose stage is silent where its state is the very word it left with, and its target another.

    Tools that manage no states (OmegaT, plain editors) leave our word beside what a person wrote; it says nothing then. A word
    beside an empty target, a copy of the source or the target we offered stays what it is.
    """
    left_alone = {_seen(text) for text in ("", sent.source, sent.offered, sent.previous_target)}
    if _seen(returned.target) in left_alone or not is_our_word(returned, sent):
        return returned
    return replace(returned, stage=Stage.SILENT)


def is_our_word(returned: ReturnedUnit, sent: PackageUnit) -> bool:
    """Whether a unit's stage says no more than the state it left with."""
    is_plain = returned.stage in (Stage.UNTOUCHED, Stage.DRAFT) or returned.stage is stage_of(XLIFF_1, returned.state)
    return is_plain and returned.state in _words(sent)


def _words(sent: PackageUnit) -> frozenset[str]:
    """The states that a unit was written with, in any version; what needs correction goes out a second time, as fuzzy."""
    left = offered(sent, Detail(matched=sent.offered, locked=sent.locked)).standing
    standings = {left, Standing.FUZZY} if sent.attention else {left}
    return frozenset(word for one in standings for word in (STATES[one], STATES_2[one]["state"]))


def _seen(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())

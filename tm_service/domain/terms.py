"""Terms: what a thing is to be called in another language, and what it is not to be called."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tm_service.domain.units import Locale


class TermStatus(StrEnum):
    """Whether a target is to be used; a proposed one is shown and not insisted on."""

    APPROVED = "approved"
    FORBIDDEN = "forbidden"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Term:
    """One term and one of its targets; a term with several targets is several of these.

    `memory` names the memory it belongs to, `part_of_speech` is one of TBX-Basic (noun, verb, adjective, adverb, other) or as
    it was given, `reference` is where the target is attested, `number` the store's running number, 0 before it is stored.
    """

    memory: str
    source_locale: Locale
    source: str
    locale: Locale
    target: str
    status: TermStatus
    at: datetime
    definition: str = ""
    part_of_speech: str = ""
    author: str = ""
    reference: str = ""
    number: int = 0

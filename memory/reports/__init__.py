"""Reports: an analysis as files that people, spreadsheets and other systems read."""

import re
from dataclasses import dataclass
from datetime import datetime

from tm_service.domain.units import Locale


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report says of its job; `number` identifies it, `at` is when it was analysed, `seconds` how long that took."""

    project: str
    number: str
    source: Locale
    target: Locale
    at: datetime
    seconds: float = 0.0
    customer: str = ""
    memories: tuple[str, ...] = ()


def legible(text: str) -> str:
    """A name as every format may carry it: what XML 1.0 forbids, lone surrogates too, becomes U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

"""Kept answers: who asks twice under one key gets the answer of the first time, and nothing is done twice.

A key is in use from when its request begins. An attempt that was lost before its answer was kept may have done its work or not:
once its lease is over the same may be asked, and done, again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

KEPT = timedelta(days=1)  # after which a key is as new
LEASE = timedelta(minutes=5)  # of an attempt; what takes longer is a job


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What is known of a key: `name` stands for who asks for what under which key, `digest` for what exactly was asked.

    Both are 64 hexadecimal digits. `attempt`, 32 of them by chance, is a fence; `lease` is until when this attempt has the key,
    None once it is answered; `sealed` is the answer, empty where it was too large to be kept.
    """

    name: str
    digest: str
    at: datetime
    lease: datetime | None
    attempt: str
    sealed: str = ""


class Standing(StrEnum):
    """What a request finds under its key."""

    ITS_TURN = "its turn"
    UNDER_WAY = "under way"
    ANSWERED = "answered"
    ANOTHER = "another"  # the key was used for another request


def standing(known: KeptAnswer, digest: str, now: datetime) -> Standing:
    """What a request finds that comes upon a key in use."""
    if now - known.at > KEPT:
        return Standing.ITS_TURN
    if known.digest != digest:
        return Standing.ANOTHER
    if known.lease is None:
        return Standing.ANSWERED
    return Standing.UNDER_WAY if now < known.lease else Standing.ITS_TURN


def begun(name: str, digest: str, now: datetime, attempt: str) -> KeptAnswer:
    """An attempt under a key."""
    return KeptAnswer(name, digest, now, now + LEASE, attempt)


def answered(known: KeptAnswer, sealed: str) -> KeptAnswer:
    return replace(known, lease=None, sealed=sealed)

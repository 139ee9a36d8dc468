"""Ports of kept answers: what the store keeps of requests that carry a key."""

from datetime import datetime
from typing import Protocol

from tm_service.domain.kept_answers import KeptAnswer


class AnswerRows(Protocol):
    """Kept answers, in a transaction of the store."""

    def claim_answer(self, begun: KeptAnswer) -> KeptAnswer | None:
        """Begin under a key that nobody uses; what is known of it where somebody does, held until the end."""

    def save_answer(self, made: KeptAnswer, attempt: str) -> None:
        """Keep what was decided of a key whose last attempt was this one; nothing where there was another since."""

    def drop_answer(self, name: str, attempt: str) -> None:
        """Free a key whose last attempt was this one."""

    def forget_answers(self, before: datetime) -> int:
        """Delete what was begun before. Returns how many."""

"""Kept answers: a key is claimed by one, and only its current attempt says what it came to."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update

from tm_service.database.rows import Rows
from tm_service.domain.kept_answers import KeptAnswer
from tm_service.storage.kept_answer_tables import kept_answer

_COLUMNS = tuple(kept_answer.c[one.name] for one in fields(KeptAnswer))


class KeptAnswers(Rows):
    def claim_answer(self, begun: KeptAnswer) -> KeptAnswer | None:
        inserted = self.insert(kept_answer).values(_row(begun)).on_conflict_do_nothing(index_elements=["name"])
        while self.connection.execute(inserted.returning(kept_answer.c.name)).first() is None:
            known = self.connection.execute(
                select(*_COLUMNS).where(kept_answer.c.name == begun.name).with_for_update()
            ).first()
            if known is not None:  # else it was dropped or forgotten meanwhile
                return KeptAnswer(*known)
        return None

    def save_answer(self, made: KeptAnswer, attempt: str) -> None:
        self.connection.execute(update(kept_answer).where(_of(made.name, attempt)).values(_row(made)))

    def drop_answer(self, name: str, attempt: str) -> None:
        self.connection.execute(delete(kept_answer).where(_of(name, attempt)))

    def forget_answers(self, before: datetime) -> int:
        return self.connection.execute(delete(kept_answer).where(kept_answer.c.at < before)).rowcount


def _of(name: str, attempt: str) -> ColumnElement[bool]:
    return and_(kept_answer.c.name == name, kept_answer.c.attempt == attempt)


def _row(made: KeptAnswer) -> dict[str, Any]:
    return {one.name: getattr(made, one.name) for one in fields(KeptAnswer)}

"""Journal: what happened to each document, when, by whom and why; the house's journal of all changes hears of it."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from tm_service.domain.drafts import Stage, Step
from tm_service.domain.records import RecordRef
from tm_service.records.rows import RecordRows
from tm_service.records.tables import step


class Journal(RecordRows):
    def note(self, steps: Sequence[Step]) -> None:
        rows = [
            {
                "identifier": one.ref.identifier,
                "stage": one.stage.value,
                "at": one.at,
                "by": one.by,
                "why": one.why,
                "revision": one.revision,
                "draft": one.draft,
            }
            for one in steps
        ]
        if rows:
            self.connection.execute(step.insert(), rows)
        for one in steps:
            # The reasons stay here: they may name people, and what the house's journal says of a change is never taken back.
            told = {"record": one.ref.identifier, "kind": one.ref.kind, "by": one.by}
            numbers = {"revision": one.revision, "draft": one.draft}
            said = told | {name: number for name, number in numbers.items() if number}
            self.changes.note("", f"record {one.stage}", said, one.at)

    def journal(self, ref: RecordRef) -> Sequence[Step]:
        query = select(step).where(step.c.identifier == ref.identifier).order_by(step.c.number.desc())
        return [_step(ref, row) for row in self.connection.execute(query).mappings()]


def _step(ref: RecordRef, row: RowMapping) -> Step:
    return Step(ref, Stage(row["stage"]), row["at"], row["by"], row["why"], row["revision"], row["draft"])

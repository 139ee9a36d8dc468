"""Traces: what the store keeps of people: who translated, asked, was sent something, signed; texts for readers stay."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from hmac import compare_digest

from sqlalchemy import Connection, or_, select, update

from tm_service.database.traces import Names, Trace, forget_all, told_of
from tm_service.domain.records import Json
from tm_service.domain.serving import Waiver
from tm_service.storage.audit import Audit
from tm_service.storage.decisions import read_waiver
from tm_service.storage.desk_tables import desk_target
from tm_service.storage.job_tables import job, job_effect
from tm_service.storage.register_tables import acknowledgement
from tm_service.storage.tables import (
    delivery,
    journal,
    pseudonym,
    question,
    retirement,
    term,
    translation,
    unclaimed,
    waiver,
)
from tm_service.storage.upload_tables import upload
from tm_service.storage.webhook_tables import webhook, webhook_message

_WAIVER = Trace(waiver, people=("by",), texts=("reason",), secret=("signature",))
TRACES = (
    Trace(translation, people=("author",), written=("properties",)),
    Trace(retirement, people=("by",), texts=("reason",)),
    Trace(term, people=("author",)),
    Trace(unclaimed, people=("author",)),
    Trace(question, people=("author",), texts=("text",)),
    Trace(desk_target, people=("by",)),
    Trace(delivery, people=("recipient",), texts=("error",)),
    Trace(job, people=("by",), texts=("error",), written=("arguments", "result")),
    Trace(job_effect, written=("details",)),
    Trace(upload, people=("by",), texts=("name",)),
    Trace(webhook, texts=("why",), secret=("sealed", "former")),
    Trace(webhook_message, texts=("answer",)),
    Trace(acknowledgement, people=("by",), texts=("note",)),
)


class StoreTraces:
    """`Traces` of the store. `sign` gives a waiver's signature with the house's key."""

    def __init__(self, sign: Callable[[Waiver], str]) -> None:
        self._sign = sign

    def told(self, connection: Connection, names: Names) -> Mapping[str, Json]:
        return told_of((*TRACES, _WAIVER), connection, names) | _changes(connection, names)

    def forget(self, connection: Connection, names: Names, pseudonym: str) -> None:
        self._sign_anew(connection, names, pseudonym)
        forget_all(TRACES, connection, names, pseudonym)

    def _sign_anew(self, connection: Connection, names: Names, pseudonym: str) -> None:
        """A waiver that held before holds under the pseudonym; one whose signature was wrong stays wrong."""
        for row in connection.execute(select(waiver)).mappings().all():
            kept = read_waiver(row)
            by, reason = names.in_columns.sub(pseudonym, kept.by), names.in_texts.sub(pseudonym, kept.reason)
            if (by, reason) == (kept.by, kept.reason):
                continue
            holds = compare_digest(kept.signature, self._sign(kept))
            signature = self._sign(replace(kept, by=by, reason=reason)) if holds else kept.signature
            values = {"by": by, "reason": reason, "signature": signature}
            connection.execute(update(waiver).where(waiver.c.number == row["number"]).values(values))


def _changes(connection: Connection, names: Names) -> dict[str, Json]:
    """What the journal says that a person did, and what it says was done to them."""
    audit = Audit(connection)
    known = [one for name in (names.email, names.name) if name for one in audit.called(name)]
    if not known:
        return {}
    told = or_(journal.c.who.in_(known), *(journal.c.details.contains(one) for one in known))
    rows = connection.execute(select(journal).where(told).order_by(journal.c.number)).mappings()
    shown = ("number", "site", "verb", "details", "door", "reason", "request")
    addresses = {
        row.id: row.name
        for row in connection.execute(select(pseudonym.c.id, pseudonym.c.name).where(pseudonym.c.holder.in_(known)))
    }
    found: list[Json] = [
        {name: row[name] for name in shown}
        | {"at": row["at"].isoformat(), "address": addresses.get(row["address"], "")}
        for row in rows
    ]
    return {"journal": found}

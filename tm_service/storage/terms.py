"""Terms: appended like translations; of what was said about a term and one of its targets, the newest counts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from hashlib import sha256
from itertools import islice

from sqlalchemy import ColumnElement, RowMapping, select

from tm_service.database.rows import Rows
from tm_service.domain.terms import Term, TermStatus
from tm_service.domain.units import Locale
from tm_service.storage.rows import dump_texts
from tm_service.storage.tables import term

_AT_ONCE = 400  # terms looked up by one statement
_NAMES = [field.name for field in fields(Term)]


class Terms(Rows):
    def append_terms(self, terms: Iterable[Term]) -> int:
        waiting, new = iter(terms), 0
        while chunk := list(islice(waiting, _AT_ONCE)):
            known = self._newest(term.c.identity.in_({_identity(entry) for entry in chunk}))
            rows = []
            for entry in chunk:
                identity = _identity(entry)
                if identity not in known or _said(known[identity]) != _said(entry):
                    known[identity] = entry
                    rows.append(_row(entry, identity, retired=False))
            if rows:
                self.connection.execute(term.insert(), rows)
            new += len(rows)
        return new

    def retire_terms(self, memory: str, numbers: Collection[int], *, by: str, at: datetime) -> int:
        standing = {
            entry.number: (identity, entry) for identity, entry in self._newest(term.c.memory == memory).items()
        }
        rows = [
            _row(replace(entry, author=by, at=at), identity, retired=True)
            for number in sorted(set(numbers) & standing.keys())
            for identity, entry in [standing[number]]
        ]
        if rows:
            self.connection.execute(term.insert(), rows)
        return len(rows)

    def terms(self, memory: str, source: Locale, target: Locale) -> Sequence[Term]:
        here = term.c.memory == memory, term.c.source_locale == source, term.c.locale == target
        return sorted(self._newest(*here).values(), key=lambda entry: entry.number)

    def _newest(self, *conditions: ColumnElement[bool]) -> dict[str, Term]:
        """What counts today, by identity; what was retired last does not."""
        found: dict[str, Term] = {}
        for row in self.connection.execute(select(term).where(*conditions).order_by(term.c.number)).mappings():
            if row["retired"]:
                found.pop(row["identity"], None)
            else:
                found[row["identity"]] = _term(row)
        return found


def _identity(entry: Term) -> str:
    texts = entry.memory, entry.source_locale, entry.source, entry.locale, entry.target
    return sha256(dump_texts(texts).encode("utf-8", "surrogatepass")).hexdigest()


def _said(entry: Term) -> tuple[str, ...]:
    """What makes it worth another row; when and by whom the same was said again does not."""
    return entry.status, entry.definition, entry.part_of_speech, entry.reference


def _row(entry: Term, identity: str, *, retired: bool) -> Mapping[str, object]:
    said = {name: getattr(entry, name) for name in _NAMES if name != "number"}
    return said | {"status": entry.status.value, "identity": identity, "retired": retired}


def _term(row: RowMapping) -> Term:
    return Term(**{name: row[name] for name in _NAMES} | {"status": TermStatus(row["status"])})

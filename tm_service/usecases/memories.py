"""Memories: pairs brought in from files, taken out of use, and what a site still needs, as a job to be counted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from tm_service.domain.answers import Imported
from tm_service.domain.errors import NotFound
from tm_service.domain.matches import Asked
from tm_service.domain.ports import Transaction
from tm_service.domain.serving import Translation
from tm_service.domain.units import Locale
from tm_service.usecases.detect import neighbours
from tm_service.usecases.package_work import work_by_locale
from tm_service.usecases.plan import Plan
from tm_service.usecases.reading import SiteReader

_AT_ONCE = 5000  # pairs handed to the store together


def bring_in(tx: Transaction, entries: Iterable[Translation], problems: Sequence[str]) -> Imported:
    """Append pairs as they are read; what is there already is not written twice. `problems` fill while reading."""
    waiting, read, new = iter(entries), 0, 0
    while chunk := list(islice(waiting, _AT_ONCE)):
        new += tx.append(chunk)
        read += len(chunk)
    return Imported(read, new, tuple(problems))


def pairs_of(tx: Transaction, memory: str, numbers: Sequence[int]) -> dict[int, Translation]:
    """Pairs of a memory by number, retired ones as well. Raises NotFound for a number that this memory does not have."""
    known = tx.numbered(numbers)
    for number in numbers:
        if number not in known or known[number].site != memory:
            raise NotFound(f"Memory {memory} has no pair {number}; `tm-service memory search` shows the numbers.")
    return {number: known[number] for number in numbers}


def retire(tx: Transaction, memory: str, numbers: Sequence[int], *, by: str, reason: str, at: datetime) -> int:
    """Take pairs out of use; they stay where they are. Raises NotFound for a number that this memory does not have."""
    pairs_of(tx, memory, numbers)
    retired = tx.retire(memory, numbers, by=by, at=at, reason=reason)
    tx.note(memory, "retire", {"numbers": list(numbers), "by": by, "reason": reason}, at)
    return retired


def restore(tx: Transaction, memory: str, numbers: Sequence[int], *, by: str, reason: str, at: datetime) -> int:
    """Append pairs anew that were retired by mistake, each with a reference that says so; pairs in use are left alone.

    Returns how many were appended. Raises NotFound for a number that this memory does not have.
    """
    known, gone = pairs_of(tx, memory, numbers), tx.retired_among(numbers)
    again = [
        replace(known[number], number=0, at=at, reference=f"{known[number].reference} restored from {number}".strip())
        for number in sorted(gone)
    ]
    restored = tx.append(again)
    tx.note(memory, "restore pairs", {"numbers": list(numbers), "by": by, "reason": reason}, at)
    return restored


def job_of(reader: SiteReader, tx: Transaction, made: Plan, locale: Locale) -> list[tuple[str, Asked]]:
    """What a locale still needs at a revision: each text with its file and its neighbours, in order."""
    work = work_by_locale(reader, tx, made, [locale])[locale]
    found = reader.snapshot(made.revision, {unit.resource for unit, _ in work}).resources
    sides = {path: neighbours(resource.units) for path, resource in found.items()}
    return [
        (unit.resource, Asked(unit.source, unit.resource, unit.key, *sides[unit.resource][unit.key]))
        for unit, _ in work
    ]


def job_of_texts(name: str, texts: Iterable[str]) -> Iterator[tuple[str, Asked]]:
    """A file that is no site's, as a job: its texts in order."""
    for place, text in enumerate(texts, 1):
        yield name, Asked(text, name, (str(place),))

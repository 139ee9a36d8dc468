"""Mongo: the part of MongoDB's query language that clients of the articles use; whatever else is asked is refused in words."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from tm_service.domain.records import Content, Json
from tm_service.web.clearing_house.faults import bad

Filter = Callable[[Content], bool]

_MOST = 200  # conditions of a query
_MOST_VALUES = 1000  # of one list
_DEEPEST = 8
_PREFIX = re.compile(r"\^((?:[^\\^$.|?*+()\[\]{}]|\\[\\^$.|?*+()\[\]{}/ -])*)")
_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "$gte": lambda held, wanted: held >= wanted,
    "$gt": lambda held, wanted: held > wanted,
    "$lte": lambda held, wanted: held <= wanted,
    "$lt": lambda held, wanted: held < wanted,
}
_ALLOWED = "$and, $or, $eq, $ne, $in, $all, $gt, $gte, $lt, $lte, $exists and $regex with a prefix"
_MISSING = object()


def read_json(name: str, written: str) -> dict[str, Any]:
    """A parameter that holds an object; empty for nothing. Raises Answered."""
    if not written:
        return {}
    try:
        found = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise bad(f"The parameter {name} is no JSON; write an object.") from error
    if not isinstance(found, dict):
        raise bad(f"The parameter {name} is no object; write one.")
    return found


def compiled(query: Mapping[str, Any]) -> Filter:
    """A query as a function of a document. Raises Answered naming what is not allowed."""
    budget = [_MOST]
    return _all(query, budget, 0)


def _all(query: Any, budget: list[int], depth: int) -> Filter:
    if not isinstance(query, dict) or depth > _DEEPEST:
        raise bad(f"A filter is an object of conditions, nested {_DEEPEST} deep at most.")
    parts = [part for name, wanted in query.items() for part in _conditions(name, wanted, budget, depth)]
    return lambda document: all(part(document) for part in parts)


def _conditions(name: str, wanted: Any, budget: list[int], depth: int) -> Iterator[Filter]:
    budget[0] -= 1
    if budget[0] < 0:
        raise bad(f"A filter has at most {_MOST} conditions.")
    if name in ("$and", "$or"):
        if not isinstance(wanted, list) or not wanted:
            raise bad(f"{name} takes a list of filters.")
        parts = [_all(one, budget, depth + 1) for one in wanted]
        decide = all if name == "$and" else any
        yield lambda document: decide(part(document) for part in parts)
    elif name.startswith("$"):
        raise bad(f"{name} is not allowed in a filter; there are {_ALLOWED}.")
    elif _has_operators(wanted):
        for operator, operand in wanted.items():
            if operator != "$options":
                budget[0] -= 1
                yield partial(_holds, _test(operator, operand, wanted), name)
    else:
        yield partial(_holds, partial(_equal, _value(wanted)), name)


def _has_operators(wanted: Any) -> bool:
    return isinstance(wanted, dict) and any(name.startswith("$") for name in wanted) and not _is_scalar(wanted)


def _is_scalar(wanted: Any) -> bool:
    return isinstance(wanted, dict) and len(wanted) == 1 and ("$oid" in wanted or "$date" in wanted)


def _holds(test: Callable[[list[Any]], bool], name: str, document: Content) -> bool:
    return test(list(_found(document, name.split("."))))


def _found(held: Any, path: list[str]) -> Iterator[Any]:
    """Everything at a path; lists are gone into, as MongoDB does."""
    if not path:
        yield held
        if isinstance(held, list):
            yield from held
    elif isinstance(held, Mapping):
        if path[0] in held:
            yield from _found(held[path[0]], path[1:])
    elif isinstance(held, list):
        for one in held:
            if isinstance(one, Mapping):
                yield from _found(one, path)


def _test(operator: str, operand: Any, beside: Mapping[str, Any]) -> Callable[[list[Any]], bool]:
    if operator == "$eq":
        return partial(_equal, _value(operand))
    if operator == "$ne":
        wanted = _value(operand)
        return lambda found: not _equal(wanted, found)
    if operator in ("$in", "$all"):
        values = [_value(one) for one in _listed(operator, operand)]
        decide = any if operator == "$in" else all
        return lambda found: decide(_equal(value, found) for value in values)
    if operator in _ORDERED:
        return partial(_compared, _ORDERED[operator], _value(operand))
    if operator == "$exists" and isinstance(operand, bool | int):
        return lambda found: bool(found) == bool(operand)
    if operator in ("$regex", "$$startsWith") and isinstance(operand, str):
        return _prefixed(operator, operand, str(beside.get("$options", "")))
    raise bad(f"{operator} is not allowed in a filter so; there are {_ALLOWED}.")


def _listed(operator: str, operand: Any) -> list[Any]:
    if not isinstance(operand, list) or len(operand) > _MOST_VALUES:
        raise bad(f"{operator} takes a list of {_MOST_VALUES} values at most.")
    return operand


def _prefixed(operator: str, operand: str, options: str) -> Callable[[list[Any]], bool]:
    match = _PREFIX.fullmatch(operand) if operator == "$regex" else None
    if options not in ("", "i") or (operator == "$regex" and match is None):
        raise bad("$regex may only ask for a prefix: ^ and the letters themselves, with the option i or none.")
    prefix = re.sub(r"\\(.)", r"\1", match[1]) if match else operand
    if options:
        wanted = prefix.casefold()
        return lambda found: any(isinstance(one, str) and one.casefold().startswith(wanted) for one in found)
    return lambda found: any(isinstance(one, str) and one.startswith(prefix) for one in found)


def _value(wanted: Any) -> Any:
    """A literal; `{"$oid": ...}` is its digits, `{"$date": ...}` a moment."""
    if not _is_scalar(wanted):
        if isinstance(wanted, dict) and any(name.startswith("$") for name in wanted):
            raise bad(f"{min(wanted)} is no value; write a text, a number, $oid or $date.")
        return wanted
    if "$oid" in wanted:
        return str(wanted["$oid"])
    at = moment(wanted["$date"])
    if at is None:
        raise bad("$date takes a moment in ISO 8601, such as 2026-11-22T09:30:00.000Z.")
    return at


def moment(written: Any) -> datetime | None:
    """An ISO 8601 moment with its zone, UTC where none is said; None for anything else."""
    try:
        at = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _equal(wanted: Any, found: list[Any]) -> bool:
    if wanted is None:
        return not found or None in found
    return any(_like(one, wanted) and _as(one, wanted) == wanted for one in found)


def _compared(order: Callable[[Any, Any], bool], wanted: Any, found: list[Any]) -> bool:
    pairs = ((_as(one, wanted), wanted) for one in found if _like(one, wanted) and not isinstance(one, dict | list))
    return any(held is not None and order(held, asked) for held, asked in pairs)


def _like(one: Any, wanted: Any) -> bool:
    """Values are compared with their own kind only; a flag is no number."""
    if isinstance(one, bool) or isinstance(wanted, bool):
        return isinstance(one, bool) and isinstance(wanted, bool)
    if isinstance(wanted, int | float):
        return isinstance(one, int | float)
    return isinstance(one, str) if isinstance(wanted, datetime) else type(one) is type(wanted)


def _as(one: Any, wanted: Any) -> Any:
    return moment(one) if isinstance(wanted, datetime) else one


def ordered(documents: list[dict[str, Any]], order: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Documents sorted as `s` asks: `{"meta.modifiedOn": -1}`. Raises Answered."""
    for name, way in reversed(list(order.items())):
        if way not in (1, -1) or name.startswith("$"):
            raise bad(f"The order of {name} is neither 1 nor -1.")
        documents = sorted(documents, key=partial(_rank, name.split(".")), reverse=way == -1)
    return documents


def _rank(path: list[str], document: Content) -> tuple[int, Any]:
    found = next(_found(document, path), _MISSING)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return 0, 0
    return (1, found) if isinstance(found, int | float) else (2, found)


def projection(fields: Mapping[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What gives a document with the fields that `f` names, or without those it leaves out. Raises Answered."""
    kept = sorted(name for name, way in fields.items() if way in (1, True))
    if any(name.startswith("$") for name in fields) or len({bool(way) for way in fields.values()}) > 1:
        raise bad("The parameter f names fields with 1, or leaves them out with 0, and never both.")
    if kept:
        return partial(_only, kept)
    return lambda document: {name: value for name, value in document.items() if name not in fields}


def _only(kept: list[str], document: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in ("_id", *kept):
        _copy(document, name.split("."), made)
    return made


def _copy(held: Json, path: list[str], into: dict[str, Any]) -> None:
    name, rest = path[0], path[1:]
    if not isinstance(held, Mapping) or name not in held:
        return
    if not rest:
        into[name] = held[name]
    elif isinstance(held[name], Mapping):
        below = into.setdefault(name, {})
        if isinstance(below, dict):
            _copy(held[name], rest, below)

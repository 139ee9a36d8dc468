"""The shelf: one memory in one language pair, read in either direction, in short transactions of its own."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from heapq import merge
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, and_, bindparam, func, literal, or_, select

from tm_service.database.migrations import Connect
from tm_service.database.rows import chunks
from tm_service.domain.serving import Answer, Translation
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Locale
from tm_service.storage.columns import unescape
from tm_service.storage.entries import ACCEPTED, FIELDS, IN_USE, print_mark, read
from tm_service.storage.tables import retirement, translation

_PAGE = 5000  # rows read in one transaction
_AT_ONCE = 400  # values a statement asks for
_NAMES = [field.name for field in FIELDS]
_PRINT, _SOURCE, _NUMBER = (_NAMES.index(name) for name in ("fingerprint", "source", "number"))
_EXCHANGED = {"source": "target", "target": "source", "locale": "source_locale", "source_locale": "locale"}
_UNKNOWN = frozenset(
    {"fingerprint", "previous", "following"}
)  # of a pair turned round: they name texts of its other side
_ON_SHELF = (
    translation.c.state.in_(ACCEPTED),
    translation.c.answer == Answer.TEXT.value,
    translation.c.source != "",
    translation.c.target != "",
    IN_USE,
)


def _turned_fields() -> list[ColumnElement[Any]]:
    fields = dict(zip(_NAMES, FIELDS, strict=True))
    return [
        literal("").label(name) if name in _UNKNOWN else fields[_EXCHANGED.get(name, name)].label(name)
        for name in _NAMES
    ]


_TURNED = _turned_fields()


class _Direction:
    """The pairs of a memory made in one direction, as statements that are put together once."""

    def __init__(self, memory: str, made_from: Locale, made_in: Locale, *, turned: bool) -> None:
        column, fields = translation.c, _TURNED if turned else FIELDS
        place = (column.site, memory), (column.source_locale, made_from), (column.locale, made_in)
        every = and_(*(name == value for name, value in place))
        # To find a text or a number, a database without statistics would read the whole shelf in its own order.
        self.found = and_(*(name.concat("") == value for name, value in place))
        self.newest = select(column.number).where(every).order_by(column.number.desc()).limit(1)
        wanted = every, column.number > bindparam("last"), column.number <= bindparam("newest")
        self.pairs = select(*fields).where(*wanted, *_ON_SHELF).order_by(column.number).limit(_PAGE)
        self.texts = self.pairs.with_only_columns(fields[_NUMBER], fields[_SOURCE])
        some: BindParameter[Any] = bindparam("wanted", expanding=True)
        self.numbered = select(*fields).where(self.found, column.number.in_(some), *_ON_SHELF)
        if turned:
            same = or_(column.target_print.in_(some), column.target_print.is_(None))
        else:
            same = and_(column.site == memory, column.locale == made_in, column.fingerprint.in_(some))
        self.printed = select(*fields).where(self.found, same, *_ON_SHELF)


class SqlShelf:
    """The `Shelf` port over the tables; may be kept as long as the store, and asked from several threads.

    A pair turned round has no neighbours: those of its target are not known.
    """

    def __init__(self, connect: Connect, store: Callable[[], str], memory: str, source: Locale, target: Locale) -> None:
        if source == target:
            raise ValueError(f"A shelf lies between two languages, not between {source} and itself.")
        self._connect, self._store = connect, store
        self._place = f"{memory}/{source}/{target}"
        self._made = _Direction(memory, source, target, turned=False)
        self._turned = _Direction(memory, target, source, turned=True)
        self._counted = 0, 0  # the newest retirement that was counted, and how many there were up to it
        number = retirement.c.number
        self._new = self._retirements(func.max(number).label("newest"), func.count(number).label("more")).where(
            number > bindparam("last")
        )

    @property
    def identity(self) -> str:
        return f"{self._store()}/{self._place}"

    def position(self) -> tuple[int, int]:
        last, count = self._counted
        with self._connect("read") as connection:
            newest = self._newest(connection)
            new = connection.execute(self._new, {"last": last}).one()
        count += new.more
        self._counted = new.newest or last, count
        return newest, count

    def _newest(self, connection: Connection) -> int:
        return max(connection.execute(way.newest).scalar() or 0 for way in (self._made, self._turned))

    def _retirements(self, *columns: ColumnElement[Any]) -> Select[Any]:
        joined = retirement.join(translation, translation.c.number == retirement.c.translation)
        return select(*columns).select_from(joined).where(or_(self._made.found, self._turned.found))

    def added(self, since: int = 0) -> Iterator[Translation]:
        made, turned = self._halves(self._made.pairs, self._turned.pairs, since)
        yield from merge(map(read, made), map(_turned, turned), key=attrgetter("number"))

    def texts(self, since: int = 0) -> Iterator[tuple[int, str]]:
        for number, source in merge(*self._halves(self._made.texts, self._turned.texts, since), key=itemgetter(0)):
            yield number, unescape(source)

    def _halves(self, made: Select[Any], turned: Select[Any], since: int) -> tuple[Iterator[Any], Iterator[Any]]:
        """Both directions up to what is the newest now: merged, nothing comes later that belongs in between."""
        with self._connect("read") as connection:
            newest = self._newest(connection)
        return self._pages(made, since, newest), self._pages(turned, since, newest)

    def _pages(self, query: Select[Any], last: int, newest: int) -> Iterator[Any]:
        """Page after page, so that no transaction stays open while the caller works."""
        while last < newest:
            with self._connect("read") as connection:
                rows = connection.execute(query, {"last": last, "newest": newest}).all()
            yield from rows
            last = rows[-1].number if len(rows) == _PAGE else newest

    def retired(self, since: int = 0) -> Sequence[int]:
        query = self._retirements(retirement.c.translation).order_by(retirement.c.number)
        with self._connect("read") as connection:
            return connection.execute(query.offset(since)).scalars().all()

    def entries(self, numbers: Collection[int]) -> Mapping[int, Translation]:
        wanted = sorted(set(numbers))
        with self._connect("read") as connection:
            made = [*map(read, _found(connection, self._made.numbered, wanted))]
            turned = [*map(_turned, _found(connection, self._turned.numbered, wanted))]
        return {entry.number: entry for entry in (*made, *turned)}

    def exact(self, fingerprints: Collection[str]) -> Mapping[str, Sequence[Translation]]:
        """Turned pairs are found by the mark of their target, then held against the whole fingerprint."""
        wanted = sorted(set(fingerprints))
        marks = [mark for mark in map(_mark, wanted) if mark is not None]
        with self._connect("read") as connection:
            made = [*map(read, _found(connection, self._made.printed, wanted))]
            turned = [*map(_turned, _found(connection, self._turned.printed, marks))]
        entries: dict[str, list[Translation]] = {print_: [] for print_ in wanted}
        for entry in sorted((*made, *turned), key=lambda entry: (entry.at, entry.number)):
            if entry.fingerprint in entries:
                entries[entry.fingerprint].append(entry)
        return {print_: found for print_, found in entries.items() if found}


def _found(connection: Connection, query: Select[Any], wanted: Sequence[Any]) -> Iterator[Any]:
    for chunk in chunks(wanted, _AT_ONCE):
        yield from connection.execute(query, {"wanted": chunk})


def _turned(row: Any) -> Translation:
    """A row of `_TURNED`; the fingerprint of what is now its source is yet to be made."""
    values = list(row)
    values[_PRINT] = fingerprint(unescape(row[_SOURCE]))
    return read(values)


def _mark(print_: str) -> int | None:
    """None for what names no text, such as a hash that a site declared."""
    try:
        return print_mark(print_)
    except ValueError:
        return None

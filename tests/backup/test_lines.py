"""Lines: every kind of column comes back from its line as it was, from either database, and the same line from both."""

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    create_engine,
    inspect,
)

from tests.backup.houses import kept
from tests.databases import DATABASES
from tm_service.backup.lines import kinds, read, written
from tm_service.bootstrap_backup import ROOMS
from tm_service.database.columns import Moment
from tm_service.domain.errors import ConfigurationError
from tm_service.records.columns import JsonText
from tm_service.storage.columns import Wording

EVERY = Table(
    "every_kind",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("big", BigInteger),
    Column("small", SmallInteger),
    Column("yes", Boolean),
    Column("part", Float),
    Column("plain", Text),
    Column("short", String(64)),
    Column("wording", Wording),
    Column("said", JsonText),
    Column("raw", LargeBinary),
    Column("at", Moment),
    Column("day", Date),
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)  # noqa: DTZ001 - hypothesis adds zones
PLAIN = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=64)
ODD = st.text(st.characters(), max_size=64)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.floats(allow_nan=False) | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD, inner, max_size=3),
    max_leaves=8,
)
ROWS = st.fixed_dictionaries(
    {
        "big": st.none() | st.integers(-(2**63), 2**63 - 1),
        "small": st.none() | st.integers(-(2**15), 2**15 - 1),
        "yes": st.none() | st.booleans(),
        "part": st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.1, 1e300, 5e-324]),
        "plain": st.none() | PLAIN,
        "short": st.none() | PLAIN,
        "wording": st.none() | ODD,
        "said": JSON,
        "raw": st.none() | st.binary(max_size=64),
        "at": st.none() | MOMENTS,
        "day": st.none() | st.dates(),
    }
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory, postgres):
    urls = (f"sqlite:///{tmp_path_factory.mktemp('lines') / 'a.sqlite'}", postgres.create())
    made = {
        name: create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        for name, url in zip(DATABASES, urls, strict=True)
    }
    for engine in made.values():
        EVERY.create(engine)
    yield made
    for engine in made.values():
        engine.dispose()


def reflected(connection):
    return Table(EVERY.name, MetaData(), autoload_with=connection)


def lines_of(connection):
    table = reflected(connection)
    columns = kinds(table)
    rows = connection.execute(table.select().with_only_columns(*(table.c[name] for name in columns)).order_by("number"))
    return list(written(table.name, columns, rows)), columns


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_what_either_database_keeps_is_the_same_line_and_comes_back_from_it_in_the_other(engines, rows):
    numbered = [row | {"number": number} for number, row in enumerate(rows)]
    told = {}
    for name, engine in engines.items():
        with engine.begin() as connection:
            connection.execute(EVERY.insert(), numbered)
            told[name], columns = lines_of(connection)
            connection.rollback()
    assert told["sqlite"] == told["postgresql"]
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") and json.loads(line) for line in told["sqlite"])
    for engine in engines.values():
        with engine.begin() as connection:
            table = reflected(connection)
            connection.execute(table.insert(), list(read("here", columns, told["sqlite"])))
            assert lines_of(connection)[0] == told["sqlite"]
            found = [dict(row) for row in connection.execute(EVERY.select().order_by("number")).mappings()]
            assert found == numbered
            connection.rollback()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_stands_as_a_text_for_json_has_no_word_for_it(value):
    (line,) = written("t", {"part": "number"}, [(value,)])
    assert isinstance(json.loads(line)["part"], str)
    (found,) = read("t", {"part": "number"}, [line])
    assert repr(found["part"]) == repr(value)


def test_a_moment_is_written_in_utc_whatever_its_zone():
    noon = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=2)))
    (line,) = written("t", {"at": "moment"}, [(noon,)])
    assert line == b'{"at":"2026-11-22T10:00:00.000000Z"}\n'
    assert list(read("t", {"at": "moment"}, [line])) == [{"at": datetime(2026, 11, 22, 10, tzinfo=UTC)}]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "7"), ("integer", True), ("integer", 1.0), ("text", b"x"), ("text", 7),
        ("text", "\ud800"), ("boolean", 1), ("number", 7), ("number", "7"), ("bytes", "x"), ("moment", "2026-11-22"),
        ("moment", date(2026, 11, 22)), ("day", "2026-11-22"),
    ],
)  # fmt: skip
def test_what_sqlite_takes_in_the_wrong_place_is_said_and_never_turned_into_something_else(kind, value):
    with pytest.raises(ConfigurationError, match=r"The table t has a row that cannot be kept \(7, .*mend it by hand"):
        list(written("t", {"number": "integer", "x": kind}, [(7, value)]))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("integer", '"7"'), ("integer", "true"), ("integer", "1.0"), ("integer", "1" * 5000), ("text", "7"), ("boolean", "1"),
        ("number", '"7"'),
        ("number", "NaN"), ("number", "[]"), ("bytes", '"no base 64!"'), ("moment", '"2026-11-22T12:00:00.000000"'),
        ("moment", '"2026-11-22T12:00:00Z"'), ("moment", "7"), ("day", '"2026-02-30"'), ("text", "{}"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_as_we_write_it_is_refused_by_its_number(kind, said):
    lines = [b'{"x":null}\n', f'{{"x":{said}}}\n'.encode()]
    with pytest.raises(ConfigurationError, match=r"^there, line 2: .*; the archive cannot be used\.$"):
        list(read("there", {"x": kind}, lines))


def test_no_table_of_the_house_is_forgotten_and_none_is_in_two_rooms(other):
    """A table that is neither in a backup nor known to be made again is a table that a restore would lose."""
    other.backups.sums()
    there = kept(other.home, other.settings.database)
    store = there.backups.store
    with store.connected("read") as connection:
        names = set(inspect(connection).get_table_names())
        columns = {table.name: kinds(table) for room in ROOMS for table in room.reflected(connection)}
    store.close()
    skipped = {name for room in ROOMS for name in (*room.left_out, room.migrations.versions)}
    assert names == columns.keys() | skipped
    assert all(sum(room.has(name) for room in ROOMS) == (name not in skipped) for name in names)

"""Audit: the journal says who, from where and why, and each entry seals all before it; names stand beside it.

The entries that are there are sealed after it, some at a time (`SqlStore.migrate`): a journal of years would keep everybody
else from writing. Older code goes on writing rows without a hash; the next entry of newer code seals them. That `hash` and
`previous` may be NULL is taken away when no older code runs any more.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_audit"
down_revision = "20261122_waiting"
branch_labels = None
depends_on = None

_AT_ONCE = 5000  # rows
_PEOPLE = ("by", "person")  # what details call people who are named in them
_ESCAPED = re.compile("\x1a([0-9a-f]{4})")
_UNWRITABLE = re.compile("[\0\x1a\ud800-\udfff]")
_APPENDED = "'The journal is only appended to.'"
_ERASED = "'A pseudonym is only erased.'"
_ERASES = "NEW.name = '' AND NEW.salt = '' AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.holder = OLD.holder"
# INSERT OR REPLACE deletes without the trigger that refuses to; so it is refused where it would replace.
_SQLITE = f"""
CREATE TRIGGER journal_insert BEFORE INSERT ON journal
    WHEN EXISTS (SELECT 1 FROM journal WHERE number = NEW.number OR previous = NEW.previous)
    BEGIN SELECT RAISE(ABORT, {_APPENDED}); END
CREATE TRIGGER journal_update BEFORE UPDATE ON journal WHEN OLD.hash IS NOT NULL
    BEGIN SELECT RAISE(ABORT, {_APPENDED}); END
CREATE TRIGGER journal_delete BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, {_APPENDED}); END
CREATE TRIGGER pseudonym_insert BEFORE INSERT ON pseudonym WHEN EXISTS (SELECT 1 FROM pseudonym WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, {_ERASED}); END
CREATE TRIGGER pseudonym_update BEFORE UPDATE ON pseudonym WHEN NOT ({_ERASES})
    BEGIN SELECT RAISE(ABORT, {_ERASED}); END
CREATE TRIGGER pseudonym_delete BEFORE DELETE ON pseudonym
    BEGIN SELECT RAISE(ABORT, {_ERASED}); END
"""  # noqa: S608 - all of it stands here
_POSTGRESQL = f"""
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$
CREATE TRIGGER journal_update BEFORE UPDATE ON journal FOR EACH ROW WHEN (OLD.hash IS NOT NULL)
    EXECUTE FUNCTION refuse_change({_APPENDED})
CREATE TRIGGER journal_delete BEFORE DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change({_APPENDED})
CREATE TRIGGER pseudonym_update BEFORE UPDATE ON pseudonym FOR EACH ROW WHEN (NOT ({_ERASES}))
    EXECUTE FUNCTION refuse_change({_ERASED})
CREATE TRIGGER pseudonym_delete BEFORE DELETE OR TRUNCATE ON pseudonym
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change({_ERASED})
"""

journal = sa.table(
    "journal",
    sa.column("number", sa.BigInteger),
    sa.column("site", sa.Text),
    sa.column("verb", sa.Text),
    sa.column("details", sa.Text),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("previous", sa.String),
    sa.column("hash", sa.String),
)
pseudonym = sa.table("pseudonym", *(sa.column(name, sa.Text) for name in ("id", "kind", "holder", "name", "salt")))


def upgrade() -> None:
    for name in ("who", "address"):
        op.add_column("journal", sa.Column(name, sa.String(length=64), nullable=False, server_default=""))
    for name in ("door", "request", "reason"):
        op.add_column("journal", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("previous", "hash"):
        op.add_column("journal", sa.Column(name, sa.String(length=64), nullable=True))
    op.create_table(
        "pseudonym",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pseudonym")),
    )
    op.create_index(op.f("ix_pseudonym_name"), "pseudonym", ["name"])
    op.create_index("ix_journal_previous", "journal", ["previous"], unique=True)
    op.create_index("ix_journal_site", "journal", ["site", "number"])
    _guard(op.get_bind().dialect.name)


def _rows(connection: sa.Connection) -> Iterator[Any]:
    last = -1
    query = sa.select(journal).order_by(journal.c.number).limit(_AT_ONCE)
    while rows := connection.execute(query.where(journal.c.number > last)).all():
        yield rows
        last = rows[-1].number


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


def _escaped(value: str) -> str:
    return _UNWRITABLE.sub(lambda match: f"\x1a{ord(match[0]):04x}", value)


def _guard(database: str) -> None:
    """Triggers that refuse to change what is written; only a row without a hash may be given one."""
    for statement in re.split(r"\n(?=CREATE)", _SQLITE if database == "sqlite" else _POSTGRESQL):
        if statement:
            op.execute(statement)


def downgrade() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    for table in ("journal", "pseudonym"):
        for act in ("insert", "update", "delete") if is_sqlite else ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_{act}" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        op.execute("DROP FUNCTION refuse_change()")
    _name_again(connection)
    op.drop_index("ix_journal_site", "journal")
    op.drop_index("ix_journal_previous", "journal")
    for column in ("hash", "previous", "reason", "request", "address", "door", "who"):
        op.drop_column("journal", column)
    op.drop_table("pseudonym")


def _name_again(connection: sa.Connection) -> None:
    """Older code reads names in details."""
    names = {row.id: _unescaped(row.name) for row in connection.execute(sa.select(pseudonym))}
    filled = sa.update(journal).where(journal.c.number == sa.bindparam("row"))
    for rows in _rows(connection):
        for row in rows:
            said = json.loads(_unescaped(row.details)) if any(f'"{told}"' in row.details for told in _PEOPLE) else {}
            named = {told: names[one] for told in _PEOPLE if isinstance(one := said.get(told), str) and one in names}
            if named:
                told = json.dumps(said | named, ensure_ascii=False, separators=(",", ":"))
                connection.execute(filled, {"row": row.number, "details": _escaped(told)})

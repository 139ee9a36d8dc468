"""Memories: pairs in any direction and what files said beside them, retirements, terms, match classes, the store's name."""

import re
import unicodedata
from collections.abc import Iterator
from hashlib import blake2b
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "20261121_memories"
down_revision = "20261121_first"
branch_labels = None
depends_on = None

_AT_ONCE = 5000  # rows
_ESCAPED = re.compile("\x1a([0-9a-f]{4})")

translation = sa.table(
    "translation",
    sa.column("number", sa.BigInteger),
    sa.column("target", sa.Text),
    sa.column("target_print", sa.BigInteger),
)


def upgrade() -> None:
    op.create_table(
        "retirement",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("translation", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["translation"], ["translation.number"], name=op.f("fk_retirement_translation_translation")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_retirement")),
        sa.UniqueConstraint("translation", name=op.f("uq_retirement_translation")),
    )
    op.create_index(op.f("ix_retirement_sequence"), "retirement", ["sequence"])
    op.create_table(
        "term",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.Column("source_locale", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("part_of_speech", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_term")),
    )
    op.create_index("ix_term_identity", "term", ["identity", "number"])
    op.create_index("ix_term_memory", "term", ["memory", "source_locale", "locale"])
    named = op.create_table(
        "store_identity",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_identity")),
    )
    op.bulk_insert(named, [{"id": uuid4().hex}])
    op.add_column("translation", sa.Column("source_locale", sa.Text(), nullable=False, server_default="en"))
    op.add_column("translation", sa.Column("properties", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("translation", sa.Column("target_print", sa.BigInteger(), nullable=True))
    op.add_column("package_unit", sa.Column("match", sa.Text(), nullable=False, server_default="new"))
    op.add_column("package_unit", sa.Column("percent", sa.Float(), nullable=False, server_default="0"))
    _fill_marks()
    _fill_languages()
    op.create_index("ix_translation_shelf", "translation", ["site", "source_locale", "locale", "number"])
    op.create_index("ix_translation_target_print", "translation", ["target_print"])


def _fill_marks() -> None:
    """Name each target by the beginning of its fingerprint, so that a pair is found from either side."""
    connection = op.get_bind()
    filled = sa.update(translation).where(translation.c.number == sa.bindparam("row"))
    for rows in _targets(connection):
        marks = [{"row": number, "target_print": _mark(target)} for number, target in rows]
        connection.execute(filled, marks)


def _fill_languages() -> None:
    """All sources were English until now, but for sites whose packages say otherwise."""
    op.execute(
        "UPDATE translation SET source_locale = "
        "(SELECT min(source_locale) FROM package WHERE package.site = translation.site) "
        "WHERE site IN (SELECT site FROM package WHERE source_locale <> 'en')"
    )


def _targets(connection: sa.Connection) -> Iterator[list[tuple[int, str]]]:
    last = 0
    query = sa.select(translation.c.number, translation.c.target).order_by(translation.c.number).limit(_AT_ONCE)
    while rows := connection.execute(query.where(translation.c.number > last)).all():
        yield [(number, target) for number, target in rows]
        last = rows[-1].number


def _mark(target: str) -> int:
    """The first 64 bits of the fingerprint as it is on this day, signed."""
    read = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), target)
    seen = unicodedata.normalize("NFC", read.replace("\r\n", "\n").replace("\r", "\n"))
    return int.from_bytes(blake2b(seen.encode("utf-8", "surrogatepass"), digest_size=16).digest()[:8], signed=True)


def downgrade() -> None:
    op.drop_column("package_unit", "percent")
    op.drop_column("package_unit", "match")
    op.drop_index("ix_translation_target_print", "translation")
    op.drop_index("ix_translation_shelf", "translation")
    op.drop_table("store_identity")
    op.drop_table("term")
    op.drop_table("retirement")
    for column in ("target_print", "properties", "source_locale"):
        op.drop_column("translation", column)

"""Filter: the texts of a shelf filed under their rarest elements, so that like ones are found by SQL."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_filter"
down_revision = "20261121_memories"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "filter_filing",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.Column("source_locale", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("rules", sa.String(length=32), nullable=False),
        sa.Column("sampled", sa.Integer(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("forms", sa.BigInteger(), nullable=False),
        sa.Column("pairs", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_filter_filing")),
    )
    op.create_index("ix_filter_filing_shelf", "filter_filing", ["memory", "source_locale", "locale"])
    op.create_table(
        "filter_element",
        sa.Column("filing", sa.Integer(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("often", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("filing", "key", name=op.f("pk_filter_element")),
    )
    op.create_table(
        "filter_form",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filing", sa.Integer(), nullable=False),
        sa.Column("print", sa.BigInteger(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.Column("letters", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_filter_form")),
    )
    op.create_index("ix_filter_form_print", "filter_form", ["filing", "print"])
    op.create_table(
        "filter_pair",
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("form", "number", name=op.f("pk_filter_pair")),
    )
    op.create_table(
        "filter_posting",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.BigInteger(), nullable=False),
        sa.Column("filing", sa.Integer(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("length", sa.SmallInteger(), nullable=False),
    )
    op.create_index("ix_filter_posting_key", "filter_posting", ["key", "filing", "size"])


def downgrade() -> None:
    for table in ("filter_posting", "filter_pair", "filter_form", "filter_element", "filter_filing"):
        op.drop_table(table)

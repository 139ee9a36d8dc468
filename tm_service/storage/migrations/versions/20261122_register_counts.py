"""Register counts: units that are behind, words of package units and figures of receipts are kept; and rates that are paid.

What older code writes beside it has NULL in the new columns and is counted as it is read.
"""

from itertools import islice

import sqlalchemy as sa
from alembic import op

from tm_service.domain.text import words
from tm_service.storage.columns import unescape

revision = "20261122_register_counts"
down_revision = "20261122_register"
branch_labels = None
depends_on = None

_AT_ONCE = 5000
_unit = sa.table("package_unit", *map(sa.column, ("package", "id", "source", "words")))


def upgrade() -> None:
    op.create_table(
        "behind",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", "locale", "resource", "key", name="pk_behind"),
    )
    op.create_index("ix_behind_counted", "behind", ["site", "locale", "since", "cause"])
    op.create_index("ix_behind_longest", "behind", ["site", "locale", "since", "resource", "key"])
    op.create_table(
        "behind_state",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("deployment", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_behind_state"),
    )
    op.create_table(
        "paid_rate",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("percents", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", "locale", name="pk_paid_rate"),
    )
    op.add_column("package", sa.Column("counted", sa.Text()))
    op.add_column("receipt", sa.Column("counted", sa.Text()))
    op.add_column("package_unit", sa.Column("words", sa.Integer()))
    _weigh()
    weight = ["package", "locked", "match", "done", "attention", "words"]
    op.create_index("ix_package_unit_weight", "package_unit", weight)
    op.create_index("ix_package_unit_resource", "package_unit", ["resource", "package"])


def _weigh() -> None:
    """Count the words of what is there, some rows at a time."""
    connection = op.get_bind()
    here = sa.and_(_unit.c.package == sa.bindparam("at"), _unit.c.id == sa.bindparam("unit"))
    counted = sa.update(_unit).where(here).values(words=sa.bindparam("count"))
    packages = connection.execute(sa.select(_unit.c.package).distinct()).scalars().all()
    for name in packages:
        units = iter(connection.execute(sa.select(_unit.c.id, _unit.c.source).where(_unit.c.package == name)).all())
        while some := list(islice(units, _AT_ONCE)):
            connection.execute(
                counted, [{"at": name, "unit": unit, "count": words(unescape(text))} for unit, text in some]
            )


def downgrade() -> None:
    op.drop_index("ix_package_unit_resource", "package_unit")
    op.drop_index("ix_package_unit_weight", "package_unit")
    op.drop_column("package_unit", "words")
    op.drop_column("receipt", "counted")
    op.drop_column("package", "counted")
    op.drop_table("paid_rate")
    op.drop_table("behind_state")
    op.drop_table("behind")

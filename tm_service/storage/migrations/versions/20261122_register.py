"""Register: an alarm is acknowledged once, by a person who says why."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_register"
down_revision = "20261122_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("alarm", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", "alarm", name="pk_acknowledgement"),
    )


def downgrade() -> None:
    op.drop_table("acknowledgement")

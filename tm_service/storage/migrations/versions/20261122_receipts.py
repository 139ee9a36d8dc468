"""Receipts: the outbox carries the answers to returns, and units what their developers said of them."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_receipts"
down_revision = "20261122_handoff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("receipt", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("package_unit", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.add_column("package_unit", sa.Column("limit", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("package_unit", "limit")
    op.drop_column("package_unit", "note")
    op.drop_column("delivery", "receipt")

"""Waiting: deployments name the documents of parity groups that readers keep in an earlier version."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_waiting"
down_revision = "20261122_receipts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deployment", sa.Column("waiting", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("deployment", "waiting")

"""Reminders: the outbox carries letters about packages that are due."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_reminders"
down_revision = "20261122_uploads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("reminder", sa.String(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("delivery", "reminder")

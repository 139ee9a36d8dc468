"""Webhooks: who wants to be told of what, and each message on its way."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_webhooks"
down_revision = "20261122_jobs"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("number", _BIG, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("former_until", sa.DateTime(timezone=True)),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("failing", sa.DateTime(timezone=True)),
        sa.Column("rests", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("number", name="pk_webhook"),
        sa.UniqueConstraint("id", name="uq_webhook_id"),
    )
    op.create_table(
        "webhook_message",
        sa.Column("number", _BIG, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subscription", sa.String(length=32), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease", sa.DateTime(timezone=True)),
        sa.Column("tried", sa.DateTime(timezone=True)),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_webhook_message"),
        sa.UniqueConstraint("id", name="uq_webhook_message_id"),
        sa.ForeignKeyConstraint(["subscription"], ["webhook.id"], name="fk_webhook_message_subscription_webhook"),
    )
    op.create_index("ix_webhook_message_status_due", "webhook_message", ["status", "due"])
    op.create_index("ix_webhook_message_subscription_number", "webhook_message", ["subscription", "number"])


def downgrade() -> None:
    op.drop_table("webhook_message")
    op.drop_table("webhook")

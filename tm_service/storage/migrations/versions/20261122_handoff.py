"""Hand-off: packages for a tool and their versions, what was offered, questions, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_handoff"
down_revision = "20261122_filter"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("package", sa.Column("profile", sa.Text(), nullable=False, server_default="generic"))
    op.add_column("package", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("package_unit", sa.Column("offered", sa.Text(), nullable=False, server_default=""))
    op.add_column("package_unit", sa.Column("attention", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("package_unit", sa.Column("locked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("receipt", sa.Column("details", sa.Text(), nullable=False, server_default="{}"))
    op.create_table(
        "question",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["package"], ["package.id"], name=op.f("fk_question_package_package")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_question")),
        sa.UniqueConstraint("identity", name=op.f("uq_question_identity")),
    )
    op.create_index(op.f("ix_question_site"), "question", ["site"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["package"], ["package.id"], name=op.f("fk_delivery_package_package")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_package"), "delivery", ["package"])
    op.create_index("ix_delivery_next", "delivery", ["status", "next_at"])


def downgrade() -> None:
    op.drop_table("delivery")
    op.drop_table("question")
    op.drop_column("receipt", "details")
    op.drop_column("package_unit", "locked")
    op.drop_column("package_unit", "attention")
    op.drop_column("package_unit", "offered")
    op.drop_column("package", "version")
    op.drop_column("package", "profile")

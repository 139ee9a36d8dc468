"""Desk: wordings of targets that translators are at; and questions are found by their units."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_desk"
down_revision = "20261122_lanes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_target",
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gravity", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("package", "unit", "version", name="pk_desk_target"),
        sa.ForeignKeyConstraint(["package"], ["package.id"], name="fk_desk_target_package_package"),
    )
    op.create_index("ix_question_package", "question", ["package", "unit"])


def downgrade() -> None:
    op.drop_index("ix_question_package", "question")
    op.drop_table("desk_target")

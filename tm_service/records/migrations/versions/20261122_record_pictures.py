"""The records: pictures of documents, each under the digest of what is in it."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_record_pictures"
down_revision = "20261122_records"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_picture",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_record_picture")),
    )
    with op.batch_alter_table("record_picture", schema=None) as batch_op:
        batch_op.create_index("ix_record_picture_at", ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("record_picture")

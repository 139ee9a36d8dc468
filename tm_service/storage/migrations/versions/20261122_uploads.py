"""Uploads: files on their way in, piece by piece; and receipts are found by their site."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_uploads"
down_revision = "20261122_kept_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
    )
    op.create_index("ix_upload_until", "upload", ["until"])
    op.create_table(
        "upload_piece",
        sa.Column("upload", sa.String(length=32), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("upload", "start", name="pk_upload_piece"),
        sa.ForeignKeyConstraint(["upload"], ["upload.id"], name="fk_upload_piece_upload_upload"),
    )
    op.create_index("ix_receipt_site", "receipt", ["site", "at"])


def downgrade() -> None:
    op.drop_index("ix_receipt_site", "receipt")
    op.drop_table("upload_piece")
    op.drop_table("upload")

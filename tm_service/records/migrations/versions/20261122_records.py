"""The records: documents, their revisions and contents, drafts, clashes, locks, links, steps, references."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_records"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_content",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_record_content")),
    )
    op.create_table(
        "record_document",
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("government", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("identifier", name=op.f("pk_record_document")),
    )
    with op.batch_alter_table("record_document", schema=None) as batch_op:
        batch_op.create_index("ix_record_document_modified", ["modified"], unique=False)

    op.create_table(
        "record_ticker",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_ticker")),
    )
    op.create_table(
        "record_clash",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("mine", sa.Text(), nullable=False),
        sa.Column("mine_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["identifier"], ["record_document.identifier"], name=op.f("fk_record_clash_identifier_record_document")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_record_clash")),
    )
    with op.batch_alter_table("record_clash", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_clash_identifier"), ["identifier"], unique=False)

    op.create_table(
        "record_draft",
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["record_content.digest"], name=op.f("fk_record_draft_digest_record_content")
        ),
        sa.ForeignKeyConstraint(
            ["identifier"], ["record_document.identifier"], name=op.f("fk_record_draft_identifier_record_document")
        ),
        sa.PrimaryKeyConstraint("identifier", name=op.f("pk_record_draft")),
    )
    op.create_table(
        "record_lock",
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["identifier"], ["record_document.identifier"], name=op.f("fk_record_lock_identifier_record_document")
        ),
        sa.PrimaryKeyConstraint("identifier", name=op.f("pk_record_lock")),
    )
    op.create_table(
        "record_reference",
        sa.Column("source", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["record_document.identifier"], name=op.f("fk_record_reference_source_record_document")
        ),
        sa.PrimaryKeyConstraint("source", "position", name=op.f("pk_record_reference")),
    )
    with op.batch_alter_table("record_reference", schema=None) as batch_op:
        batch_op.create_index("ix_record_reference_target", ["target"], unique=False)

    op.create_table(
        "record_revision",
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["record_content.digest"], name=op.f("fk_record_revision_digest_record_content")
        ),
        sa.ForeignKeyConstraint(
            ["identifier"], ["record_document.identifier"], name=op.f("fk_record_revision_identifier_record_document")
        ),
        sa.PrimaryKeyConstraint("identifier", "number", name=op.f("pk_record_revision")),
    )
    op.create_table(
        "record_save",
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sent", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["record_content.digest"], name=op.f("fk_record_save_digest_record_content")
        ),
        sa.ForeignKeyConstraint(
            ["identifier"], ["record_document.identifier"], name=op.f("fk_record_save_identifier_record_document")
        ),
        sa.ForeignKeyConstraint(["sent"], ["record_content.digest"], name=op.f("fk_record_save_sent_record_content")),
        sa.PrimaryKeyConstraint("identifier", "number", name=op.f("pk_record_save")),
    )
    op.create_table(
        "record_share",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["identifier"], ["record_document.identifier"], name=op.f("fk_record_share_identifier_record_document")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_record_share")),
        sa.UniqueConstraint("digest", name=op.f("uq_record_share_digest")),
    )
    with op.batch_alter_table("record_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_share_identifier"), ["identifier"], unique=False)

    op.create_table(
        "record_step",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["identifier"], ["record_document.identifier"], name=op.f("fk_record_step_identifier_record_document")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_record_step")),
    )
    with op.batch_alter_table("record_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_step_identifier"), ["identifier"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("record_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_step_identifier"))

    op.drop_table("record_step")
    with op.batch_alter_table("record_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_share_identifier"))

    op.drop_table("record_share")
    op.drop_table("record_save")
    op.drop_table("record_revision")
    with op.batch_alter_table("record_reference", schema=None) as batch_op:
        batch_op.drop_index("ix_record_reference_target")

    op.drop_table("record_reference")
    op.drop_table("record_lock")
    op.drop_table("record_draft")
    with op.batch_alter_table("record_clash", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_clash_identifier"))

    op.drop_table("record_clash")
    op.drop_table("record_ticker")
    with op.batch_alter_table("record_document", schema=None) as batch_op:
        batch_op.drop_index("ix_record_document_modified")

    op.drop_table("record_document")
    op.drop_table("record_content")

"""Jobs: what is asked for now and done by whoever is free, and what its attempts changed."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_jobs"
down_revision = "20261122_audit"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("number", _BIG, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("lease", sa.DateTime(timezone=True)),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("cancelling", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_job"),
        sa.UniqueConstraint("id", name="uq_job_id"),
        sa.UniqueConstraint("key", name="uq_job_key"),
    )
    op.create_index("ix_job_status_due", "job", ["status", "due"])
    op.create_index("ix_job_site_number", "job", ["site", "number"])
    running = sa.text("status = 'running' AND site != ''")
    op.create_index("uq_job_running", "job", ["site"], unique=True, sqlite_where=running, postgresql_where=running)
    op.create_table(
        "job_effect",
        sa.Column("number", _BIG, primary_key=True, autoincrement=True),
        sa.Column("job", sa.String(length=32), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_job_effect"),
        sa.ForeignKeyConstraint(["job"], ["job.id"], name="fk_job_effect_job_job"),
    )
    op.create_index("ix_job_effect_job", "job_effect", ["job", "number"])


def downgrade() -> None:
    op.drop_table("job_effect")
    op.drop_table("job")

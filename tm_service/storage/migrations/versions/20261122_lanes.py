"""Lanes: numbers are given to packages before they are written, and parts of a job are done by several workers at once."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_lanes"
down_revision = "20261122_reminders"
branch_labels = None
depends_on = None

_RUNNING = sa.text("status = 'running' AND site != ''")


def upgrade() -> None:
    op.add_column("site_state", sa.Column("numbered", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("parent", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("job", sa.Column("lane", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_job_parent", "job", ["parent", "number"])
    _one_runs(["site", "lane"])  # code before this writes no lane, and is held to one a site as before


def downgrade() -> None:
    # What is in parts begins anew, and so does each part: as jobs that come one after the other.
    op.execute("UPDATE job SET status = 'waiting', worker = '', lease = NULL WHERE status = 'running' AND parent != ''")
    op.execute("UPDATE job SET status = 'waiting' WHERE status = 'running' AND worker = ''")
    _one_runs(["site"])
    op.drop_index("ix_job_parent", "job")
    op.drop_column("job", "lane")
    op.drop_column("job", "parent")
    op.drop_column("site_state", "numbered")


def _one_runs(columns: list[str]) -> None:
    op.drop_index("uq_job_running", "job")
    op.create_index("uq_job_running", "job", columns, unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING)

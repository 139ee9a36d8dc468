"""The tables of jobs, beside the others."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, String, Table, Text, and_

from tm_service.database.columns import BigId, Moment
from tm_service.storage.columns import Wording
from tm_service.storage.tables import metadata

job = Table(
    "job",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("key", String(200), nullable=False, unique=True),  # who asks twice with it gets the same job
    Column("kind", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("arguments", Wording, nullable=False),  # JSON
    Column("by", Wording, nullable=False),
    Column("asked", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("worker", Text, nullable=False),
    Column("lease", Moment),
    Column("ended", Moment),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("cancelling", Boolean, nullable=False),
    Column("error", Wording, nullable=False),
    Column("result", Wording, nullable=False),  # JSON
    Column("parent", String(32), nullable=False, server_default=""),  # the job that it is a part of
    Column("lane", Text, nullable=False, server_default=""),  # of a part, which of the site's it is
    Index("ix_job_parent", "parent", "number"),
    Index("ix_job_status_due", "status", "due"),
    Index("ix_job_site_number", "site", "number"),
)
# Of one site's jobs one runs at a time, and beside it one part of its own in each lane, whatever workers believe.
Index(
    "uq_job_running",
    job.c.site,
    job.c.lane,
    unique=True,
    sqlite_where=and_(job.c.status == "running", job.c.site != ""),
    postgresql_where=and_(job.c.status == "running", job.c.site != ""),
)

job_effect = Table(
    "job_effect",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("job", String(32), nullable=False),
    Column("verb", Text, nullable=False),
    Column("details", Wording, nullable=False),  # JSON
    ForeignKeyConstraint(["job"], ["job.id"]),
    Index("ix_job_effect_job", "job", "number"),
)

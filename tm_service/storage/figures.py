"""Figures: counts over the tables, each one statement, for those who watch the house."""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, extract, func, select
from sqlalchemy.pool import QueuePool

from tm_service.database.rows import Rows, chunks
from tm_service.domain.deployments import Coverage, Tally
from tm_service.domain.figures import Figures, Packaged, Returned, Spent
from tm_service.domain.jobs import OVER, JobStatus
from tm_service.domain.packages import OPEN
from tm_service.domain.text import words
from tm_service.domain.units import Locale
from tm_service.storage.job_tables import job
from tm_service.storage.tables import delivery, deployment, package, package_unit, receipt
from tm_service.storage.webhook_tables import webhook_message

_CHUNK = 400
_DAY = timedelta(days=1)
_HOOKS = select(webhook_message.c.event, webhook_message.c.status, func.count()).group_by(
    webhook_message.c.event, webhook_message.c.status
)
_ASKED = job.c.parent == ""  # parts of jobs are counted in the jobs
_BY_SITE = select(deployment.c.site, func.count()).group_by(deployment.c.site)


class Counts(Rows):
    def figures(self, now: datetime) -> Figures:
        return Figures(
            jobs=self._counted(
                select(job.c.kind, job.c.status, func.count()).where(_ASKED).group_by(job.c.kind, job.c.status)
            ),
            oldest=self._oldest(now),
            spent=self._spent(now),
            lost=self.connection.scalar(select(func.coalesce(func.sum(job.c.lost), 0))) or 0,
            packages=self._counted(
                select(package.c.site, package.c.locale, package.c.status, func.count()).group_by(
                    package.c.site, package.c.locale, package.c.status
                )
            ),
            overdue=self._overdue(now.date()),
            returned=self._returned(),
            deployments={site: count for (site,), count in self._counted(_BY_SITE).items()},
            coverage=self._covered(),
            postings=self._counted(
                select(delivery.c.channel, delivery.c.status, func.count()).group_by(
                    delivery.c.channel, delivery.c.status
                )
            ),
            hooks=self._counted(_HOOKS),
            connections=self._connections(),
        )

    def packaged(self, known: Collection[str] = ()) -> Mapping[str, Packaged]:
        rows = self.connection.execute(select(package.c.id, package.c.site, package.c.locale))
        fresh = {row.id: (row.site, row.locale) for row in rows if row.id not in known}
        units, weights = dict.fromkeys(fresh, 0), dict.fromkeys(fresh, 0)
        counted = cache(words)  # each language has the same sources
        for chunk in chunks(list(fresh), _CHUNK):
            query = select(package_unit.c.package, package_unit.c.source).where(
                package_unit.c.package.in_(chunk), package_unit.c.locked.is_(False)
            )
            for name, source in self.connection.execute(query):
                units[name] += 1
                weights[name] += counted(source)
        return {name: Packaged(*place, units[name], weights[name]) for name, place in fresh.items()}

    def _counted(self, query: Select[Any]) -> dict[Any, int]:
        return {tuple(row[:-1]): row[-1] for row in self.connection.execute(query)}

    def _oldest(self, now: datetime) -> float:
        waiting = (job.c.status == JobStatus.WAITING, job.c.due <= now)
        due = self.connection.scalar(select(func.min(job.c.due)).where(*waiting))
        return max(0.0, (now - due).total_seconds()) if due else 0.0

    def _spent(self, now: datetime) -> dict[tuple[str, str], Spent]:
        took = extract("epoch", job.c.ended) - extract("epoch", job.c.due)
        query = select(job.c.kind, job.c.status, func.count(), func.sum(took)).where(_ASKED)
        ended = (job.c.status.in_(OVER), job.c.ended >= job.c.due, job.c.ended > now - _DAY)
        return {
            (kind, status): Spent(count, float(seconds))
            for kind, status, count, seconds in self.connection.execute(
                query.where(*ended).group_by(job.c.kind, job.c.status)
            )
        }

    def _overdue(self, today: date) -> dict[tuple[str, Locale], int]:
        late = (package.c.due != "", package.c.due < today.isoformat())
        query = select(package.c.site, package.c.locale, func.count()).where(package.c.status.in_(OPEN), *late)
        return self._counted(query.group_by(package.c.site, package.c.locale))

    def _returned(self) -> dict[tuple[str, str], Returned]:
        query = select(receipt.c.site, receipt.c.outcome, func.count(), func.sum(receipt.c.accepted))
        rows = self.connection.execute(query.group_by(receipt.c.site, receipt.c.outcome))
        return {(site, outcome): Returned(count, int(accepted)) for site, outcome, count, accepted in rows}

    def _covered(self) -> dict[tuple[str, Locale], Coverage]:
        newest = select(deployment.c.site, func.max(deployment.c.number)).group_by(deployment.c.site)
        found: dict[tuple[str, Locale], Coverage] = {}
        for site, number in self.connection.execute(newest).all():
            mine = (deployment.c.site == site, deployment.c.number == number)
            written = self.connection.scalar(select(deployment.c.coverage).where(*mine)) or "{}"
            for locale, entry in json.loads(written).items():
                found[site, locale] = Coverage(Tally(**entry["units"]), Tally(**entry["words"]))
        return found

    def _connections(self) -> tuple[int, int]:
        """Used and open, without the one that asks."""
        pool = self.connection.engine.pool
        if not isinstance(pool, QueuePool):
            return 0, 0
        used = pool.checkedout() - 1
        return used, used + pool.checkedin()

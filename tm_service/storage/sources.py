"""Sources: every wording a unit ever had, where it moved from, and how far the history was learned."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import and_, delete, select

from tm_service.database.rows import Rows, chunks
from tm_service.domain.units import Commit, FileChange, Key, Revision, UnitId
from tm_service.storage.rows import dump_key, load_key
from tm_service.storage.tables import lineage, site_state, source, unclaimed


class Sources(Rows):
    def learn_sources(self, site: str, units: Iterable[tuple[UnitId, str]]) -> None:
        rows = [
            {"site": site, "resource": resource, "key": dump_key(key), "text": text} for (resource, key), text in units
        ]
        for chunk in chunks(rows, 5000):
            self.connection.execute(source.insert(), chunk)

    def sources(self, site: str, resource: str) -> Mapping[Key, Sequence[str]]:
        query = select(source.c.key, source.c.text).where(source.c.site == site, source.c.resource == resource)
        found: dict[Key, list[str]] = defaultdict(list)
        for key, text in self.connection.execute(query.order_by(source.c.number)):
            found[load_key(key)].append(text)
        return found

    def source_paths(self, site: str) -> frozenset[str]:
        query = select(source.c.resource).where(source.c.site == site).distinct()
        return frozenset(self.connection.execute(query).scalars())

    def leave_unclaimed(self, site: str, name: str, commit: Commit, change: FileChange) -> None:
        row = {
            "site": site,
            "path": change.path,
            "name": name,
            "blob": change.after,
            "revision": commit.revision.id,
            "at": commit.revision.at,
            "author": commit.author,
        }
        statement = self.insert(unclaimed).values(row)
        self.connection.execute(statement.on_conflict_do_update(index_elements=["site", "path"], set_=row))

    def claim(self, site: str, names: Collection[str]) -> Sequence[Commit]:
        found = []
        for chunk in chunks(sorted(set(names)), 400):
            here = and_(unclaimed.c.site == site, unclaimed.c.name.in_(chunk))
            query = select(unclaimed).where(here)
            found += [
                Commit(Revision(row.revision, row.at), row.author, "", (FileChange(row.path, None, row.blob),))
                for row in self.connection.execute(query)
            ]
        return sorted(found, key=lambda commit: (commit.revision.at, commit.changes[0].path))

    def claimed(self, site: str, path: str) -> None:
        self.connection.execute(delete(unclaimed).where(unclaimed.c.site == site, unclaimed.c.path == path))

    def learned(self, site: str) -> str:
        query = select(site_state.c.learned).where(site_state.c.site == site)
        return self.connection.execute(query).scalar_one_or_none() or ""

    def set_learned(self, site: str, revision: str) -> None:
        statement = self.insert(site_state).values(site=site, learned=revision)
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=["site"], set_={"learned": revision}),
        )

    def trace(self, site: str, moves: Mapping[UnitId, UnitId]) -> None:
        rows = [
            {
                "site": site,
                "resource": to[0],
                "key": dump_key(to[1]),
                "from_resource": was[0],
                "from_key": dump_key(was[1]),
            }
            for to, was in moves.items()
        ]
        if rows:
            self.connection.execute(lineage.insert(), rows)

    def lineage(self, site: str, units: Collection[UnitId]) -> Mapping[UnitId, UnitId]:
        wanted, found = set(units), {}
        for resources in chunks(sorted({resource for resource, _ in wanted}), 400):
            query = select(lineage).where(lineage.c.site == site, lineage.c.resource.in_(resources))
            for row in self.connection.execute(query.order_by(lineage.c.number)).mappings():
                unit = row["resource"], load_key(row["key"])
                if unit in wanted:
                    found[unit] = row["from_resource"], load_key(row["from_key"])
        return found

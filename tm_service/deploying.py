"""Deploying: moves what readers see, of one site or of several as one, and carries it into repositories and record stores."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace

from tm_service.domain import sentences
from tm_service.domain.deployments import Deployment
from tm_service.domain.errors import ConfigurationError, Conflict
from tm_service.domain.findings import Finding
from tm_service.domain.jobs import Cancelled, LostLease
from tm_service.domain.ports import Clock, CodeReader, Store, Transaction
from tm_service.domain.serving import Waiver
from tm_service.usecases.closed_gate import noting_closed_gate
from tm_service.usecases.deploy import Deployed, deploy, push_catalogs, write_back
from tm_service.usecases.plan import base_of, plan
from tm_service.usecases.reading import SiteReader
from tm_service.usecases.report import Gate, gate
from tm_service.usecases.usage import reach_alarms

_TRIES = 3  # a site that moves while we deploy is read anew


@dataclass(frozen=True)
class Deploying:
    """What the switchboard asks of deployments that are to be made; `catalogs` gives those of one that was made."""

    reader: Callable[[str], AbstractContextManager[SiteReader]]
    store: Store
    code: Callable[[], CodeReader]
    waivers: Callable[[Transaction, str], list[Waiver]]
    catalogs: Callable[[str, int], Mapping[str, bytes]]
    clock: Clock

    def check(self, name: str, ref: str) -> Gate:
        """What a deployment would serve, and whether it may; nothing is kept."""
        with self.reader(name) as reader:
            lost = self._no_longer_reached(reader, self._latest(name), ref)
            with self.store.begin() as tx:
                tx.rehearse()
                made = plan(reader, tx, ref, self.clock(), self.waivers(tx, name))
                return gate(reader, tx, replace(made, findings=(*made.findings, *lost)))

    def deploy(self, names: Sequence[str], ref: str, *, push: bool, rehearse: bool) -> list[Deployed]:
        """All of these sites or none of them, the first one at `ref`.

        Raises GateClosed, Conflict after trying again, ConnectorError.
        """
        if len(set(names)) < len(names):
            raise ConfigurationError(f"{', '.join(names)} name a site twice; name each once.")
        for _ in range(_TRIES - 1):
            try:
                return self._tried(names, ref, push=push, rehearse=rehearse)
            except (LostLease, Cancelled):
                raise
            except Conflict:
                continue
        return self._tried(names, ref, push=push, rehearse=rehearse)

    def _tried(self, names: Sequence[str], ref: str, *, push: bool, rehearse: bool) -> list[Deployed]:
        with ExitStack() as opened:
            opened.enter_context(noting_closed_gate(self.store, self.clock, names, ref, rehearse=rehearse))
            readers = [opened.enter_context(self.reader(name)) for name in names]
            return self._deployed(readers, [ref, *("" for _ in names[1:])], push=push, rehearse=rehearse)

    def write_back(self, name: str, number: int) -> None:
        """Write a deployment back to its record store, where none has noted that it was; harmless where it was all the same.

        Raises NotFound, ConnectorError.
        """
        with self.store.read() as tx:
            entry = tx.deployment(name, number)
        if entry.commit:
            return
        with self.reader(name) as reader:
            self._written_back(reader, entry)

    def _deployed(
        self, readers: Sequence[SiteReader], refs: Sequence[str], *, push: bool, rehearse: bool
    ) -> list[Deployed]:
        """Raises Conflict where somebody else deployed while the site's code was read, which takes longer than a lock may."""
        known = [self._latest(reader.site.name) for reader in readers]
        lost = [self._no_longer_reached(*asked) for asked in zip(readers, known, refs, strict=True)]
        made: list[Deployed] = []
        sends = push and not rehearse
        with self.store.begin() as tx:
            if rehearse:
                tx.rehearse()
            for reader, last, ref, alarms in zip(readers, known, refs, lost, strict=True):
                site = reader.site
                if site.source_code and tx.latest(site.name) != last:
                    raise Conflict(sentences.DEPLOYED_MEANWHILE.say(site=site.name))
                waivers = self.waivers(tx, site.name)
                made.append(deploy(reader, tx, ref, now=self.clock(), waivers=waivers, lost=alarms, push=sends))
            if sends:  # once all of them may be deployed
                made = [
                    deployed if reader.site.is_record_store else push_catalogs(reader, tx, deployed)
                    for reader, deployed in zip(readers, made, strict=True)
                ]
        return [
            self._carried(reader, deployed) if sends and reader.site.is_record_store else deployed
            for reader, deployed in zip(readers, made, strict=True)
        ]

    def _carried(self, reader: SiteReader, deployed: Deployed) -> Deployed:
        entry, said = self._written_back(reader, deployed.deployment)
        made = replace(deployed.plan, findings=(*deployed.plan.findings, *said))
        return replace(deployed, deployment=entry, plan=made)

    def _written_back(self, reader: SiteReader, entry: Deployment) -> tuple[Deployment, tuple[Finding, ...]]:
        made, said = write_back(reader, entry, self.catalogs(entry.site, entry.number))
        with self.store.begin() as tx:
            tx.set_commit(made.site, made.number, made.commit)
        return made, said

    def _latest(self, name: str) -> Deployment | None:
        with self.store.read() as tx:
            return tx.latest(name)

    def _no_longer_reached(self, reader: SiteReader, last: Deployment | None, ref: str) -> list[Finding]:
        """Message files that the site's code imported when it was last deployed; asked where its code is described."""
        settings, head, base = reader.site.source_code, reader.connector.resolve(ref), base_of(reader, last)
        if settings is None or base is None or base.id == head.id:
            return []
        return reach_alarms(reader, self.code(), base.id, head.id, settings)

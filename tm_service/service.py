"""The switchboard: every verb of the house, in the order of the walk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from tm_service.answer_verbs import AnswerVerbs
from tm_service.article_verbs import ArticleVerbs, Lists
from tm_service.audit_verbs import AuditVerbs
from tm_service.backup_verbs import KeptBackups
from tm_service.deploying import Deploying
from tm_service.deployment_verbs import DeploymentVerbs
from tm_service.desk_verbs import DeskVerbs
from tm_service.domain.changes import ChangeSet
from tm_service.domain.deployments import Deployment
from tm_service.domain.errors import ConfigurationError, NotFound
from tm_service.domain.jobs import Job
from tm_service.domain.packages import Package, Receipt
from tm_service.domain.permissions import Grant
from tm_service.domain.ports import (
    Adviser,
    Channel,
    Checker,
    Checkout,
    Clock,
    CodeReader,
    Exporter,
    Extractions,
    Extractor,
    Matcher,
    MemoryRoom,
    PeopleRoom,
    RecordRoom,
    SiteConnector,
    Store,
    Transaction,
)
from tm_service.domain.serving import Waiver
from tm_service.domain.site import Site
from tm_service.domain.units import Key, Locale
from tm_service.handoff_verbs import HandoffVerbs
from tm_service.job_verbs import JobVerbs
from tm_service.memory_verbs import MemoryVerbs
from tm_service.people_verbs import PeopleVerbs, no_people_verbs
from tm_service.register_verbs import RegisterVerbs
from tm_service.usecases import learn as learning
from tm_service.usecases.advice import Advice, advice
from tm_service.usecases.deploy import Deployed, catalogs_of, roll_back
from tm_service.usecases.detect import changes_between
from tm_service.usecases.hard_coded import HardCodedReport, hard_coded
from tm_service.usecases.leverage import reading
from tm_service.usecases.plan import base_of
from tm_service.usecases.reading import SiteReader
from tm_service.usecases.replay import Progress, Replay, own_build, read_seen, releases_of, replay
from tm_service.usecases.report import (
    OUTCOMES,
    CoverageReport,
    Estimate,
    Explanation,
    Gate,
    SiteReport,
    check_site,
    estimate,
    explain,
    priced,
    report_coverage,
)
from tm_service.usecases.usage import SiteUsage, site_usage
from tm_service.usecases.views import Views, coverage_by_view
from tm_service.usecases.waive import valid_waivers, waive
from tm_service.waiting_verbs import WaitingVerbs
from tm_service.webhook_verbs import Outside, WebhookVerbs, no_outside

__all__ = ["OUTCOMES", "Deployed", "Service"]


@dataclass(frozen=True)
class Service:
    """Everything a door may ask for; one method a verb."""

    sites: Callable[[], Mapping[str, Site]]
    store: Store
    connect: Callable[[Site], SiteConnector]
    extractor: Callable[[str, str], Extractor]
    extractions: Extractions
    match: Matcher
    memory_room: Callable[[], MemoryRoom]
    records: Callable[[], RecordRoom]
    people: Callable[[], PeopleRoom]
    exporter: Exporter
    checker: Checker
    adviser: Adviser
    code: Callable[[], CodeReader]
    channels: Callable[[Site], Mapping[str, Channel]]
    checkout: Checkout
    scratch: Callable[[], Store]
    clock: Clock
    secret: Callable[[], bytes]
    lists: Lists = field(default_factory=Lists)
    hint: Callable[[Job], None] = lambda _job: None
    outside: Callable[[], Outside] = no_outside
    signing: Callable[[], PeopleVerbs] = no_people_verbs
    backups: Callable[[], KeptBackups] | None = None  # where they are made again and again

    def site(self, name: str) -> Site:
        """Raises NotFound naming the sites there are."""
        sites = self.sites()
        if name not in sites:
            there = f"there are {', '.join(sorted(sites))}" if sites else "there is none yet"
            raise NotFound(f"There is no site {name}: {there}; add one with `tm-service site add sites.toml`.")
        return sites[name]

    def known_grants(self, grants: Iterable[Grant]) -> frozenset[Grant]:
        """These grants, all on sites and in locales that there are. Raises NotFound."""
        found = frozenset(grants)
        for grant in found:
            sites = [self.site(grant.site)] if grant.site else self.sites().values()
            locales = {locale for site in sites for locale in (site.source, *site.locales)}
            if grant.locale and grant.locale not in locales:
                raise NotFound(f"No site of {grant} has the locale {grant.locale}; name one that has, or none.")
        return found

    @contextmanager
    def reader(self, name: str) -> Iterator[SiteReader]:
        """A site as it is now, its remote fetched; closed at the end."""
        site = self.site(name)
        connector = self.connect(site)
        try:
            connector.refresh()
            yield SiteReader(site, connector, self.extractor, self.match, self.extractions)
        finally:
            connector.close()
            self.extractions.flush()

    def check_site(self, name: str, ref: str = "") -> SiteReport:
        with self.reader(name) as reader:
            return check_site(reader, ref)

    def usage(self, name: str, ref: str = "", base: str = "") -> SiteUsage:
        with self.reader(name) as reader:
            return site_usage(reader, self.code(), ref, reader.site.source_code, base=base)

    def hard_coded(self, name: str, ref: str = "", least: int = 50) -> HardCodedReport:
        with self.reader(name) as reader:
            return hard_coded(reader, self.code(), ref, reader.site.source_code, least=least)

    def advice(self, name: str, base: str = "", head: str = "") -> Advice:
        with self.reader(name) as reader:
            settings = reader.site.source_code
            return advice(reader, self.adviser, self.code(), base=base, head=head, settings=settings)

    def learn(
        self, name: str, *, history: bool = False, ref: str = "", progress: learning.Progress = learning.unheard
    ) -> learning.Learned:
        with self.reader(name) as reader:
            revision = reader.connector.resolve(ref)
            if history:
                return learning.learn_history_apart(reader, self.store, revision, self.clock(), progress)
            with self.store.begin() as tx:
                return learning.learn_head(reader, tx, revision, self.clock())

    def detect(self, name: str, ref: str = "", base: str = "") -> ChangeSet:
        with self.reader(name) as reader, self.store.read() as tx:
            start = reader.connector.resolve(base) if base else base_of(reader, tx.latest(name))
            return changes_between(reader, start, reader.connector.resolve(ref))

    def estimate(self, name: str, base: str, head: str) -> Estimate:
        room, site = self.memory_room(), self.site(name)
        room.catch_up(reading(site, locale) for locale in site.locales)
        with self.reader(name) as reader, self.store.begin() as tx:
            tx.rehearse()
            for ref in (base, head):
                learning.catch_up(reader, tx, reader.connector.resolve(ref), self.clock())
            found = estimate(reader, tx, room, base, head)
        return priced(found, self.register.rates(name))

    def package(
        self, name: str, *, locales: tuple[Locale, ...] = (), due: date | None = None, ref: str = ""
    ) -> list[tuple[Package, str, bytes]]:
        """One package a locale, as the site's settings say. Raises NotFound, ConfigurationError."""
        house = self.handoffs
        return house.package(name, house.order(name, locales=locales, due=due), ref)

    def take_in(self, name: str, content: bytes, *, rehearse: bool = False) -> Receipt:
        """Raises ReturnRejected."""
        return self.handoffs.take_in(name, content, rehearse=rehearse)

    def check(self, name: str, ref: str = "") -> Gate:
        """What a deployment would serve, and whether it may; nothing is kept."""
        return self._deploying.check(name, ref)

    def deploy(self, name: str, ref: str = "", *, push: bool = False, rehearse: bool = False) -> Deployed:
        """Raises GateClosed, Conflict after trying again, ConnectorError."""
        return self.deploy_together([name], ref, push=push, rehearse=rehearse)[0]

    def deploy_together(
        self, names: Sequence[str], ref: str = "", *, push: bool = False, rehearse: bool = False
    ) -> list[Deployed]:
        """All of these sites or none of them, the first one at `ref`, so that catalogs and articles move as one.

        Raises GateClosed, Conflict after trying again, ConnectorError.
        """
        return self._deploying.deploy(names, ref, push=push, rehearse=rehearse)

    def write_back(self, name: str, number: int) -> None:
        """Write a deployment back to its record store, where that is not noted yet. Raises NotFound, ConnectorError."""
        self._deploying.write_back(self.site(name).name, number)

    def latest(self, name: str) -> Deployment | None:
        with self.store.read() as tx:
            return tx.latest(name)

    def write_catalogs(self, folder: Path, deployment: Deployment) -> tuple[str, ...]:
        """Write the six catalogs of a deployment into a checkout; returns the paths that changed.

        Raises ConfigurationError, also for a record store: what it has is no file of anybody's checkout.
        """
        if self.site(deployment.site).is_record_store:
            raise ConfigurationError(f"{deployment.site} is a record store; its documents are written back by --push.")
        if not folder.is_dir():
            raise ConfigurationError(f"{folder} is no folder; name the checkout to write into.")
        return self.checkout.write(folder, self.catalogs(deployment.site, deployment.number))

    def catalogs(self, name: str, number: int) -> dict[str, bytes]:
        site = self.site(name)
        with self.store.read() as tx:
            deployment = tx.deployment(site.name, number)
            return catalogs_of(tx, deployment, site, lambda rule: self.extractor(rule.extractor, rule.dialect))

    def coverage(self, name: str, number: int | None = None) -> CoverageReport:
        with self.store.read() as tx:
            return report_coverage(tx, self.site(name), number)

    def coverage_by_view(self, name: str, number: int | None = None) -> Views:
        """Raises NotFound where nothing was deployed yet."""
        deployment = self.coverage(name, number).deployment
        with self.reader(name) as reader, self.store.read() as tx:
            usage = site_usage(reader, self.code(), deployment.revision, reader.site.source_code)
            return coverage_by_view(reader, tx, usage, deployment)

    def deployment(self, name: str, number: int) -> Deployment:
        """Raises NotFound."""
        with self.store.read() as tx:
            return tx.deployment(self.site(name).name, number)

    def deployments(self, name: str) -> list[Deployment]:
        with self.store.read() as tx:
            return list(tx.deployments(self.site(name).name))

    def explain(self, name: str, locale: Locale, resource: str, key: str, number: int = 0) -> Explanation:
        with self.store.read() as tx:
            return explain(tx, self.site(name), locale, resource, key, number)

    def rollback(self, name: str, number: int) -> Deployment:
        with self.store.begin() as tx:
            return roll_back(tx, self.site(name).name, number, self.clock())

    def waive(
        self, name: str, locale: Locale, resource: str, key: Key, *, by: str, reason: str, until: datetime
    ) -> Waiver:
        unit, now = (locale, resource, key), self.clock()
        site, now, secret = self.site(name), self.clock(), self.secret()
        with self.store.begin() as tx:
            unit = (locale, resource, key)
            return waive(tx, site, unit=unit, by=by, reason=reason, now=now, until=until, secret=secret)

    def replay(
        self,
        name: str,
        *,
        tags: str = "*",
        deployments: Path | None = None,
        seen: Path | None = None,
        progress: Progress = lambda _name, _done, _all: None,
    ) -> Replay:
        saw = read_seen(seen) if seen else {}
        with self.reader(name) as reader:
            last = reader.connector.resolve("").at
            releases = releases_of(reader.connector, tags, deployments, last=last)
            return replay(reader, self.scratch(), releases, seen=saw, progress=progress)

    def own_build(self, name: str, ref: str) -> dict[Locale, tuple[int, int]]:
        """Without this service: strings that the site's own display rule shows in the source language, and all strings."""
        with self.reader(name) as reader:
            return own_build(reader, ref)

    @property
    def _deploying(self) -> Deploying:
        return Deploying(self.reader, self.store, self.code, self._waivers, self.catalogs, self.clock)

    @property
    def handoffs(self) -> HandoffVerbs:
        """What is asked of packages and their returns."""
        return HandoffVerbs(
            self.sites,
            self.site,
            self.reader,
            self.store,
            self.memory_room,
            self.exporter,
            self.checker,
            self.code,
            self.channels,
            self._waivers,
            self.clock,
        )

    @property
    def desk(self) -> DeskVerbs:
        """What is asked of the translator's desk."""
        return DeskVerbs(self.sites, self.store, self.memory_room, self.exporter, self.checker, self.clock)

    @property
    def articles(self) -> ArticleVerbs:
        """What is asked of articles and records as readers see them."""
        room = self.records()
        return ArticleVerbs(
            self.sites,
            self.store,
            room.cleaned,
            room.schema,
            lambda schema, document: room.public(schema.name, document),
            self.lists,
        )

    @property
    def audit(self) -> AuditVerbs:
        """What is asked of the journal of all changes."""
        return AuditVerbs(self.store, self.clock)

    @property
    def releases(self) -> DeploymentVerbs:
        """What is asked of deployments: what they served, and what differs between two."""
        return DeploymentVerbs(self.site, self.store, self.clock, self._waivers)

    @property
    def register(self) -> RegisterVerbs:
        """What the Secretariat keeps in view."""
        return RegisterVerbs(self.site, self.store, self.memory_room, self.clock)

    @property
    def waiting(self) -> WaitingVerbs:
        """What waits for a person."""
        return WaitingVerbs(
            self.sites,
            self.store,
            self.people,
            self.records,
            self.desk,
            lambda site: self.register.alarms(site, self.register.packages(site)),
            self.jobs,
            self.exporter,
            lambda: self.signing().mail(),
            self.clock,
        )

    @property
    def jobs(self) -> JobVerbs:
        """What is asked for now and done by whoever is free."""
        return JobVerbs(self.site, self.store, self.clock, self.hint)

    @property
    def webhooks(self) -> WebhookVerbs:
        """What git hosts tell us, and what we tell others."""
        return WebhookVerbs(self.site, self.store, self.clock, self.hint, self.outside)

    @property
    def answers(self) -> AnswerVerbs:
        """What was answered to requests that carried a key."""
        return AnswerVerbs(self.store, self.clock, self.secret)

    @property
    def memories(self) -> MemoryVerbs:
        """What is asked of the memories and their terms."""
        return MemoryVerbs(self.sites, self.site, self.reader, self.store, self.memory_room, self.clock)

    def _waivers(self, tx: Transaction, name: str) -> list[Waiver]:
        return valid_waivers(tx, name, self.secret())

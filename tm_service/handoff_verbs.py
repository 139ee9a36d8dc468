"""Hand-off verbs: what is asked of packages and their returns, between the doors and the use cases."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date

from tm_service.domain.deliveries import Carried, Posting, carried
from tm_service.domain.errors import ConfigurationError, NotFound
from tm_service.domain.packages import Package, PackageStatus, Question, Receipt
from tm_service.domain.permissions import Place
from tm_service.domain.ports import Channel, Checker, Clock, CodeReader, Exporter, MemoryRoom, Store, Transaction
from tm_service.domain.serving import Waiver
from tm_service.domain.site import Site
from tm_service.domain.units import Document, Locale, Revision, UnitId
from tm_service.usecases import dispatch
from tm_service.usecases.examine import Intake, examine, recognised
from tm_service.usecases.learn import catch_up_apart
from tm_service.usecases.package import Packaging
from tm_service.usecases.package_draft import Order
from tm_service.usecases.reading import SiteReader
from tm_service.usecases.take_in import take_in
from tm_service.usecases.uploads import Uploads
from tm_service.usecases.usage import site_usage

MAIL, FOLDER = "mail", "folder"


@dataclass(frozen=True)
class HandoffVerbs:
    """What a door may ask of packages and returns; one method a verb."""

    sites: Callable[[], Mapping[str, Site]]
    site: Callable[[str], Site]
    reader: Callable[[str], AbstractContextManager[SiteReader]]
    store: Store
    room: Callable[[], MemoryRoom]
    exporter: Exporter
    checker: Checker
    code: Callable[[], CodeReader]
    channels: Callable[[Site], Mapping[str, Channel]]
    waivers: Callable[[Transaction, str], list[Waiver]]
    clock: Clock

    def package(self, name: str, order: Order, ref: str = "") -> list[tuple[Package, str, bytes]]:
        """Raises NotFound, ConfigurationError."""
        site = self.refuse_order(name, order.locales, order.profile)
        with self.reader(name) as reader:
            now = self.clock()
            revision = catch_up_apart(reader, self.store, ref, now)
            appears = self._appears(reader, revision.id)
            work = Packaging(reader, self.store, self.exporter, self.room(), self.waivers, now, appears)
            locales = tuple(dict.fromkeys(order.locales or site.locales))
            return work.handed_off(revision, replace(order, locales=locales))

    def learned(self, name: str, ref: str = "") -> Revision:
        """The revision of that name as it is now, up to which all that was delivered is on the shelves. Raises NotFound."""
        with self.reader(name) as reader:
            return catch_up_apart(reader, self.store, ref, self.clock())

    def refuse_order(self, name: str, locales: Sequence[str], profile: str) -> Site:
        """The site, where it can be packaged so. Raises NotFound for a locale it has not, ConfigurationError for no tool."""
        site = self.site(name)
        for locale in locales:
            if locale not in site.locales:
                raise NotFound(f"Site {name} has no locale {locale}; it has {', '.join(site.locales)}.")
        if profile:
            self.exporter.profile(profile)
        return site

    def _appears(self, reader: SiteReader, revision: str) -> Callable[[UnitId], Sequence[str]]:
        """Where the site shows a unit, as far as its code is described and tells."""
        settings = reader.site.source_code
        return site_usage(reader, self.code(), revision, settings).places if settings else lambda _unit: ()

    def order(self, name: str, *, locales: Sequence[str] = (), due: date | None = None) -> Order:
        """What a site asks for where nothing else is said."""
        usual = self.site(name).hand_off
        return Order(
            tuple(locales),
            due,
            profile=usual.profile,
            contact=usual.contact,
            most_words=usual.most_words,
            xliff2=usual.xliff2,
        )

    def file(self, package_id: str) -> tuple[str, bytes]:
        """Name and bytes of what was handed off. Raises NotFound."""
        with self.store.read() as tx:
            return tx.file(package_id)

    def packages(self, name: str, *, open_only: bool = False) -> list[Package]:
        with self.store.read() as tx:
            return list(tx.packages(self.site(name).name, open_only=open_only))

    def places(self, name: str) -> list[tuple[str, Locale, PackageStatus]]:
        """Ids of a site's packages, their locales and where they stand; newest first."""
        with self.store.read() as tx:
            return list(tx.package_places(self.site(name).name))

    def named(self, package_ids: Sequence[str]) -> list[Package]:
        """Raises NotFound."""
        with self.store.read() as tx:
            return [tx.package(one) for one in package_ids]

    def hand_off(self, package_id: str) -> Package:
        """Raises NotFound, Conflict."""
        with self.store.begin() as tx:
            return dispatch.hand_off(tx, package_id, self.clock())

    def cancel(self, package_id: str) -> Package:
        """Raises NotFound, Conflict."""
        with self.store.begin() as tx:
            return dispatch.cancel(tx, package_id, self.clock())

    def issue_again(self, package_id: str, *, due: date | None = None, profile: str = "") -> tuple[Package, str, bytes]:
        """Raises NotFound, Conflict, ConfigurationError."""
        if profile:
            self.exporter.profile(profile)
        with self.store.begin() as tx:
            return dispatch.issue_again(
                tx,
                package_id,
                self.site(tx.package(package_id).site),
                exporter=self.exporter,
                room=self.room(),
                now=self.clock(),
                due=due,
                profile=profile,
            )

    def rotate_key(self) -> str:
        """Seal with a new key from now on; gives its id. Raises ConfigurationError."""
        return self.exporter.rotate_key()

    # returns

    def take_in(
        self,
        name: str,
        content: bytes,
        *,
        rehearse: bool = False,
        places: Collection[Place] | None = None,
    ) -> Receipt:
        """`places` are the sites and locales whose packages it may return, None for all.

        Raises ReturnRejected, NotAllowed where it is of others.
        """
        intake = replace(self._intake(), places=places)
        with self.store.read() as tx:
            examined = examine(tx, name, content, intake)
        with self.store.begin() as tx:
            if rehearse:
                tx.rehearse()
            return take_in(tx, name, content, intake, examined)

    def recognised(self, name: str, content: bytes) -> list[Package]:
        """The packages that a file would be taken in for; nothing is judged and nothing is changed. Raises ReturnRejected."""
        with self.store.read() as tx:
            return recognised(tx, name, content, self._intake())

    def _intake(self) -> Intake:
        return Intake(self.exporter, self.checker, self.sites(), self.clock())

    def receipt(self, digest: str) -> tuple[Package, Receipt]:
        """The answer to a return and the package it is of. Raises NotFound."""
        with self.store.read() as tx:
            found = tx.receipt(digest)
            if found is None:
                raise NotFound("There is no such receipt.")
            return tx.package(found.package), found

    def receipts(self, digest: str) -> list[Receipt]:
        """The answer to a return, and behind it those of other packages that came in the same file. Raises NotFound."""
        with self.store.read() as tx:
            found = tx.receipts(digest)
            if not found:
                raise NotFound("There is no such receipt.")
            return list(found)

    def receipts_of(self, name: str) -> list[tuple[Locale, Receipt]]:
        """The answers to a site's returns with their locales, without findings; newest first."""
        with self.store.read() as tx:
            return list(tx.receipts_of(self.site(name).name))

    def newest_receipts(self, places: Collection[Place], most: int) -> list[Receipt]:
        """The answers to returns of these sites and locales, without findings; newest first."""
        with self.store.read() as tx:
            return list(tx.newest_receipts(places, most))

    @property
    def uploads(self) -> Uploads:
        """What is asked of files on their way in."""
        return Uploads(self.store, self.clock)

    def receipt_files(self, receipt: Receipt) -> list[Document]:
        """A receipt as a page in the translator's language and, where units were quarantined, the package of those."""
        with self.store.read() as tx:
            return dispatch.receipt_files(tx, receipt)

    def questions(self, name: str) -> list[Question]:
        with self.store.read() as tx:
            return list(tx.questions(self.site(name).name))

    # channels

    def post(
        self, package_id: str, channel: str, recipients: Sequence[str] = (), *, once_more: bool = False
    ) -> list[Posting]:
        """Put a package into the outbox, for these recipients or those of its locale; a folder is its own recipient.

        With `once_more` also for whom it is in doubt whether it arrived. Raises NotFound, Conflict, ConfigurationError.
        """
        with self.store.begin() as tx:
            return self.post_in(tx, package_id, channel, recipients, once_more=once_more)

    def post_in(
        self, tx: Transaction, package_id: str, channel: str, recipients: Sequence[str] = (), *, once_more: bool = False
    ) -> list[Posting]:
        """As `post`, in a transaction that changes more."""
        found = tx.package(package_id)
        site = self.site(found.site)
        chosen, now = self._chosen(site, channel, found.locale, recipients), self.clock()
        return [dispatch.post(tx, found.id, channel, recipient, now, once_more=once_more) for recipient in chosen]

    def deliveries(self, package_id: str, channel: str, recipients: Collection[str] = ()) -> list[Posting]:
        """The newest delivery of a package to each of these recipients, or to all who were ever sent it. Raises NotFound."""
        with self.store.read() as tx:
            known = tx.postings(tx.package(package_id).site)
        mine = [one for one in known if (one.package, one.channel) == (package_id, channel)]
        its = [
            one for one in mine if carried(one) is Carried.PACKAGE and (not recipients or one.recipient in recipients)
        ]
        return list({one.recipient: one for one in its}.values())

    def post_receipt(self, receipt: Receipt, recipients: Sequence[str] = ()) -> list[Posting]:
        """Put the answer to a return into the outbox, for these addresses or those of its locale; never twice to one.

        Raises NotFound, ConfigurationError.
        """
        with self.store.begin() as tx:
            found = tx.package(receipt.package)
            chosen, now = self._chosen(self.site(found.site), MAIL, found.locale, recipients), self.clock()
            return [dispatch.post_receipt(tx, receipt, MAIL, recipient, now) for recipient in chosen]

    def remind(self, name: str) -> list[Posting]:
        """Put the reminders that are due today into the outbox, for the addresses of each locale; those that are new there.

        There are none where no mail is set up. Raises NotFound.
        """
        site = self.site(name)
        if MAIL not in self.channels(site):
            return []
        with self.store.begin() as tx:
            return dispatch.remind(tx, site, MAIL, self.clock())

    def _chosen(self, site: Site, channel: str, locale: Locale, recipients: Sequence[str]) -> list[str]:
        """To whom it goes, each once. Raises ConfigurationError where that is nobody, or the channel is not set up."""
        if channel == FOLDER:
            chosen = [site.hand_off.folder] if site.hand_off.folder else []
        else:
            said = (recipient.strip() for recipient in recipients or site.hand_off.recipients.get(locale, ()))
            chosen = [recipient for recipient in dict.fromkeys(said) if recipient]
        if not chosen or channel not in self.channels(site):
            raise ConfigurationError(_missing(site, channel, locale))
        return chosen

    def send_due(self, name: str) -> list[Posting]:
        """Send what is due of a site; each delivery with what became of it."""
        site = self.site(name)
        return dispatch.send_due(self.store, site, self.channels(site), self.exporter, self.clock)

    def postings(self, name: str) -> list[Posting]:
        with self.store.read() as tx:
            return list(tx.postings(self.site(name).name))


def _missing(site: Site, channel: str, locale: str) -> str:
    if channel == FOLDER:
        return f"Site {site.name} has no shared folder; name it as site.{site.name}.hand_off.folder."
    return (
        f"Nothing can be mailed for {locale}: name recipients as site.{site.name}.hand_off.recipients.{locale} or with --to, "
        "and the mail server in TM_SERVICE_MAIL."
    )

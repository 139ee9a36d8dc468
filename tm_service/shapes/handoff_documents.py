"""Hand-off documents: what each answer about packages, deliveries and returns has, for the description of the interface."""

from typing import Literal

from pydantic import Field

from tm_service.domain.deliveries import Carried, DeliveryStatus
from tm_service.shapes.documents import Counts, Document, Job, Package, Receipt


class Packages(Document):
    packages: list[Package]
    cursor: str | None


class PackageInFull(Package):
    """A package, where its file is, and its words and units by how well the memory knew them."""

    path: str
    words: int
    classes: dict[str, Counts]


class PackageJob(Job):
    """The job that made packages, and these; without them as long as it is under way."""

    packages: list[PackageInFull] = Field(default_factory=list)


class Delivery(Document):
    """A package or a receipt on its way to one recipient, and what became of it."""

    package: str
    carries: Carried
    channel: str
    recipient: str
    status: DeliveryStatus
    attempts: int
    at: str
    next_at: str | None
    reference: str
    error: str


class DeliveryJob(Job):
    """The job that sent a package, and its deliveries; without them as long as it is under way."""

    deliveries: list[Delivery] = Field(default_factory=list)


class KeptDelivery(Delivery):
    id: str


class Deliveries(Document):
    deliveries: list[KeptDelivery]
    cursor: str | None


class _Kept(Document):
    """Where a receipt's page and the package of corrections are; nowhere of a dry run."""

    digest: str
    at: str
    page: str | None
    corrections: str | None


class KeptReceipt(Receipt, _Kept):
    """A receipt, and where its page and the package of what is to be corrected are."""


class ListedReceipt(_Kept):
    """A receipt without its findings."""

    outcome: str
    package: str
    accepted: int
    quarantined: list[str]
    open: int


class Receipts(Document):
    receipts: list[ListedReceipt]
    cursor: str | None


class ReturnJob(Job):
    """The job that took a return in, and the receipt of each package in it; without them as long as it is under way."""

    receipts: list[KeptReceipt] = Field(default_factory=list)


class DryRun(Document):
    """What the receipts would be."""

    dry_run: Literal[True]
    receipts: list[KeptReceipt]

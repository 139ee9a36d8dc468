"""Packages: work for translators is made, handed off, sent, called back and issued again."""

from collections.abc import Collection
from datetime import date
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.errors import Refused
from tm_service.domain.jobs import Job, JobKind
from tm_service.domain.packages import OPEN, Package, PackageStatus
from tm_service.domain.permissions import Action
from tm_service.domain.ports import Transaction
from tm_service.domain.units import Locale
from tm_service.handoff_verbs import FOLDER
from tm_service.shapes import handoff_documents as documents
from tm_service.shapes.documents import Package as PackageDocument
from tm_service.web.api.asked import answer
from tm_service.web.api.examples import JOB
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import (
    PREFIX,
    Body,
    Cursor,
    Key,
    Most,
    Router,
    as_sent,
    documented,
    paged,
    service_of,
    tagged,
    told,
)
from tm_service.web.callers import asker_of, needs
from tm_service.web.downloads import ZIP, download

router = Router("packages")
_STATUS = {
    "id": "demo-7-fr",
    "locale": "fr",
    "version": 1,
    "status": "handed off",
    "profile": "generic",
    "units": 12,
    "open": 12,
    "due": "2026-12-01",
}
_CLASSES = {"words": 118, "classes": {"new": {"units": 9, "words": 96}}}
_PACKAGE = _STATUS | {"path": f"{PREFIX}/packages/demo-7-fr/file"} | _CLASSES
_MADE = JOB | {"kind": "package", "arguments": {"locales": ["fr"]}, "result": {"packages": ["demo-7-fr"]}}
_POSTING = {
    "package": "demo-7-fr",
    "carries": "package",
    "channel": "mail",
    "recipient": "amina@example.org",
    "status": "sent",
    "attempts": 1,
    "at": "2026-11-05T09:30:00+00:00",
    "next_at": None,
    "reference": "<b51c@example.org>",
    "error": "",
}
_SENT = JOB | {
    "kind": "send",
    "arguments": {"package": "demo-7-fr", "channel": "mail", "recipients": "", "once_more": False},
}
_READS, _MAKES = needs(Action.SITES_READ), somewhere(Action.PACKAGE)
_Locale = Annotated[str, StringConstraints(min_length=1, max_length=40)]
_Address = Annotated[str, StringConstraints(max_length=320, pattern=r"^[^\s@,;:<>\"]+@[^\s@,;:<>\"]+$")]


class Packaging(Body):
    """What goes out: to which locales, when it is due, for which tool; all of the site's usual where nothing is said."""

    locales: list[_Locale] = Field(
        default_factory=list, max_length=100, description="All of the site's where none is named."
    )
    due: date | None = None
    profile: str = Field("", max_length=40, description="The tool it is for: trados, memoq, phrase, omegat, generic.")
    only: str = Field("", max_length=500, description="A path pattern: only texts of these resources.")
    words: int = Field(0, ge=0, le=1_000_000, description="The most words of a package; 0 for the site's usual.")
    draft: bool = Field(default=False, description="Make it, and hand it off later.")
    ref: str = Field("", max_length=500, description="Branch, tag or commit; the site's branch where it is left out.")
    xliff2: bool | None = Field(
        default=None, description="With the same content in XLIFF 2 beside; as usual where left out."
    )


@router.post(
    "/sites/{site}/packages",
    dependencies=[_MAKES],
    responses=documented(
        "The job, done, with its packages.",
        _MADE | {"packages": [_PACKAGE]},
        documents.PackageJob,
    ),
)
async def make_packages(request: Request, site: str, asked: Packaging, key: Key = "") -> Response:
    """Package what needs translation, one job for all locales. Texts that are out already are not sent twice."""
    house, asker = service_of(request), asker_of(request)
    for locale in asked.locales or [""]:
        asker.require(Action.PACKAGE, site, locale)

    def ask() -> Job:
        house.site(site)
        with as_sent():
            house.handoffs.refuse_order(site, asked.locales, asked.profile)
        arguments = asked.model_dump(mode="json", exclude_none=True) | {"locales": list(dict.fromkeys(asked.locales))}
        return house.jobs.ask(JobKind.PACKAGE, site, arguments, by=asker.by, key=key)

    def shown(job: Job) -> object:
        made = house.handoffs.named(shapes.job(job)["result"]["packages"])
        return shapes.job(job) | {"packages": [_shown(one) for one in made]}

    return await answer(request, ask, shown)


def _shown(found: Package) -> dict[str, object]:
    return shapes.package_status(found) | shapes.package(found, f"{PREFIX}/packages/{found.id}/file")


@router.get(
    "/sites/{site}/packages",
    dependencies=[_READS],
    responses=documented(
        "Those you may see, the newest first.", {"packages": [_STATUS], "cursor": None}, documents.Packages
    ),
)
def list_packages(
    request: Request,
    site: str,
    *,
    open_only: Annotated[bool, Query(description="Only what is out.")] = False,
    locale: Annotated[str, Query(max_length=40)] = "",
    status: Annotated[PackageStatus | None, Query()] = None,
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    house, asker = service_of(request).handoffs, asker_of(request)
    mine = [place for place in house.places(site) if asker.may(Action.SITES_READ, site, place[1])]

    def wanted(place: tuple[str, Locale, PackageStatus]) -> bool:
        _, its, stands = place
        return locale in ("", its) and status in (None, stands) and (stands in OPEN or not open_only)

    page, following = paged(mine, lambda place: place[0], cursor, most, wanted)
    found = [shapes.package_status(one) for one in house.named([name for name, _, _ in page])]
    return told({"packages": found, "cursor": following or None})


def _package(request: Request, name: str, action: Action) -> Package:
    """Raises NotFound, NotAllowed."""
    (found,) = service_of(request).handoffs.named([name])
    asker_of(request).require(action, found.site, found.locale)
    return found


@router.get(
    "/packages/{package}",
    dependencies=[_READS],
    responses=documented("The package.", _PACKAGE, documents.PackageInFull),
)
def show_package(request: Request, package: str) -> Response:
    return tagged(request, _shown(_package(request, package, Action.SITES_READ)))


@router.get(
    "/packages/{package}/file",
    dependencies=[_READS],
    response_class=Response,
    responses={200: {"description": "What was handed off, as it was.", "content": {ZIP: {}}}},
)
def download_package(request: Request, package: str) -> Response:
    return download(*service_of(request).handoffs.file(_package(request, package, Action.SITES_READ).id))


@router.post(
    "/packages/{package}/hand-off",
    dependencies=[_MAKES],
    responses=documented("It is out now.", _STATUS, PackageDocument),
)
def hand_off_package(request: Request, package: str) -> Response:
    """Hand off a draft."""
    found = _package(request, package, Action.PACKAGE)
    return told(shapes.package_status(service_of(request).handoffs.hand_off(found.id)))


@router.post(
    "/packages/{package}/cancellation",
    dependencies=[_MAKES],
    responses=documented("It is called back.", _STATUS | {"status": "cancelled"}, PackageDocument),
)
def cancel_package(request: Request, package: str) -> Response:
    """Call a package back: its units are work again, what returned of it stays."""
    found = _package(request, package, Action.PACKAGE)
    return told(shapes.package_status(service_of(request).handoffs.cancel(found.id)))


class Reissuing(Body):
    """For another day, or another tool; as before where nothing is said."""

    due: date | None = None
    profile: str = Field("", max_length=40)


@router.post(
    "/packages/{package}/reissue",
    dependencies=[_MAKES],
    responses=documented("Its next version.", _PACKAGE | {"version": 2}, documents.PackageInFull),
)
def reissue_package(request: Request, package: str, asked: Reissuing) -> Response:
    """Issue the open units of a package again; a return of any version is taken in."""
    found, house = _package(request, package, Action.PACKAGE), service_of(request).handoffs
    with as_sent():
        house.refuse_order(found.site, (), asked.profile)
    again, _, _ = house.issue_again(found.id, due=asked.due, profile=asked.profile)
    return told(_shown(again))


class Delivering(Body):
    """By which way a package goes, and to whom: those of the site's settings where nobody is named."""

    channel: Literal["mail", "folder"] = "mail"
    recipients: list[_Address] = Field(default_factory=list, max_length=50)
    once_more: bool = Field(
        default=False, description="Also where it is in doubt whether it arrived; ask the recipient first."
    )


@router.post(
    "/packages/{package}/deliveries",
    dependencies=[_MAKES],
    responses=documented(
        "The job that sent it, done, and each delivery with what became of it.",
        _SENT | {"deliveries": [_POSTING]},
        documents.DeliveryJob,
    ),
)
async def deliver_package(request: Request, package: str, asked: Delivering, key: Key = "") -> Response:
    """Send a package; never twice to the same one."""
    house, asker = service_of(request), asker_of(request)

    def post(tx: Transaction) -> None:
        house.handoffs.post_in(tx, package, asked.channel, asked.recipients, once_more=asked.once_more)

    def ask() -> Job:
        found = _package(request, package, Action.PACKAGE)
        if asked.channel == FOLDER and asked.recipients:
            raise Refused("`recipients` are who gets a mail; leave them out for a folder.")
        arguments = asked.model_dump() | {"package": found.id, "recipients": _digest(asked.recipients)}
        with as_sent():
            return house.jobs.ask(JobKind.SEND, found.site, arguments, by=asker.by, key=key, beside=post)

    def shown(job: Job) -> object:
        sent = house.handoffs.deliveries(package, asked.channel, asked.recipients)
        return shapes.job(job) | {"deliveries": [shapes.posting(one) for one in sent]}

    return await answer(request, ask, shown)


def _digest(recipients: Collection[str]) -> str:
    """Tells recipients from others without naming them; "" for the usual ones."""
    return sha256("\n".join(sorted(set(recipients))).encode()).hexdigest() if recipients else ""


@router.get(
    "/sites/{site}/deliveries",
    dependencies=[_MAKES],
    responses=documented(
        "The newest first.", {"deliveries": [_POSTING | {"id": "b51c…"}], "cursor": None}, documents.Deliveries
    ),
)
def list_deliveries(request: Request, site: str, cursor: Cursor = "", most: Most = 50) -> Response:
    """Packages and receipts on their way out, and what became of each."""
    house, asker = service_of(request).handoffs, asker_of(request)
    locales = {name: locale for name, locale, _ in house.places(site)}
    mine = [one for one in reversed(house.postings(site)) if asker.may(Action.PACKAGE, site, locales[one.package])]
    page, following = paged(mine, lambda one: one.id, cursor, most)
    return told({"deliveries": [shapes.posting(one) | {"id": one.id} for one in page], "cursor": following or None})

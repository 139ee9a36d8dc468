"""Returns: files that translators send back, several at once, each answered by its receipts; and the receipts given before."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from locales.findings import said as sentence_of
from tm_service.domain.errors import NotFound, ReturnRejected, ServiceError
from tm_service.domain.packages import Package, Receipt
from tm_service.domain.permissions import Action
from tm_service.web.access import METHODS
from tm_service.web.api.files import Sent, sent_files
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of
from tm_service.web.desks.desk.words import shown
from tm_service.web.refusals import told
from tm_service.web.render import chosen, page

router = APIRouter(include_in_schema=False)
_RETURNS = [somewhere(Action.TAKE_IN)]
_NEWEST = 25  # receipts that are listed


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a file: its receipts with their packages, or the sentence that refuses it, in a language."""

    name: str
    receipts: tuple[tuple[Package, Receipt], ...] = ()
    sentence: str = ""
    spoken: str = "en"


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of returns shows; `problem` says that no file was chosen."""

    answers: tuple[Answer, ...] = field(default=())
    problem: str = ""


@router.api_route("/desk/returns", methods=[*METHODS], dependencies=_RETURNS)
def returns(request: Request) -> Response:
    return _shown(request, Page())


def _shown(request: Request, found: Page, status: int = 200) -> Response:
    content: dict[str, Any] = {"answers": found.answers, "problem": found.problem, "newest": _newest(request)}
    content["translates"] = lambda package: _translates(request, package)
    return page(request, "desk/returns.html", here="desk", status=status, **content, **shown(chosen(request)))


def _translates(request: Request, package: Package) -> bool:
    return asker_of(request).may(Action.TRANSLATE, package.site, package.locale)


def _newest(request: Request) -> list[Receipt]:
    """The receipts of packages that the asker may return, the newest first, without findings."""
    return service_of(request).handoffs.newest_receipts(asker_of(request).places(Action.TAKE_IN), _NEWEST)


@router.post("/desk/returns", dependencies=_RETURNS)
async def take_in(request: Request) -> Response:
    """Each file is taken in by itself, so that one that is refused keeps no other back."""
    try:
        files = [one for one in await sent_files(request) if one.content]
    except ClientDisconnect as gone:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from gone
    answers = []
    for sent in files:
        async with request.app.state.reading:
            answers.append(await run_in_threadpool(_taken_in, request, sent))
    failed = not any(one.receipts for one in answers)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return await run_in_threadpool(_shown, request, Page(tuple(answers), "" if files else "none"), status)


def _taken_in(request: Request, sent: Sent) -> Answer:
    house, asker = service_of(request).handoffs, asker_of(request)
    try:
        receipt = house.take_in(sent.name, sent.content, places=asker.places(Action.TAKE_IN))
    except ReturnRejected as refused:
        own = sentence_of(refused.template, refused.values, chosen(request))
        return Answer(sent.name, sentence=own, spoken="en" if own == str(refused) else chosen(request))
    except ServiceError as error:
        found = told(str(error), chosen(request))
        return Answer(sent.name, sentence=found.text, spoken=found.language)
    given = (receipt, *receipt.beside)
    return Answer(sent.name, tuple(zip(house.named([one.package for one in given]), given, strict=True)))


@router.api_route("/desk/receipts", methods=[*METHODS], dependencies=_RETURNS)
def receipts(request: Request, digest: Annotated[str, Query(max_length=64)] = "") -> Response:
    """One receipt; without a digest the newest ones."""
    if not digest:
        return page(request, "desk/receipts.html", here="desk", newest=_newest(request))
    package, receipt = service_of(request).handoffs.receipt(digest)
    if not asker_of(request).may(Action.TAKE_IN, package.site, package.locale):
        raise NotFound("There is no such receipt.")
    content: dict[str, Any] = {"package": package, "receipt": receipt, "translates": _translates(request, package)}
    return page(request, "desk/receipt.html", here="desk", **content, **shown(chosen(request)))

"""Desk: units of packages as translators work on them: listed, shown, saved, checked, asked about and handed in."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.desk_verbs import LONGEST, LONGEST_QUESTION, DeskVerbs, Wording
from tm_service.domain.desk import DeskFilter, Overtaken, TargetState
from tm_service.domain.jobs import Job, JobKind
from tm_service.domain.packages import Package
from tm_service.domain.permissions import Action
from tm_service.shapes import desk_documents as documents
from tm_service.shapes.handoff_documents import KeptReceipt
from tm_service.web.api.asked import answer, patience
from tm_service.web.api.examples import UNDER_WAY
from tm_service.web.api.places import somewhere
from tm_service.web.api.returns import RECEIPT, kept_receipt
from tm_service.web.api.routes import MOST, Body, Router, Seen, documented, service_of, told
from tm_service.web.callers import asker_of
from tm_service.web.faults import problem
from tm_service.web.render import chosen

router = Router("desk")
_HAND_INS = 500  # the newest of a site, among which one that is under way is looked for
_FINDING = {
    "check": "whitespace",
    "severity": "note",
    "message": "Several blanks stand together; write one.",
    "unit": "demo-7-fr.2",
    "place": [9, 11],
    "mark": {"form": "", "start": 9, "end": 11, "before": "Bienvenue", "text": "  ", "after": "au jardin."},
}
_ROW = {
    "unit": "demo-7-fr.2",
    "resource": "app/home.json",
    "key": "greeting",
    "source": "Welcome to the garden, {name}.",
    "codes": [{"data": "{name}", "label": "{name}"}],
    "target": "Bienvenue au jardin.",
    "forms": [],
    "version": 3,
    "state": "draft",
    "gravity": "error",
    "done": False,
    "attention": False,
    "changed": True,
    "class": "85-94",
    "percent": 91.0,
    "limit": 0,
}
_LISTED = _ROW | {"questions": 1}
_TARGET = {
    "version": 3,
    "target": "Bienvenue au jardin.",
    "state": "draft",
    "by": "amina@example.org",
    "at": "2026-11-05T09:30:00+00:00",
}
_CHECKED = {"findings": [_FINDING], "repaired": ""}
_RUNS = [
    {"kept": "same", "text": "Welcome to the "},
    {"kept": "gone", "text": "park"},
    {"kept": "come", "text": "garden"},
]
_UNIT = _ROW | {
    "place": 2,
    "units": 12,
    "previous": "demo-7-fr.1",
    "following": "demo-7-fr.3",
    "note": "Above the entrance.",
    "previous_source": "Welcome to the park, {name}.",
    "previous_target": "Bienvenue au parc, {name}.",
    "difference": _RUNS,
    "source_now": "",
    "matches": [],
    "terms": [{"span": [15, 21], "terms": [{"term": "garden", "target": "jardin", "status": "approved"}]}],
    "before": [{"source": "Opening hours", "target": "Heures d’ouverture"}],
    "after": [],
    "questions": [{"text": "Who is greeted?", "author": "amina@example.org", "at": "2026-11-05T09:30:00+00:00"}],
    "history": [_TARGET],
    **_CHECKED,
}
AT_ONCE = 500  # units that are handed in while one waits
_TRANSLATES = somewhere(Action.TRANSLATE)
_Text = Annotated[str, Field(max_length=LONGEST)]


def desk_of(request: Request, package_id: str) -> tuple[DeskVerbs, Package]:
    """The desk, and a package, without its units, that the asker may translate. Raises NotFound, NotAllowed."""
    desk = service_of(request).desk
    found = desk.package(package_id)
    asker_of(request).require(Action.TRANSLATE, found.site, found.locale)
    return desk, found


@router.get(
    "/packages/{package}/units",
    dependencies=[_TRANSLATES],
    responses=documented(
        "In the package's order.",
        {"package": "demo-7-fr", "found": 12, "first": 1, "units": [_LISTED]},
        documents.DeskUnits,
    ),
)
def list_units(
    request: Request,
    package: str,
    *,
    only: DeskFilter = DeskFilter.ALL,
    text: Annotated[str, Query(max_length=500, description="In the source or the target, in any case.")] = "",
    first: Annotated[int, Query(ge=0, le=MOST, description="How many are left out before.")] = 0,
    most: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
    unit: Annotated[
        list[Annotated[str, Field(max_length=200)]] | None,
        Query(max_length=200, description="These alone, whatever they are now."),
    ] = None,
) -> Response:
    """Units of a package with their newest targets; locked ones are left out."""
    desk, _ = desk_of(request, package)
    if unit:
        return told(shapes.desk_page(desk.named(package, unit), 0))
    return told(shapes.desk_page(desk.page(package, only=only, text=text, start=first, most=most), first))


@router.get(
    "/packages/{package}/units/{unit}",
    dependencies=[_TRANSLATES],
    responses=documented("The unit.", _UNIT, documents.DeskUnit),
)
def show_unit(request: Request, package: str, unit: str) -> Response:
    """A unit with all that it takes to translate it; the entity tag is the version of its target."""
    desk, _ = desk_of(request, package)
    found = desk.unit(package, unit)
    return told(shapes.desk_unit(found, chosen(request)), headers=_tag(found.row.version))


def _tag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


class Writing(Body):
    """A target; of a message of several plural forms its `forms` by name instead."""

    target: _Text = ""
    forms: dict[Annotated[str, Field(max_length=40)], _Text] = Field(default_factory=dict, max_length=50)


class Saving(Writing):
    """A target, how far it is, and the version it was made from, where `If-Match` does not say it; 0 for the first."""

    state: Literal["draft", "confirmed"] = "draft"
    version: int | None = Field(None, ge=0, le=MOST)


@router.put(
    "/packages/{package}/units/{unit}/target",
    dependencies=[_TRANSLATES],
    responses=documented(
        "The target as it is kept, and what the checks say of it.",
        _TARGET | _CHECKED | {"unit": "demo-7-fr.2"},
        documents.DeskSaved,
    ),
)
def save_target(request: Request, package: str, unit: str, asked: Saving, seen: Seen = "") -> Response:
    """Save a target, as a draft or confirmed. Where somebody wrote another since, 409 with theirs, and nothing is lost."""
    desk, head = desk_of(request, package)
    target = _target(desk, package, unit, asked)
    said = Wording(target, _version(asked.version, seen), TargetState(asked.state))
    try:
        kept, found = desk.save(package, unit, said, by=asker_of(request).name)
    except Overtaken as error:
        theirs = shapes.desk_target(error.theirs)
        return problem(request, HTTPStatus.CONFLICT, str(error), kind="overtaken", theirs=theirs, mine=target)
    answer = shapes.desk_target(kept) | shapes.checked(found, head.locale, chosen(request)) | {"unit": unit}
    return told(answer, headers=_tag(kept.version))


def _target(desk: DeskVerbs, package: str, unit: str, asked: Writing) -> str:
    """Raises NotFound, Unusable for forms of what has none."""
    return desk.joined(package, unit, asked.forms) if asked.forms else asked.target


def _version(said: int | None, seen: str) -> int:
    """Raises HTTPException: 428 where no version is said (RFC 6585, 3), 412 where it is none."""
    if said is not None:
        return said
    if not seen.strip():
        raise HTTPException(HTTPStatus.PRECONDITION_REQUIRED)
    number = seen.strip().removeprefix("W/").strip('"')
    if not number.isdecimal() or not number.isascii() or len(number) >= len(str(MOST)):
        raise HTTPException(HTTPStatus.PRECONDITION_FAILED)
    return int(number)


@router.post(
    "/packages/{package}/units/{unit}/check",
    dependencies=[_TRANSLATES],
    responses=documented("What the checks say; nothing of a blank one.", _CHECKED, documents.DeskChecked),
)
def check_target(request: Request, package: str, unit: str, asked: Writing) -> Response:
    """Check a target as a return is checked. `repaired` is the whole target put right, where that is proven."""
    desk, head = desk_of(request, package)
    found = desk.check(package, unit, _target(desk, package, unit, asked))
    return told(shapes.checked(found, head.locale, chosen(request)))


class Asking(Body):
    """A question or a remark for the developers."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S")]


@router.post(
    "/packages/{package}/units/{unit}/questions",
    dependencies=[_TRANSLATES],
    responses=documented("The unit, with what was asked beside it.", _UNIT, documents.DeskUnit),
)
def ask_question(request: Request, package: str, unit: str, asked: Asking) -> Response:
    """Ask or remark something beside a unit; the same text once."""
    desk, _ = desk_of(request, package)
    desk.ask(package, unit, asked.text, by=asker_of(request).name)
    return told(shapes.desk_unit(desk.unit(package, unit), chosen(request)))


@router.post(
    "/packages/{package}/hand-in",
    dependencies=[_TRANSLATES],
    responses=documented("The receipt.", RECEIPT | {"recognised": {"desk": 12}}, KeptReceipt) | {202: UNDER_WAY},
)
async def hand_in_package(request: Request, package: str) -> Response:
    """Hand in what is confirmed: it goes the way of a returned file, under the same checks, and is accepted once.

    More than 500 units, or any with `Prefer: respond-async`, are handed in by a job; where that takes longer than you wait,
    the answer is 202 with the job.
    """
    desk, found = await run_in_threadpool(desk_of, request, package)
    waiting = await run_in_threadpool(desk.progress, package)
    if waiting.confirmed <= AT_ONCE and patience(request):
        return told(kept_receipt(await run_in_threadpool(desk.hand_in, package)))

    def given(job: Job) -> object:
        return kept_receipt(service_of(request).handoffs.receipt(str(job.result["receipt"]))[1])

    return await answer(request, lambda: ask_hand_in(request, found), given)


def ask_hand_in(request: Request, package: Package) -> Job:
    """The job that hands in a package: the one that is under way, or a new one; who asks twice at once gets the same."""
    jobs = service_of(request).jobs
    known = jobs.listed(package.site, kinds=[JobKind.HAND_IN], most=_HAND_INS)
    last = next((job for job in known if job.arguments["package"] == package.id), None)
    if last and not last.is_over:
        return last
    key = f"hand in {package.id} after {last.id if last else 'none'}"
    return jobs.ask(JobKind.HAND_IN, package.site, {"package": package.id}, by=asker_of(request).by, key=key)

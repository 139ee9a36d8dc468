"""Steps: what is done with a document besides writing it: its way to readers, its lock, its links, its clashes."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from tm_service.domain.catalogue import Move
from tm_service.domain.drafts import Stage, Undecided
from tm_service.domain.errors import NotFound
from tm_service.domain.records import ARTICLE, RecordRef
from tm_service.web.desks.editor.entry import ARTICLES, RECORDS, AtDesk, Desk, address_of, number_of, writes
from tm_service.web.desks.editor.writing import Again, shown
from tm_service.web.desks.forms import see, tried

_DAY = 86_400  # seconds
_LOCKED_FOR = 300
_LONGEST_SHARE = 366  # days
_MOST_CHOICES = 2000

router = APIRouter(include_in_schema=False)
_PLACE = "/editor/{schema}/{identifier}"
Why = Annotated[str, Form(max_length=1000)]


def _request(at: Desk, ref: RecordRef, why: str) -> str:
    at.service.records().request(ref, by=at.by, why=why)
    return "requested"


def _withdraw(at: Desk, ref: RecordRef, why: str) -> str:
    at.service.records().withdraw(ref, by=at.by, why=why)
    return "withdrawn"


def _reject(at: Desk, ref: RecordRef, why: str) -> str:
    at.service.records().reject(ref, by=at.by, why=why)
    return "rejected"


def _approve(at: Desk, ref: RecordRef, why: str) -> str:
    """Approved, and published where that takes nobody else."""
    room = at.service.records()
    if room.draft(ref).stage is Stage.REQUESTED:
        room.approve(ref, by=at.by, why=why)
    return _publish(at, ref, why) if Move.PUBLISH in room.moves(ref, by=at.by) else "approved"


def _publish(at: Desk, ref: RecordRef, why: str) -> str:
    at.service.records().publish(ref, by=at.by, why=why)
    return "published"


def _lock(at: Desk, ref: RecordRef, _why: str) -> str:
    at.service.records().lock(ref, by=at.by, seconds=_LOCKED_FOR)
    return "locked"


def _unlock(at: Desk, ref: RecordRef, _why: str) -> str:
    at.service.records().unlock(ref, by=at.by)
    return "unlocked"


def _discard(at: Desk, ref: RecordRef, _why: str) -> str:
    at.service.records().discard(ref, by=at.by)
    return "discarded"


_STEPS: Mapping[str, Callable[[Desk, RecordRef, str], str]] = {
    "request": _request,
    "withdraw": _withdraw,
    "reject": _reject,
    "approve": _approve,
    "publish": _publish,
    "lock": _lock,
    "unlock": _unlock,
    "discard": _discard,
}


@router.post(f"{_PLACE}/step", dependencies=[writes()])
def step(
    at: AtDesk, schema: str, identifier: str, step: Annotated[str, Form(max_length=20)] = "", why: Why = ""
) -> Response:
    ref, tab = RecordRef(schema, identifier), at.request.query_params.get("in", "")
    if step not in _STEPS:
        raise NotFound("There is no such step.")

    def act() -> Response:
        try:
            done = _STEPS[step](at, ref, why)
        except Undecided:
            return see(address_of(ref, tab, said="undecided"))
        known = at.service.records().envelope(ref)
        if known.draft is None and known.latest is None:  # a new document whose draft was given up
            return see(ARTICLES if ref.kind == ARTICLE else RECORDS, done)
        return see(address_of(ref, tab, said=done))

    return tried(act, lambda said, status: shown(at, ref, Again(sentence=said, status=status)))


@router.post(f"{_PLACE}/share", dependencies=[writes()])
def share(at: AtDesk, schema: str, identifier: str, days: Annotated[int, Form()] = 7) -> Response:
    """The link is told this once, so the page is the answer itself."""
    ref = RecordRef(schema, identifier)

    def act() -> Response:
        seconds = max(1, min(days, _LONGEST_SHARE)) * _DAY
        made = at.service.records().share(ref, by=at.by, seconds=seconds)
        link = f"{str(at.request.base_url).rstrip('/')}/share/{made.token}"
        return shown(at, ref, Again(link=link))

    return tried(act, lambda said, status: shown(at, ref, Again(sentence=said, status=status)))


@router.post(f"{_PLACE}/revoke", dependencies=[writes()])
def revoke(at: AtDesk, schema: str, identifier: str, number: Annotated[int, Form(ge=0)]) -> Response:
    ref, tab = RecordRef(schema, identifier), at.request.query_params.get("in", "")

    def act() -> Response:
        at.service.records().revoke(ref, number, by=at.by)
        return see(address_of(ref, tab, said="revoked"))

    return tried(act, lambda said, status: shown(at, ref, Again(sentence=said, status=status)))


@router.post(f"{_PLACE}/decide", dependencies=[writes()])
async def decide(at: AtDesk, schema: str, identifier: str) -> Response:
    """What was chosen of each stretch that two people changed: theirs, mine, or both one after the other."""
    sent = await at.request.form(max_fields=_MOST_CHOICES, max_files=0)
    chosen = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
    return await run_in_threadpool(_decided, at, RecordRef(schema, identifier), chosen)


def _decided(at: Desk, ref: RecordRef, sent: dict[str, str]) -> Response:
    tab = at.request.query_params.get("in", "")

    def act() -> Response:
        at.verbs.settle(ref, number_of(sent.get("number", "")), sent, by=at.by, seen=sent.get("seen"))
        return see(address_of(ref, tab, said="decided"))

    return tried(act, lambda said, status: shown(at, ref, Again(sentence=said, status=status)))

"""Units: one unit with all that it takes to translate it; what is written there is saved, checked, confirmed and undone."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service.desk_verbs import LONGEST, Checked, DeskUnit, DeskVerbs, Wording
from tm_service.domain.desk import DeskTarget, Overtaken, TargetState, forms, in_forms
from tm_service.domain.permissions import Action
from tm_service.domain.plurals import parse_plural
from tm_service.web.access import METHODS
from tm_service.web.api.desk import desk_of
from tm_service.web.api.memory_places import verbs_of
from tm_service.web.api.routes import MOST, TEXT
from tm_service.web.callers import asker_of
from tm_service.web.desks.desk.queue import TRANSLATES
from tm_service.web.desks.desk.words import shown
from tm_service.web.desks.forms import see, tried
from tm_service.web.desks.hits import cut_at_hits
from tm_service.web.render import chosen, page

router = APIRouter(include_in_schema=False)
_HITS = 9  # of the memory, as many as have a key
Looked = Annotated[str, Query(max_length=500, pattern=TEXT)]


@router.api_route("/desk/packages/{package_id}/units/{unit_id}", methods=[*METHODS], dependencies=TRANSLATES)
def unit(
    request: Request, package_id: str, unit_id: str, *, said: str = "", part: str = "", q: Looked = ""
) -> Response:
    """The page; for the editor what stands beside the target alone, or how the memory has some words."""
    desk, head = desk_of(request, package_id)
    if part == "memory":
        asker_of(request).require(Action.MEMORY_READ, head.site, head.locale)
        memories = verbs_of(request)
        found = memories.concordance(memories.reading(head.site, head.locale), q.strip(), side="both", limit=_HITS)
        hits = [(hit, list(cut_at_hits(hit))) for hit in found.hits]
        return page(request, "desk/found.html", here="desk", found=found, hits=hits)
    template = "desk/beside.html" if part == "beside" else "desk/unit.html"
    return _shown(request, desk.unit(package_id, unit_id), said=said, template=template)


def _shown(
    request: Request,
    found: DeskUnit,
    sentence: str = "",
    status: int = 200,
    *,
    typed: str | None = None,
    checked: Checked | None = None,
    theirs: DeskTarget | None = None,
    question: str = "",
    said: str = "",
    template: str = "desk/unit.html",
) -> Response:
    target = found.row.target if typed is None else typed
    return page(
        request,
        template,
        here="desk",
        status=status,
        found=found,
        unit=found.row.unit,
        package=found.package,
        target=target,
        forms=forms(found.row.unit.source, target, found.package.locale),
        checked=checked or found.checked,
        theirs=theirs,
        question=question,
        version=found.row.version,
        sentence=sentence,
        said=said,
        **shown(chosen(request)),
    )


class Written(BaseModel):
    """What a form of the page says: which button, the texts with the names of their plural forms, the version before them."""

    do: str = Field("save", max_length=20)
    form: list[str] = Field(default_factory=list, max_length=50)
    text: list[str] = Field(default_factory=list, max_length=50)
    version: int = Field(0, ge=0, le=MOST)
    to: int = Field(0, ge=0, le=MOST)
    repair: str = Field("", max_length=LONGEST)
    match: int = Field(-1, ge=-1, le=100)
    question: str = Field("", max_length=LONGEST)

    def target(self, source: str) -> str:
        """With the line ends that the source has; a plural message of its forms."""
        texts = [_lines(source, text) for text in self.text]
        if parse_plural(source) is not None:
            return in_forms(source, dict(zip(self.form, texts, strict=False)))
        return texts[0] if texts else ""


def _lines(source: str, sent: str) -> str:
    """A text of a form, whose lines browsers end with both characters, with the line ends that the source has."""
    return sent if "\r\n" in source else sent.replace("\r\n", "\n")


@router.post("/desk/packages/{package_id}/units/{unit_id}", dependencies=TRANSLATES)
def write(request: Request, package_id: str, unit_id: str, said: Annotated[Written, Form()]) -> Response:
    """What the page's buttons do."""
    desk, _ = desk_of(request, package_id)
    found = desk.unit(package_id, unit_id)
    typed = said.target(found.row.unit.source) if said.text else found.row.target

    def act() -> Response:
        if 0 <= said.match < len(found.matches):
            return _shown(request, found, typed=found.matches[said.match].offered)
        if said.do == "check":
            told = desk.check(package_id, unit_id, typed)
            return _shown(request, found, typed=typed, checked=told, said="checked")
        try:
            return see(*_done(desk, found, said, typed, asker_of(request).name))
        except Overtaken as error:
            now = desk.unit(package_id, unit_id)
            return _shown(
                request, now, status=HTTPStatus.CONFLICT, typed=typed, theirs=error.theirs, question=said.question
            )

    return tried(
        act, lambda sentence, status: _shown(request, found, sentence, status, typed=typed, question=said.question)
    )


def _done(desk: DeskVerbs, found: DeskUnit, said: Written, typed: str, by: str) -> tuple[str, str]:
    """Save, confirm, undo or ask; where to go then, and what to say there."""
    package, unit = found.package.id, found.row.unit.id
    here = f"/desk/packages/{quote(package)}/units/{quote(unit)}"
    if said.do == "undo":
        desk.undo(package, unit, said.to, version=said.version, by=by)
        return here, "undone"
    if said.do == "ask":
        if typed != found.row.target:  # it was sent along, and is not to be lost
            desk.save(package, unit, Wording(typed, said.version), by=by)
        desk.ask(package, unit, said.question.replace("\r\n", "\n"), by=by)
        return here, "asked"
    if said.do == "confirm":
        desk.save(package, unit, Wording(typed, said.version, TargetState.CONFIRMED), by=by)
        following = f"/desk/packages/{quote(package)}/units/{quote(found.following)}" if found.following else here
        return following, "confirmed"
    repair = _lines(found.row.unit.source, said.repair)
    desk.save(package, unit, Wording(repair or typed, said.version), by=by)
    return here, "saved"

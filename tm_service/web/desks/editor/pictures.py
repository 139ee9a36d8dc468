"""Pictures: one is brought to a document, with what those who cannot see it should know."""

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from markupsafe import Markup
from starlette.responses import Response

from tm_service.domain.catalogue import Move
from tm_service.domain.errors import ServiceError, Unusable
from tm_service.domain.pictures import Picture
from tm_service.domain.records import RecordRef
from tm_service.web.access import METHODS
from tm_service.web.desks.editor.entry import AtDesk, Desk, address_of, here, writes
from tm_service.web.desks.forms import see, tried
from tm_service.web.faults import status_of
from tm_service.web.json_answers import answered
from tm_service.web.record_rows import spoken
from tm_service.web.render import chosen, page

_LONGEST = 1000  # characters of an alternative text
_SHOWN = Markup('<figure class="image"><img src="{}" alt="{}" width="{}" height="{}"></figure>')

router = APIRouter(include_in_schema=False)
_PLACE = "/editor/{schema}/{identifier}/picture"


@router.api_route(_PLACE, methods=[*METHODS], dependencies=[writes()])
def show(at: AtDesk, schema: str, identifier: str) -> Response:
    return _form(at, RecordRef(schema, identifier))


def _form(at: Desk, ref: RecordRef, alt: str = "", sentence: str = "", status: int = 200) -> Response:
    working, moves = at.open(ref)
    language = at.language(ref)
    title = spoken(working.document.get("title"), chosen(at.request), language)
    return page(
        at.request,
        "editor/picture.html",
        status=status,
        here=here(ref),
        title=title[1] or ref.identifier,
        title_language=title[0] or language,
        language=language,
        back=address_of(ref, language),
        action=address_of(ref, language, "/picture"),
        may_write=Move.WRITE in moves,
        alt=alt,
        sentence=sentence,
    )


@router.post(_PLACE, dependencies=[writes()])
def bring(
    at: AtDesk,
    schema: str,
    identifier: str,
    file: Annotated[UploadFile, File()],
    alt: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> Response:
    """By a form: the picture stands behind the text; by the page itself, which wants JSON: where it is, to be put anywhere."""
    ref, content = RecordRef(schema, identifier), file.file.read()

    def kept() -> Picture:
        if not alt.strip():
            raise Unusable("Say what the picture shows; those who cannot see it are told that.")
        return at.service.records().add_picture(ref, content, by=at.by)

    if "application/json" in at.request.headers.get("Accept", ""):
        try:
            made = kept()
        except ServiceError as error:
            return answered({"sentence": str(error)}, status=status_of(type(error)))
        return answered({"src": made.address, "width": str(made.width), "height": str(made.height)})

    def act() -> Response:
        made, language = kept(), at.language(ref)
        shown = _SHOWN.format(made.address, " ".join(alt.split()), made.width, made.height)
        at.verbs.append(ref, str(shown), language, by=at.by)
        return see(address_of(ref, language, said="pictured"))

    return tried(act, lambda said, status: _form(at, ref, alt, said, status))

"""Preview: a document as readers would see it on a telephone, in each direction, in frames that run nothing."""

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from tm_service.domain.records import RecordRef
from tm_service.web.access import METHODS
from tm_service.web.desks.editor.entry import AtDesk, address_of, here, writes
from tm_service.web.headers import HEADERS
from tm_service.web.reading import interface, on_page
from tm_service.web.record_rows import Rows, spoken
from tm_service.web.render import page, text
from tm_service.web.texts import direction

_FRAMES = HEADERS["Content-Security-Policy"] + "; frame-src 'self'"
# A document of its own that runs nothing, sends nothing, goes nowhere, and stands in frames of this house alone.
_FRAMED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data: https:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}

router = APIRouter(include_in_schema=False)
_PLACE = "/editor/{schema}/{identifier}/preview"


@router.api_route(_PLACE, methods=[*METHODS], dependencies=[writes()])
def preview(at: AtDesk, schema: str, identifier: str) -> Response:
    """Two telephones side by side: the language that is written, and one that runs the other way."""
    ref = RecordRef(schema, identifier)
    working, _ = at.open(ref)
    languages, first = at.verbs.languages(ref), at.language(ref)
    other = next((code for code in languages if _is_rtl(code) != _is_rtl(first)), languages[0])
    named, title = spoken(working.document.get("title"), first, languages[0])
    return page(
        at.request,
        "editor/preview.html",
        headers={"Content-Security-Policy": _FRAMES},
        here=here(ref),
        languages_here=languages,
        shown=list(dict.fromkeys([first, other])),
        title=title or ref.identifier,
        title_language=named or languages[0],
        back=address_of(ref, first),
        address_in=lambda code: address_of(ref, code, "/preview"),
        frame_of=lambda code: address_of(ref, code, "/preview/frame"),
    )


def _is_rtl(code: str) -> bool:
    return direction(code) == "rtl"


@router.api_route(f"{_PLACE}/frame", methods=[*METHODS], dependencies=[writes()])
def frame(at: AtDesk, schema: str, identifier: str) -> Response:
    """What was written, sanitised once more, as the page of a reader."""
    ref, room = RecordRef(schema, identifier), at.service.records()
    working, _ = at.open(ref)
    languages, locale = at.verbs.languages(ref), at.language(ref)
    document = room.public(ref.kind, working.document)
    named, title = spoken(document.get("title") or document.get("name"), locale, languages[0])
    content = None
    rows = []
    if ref.kind == "article":
        language, body = spoken(document.get("content"), locale, languages[0])
        content = Markup(on_page(room.cleaned(body)))  # noqa: S704 - sanitised
    else:
        language = locale
        rows = Rows(locale, languages[0], room.cleaned).of(working.schema, document)
    made = text(
        interface(locale),
        "editor/frame.html",
        locale=locale,
        title=title or ref.identifier,
        title_language=named or locale,
        content=content,
        content_language=language or locale,
        rows_found=rows,
        schema=working.schema,
    )
    headers = {**_FRAMED, "Content-Language": locale}
    return Response(made.encode("utf-8", "replace"), media_type="text/html", headers=headers)

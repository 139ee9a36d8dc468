"""Render: a template becomes a page in the reader's language."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from locales import LANGUAGES
from tm_service.differences import differences
from tm_service.domain import reasons, sentences
from tm_service.web.assets import asset_path, has_asset
from tm_service.web.frame import NOWHERE, frame_of
from tm_service.web.refusals import told
from tm_service.web.texts import Speech, choose, direction, native_name, speech

_YEAR = 365 * 24 * 3600  # seconds


def page(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **content: Any
) -> HTMLResponse:
    """A page in the language asked for; one asked for in the address is kept in a cookie."""
    code = chosen(request)
    content |= {"status": int(status), "frame": frame_of(request), "kept_query": _kept_query(request)}
    made = text(code, template, **content).encode(
        "utf-8", "replace"
    )  # a lone surrogate of somebody's file has no bytes
    response = HTMLResponse(made, status, headers)
    response.headers["Content-Language"] = code
    response.headers["Vary"] = "Accept-Language, Cookie"
    if request.query_params.get("lang") == code:
        secure = request.url.scheme == "https"
        response.set_cookie("lang", code, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
    return response


def _kept_query(request: Request) -> str:
    """What an address asks beside the language, for links to the same page in another one; `next` is told apart."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("lang", "next")]
    return f"{urlencode(kept)}&" if kept else ""


def chosen(request: Request) -> str:
    """The interface language that a reader asks for."""
    return choose(request.query_params, request.cookies, request.headers.get("Accept-Language", ""))


def text(code: str, template: str, **content: Any) -> str:
    """A template filled in, in one language of the interface; what anybody may keep names nobody who is signed in."""
    return environment(code).get_template(template).render({"frame": NOWHERE, "here": "", "kept_query": "", **content})


@cache
def environment(code: str) -> Environment:
    """One for each language: its messages and its filters."""
    made = Environment(
        loader=PackageLoader("tm_service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    said = speech(code)
    made.install_gettext_translations(said.translations, newstyle=True)  # type: ignore[attr-defined] # the extension adds it
    made.globals.update(
        speech=said,
        languages=LANGUAGES,
        asset=asset_path,
        has_asset=has_asset,
        differences=differences,
        reasons=reasons,
        sentences=sentences,
        day_of=date.fromisoformat,
        refusal_told=lambda sentence: told(sentence, code),
    )
    made.filters.update(_filters(said))
    return made


def _filters(said: Speech) -> dict[str, Any]:
    return {
        "number": said.number,
        "percent": said.percent,
        "moment": said.moment,
        "day": said.day,
        "language": said.language,
        "languages": said.languages,
        "native": native_name,
        "direction": direction,
    }

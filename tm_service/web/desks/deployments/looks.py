"""Looks: what is asked of a site as it is now or was: its gate, an estimate, advice, its keys; and the line for its CI."""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.jobs import Arguments, JobKind
from tm_service.domain.permissions import Action
from tm_service.web.access import METHODS
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.deployments.frame import address, site_page
from tm_service.web.desks.forms import Text, see, tried

_EARLIER = 5  # runs of the same kind that are listed below a form

router = APIRouter(include_in_schema=False)
_LOOKS = [needs(Action.DETECT)]
KINDS = {"gate": JobKind.CHECK, "estimate": JobKind.ESTIMATE, "advice": JobKind.ADVISE, "keys": JobKind.FIND_KEYS}


@router.api_route("/sites/{site}/gate", methods=[*METHODS], dependencies=_LOOKS)
def show_gate(request: Request, site: str, ref: str = "") -> Response:
    return _form(request, site, "gate", {"ref": ref})


@router.post("/sites/{site}/gate", dependencies=_LOOKS)
def ask_gate(request: Request, site: str, ref: Text = "") -> Response:
    return _asked(request, site, "gate", {"ref": ref.strip()})


@router.api_route("/sites/{site}/estimate", methods=[*METHODS], dependencies=_LOOKS)
def show_estimate(request: Request, site: str, base: str = "", head: str = "") -> Response:
    return _form(request, site, "estimate", {"base": base or service_of(request).site(site).branch, "head": head})


@router.post("/sites/{site}/estimate", dependencies=_LOOKS)
def ask_estimate(request: Request, site: str, base: Text = "", head: Text = "") -> Response:
    typed = {"base": base.strip(), "head": head.strip()}
    missing = [name for name, value in typed.items() if not value]
    if missing:
        return _form(request, site, "estimate", typed, *missing, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _asked(request, site, "estimate", typed)


@router.api_route("/sites/{site}/advice", methods=[*METHODS], dependencies=_LOOKS)
def show_advice(request: Request, site: str, base: str = "", head: str = "") -> Response:
    return _form(request, site, "advice", {"base": base, "head": head})


@router.post("/sites/{site}/advice", dependencies=_LOOKS)
def ask_advice(request: Request, site: str, base: Text = "", head: Text = "") -> Response:
    return _asked(request, site, "advice", {"base": base.strip(), "head": head.strip()})


@router.api_route("/sites/{site}/keys", methods=[*METHODS], dependencies=_LOOKS)
def show_keys(request: Request, site: str, ref: str = "") -> Response:
    return _form(request, site, "keys", {"ref": ref})


@router.post("/sites/{site}/keys", dependencies=_LOOKS)
def ask_keys(request: Request, site: str, ref: Text = "") -> Response:
    return _asked(request, site, "keys", {"ref": ref.strip()})


@router.api_route("/sites/{site}/ci", methods=[*METHODS], dependencies=[needs(Action.SITES_READ)])
def ci(request: Request, site: str) -> Response:
    """What to paste; the address is the one that this page was asked for under."""
    known = service_of(request).site(site)
    return site_page(request, "deployments/ci.html", known, "ci", address=str(request.base_url).rstrip("/"))


def _asked(request: Request, site: str, tab: str, arguments: Arguments) -> Response:
    """On to the page of the job, which waits for it and then shows what it found."""

    def act() -> Response:
        job = service_of(request).jobs.ask(KINDS[tab], site, arguments, by=asker_of(request).by)
        return see(address(site, f"/runs/{job.id}"))

    def again(sentence: str, status: HTTPStatus) -> Response:
        typed = {name: str(value) for name, value in arguments.items()}
        return _form(request, site, tab, typed, "refused", status=status, sentence=sentence)

    return tried(act, again)


def _form(
    request: Request,
    site: str,
    tab: str,
    typed: dict[str, str],
    *problems: str,
    status: HTTPStatus = HTTPStatus.OK,
    sentence: str = "",
) -> Response:
    service, known = service_of(request), service_of(request).site(site)
    earlier = service.jobs.listed(site, kinds=[KINDS[tab]], most=_EARLIER)
    content = {"typed": typed, "problems": problems, "sentence": sentence, "earlier": earlier}
    return site_page(request, f"deployments/{tab}.html", known, tab, status=status, **content)

"""Rate pages: what a site pays for words, by match class and language, and the form to change it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import NotFound
from tm_service.domain.matches import MatchClass
from tm_service.domain.permissions import Action
from tm_service.domain.register import PaidRates
from tm_service.domain.units import Locale
from tm_service.web.access import METHODS
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.forms import Several, Text, see, tried
from tm_service.web.desks.register.views import Say
from tm_service.web.render import chosen, page
from tm_service.web.texts import speech

router = APIRouter(include_in_schema=False)
_READS = [needs(Action.SITES_READ)]
_SETS = [needs(Action.RATES_EDIT)]
Code = Annotated[str, Query(max_length=20)]


@router.api_route("/sites/{site}/register/rates", methods=[*METHODS], dependencies=_READS)
def rates(request: Request, site: str, locale: Code = "") -> Response:
    """What is paid in each language; who may set it has the form of one of them. Raises NotFound."""
    return _rates(request, site, locale)


@router.post("/sites/{site}/register/rates", dependencies=_SETS)
def set_rates(
    request: Request, site: str, percent: Several, locale: Text = "", currency: Text = "", price: Text = ""
) -> Response:
    """The form once more with a sentence where something is wrong in it."""

    def act() -> Response:
        service_of(request).register.set_rates(site, locale, percent, currency, price, by=_by(request))
        return see(f"/sites/{site}/register/rates", "set")

    return tried(
        act, lambda sentence, status: _rates(request, site, locale, sentence, status, percent, currency, price)
    )


@router.post("/sites/{site}/register/rates/usual", dependencies=_SETS)
def forget_rates(request: Request, site: str, locale: Text = "") -> Response:
    """Pay in a language as for all, for all as usual."""

    def act() -> Response:
        service_of(request).register.forget_rates(site, locale, by=_by(request))
        return see(f"/sites/{site}/register/rates", "set")

    return tried(act, lambda sentence, status: _rates(request, site, locale, sentence, status))


def _by(request: Request) -> str:
    return asker_of(request).person.email


def _rates(
    request: Request,
    site: str,
    locale: Locale,
    sentence: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    percents: Sequence[str] = (),
    currency: str | None = None,
    price: str = "",
) -> Response:
    register, known = service_of(request).register, service_of(request).site(site)
    force, kept = register.rates(site), register.rates_set(site)
    if locale not in force:
        raise NotFound(f"Site {site} has no locale {locale}; it has {', '.join(known.locales)}.")
    mine, say = force[locale], Say(chosen(request), known.name)
    written = percents or [f"{mine.percents[kind]:f}" for kind in MatchClass]
    return page(
        request,
        "register/rates.html",
        status=status,
        here="register",
        of="rates",
        site=known,
        classes=[say(kind) for kind in MatchClass],
        rows=[_row(say, one, force[one], kept) for one in force],
        fields=[
            (number, say(kind), said) for number, (kind, said) in enumerate(zip(MatchClass, written, strict=False))
        ],
        currency=mine.currency if currency is None else currency,
        price=_price(mine) if currency is None else price,
        locale=locale,
        own=locale in kept,
        may=asker_of(request).may(Action.RATES_EDIT, site),
        said=request.query_params.get("said", ""),
        sentence=sentence,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """What is paid in one language, as a page says it; `name` is "" for all languages."""

    name: Locale
    percents: Sequence[str]
    price: str
    currency: str
    whose: str


def _row(say: Say, locale: Locale, paid: PaidRates, kept: Collection[Locale]) -> Row:
    said = speech(say.code)
    whose = "rates of its own" if locale in kept else "rates of all" if "" in kept else "usual rates"
    percents = [said.percent(float(paid.percents[kind] / 100)) for kind in MatchClass]
    return Row(locale, percents, _price(paid), paid.currency, say(whose))


def _price(paid: PaidRates) -> str:
    return f"{paid.price.normalize():f}" if paid.currency else ""

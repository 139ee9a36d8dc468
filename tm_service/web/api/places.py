"""Places: who may do something somewhere, where the function itself finds out on which site and in which locale it is."""

from typing import Any

from fastapi import Depends
from starlette.requests import Request

from tm_service.domain.permissions import Action, allowed
from tm_service.web.callers import Asker, Needs, asker_of


class NeedsSomewhere(Needs):
    """Lets in who may do something on some site in some locale, on the site that the address names where it names one.

    The function asks again, with the site and the locale, before it does anything.
    """

    async def __call__(self, request: Request) -> Asker:
        """Raises NotSignedIn, NotAllowed."""
        asker, site = asker_of(request), request.path_params.get("site", "")
        grants = asker.opened.person.grants if asker.opened else ()
        if not any(allowed([one], self.action, site or one.site, one.locale) for one in grants):
            asker.require(self.action, site)
        return asker


def somewhere(action: Action) -> Any:
    """A dependency; see NeedsSomewhere."""
    return Depends(NeedsSomewhere(action))

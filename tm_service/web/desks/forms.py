"""Forms: what they do, or themselves once more with the sentence that says why not; and where they lead."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from tm_service.domain.errors import ServiceError
from tm_service.domain.people import SignInRefused
from tm_service.web.faults import status_of

Text = Annotated[str, Form(max_length=4000)]
Several = Annotated[list[str], Form(max_length=500)]

Again = Callable[[str, HTTPStatus], Response]


def tried(act: Callable[[], Response], again: Again) -> Response:
    """What `act` answers; where the house refuses, the form again with its sentence, so that nothing typed is lost.

    Raises SignInRefused: who is nobody any more signs in first.
    """
    try:
        return act()
    except SignInRefused:
        raise
    except ServiceError as error:
        return again(str(error), status_of(type(error)))


def see(address: str, said: str = "") -> Response:
    """On to a page, which says what was done by a word of its list, "" for nothing."""
    return RedirectResponse(f"{address}?{urlencode({'said': said})}" if said else address, HTTPStatus.SEE_OTHER)

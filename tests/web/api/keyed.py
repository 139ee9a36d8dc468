"""An application with a function that changes something, for tests of kept answers; run by itself, one that never ends."""

import sys
import time
from dataclasses import replace
from pathlib import Path

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service.bootstrap import open_service
from tm_service.domain.errors import NotFound
from tm_service.domain.permissions import Action
from tm_service.settings import read_settings
from tm_service.storage.sql_store import SqlStore
from tm_service.web.api.routes import Body, Router, told
from tm_service.web.app import make_app
from tm_service.web.callers import needs

PLACE = "/beds/reef"


class Planting(Body):
    """What is planted."""

    plant: str
    size: int = Field(0, le=2_000_000)


def keyed_app(home, url, planted, between=lambda: None, clock=None):
    """An application over a house and a database; each planting is a line of the file `planted`, and then `between` comes."""
    service = open_service(read_settings(Path(home), environment={}))
    service = replace(service, store=SqlStore(url), clock=clock or service.clock)
    app, router = make_app(service), Router("beds")

    @router.post("/beds/{bed}", dependencies=[needs(Action.SITES_EDIT)])
    def plant(bed: str, asked: Planting) -> Response:
        with Path(planted).open("a") as file:
            file.write(f"{asked.plant}\n")
        between()
        if asked.plant == "thistle":
            raise NotFound("There is no thistle.")
        if asked.plant == "nettle":
            raise RuntimeError("it stings")
        if asked.plant == "dock":
            return told({"bed": bed, "problems": ["It has roots."]}, status=422)
        response = told(
            {"bed": bed, "plant": asked.plant * max(1, asked.size)}, status=201, headers={"Location": PLACE}
        )
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    @router.post("/sheds")
    async def send(request: Request) -> Response:
        parts = (await request.form()).multi_items()
        Path(planted).write_text(f"{len(parts)} parts\n")  # noqa: ASYNC240 - of a test
        return told({})

    app.include_router(router)
    return app


def main():
    home, url, planted, token, key = sys.argv[1:]
    from tests.web.api.conftest import Asking  # noqa: PLC0415 - only where it is run by itself

    def wait():
        print("planted", flush=True)  # noqa: T201 - heard by who started this
        time.sleep(600)

    app = keyed_app(home, url, planted, wait)
    Asking(app, {"Authorization": f"Bearer {token}"}).post(PLACE, {"plant": "moss"}, headers={"Idempotency-Key": key})


if __name__ == "__main__":
    main()

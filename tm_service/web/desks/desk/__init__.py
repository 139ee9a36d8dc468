"""Desk: the translator's pages: what waits, a package's units, one unit, returns and their receipts."""

from fastapi import APIRouter

from tm_service.web.desks.desk import handing_in, packages, queue, returns, units

router = APIRouter(include_in_schema=False)
for part in (queue, packages, handing_in, units, returns):
    router.include_router(part.router)

"""Deployments: what readers see of a site, since when and why; what differs, what would change, and how to go back."""

from fastapi import APIRouter

from tm_service.web.desks.deployments import differences, histories, lists, looks, reading, restoring, runs, waivers

router = APIRouter(include_in_schema=False)
for part in (lists, differences, reading, histories, restoring, waivers, looks, runs):
    router.include_router(part.router)

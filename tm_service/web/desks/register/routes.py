"""Routes: every page of the register."""

from fastapi import APIRouter

from tm_service.web.desks.register import alarm_pages, first_pages, pages, rate_pages

router = APIRouter()
for _part in (first_pages, pages, alarm_pages, rate_pages):
    router.include_router(_part.router)

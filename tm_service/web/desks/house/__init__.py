"""House: what all people share: people and their roles, programs, the journal, settings, and what is one's own."""

from fastapi import APIRouter

from tm_service.web.desks.house import clients, journal, memory, own, people, search, settings, terms

router = APIRouter(include_in_schema=False)
for part in (people, clients, memory, terms, search, journal, own, settings):
    router.include_router(part.router)

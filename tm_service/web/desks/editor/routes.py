"""Routes: all pages of the desk of editors, the lists first, whose addresses would name documents otherwise."""

from fastapi import APIRouter

from tm_service.web.desks.editor import listing, pictures, preview, steps, writing

router = APIRouter()
for _part in (listing, pictures, preview, steps, writing):
    router.include_router(_part.router)

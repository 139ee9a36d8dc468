"""The demo's people: one for each desk, and one who administers."""

from tm_service.domain.people import Person
from tm_service.domain.permissions import Grant, Role
from tm_service.domain.ports import PeopleRoom

_DOMAIN = "harbour.example"
_GOVERNMENT = "xa"  # whose records they write and approve
_PEOPLE = (
    ("administrator", "Ines Duarte", "es", (Grant(Role.ADMINISTRATOR),)),
    ("translator", "Claire Morel", "fr", (Grant(Role.TRANSLATOR, locale="fr"), Grant(Role.REVIEWER, locale="fr"))),
    ("translator-ar", "Samir Haddad", "ar", (Grant(Role.TRANSLATOR, locale="ar"),)),
    ("developer", "Lin Wei", "zh", (Grant(Role.DEVELOPER),)),
    ("secretariat", "Olga Petrova", "ru", (Grant(Role.SECRETARIAT),)),
    ("editor", "Ruth Okafor", "en", (Grant(Role.CONTENT_EDITOR),)),
    ("authority", "Maria Lindt", "en", (Grant(Role.PUBLISHING_AUTHORITY),)),
)


def settle(room: PeopleRoom, password: str) -> list[Person]:
    """Give all of them an account with this password."""
    found = []
    for mailbox, name, language, grants in _PEOPLE:
        made = room.invite(f"{mailbox}@{_DOMAIN}", name, language, grants, government=_GOVERNMENT)
        found.append(room.accept(made.token, password))
    return found

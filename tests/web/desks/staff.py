"""Staff: a house with the example site whose people sign in by their browsers, one for each role that a test names."""

from dataclasses import dataclass

from lxml import html

from tests.people.samples import CHEAP, PASSWORD, person
from tests.web.browser import HOST, Browser, with_people
from tm_service.domain.permissions import Grant, Role


@dataclass
class Staff:
    """The house, its application, and the browsers of people who are signed in."""

    service: object
    app: object

    def browser(self, role, site="", locale=""):
        """Somebody's browser who has this one role."""
        room, name = self.service.people(), f"{role}{site}{locale}".replace("-", "")
        if room.find(f"{name.lower()}@house.example") is None:
            person(room, name, Grant(Role(role), site, locale))
        made = Browser(self.app)  # without the form, which may be sent twenty times a minute
        made.cookies.set("session", room.sign_in(f"{name.lower()}@house.example", PASSWORD).token, HOST)
        return made


def staff_of(service, clock=None):
    """The same house with people; an administrator is there from the beginning."""
    house, app = with_people(service, clock or service.clock, CHEAP)
    made = Staff(house, app)
    if house.people().find("ada@house.example") is None:
        person(house.people(), "Ada", Grant(Role.ADMINISTRATOR))
    return made


def words(answer):
    """What a page says, without its tags."""
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def alert(answer):
    """The sentence of the page's problem."""
    found = html.fromstring(answer.text).xpath("//*[@role='alert']")
    return " ".join(found[0].text_content().split()) if found else ""

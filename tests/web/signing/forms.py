"""The forms by which people sign in, filled in."""

from urllib.parse import quote

from lxml import html

from tests.people.samples import PASSWORD

ADA = "ada@house.example"
WRONG = "seeds in the attic"


def sign_in(browser, email=ADA, password=PASSWORD, wanted="/", lang="en"):
    page = browser.get(f"/sign-in?lang={lang}&next={quote(wanted, safe='')}")
    return browser.send(page, email=email, password=password)


def alert(answer):
    found = html.fromstring(answer.text).xpath("//*[@role='alert']")
    return " ".join(found[0].text_content().split()) if found else ""

"""The desk of editors in the tests of its forms: who writes there, what a page's form would send, and what a page says."""

import re

import pytest
from lxml import html

from tests.web.desks.editor_house import RULES, TEXTS, build, signed_in

PLACE = f"/editor/article/{RULES.identifier}"
NAMED = "f:content.en"
LATER = TEXTS["en"].replace("closes at six", "closes at seven on Mondays")
BY_ITSELF = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}  # how the page saves without being told


@pytest.fixture
def house(tmp_path):
    return build(tmp_path)


@pytest.fixture
def service(house):
    return house[0]


@pytest.fixture
def ada(house):
    return signed_in(house[1], "Ada")


@pytest.fixture
def bo(house):
    return signed_in(house[1], "Bo")


def tree(answer):
    return html.fromstring(answer.text)


def fields(answer):
    """What the form of a page would send as it is."""
    [form] = tree(answer).xpath("//form[@id='writing']")
    boxes = ("checkbox", "radio")
    inputs = [one for one in form.xpath(".//input[@name]") if one.get("type") not in boxes or "checked" in one.attrib]
    sent = {one.get("name"): one.get("value") for one in inputs if one.get("type") not in boxes}
    for one in inputs:
        sent[one.get("name")] = "\n".join(filter(None, dict.fromkeys([sent.get(one.get("name")), one.get("value")])))
    sent |= {one.get("name"): (one.text or "").removeprefix("\n") for one in form.xpath(".//textarea")}
    return sent


def save(browser, place=PLACE, **changes: str):
    """Change fields of the page as it is now, and send the form as browsers do, with two characters a line's end."""
    sent = fields(browser.get(place)) | changes
    return browser.post(place, **{name: value.replace("\n", "\r\n") for name, value in sent.items()})


def words(answer, where="//main"):
    [place] = tree(answer).xpath(where)
    return re.sub(r"\s+", " ", " ".join(place.itertext())).strip()

"""The register's rates: who sets them, what is refused, and what savings make of them."""

# ruff: noqa: F811 - fixtures are imported by their names

import io

import pytest
from lxml import html
from pypdf import PdfReader

from tests.register_world import GARDEN, package, unit
from tests.web.desks.register_desk import ROOT, signed, tables  # noqa: F401 - fixtures
from tm_service.domain.matches import MatchClass
from tm_service.domain.permissions import Role

PERCENTS = ["0", "5", "5", "10", "25,5", "50", "75", "100", "100"]
PRICED = {"percent": PERCENTS, "price": "0.20", "currency": "eur"}


@pytest.fixture
def desk(signed):
    """A house with two packages, and the Secretariat's browser."""
    made, browser = signed
    units = [unit(1, "Dig the bed", match=MatchClass.NEW), unit(2, "Water it well", match=MatchClass.FUZZY_95)]
    with made.store.begin() as tx:
        tx.save_package(package(1, "fr", units))
        tx.save_package(package(2, "ar", units))
    browser(Role.ADMINISTRATOR)
    return made, browser, browser(Role.SECRETARIAT)


def shown(answer):
    rows = html.fromstring(answer.text).xpath("//table[@id='rates-table']//tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in rows]


def test_what_the_secretariat_sets_is_what_savings_and_the_sheet_of_paper_count_with(desk):
    made, _browser, secretariat = desk
    before = shown(secretariat.get(f"{ROOT}/rates"))
    assert {row[-1] for row in before[1:]} == {"Usual rates"}
    assert len(before) == 2 + len(GARDEN.locales)
    answer = secretariat.post(f"{ROOT}/rates", locale="fr", **PRICED)
    assert answer.headers["Location"] == f"{ROOT}/rates?said=set"
    page = secretariat.get(answer.headers["Location"])
    assert html.fromstring(page.text).xpath("string(//p[@role='status'])") == "The rates are kept."
    (french,) = [row for row in shown(page) if row[0] == "French"]
    assert french[1:] == [
        "0.0%", "5.0%", "5.0%", "10.0%", "25.5%", "50.0%", "75.0%", "100%", "100%", "0.2 EUR", "Set for this language",
    ]  # fmt: skip
    rows = tables(secretariat.get(f"{ROOT}/savings"))["savings"]
    assert rows[0][-2:] == ["Cost · EUR", "Saved cost · EUR"]
    report = made.register.savings("garden", made.register.packages("garden"))
    assert (str(report.locales["fr"].weighted), str(report.locales["fr"].cost["EUR"])) == ("3.765", "0.75300")
    assert dict(report.locales["ar"].cost) == {}, "Arabic has no price"
    paper = secretariat.get(f"{ROOT}/summary?locale=fr")
    read = PdfReader(io.BytesIO(paper.content))
    assert len(read.pages) == 1
    assert "Cost · EUR" in read.pages[0].extract_text()
    (line,) = [one for one in made.audit.listed("garden") if one.entry.verb == "set rates"]
    assert (line.caller.name, line.details["locale"]) == ("secretariat@house.example", "fr")
    assert line.details["now"].endswith("new 100; 0.20 EUR")


def test_a_language_without_its_own_is_paid_as_all_are_and_goes_back_to_that(desk):
    made, _browser, secretariat = desk
    secretariat.post(f"{ROOT}/rates", **PRICED)
    secretariat.post(f"{ROOT}/rates", locale="fr", percent=["100"] * 9)
    rates = made.register.rates("garden")
    assert {str(percent) for percent in rates["fr"].percents.values()} == {"100"}
    assert (rates["ar"].currency, rates["fr"].currency) == ("EUR", "")
    form = html.fromstring(secretariat.get(f"{ROOT}/rates?locale=fr").text)
    assert form.xpath("//input[@name='percent']/@value") == ["100"] * 9
    assert secretariat.post(f"{ROOT}/rates/usual", locale="fr").status_code == 303
    assert made.register.rates("garden")["fr"].currency == "EUR"
    assert secretariat.post(f"{ROOT}/rates/usual", locale="fr").status_code == 404
    secretariat.post(f"{ROOT}/rates/usual")
    assert made.register.rates_set("garden") == {}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"percent": [*PERCENTS[:8], "101"]}, "the percentage of new as a number from 0 to 100"),
        ({"percent": [*PERCENTS[:8], "NaN"]}, "the percentage of new"),
        ({"percent": [*PERCENTS[:8], "1e-9"]}, "at most six decimals"),
        ({"percent": PERCENTS[:3]}, "for every match class"),
        ({"currency": ""}, "a price and its currency, or neither"),
        ({"currency": "EURO"}, "a code of ISO 4217"),
        ({"price": "-1"}, "the price as a number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_that_was_typed_is_lost(desk, wrong, says):
    made, _browser, secretariat = desk
    typed = PRICED | wrong
    answer = secretariat.post(f"{ROOT}/rates", **typed)
    root = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert says in root.xpath("string(//*[@role='alert'])")
    assert root.xpath("//input[@name='percent']/@value")[: len(typed["percent"])] == typed["percent"]
    assert root.xpath("//input[@name='price']/@value") == [typed["price"]]
    assert made.register.rates_set("garden") == {}


def test_only_the_secretariat_and_administrators_set_rates(desk):
    made, browser, _secretariat = desk
    for role in (Role.TRANSLATOR, Role.REVIEWER, Role.DEVELOPER, Role.CONTENT_EDITOR, Role.PUBLISHING_AUTHORITY):
        other = browser(role)
        page = other.get(f"{ROOT}/rates")
        assert len(shown(page)) == 2 + len(GARDEN.locales)
        assert 'method="post"' not in html.tostring(html.fromstring(page.text).find(".//main"), encoding="unicode")
        assert other.post(f"{ROOT}/rates", **PRICED).status_code == 403
        assert other.post(f"{ROOT}/rates/usual").status_code == 403
    assert browser(Role.SECRETARIAT, "reef").get(f"{ROOT}/rates").status_code == 403
    assert made.register.rates_set("garden") == {}
    assert _secretariat.get(f"{ROOT}/rates?locale=xx").status_code == 404

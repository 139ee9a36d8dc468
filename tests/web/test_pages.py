import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from tests.web.house import LOCALES, Visitor, with_sites
from tm_service.domain.deployments import Tally
from tm_service.web.app import make_app
from tm_service.web.views import counts, table

PAGES = ("/sites/demo", "/sites/demo/deployments/1", "/sites/demo/deployments/5")


def words(response):
    text = " ".join(html.fromstring(response.text).xpath("//main//text()"))
    return re.sub(r"\s+", " ", text)


def rows(response, table):
    found = html.fromstring(response.text).xpath(f"//table[contains(@class, '{table}')]")[0]
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in found.xpath("tbody/tr")]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", [*PAGES, "/nothing"])
def test_every_page_speaks_six_languages_in_their_direction(visitor, path, locale):
    response = visitor.get(f"{path}?lang={locale}")
    assert response.status_code == (404 if path == "/nothing" else 200)
    root = html.fromstring(response.text)
    assert (root.get("lang"), root.get("dir")) == (locale, "rtl" if locale == "ar" else "ltr")
    assert response.headers["Content-Language"] == locale
    assert root.xpath("//nav//a[@aria-current]/@hreflang") == [locale]
    assert len(root.xpath("//h1")) == 1


def test_the_only_site_is_the_first_page(visitor):
    response = visitor.get("/?lang=fr")
    assert (response.status_code, response.headers["Location"]) == (303, "/sites/demo?lang=fr")
    assert visitor.get("/").headers["Location"] == "/sites/demo"


def test_several_sites_are_cards_with_their_newest_coverage(service):
    response = Visitor(make_app(with_sites(service, "demo", "legal"))).get("/")
    assert html.fromstring(response.text).xpath("//h2/a/@href") == ["/sites/demo", "/sites/legal"]
    assert "Deployment 5" in words(response)
    assert "No deployment yet." in words(response)


def test_a_house_without_sites_says_the_next_command(service):
    response = Visitor(make_app(with_sites(service))).get("/")
    assert "tm-service site add sites.toml" in words(response)
    assert "tm-service demo" in words(response)


def test_a_site_without_deployments_says_the_next_commands(service):
    response = Visitor(make_app(with_sites(service, "legal"))).get("/sites/legal")
    assert "tm-service learn legal" in words(response)
    assert "tm-service deploy legal" in words(response)
    assert "tm-service package legal" in words(
        Visitor(make_app(with_sites(service, "legal"))).get("/sites/legal/packages")
    )


def test_coverage_is_told_by_language_as_the_service_counts_it(service, visitor):
    covered = service.coverage("demo").locales
    told = rows(visitor.get("/sites/demo"), "coverage")
    names = {"ar": "Arabic", "es": "Spanish", "fr": "French", "ru": "Russian", "zh": "Chinese"}
    for row, (locale, coverage) in zip(told, covered.items(), strict=True):
        units = coverage.units
        kinds = (units.current, units.from_memory, units.stale, units.missing, units.out, units.units)
        assert row[0] == names[locale]
        assert row[2:] == [str(number) for number in kinds]


def test_coverage_is_also_told_in_words(service, visitor):
    root = html.fromstring(visitor.get("/sites/demo").text)
    totals = root.xpath("//details//table//tr/td[last()]/text()")
    assert totals == [str(coverage.words.units) for coverage in service.coverage("demo").locales.values()]


def test_each_bar_says_in_text_what_it_shows(visitor):
    root = html.fromstring(visitor.get("/sites/demo").text)
    bars = root.xpath("//*[local-name()='svg'][@role='img']")
    assert len(bars) == 10
    assert re.fullmatch(
        r"Arabic: [\d.]+% translated; current \d+, from memory \d+, stale \d+, missing \d+", bars[0].get("aria-label")
    )


def test_the_list_of_deployments_is_newest_first_and_names_what_a_rollback_restores(visitor):
    told = rows(visitor.get("/sites/demo"), "deployments")
    assert [row[0] for row in told] == ["5", "4", "3", "2", "1"]
    assert told[0][1] == "5 Nov 2026, 09:30 UTC"
    assert told[0][2] == "2026.1 restores 1"
    assert [cell.endswith("%") for cell in told[0][4:9]] == [True] * 5


def test_alarms_of_the_newest_deployment_are_announced(service, visitor):
    newest = service.deployments("demo")[0]
    status = html.fromstring(visitor.get("/sites/demo").text).xpath("//*[@role='status']")[0]
    assert len(status.xpath(".//li")) == len(newest.alarms) > 0
    lost = {alarm.locale: alarm.lost for alarm in newest.alarms}
    assert f"Arabic: coverage fell by {lost['ar']} units though" in status.text_content()
    assert "role=" not in "".join(re.findall(r"<div class=.alarms.*", visitor.get("/sites/demo/deployments/1").text))


def test_packages_are_listed_with_their_units_words_and_download(service, visitor):
    response = visitor.get("/sites/demo/packages")
    told = rows(response, "packages")
    packages = service.handoffs.packages("demo")
    assert [row[0] for row in told] == [package.id for package in packages]
    assert [row[2] for row in told] == [str(len(package.units)) for package in packages]
    assert {row[5] for row in told} == {"1 Dec 2026"}
    assert [row[6] for row in told] == [package.status.value for package in packages]
    assert {row[6] for row in told} == {"handed off", "reintegrated"}
    links = html.fromstring(response.text).xpath("//table[@class='packages']//a")
    assert links[0].get("href") == f"/packages/{packages[0].id}/file"
    assert links[0].get("aria-label") == f"Download {packages[0].id}"


def test_a_package_past_its_date_is_overdue(service):
    later = replace(service, clock=lambda: datetime(2026, 12, 2, tzinfo=UTC))
    assert words(Visitor(make_app(later)).get("/sites/demo/packages")).count("overdue") == sum(
        bool(package.open_units) for package in service.handoffs.packages("demo")
    )
    assert "overdue" not in words(Visitor(make_app(service)).get("/sites/demo/packages"))


def test_the_first_page_of_a_site_shows_the_newest_deployments_and_leads_to_all(visitor, monkeypatch):
    """It is calm: the rest has pages of its own, and long lists have parts."""
    monkeypatch.setattr("tm_service.web.desks.deployments.lists.NEWEST", 2)
    assert [row[0] for row in rows(visitor.get("/sites/demo"), "deployments")] == ["5", "4"]
    links = html.fromstring(visitor.get("/sites/demo").text).xpath("//main//a/@href")
    assert {"/sites/demo/deployments", "/sites/demo/reading", "/sites/demo/packages"} <= {*links}


def test_long_lists_have_parts(visitor, monkeypatch):
    monkeypatch.setattr("tm_service.web.desks.deployments.lists.SHOWN", 2)
    first = visitor.get("/sites/demo/packages")
    assert len(rows(first, "packages")) == 2
    following = html.fromstring(first.text).xpath("//nav[@class='pager']//a/@href")
    assert following == ["?start=2"]
    second = visitor.get(f"/sites/demo/packages{following[0]}")
    assert rows(first, "packages") + rows(second, "packages") == rows(
        visitor.get("/sites/demo/packages"), "packages"
    ) + (rows(second, "packages"))
    assert not {row[0] for row in rows(first, "packages")} & {row[0] for row in rows(second, "packages")}


SCRIPT = re.compile(r"<script (\w+)")


def test_hostile_names_are_text(service):
    name = "<script>alert('\"')</script>"
    site = replace(service.sites()["demo"], name=name)
    hostile = Visitor(make_app(replace(service, sites=lambda: {name: site, "demo": site})))
    for path in ("/", "/sites/%3Cscript%3Ealert('%22')%3C%2Fscript%3E", "/sites/demo", "/sites/<b>no"):
        text = hostile.get(path).text
        assert set(SCRIPT.findall(text)) <= {"type"}
        assert "alert('" not in text
        assert "<b>" not in text


def test_no_page_has_a_script_or_a_style_within_itself(visitor):
    for path in (*PAGES, "/nothing"):
        text = visitor.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
        assert SCRIPT.findall(text)
        assert re.findall(r"<script[^>]*>(?!</script>)", text) == []


def test_what_a_gate_holds_is_missing():
    told = counts(Tally(units=10, current=4, from_memory=1, stale=2, held=2, missing=1))
    assert (told.missing, told.share) == (3, 0.7)


def test_a_bar_leaves_out_what_is_not_there_and_fills_its_width():
    segments = list(counts(Tally(units=4, current=3, missing=1)).segments)
    assert segments == [("current", 0.0, 75.0), ("missing", 75.0, 25.0)]
    assert list(counts(Tally()).segments) == []
    assert counts(Tally()).share is None


def test_languages_stand_in_the_order_of_the_site(service):
    covered = service.coverage("demo").locales
    assert [row.locale for row in table(covered, ("zh", "ar", "de")).rows] == ["zh", "ar", "es", "fr", "ru"]

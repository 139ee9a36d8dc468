"""The register's pages: what they say is what the store holds, in every language."""

# ruff: noqa: F811 - fixtures are imported by their names

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files as packaged

import pytest
from lxml import html

from tests.people.samples import ADMINISTRATOR, person
from tests.register_world import GARDEN, LOCALES, NOW
from tests.web.desks.register_desk import (  # noqa: F401 - fixtures
    PAGES,
    ROOT,
    empty,
    file_of,
    house,
    signed,
    tables,
    visitor,
)
from tests.web.house import Visitor
from tm_service.domain.clients import Use
from tm_service.domain.permissions import Action, Role
from tm_service.web.app import make_app
from tm_service.web.desks.register.words import words
from tm_service.web.texts import speech


@pytest.mark.parametrize("code", ["en", "ar", "es", "fr", "ru", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_speaks_every_language_and_shows_what_there_is(visitor, page, code):
    answer = visitor.get(f"{ROOT}{page}?lang={code}")
    assert answer.status_code == 200
    root = html.fromstring(answer.text)
    assert root.get("lang") == code
    assert words(code)[page.strip("/") or "overview"] in root.xpath("//h1")[0].text_content()
    assert root.xpath("//nav[@class='tabs']//a[@aria-current='page']/@href") == [f"{ROOT}{page}"]
    assert root.xpath("//table//tbody//tr")
    assert not root.xpath("//*[@style]"), "the policy of the house forbids it"


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_deployment_pages_teach(empty, page):
    answer = empty.get(f"{ROOT}{page}")
    assert answer.status_code == 200
    if page in ("", "/coverage", "/freshness"):
        assert "tm-service deploy garden" in answer.text


def test_the_heat_map_says_what_the_newest_deployment_covers(house, visitor):
    shown = tables(visitor.get(f"{ROOT}/coverage?kind=words&measure=current"))["coverage"]
    report, said = house.coverage("garden"), speech("en")
    assert shown[0] == ["Section", "Words", *(said.language(locale) for locale in LOCALES)]
    assert len(shown) == 2 + 6
    for row in shown[1:]:
        below = "texts/" if row[0] == "Total" else f"texts/{row[0]}"
        pages = {
            locale: [one for path, one in report.paths[locale].items() if path.startswith(below)] for locale in LOCALES
        }
        assert row[1] == said.number(sum(one.words.units for one in pages["fr"]))
        for locale, cell in zip(LOCALES, row[2:], strict=True):
            whole = sum(one.words.units for one in pages[locale])
            current = sum(one.words.current + one.words.from_memory for one in pages[locale])
            assert cell == said.percent(current / whole)


def test_colours_say_what_the_numbers_say(visitor):
    for cell in html.fromstring(visitor.get(f"{ROOT}/coverage").text).xpath("//td[contains(@class, 'heat-')]"):
        share = float(cell.text_content().strip().rstrip("%"))
        assert f"heat-{int(share // 10)}" in cell.get("class").split()


def test_a_folder_opens_and_an_earlier_deployment_is_looked_at(visitor):
    first = html.fromstring(visitor.get(f"{ROOT}/coverage?deployment=2").text)
    address = first.xpath("//tbody//a/@href")[0]
    answer = visitor.get(address)
    assert [row[0] for row in tables(answer)["coverage"][1:]] == [
        "file0.json",
        "file1.json",
        "file2.json",
        "file3.json",
        "Total",
    ]
    assert html.fromstring(answer.text).xpath("//option[@selected]/@value")[0] == "2"
    assert visitor.get(f"{ROOT}/coverage?below=texts/nowhere/").status_code == 404
    assert visitor.get(f"{ROOT}/coverage?deployment=99").status_code == 404
    assert visitor.get(f"{ROOT}/freshness?locale=xx").status_code == 404
    assert visitor.get(f"{ROOT}/coverage?kind=letters").status_code == 404
    assert visitor.get("/sites/nowhere/register/coverage").status_code == 404


def test_lines_have_a_point_for_every_deployment_and_the_table_the_same_figures(house, visitor):
    answer = visitor.get(f"{ROOT}/trend")
    root = html.fromstring(answer.text)
    lines = root.xpath("//svg//polyline")
    assert [len(line.get("points").split()) for line in lines] == [20] * 5
    rows = tables(answer)["trend"]
    assert len(rows) == 21
    newest = house.deployments("garden")[0].coverage
    assert rows[1][2:7] == [speech("en").percent(newest[it].units.covered / newest[it].units.units) for it in LOCALES]
    assert rows[1][7] == "1", "the alarm of Tuesday"


def test_time_runs_as_one_reads(visitor):
    def across(code):
        line = html.fromstring(visitor.get(f"{ROOT}/trend?lang={code}").text).xpath("//svg//polyline/@points")[0]
        return [float(point.split(",")[0]) for point in line.split()]

    assert across("en") == sorted(across("en"))
    assert across("ar") == sorted(across("ar"), reverse=True)


def test_long_tables_are_cut_into_pages_and_whole_in_files(visitor):
    first = visitor.get(f"{ROOT}/freshness?locale=fr")
    total = int(re.search(r"1 to 50 of (\d+)", first.text)[1])
    second = visitor.get(f"{ROOT}/freshness?locale=fr&longest-from=50")
    one, other = tables(first)["longest"][1:], tables(second)["longest"][1:]
    assert len(one) == 50
    assert not {tuple(row) for row in one} & {tuple(row) for row in other}
    assert (
        len(list(csv.reader(io.StringIO(file_of(visitor, "freshness", "longest", "csv", locale="fr").text))))
        == total + 1
    )
    for odd in ("99999", "-1", "x", "٣", "9" * 30):
        assert visitor.get(f"{ROOT}/freshness", params={"longest-from": odd}).status_code == 200


def test_the_only_site_is_the_first_page_and_of_several_each_has_its_figures(house):
    assert Visitor(make_app(house)).get("/register").headers["Location"] == ROOT
    two = replace(house, sites=lambda: {"garden": GARDEN, "reef": replace(GARDEN, name="reef")})
    root = html.fromstring(Visitor(make_app(two)).get("/register").text)
    assert root.xpath("//h2/a/@href") == [ROOT, "/sites/reef/register"]
    figures = [card.xpath(".//dd/text()") for card in root.xpath("//li[@class='card']")]
    assert figures[0][1:] == ["2", "1"], "open alarms and overdue packages"
    assert figures[1] == ["–", "0", "0"]


def test_programs_are_told_by_name_function_and_calls_to_who_may_read_usage(signed):
    made, browser = signed
    administrator, translator = browser(Role.ADMINISTRATOR), browser(Role.TRANSLATOR)
    room = made.people()
    ada = room.find("administrator@house.example")
    person(room, "Bo", ADMINISTRATOR)
    client = room.request_client("Seed labels", "labels@house.example", "Prints.", {Action.SITES_READ}, by=ada.id)
    room.approve_client(client.id, by=room.find("bo@house.example").id)
    room.count([Use(client.id, "show_site", NOW - timedelta(days=day), 2 + day) for day in (0, 1, 40)])
    page = administrator.get("/register/usage")
    assert tables(page)["usage"] == [["Program", "Calls"], ["Seed labels", "5"]]
    assert tables(administrator.get("/register/usage?days=90"))["functions"][1] == ["Seed labels", "show_site", "47"]
    assert "Seed labels,5" in administrator.get("/register/usage/file").text
    assert translator.get("/register/usage").status_code == 403
    assert translator.get("/register/usage/file").status_code == 403
    assert "/register/usage" not in translator.get(ROOT).text
    assert administrator.get("/register/usage?days=0").status_code == 404


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_numbers_stand_out_from_every_colour_and_lines_from_the_paper(scheme):
    """WCAG 2.2: 4.5 to 1 for texts (1.4.3), 3 to 1 for what is drawn (1.4.11)."""
    styles = packaged("tm_service.web").joinpath("styles")
    colours = {}
    for name in ("10-tokens.css", "66-register.css"):
        halves = styles.joinpath(name).read_text("utf-8").split("@media (prefers-color-scheme: dark)")
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", halves[scheme]))
    paper = colours.get("paper", "#ffffff")
    heats = [colours[f"heat-{number}"] for number in range(11)]
    assert all(contrast(colours["ink"], heat) >= 4.5 for heat in heats)
    assert all(contrast(colours[f"series-{number}"], paper) >= 4.5 for number in range(9)), "they colour labels, too"


def test_words_are_the_same_names_in_every_language():
    names = set(words("en"))
    assert all(set(words(code)) == names and all(words(code).values()) for code in LOCALES)

"""The register's pages: what they say is what the store holds; what can be taken away opens again; who may acknowledge."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files as packaged

import pytest
from lxml import etree, html
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.people.samples import ADMINISTRATOR, PASSWORD, person
from tests.register_world import GARDEN, LOCALES, NOW, Releases, grown, open_house, package, page_of, unit
from tests.storage.samples import AWKWARD
from tests.web.browser import Browser, with_people
from tests.web.house import Visitor
from tm_service.domain.clients import Use
from tm_service.domain.errors import ConnectorError
from tm_service.domain.permissions import Action, Grant, Role
from tm_service.web.app import make_app
from tm_service.web.desks.register import files
from tm_service.web.desks.register.words import Column, Kind, Sheet, words
from tm_service.web.texts import speech

ROOT = "/sites/garden/register"
PAGES = ("", "/coverage", "/trend", "/freshness", "/work", "/alarms", "/savings", "/quality")
TABLES = (
    ("coverage", "coverage"), ("trend", "trend"), ("freshness", "freshness"), ("freshness", "causes"),
    ("freshness", "longest"), ("work", "work"), ("work", "packages"), ("alarms", "alarms"), ("savings", "savings"),
    ("savings", "months"), ("quality", "quality"), ("quality", "checks"), ("quality", "returns"),
)  # fmt: skip
CHARTS = (("coverage", "coverage"), ("trend", "trend"), ("freshness", "freshness"), ("freshness", "causes"),
          ("work", "work"), ("savings", "savings"), ("quality", "checks"))  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = open_house(tmp_path_factory.mktemp("register"))
    grown(made.store)
    return made


@pytest.fixture(scope="module")
def visitor(house):
    return Visitor(make_app(house))


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return Visitor(make_app(open_house(tmp_path_factory.mktemp("empty"))))


def tables(answer):
    """Rows of texts by the id of a table's heading."""
    found = {}
    for section in html.fromstring(answer.text).xpath("//section[.//table]"):
        rows = section.xpath(".//table//tr")
        found[section.get("aria-labelledby").removesuffix("-table")] = [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in rows
        ]
    return found


def file_of(visitor, page, table, kind, language="en", **asked: str):
    params = {"table": table, "kind_of": kind, "lang": language} | asked
    return visitor.get(f"{ROOT}/{page}/file", params=params)


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


# files


@pytest.mark.parametrize(("page", "table"), TABLES)
def test_a_table_opens_again_as_csv_and_as_xlsx_with_the_same_rows(visitor, page, table):
    answer = file_of(visitor, page, table, "csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="garden-{table}.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(file_of(visitor, page, table, "xlsx").content))
    kept = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == len(kept) > 1
    assert rows[0] == list(kept[0])
    for row, other in zip(rows[1:], kept[1:], strict=True):
        for cell, same in zip(row, other, strict=True):
            if isinstance(same, int | float):
                assert float(cell) == pytest.approx(same)
            elif isinstance(same, str):
                assert cell == same
            elif same is None:
                assert cell == ""
            else:
                assert cell.startswith(same.date().isoformat())


def test_a_workbook_has_every_table_of_its_page_and_runs_as_one_reads(visitor):
    arabic = load_workbook(io.BytesIO(file_of(visitor, "savings", "months", "xlsx", "ar").content))
    assert len(arabic.worksheets) == 2
    assert all(sheet.sheet_view.rightToLeft for sheet in arabic.worksheets)
    assert arabic.worksheets[0].title.startswith(f"1 {words('ar')['months']}"[:20])
    english = load_workbook(io.BytesIO(file_of(visitor, "savings", "months", "xlsx").content))
    assert not english.worksheets[0].sheet_view.rightToLeft


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize(("page", "chart"), CHARTS)
def test_a_chart_opens_again_as_svg_and_as_png(visitor, page, chart, language):
    svg = etree.fromstring(file_of(visitor, page, chart, "svg", language).content)
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    png = file_of(visitor, page, chart, "png", language)
    assert png.headers["Content-Type"] == "image/png"
    assert png.content.startswith(b"\x89PNG\r\n\x1a\n")
    size = [int.from_bytes(png.content[place : place + 4]) for place in (16, 20)]
    assert size[0] == 2 * float(svg.get("width")), "twice as fine as a screen"
    assert abs(size[1] - 2 * float(svg.get("height"))) <= 2


def test_what_is_no_table_or_no_format_is_refused(visitor):
    assert file_of(visitor, "work", "nothing", "csv").status_code == 404
    assert file_of(visitor, "alarms", "alarms", "svg").status_code == 404
    assert file_of(visitor, "work", "work", "exe").status_code == 404


HOSTILE = ("=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1")


def test_no_spreadsheet_runs_what_a_table_says():
    title = "Odd: [a]*b?/c\\d, and a title that is longer than Excel takes"
    columns = (Column("=title"), Column("n", Kind.NUMBER))
    sheet = Sheet("odd", title, columns, [[text, -5] for text in HOSTILE])
    rows = list(csv.reader(io.StringIO(files.csv_of(sheet).decode("utf-8-sig"), newline="")))
    assert rows[0][0] == "'=title"
    assert [row[0] for row in rows[1:]] == [f"'{text}" for text in HOSTILE]
    assert {row[1] for row in rows[1:]} == {"-5"}, "numbers stay numbers"
    book = load_workbook(io.BytesIO(files.xlsx_of([sheet], right_to_left=False)))
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert all(cell.data_type == "s" for cell in cells)


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_fits_one_page_of_paper(visitor, language, locale):
    answer = visitor.get(f"{ROOT}/summary?locale={locale}&lang={language}")
    assert answer.headers["Content-Type"] == "application/pdf"
    read = PdfReader(io.BytesIO(answer.content))
    assert len(read.pages) == 1
    said = read.pages[0].extract_text()
    for figure in ("288", "303"):
        assert figure in said
    if language != "ar":  # letters of a PDF are shapes there
        assert words(language)["open alarms"] in said
    names = {str(font.get_object()["/BaseFont"]) for font in read.pages[0]["/Resources"]["/Font"].values()}
    assert not any("Libertinus" in name or "NewCM" in name for name in names), (
        "fonts of the engine have not all letters"
    )


def test_it_is_one_page_even_where_much_is_wrong(tmp_path):
    made = open_house(tmp_path)
    releases = Releases(made.store)
    letters = {str(number): "xdkw"[number % 4] for number in range(40)}
    texts = list(letters)
    releases.deploy({("fr", "texts/a.json"): page_of("fr", "texts/a.json", letters)})
    for _ in range(12):
        releases.deploy({}, alarms=[("fr", 3)])
    with made.store.begin() as tx:
        for number in range(1, 15):
            late = [unit(number, f"Bed {texts[number]} of texts/a.json is dug in spring", attention=number % 2 == 0)]
            tx.save_package(package(number, "fr", late, due=NOW.date() - timedelta(days=number)))
    for language in ("en", "ar", "zh", "ru"):
        answer = Visitor(make_app(made)).get(f"{ROOT}/summary?locale=fr&lang={language}")
        assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1, language


def test_where_no_font_has_the_letters_a_sentence_says_which_to_install(visitor, monkeypatch):
    class Bare:
        def families(self):
            return ["Libertinus Serif"]

    monkeypatch.setattr(files, "_fonts", Bare)
    with pytest.raises(ConnectorError, match="install one of Droid Sans Fallback"):
        files.png_of("<svg/>", "zh")
    answer = visitor.get(f"{ROOT}/summary?lang=zh")
    assert answer.status_code == 502
    assert "Droid Sans Fallback" in answer.text
    assert file_of(visitor, "trend", "trend", "svg", "zh").status_code == 200, "browsers bring their own"


# alarms and who sees to them


@pytest.fixture
def signed(tmp_path):
    """A house with an alarm, and browsers of people by their role."""
    made = open_house(tmp_path)
    releases = Releases(made.store)
    releases.deploy({("fr", "texts/a.json"): page_of("fr", "texts/a.json", {"a": "c"})})
    releases.deploy({}, alarms=[("fr", 7)])
    made, app = with_people(made, lambda: NOW)

    def browser(role, site=""):
        name = f"{role.value}{site}".replace("-", "")
        person(made.people(), name, ADMINISTRATOR if role is Role.ADMINISTRATOR else Grant(role, site))
        found = Browser(app)
        assert found.post("/sign-in", email=f"{name}@house.example", password=PASSWORD).status_code == 303
        return found

    return made, browser


def raised(made):
    return made.register.alarms("garden", made.register.packages("garden"))


def test_the_secretariat_acknowledges_an_alarm_with_a_note_and_it_is_told_to_everybody(signed):
    made, browser = signed
    browser(Role.ADMINISTRATOR)
    desk = browser(Role.SECRETARIAT)
    page = desk.get(f"{ROOT}/alarms")
    form = html.fromstring(page.text).xpath("//form[@class='acknowledging']")[0]
    (alarm,) = form.xpath(".//input[@name='alarm']/@value")
    answer = desk.post(f"{ROOT}/alarms", alarm=alarm, note="A folder was renamed; <b>Ada</b> puts it right today.")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ROOT}/alarms?said=acknowledged")
    after = desk.get(answer.headers["Location"])
    assert html.fromstring(after.text).xpath("string(//p[@role='status'])") == "The alarm is acknowledged."
    assert "acknowledging" not in after.text
    row = tables(after)["alarms"][1]
    assert row[7] == "secretariat@house.example"
    assert row[9] == "A folder was renamed; <b>Ada</b> puts it right today."
    (line,) = [one for one in made.audit.listed("garden") if one.entry.verb == "acknowledge"]
    assert (line.caller.name, line.details["note"]) == ("secretariat@house.example", row[9])


def test_without_a_note_the_form_comes_back_and_of_two_people_the_first_one_counts(signed):
    made, browser = signed
    browser(Role.ADMINISTRATOR)
    one, other = browser(Role.SECRETARIAT), browser(Role.DEVELOPER)
    (alarm,) = raised(made)
    answer = one.post(f"{ROOT}/alarms", alarm=alarm.id, note="   ")
    assert answer.status_code == 422
    field = html.fromstring(answer.text).xpath("//textarea[@aria-invalid='true']")[0]
    assert field.text.strip() == ""
    assert "Write why the alarm may rest" in html.fromstring(answer.text).xpath(
        f"string(//*[@id='{field.get('aria-describedby')}'])"
    )
    assert one.post(f"{ROOT}/alarms", alarm=alarm.id, note="Seen.").status_code == 303
    late = other.post(f"{ROOT}/alarms", alarm=alarm.id, note="I have seen it, too.")
    assert late.status_code == 409
    assert "acknowledged this alarm meanwhile" in late.text
    assert other.post(f"{ROOT}/alarms", alarm="deployment-99", note="What?").status_code == 404
    assert raised(made)[0].acknowledged.by == "secretariat@house.example"


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.REVIEWER, Role.CONTENT_EDITOR, Role.PUBLISHING_AUTHORITY])
def test_others_see_alarms_and_cannot_acknowledge_them(signed, role):
    made, browser = signed
    browser(Role.ADMINISTRATOR)
    found = browser(role)
    assert "acknowledging" not in found.get(f"{ROOT}/alarms").text
    assert found.post(f"{ROOT}/alarms", alarm=raised(made)[0].id, note="Seen.").status_code == 403
    assert raised(made)[0].acknowledged is None


def test_who_has_a_role_elsewhere_or_none_is_kept_out(signed):
    made, browser = signed
    browser(Role.ADMINISTRATOR)
    reef = browser(Role.SECRETARIAT, "reef")
    for place in (
        *PAGES,
        "/summary",
        *(f"/{page}/file" for page in ("coverage", "trend", "freshness", "work", "alarms")),
    ):
        assert reef.get(f"{ROOT}{place}").status_code == 403, place
    assert reef.post(f"{ROOT}/alarms", alarm=raised(made)[0].id, note="Seen.").status_code == 403
    nobody = Browser(reef.app)
    assert nobody.get(ROOT).headers["Location"] == f"/sign-in?next={ROOT}"
    assert nobody.post(f"{ROOT}/alarms", alarm="x", note="y").status_code == 401
    assert html.fromstring(reef.get("/register").text).xpath("//li[@class='card']") == []


def test_a_page_elsewhere_cannot_acknowledge_for_whoever_is_signed_in(signed):
    made, browser = signed
    browser(Role.ADMINISTRATOR)
    desk = browser(Role.SECRETARIAT)
    fields = {"alarm": raised(made)[0].id, "note": "Seen."}
    assert desk.ask("POST", f"{ROOT}/alarms", data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    desk.get(f"{ROOT}/alarms?alarm={fields['alarm']}&note=Seen")
    assert raised(made)[0].acknowledged is None


# the first page and programs


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


def test_names_from_outside_are_text_and_nothing_else(tmp_path):
    made = open_house(tmp_path)
    odd = 'texts/<script>"x"</script> \u202eevil.json'
    Releases(made.store).deploy(
        {
            ("fr", odd): page_of("fr", odd, {"<b>&": "x"}),
            ("fr", "texts/b.json"): page_of("fr", "texts/b.json", {"a": "c"}),
        }
    )
    visitor = Visitor(make_app(made))
    for place in ("/coverage", "/freshness"):
        answer = visitor.get(f"{ROOT}{place}")
        assert answer.status_code == 200
        assert "<script>&#34;" not in answer.text
        assert '<script>"x"' not in answer.text
    assert "<b>&" in tables(visitor.get(f"{ROOT}/freshness"))["longest"][1][0]
    assert etree.fromstring(file_of(visitor, "coverage", "coverage", "svg").content) is not None
    assert visitor.get(f"{ROOT}/coverage/file?kind_of=png").status_code == 200


def test_names_that_cannot_be_written_down_are_shown_with_a_mark(tmp_path):
    made = open_house(tmp_path)
    names = [f"{number}{name}/{name}.json" for number, name in enumerate(AWKWARD)]
    Releases(made.store).deploy({("fr", name): page_of("fr", name, dict.fromkeys(AWKWARD, "x")) for name in names})
    visitor = Visitor(make_app(made))
    for page in PAGES:
        assert visitor.get(f"{ROOT}{page}").status_code == 200, page
    for page, table in (("coverage", "coverage"), ("freshness", "longest")):
        rows = list(
            csv.reader(io.StringIO(file_of(visitor, page, table, "csv").content.decode("utf-8-sig"), newline=""))
        )
        book = load_workbook(io.BytesIO(file_of(visitor, page, table, "xlsx").content))
        assert len(rows) == book.worksheets[0].max_row
        assert any("\ufffd" in cell for row in rows for cell in row)
    assert etree.fromstring(file_of(visitor, "coverage", "coverage", "svg").content) is not None
    assert file_of(visitor, "coverage", "coverage", "png").status_code == 200


# colours


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

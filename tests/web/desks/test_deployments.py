"""Deployments: what was served, what differs and why, what a reader sees, and how one goes back."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from types import SimpleNamespace

import pytest
from lxml import html

from tests.web.desks.garden import HOME, HOSTILE, SHOP, plant
from tests.web.desks.staff import alert, words
from tests.web.house import LOCALES
from tests.web.test_pages import rows
from tm_service.domain.jobs import JobKind
from tm_service.web.desks.deployments.differences import Comparisons

PAGES = (
    "",
    "/deployments",
    "/deployments/2",
    "/differences?before=1&now=3",
    "/reading",
    f"/reading?locale=fr&resource={HOME}",
    "/reading?locale=fr&q=jardin",
    "/history",
    f"/history?locale=fr&resource={HOME}&key=opening",
    "/packages",
    "/waivers",
    "/runs",
    "/gate",
    "/estimate",
    "/advice",
    "/keys",
    "/ci",
    "/deployments/1/restoration",
)


@pytest.fixture(scope="module")
def garden(tmp_path_factory):
    """For tests that only look."""
    return plant(tmp_path_factory.mktemp("garden"))


@pytest.fixture
def plot(tmp_path):
    """For tests that change something."""
    return plant(tmp_path)


@pytest.fixture(scope="module")
def developer(garden):
    return garden.browser("developer")


def found(answer, path):
    return [" ".join(one.text_content().split()) for one in html.fromstring(answer.text).xpath(path)]


def has(name):
    return f"contains(concat(' ', @class, ' '), ' {name} ')"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_speaks_six_languages_in_their_direction(garden, locale):
    developer = garden.browser("developer")  # a browser keeps its language
    for path in PAGES:
        answer = developer.get(f"/sites/garden{path}{'&' if '?' in path else '?'}lang={locale}")
        assert answer.status_code == 200, path
        root = html.fromstring(answer.text)
        assert (root.get("lang"), root.get("dir")) == (locale, "rtl" if locale == "ar" else "ltr")
        assert len(root.xpath("//h1")) == 1, path
        assert root.xpath("//nav[@class='tabs']//a[@aria-current='page']"), path


def test_no_text_of_a_site_becomes_a_tag(developer):
    for path in ("/differences?before=1&now=3", f"/reading?locale=fr&resource={SHOP}", "/reading?locale=fr&q=alert"):
        answer = developer.get(f"/sites/garden{path}")
        assert HOSTILE not in answer.text
        assert HOSTILE in words(answer)


def test_letters_that_have_no_bytes_break_no_page(plot):
    """A file may hold half of a pair of UTF-16, and so may its name."""
    developer = plot.browser("developer")
    home = {"title": "Seed bank", "opening": "The garden opens at 10.", "lead": "Welcome, {name}."}
    odd = b'{"half": "Half a pair: \\ud83c of seeds"}'
    plot.house.write({HOME: home, "text/odd.json": odd, "text/\udcff odd.json": odd})
    plot.house.deploy()
    for path in ("/differences", "/reading?locale=fr", "/reading?locale=fr&q=half+a+pair", "/deployments"):
        answer = developer.get(f"/sites/garden{path}")
        assert answer.status_code == 200, path
    assert "Half a pair: ? of seeds" in words(developer.get("/sites/garden/reading?locale=fr&q=half+a+pair"))
    assert developer.get("/sites/garden/reading?locale=fr&resource=text/%ED%B3%BF+odd.json").status_code in (200, 404)


# the list of deployments


def test_each_deployment_says_what_it_served_from_where_by_whom_and_when(garden, developer):
    told = rows(developer.get("/sites/garden/deployments"), "deployments")
    assert [row[0] for row in told] == ["3", "2", "1"]
    for row, deployment in zip(told, garden.service.deployments("garden"), strict=True):
        totals = [
            sum(getattr(found.units, kind) for found in deployment.coverage.values()) for kind in ("current", "stale")
        ]
        assert [row[5], row[7]] == [str(total) for total in totals]
        assert deployment.revision[:10] in row[2]
    assert [row[3] for row in told] == ["ada@house.example", "this service", "this service"]
    assert [row[12] for row in told] == ["with 2", "with 1", "–"]


def test_one_deployment_says_who_made_it_and_why(developer):
    said = words(developer.get("/sites/garden/deployments/3"))
    assert "ada@house.example" in said
    assert "The shop is open." in said


def test_a_deployment_that_a_job_made_leads_to_its_run(plot):
    developer, ref = plot.browser("developer"), plot.service.latest("garden").revision
    job = plot.service.jobs.ask(JobKind.DEPLOY, "garden", {"ref": ref}, by="client:release robot")
    plot.work()
    answer = developer.get("/sites/garden/deployments/4")
    assert "release robot (program)" in words(answer)
    (run,) = html.fromstring(answer.text).xpath("//a[text()='the run']/@href")
    assert run == f"/sites/garden/runs/{job.id}"
    assert "/sites/garden/deployments/4" in html.fromstring(developer.get(run).text).xpath("//main//a/@href")


def test_the_list_has_parts(developer, monkeypatch):
    monkeypatch.setattr("tm_service.web.desks.deployments.lists.SHOWN", 2)
    first = developer.get("/sites/garden/deployments")
    assert [row[0] for row in rows(first, "deployments")] == ["3", "2"]
    (older,) = html.fromstring(first.text).xpath("//nav[@class='pager']//a/@href")
    assert [row[0] for row in rows(developer.get(f"/sites/garden/deployments{older}"), "deployments")] == ["1"]


def test_the_places_of_all_sites_lead_to_their_deployments(developer):
    assert developer.get("/deployments").headers["Location"] == "/sites/garden/deployments"


# differences


def test_differences_are_counted_by_language_and_kind(developer):
    told = rows(developer.get("/sites/garden/differences?before=1&now=3"), "tallies")
    assert told == [
        # language, became translated, updated, fell back, new, gone, same text for another reason
        ["Arabic", "0", "1", "0", "3", "1", "0"],
        ["French", "0", "0", "0", "3", "1", "1"],
        ["Total", "0", "1", "0", "6", "2", "1"],
    ]


def test_each_difference_says_what_was_there_what_is_there_and_why(developer):
    answer = developer.get("/sites/garden/differences?before=2&now=3&locale=fr")
    (title, seeds) = found(answer, f"//li[{has('change')}]")
    assert title.startswith(
        "title became translated changed in deployment 3 Before: Garden shop Now: Boutique du jardin"
    )
    assert "Why: not translated → translated" in title
    assert re.search(r"Translated by Ines, from the files of the site, on \d+ Jan 2026\.", title)
    assert "This was never translated; readers see the source text." in title
    assert "Semences de l’année" in seeds


def test_words_that_changed_are_marked(developer):
    answer = developer.get("/sites/garden/differences?before=1&now=2&locale=fr&kind=restated")
    (opening,) = html.fromstring(answer.text).xpath(f"//li[{has('change')}]")
    source = opening.xpath(f".//p[{has('source-change')}]")[0]
    assert (source.xpath(".//del/text()"), source.xpath(".//ins/text()")) == (["9"], ["10"])
    assert "What changed in the source text: a number." in opening.text_content()
    assert source.xpath(".//*[@lang='en']")


def test_differences_are_filtered_by_path_and_kind_and_have_parts(developer, monkeypatch):
    monkeypatch.setattr("tm_service.web.desks.deployments.differences.SHOWN", 2)
    address = "/sites/garden/differences?before=1&now=3&path=SHOP&kind=new"
    keys = []
    while address:
        answer = developer.get(address)
        shown = found(answer, f"//p[{has('change-head')}]/code")
        assert len(shown) <= 2
        keys += shown
        links = html.fromstring(answer.text).xpath("//nav[@class='pager']//a[last()]")
        ahead = [link.get("href") for link in links if link.text == "On"]
        address = f"/sites/garden/differences{ahead[0]}" if ahead else ""
    assert keys == ["title", "seeds", "odd"] * 2


def test_a_kind_that_is_asked_for_twice_counts_once(developer):
    address = "/sites/garden/differences?before=1&now=3&locale=fr&kind=new"
    once, twice = developer.get(address), developer.get(f"{address}&kind=new")
    assert words(twice) == words(once)


def test_of_several_who_open_the_same_comparison_one_counts_it():
    together, counted = Barrier(6), []

    class House:
        releases = property(lambda self: self)

        def deployment(self, _site, number):
            return SimpleNamespace(at=number)

        def compare(self, *asked: object):
            sleep(0.05)
            counted.append(asked)
            return "counted"

    house, comparisons = House(), Comparisons()

    def ask(_number):
        together.wait()
        return comparisons.of(house, "garden", 1, 3)

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(6))) == {"counted"}
    assert counted == [("garden", 1, 3)]


def test_two_that_are_the_same_have_no_difference(developer):
    assert "Readers see the same in both" in words(developer.get("/sites/garden/differences?before=2&now=2"))


def test_a_deployment_that_never_was_has_no_differences(developer):
    assert developer.get("/sites/garden/differences?before=1&now=9").status_code == 404
    assert developer.get("/sites/garden/differences?before=one&now=2").status_code == 404


# what a reader sees


def test_a_reader_of_any_deployment_is_shown_line_by_line_with_its_source_and_reason(developer):
    answer = developer.get(f"/sites/garden/reading?deployment=2&locale=fr&resource={HOME}")
    lines = {
        one.get("aria-label"): " ".join(one.text_content().split())
        for one in html.fromstring(answer.text).xpath("//article")
    }
    assert [*lines] == ["title", "opening", "lead"]
    assert "Banque de semences" in lines["title"]
    assert "Source text: Seed bank" in lines["title"]
    assert "stale" in lines["opening"]
    assert "Le jardin ouvre à 9 heures." in lines["opening"]
    assert "Source text: The garden opens at 10." in lines["opening"]
    assert "The original changed after this was translated on" in lines["opening"]


def test_an_earlier_deployment_is_shown_as_it_was(developer):
    answer = developer.get(f"/sites/garden/reading?deployment=1&locale=fr&resource={HOME}")
    assert "Source text: The garden opens at 9." in words(answer)
    assert "Plan" in words(answer)
    assert developer.get(f"/sites/garden/reading?deployment=1&locale=fr&resource={SHOP}").status_code == 404


def test_what_is_not_translated_is_told_in_its_own_language(developer):
    answer = developer.get(f"/sites/garden/reading?locale=ar&resource={SHOP}&key=title")
    (line,) = html.fromstring(answer.text).xpath("//article")
    assert [one.get("lang") for one in line.xpath(".//*[text()='Garden shop']")] == ["en", "en"]
    assert "This was never translated; readers see the source text." in line.text_content()


def test_texts_are_found_in_what_readers_see_whatever_the_case(developer):
    assert found(developer.get("/sites/garden/reading?locale=fr&q=JARDIN"), "//article/p[1]/code") == [
        "opening",
        "title",
    ]
    assert "No text that readers see" in words(developer.get("/sites/garden/reading?locale=ar&q=jardin"))


def test_a_search_goes_on_where_it_stopped(developer, monkeypatch):
    monkeypatch.setattr("tm_service.web.desks.deployments.reading.SHOWN", 1)
    address, hits = "/sites/garden/reading?locale=fr&q=e", []
    while address:
        answer = developer.get(address)
        hits += found(answer, "//article/p[1]/code")
        following = html.fromstring(answer.text).xpath("//nav[@class='pager']//a/@href")
        address = f"/sites/garden/reading{following[0]}" if following else ""
    monkeypatch.undo()
    assert hits == found(developer.get("/sites/garden/reading?locale=fr&q=e"), "//article/p[1]/code")
    assert len(hits) > 3


# the history of a text


def test_the_history_of_a_text_says_what_each_deployment_served_why_and_who_made_it(developer):
    """From a difference to the deployment where it came about."""
    changes = developer.get("/sites/garden/differences?before=1&now=3&locale=fr&kind=new")
    (link,) = html.fromstring(changes.text).xpath(f"//p[{has('change-head')}][code='title']/a")
    assert link.text == "changed in deployment 3"
    answer = developer.get(link.get("href"))
    assert found(answer, f"//ol[{has('history')}]/li/h3") == ["Deployment 3 translated", "Deployment 2 not translated"]
    (now, before) = found(answer, f"//ol[{has('history')}]/li")
    assert "deployed by ada@house.example" in now
    assert "Boutique du jardin" in now
    assert re.search(r"Translated by Ines, from the files of the site, on \d+ Jan 2026\.", now)
    assert "deployed by this service" in before
    assert "Garden shop" in before
    gone = developer.get(f"/sites/garden/history?locale=fr&resource={HOME}&key=old")
    assert found(gone, f"//ol[{has('history')}]/li/h3") == ["Deployments 2 to 3", "Deployment 1 translated"]
    assert "The text was not in the site." in words(gone)


def test_a_history_shows_what_changed_in_the_source_and_leads_on_in_parts(developer, monkeypatch):
    monkeypatch.setattr("tm_service.web.desks.deployments.histories.SHOWN", 1)
    reading = developer.get(f"/sites/garden/reading?locale=fr&resource={HOME}&key=opening")
    (link,) = html.fromstring(reading.text).xpath("//article//a[text()='Its history']/@href")
    answer = developer.get(link)
    assert found(answer, f"//ol[{has('history')}]/li/h3") == ["Deployments 2 to 3 stale"]
    (older,) = html.fromstring(answer.text).xpath("//nav[@class='pager']//a/@href")
    assert found(developer.get(f"/sites/garden/history{older}"), f"//ol[{has('history')}]/li/h3") == [
        "Deployment 1 translated"
    ]
    monkeypatch.undo()
    source = html.fromstring(developer.get(link).text).xpath(f"//p[{has('source-change')}]")[0]
    assert (source.xpath(".//del/text()"), source.xpath(".//ins/text()")) == (["9"], ["10"])


def test_a_text_that_moved_leads_to_where_it_stood(plot):
    plot.house.write(
        {HOME: {"title": "Seed bank", "lead": "Welcome, {name}."}, SHOP: {"hours": "The garden opens at 10."}}
    )
    plot.house.deploy()
    answer = plot.browser("developer").get(f"/sites/garden/history?locale=fr&resource={SHOP}&key=hours")
    (was,) = html.fromstring(answer.text).xpath("//main//p[contains(., 'Before it moved')]/a/@href")
    assert "key=opening" in was
    assert plot.browser("developer").get(was).status_code == 200


def test_a_text_that_never_was_has_no_history(developer):
    assert developer.get(f"/sites/garden/history?locale=fr&resource={HOME}&key=none").status_code == 404


# going back


def test_going_back_says_first_what_would_change(developer):
    answer = developer.get("/sites/garden/deployments/1/restoration")
    said = words(answer)
    assert "Readers see deployment 3 now. They would get deployment 1 again" in said
    assert "new text2" in said
    assert "gone6" in said
    assert html.fromstring(answer.text).xpath("//main//a/@href[contains(., 'differences?before=3&now=1')]")


def test_going_back_takes_a_reason(plot):
    dev = plot.browser("developer")
    answer = dev.post("/sites/garden/deployments/1/restoration", reason="  ", seen="3")
    assert (answer.status_code, alert(answer)) == (422, "There is a problem Say why.")
    assert plot.service.latest("garden").number == 3


def test_who_goes_back_sees_it_with_name_and_reason(plot):
    dev = plot.browser("developer")
    form = dev.get("/sites/garden/deployments/1/restoration")
    answer = dev.send(form, reason="The shop was opened too early.")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sites/garden/deployments/4?said=restored")
    said = words(dev.get(answer.headers["Location"]))
    assert "Readers see this from now on." in said
    assert "developer@house.example" in said
    assert "The shop was opened too early." in said
    assert "restores 1" in said
    assert plot.house.shown(4) == plot.house.shown(1)


def test_what_is_refused_is_said_in_the_language_of_who_asks(plot):
    dev = plot.browser("developer")
    form = dev.get("/sites/garden/deployments/1/restoration?lang=ru")
    plot.service.rollback("garden", 2)
    answer = dev.send(form, reason="Рано.")
    assert answer.status_code == 409
    assert "Тем временем было сделано развёртывание 4; посмотрите, что изменится теперь." in alert(answer)
    assert not html.fromstring(answer.text).xpath("//*[@role='alert']//*[@lang='en']")


def test_why_readers_see_a_line_is_told_in_the_language_of_who_looks(garden):
    """Nothing of it stays as the log has it; what an older house wrote down otherwise does, and is marked so."""
    arabic = garden.browser("developer")
    answer = arabic.get(f"/sites/garden/reading?locale=fr&resource={HOME}&lang=ar")
    reasons = html.fromstring(answer.text).xpath(f"//div[{has('reason')}]")
    assert len(reasons) == 3
    assert not [one for reason in reasons for one in reason.xpath(".//*[@lang='en']")]
    assert "تغيّر النص المصدر" in words(answer)


def test_a_deployment_in_between_is_looked_at_before_one_goes_back(plot):
    dev = plot.browser("developer")
    form = dev.get("/sites/garden/deployments/1/restoration")
    plot.service.rollback("garden", 2)
    answer = dev.send(form, reason="Too early.")
    assert answer.status_code == 409
    assert "Deployment 4 was made meanwhile" in alert(answer)
    assert html.fromstring(answer.text).xpath("string(//textarea)") == "Too early.", "nothing typed is lost"
    again = dev.send(answer, reason="Too early.")
    assert again.headers["Location"] == "/sites/garden/deployments/5?said=restored"


def test_who_may_not_go_back_is_not_asked_to(garden):
    reader = garden.browser("translator", "fr")
    assert "restoration" not in reader.get("/sites/garden/deployments/1").text
    assert reader.get("/sites/garden/deployments/1/restoration").status_code == 403
    assert reader.post("/sites/garden/deployments/1/restoration", reason="x", seen="3").status_code == 403

"""Runs: what is asked of a site by jobs, how one waits for it, and what it shows: the gate, an estimate, advice and keys."""

import re
from datetime import UTC, date, datetime, time

import pytest
from lxml import html

from tests.web.desks.garden import HOME, plant
from tests.web.desks.staff import alert, words
from tm_service.domain.jobs import JobKind, JobStatus


@pytest.fixture
def garden(tmp_path):
    return plant(tmp_path)


@pytest.fixture
def developer(garden):
    return garden.browser("developer")


def asked(garden, browser, tab, **typed: str):
    """The page of a run once it is over; before that it waits."""
    answer = browser.post(f"/sites/garden/{tab}", **typed)
    place = answer.headers["Location"]
    assert re.fullmatch(r"/sites/garden/runs/[0-9a-f]{32}", place)
    waits = browser.get(place)
    live = html.fromstring(waits.text).xpath("//*[@id='live']")[0]
    assert live.get("data-jobs") == f"/api/v1/jobs/{place.rpartition('/')[2]}/events"
    assert "This takes a while." in words(waits)
    garden.work()
    return browser.get(place)


def lists(answer):
    """Names and counts of the lists that a run found."""
    links = html.fromstring(answer.text).xpath("//nav[contains(@class, 'found-lists')]//a")
    return {" ".join(one.text_content().split()[:-1]): int(one.xpath("string(span)")) for one in links}


def test_a_gate_that_is_closed_says_what_readers_would_lose_and_why(garden, developer):
    answer = asked(garden, developer, "gate", ref="main")
    assert "The gate is closed" in words(answer)
    assert lists(answer)["held back · Arabic"] == lists(answer)["held back · French"] == 1
    assert f"{HOME} lead" in words(answer)
    assert "needs a placeholder that the source text no longer has" in words(answer)
    assert "Sign a waiver" not in words(answer), "a developer may not"
    french = developer.get(f"{answer.url.path}?rows=held&locale=fr&lang=fr")
    assert "Sa dernière traduction exige une variable que le texte source n’a plus" in words(french)
    developer.get("/?lang=en")  # a browser keeps its language
    deployed = asked(garden, developer, "gate", ref=garden.service.latest("garden").revision)
    assert "The gate is open" in words(deployed)


def test_the_secretariat_signs_what_the_gate_holds_and_looks_again(garden):
    office = garden.browser("secretariat")
    answer = asked(garden, office, "gate", ref="main")
    places = html.fromstring(answer.text).xpath("//a[text()='Sign a waiver']/@href")
    form = office.get(places[0])
    typed = dict(html.fromstring(form.text).xpath("//form[contains(@class, 'form')]")[0].fields)
    assert (typed["locale"], typed["resource"], typed["key"]) == ("ar", HOME, "lead")
    signed = office.send(form, **{**typed, "reason": "The name goes for good."})
    assert signed.headers["Location"] == "/sites/garden/waivers?said=signed"
    said = words(office.get(signed.headers["Location"]))
    assert "The waiver is signed." in said
    assert "The name goes for good." in said
    assert "secretariat@house.example" in said
    (waiver,) = garden.service.releases.waivers("garden")
    assert waiver.until == datetime.combine(date.fromisoformat(typed["until"]), time.max, UTC), "as the command has it"
    office.post("/sites/garden/waivers/form", **{**typed, "locale": "fr", "reason": "The same."})
    assert "The gate is open" in words(asked(garden, office, "gate", ref="main"))
    number = garden.house.deploy()
    assert "open, with 2 waivers in force" in words(office.get(f"/sites/garden/deployments/{number}"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose a language. Name the resource. Name the key of the text. Say why. Name the last day."),
        ({"until": "tomorrow"}, "Name the last day."),
        ({"until": "9999-12-31"}, "Name the last day."),
        ({"until": "2020-01-01"}, "is over already"),
        ({"locale": "de"}, "The site has no language de."),
    ],
)
def test_a_waiver_that_says_too_little_comes_back_as_it_was_typed(garden, typed, said):
    office = garden.browser("secretariat")
    whole = {"locale": "fr", "resource": HOME, "key": "lead", "reason": "The name goes.", "until": "2027-01-01"}
    sent = whole | typed if typed else {}
    answer = office.post("/sites/garden/waivers/form", **sent)
    assert answer.status_code == 422
    assert said in alert(answer)
    for name, value in sent.items():
        shown = html.fromstring(answer.text).xpath(f"//*[@id='{name}']")[0]
        assert value in (shown.get("value"), shown.text) or name == "locale"
    assert garden.service.releases.waivers("garden") == []


def test_an_estimate_counts_words_by_class_and_language(garden, developer):
    revisions = [one.revision for one in garden.service.deployments("garden")[::-1]]
    answer = asked(garden, developer, "estimate", base=revisions[0], head=revisions[1])
    expected = garden.service.estimate("garden", revisions[0], revisions[1]).locales
    table = html.fromstring(answer.text).xpath("//table[contains(@class, 'estimate')]")[0]
    told = [[cell.text_content() for cell in row.xpath("td")] for row in table.xpath("tbody/tr")]
    words_of = [[str(expected[locale][kind][1]) for locale in ("ar", "fr")] for kind in expected["fr"]]
    assert told[:-2] == words_of
    assert told[-2] == [str(sum(int(row[place]) for row in words_of)) for place in (0, 1)]
    assert sum(int(number) for number in told[-2]) > 0
    costs = garden.service.estimate("garden", revisions[0], revisions[1]).costs
    assert told[-1] == [f"{costs[locale].weighted.normalize():f}" for locale in ("ar", "fr")]


def test_an_estimate_says_from_where_to_where(developer):
    answer = developer.post("/sites/garden/estimate", base="main", head="")
    assert (answer.status_code, alert(answer)) == (422, "There is a problem Name where it goes.")
    assert html.fromstring(answer.text).xpath("//input[@id='base']/@value") == ["main"]


def test_a_revision_that_is_not_there_is_told_by_the_run_which_can_be_tried_again(garden, developer):
    answer = asked(garden, developer, "gate", ref="nowhere")
    assert "failed" in words(answer)
    assert "nowhere" in words(answer)
    (form,) = html.fromstring(answer.text).xpath("//main//form[contains(@action, '/retry')]")
    garden.house.repository.tag("nowhere")
    place = developer.post(form.get("action")).headers["Location"]
    garden.work()
    assert "The gate is" in words(developer.get(place))


def test_advice_is_told_by_rule_in_the_language_of_who_asks(garden, developer):
    garden.house.write({"text/forms.json": {"label": "Click here", "other": "Click here"}})
    answer = asked(garden, developer, "advice", head="main")
    assert lists(answer)
    place = str(answer.url.path)
    english, arabic = developer.get(place), developer.get(f"{place}?lang=ar")
    assert html.fromstring(arabic.text).xpath("//ul[contains(@class, 'findings')]//span[@lang='ar' and @dir='rtl']")
    assert html.fromstring(english.text).xpath("//ul[contains(@class, 'findings')]//span[@lang='en']")


def test_keys_are_told_by_how_the_code_uses_them(garden, developer):
    code = "export const page = () => $t('opening') + $t('nobody.knows');\nconst label = 'Order your seeds here';\n"
    garden.house.write({"app/page.js": code + "document.title = 'Our seed catalogue for spring';\n"})
    answer = asked(garden, developer, "keys", ref="main")
    found = lists(answer)
    assert found["Used"] == 1
    assert found["In no message file"] == 1
    assert found["Not used"] > 1
    place = str(answer.url.path)
    assert "app/page.js:1" in words(developer.get(f"{place}?rows=used"))
    assert "nobody.knows" in words(developer.get(f"{place}?rows=missing"))
    assert found["Texts in the code"] >= 1
    assert "Our seed catalogue for spring" in words(developer.get(f"{place}?rows=hard-coded"))


def test_long_lists_of_a_run_have_parts_and_nothing_is_left_out(garden, developer, monkeypatch):
    monkeypatch.setattr("tm_service.usecases.look.PART", 3)
    monkeypatch.setattr("tm_service.web.desks.deployments.runs.ROWS", 2)
    garden.house.write({"text/many.json": {f"key{n}": f"Seed number {n} of the shelf" for n in range(8)}})
    answer = asked(garden, developer, "keys", ref="main")
    place, told = str(answer.url.path), []
    address = f"{place}?rows=unused"
    while address:
        page = developer.get(address)
        told += re.findall(r"text/many\.json (key\d)", words(page))
        ahead = [
            one.get("href") for one in html.fromstring(page.text).xpath("//nav[@class='pager']//a") if one.text == "On"
        ]
        address = place + ahead[0] if ahead else ""
    assert told == [f"key{n}" for n in range(8)]


def test_runs_say_what_was_asked_by_whom_and_how_it_went(garden, developer):
    jobs = garden.service.jobs
    jobs.ask(JobKind.LEARN, "garden", {}, by="client:release robot")
    jobs.ask(JobKind.DEPLOY, "garden", {}, by="developer@house.example")
    garden.work()
    said = words(developer.get("/sites/garden/runs"))
    assert "Learn from the site release robot (program)" in said
    assert "Deploy developer@house.example" in said
    assert "The gate is closed: readers would lose 2 texts." in said
    assert "failed" in said
    only = words(developer.get("/sites/garden/runs?status=failed"))
    assert "release robot" not in only
    assert developer.get("/sites/garden/runs?status=lost").status_code == 404


def test_how_runs_went_is_told_in_the_language_of_who_looks(garden):
    """Why the gate was closed, what was not found, what was changed: nothing of ours stays English."""
    jobs, place = garden.service.jobs, "/sites/garden/runs"
    failed = jobs.ask(JobKind.DEPLOY, "garden", {"ref": "main"}, by="x")
    nowhere = jobs.ask(JobKind.CHECK, "garden", {"ref": "nowhere"}, by="x")
    done = jobs.ask(JobKind.DEPLOY, "garden", {"ref": garden.service.latest("garden").revision}, by="x")
    garden.work()
    french = garden.browser("developer")
    closed = words(french.get(f"{place}/{failed.id}?lang=fr"))
    assert "La porte est fermée : les lecteurs perdraient 2 textes." in closed
    assert f"Arabe · {HOME} lead: Sa dernière traduction exige une variable" in closed
    assert f"Français · {HOME} lead: Sa dernière traduction exige une variable" in closed
    assert "Le dépôt n’a ni branche, ni étiquette, ni commit de ce nom : nowhere" in words(
        french.get(f"{place}/{nowhere.id}")
    )
    made = french.get(f"{place}/{done.id}")
    assert "Déployé Déploiement 4" in words(made)
    for path in (place, f"{place}/{failed.id}", f"{place}/{nowhere.id}", f"{place}/{done.id}"):
        assert not html.fromstring(french.get(path).text).xpath("//main//*[@lang='en']"), path


def test_a_run_is_taken_back_by_who_may(garden, developer):
    job = garden.service.jobs.ask(JobKind.LEARN, "garden", {}, by="x")
    reader = garden.browser("translator")
    place = f"/sites/garden/runs/{job.id}"
    assert "/cancellation" not in reader.get(place).text
    assert reader.post(f"{place}/cancellation").status_code == 403
    assert developer.post(f"{place}/cancellation").headers["Location"] == place
    assert garden.service.jobs.find(job.id).status is JobStatus.CANCELLED
    assert developer.post(f"{place}/cancellation").status_code == 409
    assert developer.post(f"{place}/retry").headers["Location"] == place
    assert garden.service.jobs.find(job.id).status is JobStatus.WAITING


def test_the_runs_of_others_are_not_this_site_s(garden, developer):
    job = garden.service.jobs.ask(JobKind.TIDY, "", {}, by="x")
    for path in ("", "/cancellation", "/retry"):
        method = "POST" if path else "GET"
        assert developer.ask(method, f"/sites/garden/runs/{job.id}{path}").status_code in (403, 404)
    assert developer.get("/sites/garden/runs/none").status_code == 404


def test_what_is_pasted_into_ci_names_this_house_and_this_site(developer):
    answer = developer.get("/sites/garden/ci")
    assert "http://house.example/api/v1/sites/garden/gate" in words(answer)
    assert "tm-service check garden --ref" in words(answer)
    assert "${{ secrets.TM_SERVICE_TOKEN }}" in words(answer)


def test_what_takes_long_is_for_who_may_ask_for_it(garden):
    reader = garden.browser("translator")
    page = reader.get("/sites/garden").text
    for tab in ("gate", "estimate", "advice", "keys"):
        assert f"/sites/garden/{tab}" not in page
        assert reader.get(f"/sites/garden/{tab}").status_code == 403
        assert reader.post(f"/sites/garden/{tab}", base="a", head="b").status_code == 403

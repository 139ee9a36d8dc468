"""Programs, journal, memory, terms, search, settings and what waits, on pages."""

import re

import pytest

from tests.web.browser import Browser
from tests.web.desks.staff import alert, staff_of, words
from tests.web.house import build_house


@pytest.fixture(scope="module")
def staff(tmp_path_factory):
    return staff_of(build_house(tmp_path_factory.mktemp("house")))


def send_file(browser, address, name, content, **fields: str):
    headers = {"Sec-Fetch-Site": "same-origin"}
    return browser.ask("POST", address, data=fields, files={"file": (name, content)}, headers=headers)


# programs


def test_a_program_is_registered_by_one_approved_by_another_and_gets_its_token_once(staff):
    developer, secretariat = staff.browser("developer"), staff.browser("secretariat")
    asked = developer.post(
        "/clients/request", name="release", contact="ops@house.example", purpose="Deploys.", scopes="deployments:make"
    )
    place = asked.headers["Location"].partition("?")[0]
    assert "waits for approval" in words(secretariat.get("/clients"))
    assert developer.post(f"{place}/approve").status_code == 403
    assert "approved" in words(secretariat.get(secretariat.post(f"{place}/approve").headers["Location"]))
    assert secretariat.post(f"{place}/token").status_code == 403
    secret = re.search(r"<code>(tms_[^<]+)", developer.post(f"{place}/token").text)[1]
    assert developer.get(place).text.count(secret) == 0
    used = Browser(staff.app).get("/api/v1/session", headers={"Authorization": f"Bearer {secret}"})
    assert used.json()["name"] == "release", used.text
    prefix = staff.service.people().tokens(place.rpartition("/")[2])[0].prefix
    developer.post(f"{place}/withdraw", token=prefix)
    assert Browser(staff.app).get("/api/v1/session", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_program_that_may_do_nothing_is_not_registered(staff):
    answer = staff.browser("developer").post(
        "/clients/request", name="idle", contact="x@house.example", purpose="", scopes=""
    )
    assert "at least one thing" in alert(answer)


def test_others_do_not_see_a_program(staff):
    developer = staff.browser("developer")
    asked = developer.post(
        "/clients/request", name="mine", contact="x@house.example", purpose="Reads.", scopes="sites:read"
    )
    place = asked.headers["Location"].partition("?")[0]
    assert staff.browser("translator").get(place).status_code == 403
    assert "mine" not in words(staff.browser("translator").get("/clients"))


# journal


def test_the_journal_shows_the_newest_first_and_verifies(staff):
    secretariat = staff.browser("secretariat")
    page = secretariat.get("/audit")
    numbers = [int(number.replace(",", "")) for number in re.findall(r'<td class="number">([\d,]+)</td>', page.text)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) >= 10
    older = secretariat.get(f"/audit?before={numbers[3]}")
    assert int(re.search(r'<td class="number">([\d,]+)</td>', older.text)[1].replace(",", "")) == numbers[4]
    assert "each follows the one before" in words(secretariat.get("/audit/verification"))
    assert staff.browser("developer").get("/audit").status_code == 403


# memory and terms


def test_words_are_found_in_their_sentences_and_marked(staff):
    page = staff.browser("translator", "demo", "fr").get("/memory?q=seeds")
    assert "<mark>" in page.text
    assert 'lang="fr"' in page.text


def test_texts_like_one_are_found_with_what_differs(staff):
    reader = staff.browser("reviewer")
    known = re.search(r'lang="en" dir="ltr">([^<]+)<mark>', reader.get("/memory?q=garden&locale=fr").text)
    assert known
    page = reader.get("/memory", params={"q": "Gardens and communities meet here", "how": "texts", "locale": "fr"})
    assert page.status_code == 200


def test_memory_of_a_language_is_for_who_may_see_it(staff):
    assert staff.browser("translator", "demo", "fr").get("/memory?q=seeds&site=demo&locale=ar").status_code == 403


def test_pairs_are_brought_in_and_taken_out_of_use_with_a_reason(staff):
    secretariat = staff.browser("secretariat")
    table = "source,target,locale\nThe dyke is high.,La digue est haute.,fr\n"
    answer = send_file(secretariat, "/memory/import", "pairs.csv", table.encode(), site="demo", locale="fr")
    assert "1 entry read" in words(answer), words(answer)
    found = secretariat.get("/memory?q=dyke&site=demo&locale=fr")
    number = re.search(r'name="number" value="(\d+)"', found.text)[1]
    place = {"site": "demo", "locale": "fr", "number": number, "q": "dyke"}
    assert "Say why" in alert(secretariat.post("/memory/retirement", **place, reason=" "))
    assert secretariat.post("/memory/retirement", **place, reason="a test").status_code == 303
    assert "Nothing is found" in words(secretariat.get("/memory?q=dyke&site=demo&locale=fr"))
    assert staff.browser("translator").post("/memory/retirement", **place, reason="x").status_code == 403


def test_a_file_that_is_none_is_refused_in_a_sentence(staff):
    secretariat = staff.browser("secretariat")
    answer = send_file(secretariat, "/memory/import", "pairs.tmx", b"no XML at all", site="demo", locale="fr")
    assert answer.status_code >= 400
    assert "pairs.tmx" in alert(answer)


def test_a_term_is_said_changed_and_withdrawn(staff):
    reviewer = staff.browser("reviewer")
    place = {"site": "demo", "locale": "fr"}
    kept = reviewer.post("/terms/new", **place, source="seed bank", target="banque de semences", state="approved")
    assert kept.status_code == 303
    listed = reviewer.get("/terms?site=demo&locale=fr")
    number = re.search(r"/terms/(\d+)\?", listed.text)[1]
    changed = reviewer.post(
        "/terms/new", **place, number=number, source="seed bank", target="banque de semences", state="forbidden"
    )
    assert changed.status_code == 303
    listed = reviewer.get("/terms?site=demo&locale=fr&status=forbidden")
    assert "not to be used" in words(listed)
    number = re.search(r"/terms/(\d+)\?", listed.text)[1]
    reviewer.post("/terms/withdrawal", **place, number=number)
    assert "No term is found" in words(reviewer.get("/terms?site=demo&locale=fr"))
    assert "needs its word" in alert(reviewer.post("/terms/new", **place, source="", target="x"))
    assert staff.browser("translator").post("/terms/new", **place, source="a", target="b").status_code == 403


# search, settings, what waits


def test_one_field_finds_what_one_may_see(staff):
    assert "Packages" in words(staff.browser("secretariat").get("/search?q=demo-"))
    assert "Memory" in words(staff.browser("secretariat").get("/search?q=seeds"))
    assert "Nothing is found" in words(staff.browser("secretariat").get("/search?q=zebra"))
    assert Browser(staff.app).get("/search?q=seeds").headers["Location"].startswith("/sign-in")


def test_settings_say_what_counts_and_no_secret(staff, monkeypatch):
    monkeypatch.setenv("TM_SERVICE_MAIL", "smtp://someone:quicksand@mail.example")
    page = staff.browser("administrator").get("/settings")
    assert "TM_SERVICE_MAIL" in page.text
    assert "quicksand" not in page.text
    assert staff.browser("developer").get("/settings").status_code == 403


def test_what_waits_is_what_one_may_do_something_about(staff):
    translator = words(staff.browser("translator", "demo", "fr").get("/notifications"))
    assert "Translate" in translator
    assert "French" in translator
    assert "Arabic" not in translator
    assert "Nothing waits for you" in words(staff.browser("content-editor").get("/notifications"))


def test_the_parts_of_pages_are_shown_in_every_language(staff):
    for code in ("en", "ar", "zh"):
        assert staff.browser("developer").get(f"/style?lang={code}").status_code == 200

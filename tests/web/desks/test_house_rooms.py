"""Programs, journal, memory, terms, search, settings and what waits, on pages."""

import re
from dataclasses import replace

import pytest
from lxml import html

from tests.web.browser import Browser
from tests.web.desks.staff import alert, staff_of, words
from tests.web.house import build_house
from tm_service.domain.jobs import JobKind
from tm_service.web.desks.house import settings
from tm_service.worker.runner import Worker


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
    place = {"site": "demo", "locale": "fr"}
    shown = send_file(secretariat, "/memory/import", "pairs.csv", table.encode(), **place)
    assert "nothing is written yet" in words(shown)
    assert [int(one) for one in re.findall(r"<dd>(\d+)</dd>", shown.text)] == [1, 1, 0, 0]
    assert "Nothing is found" in words(secretariat.get("/memory?q=dyke&site=demo&locale=fr"))
    upload = re.search(r'name="upload" value="(\w+)"', shown.text)[1]
    other = staff.browser("administrator").post("/memory/import/confirmation", **place, upload=upload)
    assert "no such upload" in alert(other), "each confirms their own"
    answer = secretariat.post("/memory/import/confirmation", **place, upload=upload)
    assert "1 entry read" in words(answer), words(answer)
    assert "no such upload" in alert(secretariat.post("/memory/import/confirmation", **place, upload=upload))
    found = secretariat.get("/memory?q=dyke&site=demo&locale=fr")
    number = re.search(r'name="number" value="(\d+)"', found.text)[1]
    place = {"site": "demo", "locale": "fr", "number": number, "q": "dyke"}
    assert "Say why" in alert(secretariat.post("/memory/retirement", **place, reason=" "))
    done = secretariat.post("/memory/retirement", **place, reason="a test")
    assert done.headers["Location"] == "/memory?q=dyke&site=demo&locale=fr&said=retired"
    assert "Nothing is found" in words(secretariat.get("/memory?q=dyke&site=demo&locale=fr"))
    assert staff.browser("translator").post("/memory/retirement", **place, reason="x").status_code == 403


def test_a_file_that_is_none_is_refused_in_a_sentence(staff):
    secretariat = staff.browser("secretariat")
    answer = send_file(secretariat, "/memory/import", "pairs.tmx", b"no XML at all", site="demo", locale="fr")
    assert answer.status_code >= 400
    assert "pairs.tmx" in alert(answer)
    assert "no file in this" in alert(secretariat.post("/memory/import", site="demo", locale="fr"))
    assert "no file in this" in alert(send_file(secretariat, "/terms/import", "", b"", site="demo", locale="fr"))


def test_who_reviews_one_language_says_its_terms_and_no_others(staff):
    french, place = staff.browser("reviewer", "demo", "fr"), {"source": "sieve", "target": "tamis", "state": "approved"}
    assert french.get("/terms/new?site=demo&locale=fr").status_code == 200
    assert french.post("/terms/new", site="demo", locale="fr", **place).status_code == 303
    assert french.get("/terms/new?site=demo&locale=ar").status_code == 403
    assert french.post("/terms/new", site="demo", locale="ar", **place).status_code == 403


def test_the_form_of_one_language_changes_no_term_of_another(staff):
    spanish = {"site": "demo", "locale": "es", "source": "rake", "target": "rastrillo", "state": "approved"}
    staff.browser("reviewer").post("/terms/new", **spanish)
    (known,) = (one for one in staff.service.memories.terms("demo", locales=["es"]) if one.source == "rake")
    french, form = staff.browser("reviewer", "demo", "fr"), spanish | {"locale": "fr", "number": str(known.number)}
    assert french.get(f"/terms/{known.number}?site=demo&locale=fr").status_code == 403
    assert french.post("/terms/new", **form, definition="mine").status_code == 403
    assert staff.service.memories.term("demo", known.number) == known
    changed = staff.browser("reviewer").post("/terms/new", **form, definition="of iron")
    assert changed.headers["Location"] == "/terms?site=demo&locale=es&said=kept"


def test_a_list_of_terms_says_what_it_changes_before_it_does(staff):
    reviewer, place = staff.browser("reviewer"), {"site": "demo", "locale": "ru"}
    reviewer.post("/terms/new", **place, source="jar", target="банка", state="proposed")
    table = "source,target,status\njar,банка,approved\nlid,крышка,approved\n".replace("source,target", "en,ru")
    shown = send_file(reviewer, "/terms/import", "terms.csv", table.encode(), **place)
    assert [int(one) for one in re.findall(r"<dd>(\d+)</dd>", shown.text)] == [2, 1, 1, 0, 0]
    assert "proposed" in words(reviewer.get("/terms?site=demo&locale=ru"))
    upload = re.search(r'name="upload" value="(\w+)"', shown.text)[1]
    reviewer.post("/terms/import/confirmation", **place, upload=upload)
    known = {(term.source, term.status) for term in staff.service.memories.terms("demo", locales=["ru"])}
    assert known == {("jar", "approved"), ("lid", "approved")}
    shown = reviewer.get("/terms/file?site=demo&locale=ru&format=csv&q=KRY")
    assert "jar" not in shown.text
    assert "крышка" in reviewer.get("/terms/file?site=demo&locale=ru&format=csv&q=%D0%9A%D0%A0%D0%AB").text


def test_a_term_is_said_changed_and_withdrawn(staff):
    reviewer = staff.browser("reviewer")
    place = {"site": "demo", "locale": "fr"}
    kept = reviewer.post("/terms/new", **place, source="seed bank", target="banque de semences", state="approved")
    assert kept.status_code == 303
    listed = reviewer.get("/terms?site=demo&locale=fr&q=seed+bank")
    number = re.search(r"/terms/(\d+)\?", listed.text)[1]
    changed = reviewer.post(
        "/terms/new", **place, number=number, source="seed bank", target="banque de semences", state="forbidden"
    )
    assert changed.status_code == 303
    listed = reviewer.get("/terms?site=demo&locale=fr&q=seed+bank&status=forbidden")
    assert "not to be used" in words(listed)
    number = re.search(r"/terms/(\d+)\?", listed.text)[1]
    reviewer.post("/terms/withdrawal", **place, number=number)
    assert "No term is found" in words(reviewer.get("/terms?site=demo&locale=fr&q=seed+bank"))
    assert "needs its word" in alert(reviewer.post("/terms/new", **place, source="", target="x"))
    assert staff.browser("translator").post("/terms/new", **place, source="a", target="b").status_code == 403


# search, settings, what waits


def hits(browser, q, language="en", **more: str):
    """The kinds that are found, each with the texts of its hits."""
    root = html.fromstring(browser.get("/search", params={"q": q, "lang": language, **more}).text)
    return {
        one.get("aria-labelledby").removeprefix("found-"): [link.text_content() for link in one.xpath("ul/li/a")]
        for one in root.xpath("//main/section")
    }


def test_one_field_finds_what_one_may_see(staff):
    secretariat = staff.browser("secretariat")
    assert "packages" in hits(secretariat, "demo-")
    assert hits(secretariat, "seeds").keys() >= {"memory", "units"}
    assert hits(secretariat, "zebra") == {}
    assert hits(secretariat, "2026.3") == {"deployments": ["demo 3"]}
    assert hits(secretariat, "ada") == {}, "people are for administrators"
    assert hits(staff.browser("administrator"), "ADA")["people"] == ["Ada"]
    assert Browser(staff.app).get("/search?q=seeds").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(("language", "q"), [("ar", "البُذُور"), ("zh", "种子"), ("ru", "СЕМЕНА"), ("fr", "echange")])
def test_texts_and_terms_are_found_in_the_readers_language(staff, language, q):
    """However they write capitals, accents and vowel signs, a term that fits exactly before all else."""
    told = {"ar": "البذور", "zh": "种子", "ru": "семена", "fr": "échange"}[language]
    staff.browser("reviewer").post(
        "/terms/new", site="demo", locale=language, source=f"a {language} word", target=told, state="approved"
    )
    found = hits(staff.browser("secretariat"), q, language)
    assert next(iter(found)) in ("terms", "memory", "units")
    assert f"a {language} word" in found["terms"]
    assert "memory" in found or language == "fr"


def test_packages_that_nobody_translates_are_not_found(staff):
    out = staff.service.handoffs.places("demo")
    drafts = {name for name, _, status in out if status == "draft"}
    cancelled = next(name for name, _, status in out if status == "handed off")
    secretariat = staff.browser("secretariat")
    assert hits(secretariat, cancelled)["packages"][0] == cancelled
    staff.service.handoffs.cancel(cancelled)
    found = hits(secretariat, "demo-", kind="packages").get("packages", [])
    assert not {cancelled, *drafts} & set(found)


def test_what_is_more_than_a_few_is_found_page_by_page(staff):
    secretariat = staff.browser("secretariat")
    few, page = hits(secretariat, "demo-")["packages"], hits(secretariat, "demo-", kind="packages")
    assert few == page["packages"][:5]
    first = hits(secretariat, "e", "fr", kind="units")["units"]
    second = hits(secretariat, "e", "fr", kind="units", first="25")["units"]
    assert (len(first), first == second) == (25, False)


def test_settings_say_what_counts_and_no_secret(staff, monkeypatch):
    monkeypatch.setenv("TM_SERVICE_MAIL", "smtp://someone:quicksand@mail.example")
    site = replace(staff.service.site("demo"), repository="https://user:landslide@code.example/demo.git")
    monkeypatch.setattr(settings, "service_of", lambda _: replace(staff.service, sites=lambda: {"demo": site}))
    page = staff.browser("administrator").get("/settings")
    assert "TM_SERVICE_MAIL" in page.text
    assert "quicksand" not in page.text
    assert "code.example/demo.git" in page.text
    assert "landslide" not in page.text
    assert staff.browser("developer").get("/settings").status_code == 403


def test_settings_show_a_backup_that_failed(staff):
    staff.service.jobs.ask(JobKind.BACKUP, "", {}, by="the schedule")
    Worker(staff.service, "one").run(until_idle=True)
    failed = words(staff.browser("administrator").get("/settings"))
    assert "Jobs of the house that failed" in failed
    assert "Backup ·" in failed


def test_what_waits_is_what_one_may_do_something_about(staff):
    translator = words(staff.browser("translator", "demo", "fr").get("/notifications"))
    assert "Translate" in translator
    assert "French" in translator
    assert "Arabic" not in translator
    assert "Nothing waits for you" in words(staff.browser("content-editor").get("/notifications"))


def test_the_parts_of_pages_are_shown_in_every_language(staff):
    for code in ("en", "ar", "zh"):
        assert staff.browser("developer").get(f"/style?lang={code}").status_code == 200

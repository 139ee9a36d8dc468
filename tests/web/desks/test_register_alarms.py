"""The register's alarms: who sees them, who acknowledges them, and who is kept out."""

# ruff: noqa: F811 - fixtures are imported by their names

from dataclasses import replace

import pytest
from lxml import html

from tests.web.browser import Browser
from tests.web.desks.register_desk import (  # noqa: F401 - fixtures
    PAGES,
    ROOT,
    house,
    raised,
    signed,
    tables,
)
from tm_service.domain.deployments import Alarm
from tm_service.domain.permissions import Role
from tm_service.domain.sentences import NO_LONGER_REACHED


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
    assert html.fromstring(late.text).xpath("string(//textarea[@readonly])") == "I have seen it, too."
    assert other.post(f"{ROOT}/alarms", alarm="deployment-99", note="What?").status_code == 404
    assert raised(made)[0].acknowledged.by == "secretariat@house.example"


def test_an_import_that_was_lost_is_told_in_the_readers_language(signed):
    made, browser = signed
    said = NO_LONGER_REACHED.say(path="texts/a.json", revision="c0ffee")
    lost = Alarm("garden", 3, "", 0, said)
    with made.store.begin() as tx:
        tx.save_deployment(replace(tx.latest("garden"), number=3, alarms=(lost,)), [], [], {})
    answer = browser(Role.ADMINISTRATOR).get(f"{ROOT}/alarms?lang=fr")
    assert said not in answer.text
    assert "Plus aucune importation ne mène à texts/a.json" in " ".join(
        html.fromstring(answer.text).text_content().split()
    )


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

"""Packages over HTTP: made, seen by who works on them, handed off, sent, called back and issued again."""

from dataclasses import replace
from datetime import date

import pytest

from tests.web.api.desk import LATER, members, newest, working
from tm_service.domain.deliveries import DeliveryStatus, Sent
from tm_service.domain.packages import PackageStatus
from tm_service.shapes import handoff_documents as documents
from tm_service.web.app import make_app


class Pigeon:
    """A channel that keeps what it carries."""

    repeatable = True

    def __init__(self) -> None:
        self.carried = []

    def send(self, delivery):
        self.carried.append(delivery)
        return Sent(f"pigeon {len(self.carried)}")


@pytest.fixture
def pigeon(world):
    """The house sends mail by pigeon."""
    pigeon = Pigeon()
    world.service = replace(world.service, channels=lambda _site: {"mail": pigeon})
    world.app = make_app(world.service)
    return pigeon


def cancelled(world, *locales: str):
    """Nothing is out in these locales, so that there is something to package."""
    for one in world.service.handoffs.packages("demo", open_only=True):
        if one.locale in locales:
            world.service.handoffs.cancel(one.id)


def test_packages_are_made_by_a_job_and_told_with_their_words(world, secretariat):
    cancelled(world, "fr", "es")
    asked = {"locales": ["fr", "es", "fr"], "due": "2027-01-15", "profile": "memoq", "xliff2": True}
    with working(world.service):
        answer = secretariat.post("/sites/demo/packages", asked)
    assert answer.status_code == 200
    made = answer.json()
    documents.PackageJob.model_validate(made)
    assert (made["kind"], made["status"], made["by"]) == ("package", "done", "secretariat..@office.example")
    assert [one["locale"] for one in made["packages"]] == ["fr", "es"]
    for one in made["packages"]:
        kept = world.service.handoffs.named([one["id"]])[0]
        assert (kept.due, kept.profile, one["due"]) == (date(2027, 1, 15), "memoq", "2027-01-15")
        assert sum(found["units"] for found in one["classes"].values()) == one["units"] == len(kept.work)
        file = secretariat.ask("GET", one["path"].removeprefix("/api/v1"))
        assert any(name.startswith("xliff2") for name in members(file.content))
    again = secretariat.post("/sites/demo/packages", asked, headers=LATER)
    world.work()
    assert secretariat.get(again.headers["Location"].removeprefix("/api/v1")).json()["result"] == {"packages": []}


def test_a_draft_is_made_with_few_words_and_handed_off_later(world, secretariat):
    cancelled(world, "fr")
    with working(world.service):
        made = secretariat.post("/sites/demo/packages", {"locales": ["fr"], "draft": True, "words": 40}).json()
    assert len(made["packages"]) > 1
    assert {one["status"] for one in made["packages"]} == {"draft"}
    name = made["packages"][0]["id"]
    assert secretariat.post(f"/packages/{name}/hand-off").json()["status"] == "handed off"
    assert secretariat.post(f"/packages/{name}/hand-off").status_code == 409


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"locales": ["xx"]}, "no locale xx"),
        ({"profile": "quill"}, "quill"),
    ],
)
def test_what_cannot_be_packaged_is_refused_before_there_is_a_job(world, secretariat, asked, said):
    answer = secretariat.post("/sites/demo/packages", asked)
    assert (answer.status_code, said in answer.json()["detail"]) == (422, True)
    assert not world.service.jobs.listed("demo")


@pytest.mark.parametrize(
    "asked",
    [{"due": "soon"}, {"words": -1}, {"words": 1e300}, {"locales": "fr"}, {"locales": [""]}, {"nothing": 1}, [], "x"],
)
def test_a_body_that_is_none_is_not_understood(secretariat, asked):
    assert secretariat.post("/sites/demo/packages", asked).status_code == 400


def test_who_packages_for_one_language_packages_no_other(world):
    some = world.person("secretariat", "demo", "fr")
    assert some.post("/sites/demo/packages", {"locales": ["fr", "es"]}, headers=LATER).status_code == 403
    assert some.post("/sites/demo/packages", {}, headers=LATER).status_code == 403
    assert some.post("/sites/demo/packages", {"locales": ["fr"]}, headers=LATER).status_code == 202
    assert some.post(f"/packages/{newest(world.service, 'es').id}/cancellation").status_code == 403
    assert some.post(f"/packages/{newest(world.service, 'fr').id}/cancellation").status_code == 200


def test_translators_see_the_packages_of_their_language_alone(world, french, secretariat):
    every, mine = (one.get("/sites/demo/packages").json()["packages"] for one in (secretariat, french))
    assert {one["locale"] for one in every} == {"ar", "es", "fr", "ru", "zh"}
    assert [one for one in every if one["locale"] == "fr"] == mine != []
    for one in every:
        status = 200 if one["locale"] == "fr" else 403
        assert french.get(f"/packages/{one['id']}").status_code == status
        assert french.get(f"/packages/{one['id']}/file").status_code == status
    assert world.person("translator", "reef", "fr").get(f"/packages/{mine[0]['id']}").status_code == 403


def test_a_package_is_downloaded_as_it_was_handed_off(world, french):
    name, content = world.service.handoffs.file(newest(world.service, "fr").id)
    answer = french.get(f"/packages/{newest(world.service, 'fr').id}/file")
    assert (answer.content, answer.headers["Content-Type"]) == (content, "application/zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_package_has_a_tag_that_changes_with_it(world, secretariat):
    name = newest(world.service, "fr").id
    seen = secretariat.get(f"/packages/{name}").headers["ETag"]
    assert secretariat.get(f"/packages/{name}", headers={"If-None-Match": seen}).status_code == 304
    world.service.handoffs.cancel(name)
    assert secretariat.get(f"/packages/{name}", headers={"If-None-Match": seen}).json()["status"] == "cancelled"


def test_the_list_is_filtered_and_paged(world, secretariat):
    every = secretariat.get("/sites/demo/packages").json()
    assert every["cursor"] is None
    paged, cursor = [], ""
    while cursor is not None:
        page = secretariat.get(f"/sites/demo/packages?most=2&cursor={cursor}").json()
        paged, cursor = paged + page["packages"], page["cursor"]
    assert paged == every["packages"]

    def asked(query):
        return [one["id"] for one in secretariat.get(f"/sites/demo/packages?{query}").json()["packages"]]

    back = [one["id"] for one in paged if one["status"] == PackageStatus.REINTEGRATED]
    assert len(back) == 2
    assert asked("status=reintegrated") == back
    assert set(asked("open_only=true")) == {one["id"] for one in paged} - set(back)
    assert asked("locale=fr") == [one["id"] for one in paged if one["locale"] == "fr"]
    assert asked("locale=xx") == []
    gone = secretariat.get("/sites/demo/packages?cursor=gone")
    assert (gone.status_code, "begin again without one" in gone.json()["detail"]) == (422, True)
    assert secretariat.get("/sites/demo/packages?status=lost").status_code == 400


def test_who_pages_through_open_packages_and_calls_them_back_misses_none(world, secretariat):
    open_ones = [one["id"] for one in secretariat.get("/sites/demo/packages?open_only=true").json()["packages"]]
    assert len(open_ones) == 3
    called_back, cursor = [], ""
    while cursor is not None:
        page = secretariat.get(f"/sites/demo/packages?open_only=true&most=1&cursor={cursor}").json()
        for one in page["packages"]:
            assert secretariat.post(f"/packages/{one['id']}/cancellation").status_code == 200
            called_back.append(one["id"])
        cursor = page["cursor"]
    assert called_back == open_ones


def test_a_package_is_called_back_once(world, secretariat):
    name = newest(world.service, "fr").id
    assert secretariat.post(f"/packages/{name}/cancellation").json()["status"] == "cancelled"
    assert secretariat.post(f"/packages/{name}/cancellation").status_code == 409
    assert secretariat.post(f"/packages/{name}/reissue").status_code == 409


def test_a_package_is_issued_again_for_another_tool_and_day(world, secretariat):
    name = newest(world.service, "fr").id
    again = secretariat.post(f"/packages/{name}/reissue", {"due": "2027-02-01", "profile": "omegat"}).json()
    assert (again["version"], again["profile"], again["due"]) == (2, "omegat", "2027-02-01")
    assert "omegat.project" in members(secretariat.get(f"/packages/{name}/file").content)
    assert secretariat.post(f"/packages/{name}/reissue", {"profile": "quill"}).status_code == 422


@pytest.mark.parametrize("name", ["demo-99-fr", "nothing", "%00", "..%2F..", "a" * 5000, "%ED%A0%80"])
def test_a_package_that_is_none_is_not_there(secretariat, name):
    for method, path in (("GET", ""), ("GET", "/file"), ("POST", "/hand-off"), ("POST", "/cancellation")):
        assert secretariat.ask(method, f"/packages/{name}{path}").status_code in (400, 404), (method, path)


def test_a_package_is_sent_and_never_twice_to_the_same_one(world, secretariat, pigeon):
    secretariat = world.person("secretariat")
    name, to = newest(world.service, "fr").id, {"recipients": ["luc@example.org", "ana@example.org"]}
    with working(world.service):
        first, again = (secretariat.post(f"/packages/{name}/deliveries", to) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert [(one["recipient"], one["status"]) for one in again.json()["deliveries"]] == [
        (one["recipient"], "sent") for one in first.json()["deliveries"]
    ]
    assert sorted(one.recipient for one in pigeon.carried) == sorted(to["recipients"])
    assert pigeon.carried[0].content == world.service.handoffs.file(name)[1]
    documents.DeliveryJob.model_validate(first.json())
    listed = secretariat.get("/sites/demo/deliveries").json()["deliveries"]
    documents.Deliveries.model_validate({"deliveries": listed, "cursor": None})
    assert {(one["package"], one["recipient"], one["channel"]) for one in listed} == {
        (name, one, "mail") for one in to["recipients"]
    }


def test_what_is_in_doubt_is_sent_again_where_a_person_says_so(world, pigeon):
    secretariat, house = world.person("secretariat"), world.service
    name, to = newest(house, "fr").id, {"recipients": ["luc@example.org"]}
    (posted,) = house.handoffs.post(name, "mail", to["recipients"])
    with house.store.begin() as tx:
        tx.save_posting(replace(posted, status=DeliveryStatus.IN_DOUBT))
    with working(house):
        secretariat.post(f"/packages/{name}/deliveries", to)
        assert pigeon.carried == []
        sent = secretariat.post(f"/packages/{name}/deliveries", to | {"once_more": True}).json()
    assert ([one["status"] for one in sent["deliveries"]], len(pigeon.carried)) == (["sent"], 1)


def keyed(secretariat, path, asked, key):
    return secretariat.post(path, asked, headers={"Idempotency-Key": key})


def test_the_key_of_one_delivery_sends_no_other(world, pigeon):
    """What is refused leaves nothing in the outbox that goes by the next letter."""
    secretariat, house = world.person("secretariat"), world.service
    french, spanish = (f"/packages/{newest(house, locale).id}/deliveries" for locale in ("fr", "es"))
    to = {"recipients": ["luc@example.org"]}
    with working(house):
        first = keyed(secretariat, french, to, "send-1")
        assert (first.status_code, first.json()["deliveries"][0]["status"]) == (200, "sent")
        others = [(spanish, to), (french, {"recipients": ["ana@example.org"]}), (french, to | {"once_more": True})]
        for path, asked in others:
            assert keyed(secretariat, path, asked, "send-1").status_code == 409, (path, asked)
        again = keyed(secretariat, french, to, "send-1")
        house.handoffs.send_due("demo")
    assert again.json() == first.json()
    assert [(one.recipient, one.status) for one in house.handoffs.postings("demo")] == [("luc@example.org", "sent")]
    assert len(pigeon.carried) == 1


def test_what_was_sent_once_more_goes_once_more_for_one_key(world, pigeon):
    secretariat, house = world.person("secretariat"), world.service
    name, asked = newest(house, "fr").id, {"recipients": ["luc@example.org"], "once_more": True}
    with working(house):
        assert keyed(secretariat, f"/packages/{name}/deliveries", asked, "send-2").status_code == 200
        with house.store.begin() as tx:
            (posting,) = tx.postings("demo")
            tx.save_posting(replace(posting, status=DeliveryStatus.IN_DOUBT))
        again = keyed(secretariat, f"/packages/{name}/deliveries", asked, "send-2").json()
        house.handoffs.send_due("demo")
    assert ([one["status"] for one in again["deliveries"]], len(pigeon.carried)) == (["in doubt"], 1)


def test_a_delivery_that_cannot_be_posted_leaves_no_job(world, pigeon):
    secretariat, house = world.person("secretariat"), world.service
    name = newest(house, "fr").id
    house.handoffs.cancel(name)
    answer = secretariat.post(f"/packages/{name}/deliveries", {"recipients": ["luc@example.org"]})
    assert (answer.status_code, house.jobs.listed("demo"), pigeon.carried) == (409, [], [])


def test_who_gets_a_package_is_not_told_by_the_job_that_sends_it(world, french, pigeon):
    secretariat, asked = world.person("secretariat"), {"recipients": ["luc@example.org"]}
    secretariat.post(f"/packages/{newest(world.service, 'fr').id}/deliveries", asked, headers=LATER)
    for asker in (french, secretariat):
        assert "luc@example.org" not in asker.get("/jobs?site=demo").text


def test_a_delivery_that_goes_nowhere_is_refused(world, secretariat, pigeon):
    secretariat, path = world.person("secretariat"), f"/packages/{newest(world.service, 'fr').id}/deliveries"
    for asked in ({}, {"channel": "folder"}, {"channel": "folder", "recipients": ["luc@example.org"]}):
        assert secretariat.post(path, asked).status_code == 422, asked
    for asked in ({"channel": "pigeon"}, {"recipients": ["luc"]}, {"recipients": ["a@b.c\nBcc: x@y.z"]}):
        assert secretariat.post(path, asked).status_code == 400, asked
    assert pigeon.carried == []


def test_who_does_not_package_sees_no_deliveries(world, french, secretariat):
    assert french.get("/sites/demo/deliveries").status_code == 403
    assert secretariat.get("/sites/demo/deliveries").json() == {"deliveries": [], "cursor": None}

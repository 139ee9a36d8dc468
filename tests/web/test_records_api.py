import re

import pytest
from lxml import html

from tests.records.samples import C1, P1, R1, permit, resource
from tests.web.clearing_house_world import ADMINISTRATOR, APPROVER, KENYAN, PERUVIAN, office, small_room
from tm_service.shapes import article_documents as documents

PERMIT = f"/api/v1/records/permit/{P1.identifier}"
RESOURCE = f"/api/v1/records/resource/{R1.identifier}"


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    place = tmp_path_factory.mktemp("empty") / "records.sqlite"
    small_room(place)
    return place


@pytest.fixture
def api(service, empty, tmp_path):
    place = tmp_path / "records.sqlite"
    place.write_bytes(empty.read_bytes())
    return office(service, small_room(place))


def test_one_call_saves_checks_and_publishes_and_says_who_did(api):
    told = api.call("POST", f"{RESOURCE}/publish", {"document": resource(), "why": "First"}, by=ADMINISTRATOR)
    assert told.status_code == 200
    assert told.json()["who"] == {
        "name": ADMINISTRATOR,
        "government": None,
        "roles": ["administrator", "article-editor", "record-editor"],
    }
    assert told.json()["validation"] == {"errors": [], "warnings": []}
    documents.Published.model_validate(told.json())
    assert (told.json()["publication"]["stage"], told.json()["publication"]["revision"]) == ("published", 1)


def test_what_takes_anothers_approval_is_asked_for_in_the_same_call(api):
    told = api.call("POST", f"{PERMIT}/publish", {"document": permit()}, by=KENYAN).json()
    assert told["publication"]["stage"] == "requested"
    assert "approval" in told["publication"]["waitsFor"]
    refused = api.call("POST", f"{PERMIT}/publish", {"document": permit(expiry="2027-01-01")}, by=KENYAN)
    assert (refused.status_code, refused.headers["Content-Type"]) == (400, "application/problem+json")
    assert refused.json()["detail"] == "The record is locked for workflow"


def test_an_invalid_draft_is_kept_and_not_published(api):
    wrong = {"header": {"identifier": P1.identifier, "schema": "permit", "languages": ["en"]}}
    told = api.call("POST", f"{PERMIT}/publish", {"document": wrong}, by=KENYAN)
    assert told.status_code == 422
    assert [one["code"] for one in told.json()["validation"]["errors"]] == ["mandatory", "mandatory"]
    assert told.json()["publication"] == {"stage": "draft"}
    documents.Published.model_validate(told.json())
    again = api.call("POST", f"{PERMIT}/publish", {}, by=KENYAN)
    assert again.status_code == 422


@pytest.mark.parametrize("body", [{"document": 3}, {"document": {}, "why": 3}])
def test_a_call_that_makes_no_sense_is_refused(api, body):
    assert api.call("POST", f"{PERMIT}/publish", body, by=KENYAN).status_code == 400
    assert api.call("POST", f"{PERMIT}/publish", body).status_code == 401


def test_nobody_publishes_anothers_draft(api):
    api.call("PUT", f"/api/v2013/documents/{P1.identifier}/versions/draft?schema=permit", permit(), by=KENYAN)
    assert api.call("POST", f"{PERMIT}/publish", {}, by=PERUVIAN).status_code == 403


def test_a_record_shows_what_it_names_and_what_names_it(api):
    other = R1.__class__("resource", "resource-000002")
    api.call("POST", f"{RESOURCE}/publish", {"document": resource()}, by=ADMINISTRATOR)
    naming = resource(other, f"{R1.identifier}@1", "resource-999999")
    api.call("POST", f"/api/v1/records/resource/{other.identifier}/publish", {"document": naming}, by=ADMINISTRATOR)
    told = api.call("GET", f"/api/v1/records/resource/{other.identifier}/references").json()
    assert [(one["identifier"], one["standing"], one["pinned"]) for one in told["refersTo"]] == [
        (R1.identifier, "current", 1), ("resource-999999", "broken", None)
    ]  # fmt: skip
    documents.References.model_validate(told)
    [back] = api.call("GET", f"{RESOURCE}/references").json()["referredBy"]
    assert back["source"] == {"schema": "resource", "identifier": other.identifier, "revision": 1}
    assert api.call("GET", f"{PERMIT}/references").status_code == 404


def test_references_in_confidential_fields_are_told_to_owners_alone(api):
    api.call("POST", f"{PERMIT}/publish", {"document": permit(holders=[{"identifier": C1.identifier}])}, by=KENYAN)
    approval = {"action": "approve"}
    api.call("PUT", f"/api/v2013/workflows/{P1.identifier}/activities/publishRecord", approval, by=APPROVER)
    assert api.call("GET", f"{PERMIT}/references").json()["refersTo"] == []
    assert len(api.call("GET", f"{PERMIT}/references", by=KENYAN).json()["refersTo"]) == 1


def shared(api, **asked: int):
    document = permit(
        notes="The telephone of the collector",
        title={"en": "Seeds from the dry valley", "fr": "Graines de la vallée sèche"},
        terms={"en": "<p onclick='x()'>Sow <b>thinly</b>.</p>"},
    )
    api.call("PUT", f"/api/v2013/documents/{P1.identifier}/versions/draft?schema=permit", document, by=KENYAN)
    made = api.call("POST", f"{PERMIT}/shares", asked, by=KENYAN)
    assert made.status_code == 201
    documents.Shared.model_validate(made.json())
    return made.json()


def test_a_link_shows_a_draft_to_who_has_it_without_what_is_confidential(api):
    made = shared(api)
    path = made["url"].removeprefix("http://localhost")
    assert re.fullmatch(r"/share/[A-Za-z0-9_-]{43}", path)
    for locale, title in (("en", "Seeds from the dry valley"), ("fr", "Graines de la vallée sèche")):
        response = api.ask("GET", f"{path}?lang={locale}")
        assert response.status_code == 200
        assert title in response.text
        assert "telephone" not in response.text
        assert "onclick" not in response.text
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert response.headers["Cache-Control"] == "no-store"
        root = html.fromstring(response.text)
        assert root.get("lang") == locale
    sown = html.fromstring(api.ask("GET", f"{path}?lang=ar").text).xpath("//dd/div[@lang='en']")
    assert sown[0].get("dir") == "ltr"


def test_a_link_ends_when_it_is_revoked_or_used_up(api):
    made = shared(api, uses=2)
    path = made["url"].removeprefix("http://localhost")
    assert [api.ask("GET", path).status_code for _ in range(3)] == [200, 200, 404]
    other = api.call("POST", f"{PERMIT}/shares", {}, by=KENYAN).json()
    listed = api.call("GET", f"{PERMIT}/shares", by=KENYAN).json()["shares"]
    assert [one["used"] for one in listed] == [0, 2]
    assert "url" not in listed[0]
    assert api.call("DELETE", f"{PERMIT}/shares/{other['number']}", by=KENYAN).json()["revoked"] is True
    gone = api.ask("GET", other["url"].removeprefix("http://localhost"))
    unknown = api.ask("GET", "/share/nothing")
    assert gone.status_code == unknown.status_code == 404
    assert html.fromstring(gone.text).xpath("//p[@class='sentence']/text()") == html.fromstring(unknown.text).xpath(
        "//p[@class='sentence']/text()"
    )


def test_links_are_made_seen_and_ended_by_writers_of_the_draft_alone(api):
    made = shared(api)
    for method, path in (("POST", "shares"), ("GET", "shares"), ("DELETE", f"shares/{made['number']}")):
        body = {} if method == "POST" else None
        assert api.call(method, f"{PERMIT}/{path}", body).status_code == 401
        assert api.call(method, f"{PERMIT}/{path}", body, by=PERUVIAN).status_code == 403
    assert api.call("POST", f"{PERMIT}/shares", {"uses": "many"}, by=KENYAN).status_code == 400

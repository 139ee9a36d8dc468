import json

import pytest

from tests.records.samples import A1, C1, P1, R1, article, permit, resource
from tests.web.clearing_house_world import (
    ADMINISTRATOR,
    APPROVER,
    EDITOR,
    KENYAN,
    PERUVIAN,
    office,
    small_room,
)

ARTICLES, DOCUMENTS, WORKFLOWS = "/api/v2017/articles", "/api/v2013/documents", "/api/v2013/workflows"
SCHEMAS = "/api/v2023/documents/schemas"
PERMIT = f"{DOCUMENTS}/{P1.identifier}"
DRAFT = f"{PERMIT}/versions/draft"


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


def published_permit(api, **more: object):
    """A national permit, published as it has to be."""
    assert api.call("PUT", f"{DRAFT}?schema=permit", permit(**more), by=KENYAN).status_code == 200
    asked = {"type": "publishNationalRecord", "version": "0.4", "data": {"identifier": P1.identifier}}
    assert api.call("POST", WORKFLOWS, asked, by=KENYAN).status_code == 201
    granted = {"action": "approve", "comment": "It is in order."}
    answer = api.call("PUT", f"{WORKFLOWS}/{P1.identifier}/activities/publishRecord", granted, by=APPROVER)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(answer, status, said):
    told = answer.json()
    assert (answer.status_code, told["statusCode"]) == (status, status), answer.text
    assert said in told["message"]
    assert told["code"]
    return told


def test_an_article_is_published_read_changed_and_taken_away(api):
    made = api.call("POST", ARTICLES, article(), by=EDITOR)
    name = made.json()["id"]
    assert len(bytes.fromhex(name)) == 12
    read = api.call("GET", f"{ARTICLES}/{name}")
    assert read.headers["ETag"] == made.headers["ETag"] == '"1"'
    document = read.json()
    assert document["_id"] == name
    assert document["title"] == article()["title"]
    assert set(document["meta"]) == {"modifiedOn"}
    changed = document | {"title": {"en": "New hours", "fr": "Horaires"}, "tagsInfo": []}
    saved = api.call("PUT", f"{ARTICLES}/{name}", changed, by=EDITOR, If_Match=read.headers["ETag"])
    assert saved.json() == {"id": name}
    assert api.call("GET", f"{ARTICLES}/{name}").json()["title"] == {"en": "New hours", "fr": "Horaires"}
    assert api.call("DELETE", f"{ARTICLES}/{name}", by=EDITOR).status_code == 200
    refused(api.call("GET", f"{ARTICLES}/{name}"), 404, name)


def test_saving_an_english_text_clears_no_other_language(api):
    """What the real site does to its readers, ours does not."""
    api.call("PUT", f"{ARTICLES}/{A1.identifier}", article(), by=EDITOR)
    api.call("PUT", f"{ARTICLES}/{A1.identifier}", article(title={"en": "Hours", "fr": "Horaires"}), by=EDITOR)
    assert api.call("GET", f"{ARTICLES}/{A1.identifier}").json()["title"]["fr"] == "Horaires"


def test_what_is_posted_is_new(api):
    body = article(_id=A1.identifier)
    assert api.call("POST", ARTICLES, body, by=EDITOR).json() == {"id": A1.identifier}
    refused(api.call("POST", ARTICLES, body, by=EDITOR), 412, "its revision is 1")
    api.call("POST", f"{SCHEMAS}/resource", {"document": resource()}, by=ADMINISTRATOR)
    refused(api.call("POST", f"{SCHEMAS}/resource", {"document": resource()}, by=ADMINISTRATOR), 412, "revision is 1")


def test_nothing_is_written_over_what_was_not_read(api):
    path = f"{ARTICLES}/{A1.identifier}"
    api.call("PUT", path, article(), by=EDITOR)
    api.call("PUT", path, article(tags=["a"]), by=EDITOR)
    for header in ('"1"', 'W/"2"', '"9"', "nonsense"):
        refused(api.call("PUT", path, article(tags=["b"]), by=EDITOR, If_Match=header), 412, "its revision is 2")
    refused(api.call("PUT", path, article(), by=EDITOR, If_None_Match="*"), 412, "is not what you read")
    new = f"{ARTICLES}/{'7' * 24}"
    refused(api.call("PUT", new, article(), by=EDITOR, If_Match="*"), 412, "it is not published")
    assert api.call("PUT", new, article(), by=EDITOR, If_None_Match="*").status_code == 200
    assert api.call("PUT", path, article(tags=["b"]), by=EDITOR, If_Match='"1", "2"').status_code == 200


def test_writing_takes_a_token_and_the_right_role(api):
    path = f"{ARTICLES}/{A1.identifier}"
    answer = api.call("PUT", path, article())
    refused(answer, 401, "Sign in first")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    refused(api.call("PUT", path, article(), by=KENYAN), 403, KENYAN)
    refused(api.call("DELETE", path, by=EDITOR), 404, A1.identifier)


def test_articles_are_found_by_filter_order_and_fields(api):
    for number, tags in enumerate((["gardens", "seeds"], ["gardens"], ["harbours"])):
        body = article(title={"en": f"Text {number}"}, tags=tags)
        api.call("PUT", f"{ARTICLES}/{number:024x}", body, by=EDITOR)

    def found(query, **more: str):
        params = "&".join(f"{name}={value}" for name, value in more.items())
        return api.call("GET", f"{ARTICLES}?q={json.dumps(query)}&{params}")

    def names(query, **more: str):
        return [int(one["_id"], 16) for one in found(query, **more).json()]

    assert names({"tags": "gardens"}) == [0, 1]
    assert names({"tags": {"$all": ["seeds", "gardens"]}}) == [0]
    assert names({"tags": {"$ne": "gardens"}}) == [2]
    assert names({"$or": [{"title.en": "Text 2"}, {"tags": "seeds"}]}) == [0, 2]
    assert names({"_id": {"$in": [{"$oid": f"{1:024x}"}, f"{2:024x}"]}}) == [1, 2]
    assert names({}, s='{"title.en":-1}', sk="1", l="1") == [1]
    assert found({"tags": "gardens"}, c="1").json() == {"count": 2}
    assert found({"tags": "harbours"}, fo="1", f='{"title":1}').json() == {
        "_id": f"{2:024x}", "title": {"en": "Text 2"}
    }  # fmt: skip
    refused(found({"tags": "libraries"}, fo="1"), 404, "No article fits")
    moments = [one["meta"]["modifiedOn"] for one in found({}, f='{"meta":1}').json()]
    assert moments == sorted(moments)
    assert names({"meta.modifiedOn": {"$gte": {"$date": moments[1]}}}, f='{"meta":1}') == [1, 2]
    assert names({"meta.modifiedOn": {"$gt": {"$date": moments[1]}}}) == [2]


def test_who_wrote_an_article_is_told_to_its_editors_alone(api):
    api.call("PUT", f"{ARTICLES}/{A1.identifier}", article(), by=EDITOR)
    for by in (None, KENYAN):
        assert EDITOR not in api.call("GET", f"{ARTICLES}/{A1.identifier}", by=by).text
        assert EDITOR not in api.call("GET", ARTICLES, by=by).text
    assert api.call("GET", f"{ARTICLES}/{A1.identifier}", by=EDITOR).json()["meta"]["modifiedBy"] == EDITOR
    assert api.call("GET", ARTICLES, by=ADMINISTRATOR).json()[0]["meta"]["createdBy"] == EDITOR


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=[1]", "The parameter q is no object"),
        ("q={", "The parameter q is no JSON"),
        ('q={"$where":"sleep(9)"}', "$where is not allowed"),
        ('q={"title.en":{"$regex":"(a%2B)%2B$"}}', "$regex may only ask for a prefix"),
        ('q={"title.en":{"$function":{}}}', "$function is not allowed"),
        ('q={"a":{"$in":"b"}}', "$in takes a list"),
        ("sk=-1", "The parameter sk is no number"),
        ("l=many", "The parameter l is no number"),
        ('s={"title":"up"}', "neither 1 nor -1"),
        ('f={"title":1,"tags":0}', "names fields with 1"),
    ],
)
def test_a_list_that_is_asked_for_wrongly_is_refused_in_one_sentence(api, query, said):
    refused(api.call("GET", f"{ARTICLES}?{query}"), 400, said)


def test_a_national_record_is_drafted_requested_approved_and_published(api):
    told = published_permit(api)
    assert (told["state"], told["revision"]) == ("completed", 1)
    envelope = api.call("GET", f"{PERMIT}?info").json()
    assert (envelope["type"], envelope["revision"], envelope["owner"]) == ("permit", 1, "country:ke")
    assert envelope["realm"] == "ABS"
    assert envelope["title"] == {"en": "Seeds from the dry valley"}
    assert api.call("GET", f"{PERMIT}/info", realm="bch-dev").json()["realm"] == "BCH-DEV"


def test_a_record_in_a_workflow_is_locked(api):
    published_permit(api)
    api.call("PUT", f"{DRAFT}?schema=permit", permit(expiry="2027-01-01"), by=KENYAN)
    asked = {"type": "publishNationalRecord", "data": {"identifier": P1.identifier}}
    assert api.call("POST", WORKFLOWS, asked, by=KENYAN).json()["state"] == "running"
    refused(api.call("PUT", DRAFT, permit(), by=KENYAN), 400, "The record is locked for workflow")
    assert api.call("GET", f"{DRAFT}/info", by=KENYAN).json()["workingDocumentLock"]
    rejection = {"action": "reject", "comment": "The date is wrong."}
    place = f"{WORKFLOWS}/{P1.identifier}/activities/publishRecord"
    assert api.call("PUT", place, rejection, by=APPROVER).json()["result"] == "rejected"
    assert api.call("PUT", DRAFT, permit(expiry="2027-02-01"), by=KENYAN).status_code == 200


def test_nobody_approves_what_they_asked_for_and_nobody_of_another_government(api):
    api.call("PUT", f"{DRAFT}?schema=permit", permit(), by=APPROVER)
    asked = {"type": "publishNationalRecord", "data": {"identifier": P1.identifier}}
    api.call("POST", WORKFLOWS, asked, by=APPROVER)
    place = f"{WORKFLOWS}/{P1.identifier}/activities/publishRecord"
    for by in (APPROVER, PERUVIAN, KENYAN):
        assert api.call("PUT", place, {"action": "approve"}, by=by).status_code == 403
    refused(api.call("PUT", place, {"action": "dance"}, by=APPROVER), 400, "The action is none of")
    assert api.call("DELETE", f"{WORKFLOWS}/{P1.identifier}", by=APPROVER).json()["state"] == "completed"


def test_what_is_confidential_is_seen_by_its_owners_alone(api):
    published_permit(api, notes="The telephone of the collector", holders=[{"identifier": C1.identifier}])
    for by in (None, PERUVIAN):
        for path in (PERMIT, f"{PERMIT}/versions/1", f"{PERMIT}@1", f"{DOCUMENTS}?body=true"):
            text = api.call("GET", path, by=by).text
            assert "telephone" not in text, path
            assert C1.identifier not in text, path
        assert KENYAN not in api.call("GET", f"{PERMIT}?info", by=by).text
    for by in (KENYAN, ADMINISTRATOR):
        assert api.call("GET", PERMIT, by=by).json()["notes"] == "The telephone of the collector"
        assert "telephone" in api.call("GET", f"{DOCUMENTS}?body=true", by=by).text


def test_drafts_are_their_owners_alone(api):
    api.call("PUT", f"{DRAFT}?schema=permit", permit(), by=KENYAN)
    assert api.call("GET", DRAFT, by=KENYAN).json() == permit()
    assert api.call("HEAD", DRAFT, by=KENYAN).status_code == 200
    for path in (DRAFT, f"{DRAFT}/info", f"{DRAFT}/locks"):
        refused(api.call("GET", path), 401, "Sign in first")
        refused(api.call("GET", path, by=PERUVIAN), 403, "not yours")
    refused(api.call("GET", PERMIT), 404, P1.identifier)
    refused(api.call("GET", f"{PERMIT}?info"), 404, "no published document")
    refused(api.call("GET", f"{PERMIT}/versions"), 404, "no published document")
    assert api.call("GET", f"{PERMIT}?info", by=KENYAN).json()["workingDocumentStage"] == "draft"
    mine = api.call("GET", f"{DOCUMENTS}?collection=mydraft", by=KENYAN).json()
    assert [one["identifier"] for one in mine["Items"]] == [P1.identifier]
    assert api.call("GET", f"{DOCUMENTS}?collection=mydraft", by=PERUVIAN).json()["Count"] == 0
    refused(api.call("GET", f"{DOCUMENTS}?collection=mydraft"), 401, "Sign in first")
    assert api.call("DELETE", DRAFT, by=KENYAN).status_code == 200
    refused(api.call("GET", DRAFT, by=KENYAN), 404, P1.identifier)


def test_two_writers_keep_what_each_of_them_wrote(api):
    first = api.call("PUT", f"{DRAFT}?schema=permit", permit(), by=KENYAN).headers["ETag"]
    api.call("PUT", DRAFT, permit(expiry="2027-01-01"), by=KENYAN, If_Match=first)
    merged = api.call("PUT", DRAFT, permit(title={"en": "Seeds from the wet valley"}), by=APPROVER, If_Match=first)
    assert merged.json()["merged"] is True
    assert merged.json()["body"]["expiry"] == "2027-01-01"
    assert merged.json()["body"]["title"] == {"en": "Seeds from the wet valley"}
    clash = api.call("PUT", DRAFT, permit(title={"en": "Seeds from the hills"}), by=KENYAN, If_Match=first)
    [one] = clash.json()["clashes"]
    assert (one["field"], one["language"], one["mine"]) == ("title", "en", "Seeds from the hills")
    asked = {"type": "publishNationalRecord", "data": {"identifier": P1.identifier}}
    told = refused(api.call("POST", WORKFLOWS, asked, by=KENYAN), 409, "decide")
    assert told["clashes"][0]["field"] == "title"
    refused(api.call("PUT", DRAFT, permit(), by=KENYAN, If_Match="yesterday"), 412, "no save of this draft")


def test_a_lock_keeps_others_out_until_it_is_let_go(api):
    api.call("PUT", f"{DRAFT}?schema=permit", permit(), by=KENYAN)
    taken = api.call("PUT", f"{DRAFT}/locks/mine", by=KENYAN).json()
    [listed] = api.call("GET", f"{DRAFT}/locks", by=APPROVER).json()
    assert listed["lockID"] == taken["lockID"]
    assert api.call("GET", f"{DRAFT}/locks/{taken['lockID']}", by=APPROVER).json()["lockedBy"] == KENYAN
    refused(api.call("GET", f"{DRAFT}/locks/other", by=APPROVER), 404, "no lock other")
    told = refused(api.call("PUT", DRAFT, permit(), by=APPROVER), 409, KENYAN)
    assert told["lockedBy"] == KENYAN
    refused(api.call("DELETE", f"{DRAFT}/locks/{taken['lockID']}", by=APPROVER), 403, KENYAN)
    assert api.call("DELETE", f"{DRAFT}/locks/{taken['lockID']}", by=KENYAN).status_code == 200
    assert api.call("PUT", DRAFT, permit(), by=APPROVER).status_code == 200


def test_one_call_publishes_what_takes_nobodys_approval(api):
    body = {"document": resource(), "additionalInfo": "New", "batchId": "b1"}
    made = api.call("POST", f"{SCHEMAS}/resource?realm=abs", body, by=ADMINISTRATOR)
    assert (made.json()["identifier"], made.json()["revision"]) == (R1.identifier, 1)
    body["document"] = resource(summary={"en": "<p>Slowly.</p>"})
    again = api.call("PUT", f"{SCHEMAS}/resource/{R1.identifier}", body, by=ADMINISTRATOR, If_Match='"1"')
    assert again.json()["revision"] == 2
    refused(api.call("PUT", f"{SCHEMAS}/permit/{P1.identifier}", {"document": permit()}, by=KENYAN), 403, "approval")
    refused(api.call("POST", f"{SCHEMAS}/resource", {"document": 3}, by=ADMINISTRATOR), 400, "Send an object")
    long = {"document": resource(), "additionalInfo": "x" * 1001}
    refused(api.call("POST", f"{SCHEMAS}/resource", long, by=ADMINISTRATOR), 400, "1,000 characters")
    refused(api.call("POST", f"{SCHEMAS}/article", {"document": article()}, by=EDITOR), 400, "/api/v2017/articles")
    refused(api.call("PUT", f"{SCHEMAS}/poem/{R1.identifier}", {"document": {}}, by=ADMINISTRATOR), 404, "poem")


def test_a_contact_is_published_by_the_workflow_at_once(api):
    document = {
        "header": {"identifier": C1.identifier, "schema": "contact", "languages": ["en"]},
        "name": {"en": "Ida"},
    }
    api.call("PUT", f"{DOCUMENTS}/{C1.identifier}/versions/draft?schema=contact", document, by=KENYAN)
    asked = {"type": "publishReferenceRecord", "data": {"identifier": C1.identifier}}
    assert api.call("POST", WORKFLOWS, asked, by=KENYAN).json()["state"] == "completed"
    assert api.call("GET", f"{DOCUMENTS}/{C1.identifier}").json()["name"] == {"en": "Ida"}
    removal = {"type": "deleteRecord", "data": {"identifier": C1.identifier, "additionalInfo": "Moved away"}}
    assert api.call("POST", WORKFLOWS, removal, by=KENYAN).status_code == 201
    assert api.call("GET", f"{DOCUMENTS}/{C1.identifier}").status_code == 404
    refused(api.call("POST", WORKFLOWS, {"type": "burn", "data": {}}, by=KENYAN), 400, "Send a workflow")


def test_an_invalid_document_is_refused_with_every_error(api):
    wrong = {"header": {"identifier": P1.identifier, "schema": "permit", "languages": ["en"]}}
    api.call("PUT", f"{DRAFT}?schema=permit", wrong, by=KENYAN)
    checked = api.call("PUT", f"{DOCUMENTS}/x/validate?schema=permit", wrong, by=KENYAN).json()
    assert [one["message"] for one in checked["errors"]] == [
        "The field government is missing; fill it in.", "The field title is missing; fill it in."
    ]  # fmt: skip
    asked = {"type": "publishNationalRecord", "data": {"identifier": P1.identifier}}
    told = refused(api.call("POST", WORKFLOWS, asked, by=KENYAN), 400, "")
    assert len(told["errors"]) == 2


def test_documents_are_listed_by_filter_and_order(api):
    for number in range(3):
        ref = R1.__class__("resource", f"resource-00000{number}")
        api.call("PUT", f"{SCHEMAS}/resource/{ref.identifier}", {"document": resource(ref)}, by=ADMINISTRATOR)

    def names(query):
        items = api.call("GET", f"{DOCUMENTS}?{query}").json()["Items"]
        return [one["identifier"][-1] for one in items]

    assert names("collection=my") == []
    assert names("$orderby=identifier desc") == ["2", "1", "0"]
    assert names(
        "$filter=type eq 'resource' and (identifier eq 'resource-000001' or identifier eq 'resource-000002')"
    ) == ["1", "2"]
    assert names("$top=1&$skip=1&$orderby=updatedOn asc,identifier asc") == ["1"]
    at = api.call("GET", f"{DOCUMENTS}/resource-000001?info").json()["updatedOn"]
    assert names(f"$filter=updatedOn ge datetime'{at}'") == ["1", "2"]
    assert names(f"$filter=updatedOn lt datetime'{at}' and revision eq 1") == ["0"]
    assert names("$filter=identifier eq 'it''s'") == []
    told = api.call("GET", f"{DOCUMENTS}?$top=2").json()
    assert (told["Count"], len(told["Items"]), told["Items"][0]["title"]) == (3, 2, {"en": "How to dry seeds"})
    for wrong in ("type like 'x'", "type eq", "(type eq 'a'", "secret eq 'b'", "type eq 'a')", "'; drop", "type eq 3"):
        answer = api.call("GET", f"{DOCUMENTS}?$filter={wrong}")
        assert answer.status_code == 400, wrong
        assert "$filter" in answer.json()["message"]
    refused(api.call("GET", f"{DOCUMENTS}?$orderby=secret"), 400, "$orderby")
    refused(api.call("GET", f"{DOCUMENTS}?$top=all"), 400, "$top")


def test_history_is_told_with_names_to_its_owners_alone(api):
    published_permit(api)
    public = api.call("GET", f"{PERMIT}/versions").json()["Items"]
    assert [one["revision"] for one in public] == [1]
    assert "updatedBy" not in public[0]
    assert api.call("GET", f"{PERMIT}/versions", by=KENYAN).json()["Items"][0]["updatedBy"] == APPROVER
    assert api.call("GET", f"{PERMIT}/versions/1/info").json()["stage"] == "published"
    refused(api.call("GET", f"{PERMIT}/versions/7"), 404, "7")
    refused(api.call("GET", f"{PERMIT}@{'9' * 30}"), 404, "no revision")
    removal = {"type": "deleteRecord", "data": {"identifier": P1.identifier, "additionalInfo": "Withdrawn"}}
    assert api.call("POST", WORKFLOWS, removal, by=APPROVER).status_code == 201
    refused(api.call("GET", f"{PERMIT}/versions/1"), 404, "no published document")
    assert api.call("GET", f"{PERMIT}/versions/1", by=KENYAN).json() == permit()


def test_an_article_is_no_document_and_a_document_no_article(api):
    api.call("PUT", f"{ARTICLES}/{A1.identifier}", article(), by=EDITOR)
    published_permit(api)
    refused(api.call("GET", f"{DOCUMENTS}/{A1.identifier}"), 404, A1.identifier)
    refused(api.call("GET", f"{ARTICLES}/{P1.identifier}"), 404, P1.identifier)
    assert A1.identifier not in api.call("GET", DOCUMENTS, by=ADMINISTRATOR).text


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "no JSON"),
        (b"[1]", 400, "no object"),
        (b'{"title":{"en":NaN}}', 400, "numbers finite"),
        (b'{"title":1e999}', 400, "numbers finite"),
        (b'{"title":{"en":"\\ud800"}}', 400, "texts whole"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, 400, "nested deeper"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "no JSON"),
        (b'{"a":"' + b"x" * 5_000_001 + b'"}', 413, ""),
        (b"\xff\xfe", 400, "no JSON"),
    ],
)
def test_what_cannot_be_a_document_is_refused_before_it_is_looked_at(api, body, status, said):
    headers = {"Authorization": f"Bearer {api.token(EDITOR)}"}
    refused(api.ask("PUT", f"{ARTICLES}/{A1.identifier}", content=body, headers=headers), status, said)


def test_a_body_without_a_length_is_refused_once_it_is_too_long(api):
    async def endless():
        for _ in range(600):
            yield b"x" * 10_000

    headers = {"Authorization": f"Bearer {api.token(EDITOR)}"}
    refused(api.ask("PUT", f"{ARTICLES}/{A1.identifier}", content=endless(), headers=headers), 413, "5,000,000 bytes")


def test_what_the_api_does_not_have_is_refused_in_its_own_words(api):
    refused(api.call("GET", "/api/v2013/nothing"), 404, "Not Found")
    refused(api.call("PATCH", ARTICLES), 405, "")
    refused(api.call("GET", f"{ARTICLES}/{A1.identifier}", realm="narnia"), 400, "no such realm")


def test_pages_still_only_read(api):
    assert api.ask("POST", "/sites/demo").status_code == 405
    assert api.ask("GET", "/sites/demo", content=b"x").status_code == 413

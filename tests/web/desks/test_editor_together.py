"""Several people at the desk of editors: saves that are merged, locks and links, and the steps to readers."""

# ruff: noqa: F811 - fixtures are imported by their names

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.desks.editor_desk import (  # noqa: F401 - fixtures
    BY_ITSELF,
    LATER,
    NAMED,
    PLACE,
    ada,
    bo,
    fields,
    house,
    save,
    service,
    tree,
    words,
)
from tests.web.desks.editor_house import RULES, TEXTS, signed_in
from tests.web.house import Visitor
from tm_service.domain.errors import Conflict
from tm_service.domain.records import Actor
from tm_service.editor_verbs import editor_verbs

pytestmark = pytest.mark.slow


def test_two_people_who_write_in_different_paragraphs_lose_nothing(ada, bo, service):
    sent = fields(bo.get(PLACE))
    save(ada, **{NAMED: LATER})
    theirs = sent[NAMED].replace("Plants stay outside", "Plants and lamps stay outside")
    answer = bo.post(PLACE, **sent | {NAMED: theirs})
    assert "said=joined" in answer.headers["Location"]
    both = LATER.replace("Plants stay", "Plants and lamps stay")
    assert service.records().draft(RULES).document["content"]["en"] == both
    page = bo.get(answer.headers["Location"])
    assert "What was merged into yours" in words(page)
    assert "seven on Mondays" in "".join(tree(page).xpath("//ul[@class='changes']//ins//text()"))


def test_two_people_who_write_the_same_words_see_both_and_choose(ada, bo, service):
    sent = fields(bo.get(PLACE))
    save(ada, **{NAMED: LATER})
    answer = bo.post(PLACE, **sent | {NAMED: sent[NAMED].replace("closes at six", "never closes")})
    assert "said=clashed" in answer.headers["Location"]
    page = bo.get(answer.headers["Location"])
    [form] = tree(page).xpath("//section[@class='clash']//form")
    choices = [re.sub(r"\s+", " ", one.text_content()).strip() for one in form.xpath(".//label")]
    assert choices[0].startswith("Theirs Readers sign the register. The room closes at ")
    assert choices[1].startswith("Mine Readers sign the register. The room ")
    number = form.xpath("string(.//input[@name='number']/@value)")
    assert service.records().draft(RULES).document["content"]["en"] == LATER, "theirs stands until somebody chooses"
    refused = bo.post(f"{PLACE}/step", step="publish")
    assert "said=undecided" in refused.headers["Location"]
    assert bo.post(form.get("action"), number=number, **{"0": "mine"}).status_code == 303
    draft = service.records().draft(RULES)
    assert draft.document["content"]["en"] == TEXTS["en"].replace("closes at six", "never closes")
    assert not draft.clashes
    again = bo.post(form.get("action"), number=number, **{"0": "mine"})
    assert again.status_code == 409
    assert "settled already" in again.text


def test_who_chooses_between_wordings_that_are_others_by_now_is_shown_these_first(ada, bo, service):
    sent = fields(bo.get(PLACE))
    save(ada, **{NAMED: LATER})
    bo.post(PLACE, **sent | {NAMED: sent[NAMED].replace("closes at six", "never closes")})
    [form] = tree(bo.get(PLACE)).xpath("//section[@class='clash']//form")
    choice = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")} | {"0": "mine"}
    latest = LATER.replace("seven", "eight")
    save(ada, **{NAMED: latest})
    refused = bo.post(form.get("action"), **choice)
    assert (refused.status_code, "look at both again" in refused.text) == (409, True)
    assert service.records().draft(RULES).document["content"]["en"] == latest
    [choice["seen"]] = tree(refused).xpath("//section[@class='clash']//input[@name='seen']/@value")
    save(ada, **{"f:title.en": "House rules"})
    assert bo.post(form.get("action"), **choice).status_code == 303, "what others write elsewhere does not matter"


def test_who_would_go_on_to_a_preview_is_first_shown_what_clashed_or_was_merged(ada, bo):
    sent = fields(bo.get(PLACE)) | {"and": "preview"}
    save(ada, **{NAMED: LATER})
    joined = bo.post(PLACE, **sent | {NAMED: sent[NAMED].replace("Plants stay", "Lamps stay")})
    assert "said=joined" in joined.headers["Location"]
    clashed = bo.post(PLACE, **sent | {NAMED: sent[NAMED].replace("closes at six", "never closes")})
    assert "said=clashed" in clashed.headers["Location"]
    mine = fields(ada.get(PLACE)) | {"and": "preview"}
    assert ada.post(PLACE, **mine).headers["Location"].endswith("/preview")


class Overtaken:
    """A room in which somebody saves just before each decision."""

    def __init__(self, room, save) -> None:
        self.room, self.save = room, save

    def __getattr__(self, name) -> object:
        return getattr(self.room, name)

    def decide(self, *args: object, **options: object):
        self.save()
        return self.room.decide(*args, **options)


def test_who_saves_while_two_texts_are_merged_is_not_written_over(ada, service):
    room, cleo = service.records(), Actor("cleo", "", frozenset({"article-editor"}))
    published = room.published(RULES).document
    last = LATER.replace("seven", "eight")
    verbs = editor_verbs(service)
    hasty = Overtaken(room, lambda: save(ada, **{NAMED: last}))
    save(ada, **{NAMED: LATER})
    mine = {("content", "en"): TEXTS["en"].replace("Plants stay", "Lamps stay")}
    written = replace(verbs, room=lambda: hasty).save(RULES, mine, {}, number=0, revision=1, by=cleo)
    assert not written.joined
    draft = room.draft(RULES)
    assert draft.document == published | {"content": TEXTS | {"en": last}}
    [clash] = draft.clashes
    with pytest.raises(Conflict, match="saved again meanwhile"):
        room.decide(RULES, clash.number, "x", by=cleo, over=draft.number - 1)


def test_a_form_that_saves_itself_is_told_what_others_wrote(ada, bo):
    sent = fields(bo.get(PLACE))
    save(ada, f"{PLACE}?in=fr", **{"f:title.fr": "Le règlement"})
    save(ada, **{NAMED: LATER})
    mine = sent[NAMED].replace("Plants stay", "Lamps stay")
    told = bo.ask("POST", PLACE, data=sent | {NAMED: mine}, headers=BY_ITSELF).json()
    assert told["changed"][NAMED] == LATER.replace("Plants stay", "Lamps stay")
    assert told["changed"]["f:title.fr"] == "Le règlement"
    assert (told["joined"], told["clashes"], told["removed"]) == (1, 0, [])
    again = bo.ask(
        "POST", PLACE, data=sent | {"number": str(told["number"]), NAMED: told["changed"][NAMED]}, headers=BY_ITSELF
    )
    assert again.json()["changed"] == {}


def test_a_window_that_was_open_while_old_saves_were_tidied_away_still_saves(ada, service):
    for word in ("eight", "nine", "ten"):
        save(ada, **{NAMED: TEXTS["en"].replace("six", word)})
        if word == "nine":
            sent = fields(ada.get(PLACE))
    assert service.records().tidy(service.clock() + timedelta(days=1)) == 1, "the one that the window shows"
    answer = ada.post(PLACE, **sent | {"f:title.en": "House rules"})
    assert answer.status_code == 303
    document = service.records().draft(RULES).document
    assert (document["title"]["en"], "at ten" in document["content"]["en"]) == ("House rules", True)


def test_while_somebody_keeps_others_out_nothing_typed_is_lost_and_the_lock_runs_out(ada, bo, service):
    save(ada, **{NAMED: LATER})
    assert ada.post(f"{PLACE}/step", step="lock").headers["Location"].endswith("said=locked")
    page = bo.get(PLACE)
    assert "ada@house.example keeps others out until" in words(page)
    answer = bo.post(PLACE, **fields(page) | {NAMED: "<p>Written meanwhile.</p>"})
    assert answer.status_code == 409
    assert "has article" in answer.text
    assert fields(answer)[NAMED] == "<p>Written meanwhile.</p>"
    assert bo.post(f"{PLACE}/step", step="lock").status_code == 409
    assert ada.post(f"{PLACE}/step", step="unlock").status_code == 303
    assert bo.post(f"{PLACE}/step", step="lock").status_code == 303
    assert service.records().locked(RULES).holder == "bo@house.example"


def test_a_draft_is_shared_by_a_link_that_is_told_once_and_can_be_ended(ada, house):
    save(ada, **{NAMED: LATER})
    page = ada.post(f"{PLACE}/share", days="1")
    [link] = tree(page).xpath("//input[@id='link']/@value")
    nobody = Visitor(house[1], "http://house.example")
    path = link.removeprefix("http://house.example")
    assert "seven on Mondays" in nobody.get(path).text
    listed = ada.get(PLACE)
    assert link not in listed.text
    assert "read 1 time" in words(listed)
    number = tree(listed).xpath("string(//ul[@class='shares']//input[@name='number']/@value)")
    assert ada.post(f"{PLACE}/revoke", number=number).headers["Location"].endswith("said=revoked")
    assert nobody.get(path).status_code == 404


def test_publication_is_asked_for_answered_and_deployed_and_the_promise_is_told_all_the_while(ada, bo, service):
    save(ada, **{NAMED: LATER})
    assert ada.post(f"{PLACE}/step", step="request", why="The hours changed.").headers["Location"].endswith("requested")
    held = ada.get(PLACE)
    assert not tree(held).xpath("//button[.='Save']")
    assert all(one.get("readonly") is not None for one in tree(held).xpath("//form[@id='writing']//textarea"))
    empty = bo.post(f"{PLACE}/step", step="reject")
    assert empty.status_code == 409
    assert "needs its reasons" in empty.text
    bo.post(f"{PLACE}/step", step="reject", why="Say it of Tuesdays, too.")
    assert "It was sent back: Say it of Tuesdays, too." in words(ada.get(PLACE))
    ada.post(f"{PLACE}/step", step="request")
    assert bo.post(f"{PLACE}/step", step="approve").headers["Location"].endswith("said=published")
    assert service.records().published(RULES).document["content"]["en"] == LATER
    service.deploy("library")
    page = ada.get(PLACE)
    assert "Readers keep deployment 2 of" in words(page)
    rows = tree(ada.get("/editor")).xpath("//tbody/tr[1]")
    assert "waits for all languages" in rows[0].text_content()
    assert "Arabic: waited for" in re.sub(r"\s+", " ", rows[0].text_content())


def test_what_is_behind_leads_to_the_package_that_translators_have(ada, service):
    save(ada, **{NAMED: LATER})
    ada.post(f"{PLACE}/step", step="publish")
    assert "goes into the next package" in words(ada.get(PLACE))
    [(french, _, _)] = service.package("library", locales=("fr",))
    links = tree(ada.get(PLACE)).xpath("//a[@class='package-out']")
    assert [one.get("href") for one in links] == [f"/packages/{french.id}/file"]
    assert "out" in tree(ada.get("/editor")).xpath("string(//tbody/tr[1]//a[contains(@class, 'is-out')])")


def test_a_list_that_others_changed_comes_back_whole_to_a_form_that_saves_itself(ada, bo):
    place = f"{PLACE}?in=details"
    save(ada, place, **{"f:tags": "rules\nreading"})
    sent = fields(bo.get(place))
    save(ada, place, **{"f:tags": "rules\nreading\nmaps"})
    told = bo.ask("POST", place, data=sent | {"f:notes": "Mine."}, headers=BY_ITSELF).json()
    assert told["changed"] == {"f:tags": "rules\nreading\nmaps"}


def test_a_part_of_a_value_that_others_changed_comes_back_with_the_whole(ada, bo):
    place = f"{PLACE}?in=details"
    sent = fields(bo.get(place))
    save(ada, place, **{"f:customProperties": '{"parity": false}'})
    told = bo.ask("POST", place, data=sent | {"f:notes": "Mine."}, headers=BY_ITSELF).json()
    assert {name: json.loads(text) for name, text in told["changed"].items()} == {
        "f:customProperties": {"parity": False}
    }


def test_items_that_others_took_out_do_not_come_back_with_a_form_that_still_has_them(house):
    pia = signed_in(house[1], "Pia")
    begun = pia.post("/editor/records/new", kind="measure", title="A law of the lake")
    place, elements = begun.headers["Location"].partition("?")[0] + "?in=details", "absMeasures.relevantElements"
    for number in range(2):
        save(pia, place, add=f"{elements}.{number}")
        save(pia, place, **{f"f:{elements}.{number}.parent": f"part {number}"})
    sent = fields(pia.get(place))
    save(pia, place, out=f"{elements}.0")
    told = pia.ask("POST", place, data=sent | {"f:notes": "Mine."}, headers=BY_ITSELF).json()
    assert told["rearranged"], "so the form is shown anew, and what is typed before goes on from what it was made from"
    now = fields(pia.get(place))
    assert [value for name, value in now.items() if name.endswith(".parent")] == ["part 1"]
    assert now["f:notes"] == "Mine."


def test_who_may_not_write_articles_is_kept_out_and_who_may_write_records_finds_these(house, ada):
    translator, authority = signed_in(house[1], "Tom"), signed_in(house[1], "Pia")
    for path in ("/editor", "/editor/records", PLACE, f"{PLACE}/preview", f"{PLACE}/preview/frame"):
        assert translator.get(path).status_code == 403, path
    assert translator.post(PLACE, number="0", revision="1").status_code == 403
    assert authority.get("/editor").status_code == 403
    assert authority.get(PLACE).status_code == 403
    begun = authority.post("/editor/records/new", kind="measure", title="A law of the lake")
    place = begun.headers["Location"].partition("?")[0]
    assert begun.status_code == 303
    assert "A law of the lake" in authority.get("/editor/records").text
    assert "A law of the lake" not in ada.get("/editor/records").text
    assert ada.get(place).status_code == 403
    assert ada.get(f"{place}/preview").status_code == 403
    assert ada.get(f"{place}/preview/frame").status_code == 403
    assert ada.post(place, number="1", revision="0").status_code == 403
    assert ada.post(f"{place}/decide", number="1").status_code == 403
    assert ada.post(f"{place}/share").status_code == 403
    assert authority.get(f"{place}?in=details").status_code == 200

"""The translator's desk in pages that need no script: what waits, a package's units, one unit, returns and receipts."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from tests.fakes import new_house
from tests.people.samples import person, signed_in
from tests.web.api.conftest import Asking, _built, world  # noqa: F401 - fixtures
from tests.web.api.desk import newest, returned
from tests.web.browser import with_people
from tests.web.house import Visitor
from tm_service.demo.phrases import phrase_book
from tm_service.domain.jobs import JobKind
from tm_service.domain.permissions import Grant, Role
from tm_service.web.desks.desk import handing_in
from tm_service.worker.runner import Worker

FORM = {"Sec-Fetch-Site": "same-origin"}


class Desk:
    """Somebody at the desk: asks pages and sends their forms."""

    def __init__(self, asker) -> None:
        self.visitor, self.headers = Visitor(asker.app), asker.headers

    def get(self, path, **query: object):
        answer = self.visitor.get(path, headers=self.headers, **({"params": query} if query else {}))
        assert answer.status_code in (200, 303), (path, answer.status_code)
        return answer

    def tree(self, path, **query: object):
        return html.fromstring(self.get(path, **query).text)

    def post(self, path, data=None, **more: object):
        return self.visitor.ask("POST", path, data=data, headers=self.headers | FORM, **more)


@pytest.fixture
def french(world):  # noqa: F811
    return Desk(world.person("translator", "demo", "fr"))


@pytest.fixture
def package(world):  # noqa: F811
    return newest(world.service, "fr").id


@pytest.fixture
def place(package):
    return f"/desk/packages/{package}"


def links(tree, place):
    return [one.get("href") for one in tree.xpath(f"//li[@class='desk-row']/a[starts-with(@href, '{place}/units/')]")]


def words(tree, path):
    return [" ".join(one.text_content().split()) for one in tree.xpath(path)]


def test_the_queue_shows_what_waits_for_whoever_asks(world, french, package):  # noqa: F811
    tree = french.tree("/desk")
    assert words(tree, "//table[contains(@class, 'queue')]//th[@scope='row']") == [package]
    both = Desk(world.person("reviewer", "demo")).tree("/desk")
    assert len(words(both, "//table[contains(@class, 'queue')]//th[@scope='row']")) > 1


def test_an_empty_queue_teaches(world):  # noqa: F811
    tree = Desk(world.person("translator", "demo", "xx")).tree("/desk")
    assert "No package waits for you." in words(tree, "//div[@class='empty']")[0]


def test_a_package_is_listed_and_searched(french, place):
    rows = links(french.tree(place), place)
    assert len(rows) > 3
    first = words(french.tree(place), "//li[@class='desk-row']/div[@class='desk-source']")[0]
    assert links(french.tree(place, text=first.upper()), place)[0] == rows[0]
    empty = french.tree(place, only="confirmed")
    assert "No text of this package is like that." in words(empty, "//div[@class='empty']")[0]


def fields(tree, form="//form[@class='target-form']"):
    found = tree.xpath(form)[0]
    hidden = {
        one.get("name"): one.get("value")
        for one in found.xpath(".//input[@type='hidden']")
        if one.get("name") != "form"
    }
    return hidden | {"form": [one.get("value") for one in found.xpath(".//input[@name='form']")]}


def translate(desk, address, said, do="confirm"):
    """Write into the page of a unit as a person does, and press a button of it."""
    return desk.post(address, fields(desk.tree(address)) | {"text": said, "do": do})


def plain_units(french, place):
    """Addresses and sources of units without codes or plural forms."""
    for address in links(french.tree(place), place):
        source = words(french.tree(address), "//p[@class='source-text']")[0]
        if source in phrase_book() and not re.search(r"[<{%]", source):
            yield address, source


def test_texts_are_translated_confirmed_and_handed_in_for_a_receipt(french, place, package, world):  # noqa: F811
    chosen = list(plain_units(french, place))[:3]
    for address, source in chosen:
        went = translate(french, address, [phrase_book()[source]["fr"]])
        assert went.status_code == 303
        assert "said=confirmed" in went.headers["Location"]
    assert len(links(french.tree(place, only="confirmed"), place)) == 3
    went = french.post(f"{place}/hand-in", {"do": "hand-in"})
    tree = french.tree(went.headers["Location"])
    assert words(tree, "//dl[@class='receipt-numbers']/div/dd")[0] == "3"
    assert world.service.desk.progress(package).done == 3
    again = french.post(f"{place}/hand-in", {"do": "hand-in"})
    assert again.status_code == 422
    assert "Nothing of" in again.text
    again = html.fromstring(french.post(f"{place}/hand-in?lang=fr", {"do": "hand-in"}).text)
    assert f"Rien de {package}" in words(again, "//p[@class='sentence'][@lang='fr']")[0]
    assert words(french.tree("/desk/receipts"), "//tbody/tr/th")[0] == package


def test_a_draft_is_saved_and_taken_back(french, place):
    address, _ = next(plain_units(french, place))
    for text in ("Un texte", "Un autre texte"):
        assert translate(french, address, [text], "save").headers["Location"] == f"{address}?said=saved"
    assert words(french.tree(address), "//ol[@class='desk-history']/li/p[1]") == ["Un autre texte", "Un texte"]
    undo = fields(french.tree(address), "//ol[@class='desk-history']//form")
    assert french.post(address, undo | {"do": "undo"}).headers["Location"] == f"{address}?said=undone"
    assert french.tree(address).xpath("//textarea[@name='text']")[0].text.strip() == "Un texte"


def test_who_was_overtaken_sees_both_texts_and_loses_none(world, french, place):  # noqa: F811
    address, _ = next(plain_units(french, place))
    seen = fields(french.tree(address))
    translate(Desk(world.person("reviewer", "demo")), address, ["Le leur"], "save")
    refused = french.post(address, seen | {"text": "Le mien", "do": "save"})
    tree = html.fromstring(refused.text)
    assert refused.status_code == 409
    assert "Le leur" in words(tree, "//div[@role='alert']")[0]
    assert tree.xpath("//textarea[@name='text']")[0].text.strip() == "Le mien"
    french.post(address, fields(tree) | {"text": "Le mien", "do": "save"})
    assert words(french.tree(address), "//ol[@class='desk-history']/li/p[1]") == ["Le mien", "Le leur"]


def coded(french, place):
    return next(
        one
        for one in links(french.tree(place), place)
        if french.tree(one).xpath("//p[@class='source-text']//span[@class='chip']")
    )


def test_a_finding_and_its_repair_stand_beside_the_text(french, place, world, package):  # noqa: F811
    address = coded(french, place)
    unit = world.service.desk.unit(package, address.rpartition("/")[2]).row.unit
    code = re.search(r"\{(\w+)\}|%\((\w+)\)s", unit.source)
    broken = phrase_book()[unit.source]["fr"].replace(code[0], code[0].replace("{", "{ ").replace("}", " }"))
    checked = html.fromstring(translate(french, address, [broken], "check").text)
    assert "Checked; nothing is saved yet." in words(checked, "//p[@class='said']")[0]
    (repair, *_) = checked.xpath("//ul[@class='desk-findings']//button[@name='repair']/@value")
    french.post(address, fields(checked) | {"repair": repair, "text": broken})
    assert french.tree(address).xpath("//textarea[@name='text']")[0].text.strip() == phrase_book()[unit.source]["fr"]


def test_a_match_is_put_in_and_nothing_is_saved_by_that(french, place):
    for address in links(french.tree(place), place):
        tree = french.tree(address)
        if tree.xpath("//button[@name='match']"):
            put = html.fromstring(
                french.post(address, fields(tree, "//form[@class='desk-beside']") | {"match": "0"}).text
            )
            assert put.xpath("//textarea[@name='text']")[0].text.strip()
            assert not french.tree(address).xpath("//ol[@class='desk-history']")
            return
    pytest.fail("no unit of the package has a match")


def test_a_question_goes_to_the_developers(french, place, world):  # noqa: F811
    address = links(french.tree(place), place)[0]
    assert french.post(address, {"do": "ask", "question": "Who reads this?"}).headers["Location"].endswith("said=asked")
    assert words(french.tree(address), "//ul[@class='desk-questions']/li/p[1]") == ["Who reads this?"]
    assert french.post(address, {"do": "ask", "question": " "}).status_code == 422
    assert [one.text for one in world.service.handoffs.questions("demo")] == ["Who reads this?"]


def test_what_was_typed_beside_a_question_is_not_lost(world, french, place):  # noqa: F811
    address, _ = next(plain_units(french, place))
    seen = fields(french.tree(address))
    french.post(address, seen | {"text": "Un début", "do": "ask", "question": "Who reads this?"})
    tree = french.tree(address)
    assert tree.xpath("//textarea[@name='text']")[0].text.strip() == "Un début"
    assert words(tree, "//ul[@class='desk-questions']/li/p[1]") == ["Who reads this?"]
    refused = french.post(address, seen | {"text": "Un autre", "do": "ask", "question": "And who else?"})
    assert refused.status_code == 409
    tree = html.fromstring(refused.text)
    assert tree.xpath("//textarea[@name='text']")[0].text.strip() == "Un autre"
    assert tree.xpath("//textarea[@name='question']")[0].text.strip() == "And who else?"


def test_words_are_looked_up_in_the_memory_beside_a_text(french, place):
    address, source = next(plain_units(french, place))
    asked = source.split()[-1].strip(".,")
    tree = html.fromstring(french.get(address, part="memory", q=asked).text)
    assert asked.casefold() in {one.casefold() for one in words(tree, "//ol//mark")}
    assert all(tree.xpath("//ol//button[contains(@class, 'put')]/@data-target"))
    nothing = french.get(address, part="memory", q="zyxwvu").text
    assert "The memory has no text with these words." in nothing


def test_the_parts_beside_a_text_come_alone_for_the_editor(french, place):
    address = links(french.tree(place), place)[0]
    answer = french.get(address, part="beside")
    assert "<html" not in answer.text
    assert html.fromstring(answer.text).get("data-unit") == address.rpartition("/")[2]


def test_files_are_sent_back_several_at_once_and_each_is_answered(french, world):  # noqa: F811
    name, content = returned(world.service, "fr")
    sent = [("file", (name, content)), ("file", ("notes.txt", b"no package")), ("file", ("empty.zip", b""))]
    answer = french.post("/desk/returns", files=sent)
    assert answer.status_code == 200, answer.text
    tree = html.fromstring(answer.text)
    assert words(tree, "//article/h2") == [name, "notes.txt"]
    assert len(words(tree, "//article//dl[@class='receipt-numbers']")) == 1
    assert len(words(tree, "//article/p[@class='error']")) == 1
    again = html.fromstring(french.post("/desk/returns", files=sent[:1]).text)
    assert "This file came before" in words(again, "//p[@class='said']")[0]


def test_many_texts_are_handed_in_by_a_job_whose_page_shows_how_far_it_is(world, french, place, monkeypatch):  # noqa: F811
    monkeypatch.setattr(handing_in, "AT_ONCE", 1)
    for address, source in list(plain_units(french, place))[:2]:
        translate(french, address, [phrase_book()[source]["fr"]])
    shown = french.post(f"{place}/hand-in", {"do": "hand-in"}).headers["Location"]
    waiting = french.tree(shown)
    assert "It waits for its turn." in words(waiting, "//*[@id='live']//*[@data-says]")[0]
    assert waiting.xpath("//*[@id='live-said'][@role='status']")
    assert waiting.xpath("//*[@id='live']/@data-jobs")
    Worker(world.service, "one").run(until_idle=True)
    tree = french.tree(shown)
    assert words(tree, "//dl[@class='receipt-numbers']/div/dd")[0] == "2"
    assert not tree.xpath("//*[@id='live']/@data-jobs")
    failed = french.post(f"{place}/hand-in", {"do": "hand-in"})
    assert (failed.status_code, "Nothing of" in failed.text) == (422, True)
    other = world.service.jobs.ask(JobKind.SYNC, "demo", {}, by="tests").id
    assert french.visitor.get(f"{place}/hand-in?job={other}", headers=french.headers).status_code == 404


def test_no_file_and_somebody_elses_file_are_refused_in_words(world, french):  # noqa: F811
    nothing = french.post("/desk/returns", files=[("file", ("", b""))])
    assert nothing.status_code == 422
    assert "Choose a file first." in nothing.text
    name, content = returned(world.service, "es")
    refused = french.post("/desk/returns", files=[("file", (name, content))])
    assert refused.status_code == 422
    assert "may not do this on demo in es" in refused.text
    told = html.fromstring(french.post("/desk/returns?lang=fr", files=[("file", (name, content))]).text)
    assert told.xpath("//article/p[@class='error']/@lang") == ["fr"]
    assert "sur demo en es" in words(told, "//article/p[@class='error']")[0]


def test_who_only_returns_files_is_led_nowhere_else(world, french):  # noqa: F811
    name, content = returned(world.service, "fr")
    secretariat = Desk(world.person("secretariat"))
    answered = html.fromstring(secretariat.post("/desk/returns", files=[("file", (name, content))]).text)
    (receipt,) = {one for one in answered.xpath("//article//a/@href") if "digest" in one}
    for tree in (answered, secretariat.tree(receipt), secretariat.tree("/desk/receipts")):
        addresses = tree.xpath("//main//a/@href")
        assert not [one for one in addresses if one in ("/desk", "/desk/help") or one.startswith("/desk/packages/")]
    assert "/desk/help" in french.tree(receipt).xpath("//main//a/@href")
    assert [one for one in french.tree(receipt).xpath("//main//a/@href") if one.startswith("/desk/packages/")]


def test_what_was_taken_up_again_needs_attention_no_more(world, french, place, package):  # noqa: F811
    address, _ = next(plain_units(french, place))
    with world.service.store.begin() as tx:
        head, unit = tx.package(package), address.rpartition("/")[2]
        units = tuple(replace(one, attention=True) if one.id == unit else one for one in head.units)
        tx.save_package(replace(head, units=units))
    mark = f"//li[@data-unit='{unit}']//span[contains(@class, 'desk-state')]"
    assert words(french.tree(place), mark) == ["needs attention"]
    translate(french, address, ["Un texte"], "save")
    assert words(french.tree(place), mark) == ["being written"]


def test_what_is_not_ones_own_is_kept_apart(world, french, place):  # noqa: F811
    arabic = Desk(world.person("translator", "demo", "ar"))
    for path in (f"{place}/hand-in", links(french.tree(place), place)[0]):
        assert arabic.visitor.get(path, headers=arabic.headers).status_code == 403
        assert arabic.post(path, {"do": "hand-in"}).status_code == 403
    chosen = next(plain_units(french, place))
    translate(french, chosen[0], ["Un texte"])
    receipt = french.post(f"{place}/hand-in", {"do": "hand-in"}).headers["Location"]
    assert arabic.visitor.get(receipt, headers=arabic.headers).status_code == 404
    assert receipt.partition("=")[2] not in arabic.get("/desk/receipts").text
    assert receipt.partition("=")[2] in french.get("/desk/receipts").text


@pytest.fixture
def garden(tmp_path):
    """A house whose package has a message of several plural forms, and somebody at its desk."""
    house = new_house(tmp_path)
    seeds = "{count, plural, one {# seed of <b>{name}</b>} other {# seeds of <b>{name}</b>}}"
    house.write({"text/home.json": {"seeds": seeds, "rows": "Two\n<b>lines</b>"}})
    house.packages(locales=("fr",))
    made, app = with_people(house.service, lambda: datetime.now(UTC))
    person(made.people(), "Amina", Grant(Role.REVIEWER))
    yield made, Desk(Asking(app, {"Authorization": f"Bearer {signed_in(made.people(), 'Amina').token}"}))
    house.store.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_message_of_several_forms_has_a_field_for_each(garden, language):
    """Forms of the target language, whatever the page speaks."""
    made, desk = garden
    address = "/desk/packages/garden-1-fr/units/garden-1-fr.1"
    tree = desk.tree(address, lang=language)
    assert fields(tree)["form"] == ["one", "many", "other"]
    assert len(tree.xpath("//textarea[@name='text']")) == 3
    said = ["# graine de <b>{name}</b>", "# de graines de <b>{name}</b>", "# graines de <b>{name}</b>"]
    desk.post(address, fields(tree) | {"text": said, "do": "save"})
    target = made.desk.unit("garden-1-fr", "garden-1-fr.1").row.target
    assert target == f"{{count, plural, one {{{said[0]}}} many {{{said[1]}}} other {{{said[2]}}}}}"


def test_a_repair_of_forms_is_offered_form_by_form_and_says_where(garden):
    _, desk = garden
    address = "/desk/packages/garden-1-fr/units/garden-1-fr.1"
    said = ["# graine de <b>{name}</b>", "# de graines de <b>{name}</b>", "# graines de < b>{name}</b>"]
    checked = html.fromstring(translate(desk, address, said, "check").text)
    assert words(checked, "//ul[@class='desk-findings']//span[@class='where']") == [
        "It stands here: form other # graines de < b>{name}</b>"
    ]
    assert words(checked, "//span[@class='repair']")[-1] == "# graines de <b>{name}</b>"
    (repair,) = checked.xpath("//button[@name='repair']/@value")
    desk.post(address, fields(checked) | {"repair": repair, "text": said})
    now = [one.text.strip() for one in desk.tree(address).xpath("//textarea[@name='text']")]
    assert now == [*said[:2], "# graines de <b>{name}</b>"]


def test_a_repair_keeps_the_line_ends_of_the_source(garden):
    """A browser sends every line of a form ended by two characters."""
    made, desk = garden
    address = "/desk/packages/garden-1-fr/units/garden-1-fr.2"
    desk.post(address, fields(desk.tree(address)) | {"text": "x", "repair": "Deux\r\n<b>lignes</b>"})
    assert made.desk.unit("garden-1-fr", "garden-1-fr.2").row.target == "Deux\n<b>lignes</b>"

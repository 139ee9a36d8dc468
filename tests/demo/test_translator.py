import pytest
from lxml import etree

from tm_service.demo.phrases import LOCALES, phrase_book
from tm_service.demo.translator import translate
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.text import CodeKind, parse

BOOK = phrase_book()

PACKAGE = b"""<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file original="texts/pages/home.json" source-language="en" target-language="fr-FR" datatype="plaintext">
    <body>
      <trans-unit id="1"><source>Save</source><target/></trans-unit>
      <trans-unit id="2"><source>Published on <ph id="1">{date}</ph> by <ph id="2">{name}</ph></source></trans-unit>
      <trans-unit id="3">
        <source>Any country may join. <g id="1" ctype="link">Read how to join</g>.</source>
        <target state="needs-translation" state-qualifier="fuzzy-match">Ancien <g id="1">texte</g></target>
        <alt-trans><source>Save</source><target>Conserver</target></alt-trans>
      </trans-unit>
      <trans-unit id="4"><source><x id="1"/> <ph id="2">{year}</ph> Wetland Seed Exchange</source><target/></trans-unit>
      <trans-unit id="5"><source>Written by nobody</source><target/></trans-unit>
      <trans-unit id="6"><source>Questions? Write to <ph id="1">@:common.helpdesk</ph></source><target/></trans-unit>
    </body>
  </file>
</xliff>
"""


def targets(xliff):
    """Unit id to the target's inline content, without namespaces."""
    found = {}
    for unit in etree.fromstring(xliff).iter("{*}trans-unit"):
        target = unit.find("{*}target")
        if target is not None:
            written = (target.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in target)
            found[unit.get("id")] = written.replace(' xmlns="urn:oasis:names:tc:xliff:document:1.2"', "").strip()
    return found


def written_source(english):
    """The source element as the package writer makes it."""
    out, number, opened = "", 0, {}
    for part in parse(english).parts:
        if isinstance(part, str):
            out += part.replace("&", "&amp;").replace("<", "&lt;")
            continue
        if part.kind is CodeKind.CLOSE:
            out += "</g>"
            continue
        number += 1
        if part.kind is CodeKind.OPEN:
            out, opened[part.pair] = f'{out}<g id="{number}">', number
        elif part.kind in (CodeKind.PLACEHOLDER, CodeKind.LINK):
            out += f'<ph id="{number}">{part.data}</ph>'
        else:
            out += f'<x id="{number}"/>'
    return f"<source>{out}</source>"


def read_back(target, english):
    """The target's value with its inline elements turned into codes again, by id."""
    ids, number, closing = {}, 0, {}
    for part in parse(english).codes:
        if part.kind is CodeKind.CLOSE:
            closing[part.pair] = part.data
        else:
            number += 1
            ids[str(number)] = part
    out = target.text or ""
    for child in target:
        code = ids[child.get("id")]
        inner = read_back(child, english) + closing[code.pair] if code.kind is CodeKind.OPEN else ""
        out += code.data + inner + (child.tail or "")
    return out


def test_every_known_source_gets_its_target_with_the_inline_codes_in_place():
    assert targets(translate(PACKAGE, BOOK, "fr")) == {
        "1": "Enregistrer",
        "2": 'Publié le <ph id="1">{date}</ph> par <ph id="2">{name}</ph>',
        "3": 'Tout pays peut nous rejoindre. <g id="1" ctype="link">Lisez comment procéder</g>.',
        "4": '<x id="1"/> <ph id="2">{year}</ph> Réseau d’échange de semences des zones humides',
        "5": "",
        "6": 'Des questions\u00a0? Écrivez à <ph id="1">@:common.helpdesk</ph>',
    }


def test_codes_that_change_places_keep_their_ids():
    assert targets(translate(PACKAGE, BOOK, "zh"))["2"] == '<ph id="2">{name}</ph> 发布于 <ph id="1">{date}</ph>'


def test_a_filled_target_is_marked_translated_and_proposals_are_left_alone():
    units = {unit.get("id"): unit for unit in etree.fromstring(translate(PACKAGE, BOOK, "fr")).iter("{*}trans-unit")}
    assert dict(units["3"].find("{*}target").attrib) == {"state": "translated"}
    assert units["3"].find("{*}alt-trans/{*}target").text == "Conserver"
    assert units["5"].find("{*}target").get("state") is None


@pytest.mark.parametrize("locale", LOCALES)
def test_every_phrase_comes_back_as_the_phrase_book_has_it(locale):
    units = "".join(f"<trans-unit id='{n}'>{written_source(english)}</trans-unit>" for n, english in enumerate(BOOK))
    package = f"<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'>{units}</xliff>".encode()
    returned = list(etree.fromstring(translate(package, BOOK, locale)).iter("{*}target"))
    assert [read_back(target, english) for target, english in zip(returned, BOOK, strict=True)] == [
        targets[locale] for targets in BOOK.values()
    ]


def test_mistakes_are_the_same_ones_each_time_and_as_many_as_asked_for():
    right = targets(translate(PACKAGE, BOOK, "fr"))
    wrong = targets(translate(PACKAGE, BOOK, "fr", mistakes=3))
    assert {unit: wrong[unit] for unit in wrong if wrong[unit] != right[unit]} == {
        "1": "",
        "2": "Publié le  par",
        "3": "Tout pays peut nous rejoindre. Lisez comment procéder.",
    }
    assert translate(PACKAGE, BOOK, "fr", mistakes=3) == translate(PACKAGE, BOOK, "fr", mistakes=3)


@pytest.mark.parametrize("mistakes", [0, 1, 2, 4, 5, 99])
def test_no_more_units_are_spoilt_than_there_are(mistakes):
    right, wrong = targets(translate(PACKAGE, BOOK, "ru")), targets(translate(PACKAGE, BOOK, "ru", mistakes=mistakes))
    assert sum(right[unit] != wrong[unit] for unit in right) == min(mistakes, 5)


@pytest.mark.parametrize(
    "xliff", [b"not XML", b"<!DOCTYPE xliff [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><xliff>&a;</xliff>"]
)
def test_what_is_not_safe_to_read_is_refused(xliff):
    with pytest.raises(ReturnRejected):
        translate(xliff, BOOK, "fr")

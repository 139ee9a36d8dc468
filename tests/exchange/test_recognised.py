"""Whose a return is: told by the names it bears, by its texts, and by where they stand."""

import json
import re
from dataclasses import replace

import pytest

from tests.exchange.answers import answer, nameless, targets, work, zipped
from tests.exchange.plain import Plain, write_xliff
from tests.exchange.samples import package, unit
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity
from tm_service.domain.packages import Package
from tm_service.exchange.matching import How
from tm_service.exchange.recognise import rebuilt, recognised
from tm_service.exchange.returns import package_of_name, read_returns

BUNDLE = Plain()


def told(content, *candidates: Package, name="r.xlf"):
    return recognised(read_returns(name, content), candidates)


def ways(back):
    return {recognition.unit: recognition.how for recognition in back.recognitions}


ALL = {one.id: f"Traduit : {place}" for place, one in enumerate(work().units, 1)}


def test_a_file_that_names_its_package_is_told_by_its_manifest_and_ids():
    (back,) = told(answer(work()), work(8), work())
    assert (back.package, targets(back), back.findings) == ("seeds-7-fr", ALL, ())
    assert set(ways(back).values()) == {How.MANIFEST}


def test_the_manifest_beside_it_names_the_package_of_a_file():
    short = package(*(replace(one, id=str(place)) for place, one in enumerate(work().units, 1)))
    anonymous = re.sub(rb' build-num="[^"]*"|<header>.*?</header>', b"", answer(short), flags=re.DOTALL)
    content = zipped({"fr/manifest.json": json.dumps({"package": "seeds-7-fr"}), "fr/deep/a.xlf": anonymous})
    (back,) = told(content, replace(short, number=8), short, replace(short, number=9))
    assert back.package == "seeds-7-fr"
    assert set(ways(back).values()) == {How.MANIFEST}


def test_ids_alone_tell_a_package():
    anonymous = re.sub(rb' build-num="[^"]*"|<header>.*?</header>', b"", answer(work()), flags=re.DOTALL)
    (back,) = told(anonymous, work(8), work())
    assert (back.package, targets(back)) == ("seeds-7-fr", ALL)


def test_texts_tell_a_package_whose_names_are_all_gone():
    other = package(unit("seeds-8-fr.1", "Peat bogs"), unit("seeds-8-fr.2", "Reed beds"), number=8)
    (back,) = told(nameless(answer(work())), other, work())
    assert (back.package, targets(back), back.findings) == ("seeds-7-fr", ALL, ())
    assert set(ways(back).values()) == {How.HASH}
    assert {recognition.said for recognition in back.recognitions} == {f"x{number}" for number in range(1000, 1005)}
    assert {recognition.path for recognition in back.recognitions} == {"r.xlf"}


def test_units_of_one_text_are_told_by_their_order():
    sent = package(*(unit(f"seeds-7-fr.{number}", "Open", key=(str(number),)) for number in range(1, 4)))
    (back,) = told(nameless(answer(sent)), sent)
    assert targets(back) == {f"seeds-7-fr.{number}": f"Traduit : {number}" for number in range(1, 4)}
    assert set(ways(back).values()) == {How.ORDER}


def test_units_of_one_text_are_told_by_resource_and_key_before_order():
    sent = package(*(unit(f"seeds-7-fr.{number}", "Open", key=(str(number),)) for number in range(1, 3)))
    content = "id,resource,key,source,target\na,app/text/labels.json,2,Open,Deux\nb,app/text/labels.json,1,Open,Un\n"
    (back,) = told(content.encode(), sent)
    assert targets(back) == {"seeds-7-fr.1": "Un", "seeds-7-fr.2": "Deux"}
    assert set(ways(back).values()) == {How.ID}


def test_a_changed_source_that_lost_its_id_is_told_by_its_place_and_said():
    content = nameless(answer(work())).replace(b"before you send", b"before sending")
    (back,) = told(content, work())
    assert ways(back)["seeds-7-fr.2"] is How.ORDER
    sent = work().units[1]
    (finding,) = rebuilt(next(one for one in back.units if one.id == sent.id), sent).findings
    assert (finding.check, finding.severity) == ("source", Severity.WARNING)


def test_a_text_of_nobody_is_never_guessed():
    content = nameless(answer(work())).replace(b"Seed banks", b"Opening hours of the reading room")
    (back,) = told(content, work())
    assert "seeds-7-fr.1" not in targets(back)
    assert targets(back)["x1000"] == "Traduit : 1"


def test_ids_that_changed_places_follow_their_texts():
    content = (
        answer(work())
        .replace(b'id="seeds-7-fr.1"', b'id="seeds-7-fr.9"')
        .replace(b'id="seeds-7-fr.4"', b'id="seeds-7-fr.1"')
    )
    content = content.replace(b'id="seeds-7-fr.9"', b'id="seeds-7-fr.4"')
    content = re.sub(rb' resname="[^"]*"|<context-group.*?</context-group>', b"", content, flags=re.DOTALL)
    (back,) = told(content, work())
    assert targets(back) == ALL


def test_short_ids_that_two_packages_share_are_told_by_text():
    mine = package(unit("1", "Seed banks"), unit("2", "Herbaria"), number=7)
    other = package(unit("1", "Peat bogs"), unit("2", "Reed beds"), number=8)
    anonymous = re.sub(rb' build-num="[^"]*"|<header>.*?</header>', b"", answer(mine), flags=re.DOTALL)
    (back,) = told(anonymous, other, mine)
    assert (back.package, targets(back)) == ("seeds-7-fr", {"1": "Traduit : 1", "2": "Traduit : 2"})


def test_a_short_id_with_another_text_is_nobodys():
    mine = package(unit("1", "Seed banks"), unit("2", "Herbaria"), number=7)
    content = b"id,source,target\n1,Seed banks,Banques\n2,Quite something else,Autre chose\n"
    (back,) = told(content, mine)
    assert targets(back) == {"1": "Banques", "2 in r.xlf": "Autre chose"}


def test_several_packages_of_one_upload_are_several_returns():
    first, second = work(7), work(8, "ar", "ar-SA")
    content = zipped({"in/fr/a.xlf": answer(first), "ar.zip": zipped({"b.xlf": answer(second)})})
    backs = told(content, second, first)
    assert [(back.package, len(back.units), len(back.recognitions)) for back in backs] == [
        ("seeds-7-fr", 5, 5),
        ("seeds-8-ar", 5, 5),
    ]
    assert [back.findings[0].message for back in backs] == [
        "The same upload returns seeds-8-ar, too.",
        "The same upload returns seeds-7-fr, too.",
    ]


def test_one_file_with_the_units_of_two_packages_is_two_returns():
    first = package(unit("seeds-7-fr.1", "Seed banks"), unit("seeds-7-fr.2", "Herbaria"))
    second = package(unit("seeds-8-fr.1", "Peat bogs"), number=8)
    merged = package(*first.units, *second.units)
    backs = told(nameless(answer(merged)), first, second)
    assert {back.package: sorted(targets(back)) for back in backs} == {
        "seeds-7-fr": ["seeds-7-fr.1", "seeds-7-fr.2"],
        "seeds-8-fr": ["seeds-8-fr.1"],
    }


@pytest.mark.parametrize("said", ["fr", "FR", "fr-CA", "fr_fr", "fra", "", "und", "x-none"])
def test_a_language_is_understood_whatever_its_code(said):
    content = answer(work()).replace(b'target-language="fr-FR"', f'target-language="{said}"'.encode())
    assert targets(told(content, work())[0]) == ALL


@pytest.mark.parametrize(
    ("said", "is_ours"), [("zh-Hans-CN", True), ("zh-CN", True), ("zh-Hant-TW", False), ("zh-TW", False)]
)
def test_script_counts_as_well_as_language(said, is_ours):
    sent = work(7, "zh", "zh-CN")
    content = answer(sent).replace(b'target-language="zh-CN"', f'target-language="{said}"'.encode())
    (back,) = told(content, sent)
    assert bool(back.units) is is_ours


def test_a_file_in_another_language_than_its_package_is_not_used():
    content = answer(work()).replace(b'target-language="fr-FR"', b'target-language="AR-sa"')
    (back,) = told(content, work())
    assert (back.package, back.units) == ("seeds-7-fr", ())
    (finding,) = back.findings
    assert finding.severity is Severity.ERROR
    assert finding.message == "r.xlf is in AR-sa, the package in fr; nothing of it was used, send the right file."


def test_the_same_texts_in_two_languages_go_where_the_folder_says():
    content = b"source,target,comment\nSeed banks,X,\n"
    french, arabic = work(7), work(8, "ar", "ar-SA")
    for folder, wanted in (("fr-FR", "seeds-7-fr"), ("AR", "seeds-8-ar"), ("from us/ar_SA/done", "seeds-8-ar")):
        (back,) = told(zipped({f"{folder}/a.csv": content}), french, arabic)
        assert back.package == wanted


def test_a_file_in_the_wrong_folder_is_used_and_said():
    (back,) = told(zipped({"ar/a.xlf": answer(work())}), work())
    assert targets(back) == ALL
    assert [finding.severity for finding in back.findings] == [Severity.WARNING]
    assert "lies in the folder of ar and is in fr" in back.findings[0].message


def test_a_package_that_is_not_out_is_named_for_who_knows_it():
    (back,) = told(answer(work(5)), work())
    assert (back.package, len(back.units), back.recognitions) == ("seeds-5-fr", 5, ())


def test_a_return_of_nobody_is_refused_with_one_sentence():
    with pytest.raises(ReturnRejected, match=r"^r.xlf is not a package of ours: .* none of its texts is out\.$"):
        told(nameless(answer(work())), package(unit("seeds-8-fr.1", "Peat bogs"), number=8))


def test_a_file_of_nobody_beside_a_known_one_is_said():
    stranger = package(unit("x", "Quite something else"))
    (back,) = told(zipped({"a.xlf": answer(work()), "b.xlf": nameless(answer(stranger))}), work())
    assert targets(back) == ALL
    assert [finding.message for finding in back.findings] == [
        "b.xlf is of no package that is out; send it to where it came from."
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("seeds-7-fr.zip", "seeds-7-fr"),
        ("from A/seeds-7-zh-Hans_done (2).xlf", "seeds-7-zh-Hans"),
        ("seed-bank-D0142-en-ar-v1.zip", "seed-bank-142-ar"),
        ("Fwd seeds-D0007-en-zh-Hans-v12 final.zip", "seeds-7-zh-Hans"),
        ("report.zip", ""),
        ("D0142_ar_01_site-labels.xlf", ""),
    ],
)
def test_a_file_name_speaks_of_a_package(name, found):
    assert package_of_name(name) == found


def test_a_name_on_a_disk_decides_between_packages_of_the_same_texts():
    first, second = work(7), work(8)
    content = nameless(answer(first))
    assert [told(content, first, second, name=f"{one.id} done.xlf")[0].package for one in (first, second)] == [
        "seeds-7-fr",
        "seeds-8-fr",
    ]


def both(first, second, sent=None):
    (back,) = told(zipped({"a.xlf": first, "b.xlf": second}), sent or work())
    return {one.id: one for one in back.units}


def test_of_two_files_the_one_that_somebody_worked_on_counts():
    sent = work()
    sent = replace(sent, units=tuple(replace(one, previous_target="Déjà là") for one in sent.units))
    untouched, blank, done = write_xliff(sent), answer(sent, ""), answer(sent)
    for first, second in ((untouched, done), (done, untouched), (blank, done), (done, blank), (done, done)):
        assert {id_: one.target for id_, one in both(first, second, sent).items()} == ALL


def test_a_draft_gives_way_to_a_translation():
    draft = answer(work(), "Ébauche").replace(b'state="translated"', b'state="needs-review-translation"')
    assert {id_: one.target for id_, one in both(draft, answer(work())).items()} == ALL


def test_two_translations_of_one_unit_are_for_a_person():
    units = both(answer(work()), answer(work(), "Autrement : {}"))
    assert [finding.severity for one in units.values() for finding in one.findings] == [Severity.ERROR] * 5


def test_ten_thousand_units_without_names_are_all_found():
    sent = package(*(unit(f"seeds-7-fr.{n}", f"Garden {n} of {n % 97}", key=(str(n),)) for n in range(1, 10_001)))
    (back,) = told(nameless(answer(sent)), work(8), sent)
    assert len(back.recognitions) == 10_000
    assert back.findings == ()

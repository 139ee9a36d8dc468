"""Memories through their door: what is searched, compared, brought in, handed out, counted, aligned and retired."""

import json

import pytest
from lxml import etree


def test_memory_search_shows_like_texts_with_what_differs(house):
    entries = house.ask("memory", "export", "reef", house.root / "all.csv", "--locale", "fr")["entries"]
    assert entries
    source = (house.root / "all.csv").read_text("utf-8-sig").splitlines()[1].split('","')[2]
    found = house.ask("memory", "search", "reef", source, "--locale", "fr")
    assert found["matches"][0]["percent"] >= 99
    assert found["matches"][0]["source"] == source
    assert found["concordance"]["total"] >= 1
    reverse = house.ask("memory", "search", "reef", found["matches"][0]["target"], "--locale", "fr", "--reverse")
    assert (reverse["source"], reverse["target"]) == ("fr", "en")
    assert source in {match["target"] for match in reverse["matches"]}


def test_memory_compare_says_score_class_and_why_it_is_capped(new_house):
    found = new_house.ask("memory", "compare", "Return it within 30 days.", "Return it within 90 days.")
    assert set(found) >= {"score", "class", "capped", "reasons"}
    assert (found["capped"], found["reasons"]) == (True, ["number: 30 → 90"])
    assert found["score"] < 100
    assert new_house.ask("memory", "compare", "Seeds", "Seeds")["class"] == "exact"
    assert "Not to be used unseen" in new_house.run("memory", "compare", "You may leave", "You may not leave").out


@pytest.mark.parametrize("name", ["all.tmx", "all.csv"])
def test_what_is_exported_is_known_when_it_comes_back(house, name):
    written = house.ask("memory", "export", "reef", house.root / name)
    again = house.ask("memory", "import", "reef", house.root / name)["files"][0]
    assert (again["read"], again["new"], again["problems"]) == (written["entries"], 0, [])


def test_a_damaged_entry_is_named_and_the_others_come_in(house):
    pair = '<tu><tuv xml:lang="en"><seg>Lend a {}</seg></tuv><tuv xml:lang="fr"><seg>Prêter {}</seg></tuv></tu>\n'
    torn = pair.format("hoe", "une binette").replace("</seg>", "", 1)
    entries = pair.format("spade", "une bêche") + torn + pair.format("rake", "un râteau")
    file = house.root / "lent.tmx"
    file.write_text(f'<tmx version="1.4"><header srclang="en"/><body>\n{entries}</body></tmx>', "utf-8")
    tried = house.ask("memory", "import", "reef", file, "--dry-run", code=1)
    assert tried["files"][0]["new"] == 2
    answer = house.ask("memory", "import", "reef", file, code=1)["files"][0]
    assert (answer["read"], answer["new"], len(answer["problems"])) == (2, 2, 1)
    assert (
        house.ask("memory", "search", "reef", "Lend a spade", "--locale", "fr")["matches"][0]["target"]
        == "Prêter une bêche"
    )


def test_what_is_retired_is_offered_no_more(house):
    file = house.root / "lent.csv"
    file.write_text("en,fr\nLend a spade to a neighbour,Prêter une bêche\n", "utf-8")
    house.ask("memory", "import", "reef", file)
    number = house.ask("memory", "search", "reef", "Lend a spade to a neighbour", "--locale", "fr")["matches"][0][
        "number"
    ]
    assert house.ask("memory", "retire", "reef", number, "--by", "Ada", "--reason", "a spade is no shovel") == {
        "retired": 1
    }
    assert house.ask("memory", "search", "reef", "Lend a spade to a neighbour", "--locale", "fr")["matches"] == []
    assert house.ask("memory", "retire", "reef", 999_999, "--by", "Ada", "--reason", "x", code=2)["error"].startswith(
        "Memory reef has no pair"
    )


def test_what_was_retired_by_mistake_comes_back_under_a_new_number(house):
    file = house.root / "lent.csv"
    file.write_text("en,fr\nLend a barrow to a neighbour,Prêter une brouette\n", "utf-8")
    house.ask("memory", "import", "reef", file)
    search = ("memory", "search", "reef", "Lend a barrow to a neighbour", "--locale", "fr")
    number = house.ask(*search)["matches"][0]["number"]
    decided = ("reef", number, "--by", "Ada", "--reason", "a barrow is a barrow")
    house.ask("memory", "retire", *decided)
    assert house.ask("memory", "restore", *decided) == {"restored": 1}
    assert house.ask("memory", "restore", *decided) == {"restored": 0}
    again = house.ask(*search)["matches"][0]
    assert again["target"] == "Prêter une brouette"
    assert again["number"] > number


def test_a_job_is_counted_by_class_and_reported_in_four_ways(house):
    reports = [house.root / f"job{ending}" for ending in (".xml", ".csv", ".json", ".html")]
    out = [word for report in reports for word in ("--out", report)]
    found = house.ask("memory", "analyse", "reef", "--locale", "fr", *out)
    made = house.ask("package", "reef", "--locale", "fr", "--out", house.root)["packages"][0]
    assert found["total"]["total"]["segments"] == made["units"]
    assert found["total"]["total"]["words"] == made["words"]
    assert etree.fromstring(reports[0].read_bytes()).tag == "task"
    assert json.loads(reports[2].read_bytes())["total"] == found["total"]
    assert all(report.stat().st_size > 100 for report in reports)
    assert (
        "choose one of them" in house.ask("memory", "analyse", "reef", "--out", house.root / "job.doc", code=2)["error"]
    )


def test_two_documents_are_laid_side_by_side_and_kept_as_proposals(house):
    (house.root / "en.txt").write_text("The bank keeps 40 seeds. Growers borrow them in spring.\n", "utf-8")
    (house.root / "fr.txt").write_text(
        "La banque garde 40 semences. Les cultivateurs les empruntent au printemps.\n", "utf-8"
    )
    words = ("memory", "align", "reef", house.root / "en.txt", house.root / "fr.txt", "--locale", "fr", "--sure", "0.3")
    found = house.ask(*words, "--keep")
    assert [pair["target"][:9] for pair in found["pairs"]] == ["La banque", "Les culti"]
    offered = house.ask("memory", "search", "reef", "The bank keeps 40 seeds.", "--locale", "fr")
    assert offered["matches"] == [], "a proposal of an alignment is not on the shelf until a person accepts it"


def test_terms_come_in_are_found_in_texts_and_go_out(house):
    file = house.root / "terms.csv"
    file.write_text("en,fr,status\nseed bank,banque de semences,approved\n", "utf-8")
    assert house.ask("terms", "import", "reef", file, "--locale", "fr")["files"][0]["new"] == 1
    found = house.ask("memory", "search", "reef", "Ask the seed banks", "--locale", "fr")
    assert found["terms"] == [
        {"span": [8, 18], "terms": [{"term": "seed bank", "target": "banque de semences", "status": "approved"}]}
    ]
    assert house.ask("terms", "export", "reef", house.root / "terms.tbx")["terms"] == 1
    assert b"banque de semences" in (house.root / "terms.tbx").read_bytes()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("search", "reef", "x", "--locale", "de"), "has no locale de"),
        (("search", "none", "x"), "There is no site none"),
        (("search", "reef", "x", "--least", "0"), "choose 1 to 100 percent"),
        (("import", "reef", "nowhere.tmx"), "nowhere.tmx is no file"),
        (("export", "reef", "all.doc"), "is of no format"),
        (("export", "reef", "all.tmx", "--memory", "other"), "reads no memory other"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(house, words, sentence):
    assert sentence in house.ask("memory", *words, code=2)["error"]

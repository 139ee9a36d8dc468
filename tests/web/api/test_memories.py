"""Memories over the interface: looked up, searched, brought in and handed out, by whom it may be; taken out of use and back."""

import csv
import io
from dataclasses import replace

import pytest
from lxml import etree

from tests.web.api.conftest import World
from tm_service.domain.site import MemoryRef
from tm_service.web.app import make_app

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header srclang="en" creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en"
 datatype="plaintext"/><body>{}</body></tmx>"""
UNIT = '<tu><tuv xml:lang="en"><seg>{}</seg></tuv><tuv xml:lang="{}"><seg>{}</seg></tuv></tu>'
PAIRS = [
    ("Lend a spade to a neighbour", "fr", "Prêter une bêche à un voisin"),
    ("Lend a rake to a neighbour", "fr", "Prêter un râteau à un voisin"),
    ("Lend a spade to a neighbour", "es", "Prestar una pala a un vecino"),
]
SPADE, TARGET = PAIRS[0][0], PAIRS[0][2]
IMPORT = "/memories/imports?site=demo&file=lent.tmx"


def tmx(*pairs: tuple[str, str, str]) -> bytes:
    return TMX.format("".join(UNIT.format(*pair) for pair in pairs)).encode()


def lend(asker, path=IMPORT, content=None):
    return asker.ask("POST", path, content=tmx(*PAIRS) if content is None else content)


@pytest.fixture
def admin(world):
    return world.person("administrator")


@pytest.fixture
def lent(world, admin):
    assert lend(admin).json() == {"file": "lent.tmx", "read": 3, "new": 3, "problems": [], "dry_run": False}
    return world


def matches(asker, text=SPADE, locale="fr", **more: object):
    return asker.get("/memories/matches", params={"site": "demo", "locale": locale, "text": text, **more}).json()


def test_a_text_is_looked_up_with_why_and_with_what_differs(lent, admin):
    found = matches(admin)
    assert (found["site"], found["source"], found["target"]) == ("demo", "en", "fr")
    best, near = found["matches"][:2]
    assert (best["percent"], best["target"], best["class"]) == (100.0, TARGET, "exact")
    assert best["why"]
    assert near["target"] == PAIRS[1][2]
    assert near["percent"] < 100
    assert [match["target"] for match in matches(admin, least=100)["matches"]] == [TARGET]
    assert len(matches(admin, limit=1)["matches"]) == 1
    assert matches(admin, TARGET, reverse=True)["matches"][0]["target"] == SPADE


def test_a_text_without_a_match_has_the_parts_it_shares(lent, admin):
    text = "Whoever wants to lend a spade to a neighbour should first ask the keeper of the tools about it"
    found = matches(admin, text)
    assert found["matches"] == []
    start, end = found["fragments"][0]["span"]
    assert text[start:end].casefold() in SPADE.casefold()


def test_many_texts_are_looked_up_in_one_call(lent, admin):
    texts = [SPADE, "Nothing of the kind, ever", PAIRS[1][0]]
    found = admin.post("/memories/matches", {"site": "demo", "locale": "fr", "texts": texts}).json()["texts"]
    assert [one["matches"][0]["target"] if one["matches"] else None for one in found] == [TARGET, None, PAIRS[1][2]]
    assert admin.post("/memories/matches", {"site": "demo", "locale": "fr", "texts": []}).status_code == 400


def test_words_are_found_in_their_sentences_on_the_side_that_was_asked_for(lent, admin):
    def found(query, **more: object):
        asked = {"site": "demo", "locale": "fr", "query": query, **more}
        return admin.get("/memories/concordance", params=asked).json()

    (hit,) = found("spade")["hits"]
    assert (hit["side"], hit["other"]) == ("source", TARGET)
    ((start, end),) = hit["spans"]
    assert hit["text"][start:end] == "spade"
    assert found("bêche", side="source")["total"] == 0
    assert found("bêche", side="target")["total"] == 1
    assert found("-spade")["advice"]


def test_two_texts_are_compared(admin):
    asked = {"before": "Return it within 30 days.", "after": "Return it within 90 days."}
    found = admin.get("/memories/comparison", params=asked).json()
    assert (found["capped"], found["reasons"]) == (True, ["number: 30 → 90"])


def test_what_is_there_is_not_written_twice(lent, admin):
    assert lend(admin).json()["new"] == 0


def test_a_rehearsal_keeps_nothing(world, admin):
    assert lend(admin, f"{IMPORT}&dry_run=true").json()["new"] == 3
    assert matches(admin)["matches"] == []
    assert lend(admin).json()["new"] == 3


def test_a_damaged_entry_is_named_and_the_others_come_in(admin):
    torn = UNIT.format(*PAIRS[0]).replace("</seg>", "", 1)
    content = TMX.format(torn + UNIT.format(*PAIRS[1])).encode()
    answer = lend(admin, content=content).json()
    assert (answer["read"], answer["new"], len(answer["problems"])) == (1, 1, 1)


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("/memories/imports?site=demo&file=lent.docx", b"x", "give a file ending in"),
        (IMPORT, b"\x1f\x8bpacked", "is packed"),
        (IMPORT, b"", "There is no file in this"),
        (f"{IMPORT}&locale=tlh", tmx(*PAIRS), "has no locale tlh"),
        (f"{IMPORT}&memory=moon", tmx(*PAIRS), "reads no memory moon"),
        ("/memories/imports?site=moon&file=lent.tmx", tmx(*PAIRS), "There is no site moon"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(admin, path, content, said):
    answer = lend(admin, path, content)
    assert answer.status_code in (404, 422)
    assert said in answer.json()["detail"]


def test_the_name_of_a_file_is_no_way_to_another_place(admin):
    answer = lend(admin, "/memories/imports?site=demo&file=../../../etc/lent.tmx")
    assert answer.json()["file"] == "lent.tmx"


def test_what_is_handed_out_is_known_when_it_comes_back(lent, admin):
    out = admin.get("/memories/export?site=demo")
    assert out.headers["Content-Type"] == "application/x-tmx+xml"
    assert out.headers["Content-Disposition"] == 'attachment; filename="demo.tmx"'
    assert int(out.headers["Content-Length"]) == len(out.content)
    units = etree.fromstring(out.content).findall(".//tu")
    answer = lend(admin, content=out.content).json()
    assert (answer["read"], answer["new"], answer["problems"]) == (len(units), 0, [])


def test_a_memory_is_handed_out_as_a_table_of_one_locale(lent, admin):
    out = admin.get("/memories/export?site=demo&format=csv&locale=es")
    rows = list(csv.reader(io.StringIO(out.content.decode("utf-8-sig"))))
    assert PAIRS[2][2] in {cell for row in rows for cell in row}
    assert TARGET not in {cell for row in rows for cell in row}


def test_pairs_are_taken_out_of_use_and_back(lent):
    reviewer = lent.person("reviewer", "demo", "fr")
    number = matches(reviewer)["matches"][0]["number"]
    pair = reviewer.get(f"/memories/pairs/{number}?site=demo").json()
    assert (pair["source"], pair["target"], pair["retired"]) == (SPADE, TARGET, False)
    chosen = {"site": "demo", "numbers": [number], "reason": "spade was meant as a card"}
    assert reviewer.post("/memories/retirements", chosen).json() == {"retired": 1}
    assert reviewer.post("/memories/retirements", chosen).json() == {"retired": 0}
    assert reviewer.get(f"/memories/pairs/{number}?site=demo").json()["retired"]
    assert TARGET not in {match["target"] for match in matches(reviewer)["matches"]}
    assert reviewer.post("/memories/restorations", chosen).json() == {"restored": 1}
    assert reviewer.post("/memories/restorations", chosen).json() == {"restored": 0}
    again = matches(reviewer)["matches"][0]
    assert again["target"] == TARGET
    assert again["number"] != number


def test_nobody_retires_what_is_in_a_language_that_is_not_theirs(lent, admin):
    number = matches(admin, locale="es")["matches"][0]["number"]
    chosen = {"site": "demo", "numbers": [number], "reason": "wrong"}
    for path in ("/memories/retirements", "/memories/restorations"):
        assert lent.person("reviewer", "demo", "fr").post(path, chosen).status_code == 403
    assert lent.person("reviewer", "demo", "es").post("/memories/retirements", chosen).status_code == 200
    assert (
        lent.person("reviewer", "demo").post("/memories/retirements", chosen | {"numbers": [10**9]}).status_code == 404
    )


def test_who_has_nothing_to_do_with_a_site_sees_nothing_of_its_memory(lent):
    stranger = lent.person("translator", "reef")
    asked = {"site": "demo", "locale": "fr", "text": SPADE, "query": "spade"}
    for path in ("/memories/matches", "/memories/concordance", "/memories/pairs/1"):
        assert stranger.get(path, params=asked).status_code == 403
    assert stranger.post("/memories/matches", {"site": "demo", "locale": "fr", "texts": [SPADE]}).status_code == 403
    assert stranger.get("/memories/export?site=demo").status_code == 403
    assert lend(lent.person("secretariat", "reef")).status_code == 403
    assert stranger.get("/memories").json() == {"memories": []}
    assert stranger.get("/memories/stats").json()["memories"] == {}
    text = {"site": "demo", "locale": "fr", "source": "A.", "target": "A."}
    assert stranger.post("/memories/alignment", text).status_code == 403


def test_a_translator_hands_out_their_language_alone(lent):
    translator = lent.person("translator", "demo", "fr")
    assert translator.get("/memories/export?site=demo&locale=fr").status_code == 200
    assert translator.get("/memories/export?site=demo").status_code == 403
    assert translator.get("/memories/export?site=demo&locale=fr&locale=es").status_code == 403


def test_the_memories_of_a_site_are_listed_with_what_they_hold(lent, admin):
    (memory,) = [one for one in admin.get("/memories").json()["memories"] if one["memory"] == "demo"]
    assert (memory["site"], memory["source"], memory["penalty"]) == ("demo", "en", 0)
    stats = admin.get("/memories/stats").json()
    assert stats["memories"]["demo en-fr"] >= 2
    assert stats["entries"] >= 3


def test_what_a_site_still_needs_is_counted(world, admin):
    found = admin.get("/memories/analysis?site=demo&locale=fr").json()
    assert (found["job"]["source"], found["job"]["target"]) == ("en", "fr")
    assert admin.get("/memories/analysis?site=demo&locale=fr&ref=nowhere").status_code == 422
    assert world.person("translator").get("/memories/analysis?site=demo&locale=fr").status_code == 403


@pytest.mark.parametrize("kind", ["xml", "csv", "html", "json"])
def test_the_texts_of_a_file_are_counted_and_told_in_each_form(lent, admin, kind):
    path = f"/memories/analysis?site=demo&locale=fr&file=letters.txt&format={kind}"
    out = admin.ask("POST", path, content=f"{SPADE}\n\nA letter that is new".encode())
    assert kind in out.headers["Content-Type"]
    if kind == "json":
        classes = out.json()["total"]["classes"]
        assert (out.json()["total"]["total"]["segments"], classes["exact"]["segments"]) == (2, 1)
    wrong = admin.ask("POST", path, content="Grüße".encode("latin-1"))
    assert wrong.status_code == 422
    assert "is not UTF-8" in wrong.json()["detail"]


def test_two_documents_are_laid_side_by_side_and_kept_where_that_is_wanted(world, admin):
    asked = {
        "site": "demo",
        "locale": "fr",
        "source": "The garden opens at 9. It closes at 17.",
        "target": "Le jardin ouvre à 9. Il ferme à 17.",
        "sure": 0,
    }
    found = admin.post("/memories/alignment", asked).json()
    assert ("The garden opens at 9.", "Le jardin ouvre à 9.") in {
        (one["source"], one["target"]) for one in found["pairs"]
    }
    assert not found["kept"]
    assert world.person("translator", "demo").post("/memories/alignment", asked | {"keep": True}).status_code == 403
    assert admin.post("/memories/alignment", asked | {"keep": True}).json()["kept"]


def sharing(lent):
    """A house where another site, reef, reads the memory of demo."""
    demo = lent.service.sites()["demo"]
    reef = replace(demo, name="reef", memories=(MemoryRef("reef"), MemoryRef("demo", shared=True)))
    service = replace(lent.service, sites=lambda: {"demo": demo, "reef": reef})
    return World(service, make_app(service), lent.tokens)


def test_a_shared_memory_counts_for_whoever_reads_it(lent):
    lent = sharing(lent)
    for site, names in (("reef", {"reef", "demo"}), ("demo", {"demo"}), ("pond", set())):
        told = lent.person("translator", site).get("/memories/stats").json()["memories"]
        assert {name.partition(" ")[0] for name in told} == names, site


def test_a_memory_is_changed_and_handed_out_by_who_may_where_it_belongs(lent, admin):
    """Another site that reads it gives nobody a way around."""
    lent = sharing(lent)
    number = matches(admin)["matches"][0]["number"]
    chosen = {"site": "reef", "memory": "demo", "numbers": [number], "reason": "wrong"}
    calls = [
        ("secretariat", lambda asker: asker.get("/memories/export?site=reef&memory=demo")),
        ("secretariat", lambda asker: asker.post("/memories/retirements", chosen)),
        ("secretariat", lambda asker: lend(asker, "/memories/imports?site=reef&memory=demo&file=lent.tmx")),
    ]
    for role, call in calls:
        assert call(lent.person(role, "reef")).status_code == 403
        assert call(lent.person(role, "demo")).status_code == 403  # it is reef that asks
        assert call(lent.person(role)).status_code == 200
    reader = lent.person("translator", "reef")
    found = reader.get("/memories/matches", params={"site": "reef", "locale": "fr", "text": PAIRS[1][0]}).json()
    assert found["matches"][0]["memory"] == "demo"

"""A developer moves, edits and adds texts and releases twice; no page reverts to English."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.cli.houses import FIRST, SECOND, commit, git
from tests.cli.test_journeys import shown, strings

pytestmark = pytest.mark.slow

HOME, TICKETS = SECOND["texts/home.json"], SECOND["texts/tickets.json"]
THIRD = {
    # moved to another file under another name, edited, added; a file is moved as a whole
    "texts/home.json": {name: text for name, text in HOME.items() if name != "title"},
    "texts/about.json": {"heading": HOME["title"], "history": "The park is older than the town"},
    "texts/tickets.json": None,
    "texts/visit/tickets.json": {"buy": FIRST["texts/tickets.json"]["buy"], **TICKETS},
}
FOURTH = {
    # moved once more, a name changed, edited twice, a copy made
    "texts/home.json": {
        "open": "Open from 9 to 20",
        "visit": {"prepare": HOME["visit"]["plan"], "guide": HOME["visit"]["guide"]},
        "turtles": HOME["turtles"],
        "code": HOME["code"],
        "link": HOME["link"],
    },
    "texts/about.json": None,
    "texts/banner.json": {"welcome": HOME["title"], "again": HOME["title"]},
    "texts/visit/tickets.json": {
        "buy": FIRST["texts/tickets.json"]["buy"],
        "child": TICKETS["child"],
        "back": "Tickets <b>may</b> be returned within 30 days.",
    },
}
NEW = {"Turtles nest here in June", "Buy a map", "The park is older than the town"}


class Readers:
    """What readers of French see of each text, by the site's own rule; by where it stands and by what it says in English."""

    def __init__(self, developer, site, number, ref) -> None:
        answer = developer.get(f"/sites/reef/deployments/{number}/catalogs")
        self.by_place, self.by_text, self.english = {}, {}, set()
        with ZipFile(BytesIO(answer.content)) as archive:
            for path in git(site, "ls-tree", "-r", "--name-only", ref, "texts").splitlines():
                source = json.loads(git(site, "show", f"{ref}:{path}"))
                catalog = json.loads(archive.read(f"i18n/fr/{path}"))
                visible = shown(source, catalog)
                texts = dict(strings(catalog))
                for key, english in strings(source):
                    self.by_place[path, key] = texts[key] if key in visible else english
                    self.by_text.setdefault(english, set()).add(self.by_place[path, key])
                    self.english |= {english} if key not in visible else set()


def test_a_developer_releases_twice_and_no_page_reverts_to_english(begun):
    with begun("deploy") as journey:
        dana, office = journey.joins("dana", "developer@reef"), journey.office
        journey.ines.done("/sites/reef/learning", {"history": True})
        dana.done("/sites/reef/deployments", {"ref": "r1"})
        before = Readers(dana, office.site, 1, "r1")
        assert before.by_place["texts/home.json", "title"] == "Bienvenue au parc du récif"
        assert before.english == {"Children under 12 enter free"}  # never delivered

        for number, (tag, files) in enumerate([("r3", THIRD), ("r4", FOURTH)], 2):
            commit(office.site, files, f"Release {tag}", tag)
            assert office.command("check", "reef", "--ref", tag).document["gate"] == "open"
            (made,) = dana.done("/sites/reef/deployments", {"ref": tag})["result"]["deployments"]
            assert made["deployment"] == number
            after = Readers(dana, office.site, number, tag)
            for english, seen in before.by_text.items():
                if english not in before.english and english in after.by_text:
                    assert after.by_text[english] == seen, english
            assert after.english <= before.english | NEW
            before = after

        # edited texts keep what readers had, and say that they are behind
        assert before.by_place["texts/home.json", "open"] == "Ouvert de 9 h à 17 h"
        assert before.by_place["texts/visit/tickets.json", "back"].startswith("Les billets <b>peuvent</b>")
        assert before.by_place["texts/banner.json", "again"] == before.by_place["texts/banner.json", "welcome"]
        where = {"locale": "fr", "resource": "texts/home.json", "key": "open"}
        assert dana.get("/sites/reef/explanation", params=where)["rule"] == "dated"
        where = {"locale": "fr", "resource": "texts/banner.json", "key": "welcome"}
        assert dana.get("/sites/reef/explanation", params=where)["text"] == "Bienvenue au parc du récif"
        compared = dana.page("/sites/reef/differences?before=1&now=3&locale=fr")
        assert "Bienvenue au parc du récif" in compared.text_content()
        assert len(dana.get("/sites/reef/deployments")["deployments"]) == 3

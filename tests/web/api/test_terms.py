"""Terms over the interface: said, changed and withdrawn by who may, never over what somebody else said meanwhile."""

import pytest

SEED = {
    "site": "demo",
    "locale": "fr",
    "term": "seed bank",
    "target": "banque de semences",
    "part_of_speech": "noun",
    "reference": "Glossary 2",
}


@pytest.fixture
def reviewer(world):
    return world.person("reviewer", "demo", "fr")


@pytest.fixture
def term(reviewer):
    made = reviewer.post("/terms", SEED)
    assert made.status_code == 201, made.text
    return made.json()


def place(term):
    return f"/terms/{term['number']}?site=demo"


def listed(asker, query=""):
    return asker.get(f"/terms?site=demo{query}").json()["terms"]


def test_a_term_that_is_said_is_found_in_texts(world, reviewer, term):
    found = reviewer.get("/memories/matches?site=demo&locale=fr&text=The seed bank is open").json()["terms"]
    assert found == [
        {"span": [4, 13], "terms": [{"term": "seed bank", "target": "banque de semences", "status": "approved"}]}
    ]
    assert listed(reviewer) == [term]
    assert term["author"] == "reviewer.demo.fr@office.example"
    made = reviewer.post("/terms", SEED | {"target": "grainothèque"})
    assert reviewer.get(made.headers["Location"].removeprefix("/api/v1")).json()["target"] == "grainothèque"


def test_the_same_is_not_said_twice(reviewer, term):
    again = reviewer.post("/terms", SEED | {"status": "forbidden"})
    assert again.status_code == 409
    assert f"under number {term['number']}" in again.json()["detail"]
    assert listed(reviewer) == [term]


def test_a_list_that_lost_the_item_it_stood_at_says_so(reviewer, term):
    """What was changed has another number; who pages on is not told that there was no more."""
    for target in ("grainothèque", "réserve de graines"):
        reviewer.post("/terms", SEED | {"target": target})
    cursor = listed_page(reviewer)["cursor"]
    assert reviewer.ask("DELETE", place(term), headers={"If-Match": "*"}).status_code == 204
    answer = reviewer.get(f"/terms?site=demo&most=1&cursor={cursor}")
    assert (answer.status_code, "begin again" in answer.json()["detail"]) == (422, True)


def listed_page(asker):
    return asker.get("/terms?site=demo&most=1").json()


def test_a_term_is_changed_by_who_has_seen_it(reviewer, term):
    seen = reviewer.get(place(term)).headers["ETag"]
    changed = reviewer.ask("PUT", place(term), json={"status": "forbidden"}, headers={"If-Match": seen})
    assert changed.status_code == 200
    assert changed.json()["status"] == "forbidden"
    assert reviewer.get(place(changed.json())).headers["ETag"] == changed.headers["ETag"]
    assert reviewer.get(place(term)).status_code == 404
    assert [one["status"] for one in listed(reviewer)] == ["forbidden"]


@pytest.mark.parametrize(("method", "body"), [("PUT", {"status": "forbidden"}), ("DELETE", None)])
def test_nobody_overwrites_what_they_have_not_seen(reviewer, term, method, body):
    assert reviewer.ask(method, place(term), json=body).status_code == 428
    assert reviewer.ask(method, place(term), json=body, headers={"If-Match": '"other"'}).status_code == 412
    assert listed(reviewer) == [term]


def test_what_is_withdrawn_is_gone_until_it_is_said_again(reviewer, term):
    seen = reviewer.get(place(term)).headers["ETag"]
    assert reviewer.ask("DELETE", place(term), headers={"If-Match": seen}).status_code == 204
    assert reviewer.ask("DELETE", place(term), headers={"If-Match": seen}).status_code == 404
    assert listed(reviewer) == []
    assert reviewer.post("/terms", SEED).status_code == 201


def test_terms_are_edited_in_ones_own_language_alone(world, reviewer, term):
    assert reviewer.post("/terms", SEED | {"locale": "es"}).status_code == 403
    spanish = world.person("reviewer", "demo", "es")
    for method in ("PUT", "DELETE"):
        answer = spanish.ask(method, place(term), json={"status": "forbidden"}, headers={"If-Match": "*"})
        assert answer.status_code == 403
    assert world.person("reviewer", "reef").post("/terms", SEED).status_code == 403
    assert world.person("translator", "demo").post("/terms", SEED).status_code == 403
    assert listed(world.person("translator", "demo")) == [term]
    assert world.person("translator", "reef").get("/terms?site=demo").status_code == 403


def test_terms_are_listed_in_pages_and_narrowed(world):
    secretariat = world.person("secretariat")
    for number in range(5):
        word = {
            "term": f"Bed {number}",
            "target": f"Planche {number}",
            "status": "proposed" if number % 2 else "approved",
        }
        assert secretariat.post("/terms", SEED | word).status_code == 201
    first = secretariat.get("/terms?site=demo&most=2").json()
    rest = secretariat.get(f"/terms?site=demo&most=200&cursor={first['cursor']}").json()
    assert [one["term"] for one in first["terms"] + rest["terms"]] == [f"Bed {number}" for number in range(5)]
    assert rest["cursor"] is None
    assert [one["term"] for one in listed(secretariat, "&status=proposed")] == ["Bed 1", "Bed 3"]
    assert [one["term"] for one in listed(secretariat, "&text=PLANCHE 4")] == ["Bed 4"]
    assert listed(secretariat, "&locale=es") == []


@pytest.mark.parametrize("body", [{"term": " "}, {"target": ""}, {"status": "best"}, {"more": 1}])
def test_a_term_that_says_nothing_is_not_understood(reviewer, body):
    assert reviewer.post("/terms", SEED | body).status_code == 400


def test_a_term_in_a_locale_that_is_not_there_is_refused(world):
    answer = world.person("reviewer").post("/terms", SEED | {"locale": "tlh"})
    assert answer.status_code == 422
    assert "has no locale tlh" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["tbx", "csv"])
def test_terms_go_out_and_come_back(world, term, kind):
    secretariat = world.person("secretariat")
    out = secretariat.get(f"/terms/export?site=demo&format={kind}")
    assert out.headers["Content-Disposition"] == f'attachment; filename="demo-terms.{kind}"'
    path = f"/terms/imports?site=demo&file=back.{kind}"
    assert secretariat.ask("POST", path, content=out.content).json()["new"] == 0
    said = out.content.replace(b"banque de semences", "semothèque".encode())
    tried = secretariat.ask("POST", f"{path}&dry_run=true", content=said).json()
    assert (tried["read"], tried["new"], tried["problems"]) == (1, 1, [])
    assert secretariat.ask("POST", path, content=said).json()["new"] == 1
    assert [one["target"] for one in listed(secretariat)] == ["banque de semences", "semothèque"]
    assert secretariat.ask("POST", "/terms/imports?site=demo&file=back.odt", content=said).status_code == 422
    assert world.person("reviewer", "demo", "fr").ask("POST", path, content=said).status_code == 403


def test_what_is_seen_already_is_not_sent_again(reviewer, term):
    tag = reviewer.get(place(term)).headers["ETag"]
    for said in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = reviewer.get(place(term), headers={"If-None-Match": said})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert reviewer.get(place(term), headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_weak_tag_lets_nobody_overwrite(reviewer, term):
    """If-Match compares strongly (RFC 9110, 13.1.1)."""
    tag = reviewer.get(place(term)).headers["ETag"]
    for said, status in ((f"W/{tag}", 412), (f'"other", {tag}', 204)):
        assert reviewer.ask("DELETE", place(term), headers={"If-Match": said}).status_code == status

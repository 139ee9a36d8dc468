"""If-Match: of those who change the same at once, having seen the same, one does; the others look again."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from tm_service.domain.errors import Conflict
from tm_service.domain.permissions import Action

MANY = 4


@pytest.fixture
def person(world):
    return world.person("administrator").post("/people", {"email": "a@b.example", "name": "A", "language": "en"}).json()


@pytest.fixture
def client(world):
    asked = {"name": "Labels", "contact": "a@b.example", "purpose": "Labels.", "scopes": [Action.SITES_READ]}
    return world.person("developer").post("/clients", asked).json()


@pytest.fixture
def term(world):
    asked = {"site": "demo", "locale": "fr", "term": "seed bank", "target": "banque de semences"}
    return world.person("reviewer").post("/terms", asked).json()


@pytest.fixture
def subscription(world):
    made, _secret = world.service.webhooks.subscribe("https://hooks.example.org/reeds")
    return {"subscription": made.id}


def at_once(asker, place, seen, bodies):
    """The statuses of calls that begin together, each with a body of its own."""
    start = Barrier(len(bodies))

    def put(body):
        start.wait(30)
        return asker.ask("PUT", place, json=body, headers={"If-Match": seen}).status_code

    with ThreadPoolExecutor(len(bodies)) as pool:
        return Counter(pool.map(put, bodies))


@pytest.mark.parametrize(
    ("what", "bodies"),
    [
        ("", [{"name": f"Amina {one}", "language": "fr"} for one in range(MANY)]),
        ("/grants", [{"roles": [f"reviewer@demo/{one}"]} for one in ("ar", "es", "fr", "ru")]),
        ("/expiry", [{"expires": f"2027-01-0{one + 1}T00:00:00Z"} for one in range(MANY)]),
    ],
)
def test_a_person_is_changed_once_by_those_who_saw_the_same(world, person, what, bodies):
    asker, place = world.person("administrator"), f"/people/{person['person']}"
    seen = asker.get(place).headers["ETag"]
    assert at_once(asker, f"{place}{what}", seen, bodies) == {200: 1, 412: MANY - 1}


def test_pinned_functions_are_changed_once_by_those_who_saw_the_same(world, client):
    asker, place = world.person("developer"), f"/clients/{client['client']}"
    seen = asker.get(place).headers["ETag"]
    bodies = [{"functions": [one]} for one in ("deploy", "detect", "list_sites", "show_site")]
    assert at_once(asker, f"{place}/pinned", seen, bodies) == {200: 1, 412: MANY - 1}


def test_a_term_is_changed_once_by_those_who_saw_the_same(world, term):
    asker, place = world.person("reviewer"), f"/terms/{term['number']}?site=demo"
    seen = asker.get(place).headers["ETag"]
    told = at_once(asker, place, seen, [{"definition": f"Seeds are kept here, {one}."} for one in range(MANY)])
    assert told[200] == 1
    assert told[412] + told[404] == MANY - 1  # what was changed has another number


def test_a_term_is_said_once_by_those_who_say_it_together(world):
    asker, start = world.person("reviewer"), Barrier(MANY)
    asked = {"site": "demo", "locale": "fr", "term": "seed bank", "target": "banque de semences"}

    def say(one):
        start.wait(30)
        return asker.post("/terms", asked | {"definition": f"Seeds are kept here, {one}."}).status_code

    with ThreadPoolExecutor(MANY) as pool:
        assert Counter(pool.map(say, range(MANY))) == {201: 1, 409: MANY - 1}


def test_a_subscription_is_switched_once_by_those_who_saw_the_same(world, subscription):
    asker, place = world.person("administrator"), f"/subscriptions/{subscription['subscription']}"
    seen = asker.get(place).headers["ETag"]
    bodies = [{"on": False, "why": f"They are moving, {one}."} for one in range(MANY)]
    assert at_once(asker, f"{place}/state", seen, bodies) == {200: 1, 412: MANY - 1}


def moved(known):
    raise Conflict(f"It is {known} by now.")


def test_what_moved_is_left_as_it_is_by_every_verb_that_looks(world, person, client, term, subscription):
    """Whoever looks does so in the transaction of the change, and what they raise undoes it."""
    people, verbs, hooks = world.service.people(), world.service.memories, world.service.webhooks
    known, number = verbs.term("demo", term["number"]), subscription["subscription"]
    verbs_that_look = [
        (
            lambda: people.person(person["person"]),
            lambda: people.describe(person["person"], name="B", language="fr", seen=moved),
        ),
        (
            lambda: people.person(person["person"]),
            lambda: people.set_grants(person["person"], [], government="ke", seen=moved),
        ),
        (
            lambda: people.person(person["person"]),
            lambda: people.set_expiry(person["person"], world.service.clock(), seen=moved),
        ),
        (lambda: people.client(client["client"]), lambda: people.pin(client["client"], ["deploy"], seen=moved)),
        (lambda: verbs.terms("demo"), lambda: verbs.say_term(replace(known, definition="Another."), seen=moved)),
        (lambda: verbs.terms("demo"), lambda: verbs.withdraw_term(known, by="Ana", seen=moved)),
        (lambda: hooks.find(number), lambda: hooks.switch(number, on=False, seen=moved)),
        (lambda: hooks.find(number), lambda: hooks.unsubscribe(number, seen=moved)),
    ]
    entries = len(world.service.audit.listed())
    for look, change in verbs_that_look:
        before = look()
        with pytest.raises(Conflict, match="by now"):
            change()
        assert look() == before
    assert len(world.service.audit.listed()) == entries

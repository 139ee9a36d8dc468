"""People over HTTP: administrators invite, grant and end; others see and end what is their own."""

import pytest

from tests.people.samples import let_in
from tests.web.api.conftest import PASSWORD
from tests.web.house import Visitor

AMINA = {"email": "amina@herbarium.example", "name": "Amina Said", "language": "fr", "roles": ["reviewer@demo/fr"]}


@pytest.fixture
def administrator(world):
    return world.person("administrator")


@pytest.fixture
def amina(world, administrator):
    """Somebody invited, with what was told of her."""
    return administrator.post("/people", AMINA).json()


def tag(asker, person):
    return asker.get(f"/people/{person['person']}").headers["ETag"]


def put(asker, person, what, body, seen):
    path = f"/people/{person['person']}{what}"
    return asker.ask("PUT", path, json=body, headers={"If-Match": seen} if seen else {})


def session_of(world, person):
    return world.bearing(let_in(world.service.people(), person["person"]).token)


def test_who_is_invited_gets_an_address_that_sets_their_password(world, administrator, amina):
    assert (amina["state"], amina["roles"]) == ("invited", ["reviewer@demo/fr"])
    assert amina["address"] == f"http://localhost/invitation?lang=fr#{amina['token']}"
    accepted = world.nobody().post("/session/invitation", {"token": amina["token"], "password": PASSWORD})
    assert accepted.json()["state"] == "active"
    body = {"email": AMINA["email"].upper(), "password": PASSWORD}
    signed_in = world.nobody().post("/session", body)
    assert (signed_in.status_code, signed_in.json()["person"]) == (201, amina["person"])
    assert "token" not in administrator.get(f"/people/{amina['person']}").json()


def test_who_pages_through_those_of_a_state_and_changes_it_misses_nobody(administrator):
    names = [f"{name}@herbarium.example" for name in ("ada", "ben", "cem")]
    for one in names:
        assert administrator.post("/people", AMINA | {"email": one, "name": one}).status_code == 201
    met, cursor = [], ""
    while cursor is not None:
        page = administrator.get(f"/people?state=invited&most=1&cursor={cursor}").json()
        for one in page["people"]:
            assert administrator.post(f"/people/{one['person']}/deactivation").status_code == 200
            met.append(one["email"])
        cursor = page["cursor"]
    assert met == names


def test_everybody_is_listed_a_page_at_a_time_and_found_by_address_and_state(administrator, amina):
    first = administrator.get("/people?most=1").json()
    second = administrator.get(f"/people?most=1&cursor={first['cursor']}").json()
    assert [len(page["people"]) for page in (first, second)] == [1, 1]
    assert first["people"] != second["people"]
    found = administrator.get("/people?email=AMINA@herbarium.example").json()["people"]
    assert [one["person"] for one in found] == [amina["person"]]
    assert [one["person"] for one in administrator.get("/people?state=invited").json()["people"]] == [amina["person"]]
    assert administrator.get("/people?email=nobody@herbarium.example").json() == {"people": [], "cursor": None}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"roles": ["gardener"]}, "'gardener' is no role"),
        ({"roles": ["reviewer@reef"]}, "There is no site reef"),
        ({"roles": ["reviewer@demo/xx"]}, "has the locale xx"),
        ({"email": "no address"}, "around an @"),
        ({"language": "français"}, "no language code"),
        ({"name": "  "}, "name is missing"),
    ],
)
def test_what_cannot_be_is_the_askers_to_put_right(administrator, changed, said):
    answer = administrator.post("/people", AMINA | changed)
    assert (answer.status_code, said in answer.json()["detail"]) == (422, True), answer.text
    assert administrator.get("/people?email=amina@herbarium.example").json()["people"] == []


@pytest.mark.parametrize(
    "expires", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2027-01-01T00:00:00", "soon", 3]
)
def test_a_moment_that_is_none_is_refused(administrator, expires):
    assert administrator.post("/people", AMINA | {"expires": expires}).status_code == 400


def test_an_address_has_one_account(administrator, amina):
    assert administrator.post("/people", AMINA | {"email": "AMINA@herbarium.example"}).status_code == 409


def test_another_invitation_takes_the_place_of_the_first(world, administrator, amina):
    again = administrator.post(f"/people/{amina['person']}/invitation").json()
    old, new = (
        world.nobody().post("/session/invitation", {"token": one["token"], "password": PASSWORD})
        for one in (amina, again)
    )
    assert (old.status_code, new.status_code) == (401, 200)


@pytest.mark.parametrize(
    ("what", "body", "told"),
    [
        ("", {"name": "Amina S.", "language": "ar"}, {"name": "Amina S.", "language": "ar"}),
        ("/grants", {"roles": ["translator/fr"], "government": "ke"}, {"roles": ["translator/fr"], "government": "ke"}),
        ("/expiry", {"expires": "2027-06-01T00:00:00+00:00"}, {"expires": "2027-06-01T00:00:00+00:00"}),
    ],
)
def test_who_changes_a_person_has_seen_them_as_they_are(administrator, amina, what, body, told):
    seen = tag(administrator, amina)
    assert put(administrator, amina, what, body, "").status_code == 428
    changed = put(administrator, amina, what, body, seen)
    assert changed.status_code == 200
    assert {name: changed.json()[name] for name in told} == told
    assert changed.headers["ETag"] == tag(administrator, amina) != seen
    moved = put(administrator, amina, what, body, seen)
    assert (moved.status_code, moved.json()["title"]) == (412, "Something moved meanwhile")
    assert put(administrator, amina, what, body, f'"other", {changed.headers["ETag"]}').status_code == 200
    assert put(administrator, amina, what, body, "*").status_code == 200
    assert put(administrator, amina, what, body, f"W/{changed.headers['ETag']}").status_code == 412


def test_a_government_that_is_not_named_stays(administrator, amina):
    put(administrator, amina, "/grants", {"roles": [], "government": "ke"}, "*")
    assert put(administrator, amina, "/grants", {"roles": ["translator"]}, "*").json()["government"] == "ke"


def test_other_rights_count_at_once_and_end_sessions(world, administrator, amina):
    asker = session_of(world, amina)
    assert asker.get("/session").status_code == 200
    put(administrator, amina, "/grants", {"roles": ["translator"]}, "*")
    assert asker.get("/session").status_code == 401


def test_who_is_deactivated_is_out_until_they_are_let_in_again(world, administrator, amina):
    asker = session_of(world, amina)
    assert administrator.post(f"/people/{amina['person']}/deactivation").json()["state"] == "deactivated"
    assert asker.get("/session").status_code == 401
    assert administrator.post(f"/people/{amina['person']}/invitation").status_code == 409
    assert administrator.post(f"/people/{amina['person']}/reactivation").json()["state"] == "invited"
    assert administrator.post(f"/people/{amina['person']}/reactivation").status_code == 409


@pytest.mark.parametrize("way", ["deactivation", "erasure", "grants"])
def test_the_last_administrator_stays(world, administrator, way):
    person = administrator.get("/session").json()
    if way == "grants":
        answer = put(administrator, person, "/grants", {"roles": []}, "*")
    else:
        answer = administrator.post(f"/people/{person['person']}/{way}")
    assert answer.status_code == 409
    assert administrator.get("/people").status_code == 200


def test_a_lost_second_factor_is_taken_out_of_use(world, administrator, amina):
    asker = session_of(world, amina)
    secret = asker.post("/session/second-factor").json()
    assert secret["uri"].startswith("otpauth://totp/")
    answer = administrator.ask("DELETE", f"/people/{amina['person']}/second-factor")
    assert (answer.status_code, answer.json()["second_factor"]) == (200, False)
    assert asker.get("/session").status_code == 401


def test_an_administrator_signs_somebody_out_everywhere(world, administrator, amina):
    asker = session_of(world, amina)
    assert administrator.ask("DELETE", f"/people/{amina['person']}/sessions").status_code == 204
    assert asker.get("/session").status_code == 401


def test_who_is_erased_is_a_pseudonym_from_now_on_and_stays_so(world, administrator, amina):
    told = administrator.post(f"/people/{amina['person']}/erasure").json()
    again = administrator.post(f"/people/{amina['person']}/erasure").json()
    assert told == again
    found = administrator.get(f"/people/{amina['person']}").json()
    assert (found["email"], found["name"]) == (told["pseudonym"], told["pseudonym"])
    assert "Amina" not in administrator.get("/people").text
    assert put(administrator, amina, "", {"name": "A", "language": "en"}, "*").status_code == 409


def test_everybody_takes_their_own_data_along_and_administrators_anybodys(world, administrator, amina):
    asker = session_of(world, amina)
    own = asker.get("/session/data").json()
    assert (own["email"], own["grants"][0]["role"]) == (AMINA["email"], "reviewer")
    assert administrator.get(f"/people/{amina['person']}/data").json()["email"] == AMINA["email"]
    assert asker.get(f"/people/{amina['person']}/data").status_code == 403
    for secret in (amina["token"], asker.headers["Authorization"].removeprefix("Bearer ")):
        assert secret not in asker.get("/session/data").text


def test_everybody_sees_and_ends_their_own_sessions_and_nobody_elses(world, amina):
    here, there = session_of(world, amina), session_of(world, amina)
    found = {one["current"]: one["session"] for one in here.get("/session/sessions").json()["sessions"]}
    assert len(found) == 2
    stranger = world.person("translator")
    assert stranger.ask("DELETE", f"/session/sessions/{found[False]}").status_code == 204
    assert there.get("/session").status_code == 200, "it is not the stranger's to end"
    assert here.ask("DELETE", f"/session/sessions/{found[False]}").status_code == 204
    assert (here.get("/session").status_code, there.get("/session").status_code) == (200, 401)
    ended = here.ask("DELETE", f"/session/sessions/{found[True]}")
    assert 'session=""' in ended.headers["Set-Cookie"]
    assert here.get("/session").status_code == 401


@pytest.mark.parametrize("path", ["/session/data", "/session/sessions"])
def test_what_is_ones_own_is_a_persons_and_not_a_programs(world, path):
    assert world.nobody().get(path).status_code == 401
    assert world.program("sites:read").get(path).status_code == 403


def test_nobody_raises_their_own_rights(world, amina):
    asker = session_of(world, amina)
    assert put(asker, amina, "/grants", {"roles": ["administrator"]}, "*").status_code == 403
    assert asker.post("/people", AMINA | {"email": "me@herbarium.example"}).status_code == 403
    assert asker.get("/session").json()["roles"] == ["reviewer@demo/fr"]


def test_who_did_it_stands_in_the_journal(world, administrator, amina):
    put(administrator, amina, "/grants", {"roles": ["translator"]}, "*")
    entries = administrator.get("/audit?most=200").json()["entries"]
    (entry,) = [one for one in entries if one["verb"] == "grant"]
    assert (entry["by"], entry["door"]) == ("administrator..@office.example", "web")


@pytest.mark.parametrize("path", ["/people/nothing", "/people/..%2f..", f"/people/{'0' * 32}"])
def test_who_is_not_there_is_not_found(administrator, path):
    assert administrator.get(path).status_code == 404


def test_the_page_of_an_invitation_is_there(world, amina):
    path = amina["address"].removeprefix("http://localhost").partition("#")[0]
    assert Visitor(world.app).get(path).headers["Content-Language"] == "fr"

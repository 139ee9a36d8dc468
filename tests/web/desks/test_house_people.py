"""People on pages: invited, given roles and taken them, kept out and let in again; and what people do for themselves."""

import re

import pytest
from pyotp import TOTP

from tests.people.samples import PASSWORD
from tests.web.browser import Browser
from tests.web.desks.staff import alert, staff_of, words
from tests.web.house import build_house


@pytest.fixture(scope="module")
def staff(tmp_path_factory):
    return staff_of(build_house(tmp_path_factory.mktemp("house")))


@pytest.fixture
def ada(staff):
    made = Browser(staff.app)
    made.post("/sign-in", email="ada@house.example", password=PASSWORD)
    return made


def test_who_is_invited_chooses_a_password_and_signs_in(staff, ada):
    answer = ada.post(
        "/people/invitation", email="nour@house.example", name="Nour", language="ar", role="translator@demo/ar"
    )
    token = re.search(r"invitation\?lang=ar#([^<\s]+)", answer.text)[1]
    nour = Browser(staff.app)
    assert nour.post("/invitation", token=token, password=PASSWORD, again=PASSWORD).status_code == 303
    assert nour.post("/sign-in", email="nour@house.example", password=PASSWORD).headers["Location"] == "/"
    assert "Nour" in words(ada.get("/people?q=nour"))
    assert "Nour" in words(ada.get("/people?q=NÔUR"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "", "name": "Nobody"}, "needs an e-mail address and a name"),
        ({"email": "x@house.example", "name": "X", "role": "wizard"}, "is no role"),
        ({"email": "x@house.example", "name": "X", "role": "translator@nowhere"}, "There is no site nowhere"),
        ({"email": "ada@house.example", "name": "Other"}, ""),
    ],
)
def test_an_invitation_that_will_not_do_comes_back_with_what_was_typed(ada, fields, said):
    answer = ada.post("/people/invitation", **fields)
    assert answer.status_code >= 400
    assert said in alert(answer) != ""
    assert f'value="{fields["name"]}"' in answer.text


def test_roles_are_given_and_taken_back(staff, ada):
    staff.browser("translator", "demo", "fr")
    person = staff.service.people().find("translatordemofr@house.example")
    place = f"/people/{person.id}"
    assert ada.post(f"{place}/grant", role="reviewer", locale="fr").headers["Location"] == f"{place}?said=grant"
    assert "reviewer" in words(ada.get(place))
    ada.post(f"{place}/withdraw", role="translator@demo/fr")
    assert [str(grant) for grant in staff.service.people().person(person.id).grants] == ["reviewer/fr"]
    assert "is no role" in alert(ada.post(f"{place}/grant", role="wizard"))


def test_of_two_who_change_roles_at_once_the_later_looks_again(staff, ada, monkeypatch):
    staff.browser("reviewer", "demo")
    room = staff.service.people()
    person = room.find("reviewerdemo@house.example")
    look = type(room).person

    def person_then_changed(self, wanted):
        found = look(self, wanted)
        monkeypatch.undo()
        self.set_grants(wanted, ())
        return found

    monkeypatch.setattr(type(room), "person", person_then_changed)
    answer = ada.post(f"/people/{person.id}/grant", role="translator", locale="fr")
    assert answer.status_code == 409
    assert "Somebody else has changed these roles" in alert(answer)
    assert room.person(person.id).grants == frozenset()


def test_a_closed_account_signs_in_no_more_until_it_is_opened_again(staff, ada):
    staff.browser("developer")
    person = staff.service.people().find("developer@house.example")
    ada.post(f"/people/{person.id}/deactivate")
    gone = Browser(staff.app)
    assert gone.post("/sign-in", email=person.email, password=PASSWORD).status_code == 401
    ada.post(f"/people/{person.id}/reactivate")
    assert gone.post("/sign-in", email=person.email, password=PASSWORD).status_code == 303


def test_the_last_administrator_cannot_close_their_own_account(staff, ada):
    person = staff.service.people().find("ada@house.example")
    answer = ada.post(f"/people/{person.id}/deactivate")
    assert answer.status_code == 409
    assert "administrator" in alert(answer)


def test_nobody_but_administrators_sees_people(staff):
    for role in ("translator", "secretariat"):
        made = staff.browser(role)
        assert made.get("/people").status_code == 403
        assert made.post("/people/invitation", email="a@b.example", name="A").status_code == 403


def test_one_changes_name_password_and_letters(staff):
    own = staff.browser("reviewer")
    own.post("/preferences/describe", name="Rosa Lind", language="es")
    own.post("/preferences/digest", digest="weekly")
    found = staff.service.people().find("reviewer@house.example")
    assert (found.name, found.language) == ("Rosa Lind", "es")
    assert staff.service.people().digest(found.id) == "weekly"
    assert "not the same" in alert(own.post("/preferences/password", old=PASSWORD, new="a", again="b"))
    new = "another lantern in the cellar"
    assert own.post("/preferences/password", old=PASSWORD, new=new, again=new).status_code == 303
    assert own.get("/preferences").status_code == 200
    assert Browser(staff.app).post("/sign-in", email=found.email, password=PASSWORD).status_code == 401


def test_a_second_factor_is_set_up_by_a_picture_and_its_codes(staff):
    own = staff.browser("secretariat")
    shown = own.post("/preferences/second-factor/enrolment")
    assert "<svg" in shown.text
    secret = re.search(r'name="secret" value="([A-Z2-7]+)"', shown.text)[1]
    assert "wrong" in alert(own.post("/preferences/second-factor/confirmation", code="000000", secret=secret, uri="x"))
    for forged in ("𝄞" * 1000, "x" * 1001):
        answer = own.post("/preferences/second-factor/confirmation", code="000000", secret=secret, uri=forged)
        assert answer.status_code in (404, 422)
    code = TOTP(secret).at(staff.service.clock())
    kept = own.post("/preferences/second-factor/confirmation", code=code, secret=secret, uri="x")
    assert "Keep these codes" in words(kept)
    assert staff.service.people().find("secretariat@house.example").has_second_factor
    own.post("/preferences/second-factor-off", old=PASSWORD)
    assert not staff.service.people().find("secretariat@house.example").has_second_factor


def test_one_takes_along_what_is_kept_of_oneself(staff):
    own = staff.browser("content-editor")
    assert own.get("/preferences/data").json()["email"] == "contenteditor@house.example"


def test_one_signs_out_everywhere(staff):
    one, other = staff.browser("publishing-authority"), staff.browser("publishing-authority")
    one.post("/preferences/sign-out-everywhere")
    assert other.get("/preferences").headers["Location"].startswith("/sign-in")

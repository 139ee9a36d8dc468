"""OpenID Connect: what comes back from the provider by the browser, and what is refused of it."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.openid import OpenId
from tests.connectors.openid.house import settings, signed_in
from tests.openid_provider import CLIENT, SECRET, running, visited
from tm_service.domain.errors import ConnectorError, NotFound
from tm_service.domain.openid import Pending
from tm_service.domain.people import SignInRefused


def test_an_answer_to_another_sign_in_is_refused_before_anything_is_asked(house, garden):
    for changed in ({"state": "another"}, {"state": ""}, {"state": "\udcff"}):
        with pytest.raises(SignInRefused, match="another sign-in"):
            signed_in(house, **changed)
    assert ("POST", "/token") not in garden.asked


def test_an_answer_of_another_provider_is_refused(house, garden, clock):
    """The mix-up attack: a browser that began at one provider comes back with a code of another (RFC 9207)."""
    with running() as thief:
        both = OpenId([settings(garden), settings(thief, "thief")], clock)
        began = both.begin("thief")
        honest = both.begin("garden")
        stolen = visited(honest.address) | {"state": began.pending.state}
        with pytest.raises(SignInRefused, match="another provider"):
            both.finish("thief", began.pending, stolen)
        with pytest.raises(SignInRefused):
            both.finish("thief", honest.pending, visited(honest.address))
        claimed = {"state": honest.pending.state, "iss": thief.address, "code": "of the honest one"}
        with pytest.raises(SignInRefused, match="begun elsewhere"):
            both.finish("thief", honest.pending, claimed)
        assert ("POST", "/token") not in thief.asked


def test_who_says_that_answers_name_their_issuer_has_to(house, garden):
    begun = house.begin("garden")
    answer = visited(begun.address)
    del answer["iss"]
    with pytest.raises(SignInRefused, match="another provider"):
        house.finish("garden", begun.pending, answer)


def test_who_does_not_say_so_need_not_and_is_believed_no_other_name(house, garden):
    garden.described = {"authorization_response_iss_parameter_supported": False}
    begun = house.begin("garden")
    answer = visited(begun.address)
    del answer["iss"]
    assert house.finish("garden", begun.pending, answer).subject == "s-1"
    with pytest.raises(SignInRefused, match="another provider"):
        signed_in(house, iss="https://elsewhere.example")


def test_a_code_is_good_once_and_for_who_began(house):
    begun, other = house.begin("garden"), house.begin("garden")
    answer = visited(begun.address)
    with pytest.raises(SignInRefused, match="used or too old"):  # whose proof is another
        house.finish("garden", other.pending, answer | {"state": other.pending.state})
    answer = visited(begun.address)
    assert house.finish("garden", begun.pending, answer).subject == "s-1"
    with pytest.raises(SignInRefused, match="used or too old"):
        house.finish("garden", begun.pending, answer)


@pytest.mark.parametrize(("error", "said"), [("access_denied", "(access_denied)"), ("<b>", "did not sign you in;")])
def test_a_refusal_of_the_provider_is_said(house, error, said):
    begun = house.begin("garden")
    answer = {"state": begun.pending.state, "iss": house.providers()[0].issuer, "error": error}
    with pytest.raises(SignInRefused, match="Garden did not sign you in") as refused:
        house.finish("garden", begun.pending, answer)
    assert said in str(refused.value)
    assert "<b>" not in str(refused.value)


@pytest.mark.parametrize("code", ["", "x" * 5000, "a\r\nb"])
def test_an_answer_without_a_code_is_refused(house, code):
    with pytest.raises(SignInRefused, match="no code"):
        signed_in(house, code=code)


def test_a_sign_in_is_finished_within_ten_minutes(house, clock):
    begun = house.begin("garden")
    answer = visited(begun.address)
    clock.ahead = timedelta(minutes=11)
    with pytest.raises(SignInRefused, match="too long"):
        house.finish("garden", begun.pending, answer)
    clock.ahead = -timedelta(minutes=1)
    with pytest.raises(SignInRefused, match="too long"):
        house.finish("garden", begun.pending, answer)


def test_who_signs_out_may_do_so_at_the_provider_too(house, garden, clock):
    place = urlsplit(house.leave("garden"))
    assert f"{place.scheme}://{place.netloc}{place.path}" == f"{garden.address}/end_session"
    assert parse_qs(place.query) == {
        "client_id": [CLIENT],
        "post_logout_redirect_uri": ["https://tm.example.org/"],
    }
    garden.described = {"end_session_endpoint": None}
    clock.ahead = timedelta(hours=1)
    assert house.leave("garden") == ""
    garden.described = {"end_session_endpoint": "javascript:alert(1)"}
    clock.ahead = timedelta(hours=2)
    with pytest.raises(ConnectorError):
        house.leave("garden")


def test_a_provider_that_is_not_there_is_named(house):
    with pytest.raises(NotFound, match="no provider 'shore'"):
        house.begin("shore")
    pending = Pending("shore", datetime.now(UTC), "s", "n", "v")
    with pytest.raises(SignInRefused):
        house.finish("garden", pending, {})


def test_no_answer_holds_what_is_secret(house, garden):
    garden.claims = {"nonce": "another"}
    begun = house.begin("garden")
    answer = visited(begun.address)
    with pytest.raises(SignInRefused) as refused:
        house.finish("garden", begun.pending, answer)
    for secret in (SECRET, answer["code"], begun.pending.verifier, begun.pending.nonce):
        assert secret not in str(refused.value)
    assert json.loads(begun.pending.written())["provider"] == "garden"

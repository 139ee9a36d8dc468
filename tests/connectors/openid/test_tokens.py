"""OpenID Connect against a real provider on loopback: whose token is believed, and whose is not."""

import base64
import hashlib
from datetime import timedelta
from time import time
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.openid import OpenId
from tests.connectors.openid.house import settings, signed_in
from tests.openid_provider import CLIENT, REDIRECT, SECRET, new_key, unsigned
from tm_service.domain.errors import ConnectorError
from tm_service.domain.openid import read_pending
from tm_service.domain.people import SignInRefused


def test_who_the_provider_vouches_for_is_known_by_subject_and_verified_address(house, garden):
    found = signed_in(house)
    assert (found.issuer, found.subject) == (garden.address, "s-1")
    assert (found.email, found.name) == ("ana@garden.example", "Ana Lopez")


def test_the_browser_is_sent_with_a_state_a_nonce_and_a_challenge_that_differ_each_time(house, garden):
    begun = [house.begin("garden") for _time in range(2)]
    first, second = ({name: value[0] for name, value in parse_qs(urlsplit(one.address).query).items()} for one in begun)
    assert begun[0].address.startswith(f"{garden.address}/authorization?")
    assert first["code_challenge_method"] == "S256"
    proof = base64.urlsafe_b64encode(hashlib.sha256(begun[0].pending.verifier.encode()).digest()).rstrip(b"=").decode()
    assert first["code_challenge"] == proof
    assert (first["response_type"], first["redirect_uri"], first["client_id"]) == ("code", REDIRECT, CLIENT)
    assert "openid" in first["scope"].split()
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))
    assert begun[0].pending.verifier not in begun[0].address
    shown = repr([one.pending for one in begun]) + repr(house.providers())
    assert not [told for told in (first["state"], first["nonce"], SECRET) if told in shown]


def test_what_the_browser_keeps_comes_back_as_it_was(house):
    pending = house.begin("garden").pending
    assert read_pending(pending.written()) == pending


@pytest.mark.parametrize("written", ["", "{}", "[]", "null", '{"provider": 1}', "[" * 100_000, '{"begun":"today"}'])
def test_what_it_cannot_have_kept_is_refused(written):
    with pytest.raises(SignInRefused):
        read_pending(written)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # and many providers know no other name for it
@pytest.mark.parametrize("kind", ["ES256", "EdDSA", "Ed25519"])
def test_other_good_signatures_are_believed(house, garden, kind):
    garden.algorithm, garden.keys = kind, [new_key(kind)]
    assert signed_in(house).subject == "s-1"


def test_a_key_without_a_name_is_found_where_there_is_only_one(house, garden):
    nameless = new_key()
    nameless = type(nameless).import_key(
        {name: value for name, value in nameless.as_dict(private=True).items() if name != "kid"}
    )
    garden.keys = [nameless]
    assert signed_in(house).subject == "s-1"


def test_a_secret_goes_the_way_that_the_provider_takes(house, garden):
    garden.described = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    signed_in(house)
    assert garden.forms[-1]["client_secret"] == SECRET
    assert garden.forms[-1]["code_verifier"]


def test_a_wrong_secret_is_the_house_s_trouble_and_is_not_told(garden, clock):
    house = OpenId([settings(garden, secret="not it")], clock)  # noqa: S106 - of nobody
    with pytest.raises(ConnectorError, match=r"invalid_client.*client and secret") as refused:
        signed_in(house)
    assert "not it" not in str(refused.value)


# what is wrong with the token

NOW = int(time())
WRONG = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "somebody-else"},
    "another audience in a list": {"aud": ["somebody-else"]},
    "no audience": {"aud": None},
    "an audience that is no text": {"aud": {"tm-service": 1}},
    "two audiences and nobody who asked": {"aud": [CLIENT, "somebody-else"]},
    "asked for by somebody else": {"azp": "somebody-else"},
    "over": {"exp": NOW - 3600},
    "without an end": {"exp": None},
    "an end that is true": {"exp": True},
    "an end that is no number": {"exp": "tomorrow"},
    "an end beyond number": {"exp": float("inf")},
    "not yet good": {"nbf": NOW + 3600},
    "good from a text on": {"nbf": "now"},
    "made in the future": {"iat": NOW + 3600},
    "made long before": {"iat": NOW - 3600},
    "made nobody knows when": {"iat": None},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "a nonce that is no text": {"nonce": 7},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 7},
    "an endless subject": {"sub": "s" * 256},
    "a subject of two lines": {"sub": "s\n1"},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_token_that_says_anything_else_lets_nobody_in(house, garden, claims):
    garden.claims = claims
    with pytest.raises(SignInRefused, match="cannot be trusted"):
        signed_in(house)


def test_a_token_for_two_that_we_asked_for_is_good(house, garden):
    garden.claims = {"aud": [CLIENT, "somebody-else"], "azp": CLIENT}
    assert signed_in(house).subject == "s-1"


def test_clocks_may_differ_by_half_a_minute(house, garden):
    garden.claims = {"iat": int(time()) + 30, "nbf": int(time()) + 30, "exp": int(time()) - 30}
    assert signed_in(house).subject == "s-1"


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email_verified": 1.5},
        {"email": ["ana@garden.example"]},
        {"email": "ana"},
        {"email": "a" * 300 + "@garden.example"},
        {"email": "ana@garden.example\n"},
    ],
)
def test_an_address_that_is_not_verified_lets_nobody_in(house, garden, claims):
    garden.claims = claims
    with pytest.raises(SignInRefused, match="e-mail address"):
        signed_in(house)


def test_an_address_that_the_token_leaves_out_is_asked_for(house, garden):
    garden.claims = {"email": None, "email_verified": None, "name": None}
    garden.userinfo = garden.person | {"name": "Ana"}
    assert (signed_in(house).email, signed_in(house).name) == ("ana@garden.example", "Ana")


def test_what_is_told_of_somebody_else_does_not_count(house, garden):
    garden.claims = {"email": None, "email_verified": None}
    garden.userinfo = garden.person | {"sub": "s-2"}
    with pytest.raises(SignInRefused, match="does not tell an e-mail address"):
        signed_in(house)


# who signed it


def test_a_token_that_nobody_signed_is_not_believed(house, garden):
    garden.sign = unsigned
    with pytest.raises(SignInRefused, match="signature"):
        signed_in(house)


def test_a_token_signed_with_the_public_key_is_not_believed(house, garden):
    garden.sign = garden.signed_by_public_key
    with pytest.raises(SignInRefused, match="signature"):
        signed_in(house)


def test_a_token_signed_by_another_under_the_same_name_is_not_believed(house, garden):
    garden.signer = new_key(kid="first")
    with pytest.raises(SignInRefused, match="signature"):
        signed_in(house)


def test_a_token_of_a_key_that_nobody_told_is_not_believed(house, garden):
    garden.signer = new_key(kid="other")
    with pytest.raises(SignInRefused, match="a key that it does not name"):
        signed_in(house)


@pytest.mark.parametrize("token", ["", "a.b.c", "....", "e30.e30.", "x" * 100_000, "\ud800.a.b", "a.b.c.d.e"])
def test_what_is_no_token_is_refused(house, garden, token):
    garden.sign = lambda _claims: token
    with pytest.raises(SignInRefused):
        signed_in(house)


@pytest.mark.parametrize("key", [{"use": "enc"}, {"alg": "PS256"}, {"kty": "oct", "k": "c2VjcmV0"}, {"n": "AQAB"}])
def test_a_key_that_is_for_something_else_signs_nothing(house, garden, key):
    said = garden.keys[0].as_dict(private=False) | key
    garden.answers["/keys"] = lambda asked: asked.json({"keys": [said]})
    with pytest.raises(SignInRefused, match="a key that it does not name"):
        signed_in(house)


def test_two_keys_of_one_name_sign_nothing(house, garden):
    garden.keys = [new_key(), new_key()]
    with pytest.raises(SignInRefused, match="a key that it does not name"):
        signed_in(house)


# keys that change


def test_keys_are_asked_for_once_and_again_when_a_new_one_signs(house, garden, clock):
    for _time in range(3):
        signed_in(house)
    assert garden.asked.count(("GET", "/keys")) == garden.asked.count(("GET", "/.well-known/openid-configuration")) == 1
    garden.keys = [new_key(kid="second")]
    clock.ahead = timedelta(seconds=40)
    garden.claims = {"iat": int(time()) + 40}
    assert signed_in(house).subject == "s-1"
    assert garden.asked.count(("GET", "/keys")) == 2


def test_a_stream_of_unknown_keys_is_no_stream_of_questions(house, garden):
    signed_in(house)
    garden.signer = new_key(kid="other")
    for _time in range(4):
        with pytest.raises(SignInRefused):
            signed_in(house)
    assert garden.asked.count(("GET", "/keys")) == 1


def test_a_key_that_was_taken_back_is_believed_for_a_quarter_of_an_hour_at_most(house, garden, clock):
    signed_in(house)
    garden.signer, garden.keys = garden.keys[0], [new_key(kid="second")]
    clock.ahead = timedelta(minutes=16)
    garden.claims = {"iat": int(time()) + 960, "exp": int(time()) + 2000}
    with pytest.raises(SignInRefused):
        signed_in(house)

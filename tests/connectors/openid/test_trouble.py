"""OpenID Connect against a provider that fails, drips, lies or sends elsewhere: a sentence, and nobody waits."""

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Barrier, Thread
from time import time

import pytest

from connectors import openid_tokens
from connectors.openid import OpenId
from connectors.openid_calls import OpenIdCalls
from tests.connectors.openid.house import QUICK, settings, signed_in
from tests.openid_provider import visited
from tm_service.domain.errors import ConnectorError
from tm_service.domain.people import SignInRefused


def bomb(asked):
    asked.raw(b'{"keys": [' + b"1," * 400_000 + b"1]}")


def deep(asked):
    asked.raw(b'{"keys": ' + b"[" * 90_000 + b"]" * 90_000 + b"}")


ANSWERS = {
    "a bomb": bomb,
    "too deep": deep,
    "a page": lambda asked: asked.raw(b"<html>"),
    "nothing": lambda asked: asked.raw(b""),
    "no object": lambda asked: asked.json([]),
    "broken": lambda asked: asked.json({"error": "x"}, 500),
    "elsewhere": lambda asked: asked.redirect("http://127.0.0.1:1/"),
    "to itself": lambda asked: asked.redirect(asked.path),
    "a drip": lambda asked: asked.drip(9),
    "a cut": lambda asked: asked.connection.close(),
}
PLACES = ["/.well-known/openid-configuration", "/keys", "/token"]


SAID = {
    "a bomb": "with more than 262,144 bytes",
    "elsewhere": "sends us elsewhere",
    "to itself": "sends us elsewhere",
    "a drip": "within 3 seconds",
    "a cut": "cannot be reached",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ANSWERS)
def test_a_provider_that_misbehaves_costs_a_sentence(house, garden, clock, place, kind):
    begun = house.begin("garden") if place != PLACES[0] else None
    garden.answers[place] = ANSWERS[kind]
    answered = visited(begun.address) if begun else {}
    act = partial(house.finish, "garden", begun.pending, answered) if begun else partial(house.begin, "garden")
    with pytest.raises((ConnectorError, SignInRefused)) as refused:
        act()
    assert str(refused.value).endswith(".")
    assert SAID.get(kind, "") in str(refused.value)
    del garden.answers[place]
    pass_by(clock, garden)
    assert signed_in(house).subject == "s-1"


def pass_by(clock, garden, seconds=31):
    clock.ahead += timedelta(seconds=seconds)
    garden.claims = {"iat": int(time() + clock.ahead.total_seconds())}


@pytest.mark.parametrize("place", PLACES[:2])
def test_of_many_who_sign_in_by_a_provider_that_fails_one_asks_and_waits_for_it(garden, clock, place):
    house, asked = OpenId([settings(garden)], clock), Barrier(8)
    began = [house.begin("garden") for _ in range(8)] if place == PLACES[1] else []
    answers = [visited(one.address) for one in began]
    garden.answers[place] = ANSWERS["broken"]

    def sign_in(number):
        asked.wait()
        with pytest.raises(ConnectorError) as refused:
            house.finish("garden", began[number].pending, answers[number]) if began else house.begin("garden")
        return str(refused.value)

    with ThreadPoolExecutor(8) as pool:
        said = Counter(pool.map(sign_in, range(8)))
    assert said.pop("Garden did not answer; try again in half a minute.") == 7
    assert sum(said.values()) == 1
    assert garden.asked.count(("GET", place)) == 1
    del garden.answers[place]
    pass_by(clock, garden, 10)
    with pytest.raises(ConnectorError, match="in half a minute"):
        signed_in(house)
    pass_by(clock, garden, 21)
    assert signed_in(house).subject == "s-1"


def test_a_clock_that_goes_back_does_not_shut_a_provider_out(house, garden, clock):
    garden.answers[PLACES[0]] = ANSWERS["a cut"]
    clock.ahead = timedelta(hours=1)
    with pytest.raises(ConnectorError):
        house.begin("garden")
    garden.answers.clear()
    clock.ahead = timedelta(0)
    assert signed_in(house).subject == "s-1"


def test_a_hundred_keys_are_looked_at_and_no_more(house, garden):
    many = [{"kty": "RSA", "n": "A" * 1400, "e": "AQAB", "kid": str(number)} for number in range(100)]
    garden.answers["/keys"] = lambda asked: asked.json({"keys": [*many, garden.keys[0].as_dict(private=False)]})
    with pytest.raises(SignInRefused):
        signed_in(house)


def test_a_key_too_long_to_be_used_is_none(house, garden, monkeypatch):
    """It is not even read: that alone would take long."""
    said = garden.keys[0].as_dict(private=False) | {"n": "A" * 200_000}
    garden.answers["/keys"] = lambda asked: asked.json({"keys": [said]})
    monkeypatch.setattr(openid_tokens.RSAKey, "import_key", pytest.fail)
    with pytest.raises(SignInRefused):
        signed_in(house)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("authorization_endpoint", "http://elsewhere.example/authorization"),
        ("token_endpoint", "file:///etc/passwd"),
        ("token_endpoint", "http://elsewhere.example/token"),
        ("token_endpoint", "https://user:word@elsewhere.example/"),
        ("jwks_uri", "gopher://127.0.0.1/"),
        ("jwks_uri", "https://elsewhere.example\\@127.0.0.1/"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", ""),
        ("jwks_uri", None),
        ("issuer", "https://elsewhere.example"),
    ],
)
def test_a_provider_that_names_unsafe_places_is_not_used(house, garden, name, place):
    garden.described = {name: place}
    with pytest.raises(ConnectorError):
        house.begin("garden")
    assert set(garden.asked) == {("GET", "/.well-known/openid-configuration")}


def test_a_provider_inside_a_network_is_asked_only_where_that_was_said(garden, clock):
    outside = OpenId([settings(garden, inside=False)], clock)
    with pytest.raises(ConnectorError, match="without TLS"):
        outside.begin("garden")
    guarded = OpenIdCalls(inside=False, patience=QUICK)
    with pytest.raises(ConnectorError, match="inside a network"):
        guarded.get(garden.address.replace("http:", "https:"))
    assert garden.asked == []


def test_a_provider_is_asked_by_the_name_that_it_was_given():
    """The brackets of an IPv6 address are a part of it."""
    asked = []

    class Telling(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.headers["Host"])
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_said: object):
            """Say nothing."""

    inside = type("Inside", (HTTPServer,), {"address_family": socket.AF_INET6})
    with inside(("::1", 0), Telling) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        OpenIdCalls(inside=True, patience=QUICK).get(f"http://[::1]:{server.server_port}/keys")
        thread.join()
    assert asked == [f"[::1]:{server.server_port}"]

"""Redaction: whatever is logged, wherever a secret stands in it, nobody reads it there."""

import base64
import json
import secrets
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tm_service.people.secrets_kept import new_token
from tm_service.redaction import HIDDEN, passwords, redacted, redactor

SECRET = "s3cr/e@t:Wörd"  # noqa: S105 - what must not be seen
plain = redactor()


@pytest.mark.parametrize(
    "said",
    [
        "postgresql://ana:kelp9forest@db.example.org/store",
        "redis://:kelp9forest@127.0.0.1:6379/0 is away",
        "smtps://ana:kelp9/for@est@mail.example.org:465",
        "fatal: unable to access 'https://kelp9forest@git.example.org/site.git/'",
        "https://kelp9forest:x-oauth-basic@git.example.org/site.git",
        "Authorization: Bearer kelp9forest",
        "authorization: Basic YW5hOmtlbHA5Zm9yZXN0",
        "Proxy-Authorization: Digest username=ana, response=kelp9forest",
        "Cookie: lang=fr; session=kelp9forest; theme=kelp9forest",
        "Set-Cookie: session=kelp9forest; HttpOnly",
        "[(b'host', b'localhost'), (b'cookie', b'session=kelp9forest'), (b'accept', b'*/*')]",
        "{'authorization': 'Token kelp9forest', 'accept': '*/*'}",
        'headers {"Cookie": "a=kelp9forest", "Accept": "*/*"}',
        '{"password": "kelp9forest", "email": "ana@example.org"}',
        '{\\"password\\": \\"kelp9forest\\"}',
        '{"client_secret":"kelp9\\"forest"}',
        "password='kelp9forest and more kelp9forest'",
        "host=db user=ana password=kelp9forest dbname=store",
        "password = kelp9forest",
        "TM_SERVICE_RECORDS_PASSWORD=kelp9forest",
        "PGPASSWORD: kelp9forest",
        "POST /token?grant_type=code&client_secret=kelp9forest&code_verifier=kelp9forest",
        "x-api-key: kelp9forest",
        "csrf_token=kelp9forest",
        "invitation=kelp9forest",
        "MultiDict([('password', 'kelp9forest'), ('email', 'ana@example.org')])",
        "otpauth://totp/tm:ana?secret=kelp9forest&issuer=tm",
        "tms_0123456789ab_kelp9forest",
        "whsec_kelp9forest",
        "bearer kelp9forest",
    ],
)
def test_what_looks_like_a_secret_is_hidden(said):
    assert "kelp9" not in plain(said), plain(said)
    assert "YW5h" not in plain(said)


@pytest.mark.parametrize(
    "said",
    [
        "The database postgresql://db.example.org:5432/store cannot be used: connection refused.",
        "job 99dc65afdec247d4815c40b641b6d087 (deploy reef) attempt 1",
        "The authority of 2026 has basic information; the session was long.",
        "https://example.org/articles/6784f21cc1f5b20012a9e005?locale=fr",
        "git@example.org:site.git, ana@example.org",
        "bd6a4c3eac08b5b6a1e8ee7d7b47a6b1d9de8a3e0ab0e6f3b1a7d0c5e1c9f2aa",
        "texts/home-page-of-the-botanical-garden.json",
        "Package reef-17-fr is reintegrated; it cannot become returned.",
    ],
)
def test_what_is_no_secret_stays(said):
    assert plain(said) == said


def test_tokens_of_the_house_are_known_by_their_shape():
    for _ in range(200):
        token = new_token()
        assert token not in plain(f"GET /invitations/{token}?lang=fr refused: {token!r} is used.")


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=4, max_size=40),
    st.sampled_from(["{}", "said {} twice: {}", "'{}'", "a{}b", "%s {}", "é{}\n{}"]),
)
def test_a_known_secret_is_hidden_wherever_it_stands(secret, around):
    assume(secret not in around and secret not in HIDDEN * 3)
    for spelled in (secret, quote(secret), quote(secret, safe="")):
        if spelled not in around:
            hidden = redactor([secret])(around.replace("{}", spelled))
            assert around.count("{}") <= hidden.count(HIDDEN) or spelled not in hidden


@given(st.text(max_size=300))
def test_redacting_twice_is_redacting_once_for_known_secrets(text):
    redact = redactor(["kelp forest", "seagrass"])
    said = redact(f"{text}seagrass{text}")
    assert "seagrass" not in said
    assert redact(said) == said


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.binary(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=12,
    )
)
def test_whatever_is_logged_comes_out_as_json(value):
    json.dumps(redacted(value, plain))


def test_what_stands_under_a_secrets_name_is_hidden_however_deep():
    value = {"a": [{"Password": ["kelp9forest"]}], "session_cookie": b"kelp9forest", "n": {1: {"token": "kelp9forest"}}}
    assert "kelp9" not in json.dumps(redacted(value, plain))


def test_what_refers_to_itself_comes_to_an_end():
    loop: dict[str, object] = {}
    loop["again"] = loop
    assert json.dumps(redacted(loop, plain))


def test_the_password_of_an_address_is_found_as_written_and_as_meant():
    assert passwords(f"postgresql://ana:{quote(SECRET, safe='')}@db/store") == (quote(SECRET, safe=""), SECRET)
    assert passwords("postgresql://db/store") == ()
    assert passwords("http://[::1") == ()


def test_a_second_factors_secret_is_hidden():
    assert plain(base64.b32encode(secrets.token_bytes(20)).decode()) == HIDDEN

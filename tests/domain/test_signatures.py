"""Signatures, by the vectors that GitHub and Standard Webhooks publish, and by what holds for all of them."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tm_service.domain.signatures import TOLERANCE, hexadecimal, is_same, is_standard, standard, written

# standard-webhooks/standard-webhooks, libraries/go/webhook_test.go
SECRET, MESSAGE, BODY = (
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    b'{"test": 2432232314}',
)
MOMENT = datetime.fromtimestamp(1614265330, UTC)
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
SECRETS = st.binary(min_size=24, max_size=64).map(written)
NAMES = st.from_regex(r"msg_[A-Za-z0-9]{1,30}", fullmatch=True)


def test_it_signs_as_standard_webhooks_do():
    assert standard(SECRET, MESSAGE, "1614265330", BODY) == SIGNATURE


def test_it_signs_as_github_does():
    """docs.github.com, "Validating webhook deliveries"."""
    expected = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert hexadecimal("It's a Secret to Everybody", b"Hello, World!") == expected


def told(signatures=SIGNATURE, message=MESSAGE, moment="1614265330", body=BODY, now=MOMENT, secrets=(SECRET,)):
    return is_standard(secrets, signatures, message, moment, body, now)


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ({}, True),
        ({"signatures": f"{OTHER} v2,AAAA {SIGNATURE} {OTHER}"}, True),
        ({"secrets": ("no base 64!", "whsec_", SECRET)}, True),
        ({"now": MOMENT + TOLERANCE}, True),
        ({"now": MOMENT + TOLERANCE + timedelta(seconds=1)}, False),
        ({"now": MOMENT - TOLERANCE - timedelta(seconds=1)}, False),
        ({"signatures": OTHER}, False),
        ({"signatures": ""}, False),
        ({"signatures": SIGNATURE.removeprefix("v1,")}, False),
        ({"signatures": SIGNATURE.replace("v1,", "v1a,")}, False),
        ({"message": ""}, False),
        ({"moment": ""}, False),
        ({"moment": "1614265330.0"}, False),
        ({"moment": "-1614265330"}, False),
        ({"moment": "١٦١٤٢٦٥٣٣٠"}, False),
        ({"moment": "9" * 5000}, False),
        ({"body": BODY + b" "}, False),
        ({"secrets": ()}, False),
        ({"secrets": ("whsec_", "", "no base 64!")}, False),
        ({"signatures": "v1,\udcff ☃"}, False),
    ],
)
def test_what_is_believed(said, is_right):
    assert told(**said) is is_right


@given(secret=SECRETS, name=NAMES, body=st.binary(max_size=200), seconds=st.integers(0, 4_000_000_000))
def test_whoever_signs_is_believed_and_nobody_who_changes_anything(secret, name, body, seconds):
    signature, now = standard(secret, name, str(seconds), body), datetime.fromtimestamp(seconds, UTC)
    assert is_standard([secret], signature, name, str(seconds), body, now)
    assert not is_standard([secret], signature, f"{name}x", str(seconds), body, now)
    assert not is_standard([secret], signature, name, str(seconds + 1), body, now)
    assert not is_standard([secret], signature, name, str(seconds), body + b"\0", now)


@given(one=SECRETS, other=SECRETS, body=st.binary(max_size=50))
def test_a_signature_is_good_under_its_own_secret_alone(one, other, body):
    assume(one != other)
    assert standard(one, "msg_a", "1", body) != standard(other, "msg_a", "1", body)
    assert hexadecimal(one, body) != hexadecimal(other, body)


@given(one=st.text(), other=st.text())
def test_texts_are_the_same_where_they_are(one, other):
    assert is_same(one, other) is (one == other)


def test_a_secret_is_written_with_its_mark():
    assert written(b"\xff" * 32) == "whsec_" + b64encode(b"\xff" * 32).decode()

"""The seal: what was signed is what is verified, with the key that was current then."""

import base64
import json
import stat
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.findings import Severity
from tm_service.exchange.seal import KeyRing, broken, key_id, new_key, sign

KEY = new_key()
KEYS = {KEY.id: KEY.public}
MANIFEST = b'{"package": "seeds-7-fr"}\n'
RSA = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VuBCIEIHBhcGVyIGlzIG5vdCBhIGtleSBvZiBvdXJzLCBoYQ==
-----END PRIVATE KEY-----
"""


def said(manifest, signature, keys):
    """What is wrong with a seal, one sentence at most."""
    wrong = list(broken(manifest, signature, keys))
    assert all((entry.check, entry.severity) == ("seal", Severity.WARNING) for entry in wrong)
    assert len(wrong) < 2
    return wrong[0].message if wrong else ""


@pytest.fixture
def ring(tmp_path):
    return KeyRing(tmp_path / "keys")


@given(manifest=st.binary(max_size=200))
def test_what_was_signed_verifies_and_gives_the_same_bytes(manifest):
    assert not said(manifest, sign(manifest, KEY), KEYS)
    assert sign(manifest, KEY) == sign(manifest, KEY)


@given(place=st.integers(0, len(MANIFEST) - 1), bit=st.integers(0, 7))
def test_one_bit_changed_in_the_manifest_breaks_it(place, bit):
    changed = bytearray(MANIFEST)
    changed[place] ^= 1 << bit
    assert "was changed after it was sealed" in said(bytes(changed), sign(MANIFEST, KEY), KEYS)


def test_the_document_names_the_key_and_the_algorithm():
    document = json.loads(sign(MANIFEST, KEY))
    assert (document["algorithm"], document["key"]) == ("Ed25519", KEY.id)
    assert len(base64.b64decode(document["signature"])) == 64
    assert len(KEY.id) == 16


def test_the_signature_is_that_of_the_standard():
    """RFC 8032, 7.1, test 2: the message is the one byte 0x72."""
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    loaded = Ed25519PublicKey.from_public_bytes(public)
    document = {"algorithm": "Ed25519", "key": "k", "signature": base64.b64encode(signature).decode()}
    assert not said(b"\x72", json.dumps(document).encode(), {"k": loaded})


def test_a_key_of_another_house_is_refused():
    assert "not this house's" in said(MANIFEST, sign(MANIFEST, new_key()), KEYS)


def test_a_key_that_only_calls_itself_ours_is_refused():
    document = json.loads(sign(MANIFEST, new_key())) | {"key": KEY.id}
    assert "was changed" in said(MANIFEST, json.dumps(document).encode(), KEYS)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 4000,
        b'{"algorithm": "none", "key": "x", "signature": ""}',
        b'{"algorithm": "Ed25519", "key": ["x"], "signature": ""}',
        b'{"algorithm": "Ed25519", "key": "x"}',
        b" " * 5000 + sign(MANIFEST, KEY),
    ],
)
def test_a_seal_that_cannot_be_read_is_refused_with_one_sentence(signature):
    assert "cannot be read" in said(MANIFEST, signature, KEYS)


@pytest.mark.parametrize("written", ["", "a", "====", "é", "A" * 88])
def test_a_signature_that_is_none_is_refused(written):
    document = json.loads(sign(MANIFEST, KEY)) | {"signature": written}
    assert "was changed" in said(MANIFEST, json.dumps(document).encode(), KEYS)


def test_the_first_key_is_made_at_first_need_and_stays(ring):
    assert ring.verifiers() == {}
    first = ring.current()
    assert ring.current().id == first.id == key_id(first.public)
    (file,) = ring.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(ring.folder.stat().st_mode) == 0o700


def test_a_new_key_signs_and_the_old_ones_still_verify(ring):
    keys = [ring.current(), ring.rotate(), ring.rotate()]
    assert ring.current().id == keys[-1].id
    assert len({key.id for key in keys}) == 3
    for key in keys:
        assert not said(MANIFEST, sign(MANIFEST, key), ring.verifiers())


def test_rotating_an_empty_ring_makes_the_first_key(ring):
    assert ring.rotate().id == ring.current().id


def test_a_key_taken_away_verifies_nothing(ring):
    stolen = ring.current()
    ring.rotate()
    (ring.folder / "seal-0001.pem").unlink()
    assert "not this house's" in said(MANIFEST, sign(MANIFEST, stolen), ring.verifiers())


def test_keys_are_in_the_order_of_their_numbers_not_of_their_names(ring):
    ring.current()
    (ring.folder / "seal-0001.pem").rename(ring.folder / "seal-9999.pem")
    assert ring.rotate().id == ring.current().id
    assert (ring.folder / "seal-10000.pem").exists()


def test_commands_that_make_the_first_key_at_once_agree_on_one(ring):
    found, barrier = [], threading.Barrier(8)

    def ask():
        barrier.wait()
        found.append(ring.current().id)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(list(ring.folder.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"not a key", RSA])
def test_a_damaged_key_is_said_with_its_place(ring, content):
    ring.current()
    (ring.folder / "seal-0001.pem").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"seal-0001\.pem .*put it back from a backup"):
        ring.current()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(ConfigurationError, match="keys"):
        KeyRing(tmp_path / "keys").current()

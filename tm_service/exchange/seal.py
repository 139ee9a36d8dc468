"""Seal: the house's Ed25519 signature on a manifest, and the keys it is made and verified with."""

import base64
import binascii
import errno
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from tm_service.domain.errors import ConfigurationError, ConnectorError
from tm_service.domain.findings import Finding, Severity, found

ALGORITHM = "Ed25519"  # RFC 8032

_KEY_FILE = re.compile(r"seal-(\d{4,9})\.pem")
_PASSING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})  # a full disk is emptied again
_LONGEST = 4096  # bytes of a signature document; ours has some 250


@dataclass(frozen=True, slots=True)
class SealKey:
    """A key that signs."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()

    @property
    def id(self) -> str:
        return key_id(self.public)


def key_id(public: Ed25519PublicKey) -> str:
    """Name a key by its public half: the first 16 hexadecimal digits of its SHA-256."""
    return sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def new_key() -> SealKey:
    return SealKey(Ed25519PrivateKey.generate())


def sign(manifest: bytes, key: SealKey) -> bytes:
    """The signature document of a manifest: JSON that names the key; the same manifest and key give the same bytes."""
    content = {
        "algorithm": ALGORITHM,
        "key": key.id,
        "sha256": sha256(manifest).hexdigest(),
        "signature": base64.b64encode(key.private.sign(manifest)).decode("ascii"),
    }
    return json.dumps(content, indent=1).encode("ascii") + b"\n"


def broken(manifest: bytes, signature: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Iterator[Finding]:
    """What is wrong with the seal of a manifest that came back; nothing where one of these keys made it.

    A warning, for what is used of a return is held against what was sent, and never against the manifest that came with it.
    """
    document = _document(signature)
    name, written = document.get("key"), document.get("signature")
    if document.get("algorithm") != ALGORITHM or not isinstance(name, str) or not isinstance(written, str):
        yield found("seal", Severity.WARNING, "The seal of the manifest cannot be read; only the texts were used.")
    elif name not in keys:
        said = "The manifest is sealed with a key that is not this house's; only the texts were used."
        yield found("seal", Severity.WARNING, said)
    elif not _fits(manifest, written, keys[name]):
        yield found("seal", Severity.WARNING, "The manifest was changed after it was sealed; only the texts were used.")


def _fits(manifest: bytes, written: str, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(base64.b64decode(written, validate=True), manifest)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _document(signature: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(signature) if len(signature) <= _LONGEST else None
    except (ValueError, RecursionError):
        document = None
    return document if isinstance(document, dict) else {}


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The house's keys in a folder, one file each, readable by its owner only; the one with the highest number signs.

    A key taken out of the folder verifies nothing any more: that is how one is revoked.
    """

    folder: Path

    def current(self) -> SealKey:
        """The key that signs now; the first one is made at first need. Raises ConfigurationError, ConnectorError."""
        files = self._files() or self._make(1)
        return _read(files[-1])

    def rotate(self) -> SealKey:
        """Make a new key that signs from now on; what older ones sealed still verifies. Raises ConfigurationError."""
        files = self._files()
        return _read(self._make(_number(files[-1]) + 1 if files else 1)[-1])

    def verifiers(self) -> Mapping[str, Ed25519PublicKey]:
        """The public half of every key there ever was, by id. Raises ConfigurationError."""
        keys = [_read(file) for file in self._files()]
        return {key.id: key.public for key in keys}

    def _files(self) -> list[Path]:
        """Key files, oldest first."""
        try:
            found = [file for file in self.folder.iterdir() if _KEY_FILE.fullmatch(file.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ConfigurationError(f"The keys in {self.folder} cannot be read: {error.strerror}.") from error
        return sorted(found, key=_number)

    def _make(self, number: int) -> list[Path]:
        """Write a key under a number, whole or not at all; of two commands that do so at once, the first one's key counts."""
        content = new_key().private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        draft = self.folder / f".{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
                opened.write(content)
            with suppress(FileExistsError):
                os.link(draft, self.folder / f"seal-{number:04}.pem")
        except OSError as error:
            failure = ConnectorError if error.errno in _PASSING else ConfigurationError
            raise failure(f"A key cannot be made in {self.folder}: {error.strerror}.") from error
        finally:
            with suppress(OSError):
                draft.unlink()
        return self._files()


def _number(file: Path) -> int:
    match = _KEY_FILE.fullmatch(file.name)
    return int(match[1]) if match else 0


def _read(file: Path) -> SealKey:
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(f"The key {file} cannot be read; put it back from a backup.") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ConfigurationError(f"The key {file} is not an Ed25519 key; put it back from a backup.")
    return SealKey(private)

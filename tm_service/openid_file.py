"""The OpenID file: `openid.toml` in the home, the providers that people may sign in by; every mistake is named."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.openid import Provider

_TEXTS = frozenset({"title", "issuer", "client", "redirect", "secret", "secret_file", "after"})
_NEEDED = ("issuer", "client", "redirect")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_LARGEST = 4096  # bytes of a secret


def read_providers(file: Path) -> Sequence[Provider]:
    """The providers of a file, none where it is not there. Raises ConfigurationError.

    Each is a table `[provider.NAME]` with `issuer`, `client` and `redirect`, and perhaps `title`, `after`, `inside`, and
    `secret` or `secret_file`, a path from the file's folder.
    """
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(f"{file.name} cannot be read: {error}.") from error
    tables = content.get("provider", {})
    if set(content) - {"provider"} or not isinstance(tables, dict):
        raise ConfigurationError(f"{file.name} holds nothing but [provider.NAME] tables; take the rest out.")
    made = [_provider(file, name, said) for name, said in tables.items()]
    if len({provider.issuer for provider in made}) < len(made):
        raise ConfigurationError(f"{file.name} names an issuer twice; keep one of them.")
    if len({provider.redirect for provider in made}) < len(made):
        # An answer then says by its address whose it is (RFC 9700, 2.1 and 4.4.2.2).
        raise ConfigurationError(f"{file.name} sends two providers to one redirect; give each its own.")
    return made


def _provider(file: Path, name: str, said: Any) -> Provider:
    place = f"{file.name}: provider.{name}"
    if not _NAME.fullmatch(name) or not isinstance(said, dict):
        raise ConfigurationError(f"{place} is no table with a name of a to z, 0 to 9 and hyphens; rename it.")
    if unknown := set(said) - _TEXTS - {"inside"}:
        known = ", ".join(sorted(_TEXTS | {"inside"}))
        raise ConfigurationError(f"{place}.{min(unknown)} is unknown; a provider has {known}.")
    texts = {key: said.get(key, "") for key in _TEXTS}
    if wrong := [key for key, value in texts.items() if not isinstance(value, str)]:
        raise ConfigurationError(f"{place}.{min(wrong)} is no text; write it in quotation marks.")
    if missing := [key for key in _NEEDED if not texts[key].strip()]:
        raise ConfigurationError(f"{place}.{missing[0]} is missing.")
    inside = said.get("inside", False)
    if not isinstance(inside, bool):
        raise ConfigurationError(f"{place}.inside is true or false.")
    for key in ("issuer", "redirect", "after"):
        _vetted(f"{place}.{key}", texts[key], plain=inside or key != "issuer")
    return Provider(
        name,
        texts["title"].strip() or name,
        texts["issuer"],
        texts["client"],
        texts["redirect"],
        _secret(place, file.parent, texts["secret"], texts["secret_file"]),
        texts["after"],
        inside,
    )


def _vetted(place: str, address: str, *, plain: bool) -> None:
    """Raises ConfigurationError for an address that is none, or would be spoken with in the open from elsewhere."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    is_safe = parts.scheme == "https" or (plain and parts.scheme == "http" and host in _HERE)
    is_whole = bool(host) and not parts.query and not parts.fragment and "@" not in parts.netloc
    if address and not (is_safe and is_whole and address.isprintable() and " " not in address):
        raise ConfigurationError(f"{place} is no https address without query and credentials; write https://host/path.")


def _secret(place: str, folder: Path, secret: str, file: str) -> str:
    if secret and file:
        raise ConfigurationError(f"{place} has a secret and a secret_file; keep one of them.")
    if not file:
        return secret
    try:
        with (folder / file).open("rb") as opened:
            found = opened.read(_LARGEST + 1).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ConfigurationError(f"{place}.secret_file cannot be read: {said}.") from error
    if not found or len(found) >= _LARGEST:
        raise ConfigurationError(f"{place}.secret_file holds no secret; write the client's secret into it.")
    return found

"""Git addresses: which repositories and refs may be named, and how they are shown to people."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tm_service.domain.errors import ConfigurationError, Unusable
from tm_service.domain.sentences import REF_REFUSED


class Kind(StrEnum):
    PATH = "path"  # opened where it stands; a bundle is cloned
    FILE = "file"  # file://, cloned
    REMOTE = "remote"  # https and ssh, cloned


@dataclass(frozen=True, slots=True)
class Address:
    """A repository's address that passed the allow-list; `location` is what git is given."""

    kind: Kind
    location: str

    def __str__(self) -> str:
        return self.location


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://")
_TRANSPORT = re.compile(r"[A-Za-z0-9+.\-]*::")
_SCP = re.compile(r"[A-Za-z0-9_.][\w.\-]*@(?:[A-Za-z0-9_][A-Za-z0-9_.\-]*|\[[0-9A-Fa-f:.]+\]):[^\-].*")
_SECRET = re.compile(r"(?<=://)[^/\s@]*@")
_ESCAPED_CONTROL = re.compile(r"%(?:[01][0-9A-Fa-f]|7[Ff])")
_ALLOWED = "write an https, ssh or file address, user@host:path, or a local path"
_REF_REFUSED = re.compile(r"\.\.|@\{|[\s:?*\[\\]")


def vetted(repository: str, *, allow_local: bool = True) -> Address:
    """Allow https, ssh (also as user@host:path), file and local paths; raises ConfigurationError for all else."""
    _refuse_shape(repository)
    scheme = _SCHEME.match(repository)
    if scheme:
        address = _url(scheme[1], repository)
    elif _SCP.fullmatch(repository):
        address = Address(Kind.REMOTE, repository)
    elif ":" in repository.split("/", 1)[0]:
        raise ConfigurationError(f"The repository address {without_secrets(repository)} is not understood; {_ALLOWED}.")
    else:
        address = Address(Kind.PATH, _absolute(repository))
    if address.kind is not Kind.REMOTE and not allow_local:
        raise ConfigurationError(
            f"The repository {repository} lies on this machine, which is not allowed here; write an https or ssh one."
        )
    return address


def without_secrets(text: str) -> str:
    """Take user names and passwords out of every address in a text."""
    return _SECRET.sub("", text)


def checked_ref(ref: str) -> str:
    """Give back a ref that git cannot take for an option, a range or a path; raises ConfigurationError."""
    if ref.startswith("-") or _REF_REFUSED.search(ref) or _has_control(ref):
        shown = ref.encode("unicode_escape", "replace").decode("ascii") if not ref.isprintable() else ref
        raise Unusable(REF_REFUSED.say(ref=shown))
    return ref


def _refuse_shape(repository: str) -> None:
    if not repository.strip():
        raise ConfigurationError(f"The repository's address is empty; {_ALLOWED}.")
    if _has_control(repository) or _ESCAPED_CONTROL.search(repository):
        raise ConfigurationError(f"The repository's address holds control characters; {_ALLOWED}.")
    if repository.startswith("-"):
        raise ConfigurationError(f"The repository address '{repository}' begins with a dash; {_ALLOWED}.")
    if _TRANSPORT.match(repository):  # git would run a program of that name
        name = repository.split(":", 1)[0]
        raise ConfigurationError(f"The transport '{name}::' of the repository's address is not allowed; {_ALLOWED}.")


def _has_control(text: str) -> bool:
    return any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)


def _url(scheme: str, repository: str) -> Address:
    shown = without_secrets(repository)
    if scheme not in {"https", "ssh", "file"}:
        raise ConfigurationError(f"The scheme of the repository address {shown} is not allowed; {_ALLOWED}.")
    try:
        parts = urlsplit(repository)
    except ValueError as error:
        raise ConfigurationError(f"The repository address {shown} is not understood; {_ALLOWED}.") from error
    if scheme == "file":
        _check_file(parts, shown)
        return Address(Kind.FILE, repository)
    _check_host(parts, shown)
    return Address(Kind.REMOTE, repository)


def _check_file(parts: SplitResult, shown: str) -> None:
    if parts.netloc or not parts.path.startswith("/"):
        raise ConfigurationError(f"The repository address {shown} names no path of this machine; write file:///path.")


def _check_host(parts: SplitResult, shown: str) -> None:
    """Secrets in an address end up in process lists, logs and error pages."""
    if parts.password is not None or (parts.scheme == "https" and parts.username is not None):
        raise ConfigurationError(
            f"The repository address {shown} carries credentials; take them out and set up a git credential helper."
        )
    if not parts.hostname or parts.hostname.startswith("-") or (parts.username or "").startswith("-"):
        raise ConfigurationError(f"The repository address {shown} names no host; {_ALLOWED}.")


def _absolute(repository: str) -> str:
    try:
        return str(Path(repository).expanduser().absolute())
    except RuntimeError as error:
        raise ConfigurationError(f"The folder {repository} has no owner on this machine; {_ALLOWED}.") from error

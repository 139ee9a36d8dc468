"""The accounts file: `accounts.toml` in the home, read anew when it changes; every mistake is named."""

import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock, Semaphore
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from tm_service.domain.accounts import Account
from tm_service.domain.errors import ConfigurationError

_KEYS = frozenset({"email", "password", "government", "roles"})
_ROLES = frozenset({"administrator", "article-editor", "publishing-authority"})
_AT_ONCE = 2  # hashes, each of which takes 64 MiB
_LONGEST = 1024  # characters of a password that is looked at


class AccountsFile:
    """Accounts as a file says them; one that is not there has none."""

    def __init__(self, file: Path) -> None:
        self._file, self._stamp = file, (0, 0)
        self._known: Mapping[str, Account] = {}
        self._lock, self._turns = Lock(), Semaphore(_AT_ONCE)
        self._hasher = PasswordHasher()
        self._nobody = ""

    def find(self, email: str) -> Account | None:
        return self._accounts().get(email.strip().casefold())

    def verify(self, account: Account | None, password: str) -> bool:
        with self._turns:
            kept = account.password if account else self._dummy()
            try:
                self._hasher.verify(kept, password[:_LONGEST])
            except (Argon2Error, InvalidHashError):
                return False
        return account is not None and len(password) <= _LONGEST

    def _dummy(self) -> str:
        """A hash that nobody's password has, so that an unknown address takes as long as a known one."""
        if not self._nobody:
            self._nobody = self._hasher.hash("nobody")
        return self._nobody

    def _accounts(self) -> Mapping[str, Account]:
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return {}
        with self._lock:
            if self._stamp != (found.st_mtime_ns, found.st_size):
                self._known = _read(self._file)
                self._stamp = (found.st_mtime_ns, found.st_size)
            return self._known


def hashed(password: str) -> str:
    """A password as `accounts.toml` keeps it."""
    return PasswordHasher().hash(password)


def add(file: Path, email: str, password: str, government: str = "", roles: Iterable[str] = ()) -> None:
    """Write another account at the end of the file. Raises ConfigurationError for what could not be read again."""
    row = {"email": email, "password": hashed(password), "government": government, "roles": sorted(roles)}
    if _account("this account", row).email.casefold() in (_read(file) if file.exists() else {}):
        raise ConfigurationError(f"{file} has an account of {email} already; take its table out first.")
    table = "\n".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in row.items())
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8") as opened:
            opened.write(f"[[account]]\n{table}\n\n")
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}; mend its rights.") from error


def _read(file: Path) -> dict[str, Account]:
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(f"{file.name} cannot be read: {error}.") from error
    rows = content.get("account", [])
    if set(content) - {"account"} or not isinstance(rows, list):
        raise ConfigurationError(f"{file.name} holds nothing but [[account]] tables; take the rest out.")
    accounts = [_account(f"{file.name}: account[{number}]", row) for number, row in enumerate(rows, 1)]
    known = {account.email.casefold(): account for account in accounts}
    if len(known) < len(accounts):
        raise ConfigurationError(f"{file.name} names an e-mail address twice; keep one of them.")
    return known


def _account(place: str, row: Any) -> Account:
    if not isinstance(row, dict) or not isinstance(row.get("email"), str) or "@" not in row["email"]:
        raise ConfigurationError(f"{place}.email is missing; every account has an e-mail address.")
    if unknown := set(row) - _KEYS:
        raise ConfigurationError(f"{place}.{min(unknown)} is unknown; an account has {', '.join(sorted(_KEYS))}.")
    password, government, roles = row.get("password"), row.get("government", ""), row.get("roles", [])
    if not isinstance(password, str) or not password.startswith("$argon2"):
        raise ConfigurationError(f"{place}.password is no argon2 hash; write the hash, never the password.")
    if not isinstance(government, str):
        raise ConfigurationError(f"{place}.government is no text; write the identifier of its term.")
    if not isinstance(roles, list) or not set(map(str, roles)) <= _ROLES:
        raise ConfigurationError(f"{place}.roles may name {', '.join(sorted(_ROLES))}.")
    return Account(row["email"].strip(), password, government, frozenset(roles))

"""Settings: the environment and sites.toml, checked at start; every mistake is named with its line or key."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from locales import LANGUAGES
from tm_service.domain.edits import EditClass
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.site import ContentRule, Policy, Site, State

_SITE_KEYS = frozenset(
    [
        "connector",
        "repository",
        "branch",
        "source",
        "locales",
        "content",
        "minimum_state",
        "codes",
        "push_branch",
        "largest_file",
        "alarm_at",
    ]
)
_RULE_KEYS = frozenset(["match", "extractor", "dialect", "target", "serve", "parity"])
_FIELDS = frozenset(["locale", "path", "dir", "name", "stem", "ext"])
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_CONNECTORS = ("git",)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the house lives and which database it uses."""

    home: Path
    database: str

    @property
    def clones(self) -> Path:
        return self.home / "clones"

    @property
    def site_list(self) -> Path:
        return self.home / "sites.list"

    @property
    def secret(self) -> Path:
        return self.home / "keys" / "waivers.key"


def read_settings(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """`TM_SERVICE_HOME` (default ./var) and `TM_SERVICE_DATABASE` (default a SQLite file there)."""
    place = (home or Path(environment.get("TM_SERVICE_HOME") or "var")).expanduser().resolve()
    return Settings(place, environment.get("TM_SERVICE_DATABASE") or f"sqlite:///{place / 'store.sqlite'}")


def known_sites(settings: Settings) -> dict[str, Site]:
    """Every site of every file that was added. Raises ConfigurationError."""
    sites: dict[str, Site] = {}
    for file in listed_files(settings):
        sites |= read_sites(file)
    return sites


def listed_files(settings: Settings) -> list[Path]:
    if not settings.site_list.exists():
        return []
    return [Path(line) for line in settings.site_list.read_text("utf-8").splitlines() if line.strip()]


def add_sites(settings: Settings, file: Path) -> dict[str, Site]:
    """Remember a sites.toml after checking all of it; a name that another file uses is refused."""
    file = file.expanduser().resolve()
    added = read_sites(file)
    others = [other for other in listed_files(settings) if other != file]
    for other in others:
        for name in sorted(set(added) & set(read_sites(other))):
            raise ConfigurationError(f"{file}: site {name} is already described in {other}; rename one of them.")
    settings.home.mkdir(parents=True, exist_ok=True)
    lines = [str(path) for path in (*others, file)]
    settings.site_list.write_text("\n".join(lines) + "\n", "utf-8")
    return added


def read_sites(file: Path) -> dict[str, Site]:
    """The sites of one file. Raises ConfigurationError with the line, or the key as `site.absch.content[1].match`."""
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(f"There is no file {file}; name a sites.toml.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file} is not TOML: {error}.") from error
    table = _Table(file, "", content)
    table.only({"site"})
    sites = table.table("site")
    if not sites.content:
        raise ConfigurationError(f"{file} describes no site; write a table [site.NAME].")
    return {name: _site(name, sites.table(name), file.parent) for name in sites.content}


def _site(name: str, table: "_Table", folder: Path) -> Site:
    if not name or set(name) - _NAME_CHARACTERS or name[0].isdigit():
        raise table.wrong("", "is no site name; use small letters, digits and underscores")
    table.only(_SITE_KEYS)
    source = table.text("source", "en")
    locales = table.texts("locales")
    for locale in (source, *locales):
        if locale not in LANGUAGES:
            raise table.wrong("locales", f"has no language {locale!r}; there are {', '.join(LANGUAGES)}")
    if source in locales or len(set(locales)) != len(locales):
        raise table.wrong("locales", "names a language twice, or the source language")
    return Site(
        name=name,
        connector=table.choice("connector", _CONNECTORS, "git"),
        repository=_repository(table.text("repository"), folder),
        branch=table.text("branch", "main"),
        source=source,
        locales=tuple(locales),
        content=tuple(_rule(rule) for rule in table.tables("content")),
        minimum_state=State(
            table.choice("minimum_state", [state.value for state in State][1:], State.TRANSLATED.value)
        ),
        codes=_codes(table.table("codes", optional=True), locales),
        push_branch=table.text("push_branch", ""),
        largest_file=table.number("largest_file", 5_000_000),
        alarm_at=table.number("alarm_at", 0) / 100,
    )


def _repository(written: str, folder: Path) -> str:
    """A path is meant from the folder of the file that names it; addresses stay as they are."""
    if "://" in written or written.startswith("-") or ":" in written.split("/", maxsplit=1)[0]:
        return written
    return str((folder / Path(written).expanduser()).resolve())


def _codes(table: "_Table", locales: list[str]) -> dict[str, str]:
    table.only(locales)
    return {locale: table.text(locale) for locale in table.content}


def _rule(table: "_Table") -> ContentRule:
    table.only(_RULE_KEYS)
    target = table.text("target")
    try:
        fields = {field for _, field, _, _ in Formatter().parse(target) if field is not None}
    except ValueError as error:
        raise table.wrong("target", f"has unmatched braces ({error})") from error
    if unknown := fields - _FIELDS:
        raise table.wrong("target", f"has {{{min(unknown)}}}; the fields are {', '.join(sorted(_FIELDS))}")
    if "locale" not in fields or not fields & {"path", "name", "stem"}:
        raise table.wrong("target", "needs {locale}, and {path}, {name} or {stem}")
    return ContentRule(
        match=table.text("match"),
        extractor=table.text("extractor"),
        target=target,
        dialect=table.text("dialect", ""),
        serve=_serve(table),
        parity=table.flag("parity"),
    )


def _serve(table: "_Table") -> dict[EditClass, Policy]:
    """One policy for every edit that is not harmless, or a table of edit class to policy."""
    written = table.content.get("serve")
    policies = [policy.value for policy in Policy]
    if written is None:
        return {}
    if isinstance(written, str):
        if written not in policies:
            raise table.wrong("serve", f"is {written!r}; the policies are {', '.join(policies)}")
        if written == Policy.KEEP_DATED:
            return {}
        return {edit: Policy(written) for edit in EditClass}
    by_edit = table.table("serve")
    by_edit.only([edit.value for edit in EditClass])
    return {EditClass(edit): Policy(by_edit.choice(edit, policies)) for edit in by_edit.content}


class _Table:
    """A TOML table that knows its own name, so that what is wrong in it can be said."""

    def __init__(self, file: Path, name: str, content: dict[str, Any]) -> None:
        self.file, self.name, self.content = file, name, content

    def wrong(self, key: str, what: str) -> ConfigurationError:
        place = ".".join(part for part in (self.name, key) if part)
        return ConfigurationError(f"{self.file}: {place} {what}.")

    def only(self, keys: Any) -> None:
        for key in self.content:
            if key not in keys:
                raise self.wrong(key, f"is not known; the keys here are {', '.join(sorted(keys))}")

    def _get(self, key: str, kind: type, said: str, default: Any) -> Any:
        value = self.content.get(key, default)
        if value is None:
            raise self.wrong(key, f"is missing; write {said}")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key, f"must be {said}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value: str = self._get(key, str, "a text in quotes", default)
        if not value and default is None:
            raise self.wrong(key, "is empty")
        return value

    def number(self, key: str, default: int) -> int:
        value: int = self._get(key, int, "a whole number", default)
        if value < 0:
            raise self.wrong(key, "must not be negative")
        return value

    def flag(self, key: str) -> bool:
        value: bool = self._get(key, bool, "true or false", default=False)
        return value

    def texts(self, key: str) -> list[str]:
        values: list[str] = self._get(key, list, 'a list of texts such as ["ar", "fr"]', None)
        if not values or not all(isinstance(value, str) for value in values):
            raise self.wrong(key, 'must be a list of texts such as ["ar", "fr"]')
        return values

    def choice(self, key: str, choices: Any, default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in choices:
            raise self.wrong(key, f"is {value!r}; choose one of {', '.join(choices)}")
        return value

    def table(self, key: str, *, optional: bool = False) -> "_Table":
        value = self._get(key, dict, f"a table [{key}]", {} if optional else None)
        return _Table(self.file, ".".join(part for part in (self.name, key) if part), value)

    def tables(self, key: str) -> list["_Table"]:
        values = self._get(key, list, f"a table [[{self.name}.{key}]] for each content rule", None)
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, f"must be tables [[{self.name}.{key}]]")
        return [_Table(self.file, f"{self.name}.{key}[{place}]", value) for place, value in enumerate(values, 1)]

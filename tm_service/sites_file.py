"""The sites file: one sites.toml read and checked; every mistake is named with its line or key."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from locales import LANGUAGES
from tm_service.domain.edits import EditClass
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.findings import Severity
from tm_service.domain.jobs import JobKind
from tm_service.domain.site import ContentRule, HandOff, Hooks, MemoryRef, Policy, Site, State
from tm_service.domain.usage import CodeSettings

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
        "memories",
        "checks",
        "hand_off",
        "source_code",
        "realm",
        "hooks",
    ]
)
_HAND_OFF_KEYS = frozenset(["profile", "contact", "most_words", "xliff2", "recipients", "folder"])
_HOOK_KEYS = frozenset(["push", "tag", "tags", "push_catalogs", "repository", "secret"])
_HOOK_JOBS = (JobKind.SYNC, JobKind.LEARN, JobKind.PACKAGE, JobKind.SEND, JobKind.DEPLOY)
_OFF = "off"  # leaves a check out
_MEMORY_KEYS = frozenset(["shared", "penalty"])
_RULE_KEYS = frozenset(["match", "extractor", "dialect", "target", "serve", "parity", "compiled"])
_FIELDS = frozenset(["locale", "path", "dir", "name", "stem", "ext", "tail"])
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_GIT, _RECORDS = "git", "records"
_OWN = "own"  # in a list of memories, the one named like the site
_MOST_PENALTY = 50  # percent
_MEMORY_NAME = re.compile(r"[a-z_][a-z0-9_-]*")
_CODE = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")

Vet = Callable[[Site], None]  # what only bootstrap can tell of a site; raises ConfigurationError naming the key


def unvetted(_: Site) -> None: ...


def read_sites(file: Path, vet: Vet = unvetted) -> dict[str, Site]:
    """The sites of one file. Raises ConfigurationError with the line, or the key as `site.absch.content[1].match`."""
    text = _text(file)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = f"at line {max(1, len(text.splitlines()))}, the end of the file"
        raise ConfigurationError(f"{file} is not TOML: {str(error).replace('at end of document', where)}.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{file} is not TOML: it nests too deep.") from error
    table = _Table(file, "", content)
    table.only({"site", "memory"})
    sites, memories = table.table("site", optional=True), _declared(table.table("memory", optional=True))
    if not sites.content:
        raise ConfigurationError(f"{file} describes no site; write a table [site.NAME].")
    found = {name: _site(name, sites.table(name), file.parent, memories) for name in sites.content}
    for site in found.values():
        try:
            vet(site)
        except ConfigurationError as error:
            raise ConfigurationError(f"{file}: {error}") from error
    return found


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigurationError(f"There is no file {file}; name a sites.toml.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} cannot be read: {reason(error)}.") from error


def _declared(table: "_Table") -> dict[str, MemoryRef]:
    """The memories that a file has tables for, by name."""
    found = {}
    for name in table.content:
        memory = table.table(name)
        if not _MEMORY_NAME.fullmatch(name) or name == _OWN:
            raise memory.wrong(
                "", "is no memory name; use small letters, digits, dashes and underscores, and not `own`"
            )
        memory.only(_MEMORY_KEYS)
        found[name] = MemoryRef(name, memory.number("penalty", 0, most=_MOST_PENALTY), memory.flag("shared"))
    return found


def _memories(table: "_Table", site: str, declared: Mapping[str, MemoryRef]) -> tuple[MemoryRef, ...]:
    """What a site reads: its own, and what is declared to be shared."""
    own = declared.get(site, MemoryRef(site))
    if "memories" not in table.content:
        return (own,)
    names = [site if name == _OWN else name for name in table.texts("memories", f'["{_OWN}", "terms"]')]
    if len(set(names)) != len(names):
        raise table.wrong("memories", "names a memory twice")
    for name in names:
        if name != site and not (name in declared and declared[name].shared):
            raise table.wrong(
                "memories",
                f"names {name!r}, which is not shared; read it only where [memory.{name}] says shared = true",
            )
    return tuple(own if name == site else declared[name] for name in names)


def _site(name: str, table: "_Table", folder: Path, declared: Mapping[str, MemoryRef]) -> Site:
    if not name or set(name) - _NAME_CHARACTERS or name[0].isdigit():
        raise table.wrong("", "is no site name; use small letters, digits and underscores")
    table.only(_SITE_KEYS)
    source = table.text("source", "en")
    locales = table.texts("locales", '["ar", "fr"]')
    for locale in (source, *locales):
        if locale not in LANGUAGES:
            raise table.wrong("locales", f"has no language {locale!r}; there are {', '.join(LANGUAGES)}")
    if source in locales or len(set(locales)) != len(locales):
        raise table.wrong("locales", "names a language twice, or the source language")
    codes = _codes(table.table("codes", optional=True), source, locales)
    connector, written = table.choice("connector", (_GIT, _RECORDS), _GIT), table.text("repository")
    if connector == _GIT and "realm" in table.content:
        raise table.wrong("realm", 'is of a record store; leave it out, or write connector = "records"')
    for key in ("push_branch", "source_code", "hooks") if connector == _RECORDS else ():
        if key in table.content:
            raise table.wrong(key, "is of a git repository; leave it out for a record store")
    return Site(
        name=name,
        connector=connector,
        repository=_repository(written, folder) if connector == _GIT else written,
        branch=table.text("branch", "main"),
        source=source,
        locales=tuple(locales),
        content=tuple(_rule(rule) for rule in table.tables("content")),
        minimum_state=State(
            table.choice("minimum_state", [state.value for state in State][1:], State.TRANSLATED.value)
        ),
        codes=codes,
        push_branch=table.text("push_branch", ""),
        largest_file=table.number("largest_file", 5_000_000),
        alarm_at=table.number("alarm_at", 0, most=100) / 100,
        memories=_memories(table, name, declared),
        severities=_severities(table.table("checks", optional=True)),
        hand_off=_hand_off(table.table("hand_off", optional=True), locales, folder),
        source_code=_source_code(table.table("source_code")) if "source_code" in table.content else None,
        realm=table.text("realm", ""),
        hooks=_hooks(table.table("hooks", optional=True), folder),
    )


def _severities(table: "_Table") -> dict[str, Severity | None]:
    """How bad the findings of a check are here, by the check's name."""
    choices = [*Severity, _OFF]
    chosen = {check: table.choice(check, choices) for check in table.content}
    return {check: None if choice == _OFF else Severity(choice) for check, choice in chosen.items()}


def _hand_off(table: "_Table", locales: list[str], folder: Path) -> HandOff:
    table.only(_HAND_OFF_KEYS)
    recipients = table.table("recipients", optional=True)
    recipients.only(locales)
    shared = table.text("folder", "")
    return HandOff(
        profile=table.text("profile", "generic"),
        contact=table.text("contact", ""),
        most_words=table.number("most_words", 0),
        xliff2=table.flag("xliff2"),
        recipients={locale: tuple(recipients.texts(locale, '["anna@example.org"]')) for locale in recipients.content},
        folder=str(absolute(folder / shared)) if shared else "",
    )


def _hooks(table: "_Table", folder: Path) -> Hooks:
    """What is done on a push and on a tag; a path is meant from the folder of the file that names it."""
    table.only(_HOOK_KEYS)
    usual, secret = Hooks(), table.text("secret", "")
    return Hooks(
        push=_jobs(table, "push", usual.push),
        tag=_jobs(table, "tag", usual.tag),
        tags=table.text("tags", usual.tags),
        push_catalogs=table.flag("push_catalogs"),
        repository=table.text("repository", ""),
        secret=str(absolute(folder / secret)) if secret else "",
    )


def _jobs(table: "_Table", key: str, usual: tuple[JobKind, ...]) -> tuple[JobKind, ...]:
    if table.content.get(key) == []:
        return ()
    named = table.texts(key, '["learn", "package"]') if key in table.content else usual
    for name in named:
        if name not in _HOOK_JOBS:
            raise table.wrong(key, f"has {name!r}; choose of {', '.join(_HOOK_JOBS)}")
    return tuple(dict.fromkeys(map(JobKind, named)))


def _source_code(table: "_Table") -> CodeSettings:
    """Which files are the site's code, and what its import paths mean."""
    table.only({"match", "leave_out", "aliases"})
    usual, aliases = CodeSettings(), table.table("aliases", optional=True)
    return CodeSettings(
        tuple(table.texts("match", '["app/**/*.vue"]')) if "match" in table.content else usual.match,
        tuple(table.texts("leave_out", '["vendor/**"]')) if "leave_out" in table.content else usual.leave_out,
        {prefix: aliases.text(prefix) for prefix in aliases.content},
    )


def _repository(written: str, folder: Path) -> str:
    """A path is meant from the folder of the file that names it; addresses stay as they are."""
    if "://" in written or written.startswith("-") or ":" in written.split("/", maxsplit=1)[0]:
        return written
    try:
        return str((folder / Path(written).expanduser()).resolve())
    except (RuntimeError, OSError, ValueError):
        return written  # who opens it says what is wrong with it


def _codes(table: "_Table", source: str, locales: list[str]) -> dict[str, str]:
    """Codes used outside; two locales under one code would write into the same files."""
    table.only(locales)
    codes = {locale: table.text(locale) for locale in table.content}
    taken = {locale: locale for locale in (source, *locales) if locale not in codes}
    for locale, code in codes.items():
        if not _CODE.fullmatch(code):
            raise table.wrong(locale, f"is {code!r}; write a code such as ar-SA")
        if code in taken:
            raise table.wrong(locale, f"is {code!r}, the code of {taken[code]}; each locale needs its own")
        taken[code] = locale
    return codes


def _rule(table: "_Table") -> ContentRule:
    table.only(_RULE_KEYS)
    match = table.text("match")
    if match.startswith(("/", "./", "../")):
        raise table.wrong(
            "match", "begins outside the repository; write it from the repository's root, such as texts/**/*.json"
        )
    return ContentRule(
        match=match,
        extractor=table.text("extractor"),
        target=_target(table, "target"),
        compiled=_target(table, "compiled") if "compiled" in table.content else "",
        dialect=table.text("dialect", ""),
        serve=_serve(table),
        parity=table.flag("parity"),
    )


def _target(table: "_Table", key: str) -> str:
    target = table.text(key)
    try:
        parts = [part for part in Formatter().parse(target) if part[1] is not None]
    except ValueError as error:
        raise table.wrong(key, f"has unmatched braces ({error})") from error
    fields = {str(field) for _, field, _, _ in parts}
    if unknown := fields - _FIELDS:
        raise table.wrong(key, f"has {{{min(unknown)}}}; the fields are {', '.join(sorted(_FIELDS))}")
    if any(form or conversion for _, _, form, conversion in parts):
        raise table.wrong(key, "formats a field; write the bare name in braces, such as {path}")
    if target == "{path}" and key == "target":
        return target
    if "locale" not in fields or not fields & {"path", "name", "stem", "tail"}:
        said = "needs {locale}, and {path}, {tail}, {name} or {stem}; {path} alone where one file holds all languages"
        raise table.wrong(key, said)
    if target.startswith("/") or not {".", "..", ".git"}.isdisjoint(target.split("/")):
        raise table.wrong(key, "leads out of the repository's files; write it from the repository's root")
    return target


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
    if not isinstance(written, dict):
        raise table.wrong("serve", f"must be one of {', '.join(policies)}, or a table of them by edit class")
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
        if not value.strip() and default != "":
            raise self.wrong(key, "is empty")
        return value

    def number(self, key: str, default: int, most: int | None = None) -> int:
        value: int = self._get(key, int, "a whole number", default)
        if value < 0:
            raise self.wrong(key, "must not be negative")
        if most is not None and value > most:
            raise self.wrong(key, f"must not be more than {most}")
        return value

    def flag(self, key: str) -> bool:
        value: bool = self._get(key, bool, "true or false", default=False)
        return value

    def texts(self, key: str, such_as: str) -> list[str]:
        said = f"a list of texts such as {such_as}"
        values: list[str] = self._get(key, list, said, None)
        if not values or not all(isinstance(value, str) for value in values):
            raise self.wrong(key, f"must be {said}")
        return values

    def choice(self, key: str, choices: Any, default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in choices:
            raise self.wrong(key, f"is {value!r}; choose one of {', '.join(choices)}")
        return value

    def table(self, key: str, *, optional: bool = False) -> "_Table":
        name = ".".join(part for part in (self.name, key) if part)
        return _Table(self.file, name, self._get(key, dict, f"a table [{name}]", {} if optional else None))

    def tables(self, key: str) -> list["_Table"]:
        values = self._get(key, list, f"a table [[{self.name}.{key}]] for each content rule", None)
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, f"must be tables [[{self.name}.{key}]]")
        return [_Table(self.file, f"{self.name}.{key}[{place}]", value) for place, value in enumerate(values, 1)]


def absolute(path: Path) -> Path:
    try:
        return path.expanduser().resolve()
    except (RuntimeError, OSError) as error:
        raise ConfigurationError(f"{path} leads nowhere on this machine: {reason(error)}.") from error


def reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"line {error.object.count(bytes([10]), 0, error.start) + 1} is not UTF-8"
    return str(getattr(error, "strerror", None) or error)

"""Site: where its texts live, which languages it speaks, and what is served when a translation is behind."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from string import Formatter

from tm_service.domain.edits import HARMLESS, EditClass
from tm_service.domain.findings import Severity
from tm_service.domain.jobs import JobKind
from tm_service.domain.units import Locale
from tm_service.domain.usage import CodeSettings


class State(StrEnum):
    """How far a translation has come, in rising order; `same` and `empty` are explicit answers of a person."""

    PROPOSAL = "proposal"  # offered, never served
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    APPROVED = "approved"


STATES = tuple(State)


class Policy(StrEnum):
    """What readers get while a translation is behind its source."""

    KEEP = "keep"
    KEEP_DATED = "keep-dated"
    HOLD = "hold"
    SOURCE = "source"


@dataclass(frozen=True)
class ContentRule:
    """Which files hold text, how they are read, and where their translations stand.

    `match` is a path pattern (`*` within a folder, `**` across folders); in `target` `{locale}` is the locale,
    `{path}` the source's path, `{dir}`, `{name}`, `{stem}` and `{ext}` its parts, `{tail}` what follows the folders that
    `match` names before its first wildcard. A `target` of `{path}` alone is the source file itself: one file, all languages.
    `compiled` is where what a runtime loads stands beside a catalog (`.mo` beside `.po`), empty where there is no such thing.
    """

    match: str
    extractor: str
    target: str
    dialect: str = ""
    serve: Mapping[EditClass, Policy] = field(default_factory=dict)
    parity: bool = False
    compiled: str = ""

    @property
    def is_shared(self) -> bool:
        """Whether one file holds the source and all its translations."""
        return "{locale}" not in self.target

    def matches(self, path: str) -> bool:
        return path_pattern(self.match).fullmatch(path) is not None

    def target_path(self, path: str, locale: Locale) -> str:
        """Where the translation of a source file stands in a locale."""
        return self._filled(self.target, path, locale)

    def compiled_path(self, path: str, locale: Locale) -> str:
        """Where what a runtime loads of that translation stands."""
        return self._filled(self.compiled, path, locale)

    def _filled(self, pattern: str, path: str, locale: Locale) -> str:
        folder, _, name = path.rpartition("/")
        stem, dot, ext = name.rpartition(".")
        if not dot:
            stem, ext = name, ""
        tail = path[len(_fixed_folders(self.match)) :]
        parts = {"path": path, "dir": folder, "name": name, "stem": stem, "ext": ext, "tail": tail}
        return pattern.format(locale=locale, **parts).lstrip("/")

    def targets(self, locales: Iterable[Locale]) -> re.Pattern[str]:
        """Every path that this rule could write to."""
        fields = dict.fromkeys(("name", "stem", "ext"), "[^/]*") | dict.fromkeys(("path", "dir", "tail"), ".*")
        fields["locale"] = f"(?:{'|'.join(map(re.escape, locales))})"
        literals = (
            (re.escape(text), fields.get(field or "", "")) for text, field, _, _ in Formatter().parse(self.target)
        )
        return re.compile("/?" + "".join(literal + pattern for literal, pattern in literals).removeprefix("/"))

    def policy(self, edit: EditClass, *, legal: bool = False) -> Policy:
        """What is served while a translation is behind by an edit; `legal` where the text itself is said to be."""
        if edit in self.serve:
            return self.serve[edit]
        if edit in HARMLESS:
            return Policy.KEEP
        return Policy.HOLD if self.parity or legal else Policy.KEEP_DATED


@dataclass(frozen=True, slots=True)
class MemoryRef:
    """A memory as a site reads it: `penalty` is taken off its matches, in percent; a private one is for its own site only."""

    name: str
    penalty: int = 0
    shared: bool = False


@dataclass(frozen=True)
class HandOff:
    """How a site's packages leave the house where nothing else is asked for.

    `profile` names the translators' tool, `contact` whom they may ask, `most_words` cuts a locale's work into packages of
    that many words (0: one package). `recipients` are e-mail addresses by locale, `folder` a folder that translators share.
    """

    profile: str = "generic"
    contact: str = ""
    most_words: int = 0
    xliff2: bool = False
    recipients: Mapping[Locale, tuple[str, ...]] = field(default_factory=dict)
    folder: str = ""


@dataclass(frozen=True)
class Hooks:
    """What is done when a site's git host says that its repository moved.

    `push` are the jobs for a push to the site's branch, `tag` those for a new tag that the pattern `tags` matches, in this
    order; `sync` alone, where nothing is said, fetches what there is and changes nothing else.
    With `push_catalogs` a deployment pushes its catalogs. `repository` is what deliveries call the repository where it is not
    the address that we fetch it from; `secret` a file with the hook's secret, where it is not one of the house.
    """

    push: tuple[JobKind, ...] = (JobKind.SYNC,)
    tag: tuple[JobKind, ...] = ()
    tags: str = "*"
    push_catalogs: bool = False
    repository: str = ""
    secret: str = ""


@lru_cache(maxsize=256)
def _fixed_folders(glob: str) -> str:
    """The folders a pattern names before its first wildcard: `locales/en/` of `locales/en/**/*.json`."""
    fixed = re.split(r"[*?{]", glob, maxsplit=1)[0]
    return fixed[: fixed.rfind("/") + 1]


@lru_cache(maxsize=256)
def path_pattern(glob: str) -> re.Pattern[str]:
    """`**/` any folders or none, `*` within a name, `?` one character, `{a,b}` either."""
    out, place = "", 0
    while place < len(glob):
        if glob.startswith("**/", place):
            out, place = out + "(?:[^/]+/)*", place + 3
        elif glob.startswith("**", place):
            out, place = out + ".*", place + 2
        elif glob[place] == "*":
            out, place = out + "[^/]*", place + 1
        elif glob[place] == "?":
            out, place = out + "[^/]", place + 1
        elif glob[place] == "{" and "}" in glob[place:]:
            end = glob.index("}", place)
            choices = "|".join(re.escape(choice) for choice in glob[place + 1 : end].split(","))
            out, place = f"{out}(?:{choices})", end + 1
        else:
            out, place = out + re.escape(glob[place]), place + 1
    return re.compile(out)


@dataclass(frozen=True)
class Site:
    """A site as sites.toml describes it.

    `repository` is the address of a git repository, or for a record store `local`, ours, or the address of another's API.
    `codes` maps our locales to the codes used in its folders and in packages where they differ (`ar` to `ar-SA`).
    `memories` are read in this order, and what is imported is written to the first; its own, named like the site, where
    nothing is said. What is private to another site is never among them. `severities` are those of findings by check that
    are not as usual, None for a check that is left out. Where `source_code` is said, packages name the places where a text
    appears, and a deployment alarms about message files that nothing imports any more.
    """

    name: str
    connector: str
    repository: str
    branch: str
    source: Locale
    locales: tuple[Locale, ...]
    content: tuple[ContentRule, ...]
    minimum_state: State = State.TRANSLATED
    codes: Mapping[Locale, str] = field(default_factory=dict)
    push_branch: str = ""
    largest_file: int = 5_000_000  # bytes
    alarm_at: float = 0.0  # share of units a locale may lose between deployments without an alarm
    memories: tuple[MemoryRef, ...] = ()
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    hand_off: HandOff = field(default_factory=HandOff)
    source_code: CodeSettings | None = None
    realm: str = ""  # the part of a record store that is this site's
    hooks: Hooks = field(default_factory=Hooks)

    def __post_init__(self) -> None:
        readable = tuple(memory for memory in self.memories if memory.shared or memory.name == self.name)
        object.__setattr__(self, "memories", readable or (MemoryRef(self.name),))

    def rule(self, path: str) -> ContentRule | None:
        """The first content rule that matches a source path; what the rules write to is never a source."""
        if path not in self._rules:
            found = next((rule for rule in self.content if rule.matches(path)), None)
            written = found is not None and any(pattern.fullmatch(path) for pattern in self._targets)
            self._rules[path] = None if written else found
        return self._rules[path]

    @cached_property
    def _rules(self) -> dict[str, ContentRule | None]:
        return {}

    @cached_property
    def _targets(self) -> tuple[re.Pattern[str], ...]:
        return tuple(rule.targets(self.locales) for rule in self.content if not rule.is_shared)

    def code(self, locale: Locale) -> str:
        return self.codes.get(locale, locale)

    def target_path(self, path: str, locale: Locale) -> str:
        rule = self.rule(path)
        if rule is None:
            raise ValueError(f"No content rule matches {path}.")
        return rule.target_path(path, locale)

    @property
    def is_record_store(self) -> bool:
        """Whether its texts are documents, which are deployed in the source language too, each for itself."""
        return self.connector == "records"

    @cached_property
    def serves(self) -> frozenset[State]:
        """The states that are far enough for readers."""
        return frozenset(STATES[max(1, STATES.index(self.minimum_state)) :])

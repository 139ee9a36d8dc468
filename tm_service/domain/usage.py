"""Usage: what a site's source code says of its texts: which key is used where, what it imports, what it shows by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class UsageKind(StrEnum):
    """How code names a message."""

    CALL = "call"  # $t("garden.title")
    FILTER = "filter"  # "garden.title" | translate
    ATTRIBUTE = "attribute"  # <p translate="garden.title">, v-t
    COMPONENT = "component"  # <Trans i18nKey>, <i18n-t keypath>
    TEXT = "text"  # gettext: the source text is the key
    PROPERTY = "property"  # texts.title of an imported message file


@dataclass(frozen=True, slots=True)
class Usage:
    """One place that names a message; line and column from 1, the column in characters.

    `key` is written as in the code; where it `is_dynamic` a star stands for what is only known while the site runs, between
    the static `prefix` and `suffix`. `before` are key prefixes and namespaces that the place adds, any of which may count.
    `is_branch` is true where everything below the key is taken. `binding` is the local name of the message file that a
    property is read of; `context` that of gettext.
    """

    key: str
    path: str
    line: int
    column: int
    kind: UsageKind
    said: str = ""
    is_dynamic: bool = False
    prefix: str = ""
    suffix: str = ""
    before: tuple[str, ...] = ()
    is_branch: bool = False
    binding: str = ""
    context: str = ""


class ImportKind(StrEnum):
    STATIC = "static"
    DYNAMIC = "dynamic"  # import("./garden.vue")
    REQUIRE = "require"
    GLOB = "glob"  # import.meta.glob, require.context
    NAMED = "named"  # a path written in the code, fetched while the site runs


@dataclass(frozen=True, slots=True)
class Import:
    """One import as written. `names` are what it is called here; in `target` a star stands for what is not known.

    For a `GLOB` the target is a path pattern; `below` is the folder and `pattern` the regular expression of a
    `require.context`.
    """

    target: str
    line: int
    column: int
    kind: ImportKind
    names: tuple[str, ...] = ()
    is_pattern: bool = False
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Mount:
    """A name of an imported message file, and the keys under which the code puts it: `set("home", texts)`, `{home: texts}`."""

    name: str
    under: str


@dataclass(frozen=True, slots=True)
class Route:
    """An address of the site and what is shown there: the local name of a component, or a path to import."""

    path: str
    shows: tuple[str, ...]
    line: int


class Position(StrEnum):
    """Where a text stands in code."""

    TEXT = "text"  # between the tags of a template
    ATTRIBUTE = "attribute"
    PROPERTY = "property"  # { label: "Save" }
    ARGUMENT = "argument"  # alert("Saved")
    ASSIGNED = "assigned"  # element.textContent = "Saved", const label = "Save"
    THROWN = "thrown"
    LOGGED = "logged"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Literal:
    """A text that code shows, or may show, by itself; `name` is the attribute, property, function or element it belongs to.

    `score` says from 0 to 100 how sure it is that people read it in English, `reasons` why.
    """

    text: str
    line: int
    column: int
    position: Position
    name: str = ""
    score: int = 0
    reasons: tuple[str, ...] = ()


class JoinKind(StrEnum):
    MESSAGES = "messages"  # $t("a") + $t("b")
    WORDS = "words"  # "the " + $t("b")
    VALUE = "value"  # $t("a") + " " + name
    LITERAL = "literal"  # "You have " + n + " seeds"


@dataclass(frozen=True, slots=True)
class Joined:
    """A sentence put together in code from pieces; `written` is the expression as it stands there."""

    written: str
    line: int
    column: int
    kind: JoinKind


@dataclass(frozen=True, slots=True)
class CodeFile:
    """All that one file says; made of its path and its bytes alone, so that it can be kept by both.

    `component` is its name for people; `mentions` are strings that could be keys, wherever they stand; `aliases` import
    prefixes and the folders they stand for, from tsconfig.json and the bundler's settings.
    """

    path: str
    usages: tuple[Usage, ...] = ()
    imports: tuple[Import, ...] = ()
    mounts: tuple[Mount, ...] = ()
    routes: tuple[Route, ...] = ()
    literals: tuple[Literal, ...] = ()
    joined: tuple[Joined, ...] = ()
    mentions: frozenset[str] = frozenset()
    component: str = ""
    aliases: tuple[tuple[str, str], ...] = ()


_KINDS = "js,jsx,mjs,cjs,ts,tsx,mts,cts,vue,svelte,html,htm,ejs,njk,j2,jinja,jinja2,py"
_SETTINGS = "{tsconfig,jsconfig}*.json"


@dataclass(frozen=True)
class CodeSettings:
    """Which files are a site's code, and what its import paths mean.

    `aliases` are import prefixes and the folders they stand for (`{"@/": "src/"}`); they go before those that the site's own
    settings name. `leave_out` goes before `match`.
    """

    match: tuple[str, ...] = (f"**/*.{{{_KINDS}}}", f"**/{_SETTINGS}")
    leave_out: tuple[str, ...] = (
        "**/{node_modules,bower_components,dist,build,vendor,coverage,.nuxt,.output,.next,__tests__,__mocks__,venv,.venv}/**",
        "**/*.min.js",
        "**/*.{spec,test,stories}.*",
        "**/*.d.ts",
    )
    aliases: Mapping[str, str] = field(default_factory=dict)

"""Units: the smallest texts with an identity of their own, and the files and revisions they stand in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from tm_service.domain.findings import Finding
from tm_service.domain.text import fingerprint, is_language

Key = tuple[str, ...]
Locale = str
UnitId = tuple[str, Key]  # (resource, key path)


def key_text(key: Key) -> str:
    """A key path as people write it: joined by dots, dots inside a name escaped by a backslash."""
    return ".".join(name.replace("\\", "\\\\").replace(".", "\\.") for name in key)


def parse_key(written: str) -> Key:
    """Read what `key_text` writes."""
    names, name, escaped = [], "", False
    for character in written:
        if escaped or character not in "\\.":
            name, escaped = name + character, False
        elif character == "\\":
            escaped = True
        else:
            names.append(name)
            name = ""
    return (*names, name)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text that a unit was made of when sentences were cut apart or joined.

    `source` is the whole text that the unit of `key` had, of which characters `begin` to `end` went into the new unit.
    """

    key: Key
    source: str
    begin: int
    end: int

    @property
    def text(self) -> str:
        return self.source[self.begin : self.end]


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of a message beside its text.

    `note` is the developers' comment; `limit` how many characters a translation may have, 0 for any number; `previous` the
    source it had before. A message is `ignored` where its developers say that nobody translates it, and `legal` where it
    changes in all languages at once or not at all. `parts` are the texts it was made of, in
    their order, for as long as it has no translation of its own.
    """

    note: str = ""
    limit: int = 0
    previous: str = ""
    ignored: bool = False
    legal: bool = False
    parts: tuple[Part, ...] = ()


NOTHING_SAID = About()


@dataclass(frozen=True, slots=True)
class Unit:
    """One message: `(resource, key)` is its identity, `source` what a reader of the source locale sees.

    A message of several plural forms is one unit; its text is then an ICU plural (`domain.plurals`), whatever its format.
    """

    resource: str
    key: Key
    source: str
    about: About = NOTHING_SAID

    @property
    def id(self) -> UnitId:
        return self.resource, self.key

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.source)

    @property
    def translatable(self) -> bool:
        """False for values that are codes, not language: ids, addresses, digits; and for what developers take out."""
        return not self.about.ignored and is_language(self.source)

    def __str__(self) -> str:
        return f"{self.resource} {key_text(self.key)}"


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the site at a revision: its path from the repository's root and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Resource:
    """A file taken apart: every non-blank string in file order, and what is odd about it.

    `format` names the extractor and dialect that were found to fit, empty where the content rule names them; `title` is what
    people call what it holds, where it says so.
    """

    document: Document
    values: tuple[Unit, ...]
    findings: tuple[Finding, ...] = ()
    format: str = ""
    title: str = ""

    @property
    def path(self) -> str:
        return self.document.path

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The values that are language; the rest are codes, carried along but never translated."""
        return tuple(unit for unit in self.values if unit.translatable)

    @cached_property
    def by_key(self) -> Mapping[Key, Unit]:
        return {unit.key: unit for unit in self.values}


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """What a translated file says: its values by key, and the hash each value declares for its source, where it does.

    `hashes` is None where the file carries no hashes at all. `derived` are values that we wrote into it without anybody
    having translated today's source of that key: source texts, what is behind, what came from memory. `stamped` says when
    a tool wrote the hashes; a value that changes while it stays was changed by hand. `sources` are the texts that values were
    made from, in a file that keeps them, and `unsure` those that nobody but an alignment says are translations of theirs.
    """

    values: Mapping[Key, str]
    hashes: Mapping[Key, str] | None = None
    derived: frozenset[Key] = frozenset()
    stamped: str = ""
    sources: Mapping[Key, str] = field(default_factory=dict)
    unsure: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of the site: its id, its time with zone, and how it was asked for."""

    id: str
    at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One path between two revisions; blob ids are None where the file is not there."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """A step of history: who, when, and the paths it touched against its first parent."""

    revision: Revision
    author: str
    message: str
    changes: tuple[FileChange, ...]


@dataclass(frozen=True)
class Snapshot:
    """The source side of a site at a revision: resources by path, and files that could not be read."""

    revision: Revision
    resources: Mapping[str, Resource]
    findings: tuple[Finding, ...] = field(default=())

    @cached_property
    def units(self) -> Mapping[UnitId, Unit]:
        return {unit.id: unit for resource in self.resources.values() for unit in resource.units}

"""Usage: which key is used where, which are not used or missing, and whether each message file is still imported."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from tm_service.domain.findings import Finding, Severity
from tm_service.domain.ports.code import CodeReader
from tm_service.domain.sentences import NO_LONGER_REACHED
from tm_service.domain.units import Locale, Revision, Unit, UnitId
from tm_service.domain.usage import CodeFile, CodeSettings, Usage, UsageKind
from tm_service.usecases.code_files import Imports, Kept, reached, read_code
from tm_service.usecases.keys import Keys, Matched, fits
from tm_service.usecases.reading import SiteReader

_FEW = 5  # message files of one component; a key that is not known may be any of theirs
_DEEPEST = 30  # imports from an address to a component


@dataclass(frozen=True)
class SiteUsage:
    """A site's code held against its messages at a revision.

    `uses` are the places that name a unit, by unit; `covered` units that a key known in part may mean; `mentioned` units whose
    key stands somewhere as a string; `unused` all others. `missing` are places whose key is in no message file, `ambiguous`
    those whose key is in several, with the units. `reached` and `unreached` are message files; `components` and `routes` say,
    by code file, its name and the addresses it is shown at.
    """

    revision: Revision
    uses: Mapping[UnitId, tuple[Usage, ...]]
    covered: frozenset[UnitId]
    mentioned: tuple[UnitId, ...]
    unused: tuple[UnitId, ...]
    missing: tuple[Usage, ...]
    dynamic: tuple[Usage, ...]
    ambiguous: tuple[tuple[Usage, tuple[UnitId, ...]], ...]
    reached: frozenset[str]
    unreached: tuple[str, ...]
    components: Mapping[str, str]
    routes: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...] = field(default=())
    files: int = 0

    def places(self, unit: UnitId) -> tuple[str, ...]:
        """Where a unit appears, for people: `/garden (GardenView, app/garden.vue:12)`; without an address the rest."""
        return tuple(self._place(usage) for usage in self.uses.get(unit, ()))

    def views(self, unit: UnitId) -> frozenset[str]:
        """The addresses at which a unit appears; the components where no address is known."""
        shown = self.uses.get(unit, ())
        return frozenset(
            view
            for usage in shown
            for view in self.routes.get(usage.path) or (self.components.get(usage.path) or usage.path,)
        )

    def _place(self, usage: Usage) -> str:
        parts = (self.components.get(usage.path, ""), f"{usage.path}:{usage.line}")
        where, addresses = ", ".join(filter(None, parts)), ", ".join(self.routes.get(usage.path, ()))
        return f"{addresses} ({where})" if addresses else where


def site_usage(
    reader: SiteReader,
    code: CodeReader,
    ref: str = "",
    settings: CodeSettings | None = None,
    kept: Kept | None = None,
    base: str = "",
) -> SiteUsage:
    """Read a site's code and messages at a revision and join them; with a `base`, what is not reached any more is an alarm."""
    settings = settings or CodeSettings()
    revision = reader.connector.resolve(ref)
    snapshot = reader.snapshot(revision)
    files, findings = read_code(reader, code, revision.id, settings, kept)
    imports = Imports(reader.connector.files(revision.id), files, settings)
    found = joined(
        revision, files, imports, {path: one.values for path, one in snapshot.resources.items()}, reader.site.source
    )
    alarms = reach_alarms(reader, code, base, revision.id, settings, kept) if base else []
    findings += [*snapshot.findings, *_lost(imports), *_unreached(found, reader, imports), *alarms]
    return replace(found, findings=tuple(findings))


def reach_alarms(
    reader: SiteReader,
    code: CodeReader,
    base: str,
    head: str,
    settings: CodeSettings | None = None,
    kept: Kept | None = None,
) -> list[Finding]:
    """Message files, translated ones too, that an import reached at `base` and none does at `head` though they are there."""
    settings, kept = settings or CodeSettings(), {} if kept is None else kept
    before, after = reader.connector.resolve(base), reader.connector.resolve(head)
    was, now = (_reached_at(reader, code, revision.id, settings, kept) for revision in (before, after))
    there = reader.connector.files(after.id)
    lost = sorted(path for path in was if path in there and path not in now)
    return [
        Finding(
            "reach",
            Severity.ERROR,
            NO_LONGER_REACHED.say(path=path, revision=before.name or before.id[:12]),
            path=path,
        )
        for path in lost
    ]


def _reached_at(
    reader: SiteReader, code: CodeReader, revision: str, settings: CodeSettings, kept: Kept
) -> frozenset[str]:
    files, _ = read_code(reader, code, revision, settings, kept)
    there = reader.connector.files(revision)
    return reached(Imports(there, files, settings), messages(reader, there))


def messages(reader: SiteReader, paths: Iterable[str]) -> frozenset[str]:
    """The site's message files among these paths: sources, and what is translated from them."""
    there = frozenset(paths)
    sources = [path for path in there if reader.site.rule(path)]
    targets = (reader.site.target_path(path, locale) for path in sources for locale in reader.site.locales)
    return frozenset(sources) | (there & frozenset(targets))


def joined(
    revision: Revision,
    files: Mapping[str, CodeFile],
    imports: Imports,
    resources: Mapping[str, Sequence[Unit]],
    source: Locale,
) -> SiteUsage:
    """Hold what the code says against the messages; pure."""
    near = _Near(files, imports, frozenset(resources))
    keys = Keys(resources, near.mounted, source)
    uses: dict[UnitId, list[Usage]] = defaultdict(list)
    covered: set[UnitId] = set()
    missing, dynamic, ambiguous = [], [], []
    for path in sorted(files):
        beside = near.of(path)
        for usage in files[path].usages:
            if usage.is_dynamic:
                dynamic.append(usage)
                covered.update(_may_be(keys, usage, beside))
                continue
            found = keys.match(usage, near.bound(path, usage.binding) if usage.binding else beside)
            for unit in found.units:
                uses[unit].append(usage)
            if found.how is Matched.NOWHERE and usage.kind is not UsageKind.PROPERTY:
                missing.append(usage)
            elif found.how is Matched.AMBIGUOUS:
                ambiguous.append((usage, found.units))
    left = [unit for units in resources.values() for unit in units if unit.translatable and unit.id not in uses]
    left = [unit for unit in left if unit.id not in covered]
    said = near.mentions()
    mentioned = tuple(unit.id for unit in left if _is_mentioned(unit, said, near, bool(dynamic)))
    known = frozenset(mentioned)
    reach = reached(imports, resources)
    return SiteUsage(
        revision,
        {unit: tuple(several) for unit, several in sorted(uses.items())},
        frozenset(covered - uses.keys()),
        mentioned,
        tuple(unit.id for unit in left if unit.id not in known),
        tuple(missing),
        tuple(dynamic),
        tuple(ambiguous),
        reach,
        tuple(sorted(set(resources) - reach - files.keys())),
        {path: one.component or _stem(path) for path, one in files.items()},
        near.routes,
        (),
        len(files),
    )


def _may_be(keys: Keys, usage: Usage, beside: frozenset[str]) -> Iterator[UnitId]:
    if usage.prefix or usage.suffix or usage.before:
        yield from keys.like(usage, beside)
    elif len(beside) <= _FEW:
        yield from (unit for path in beside for unit in keys.of(path))


def _is_mentioned(unit: Unit, said: Mapping[str, set[str]], near: "_Near", is_dynamic: bool) -> bool:  # noqa: FBT001
    """Whether a key stands in the code as a string: anywhere, if it has dots; else beside its message file."""
    key = ".".join(unit.key)
    places = said.get(key, ())
    return bool(places) and is_dynamic and ("." in key or any(unit.resource in near.of(path) for path in places))


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


class _Near:
    """Which message files and addresses each code file is near to, by its imports."""

    def __init__(self, files: Mapping[str, CodeFile], imports: Imports, resources: Collection[str]) -> None:
        self._files, self._imports, self._resources = files, imports, resources
        self._beside: dict[str, frozenset[str]] = {}

    def of(self, path: str) -> frozenset[str]:
        """Message files that a code file imports, or that the script of a template does."""
        if path not in self._beside:
            own = self._own(path)
            if not own:
                own = frozenset(found for other in self._partners.get(path, ()) for found in self._own(other))
            self._beside[path] = own
        return self._beside[path]

    def _own(self, path: str) -> frozenset[str]:
        own = {path} & set(self._resources)
        for one in self._files[path].imports:
            if not one.is_pattern:
                own.update(target for target in self._imports.targets(path, one) if target in self._resources)
        return frozenset(own)

    @cached_property
    def _partners(self) -> Mapping[str, set[str]]:
        """Templates and their scripts: by import, by a script's address in a page, by name."""
        partners: dict[str, set[str]] = defaultdict(set)
        by_stem: dict[str, list[str]] = defaultdict(list)
        for path in self._files:
            by_stem[path.rpartition("/")[0] + "/" + _stem(path)].append(path)
        for path, one in self._files.items():
            for found in one.imports:
                for target in self._imports.targets(path, found):
                    if target.endswith((".html", ".htm")) and target in self._files:
                        partners[target].add(path)
                    if (
                        path.endswith(".vue")
                        and target.rpartition("/")[2].startswith(_stem(path))
                        and target in self._files
                    ):
                        partners[path].add(target)
        for several in by_stem.values():
            for path in several:
                if path.endswith((".html", ".htm")) and path not in partners:
                    partners[path].update(other for other in several if other != path)
        return partners

    def bound(self, path: str, name: str) -> frozenset[str]:
        """Message files that a local name stands for."""
        return frozenset(
            target
            for one in self._files[path].imports
            if name in one.names
            for target in self._imports.targets(path, one)
            if target in self._resources
        )

    @cached_property
    def mounted(self) -> Mapping[str, frozenset[str]]:
        """Names under which message files are put, for the whole site."""
        names: dict[str, set[str]] = defaultdict(set)
        for path, one in self._files.items():
            for mount in one.mounts:
                found = self.bound(path, mount.name)
                if found and mount.under:
                    names[mount.under].update(found)
        return {name: frozenset(found) for name, found in names.items()}

    def mentions(self) -> Mapping[str, set[str]]:
        """Strings that could be keys, with the files they stand in."""
        said: dict[str, set[str]] = defaultdict(set)
        for path, one in self._files.items():
            for word in one.mentions:
                said[word].add(path)
        return said

    @cached_property
    def routes(self) -> Mapping[str, tuple[str, ...]]:
        """The addresses that each code file is shown at, its own and those of what imports it."""
        edges: dict[str, set[str]] = defaultdict(set)
        for path, one, targets in self._imports.all():
            if not one.is_pattern:
                edges[path].update(target for target in targets if target in self._files)
        for template, scripts in self._partners.items():
            edges[template] |= scripts
        shown: dict[str, set[str]] = defaultdict(set)
        tables = {path for path, one in self._files.items() if one.routes}
        for path in sorted(tables):
            for route in self._files[path].routes:
                for start in self._shown(path, route.shows):
                    for found in _reaches(start, edges, tables - {start}):
                        shown[found].add(route.path)
        return {path: tuple(sorted(several)) for path, several in sorted(shown.items())}

    def _shown(self, path: str, shows: Iterable[str]) -> Iterator[str]:
        imports = self._files[path].imports
        for said in shows:
            for one in imports:
                if said in one.names or one.target == said:
                    yield from (target for target in self._imports.targets(path, one) if target in self._files)
            if "/" in said:
                tail = said.lstrip("./")
                yield from (found for found in self._files if f"/{found}".endswith(f"/{tail}"))


def _reaches(start: str, edges: Mapping[str, set[str]], stop: Collection[str]) -> set[str]:
    """A file and all that it imports, directly or not; what holds a table of routes is not entered."""
    found, border = {start}, {start}
    for _ in range(_DEEPEST):
        border = {target for path in border for target in edges.get(path, ())} - found - set(stop)
        if not border:
            break
        found |= border
    return found


def _lost(imports: Imports) -> Iterator[Finding]:
    """Imports of message files that are not there."""
    for path, one, _ in imports.all():
        if fits(one.target) and imports.is_lost(path, one):
            yield Finding(
                "reach",
                Severity.ERROR,
                f"{path}, line {one.line}: {one.target} leads to no file; put the import right.",
                path=path,
            )


def _unreached(found: SiteUsage, reader: SiteReader, imports: Imports) -> Iterator[Finding]:
    """Message files that no import leads to, where others of their rule are imported; one note for a rule where none is."""
    by_rule: dict[str, list[str]] = defaultdict(list)
    for path in (*found.reached, *found.unreached):
        rule = reader.site.rule(path)
        by_rule[rule.match if rule else ""].append(path)
    for match, paths in sorted(by_rule.items()):
        lost = sorted(path for path in paths if path not in found.reached)
        if len(lost) == len(paths):
            sentence = (
                f"No import leads to any file of {match}; if the site loads them in another way, this says nothing."
            )
            yield Finding("reach", Severity.NOTE, sentence, path=lost[0])
            continue
        for path in lost:
            yield Finding("reach", Severity.WARNING, f"No import leads to {path}; nobody reads its texts.", path=path)
    yield from _unreached_catalogs(reader, imports, found)


def _unreached_catalogs(reader: SiteReader, imports: Imports, found: SiteUsage) -> Iterator[Finding]:
    """Translated files that no import leads to, where other translated files are imported."""
    there = reader.connector.files(found.revision.id)
    catalogs = messages(reader, there) - found.reached - frozenset(found.unreached)
    seen = reached(imports, catalogs)
    for path in sorted(catalogs - seen) if seen else ():
        yield Finding("reach", Severity.WARNING, f"No import leads to {path}; its readers see English.", path=path)

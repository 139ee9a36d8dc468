"""Code files: a site's source code read at a revision, and where its imports lead."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from functools import cached_property, lru_cache
from posixpath import dirname, normpath

from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.ports.code import CodeReader
from tm_service.domain.site import path_pattern
from tm_service.domain.units import Document
from tm_service.domain.usage import CodeFile, CodeSettings, Import, ImportKind
from tm_service.usecases.reading import SiteReader

Kept = MutableMapping[tuple[str, str], CodeFile | Finding]  # by path and blob id

_ENDINGS = ("", ".js", ".ts", ".vue", ".jsx", ".tsx", ".mjs", ".json", ".svelte", ".html", ".yaml", ".yml", ".json5")
_INDEX = ("/index.js", "/index.ts", "/index.vue", "/index.jsx", "/index.tsx", "/index.json", "/index.html")
_ROOTS = ("", "src/", "app/", "public/", "static/", "client/", "frontend/", "resources/js/", "src/app/")
_PREFIX = re.compile(r"^[@~#$]{1,2}/?(?=[\w.])|^[@~]/")
_PACKAGE = re.compile(r"^(?:@[\w\-.]+/)?[\w\-.]+(?:/|$)")


def read_code(
    reader: SiteReader, code: CodeReader, revision: str, settings: CodeSettings, kept: Kept | None = None
) -> tuple[dict[str, CodeFile], list[Finding]]:
    """A site's code at a revision by path, and what could not be read; what is `kept` is not read again."""
    kept = {} if kept is None else kept
    files, findings = {}, []
    for path, blob in sorted(reader.connector.files(revision).items()):
        if not _is_code(path, settings) or not code.reads(path):
            continue
        if (path, blob) not in kept:
            kept[path, blob] = _read(reader, code, path, blob)
        one = kept[path, blob]
        if isinstance(one, Finding):
            findings.append(one)
        else:
            files[path] = one
    return files, findings


@lru_cache(maxsize=1 << 16)
def _matches(pattern: str, path: str) -> bool:
    return path_pattern(pattern).fullmatch(path) is not None


def _is_code(path: str, settings: CodeSettings) -> bool:
    if any(_matches(pattern, path) for pattern in settings.leave_out):
        return False
    return any(_matches(pattern, path) for pattern in settings.match)


def _read(reader: SiteReader, code: CodeReader, path: str, blob: str) -> CodeFile | Finding:
    if reader.connector.size(blob) > reader.site.largest_file:
        return Finding(
            "code", Severity.NOTE, f"{path} is larger than the files that are read; its texts are not known.", path=path
        )
    try:
        return code.read(Document(path, reader.connector.read(blob)))
    except ExtractionError as error:
        return Finding("code", Severity.NOTE, str(error), path=path)


class Imports:
    """Where the imports of a site's files lead, among the files that there are."""

    def __init__(self, paths: Collection[str], code: Mapping[str, CodeFile], settings: CodeSettings) -> None:
        self._paths, self._code, self._settings = frozenset(paths), code, settings
        self._found: dict[tuple[str, str, ImportKind, str], tuple[str, ...]] = {}

    def targets(self, path: str, one: Import) -> tuple[str, ...]:
        """Files that an import of a file leads to; none for a package, and where it leads to nothing."""
        name = dirname(path), one.target, one.kind, one.pattern
        if name not in self._found:
            self._found[name] = tuple(self._resolved(path, one))
        return self._found[name]

    def _resolved(self, path: str, one: Import) -> Iterator[str]:
        if one.is_pattern:
            yield from self._matching(path, one)
            return
        for candidate in self._candidates(path, one.target):
            found = self._file(candidate)
            if found:
                yield found
                return
        if one.kind is ImportKind.NAMED or one.target.startswith("/"):
            tail = one.target.lstrip("./")
            yield from (
                found for found in self._by_name.get(tail.rpartition("/")[2], ()) if f"/{found}".endswith(f"/{tail}")
            )

    def _file(self, candidate: str) -> str:
        found = next((candidate + end for end in (*_ENDINGS, *_INDEX) if candidate + end in self._paths), "")
        if not found and candidate.endswith((".js", ".mjs", ".jsx")):  # TypeScript is imported by the name it will have
            found = self._file(candidate.rpartition(".")[0] + ".ts")
        return found

    def _matching(self, path: str, one: Import) -> Iterator[str]:
        if one.target.startswith("!"):
            return
        rule = _pattern(one.pattern) if one.pattern else None
        rules = [_starred(target, one.kind) for target in self._candidates(path, one.target)]
        if one.kind is ImportKind.NAMED:
            rules = [re.compile(f"(?:.*/)?{_starred(one.target.lstrip('./'), one.kind).pattern}")]
        for found in self._paths:
            if any(one.fullmatch(found) for one in rules) and (rule is None or rule.search(f"./{found}")):
                yield found

    def _candidates(self, path: str, target: str) -> Iterator[str]:
        """Paths from the repository's root that an import may mean, the likeliest first."""
        if target.startswith((".", "..")):
            yield _normal(f"{dirname(path)}/{target}")
            return
        for prefix, folder in self.aliases:
            if target == prefix or target.startswith(prefix if prefix.endswith("/") else f"{prefix}/"):
                rest = target[len(prefix) :].lstrip("/")
                yield _normal(f"{folder.rstrip('/')}/{rest}" if rest else folder)
        bare = _PREFIX.sub("", target).lstrip("/")
        roots = [*_ROOTS]
        if bare != target:
            folder = dirname(path)
            while folder:
                roots.append(f"{folder}/")
                folder = dirname(folder)
        yield from (_normal(root + bare) for root in roots)

    @cached_property
    def aliases(self) -> tuple[tuple[str, str], ...]:
        """Prefixes and folders: those of the settings, then those that the site's own settings name, the longest first."""
        own = [
            (prefix, _normal(f"{dirname(path)}/{folder}"))
            for path, one in sorted(self._code.items(), key=lambda item: item[0].count("/"))
            for prefix, folder in one.aliases
            if prefix and not folder.startswith("node_modules")
        ]
        own.sort(key=lambda alias: -len(alias[0]))
        return (*sorted(self._settings.aliases.items(), key=lambda alias: -len(alias[0])), *own)

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        names: dict[str, list[str]] = {}
        for path in sorted(self._paths):
            names.setdefault(path.rpartition("/")[2], []).append(path)
        return names

    def is_lost(self, path: str, one: Import) -> bool:
        """Whether an import names a file of the site and there is none."""
        if one.is_pattern or one.kind is ImportKind.NAMED or self.targets(path, one):
            return False
        is_alias = any(one.target.startswith(prefix) for prefix, _ in self.aliases)
        return one.target.startswith(("./", "../", "@/", "~/")) or is_alias or not _PACKAGE.match(one.target)

    def all(self) -> Iterator[tuple[str, Import, tuple[str, ...]]]:
        """Every import of the code: the file, the import, and the files it leads to."""
        for path, one in self._code.items():
            for found in one.imports:
                yield path, found, self.targets(path, found)


def _normal(path: str) -> str:
    return normpath(path.lstrip("/")).lstrip("/") if path.strip("/") else ""


@lru_cache(maxsize=1 << 12)
def _starred(target: str, kind: ImportKind) -> re.Pattern[str]:
    """A path with stars: of a glob by its rules; of an import a star may be folders, of an address it is a name."""
    if kind is ImportKind.GLOB:
        return path_pattern(target)
    hole = "[^/]*" if kind is ImportKind.NAMED else ".*"
    return re.compile(hole.join(map(re.escape, target.split("*"))))


def _pattern(written: str) -> re.Pattern[str] | None:
    """The regular expression of a `require.context`; one that cannot be read leaves nothing out."""
    try:
        return re.compile(written)
    except re.error:
        return None


def reached(imports: Imports, paths: Iterable[str]) -> frozenset[str]:
    """Which of these files an import leads to."""
    wanted = frozenset(paths)
    return frozenset(target for _, _, targets in imports.all() for target in targets if target in wanted)

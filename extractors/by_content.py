"""By content: tells a file's format from its name and what stands in it, and reads it by that."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from tm_service.domain.errors import ExtractionError
from tm_service.domain.ports import Extractor
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import CatalogFile, Document, Key, Locale, Resource

_BEGINNING = 20_000  # bytes that are looked at
_ENDINGS: Mapping[str, tuple[str, str]] = {  # extractor and dialect by what a file's name ends with
    ".arb": ("json", "arb"),
    ".csv": ("csv", ""),
    ".docx": ("docx", ""),
    ".ejs": ("template", "ejs"),
    ".ftl": ("fluent", ""),
    ".hbs": ("template", "handlebars"),
    ".handlebars": ("template", "handlebars"),
    ".ini": ("ini", ""),
    ".j2": ("template", "jinja"),
    ".jinja": ("template", "jinja"),
    ".jinja2": ("template", "jinja"),
    ".jsx": ("jsx", ""),
    ".markdown": ("markdown", ""),
    ".md": ("markdown", ""),
    ".mdx": ("markdown", "mdx"),
    ".njk": ("template", "nunjucks"),
    ".odt": ("odt", ""),
    ".php": ("php", ""),
    ".po": ("po", ""),
    ".pot": ("po", ""),
    ".properties": ("properties", ""),
    ".resx": ("resx", ""),
    ".srt": ("srt", ""),
    ".strings": ("strings", ""),
    ".stringsdict": ("stringsdict", ""),
    ".svelte": ("svelte", ""),
    ".svg": ("svg", ""),
    ".toml": ("toml", ""),
    ".tsv": ("csv", ""),
    ".tsx": ("jsx", ""),
    ".twig": ("template", "twig"),
    ".vtt": ("vtt", ""),
    ".vue": ("vue", ""),
    ".xcstrings": ("xcstrings", ""),
    ".xlf": ("xliff", ""),
    ".xliff": ("xliff", ""),
    ".xlsx": ("xlsx", ""),
}
_ROOTS = {
    "resources": ("android", ""),
    "root": ("resx", ""),
    "TS": ("ts", ""),
    "xliff": ("xliff", ""),
    "svg": ("svg", ""),
}
_ROOT = re.compile(
    r"\A\s*(?:<\?[^>]*\?>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>\[]*>\s*)*<([A-Za-z][\w.\-]*)", re.DOTALL
)
_RAILS = re.compile(
    r"\A(?:\s*(?:#[^\n]*)?\n|---\s*\n)*\s*[\"']?([a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)[\"']?:\s*(?:#[^\n]*)?\n[ \t]"
)
_TOP_KEY = re.compile(r"^[^\s#\-][^\n:]*:", re.MULTILINE)
_ANGULARJS = re.compile(r"\bng-[a-z]+|\bdata-ng-[a-z]+|\{\{[^}]*\|\s*translate\b")
_ANGULAR = re.compile(
    r"\bi18n(?:-[a-z\-]+)?=|\*ng[A-Z]|\[\(?[a-zA-Z.]+\)?\]=|^\s*@(?:if|for|switch)\s*\(", re.MULTILINE
)


def _xml(path: str, text: str) -> tuple[str, str] | None:  # noqa: ARG001 - asked like the others
    root = _ROOT.match(text)
    return _ROOTS.get(root[1]) if root else None


def _yaml(path: str, text: str) -> tuple[str, str]:  # noqa: ARG001
    """Rails keeps everything under the locale."""
    return ("yaml", "rails") if _RAILS.match(text) and len(_TOP_KEY.findall(text)) == 1 else ("yaml", "")


def _html(path: str, text: str) -> tuple[str, str]:  # noqa: ARG001
    return "html", "angular" if _ANGULAR.search(text) else "angularjs" if _ANGULARJS.search(text) else ""


def _json(path: str, text: str) -> tuple[str, str]:
    from extractors.json_detection import dialect_of  # noqa: PLC0415 - a site without JSON need not load it

    return "json", dialect_of(path, text.encode("utf-8", "surrogatepass"))


_LOOKED_AT: Mapping[str, Callable[[str, str], tuple[str, str] | None]] = {
    ".htm": _html,
    ".html": _html,
    ".json": _json,
    ".json5": _json,
    ".jsonc": _json,
    ".ts": _xml,
    ".xml": _xml,
    ".yaml": _yaml,
    ".yml": _yaml,
}


def format_of(document: Document) -> tuple[str, str] | None:
    """Extractor and dialect of a file; None where neither its name nor its content tells."""
    name = document.path.rpartition("/")[2].lower()
    ending = name[name.rfind(".") :] if "." in name else ""
    if ending in _LOOKED_AT:
        whole = document.content if _LOOKED_AT[ending] is _json else document.content[:_BEGINNING]
        return _LOOKED_AT[ending](document.path, whole.decode("utf-8-sig", "replace"))
    return _ENDINGS.get(ending)


class ByContent:
    """Reads each file by the extractor that its name and content call for."""

    dialects = ("",)

    def __init__(self, dialect: str = "") -> None:
        self.dialect = dialect
        self._made: dict[tuple[str, str], Extractor] = {}

    def extract(self, document: Document, locale: Locale = "") -> Resource:
        """As the file's own extractor does, and says which that is. Raises ExtractionError where nothing tells."""
        name, dialect = self._format(document)
        return replace(self._extractor(document).extract(document, locale), format=f"{name} {dialect}".strip())

    def read(self, document: Document, locale: Locale = "") -> CatalogFile:
        """As the file's own extractor does. Raises ExtractionError."""
        return self._extractor(document).read(document, locale)

    def merge(
        self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None = None, locale: Locale = ""
    ) -> bytes:
        """As the file's own extractor does."""
        return self._extractor(resource.document).merge(resource, served, stamp, locale)

    def _extractor(self, document: Document) -> Extractor:
        from extractors import extractor  # noqa: PLC0415 - that module names this one

        found = self._format(document)
        if found not in self._made:
            self._made[found] = extractor(*found)
        return self._made[found]

    def _format(self, document: Document) -> tuple[str, str]:
        found = format_of(document)
        if found is None:
            reason = "neither its name nor its content tells its format; name the extractor in its content rule"
            raise ExtractionError(document.path, 1, 1, reason)
        return found

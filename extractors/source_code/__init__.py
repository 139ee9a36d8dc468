"""Source code: which keys a file names, what it imports, and what it shows by itself; read, never run."""

from collections.abc import Callable

from tree_sitter import Node

from extractors.grammars import Endless, grammar, parse
from extractors.pages import page
from extractors.source_code import literals, modules
from extractors.source_code.expressions import string_of
from extractors.source_code.markup import read_markup
from extractors.source_code.python_code import read_python
from extractors.source_code.script import PAIR, Known, Script, declare, property_of, script, text, use_keys
from extractors.source_code.source import Gathered, Source
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document
from tm_service.domain.usage import CodeFile, Position

_LARGEST = 2_000_000  # bytes; larger files of code are made by tools
_SMALL = 20_000  # bytes; smaller files are read, however long their lines
_LONG_LINES = 500  # bytes of an average line that nobody writes
_SETTINGS = ("tsconfig", "jsconfig")


class SourceCode:
    """Reads JavaScript, TypeScript, JSX, Vue, Svelte, HTML and Python; a file's result depends on its path and bytes alone."""

    def reads(self, path: str) -> bool:
        return bool(grammar(path)) and (not path.endswith(".json") or _is_settings(path))

    def read(self, document: Document) -> CodeFile:
        """What a file says, nothing where it is no code or a tool made it. Raises ExtractionError where it cannot be read."""
        if not self.reads(document.path) or len(document.content) > _LARGEST:
            return CodeFile(document.path)
        content = page(document).text.encode("utf-8", "replace")
        if _is_made(content):
            return CodeFile(document.path)
        gathered = Gathered(Source(document.path, content))
        try:
            _gather(gathered, content)
        except Endless as error:
            raise ExtractionError(document.path, 1, 1, str(error)) from error
        return gathered.file()


def _gather(gathered: Gathered, content: bytes) -> None:
    language = grammar(gathered.source.path)
    if gathered.source.path.endswith(".json"):
        _settings(gathered, content)
    elif language == "html":
        known = Known()
        read_markup(gathered, content, lambda *given: _script(gathered, *given, known=known))
    elif language == "python":
        read_python(gathered, content)
    else:
        _script(gathered, content, language, 0, None, known=Known())


def _is_settings(path: str) -> bool:
    return path.rpartition("/")[2].startswith(_SETTINGS)


def _is_made(content: bytes) -> bool:
    """Whether a tool has written this: minified, bundled."""
    lines = content.count(b"\n") + content.count(b"\r") + 1
    return len(content) > max(_SMALL, _LONG_LINES * lines)


def _script(
    gathered: Gathered,
    code: bytes,
    language: str,
    base: int,
    where: Callable[[int], tuple[Position, str]] | None,
    *,
    known: Known,
) -> dict[int, int]:
    """Read one script; gives from where to where its translating calls stand."""
    read = script(gathered, code, language, base, where, known)
    if where is None:
        declare(read)
        modules.imports(read)
    use_keys(read)
    if where is None:
        modules.named_files(read)
        modules.mounts(read)
        modules.routes(read)
    modules.properties(read, language, known.data)
    _templates(read)
    literals.literals(read)
    literals.joined(read)
    return read.calls


def _templates(read: Script) -> None:
    """Pages that stand in a script as the property `template`."""
    for nodes in read.found[PAIR]:
        value = nodes["value"]
        said = string_of(value) if text(nodes["key"]) == "template" else None
        if said and "<" in said and "\\" not in said:
            start = value.start_byte + 1
            content = (value.text or b"")[1:-1]
            read.keys.add(value.start_byte)
            read_markup(
                read.gathered,
                content,
                lambda *given: _script(read.gathered, *given, known=read.known),
                read.base + start,
            )


def _settings(gathered: Gathered, content: bytes) -> None:
    """`compilerOptions.paths` of a tsconfig.json: prefixes, and the folders they stand for."""
    tree = parse("javascript", b"(" + content + b")")
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node.type == "object":
            options = property_of(node, "compilerOptions")
            if options is not None:
                _paths(gathered, options)
            return
        waiting += node.named_children[::-1]


def _paths(gathered: Gathered, options: Node) -> None:
    base = property_of(options, "baseUrl")
    folder = (string_of(base) or ".") if base is not None else "."
    paths = property_of(options, "paths")
    for pair in paths.named_children if paths is not None else ():
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        for target in value.named_children if key is not None and value is not None and value.type == "array" else ():
            said = string_of(target)
            if said and key is not None:
                gathered.aliases.append(((string_of(key) or "").rstrip("*"), f"{folder}/{said.rstrip('*')}"))

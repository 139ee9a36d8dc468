"""Grammars: the languages a site's code is written in, opened when they are first needed."""

from functools import cache
from itertools import count

import tree_sitter_html
import tree_sitter_javascript
import tree_sitter_php
import tree_sitter_python
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

_LANGUAGES = {
    "html": tree_sitter_html.language,
    "javascript": tree_sitter_javascript.language,
    "php": tree_sitter_php.language_php,
    "python": tree_sitter_python.language,
    "typescript": tree_sitter_typescript.language_typescript,
    "tsx": tree_sitter_typescript.language_tsx,
}
_CHUNK = 65_536  # bytes
_PATIENCE = 1_000  # times that a parser may report before the size of its code counts
_BY_ENDING = {
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "json": "javascript",  # the settings of a compiler: JSON with comments is an object of JavaScript
    "ts": "typescript",
    "mts": "typescript",
    "cts": "typescript",
    "tsx": "tsx",
    "py": "python",
    **dict.fromkeys(("html", "htm", "vue", "svelte", "ejs", "njk", "j2", "jinja", "jinja2"), "html"),
}


def ending(path: str) -> str:
    """What follows the last dot of a file's name, in small letters."""
    return path.rpartition("/")[2].rpartition(".")[2].lower()


def grammar(path: str) -> str:
    """The grammar of a file by its name's ending; empty for what is no code."""
    return _BY_ENDING.get(ending(path), "")


@cache
def _language(name: str) -> Language:
    return Language(_LANGUAGES[name]())


class Endless(ValueError):
    """A parser does not come to an end: some grammars go round in circles over broken code, and take memory as they go."""

    def __init__(self) -> None:
        super().__init__("this cannot be read as code; mend its syntax")


def parse(name: str, code: bytes) -> Node:
    """The tree of some code; what cannot be read is in it as errors. Raises Endless.

    A parser reports after so many steps: at most once in 30 bytes over a thousand real files, for ever where it is lost.
    """
    reports, most = count(), _PATIENCE + len(code)

    def read(begin: int, _point: object) -> bytes:
        return code[begin : begin + _CHUNK]

    def is_lost(_begin: int, _has_error: object) -> bool:
        return next(reports) > most

    try:
        return Parser(_language(name)).parse(read, progress_callback=is_lost).root_node
    except ValueError:
        raise Endless from None


@cache
def _query(name: str, pattern: str) -> Query:
    return Query(_language(name), pattern)


def matches(name: str, pattern: str, node: Node) -> list[tuple[int, dict[str, list[Node]]]]:
    """What a query finds below a node: the number of the pattern, and the nodes by their names."""
    return QueryCursor(_query(name, pattern)).matches(node)

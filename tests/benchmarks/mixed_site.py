"""Mixed site: a repository of thousands of message files and templates in many formats, made of texts of our own."""

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path

from tests.benchmarks.job_texts import job_texts
from tests.benchmarks.measure import environment
from tm_service.domain.units import Document

FILES, PER_FILE = 3_000, 20
_SHARES = (  # of a hundred files
    (35, "json", "json"),
    (10, "po", "po"),
    (10, "properties", "properties"),
    (8, "yaml", "yaml"),
    (7, "xml", "android"),
    (8, "html", "html"),
    (10, "vue", "vue"),
    (4, "md", "markdown"),
    (4, "csv", "csv"),
    (4, "xlf", "xliff"),
)
TOML = """\
[site.reef]
repository = "site"
locales    = ["fr"]

[[site.reef.content]]
match     = "texts/**"
extractor = "auto"
target    = "i18n/{locale}/{path}"
"""


def build(folder: Path) -> Path:
    """A git repository of `FILES` files with `PER_FILE` texts each, and its sites.toml beside it; gives the latter."""
    site = folder / "site"
    for document in pages(FILES):
        place = site / document.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(document.content)
    for words in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "--all"],
        [*_AUTHOR, "commit", "--quiet", "-m", "x"],
    ):
        subprocess.run(["git", *words], cwd=site, check=True, env=environment())
    (folder / "sites.toml").write_text(TOML, "utf-8")
    return folder / "sites.toml"


def pages(number: int) -> Iterator[Document]:
    """So many files, in turn of all formats."""
    texts = [source.replace("\n", " ") for source, _ in job_texts(number * PER_FILE)]
    kinds = sorted((place / share, ending, kind) for share, ending, kind in _SHARES for place in range(share))
    for page in range(number):
        _, ending, kind = kinds[page % len(kinds)]
        content = _WRITERS[kind](texts[page * PER_FILE : (page + 1) * PER_FILE])
        yield Document(f"texts/{page % 50:02}/page{page}.{ending}", content.encode())


_AUTHOR = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]


def _json(texts: Sequence[str]) -> str:
    return json.dumps({"page": {f"text{place}": text for place, text in enumerate(texts)}}, indent=2)


def _po(texts: Sequence[str]) -> str:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return head + "".join(f'\n#: src/page.py:{place}\nmsgid "{text}"\nmsgstr ""\n' for place, text in enumerate(quoted))


def _properties(texts: Sequence[str]) -> str:
    return "".join(f"text{place} = {_ascii(text)}\n" for place, text in enumerate(texts))


def _ascii(text: str) -> str:
    return text.replace("\\", "\\\\").encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")


def _yaml(texts: Sequence[str]) -> str:
    return "page:\n" + "".join(f"  text{place}: {json.dumps(text)}\n" for place, text in enumerate(texts))


def _android(texts: Sequence[str]) -> str:
    said = (escape(text, quote=False).replace("'", "\\'").replace('"', '\\"') for text in texts)
    rows = "".join(f'    <string name="text{place}">{text}</string>\n' for place, text in enumerate(said))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<resources>\n{rows}</resources>\n'


def _html(texts: Sequence[str]) -> str:
    rows = "".join(f'  <section id="s{place}"><p>{text}</p></section>\n' for place, text in enumerate(_plain(texts)))
    return f'<!DOCTYPE html>\n<html lang="en">\n<body>\n{rows}</body>\n</html>\n'


def _vue(texts: Sequence[str]) -> str:
    rows = "".join(f'    <p class="row" :key="{place}">{text}</p>\n' for place, text in enumerate(_plain(texts)))
    return (
        f"<template>\n  <div>\n{rows}  </div>\n</template>\n\n<script>\nexport default {{ name: 'Page' }};\n</script>\n"
    )


def _markdown(texts: Sequence[str]) -> str:
    return "# Page\n\n" + "".join(f"{text}\n\n" for text in _plain(texts))


def _csv(texts: Sequence[str]) -> str:
    said = (text.replace('"', '""') for text in texts)
    return "key,en,fr\n" + "".join(f'text{place},"{text}",\n' for place, text in enumerate(said))


def _xliff(texts: Sequence[str]) -> str:
    rows = "".join(
        f'      <trans-unit id="text{place}"><source>{escape(text, quote=False)}</source></trans-unit>\n'
        for place, text in enumerate(texts)
    )
    head = '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n  <file source-language="en" datatype="html" '
    return f'{head}original="page">\n    <body>\n{rows}    </body>\n  </file>\n</xliff>\n'


def _plain(texts: Sequence[str]) -> Iterator[str]:
    """Texts that stand in a page as they are."""
    return (
        text.replace("{", "(").replace("}", ")").replace("<", "(").replace(">", ")").replace("&", "and")
        for text in texts
    )


_WRITERS: dict[str, Callable[[Sequence[str]], str]] = {
    "json": _json,
    "po": _po,
    "properties": _properties,
    "yaml": _yaml,
    "android": _android,
    "html": _html,
    "vue": _vue,
    "markdown": _markdown,
    "csv": _csv,
    "xliff": _xliff,
}

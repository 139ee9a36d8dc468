"""The demo's articles as tests read them: blocks of text with the tags in them, in every language."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import tm_service.demo

FOLDER = Path(tm_service.demo.__file__).parent / "texts" / "articles"
LOCALES = ("en", "ar", "es", "fr", "ru", "zh")
SPOKEN = ("alt", "title")  # attributes that people read

_BLOCKS = frozenset([
    "p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "div", "figure", "figcaption", "table", "thead", "tbody", "tr", "td", "th",
    "blockquote", "hr", "oembed",
])  # fmt: skip
_VOID = frozenset(["hr", "img", "br"])
_MONTH_OF_HAN = re.compile(r"\d+ 月")
_GROUPS = re.compile(r"(?<=\d)[,\u00a0](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_ABBREVIATED = re.compile(
    r"\b(?:e\.g|i\.e|p\. ej|p\. ex|c\.-à-d|т\. е|[Aa]rt|para|par|párr|No|núm|p|tel|tél|тел|напр|ст|п|с|[Сс]м(?=\. [а-я]))\."
)
_LABEL = re.compile(r"\A(?:[^\W\d]+ )?\d+\. ")
_END = re.compile(r"[.!?؟。！？]+(?=[”»)]|\s|\Z)|[。！？]|(?<=[^\W\d])\.(?=\d\Z)")


@dataclass(slots=True)
class Block:
    """What stands between two tags of blocks: `tags` are the blocks around it, `codes` the inline tags with what they say."""

    tags: tuple[str, ...]
    plain: str = ""
    codes: Counter[str] = field(default_factory=Counter)
    spoken: list[tuple[str, str]] = field(default_factory=list)
    bare: str = ""  # the text without what stands in <code>, <i> or <em>


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.path: list[str] = []
        self.made = [Block(())]
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        spoken = [(name, said.pop(name)) for name in SPOKEN if name in said]
        if "data-trix-attributes" in said:
            trix = json.loads(said["data-trix-attributes"])
            spoken.append(("caption", trix.pop("caption")))
            said["data-trix-attributes"] = json.dumps(trix)
        written = f"<{tag} {sorted(said.items())} {[name for name, _ in spoken]}>"
        if tag in _BLOCKS:
            self.path += [] if tag in _VOID else [tag]
            self.made.append(Block((*self.path, written)))
        else:
            self.made[-1].codes[written] += 1
            self.made[-1].plain += "\n" if tag == "br" else ""
            self.inside += [] if tag in _VOID else [tag]
        self.made[-1].spoken += spoken

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            assert self.path.pop() == tag
            self.made.append(Block((*self.path, f"</{tag}>")))
        else:
            assert self.inside.pop() == tag

    def handle_data(self, data: str) -> None:
        block = self.made[-1]
        block.plain += data
        block.bare += "" if {"code", "i", "em"}.intersection(self.inside) else data

    def handle_comment(self, data: str) -> None:
        self.made[-1].codes[f"<!--{data}-->"] += 1


@cache
def blocks(content: str) -> list[Block]:
    """Every block of a content, the ones without text included. Tags that do not close are an AssertionError."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    assert not reader.path
    assert not reader.inside
    return reader.made


def articles() -> dict[str, dict]:
    return {path.stem: json.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}


def text(content: str) -> str:
    """What is read of a content, in one line."""
    return " ".join(" ".join(block.plain.split()) for block in blocks(content) if block.plain.split())


def pairs(article: dict, locale: str) -> Iterator[tuple[str, str]]:
    """Block by block, and the values of attributes, as English and another language write them."""
    for source, target in zip(*(pieces(article["content"][each]) for each in ("en", locale)), strict=True):
        if source.strip():
            yield source, target
    for source, target in zip(*(blocks(article["content"][each]) for each in ("en", locale)), strict=True):
        yield from zip((said for _, said in source.spoken), (said for _, said in target.spoken), strict=True)
    yield article["title"]["en"], article["title"][locale]


_CUT = re.compile(rf"<!--.*?-->|</?(?:{'|'.join(sorted(_BLOCKS))}|br)\b[^>]*>")
_SPOKEN = re.compile(rf' (?:{"|".join(SPOKEN)})="[^"]*"')


def pieces(content: str) -> list[str]:
    """The HTML between the tags of blocks, without the attributes that people read."""
    return _CUT.split(_SPOKEN.sub("", content))


def numbers(plain: str, locale: str, *, has_months: bool) -> Counter[str]:
    """Numbers whatever their separators; the months that Chinese writes in digits are those that others write in words."""
    if locale == "zh" and has_months:
        plain = _MONTH_OF_HAN.sub("", plain)
    return Counter(number.replace(",", ".") for number in _NUMBER.findall(_GROUPS.sub("", plain)))


def sentences(plain: str) -> int:
    """How many sentences end in a text; a rough count that knows the abbreviations of the demo."""
    return len(_END.findall(_LABEL.sub("", _ABBREVIATED.sub("", plain.strip()))))

"""Markdown pages as hypothesis draws them: front matter, headings of both kinds, quotes, lists, tables, code, comments, MDX."""

from codecs import BOM_UTF8

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.units import Key

_WORD = st.text(st.sampled_from("abcé中ع😀"), max_size=5).map("s{}".format)
_WORDS = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)
_MARKED = st.sampled_from(
    ["{} *now*", "`code` {}", '[{}](a.md "A")', "**{}**", "{} <b>1</b>", "{}", "{}", "![x](y.png) {}"]
)
_INLINE = st.builds(lambda mark, words: mark.format(words), _MARKED, _WORDS)
_TARGETS = (
    st.one_of(
        _INLINE,
        st.text(st.sampled_from("ab1 #>-+*=~_|:.)(\"'é中ع"), min_size=1, max_size=10),
        st.builds(
            "{}{}".format,
            st.sampled_from(["# ", "- ", "1. ", "> ", "+ ", "12) ", "---", "=== ", "~~~", "| a | "]),
            _WORD,
        ),
    )
    .map(lambda text: text.strip(" "))
    .filter(bool)
)


class _Writer:
    """Writes one page; keeps count of sections as the extractor promises to."""

    def __init__(self, draw: st.DrawFn, *, scripted: bool) -> None:
        self.draw, self.scripted = draw, scripted
        self.end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
        self.pieces: list[tuple[Key | None, bytes]] = [(None, draw(st.sampled_from([b"", BOM_UTF8])))]
        self.section: list[tuple[int, str]] = []
        self.counts: dict[tuple[str, ...], int] = {}

    def put(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, text.replace("\n", self.end).encode()))

    def path(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.section)

    def number(self, kind: str) -> str:
        place = (*self.path(), kind)
        self.counts[place] = self.counts.get(place, 0) + 1
        return f"{kind}{self.counts[place]}"

    def heading(self) -> None:
        level, name = self.draw(st.integers(1, 3)), self.draw(st.sampled_from(["", "", f"part-{len(self.pieces)}"]))
        while self.section and self.section[-1][0] >= level:
            self.section.pop()
        self.section.append((level, name or self.number("s")))
        under = level < 3 and self.draw(st.booleans())
        self.put("" if under else "#" * level + " ")
        self.put(self.draw(_INLINE), (*self.path(), "heading"))
        self.put(f" {{#{name}}}" if name else "")
        self.put(
            f"\n{'=-'[level - 1] * 3}\n\n"
            if under
            else self.draw(st.sampled_from(["\n\n", " ##\n\n" if not name else "\n\n"]))
        )

    def paragraph(self, first: str = "", more: str = "") -> None:
        lines = self.draw(st.lists(_INLINE, min_size=1, max_size=3))
        box = "[ ] " if first.strip().startswith("-") and self.draw(st.booleans()) else ""
        self.put(first + box)
        self.put(f"\n{more}".join(lines), (*self.path(), self.number("p")))
        self.put("\n")

    def quote(self) -> None:
        self.paragraph("> ", self.draw(st.sampled_from(["> ", ">", ""])))
        self.put("\n")

    def items(self) -> None:
        mark = self.draw(st.sampled_from(["- ", "1. ", "* "]))
        for _ in range(self.draw(st.integers(1, 3))):
            self.paragraph(mark, " " * len(mark))
        self.put("\nthe end of a list: `x`\n\n".replace("the end of a list: ", ""))
        self.number("p")

    def table(self) -> None:
        width, name = self.draw(st.integers(2, 3)), self.number("table")
        edge = self.draw(st.booleans())
        for row in range(self.draw(st.integers(1, 3))):
            self.put("| " if edge else "")
            for column in range(width):
                self.put(" | " if column else "")
                self.put(self.draw(_INLINE), (*self.path(), name, f"r{row}c{column + 1}"))
            self.put(" |\n" if edge else "\n")
            if not row:
                self.put("|" + "---|" * width + "\n")
        self.put("\n")

    def kept(self) -> None:
        scripts = [
            "import A from 'a'\n\n",
            "<Note kind={a > 1}>\n\n",
            "{/* tm:legal */}\n\n",
            "export const a = {\n\n  b: 1 }\n\n",
        ]
        plain = [
            "```js\n# no heading\n```\n\n",
            "<!-- a note -->\n\n",
            "---\n\n",
            "[r]: http://a.example 'T'\n\n",
            "::: tip\n\n",
            "<div>\n\n",
        ]
        self.put(self.draw(st.sampled_from(scripts + plain if self.scripted else [*plain, "    code\n\n"])))


@st.composite
def markdown_samples(draw: st.DrawFn, scripted: bool = False) -> Sample:  # noqa: FBT001, FBT002
    writer = _Writer(draw, scripted=scripted)
    if draw(st.booleans()):
        quote = draw(st.sampled_from(["", "'", '"']))
        writer.put(f"---\nlayout: page\n# seen by readers\ntitle: {quote}")
        writer.pieces[-1] = (None, writer.pieces[-1][1].removesuffix(quote.encode()))
        writer.put(f"{quote}{draw(_WORDS)}{quote}", ("front", "title"))
        writer.put("\n---\n\n")
    else:
        writer.put("\n")
    for _ in range(draw(st.integers(1, 5))):
        draw(
            st.sampled_from([writer.heading, writer.paragraph, writer.quote, writer.items, writer.table, writer.kept])
        )()
        writer.put("\n")
    return Sample(tuple(writer.pieces), "page.mdx" if scripted else "page.md")


ROOMS = {
    ("markdown", ""): Room(markdown_samples(), _TARGETS),
    ("markdown", "mdx"): Room(markdown_samples(scripted=True), _TARGETS),
}

"""Markdown: what is text and what is kept, keys, comments, front matter, and translations that look like markup."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from extractors.markdown import Markdown
from tests.extractors.contract import served
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Severity
from tm_service.domain.units import Document


def texts(content: str, dialect: str = "") -> dict:
    return dict(Markdown(dialect).read(Document("page.md", content.encode())).values)


def merged(content: str, new: dict, dialect: str = "") -> str:
    resource = Markdown(dialect).extract(Document("page.md", content.encode()))
    return Markdown(dialect).merge(resource, served(new)).decode()


def blocks(content: str) -> list[str]:
    return [token.type for token in MarkdownIt("commonmark").enable("table").parse(content)]


def test_sections_are_counted_and_named_where_their_author_named_them():
    content = "Before\n\n# One\n\na\n\n## Two {#two}\n\nb\n\nc\n\n# Three\n"
    assert list(texts(content)) == [
        ("p1",),
        ("s1", "heading"),
        ("s1", "p1"),
        ("s1", "two", "heading"),
        ("s1", "two", "p1"),
        ("s1", "two", "p2"),
        ("s2", "heading"),
    ]


def test_a_translated_heading_changes_no_key():
    content = "# One\n\na\n"
    assert list(texts(merged(content, {("s1", "heading"): "Un"}))) == list(texts(content))


def test_the_text_is_as_written_and_what_stands_before_its_lines_is_not_part_of_it():
    content = '> - A *seed*\n>   [bank](x.md "Open")\n>\n> More\n'
    assert texts(content) == {("p1",): 'A *seed*\n[bank](x.md "Open")', ("p2",): "More"}
    new = merged(content, {("p1",): "Une\nbanque\nde semences"})
    assert new == "> - Une\n>   banque\n>   de semences\n>\n> More\n"


def test_one_line_becomes_two_in_the_indentation_of_its_block():
    assert merged("1. One\n", {("p1",): "Un\nde plus"}) == "1. Un\n   de plus\n"
    assert merged("> - [ ] One\n", {("p1",): "Un\nde plus"}) == "> - [ ] Un\n>   de plus\n"


@pytest.mark.parametrize(
    "kept",
    [
        "```js\nconst seed = 'One';\n```\n",
        "~~~\n# no heading\n~~~\n",
        "    indented code\n",
        "`npm run seeds`\n",
        "<https://seeds.example/list>\n",
        '[rule]: https://seeds.example/rule "The rule"\n',
        "---\n",
        "<script>\nlet seed = 'x'\n</script>\n",
        "::: warning\n",
        "{% include footer.html %}\n",
    ],
)
def test_code_addresses_and_directives_are_nobodys_text(kept):
    assert texts(f"{kept}\nWords\n").popitem()[1] == "Words"
    assert len(texts(f"{kept}\nWords\n")) == 1


def test_words_in_html_are_kept_and_a_person_is_told():
    resource = Markdown().extract(Document("page.md", b"<div>Words</div>\n\n<br>\n"))
    assert resource.values == ()
    assert [(found.severity, found.message) for found in resource.findings] == [
        (Severity.NOTE, "Line 1: words in an HTML block are not translated; write them as Markdown.")
    ]


def test_a_picture_alone_is_its_alternative_text():
    assert texts("![A vault](v.png)\n") == {("p1", "alt"): "A vault"}
    assert merged("![A vault](v.png)\n", {("p1", "alt"): "Le coffre [nord]"}) == "![Le coffre \\[nord\\]](v.png)\n"


@pytest.mark.parametrize("edge", ["| ", ""])
def test_cells_of_a_table_are_texts_and_a_bar_in_one_stays_in_it(edge):
    content = f"{edge}Crop | Days\n---|---\n{edge}Oats \\| rye | 90\n"
    assert texts(content) == {
        ("table1", "r0c1"): "Crop",
        ("table1", "r0c2"): "Days",
        ("table1", "r1c1"): "Oats | rye",
        ("table1", "r1c2"): "90",
    }
    new = merged(content, {("table1", "r1c1"): "Овёс | рожь | ячмень", ("table1", "r0c1"): "- Культура"})
    assert blocks(new) == blocks(content)
    assert texts(new)["table1", "r1c1"] == "Овёс | рожь | ячмень"
    assert texts(new)["table1", "r0c1"] == "- Культура"


def test_the_number_of_cells_follows_the_heading_and_odd_rows_are_read_as_far_as_they_go():
    content = "| a | b |\n|---|---|\n| one |\n| one | two | three |\n||x|\n"
    assert set(texts(content)) >= {("table1", "r1c1"), ("table1", "r2c1"), ("table1", "r2c2"), ("table1", "r3c2")}


def test_comments_are_about_the_block_below_and_all_within():
    content = "<!-- Said to gardeners, tm:maxlength=20 -->\n- a\n- b\n\nc\n\nd <!-- tm:ignore -->\n"
    said = {unit.source: unit.about for unit in Markdown().extract(Document("page.md", content.encode())).values}
    assert [(said[name].note, said[name].limit) for name in "ab"] == [("Said to gardeners,", 20)] * 2
    assert not said["c"].note
    assert said["d"].ignored


def test_front_matter_gives_texts_by_their_names():
    known = "title: Seeds\ndescription: >-\n  All about\n  seeds\nhero:\n  tagline: 'It''s open'\n"
    content = f"---\nlayout: page\n{known}tags: [title]\nlimit: 5\n---\nText\n"
    assert texts(content) == {
        ("front", "title"): "Seeds",
        ("front", "description"): "All about seeds",
        ("front", "hero", "tagline"): "It's open",
        ("p1",): "Text",
    }


def test_a_translated_page_names_its_own_language():
    document = Document("page.md", b"---\nlang: en-GB # of the page\ntitle: Seeds\nhero:\n  locale: en\n---\n")
    new = Markdown().merge(Markdown().extract(document), served({("front", "title"): "Graines"}), locale="fr")
    assert new == b"---\nlang: fr # of the page\ntitle: Graines\nhero:\n  locale: en\n---\n"


@pytest.mark.parametrize("front", ["? title\n", "{title, a: 1}\n", "title: &a Seeds\nb: *a\n", "title: !t Seeds\n"])
def test_values_that_cannot_be_replaced_alone_are_left(front):
    assert texts(f"---\n{front}---\nWords\n") == {("p1",): "Words"}


@given(st.sampled_from(["Seeds", "'Seeds'", '"Seeds"', "|\n  Seeds", ">-\n  Seeds", ""]), st.text(max_size=20))
def test_whatever_is_written_into_front_matter_is_yaml_and_read_back(value, text):
    content = merged(f"---\ntitle: {value}\nnext: 1\n---\n", {("front", "title"): text})
    inside = content.removeprefix("---\n").removesuffix("---\n")
    if text.rstrip("\n") != texts(f"---\ntitle: {value}\n---\n")["front", "title"]:
        assert YAML(typ="safe", pure=True).load(inside) == {"title": text, "next": 1}
    assert texts(content)["front", "title"] == text.rstrip("\n")


@pytest.mark.parametrize(
    "text",
    [
        "# no heading",
        "- no item",
        "+ no item",
        "* no item",
        "1. no number",
        "12) no number",
        "> no quote",
        "```",
        "~~~ code",
        "---",
        "***",
        "Title\n===",
        "Title\n---",
        "<div>",
        "<!-- hidden",
        "[a]: https://seeds.example",
        "a | b\n--- | ---",
        "::: tip",
        "    indented",
        "one\n\n\ntwo",
        "\n\n  one",
        "{% raw %}",
        "#",
        "-",
    ],
)
@pytest.mark.parametrize("before", ["", "- ", "> ", "1. "])
def test_a_translation_that_looks_like_another_block_stays_a_paragraph(text, before):
    content = f"{before}Words\n\nAfter\n"
    new = merged(content, {("p1",): text})
    assert blocks(new) == blocks(content)
    assert list(texts(new)) == [("p1",), ("p2",)]
    assert texts(new)["p2",] == "After"


@pytest.mark.parametrize("text", ["C #", "# C", "##", "a\nb", "1. Mai"])
@pytest.mark.parametrize("heading", ["# Words\n", "## Words ##\n"])
def test_a_heading_stays_one_heading(heading, text):
    new = merged(heading, {("s1", "heading"): text})
    assert blocks(new) == blocks(heading)
    assert texts(new)["s1", "heading"] == text.replace("\n", " ")


def test_mdx_keeps_its_scripts_and_tags_and_gives_the_words_between():
    content = (
        'import A from "./a"\nexport const b = {\n  title: "kept",\n\n  c: 1,\n}\n\n'
        '<Tabs\n  kind="a > b"\n>\n    Words within\n\n</Tabs>\n\n{/* Said below */}\n\nMore {props.seeds} words\n'
    )
    assert texts(content, "mdx") == {("p1",): "Words within", ("p2",): "More {props.seeds} words"}
    units = Markdown("mdx").extract(Document("page.mdx", content.encode())).values
    assert [unit.about.note for unit in units] == ["", "Said below"]


@pytest.mark.parametrize("text", ["import duties", "export { a }", "<Note />", "{props.x}"])
def test_in_mdx_a_translation_is_no_script(text):
    new = merged("Words\n\nAfter\n", {("p1",): text}, "mdx")
    assert texts(new, "mdx") == {("p1",): text, ("p2",): "After"}


@pytest.mark.parametrize(
    ("content", "line"),
    [("---\ntitle: [\n---\n", 3), ('---\na: 1\ntitle: "x\n---\n', 4), ("---\n\ttitle: x\n---\n", 2)],
)
def test_front_matter_that_is_no_yaml_is_refused_with_its_place(content, line):
    with pytest.raises(ExtractionError) as caught:
        texts(content)
    assert abs(caught.value.line - line) <= 1
    assert "front matter" in caught.value.reason


@pytest.mark.parametrize(
    "content",
    [
        ">" * 20_000 + "x",
        "- " * 10_000 + "x",
        "[" * 20_000,
        "*" * 20_000,
        "|" * 20_000 + "\n|-|\n",
        "<" * 20_000,
        "`" * 20_000,
        "<Tab\n" * 4_000,
        "{" * 20_000,
        "---\na: &a [x]\nb: &b [*a, *a]\ntitle: *b\n---\n",
        "---\n" + "- " * 5_000 + "\n---\n",
        "import {\n" * 2_000,
        "#" * 20_000,
        json.dumps("x" * 20_000),
        "![" * 10_000,
        "\\" * 20_000,
    ],
)
@pytest.mark.parametrize("dialect", ["", "mdx"])
def test_hostile_pages_are_read_or_refused(content, dialect):
    document = Document("page.md", content.encode())
    try:
        resource = Markdown(dialect).extract(document)
    except ExtractionError:
        return
    assert Markdown(dialect).merge(resource, {}) == document.content

"""JSX: texts as JSX compiles them, expressions as codes, elements in elements and in expressions."""

import pytest

from extractors.jsx import Jsx, jsx_space
from tests.extractors.contract import served, sources
from tm_service.domain.errors import ExtractionError
from tm_service.domain.text import CodeKind, parse
from tm_service.domain.units import About, Document, key_text


def document(content: str) -> Document:
    return Document("src/Seeds.tsx", content.encode())


def component(markup: str) -> str:
    return f"const é = 1;\nexport function Card({{ a }}: Props) {{\n  return ({markup});\n}}\n"


def extracted(content: str) -> dict[str, str]:
    return {key_text(unit.key): unit.source for unit in Jsx().extract(document(content)).values}


def texts(markup: str) -> list[str]:
    return list(extracted(component(markup)).values())


def merged(markup: str, given: dict[str, str]) -> str:
    page = component(markup)
    resource = Jsx().extract(document(page))
    keys = {unit.source: unit.key for unit in resource.values}
    written = Jsx().merge(resource, served({keys[source]: text for source, text in given.items()})).decode()
    before, after = component("|").split("|")
    assert written.startswith(before)
    assert written.endswith(after)
    return written.removeprefix(before).removesuffix(after)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a  b", "a b"),
        ("a\n   b", "a b"),
        ("  \n  a \n\n  b  \n  ", "a b"),
        (" a ", " a "),
        ("a\r\n\tb", "a b"),
        ("\n", ""),
        ('{" "}', " "),
        ("{'It\\'s'}", "It's"),
        ("{`a &amp; <b`}", "a &amp;amp; &lt;b"),
    ],
)
def test_white_space_is_what_jsx_compiles(written, read):
    assert jsx_space(written) == read


def test_texts_begin_with_the_component_they_stand_in():
    page = """const Head = () => <h1>Seeds</h1>;
    class Tail extends Component { render() { return <p>{this.x}<b>End</b> of it</p>; } }
    export default function Body() { const row = () => <li>Row</li>; return <ul title="List">{row()}</ul>; }
    root.render(<p>Loose</p>);"""
    assert extracted(page) == {
        "Head.h1": "Seeds",
        "Tail.p": "{this.x}<b>End</b> of it",
        "Body.li": "Row",
        "Body.ul.title": "List",
        "p": "Loose",
    }


def test_strings_and_blanks_in_braces_are_text():
    markup = """<p>
      Read the <a href="/x">guide</a>{" "}
      {'before'} you go, it&apos;s {name}
    </p>"""
    assert texts(markup) == ['Read the <a href="/x">guide</a> before you go, it\'s {name}']
    assert merged(markup, {texts(markup)[0]: '{name}: l\'<a href="/x">été</a> > {x} <i>!</i>'}) == (
        '<p>\n      {name}: l&apos;<a href="/x">été</a> &gt; &#123;x&#125; <i>!</i>\n    </p>'
    )


def test_elements_in_expressions_are_texts_of_their_own_and_stay_where_they_are():
    markup = """<div>{ok && <p>Yes</p>}{xs.map(x => <li key={x}>Item {x}</li>)}
      <p>You have {n > 1 ? <b>many</b> : <b>one</b>} seeds <a onClick={() => a > b} title="Tip">here</a></p></div>"""
    assert texts(markup) == ["Yes", "Item {x}", "You have {n} seeds <a>here</a>", "many", "one", "Tip"]
    assert [code.kind for code in parse(texts(markup)[2]).codes] == [
        CodeKind.PLACEHOLDER,
        CodeKind.OPEN,
        CodeKind.CLOSE,
    ]
    given = {"You have {n} seeds <a>here</a>": "<a>Ici</a>, {n} !", "many": "beaucoup", "Tip": "Astuce", "Yes": "Oui"}
    assert merged(markup, given).endswith(
        '<p><a onClick={() => a > b} title="Astuce">Ici</a>, {n > 1 ? <b>beaucoup</b> : <b>one</b>} !</p></div>'
    )


def test_elements_in_attributes_are_read():
    markup = '<Row icon={<Icon title="Disk" />} render={() => <p>Inner</p>} label="Outer">Text</Row>'
    assert extracted(component(markup)) == {
        "Card.Row.label": "Outer",
        "Card.Row": "Text",
        "Card.Icon.title": "Disk",
        "Card.p": "Inner",
    } or sorted(texts(markup)) == ["Disk", "Inner", "Outer", "Text"]


def test_attributes_are_strings_plain_or_in_braces():
    markup = (
        """<img alt="A &quot;map&quot;" title={'It\\'s'} aria-label={`Plain`} placeholder={`Not ${x}`} data-x="No" />"""
    )
    assert texts(markup) == ['A "map"', "It's", "Plain"]
    assert merged(markup, {'A "map"': '"{x}" \\ <y>', "It's": 'C\'est "bon"'}).startswith(
        '<img alt="&quot;{x}&quot; \\ <y>" title="C\'est &quot;bon&quot;" aria'
    )


def test_a_translation_begins_no_comment():
    page = '<p title="Tip">Text</p>'
    assert merged(page, {"Tip": "/* a */", "Text": "http://x.example"}) == (
        '<p title="&#47;* a */">http:&#47;/x.example</p>'
    )
    assert texts(merged(page, {"Tip": "/* a */", "Text": "// b"})) == ["/* a */", "// b"]


def test_what_comes_from_a_catalog_or_is_not_translated_is_no_text():
    assert texts('<><Trans i18nKey="a">Hello</Trans><p translate="no">No</p><b className="notranslate">No</b></>') == []
    assert texts("<p>{t('seeds.title')}</p>") == []


def test_comments_in_braces_are_notes():
    page = component("<>{/* At most 9 characters */}<h1>Seeds</h1>{/* tm:ignore */}<p>Code</p></>")
    assert [unit.about for unit in Jsx().extract(document(page)).values] == [
        About("At most 9 characters", 9),
        About(ignored=True),
    ]


@pytest.mark.parametrize(
    ("page", "line", "column"),
    [("const a = <p>x</b>;", 1, 15), ("const é = 1;\nconst a = <p>{x</p>;", 2, 1), ("let = = 3", 1, 7)],
)
def test_code_that_cannot_be_read_is_refused_with_its_place(page, line, column):
    with pytest.raises(ExtractionError) as caught:
        Jsx().extract(document(page))
    assert (caught.value.line, caught.value.column) == (line, column)


def test_code_over_which_a_parser_goes_round_in_circles_is_refused():
    with pytest.raises(ExtractionError, match="line 1, column 1: this cannot be read as code; mend its syntax"):
        Jsx().extract(document("<p {{seed:>dry:warm(a b)"))


@pytest.mark.parametrize(
    "page",
    ["<p>" * 3000, "<p>" * 300 + "x" + "</p>" * 300, "{" * 9000, "const a = " + "<p>{" * 150 + "x" + "}</p>" * 150,
     "a = " + "(" * 3000 + ")" * 3000, "const a = <p>" + "<b>x</b>" * 2500 + "</p>", "`${" * 4000],
)  # fmt: skip
def test_hostile_code_is_read_or_refused(page):
    try:
        resource = Jsx().extract(document(page))
    except ExtractionError:
        return
    assert Jsx().merge(resource, {}) == page.encode()
    Jsx().merge(resource, served(sources(resource)))

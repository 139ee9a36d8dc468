"""SVG: which texts of a drawing count, their keys, their blanks, and the language of the drawing."""

from lxml import etree

from tests.extractors.extracting import Format
from tm_service.domain.units import About

SVG = Format("svg", "vault.svg")


def svg(inside: str, root: str = "") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg"{root}>{inside}</svg>'


def test_texts_titles_descriptions_and_labels_count():
    content = svg(
        "<title>Vault</title><desc>How seeds are kept</desc><style>a</style><script>b</script><metadata>c</metadata>"
        '<path aria-label="Door"/><foreignObject><p>d</p></foreignObject><text>Shelf</text>'
    )
    assert SVG.texts(content) == {
        ("title",): "Vault",
        ("desc",): "How seeds are kept",
        ("aria-label",): "Door",
        ("text",): "Shelf",
    }


def test_a_key_is_the_nearest_id_and_a_number_where_there_are_several():
    content = svg(
        '<text>A</text><g id="steps"><text>B</text><g><text>C</text></g><text id="last">D</text></g><text>E</text>'
    )
    assert SVG.texts(content) == {
        ("text",): "A",
        ("steps", "text"): "B",
        ("steps", "text", "2"): "C",
        ("last", "text"): "D",
        ("text", "2"): "E",
    }


def test_blanks_collapse_as_they_are_drawn_and_stay_where_they_are_kept():
    content = svg('<text>\n  Two\n  lines \n</text><text xml:space="preserve"> a  b </text>')
    assert SVG.texts(content) == {("text",): "Two lines", ("text", "2"): " a  b "}
    written = SVG.merged(content, {("text",): "Deux\n lignes", ("text", "2"): " c  d "}).decode()
    assert written == svg('<text>\n  Deux lignes \n</text><text xml:space="preserve"> c  d </text>')


def test_lines_within_a_text_are_tags_and_one_around_all_of_it_is_not():
    content = svg(
        '<text><tspan x="1">Dry</tspan>\n  <tspan x="1">store</tspan></text><text><tspan x="2">Sow</tspan></text>'
    )
    assert SVG.texts(content) == {
        ("text",): '<tspan x="1">Dry</tspan> <tspan x="1">store</tspan>',
        ("text", "2"): "Sow",
    }
    texts = {("text",): '<tspan x="1">Sécher</tspan> <tspan x="1">garder', ("text", "2"): "Semer"}
    written = SVG.merged(content, texts)
    root = etree.fromstring(written)
    assert ["".join(text.itertext()) for text in root] == ['Sécher <tspan x="1">garder', "Semer"]


def test_the_language_and_the_direction_of_the_drawing_are_said():
    content = svg("<text>Seed</text>", ' lang="en"')
    arabic = SVG.merged(content, {("text",): "بذرة"}, "ar")
    assert arabic.decode() == svg("<text>بذرة</text>", ' lang="ar" direction="rtl"')
    french = SVG.merged(svg("<text>Seed</text>", ' direction="rtl"'), {("text",): "Graine"}, "fr_CA")
    root = etree.fromstring(french)
    assert (root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("direction")) == ("fr-CA", "ltr")


def test_what_is_drawn_for_one_language_is_left_alone():
    assert SVG.texts(svg('<switch><text systemLanguage="fr">Graine</text><text>Seed</text></switch>')) == {
        ("text",): "Seed"
    }


def test_comments_are_notes():
    content = svg("\n<!-- tm:maxlength=9 On the door -->\n<text>Vault</text>")
    assert SVG.about(content) == {("text",): About("On the door", 9)}


def test_the_usual_doctype_is_passed_over_and_one_with_entities_is_refused():
    usual = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert SVG.texts(usual + svg("<text>Seed</text>")) == {("text",): "Seed"}
    assert "DOCTYPE" in SVG.refusal('<!DOCTYPE svg [<!ENTITY ns "http://x">]><svg/>')[2]

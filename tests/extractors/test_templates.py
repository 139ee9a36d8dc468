"""Templates: what a server's codes are to the texts around them, in each language of templates."""

import pytest
from jinja2 import DictLoader, Environment

from extractors.templates import Template
from tests.extractors.contract import served, sources
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import About, Document, key_text


def document(content: str) -> Document:
    return Document("views/seeds.html", content.encode())


def extracted(content: str, dialect: str) -> dict[str, str]:
    return {key_text(unit.key): unit.source for unit in Template(dialect).extract(document(content)).values}


def merged(content: str, given: dict[str, str], dialect: str) -> str:
    extractor = Template(dialect)
    resource = extractor.extract(document(content))
    keys = {unit.source: unit.key for unit in resource.values}
    return extractor.merge(resource, served({keys[source]: text for source, text in given.items()})).decode()


def beside(content: str, dialect: str) -> list[About]:
    return [unit.about for unit in Template(dialect).extract(document(content)).values]


SAME = {  # one page in every language of templates
    "jinja": """{# At most 30 characters #}<h1 title="All of {{ site.name }}">Seeds of {{ place }}</h1>
{% if user %}Welcome back{% else %}Please sign in{% endif %}
{% for seed in seeds %}<li {% if seed.ripe > 3 %}class="ripe"{% endif %}>{{ seed.name }} is
  {% if seed.dry %}dry{% else %}wet{% endif %} now</li>{% endfor %}<p>{{ count }}</p>""",
    "ejs": """<%# At most 30 characters %><h1 title="All of <%= site.name %>">Seeds of <%= place %></h1>
<% if (user) { %>Welcome back<% } else { %>Please sign in<% } %>
<% seeds.forEach(function (seed) { %><li <% if (seed.ripe > 3) { %>class="ripe"<% } %>><%= seed.name %> is
  <% if (seed.dry) { %>dry<% } else { %>wet<% } %> now</li><% }) %><p><%= count %></p>""",
    "handlebars": """{{! At most 30 characters }}<h1 title="All of {{site.name}}">Seeds of {{place}}</h1>
{{#if user}}Welcome back{{else}}Please sign in{{/if}}
{{#each seeds}}<li {{#if ripe}}class="ripe"{{/if}}>{{name}} is
  {{#if dry}}dry{{else}}wet{{/if}} now</li>{{/each}}<p>{{{count}}}</p>""",
}
SAME["nunjucks"] = SAME["twig"] = SAME["jinja"]


@pytest.mark.parametrize("dialect", Template.dialects)
def test_each_language_gives_the_same_texts(dialect):
    found = list(extracted(SAME[dialect], dialect).items())
    assert [key for key, _ in found] == ["h1.title", "h1", "text.if", "text.else", "h1.li"]
    assert [text for _, text in found[2:4]] == ["Welcome back", "Please sign in"]
    assert [text.split()[0] for _, text in found[:2]] == ["All", "Seeds"]
    assert found[4][1].split()[-1] == "now"
    assert "dry" in found[4][1]
    assert beside(SAME[dialect], dialect)[1] == About("At most 30 characters", 30)


@pytest.mark.parametrize("dialect", Template.dialects)
def test_codes_of_a_sentence_may_change_places(dialect):
    text = extracted(SAME[dialect], dialect)["h1"]
    code = text.removeprefix("Seeds of ")
    written = merged(SAME[dialect], {text: f"{code}: graines"}, dialect)
    assert written == SAME[dialect].replace(text, f"{code}: graines")


def test_quotation_marks_in_codes_end_no_attribute():
    page = """<a href="{{ url("seeds", id=")}") }}" title="See {{ name|default("all") }} now" {{ attributes(">") }}>Seeds</a>"""
    assert list(extracted(page, "jinja").values()) == ['See {{ name|default("all") }} now', "Seeds"]


@pytest.mark.parametrize(
    "page",
    [
        "<p>{% trans %}From a catalog{% endtrans %}</p>",
        "<p>{%- trans count=n -%}One{% pluralize %}Many{%- endtrans %}</p>",
        '<p>{% trans "From a catalog" %}</p>',
        "{% blocktrans with a=b %}From {{ a }}{% endblocktrans %}",
        '<p title="{{ _("From a catalog") }}">{{ _("From a catalog") }}</p>',
        "{% comment %}<p>Gone</p>{% endcomment %}",
        "{# <p>Gone</p> #}",
        "{% set x = '<p>Words</p>' %}{% include 'Some words' %}",
    ],
)
def test_what_belongs_to_a_catalog_is_no_text(page):
    assert extracted(page, "jinja") == {}


def test_a_text_from_a_catalog_within_a_sentence_is_a_code():
    page = "<p>Read {% trans %}the guide{% endtrans %} first</p>"
    assert list(extracted(page, "jinja").values()) == ["Read {% trans %}the guide{% endtrans %} first"]


def test_a_block_has_its_name_in_the_key():
    assert extracted("{% block title %}Seeds{% endblock %}", "jinja") == {"text.block-title": "Seeds"}


def test_braces_of_javascript_say_what_begins_and_ends():
    page = """<% const open = '}'; if (a) { /* } */ %><p>One</p><% } else if (b) { %><p>Two</p><% } %>
    <p>A <% if (x) { %>b<% } %> c <%- include('x') -%></p><%% <p>Three</p>"""
    sentence = "A <% if (x) { %>b<% } %> c <%- include('x') -%>"
    assert list(extracted(page, "ejs").values()) == ["One", "Two", sentence, "Three"]


@pytest.mark.parametrize(
    ("dialect", "target", "written"),
    [
        ("jinja", "{{ config }} {% raw %} {# x #}", "&#123;{ config }} &#123;% raw %} &#123;# x #}"),
        ("handlebars", "{{> secret}}", "&#123;{> secret}}"),
        ("ejs", "<%= process.env %>", "&lt;%= process.env %>"),
    ],
)
def test_a_translation_cannot_bring_a_code(dialect, target, written):
    assert merged("<p title='Hint'>Seeds</p>", {"Seeds": target}, dialect) == f"<p title='Hint'>{written}</p>"
    attribute = merged("<p title='Hint'>Seeds</p>", {"Hint": target}, dialect)
    assert attribute == f"<p title='{written}'>Seeds</p>"


PAGE = """{% extends "base" %}{# The head #}{% block title %}Seeds of {{ place }}{% endblock %}
{% block body %}<p>You have {{ n }} <b>seed{% if n != 1 %}s{% endif %}</b>{{ "." }}</p>
<ul>{% for name in names %}<li title="{{ name|upper }} &amp; co">Bag of {{ name }}</li>{% endfor %}</ul>{% endblock %}"""


def test_a_merged_template_renders_in_jinja():
    """The real engine puts the values where the translator put the codes."""
    given = {
        "Seeds of {{ place }}": "{{ place }} 的种子",
        'You have {{ n }} <b>seed{% if n != 1 %}s{% endif %}</b>{{ "." }}': "<b>Семян</b>: {{ n }} {{ 7 * 7 }}",
        "{{ name|upper }} & co": '{{ name|upper }} & "Cie"',
        "Bag of {{ name }}": "كيس {{ name }}",
    }
    templates = {
        "base": "{% block title %}{% endblock %}|{% block body %}{% endblock %}",
        "page": merged(PAGE, given, "jinja"),
    }
    environment = Environment(loader=DictLoader(templates), autoescape=True)
    assert environment.get_template("page").render(place="Hafen", n=2, names=["oak"]) == (
        "Hafen 的种子|<p><b>Семян</b>: 2 &#123;{ 7 * 7 }}</p>\n"
        '<ul><li title="OAK &amp; &quot;Cie&quot;">كيس oak</li></ul>'
    )


@pytest.mark.parametrize(
    ("dialect", "page", "line", "column", "reason"),
    [
        ("jinja", "<p>\n{{ a </p>", 2, 1, "the {{ that begins here is never closed"),
        ("jinja", "<p>{% if a </p>", 1, 4, "the {% that begins here is never closed"),
        ("jinja", "<p>{# a </p>", 1, 4, "the {# that begins here is never closed"),
        ("jinja", "<p>{% trans %}a</p>", 1, 4, "the {% that begins here is never closed"),
        ("jinja", "<p class='{{ a'>x</p>", 1, 11, "the {{ that begins here is never closed"),
        (
            "jinja",
            "<p class='{{ a }}>x</p>",
            1,
            10,
            "a quotation mark in the tag <p is never closed; write it where the value ends",
        ),
        ("ejs", "<p>\n <%= a </p>", 2, 2, "the <% that begins here is never closed"),
        ("handlebars", "<p>{{{ a }}</p>", 1, 4, "the {{ that begins here is never closed"),
        ("handlebars", "{{!-- a }}", 1, 1, "the {{ that begins here is never closed"),
    ],
)
def test_a_broken_template_is_refused_with_its_place(dialect, page, line, column, reason):
    with pytest.raises(ExtractionError) as caught:
        Template(dialect).extract(document(page))
    assert (caught.value.line, caught.value.column, caught.value.reason) == (line, column, reason)


@pytest.mark.parametrize(
    "page",
    ["{{" * 8000, "{{'" * 6000 + "}}", "{% if %}" * 2500, "{% if a %}x{% else %}" * 900, "<% { %>" * 2500, "{{#if}}" * 2500,
     "<p {{ a }}" * 2000, "<a {% if %}b='" * 1200, "{% trans %}" * 1800, "{{/if}}x{{else}}" * 1200, "<%= `${`${" * 1500],
)  # fmt: skip
@pytest.mark.parametrize("dialect", ["jinja", "ejs", "handlebars"])
def test_hostile_templates_are_read_or_refused(page, dialect):
    extractor = Template(dialect)
    try:
        resource = extractor.extract(document(page))
    except ExtractionError:
        return
    assert extractor.merge(resource, {}) == page.encode()
    extractor.merge(resource, served(sources(resource)))

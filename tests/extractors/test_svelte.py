"""Svelte: what expressions and blocks in braces are to the texts around them."""

import pytest

from extractors.svelte import Svelte
from tests.extractors.contract import served, sources
from tm_service.domain.errors import ExtractionError
from tm_service.domain.text import CodeKind, parse
from tm_service.domain.units import Document, key_text


def document(content: str) -> Document:
    return Document("src/Seeds.svelte", content.encode())


def extracted(content: str) -> dict[str, str]:
    return {key_text(unit.key): unit.source for unit in Svelte().extract(document(content)).values}


def merged(content: str, given: dict[str, str]) -> str:
    resource = Svelte().extract(document(content))
    keys = {unit.source: unit.key for unit in resource.values}
    return Svelte().merge(resource, served({keys[source]: text for source, text in given.items()})).decode()


def test_texts_and_attributes_of_a_component():
    page = """<script lang="ts">let a = "<p>no</p>";</script>
    <svelte:head><title>Seeds of {year}</title></svelte:head>
    <h1 title="Our {n} seeds" {...rest} on:click={() => { go("}"); }}>Hello {name}!</h1>
    <SeedCard label="Oak" {n}>Dry <b>acorns</b></SeedCard><input placeholder={"Find"} aria-label={t('x')}>
    <style>p { color: red }</style>"""
    assert extracted(page) == {
        "title": "Seeds of {year}",
        "h1.title": "Our {n} seeds",
        "h1": "Hello {name}!",
        "text.2.SeedCard.label": "Oak",
        "text.2.SeedCard": "Dry <b>acorns</b>",
    }


def test_blocks_end_a_text_or_are_codes_of_a_sentence():
    page = """{#if n > 1}<p>Many</p>{:else if n}One seed{:else}None{/if}
    {#each xs as x (x.id)}<li>{x.name} is {#if x.dry}dry{:else}wet{/if} now</li>{:else}Nothing{/each}
    {#await load() then y}<p>Got {y}</p>{/await}"""
    assert list(extracted(page).values()) == [
        "Many",
        "One seed",
        "None",
        "{x.name} is {#if x.dry}dry{:else}wet{/if} now",
        "Nothing",
        "Got {y}",
    ]


def test_expressions_that_are_more_than_a_name_are_shown_by_their_first_name():
    page = "<p>On {format(day, { short: '}' })} or {format(night, /[}\"]/)} at {day}</p>"
    text = "On {format} or {format2} at {day}"
    assert list(extracted(page).values()) == [text]
    assert [code.kind for code in parse(text).codes] == [CodeKind.PLACEHOLDER] * 3
    assert merged(page, {text: "{format2}, {day}, {format}"}) == (
        "<p>{format(night, /[}\"]/)}, {day}, {format(day, { short: '}' })}</p>"
    )


def test_braces_of_a_translation_are_words():
    assert merged("<p title='Tip'>Dry {n}</p>", {"Dry {n}": "{x} {n} {@html y}", "Tip": "{x}"}) == (
        "<p title='&#123;x}'>&#123;x&#125; {n} &#123;@html y&#125;</p>"
    )


@pytest.mark.parametrize(
    ("page", "line", "column"), [("<p>\n {a</p>", 2, 2), ("<p a={b>x</p>", 1, 6), ("{#if `a${b}>x", 1, 1)]
)
def test_a_brace_that_nothing_closes_is_refused_with_its_place(page, line, column):
    with pytest.raises(ExtractionError, match=r"the \{ that begins here is never closed") as caught:
        Svelte().extract(document(page))
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "page", ["{" * 20000, "{`${" * 5000, "{#if a}" * 2500, "{/" * 9000, "<p {...a}" * 2000, "{a}x" * 4000]
)
def test_hostile_components_are_read_or_refused(page):
    try:
        resource = Svelte().extract(document(page))
    except ExtractionError:
        return
    assert Svelte().merge(resource, {}) == page.encode()
    Svelte().merge(resource, served(sources(resource)))

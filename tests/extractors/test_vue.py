"""Vue: texts of templates, and messages of components in blocks and scripts, language by language."""

import json

import pytest

from extractors.vue import VueComponent
from tests.extractors.contract import served, sources
from tm_service.domain.errors import ExtractionError
from tm_service.domain.serving import Rule
from tm_service.domain.units import About, Document, key_text


def document(content: str) -> Document:
    return Document("src/Seeds.vue", content.encode())


def extracted(content: str, locale: str = "") -> dict[str, str]:
    return {key_text(unit.key): unit.source for unit in VueComponent().extract(document(content), locale).values}


def merged(content: str, given: dict[str, str], locale: str) -> str:
    """A component with translations by their English."""
    resource = VueComponent().extract(document(content), "en")
    keys = {unit.source: unit.key for unit in resource.values}
    texts = served({keys[source]: text for source, text in given.items()})
    return VueComponent().merge(resource, texts, locale=locale).decode()


DEEP = "objects and arrays are nested more than 100 levels deep"
SCRIPT = """<script setup lang="ts">
import { useI18n } from 'vue-i18n'
const { t } = useI18n({
  messages: {
    en: {
      // At most 20 characters
      title: 'Seed\\'s bank',
      list: ["One", `Two`],
      more: { go: 'Go on', f: (x: number) => x }
    },
    fr: { title: 'Banque' }
  }
})
</script>
"""


def test_texts_of_the_template():
    page = """<template>
  <section id="seeds"><h1 v-if="n > 1" :title="t('x')">Seeds of {{ year }}</h1>
    <p v-t="'a.b'">Old</p><p v-text="x"/><p v-html="y"></p><i18n-t keypath="a">Old</i18n-t>
    <template #item><RouterLink :to="{ name: 'x' }" title="Tip" @click="a > b">Go <b v-show="a>1">on</b></RouterLink></template>
  </section>
</template>
<docs>Some <unclosed words</docs>
<style>p > a { color: red }</style>"""
    assert extracted(page) == {
        "#seeds.h1": "Seeds of {{ year }}",
        "#seeds.h1.template.RouterLink.title": "Tip",
        "#seeds.h1.template.RouterLink": "Go <b>on</b>",
    }
    assert merged(page, {"Go <b>on</b>": "<b>En</b> avant", "Tip": "Astuce"}, "fr") == page.replace(
        'Go <b v-show="a>1">on</b>', '<b v-show="a>1">En</b> avant'
    ).replace('"Tip"', '"Astuce"')


def test_messages_of_a_script_are_those_of_the_language():
    assert extracted(SCRIPT, "en") == {
        "messages.title": "Seed's bank",
        "messages.list.0": "One",
        "messages.list.1": "Two",
        "messages.more.go": "Go on",
    }
    assert VueComponent().read(document(SCRIPT), "fr").values == {
        ("messages", "title"): "Banque",
        ("messages", "list", "0"): "",
        ("messages", "list", "1"): "",
        ("messages", "more", "go"): "",
    }
    assert VueComponent().extract(document(SCRIPT), "en").values[0].about == About("At most 20 characters", 20)


def test_messages_that_a_language_lacks_are_added_in_the_hand_of_the_file():
    written = merged(SCRIPT, {"Seed's bank": "L'été", "Two": "Deux", "Go on": "Va"}, "fr")
    assert written == SCRIPT.replace(
        "fr: { title: 'Banque' }", "fr: { title: 'L\\'été', list: [ '', 'Deux' ], more: { go: 'Va' } }"
    )


def test_a_message_that_nobody_translated_is_not_added():
    entries = served({("messages", "title"): "Seed's bank", ("messages", "more", "go"): "Go on"}, Rule.MISSING)
    resource = VueComponent().extract(document(SCRIPT), "en")
    assert VueComponent().merge(resource, entries, locale="ru").decode() == SCRIPT


def test_a_message_cannot_end_its_block():
    for page, source in ((SCRIPT, "Go on"), (BLOCK, "Café")):
        written = merged(page, {source: "</script></i18n>"}, "en")
        assert "<\\/script><\\/i18n>" in written
        assert extracted(written, "en").keys() == extracted(page, "en").keys()


def test_a_language_that_is_not_there_is_added():
    written = merged(SCRIPT, {"Seed's bank": "Банк", "Go on": "Вперёд"}, "ru")
    assert written == SCRIPT.replace(
        "'Banque' }\n",
        "'Banque' },\n    ru: {\n      title: 'Банк',\n      more: {\n        go: 'Вперёд'\n      }\n    }\n",
    )


@pytest.mark.parametrize(
    "script",
    [
        "export default { i18n: { messages: %s } }",
        "const messages = %s\nexport default createI18n({ legacy: false, messages })",
        "const texts = %s\nnew VueI18n({ messages: texts })",
    ],
)
def test_messages_are_found_however_they_are_given(script):
    page = "<script>\n" + script % "{ en: { a: 'Seeds' } }" + "\n</script>"
    assert extracted(page, "en") == {"messages.a": "Seeds"}


def test_other_objects_called_messages_are_none():
    assert extracted("<script>\nconst i18n = 1; const x = { messages: { en: { a: 'No' } } }\n</script>") == {}


BLOCK = '<i18n>\n{\n  "en": { "hello": "Hello | Hellos", "deep": { "er": "Caf\\u00e9" } },\n  "ar": {}\n}\n</i18n>\n'


def test_a_block_of_several_languages_is_read_and_written_in_one_of_them():
    assert extracted(BLOCK, "en") == {"i18n.hello": "Hello | Hellos", "i18n.deep.er": "Café"}
    written = merged(BLOCK, {"Hello | Hellos": 'قل "مرحبا"', "Café": "مقهى"}, "ar")
    content = json.loads(written.removeprefix("<i18n>").removesuffix("</i18n>\n"))
    assert content == {
        "en": {"hello": "Hello | Hellos", "deep": {"er": "Café"}},
        "ar": {"hello": 'قل "مرحبا"', "deep": {"er": "مقهى"}},
    }
    assert written.startswith(BLOCK[: BLOCK.index("{}")])


def test_blocks_of_one_language_each():
    page = '<i18n locale="en">{"a": "One", "b": ["Two"]}</i18n>\n<i18n locale="fr" lang="json5">{a: \'Un\', /* x */}</i18n>\n'
    assert extracted(page, "en") == {"i18n.a": "One", "i18n.b.0": "Two"}
    french = merged(page, {"One": "Une", "Two": "Deux"}, "fr")
    assert french == page.replace("'Un'", '\'Une\', "b": [ "Deux" ]') or "'Une'" in french
    chinese = merged(page, {"One": "一", "Two": "二"}, "zh")
    assert chinese.startswith(page.rstrip("\n"))
    assert VueComponent().read(document(chinese), "zh").values == {("i18n", "a"): "一", ("i18n", "b", "0"): "二"}


YAML = """<i18n lang="yaml">
en:
  # At most 9 characters
  hello: Hello
  deep:
    er: "Deeper"
fr:
  hello: Salut
</i18n>
"""


def test_a_block_of_yaml_is_read_and_added_to():
    assert extracted(YAML, "en") == {"i18n.hello": "Hello", "i18n.deep.er": "Deeper"}
    assert VueComponent().extract(document(YAML), "en").values[0].about.limit == 9
    assert merged(YAML, {"Hello": "Bonjour", "Deeper": "Plus : « bas »"}, "fr") == YAML.replace(
        "hello: Salut\n", 'hello: Bonjour\n  deep:\n    er: "Plus : « bas »"\n'
    )
    assert merged(YAML, {"Hello": "مرحبا", "Deeper": "أعمق"}, "ar") == YAML.replace(
        "Salut\n", 'Salut\nar:\n  hello: "مرحبا"\n  deep:\n    er: "أعمق"\n'
    )


def test_what_is_not_read_is_said():
    page = '<template lang="pug">\np Hello\n</template>\n<i18n lang="toml">a = "b"</i18n>'
    findings = VueComponent().extract(document(page)).findings
    assert [found.message for found in findings] == [
        "The <template> in line 1 is written in pug, which is not read; its texts stay as they are.",
        "The <i18n> in line 4 is written in toml, which is not read; its texts stay as they are.",
    ]


@pytest.mark.parametrize(
    ("page", "line", "column", "reason"),
    [
        ("<template>\n<p>x</p>", 1, 1, "the <template> that begins here has no </template>; write its end tag"),
        ("<script>\nx", 1, 1, "the <script> that begins here has no </script>; write its end tag"),
        ('<i18n>\n{"a": }</i18n>', 2, 6, "a value is missing here"),
        ('<i18n>{"en": ' + '{"a":' * 100 + "1" + "}" * 101 + "</i18n>", 1, 509, DEEP),
    ],
)  # fmt: skip
def test_a_broken_component_is_refused_with_its_place(page, line, column, reason):
    with pytest.raises(ExtractionError) as caught:
        VueComponent().extract(document(page))
    assert (caught.value.line, caught.value.reason) == (line, reason)
    assert caught.value.column == column


@pytest.mark.parametrize(
    "page",
    ["<template>" * 2000, "<template><p>" + "<b>x</b>" * 2000 + "</template>", "<i18n>" + "[" * 3000 + "</i18n>", "<a>" * 5000,
     "<a></a>" * 2500, "<i18n locale='a'>{a:'x'}</i18n>" * 600],
)  # fmt: skip
def test_hostile_components_are_read_or_refused(page):
    try:
        resource = VueComponent().extract(document(page))
    except ExtractionError:
        return
    assert VueComponent().merge(resource, {}) == page.encode()
    VueComponent().merge(resource, served(sources(resource)), locale="fr")

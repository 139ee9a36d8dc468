"""What translators are told is said in their language: every sentence, whole, and with its places."""

import ast
import re
from collections import Counter
from functools import cache
from importlib.resources import files

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import LANGUAGES
from locales.findings import said
from tests.locales.templates import CODE, Template, Unreadable, shape, templates
from tm_service.checks import messages
from tm_service.domain.findings import Severity, found

TRANSLATED = ("ar", "es", "fr", "ru", "zh")
SCRIPTS = {"ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]", "zh": r"[\u4e00-\u9fff]"}
FIELD = re.compile(r"\{\w*\}")
ISOLATES = re.compile("[\u2068\u2069]")


@pytest.fixture(scope="module")
def used() -> list[Template]:
    gathered = templates()
    assert len({template.text for template in gathered}) > 120
    return gathered


@cache
def catalog(code):
    path = files("locales").joinpath("messages", code, "LC_MESSAGES", "findings.po")
    return polib.pofile(path.read_text("utf-8"))


def sentences(code):
    return {entry.msgid: entry.msgstr for entry in catalog(code) if not entry.msgctxt}


def words(code):
    return {(entry.msgctxt, entry.msgid): entry.msgstr for entry in catalog(code) if entry.msgctxt}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_of_the_code_has_a_translation(used, code):
    known = set(map(shape, sentences(code)))
    lacking = [template for template in used if template.shape not in known]
    assert not lacking, "\n".join(f"{one.path}:{one.line}: {one.text}" for one in lacking)


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_sentence_is_translated_that_nothing_says(used, code):
    said_ = {template.shape for template in used}
    assert not [text for text in sentences(code) if shape(text) not in said_]


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_is_whole_and_has_the_places_of_its_english(code):
    entries = list(catalog(code))
    assert not [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete or not entry.msgstr.strip()]
    for english, text in sentences(code).items():
        assert set(FIELD.findall(text)) == set(FIELD.findall(english)), english
        assert not re.search(r"[{}]", FIELD.sub("", text)), english


@pytest.mark.parametrize("code", TRANSLATED)
def test_each_sentence_is_there_once(code):
    counts = Counter((entry.msgctxt, entry.msgid) for entry in catalog(code))
    assert max(counts.values()) == 1


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_sentence_is_in_its_own_language(code):
    texts = set(sentences(code).values())
    assert texts.isdisjoint(sentences(code))
    if code in SCRIPTS:
        assert all(re.search(SCRIPTS[code], text) for text in texts)


def test_french_parts_its_signs_with_a_space_that_does_not_break():
    for text in sentences("fr").values():
        assert not re.search(r"[^\u00a0\d][;:!?»](?=\s|$)|«[^\u00a0]", re.sub("« \\| »|&lt;", "", text)), text


def test_the_languages_are_translated_alike():
    assert len({frozenset((entry.msgctxt, entry.msgid) for entry in catalog(code)) for code in TRANSLATED}) == 1


def test_what_is_wrong_with_a_message_is_said_in_words_of_the_language():
    """Every reason for which a message of ICU cannot be read."""
    module = ast.parse((CODE / "checks" / "messages.py").read_text("utf-8"))
    raised = [node.args[0] for node in ast.walk(module) if isinstance(node, ast.Call) and len(node.args) == 2]
    told = [text.value for text in raised if isinstance(text, ast.Constant) and isinstance(text.value, str)]
    told += [f"a {kind} has no arms" for kind in messages.CHOICES]
    told += [f"what stands between the arms of the {kind} is no arm" for kind in messages.CHOICES]
    told = [text for text in told if " " in text]
    assert len(told) > 8
    assert all(("problem", text) in words(code) for code in TRANSLATED for text in told)


def test_languages_are_named_in_the_language():
    for code in TRANSLATED:
        for language in LANGUAGES.values():
            assert {("language", language.name), ("other", language.name)} <= set(words(code))


def test_a_sentence_is_said_with_its_values():
    finding = found("markup", Severity.ERROR, "The tag {tag} is missing; put it back.", tag="<b>")
    assert said(finding.template, finding.values, "fr") == "La balise <b> manque\u00a0; remettez-la."
    assert said(finding.template, dict(finding.values), "en") == finding.message


def test_words_of_ours_are_translated_and_what_is_quoted_is_not():
    template = "The target reads as {other} and should be in {language}; put the right translation here."
    values = {"other": "English", "language": "Spanish"}
    assert said(template, values, "es").startswith("La traducción parece estar en inglés y debería estar en español;")
    quoted = said(
        "Another source, “{other}” in {units}, has the same target; see whether the difference is lost.",
        {"other": "English", "units": "7.1"},
        "es",
    )
    assert "«English»" in quoted


def test_an_unknown_template_is_said_in_english():
    assert said("The {thing} is new.", {"thing": "moss"}, "fr") == "The moss is new."


def test_a_language_without_a_catalog_is_spoken_to_in_english():
    assert (
        said("The tag {tag} is missing; put it back.", {"tag": "<i>"}, "de") == "The tag <i> is missing; put it back."
    )


def test_a_value_that_is_missing_leaves_its_place():
    assert said("The tag {tag} is missing; put it back.", {}, "es") == "Falta la etiqueta {tag}; repóngala."


def test_codes_are_isolated_in_a_sentence_from_right_to_left():
    text = said("The {kind} {code} is missing; put it back.", {"kind": "placeholder", "code": "{name}"}, "ar")
    assert text == "العنصر النائب \u2068{name}\u2069 مفقود؛ أعده."
    assert said("The tag {tag} is missing; put it back.", {"tag": "<نص>"}, "ru").count("\u2068") == 1


@given(st.text(), st.dictionaries(st.text(max_size=6), st.text()), st.sampled_from([*LANGUAGES, "de", ""]))
def test_anything_can_be_said(template, values, locale):
    said(template, values, locale)


@given(st.text(), st.sampled_from(list(LANGUAGES)))
def test_a_value_stands_in_the_sentence_as_it_is(value, locale):
    text = said("The tag {tag} is missing; put it back.", {"tag": value}, locale)
    assert ISOLATES.sub("", value) in ISOLATES.sub("", text)


def test_a_template_that_no_tree_tells_is_not_passed_over(tmp_path):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "odd.py").write_text("def odd(pair):\n    yield found('odd', 1, made(pair))\n")
    with pytest.raises(Unreadable, match=r"made\(pair\)"):
        templates(tmp_path)


def test_templates_are_found_wherever_they_are_kept(tmp_path):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "odd.py").write_text(
        "ACTS = {'a': 'runs', 'b': 'sings'}\n"
        "TABLE = {name: f'It {act} (“{{word}}”).' for name, act in ACTS.items()}\n"
        "def odd(pair):\n"
        "    yield found('odd', 1, TABLE[pair])\n"
        "    yield helper('One.' if pair else 'Two.')\n"
        "    for text, other in (('Three.', 1), ('Four.', 2)):\n"
        "        yield found('odd', 1, template=text)\n"
        "    yield Finding('odd', 1, f'Unit {pair.id} is odd.')\n"
        "def helper(template):\n"
        "    return found('odd', 1, template)\n"
    )
    assert sorted(template.text for template in templates(tmp_path)) == [
        "Four.",
        "It runs (“{word}”).",
        "It sings (“{word}”).",
        "One.",
        "Three.",
        "Two.",
        "Unit {} is odd.",
    ]


@pytest.mark.parametrize(
    "refusal",
    [
        "raise Damaged(f'{brief(name)} is empty.')",
        "raise ReturnRejected(f'{brief(name)} is empty.', file=name)",
        "raise errors.ReturnRejected(template=f'{name} is empty.')",
        "raise ReturnRejected('It is empty.')",
        "raise ReturnRejected(str(error))",
        "raise ReturnRejected(error.template)",
    ],
)
def test_a_refusal_that_cannot_be_translated_is_not_passed_over(tmp_path, refusal):
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange" / "odd.py").write_text(f"def odd(name, error):\n    {refusal}\n")
    with pytest.raises(Unreadable, match=r"odd\.py"):
        templates(tmp_path)


def test_the_sentences_of_refusals_are_gathered_where_they_are_made(tmp_path):
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange" / "odd.py").write_text(
        "TABLE = {True: '{file} is One.', False: '{file} is Two.'}\n"
        "def odd(name, error):\n"
        "    said = '{file} is Three.'\n"
        "    Damaged(TABLE[error], file=name)\n"
        "    Damaged(said, file=name)\n"
        "    ReturnRejected(error.template, **error.values)\n"
        "    ReturnRejected(error[0].template, **dict(error[0].values))\n"
        "    Finding('odd', 1, str(error), template=error.template, values=tuple(error.values.items()))\n"
    )
    assert sorted(one.text for one in templates(tmp_path)) == ["{file} is One.", "{file} is Three.", "{file} is Two."]


def test_refusals_are_said_in_the_language_of_who_sent_the_file():
    values = {"file": "كتيب.xlf", "root": "<html>", "namespace": "urn:garden", "locale": "fr"}
    template = "{file} is {root} in the namespace {namespace}, not a file of a translation tool; export it again."
    assert said(template, values, "ru") == (
        "\u2068كتيب.xlf\u2069 — это <html> в пространстве имён urn:garden, а не файл программы перевода; "
        "экспортируйте его заново."
    )

"""gettext PO: what counts as a text, plurals by the formula of the language and fuzzy entries."""

import gettext
import io
import shutil
import subprocess

import pytest

from extractors.gettext_forms import forms, usual_forms
from extractors.gettext_po import GettextPo
from tests.extractors.po_files import HEADER, PACKETS, TEMPLATE, catalog, document, merged, read, units
from tm_service.domain.plurals import Plural, parse_plural
from tm_service.domain.serving import Rule

NUMBERS = {  # the category of each number, from the tables of CLDR
    "en": "other one other other other other other",
    "ar": "zero one two few few many other",
    "es": "other one other other other other other",
    "fr": "one one other other other other other",
    "ru": "many one few few many many many",
    "zh": "other other other other other other other",
}


def test_a_template_gives_its_source_texts_by_context():
    assert units(TEMPLATE) == {
        ("%d packet",): "{n, plural, one {%d packet} other {%d packets}}",
        ("verb", "Store"): "Store",
        ("place", "Store"): "Store",
    }


def test_a_source_file_whose_translations_are_filled_gives_those():
    """Files by key have their English in the msgstr."""
    content = 'msgid "home.title"\nmsgstr "Seed bank"\n\nmsgid "home.new"\nmsgstr ""\n'
    assert units(content) == {("home.title",): "Seed bank", ("home.new",): "home.new"}


def test_the_header_and_obsolete_entries_are_no_texts():
    assert units(HEADER + '#~ msgid "Gone"\n#~ msgstr "Parti"\n\nmsgid "Here"\nmsgstr ""\n') == {("Here",): "Here"}


def test_a_string_in_pieces_is_one_text_with_its_escapes_undone():
    content = 'msgid ""\n"Bring a \\"permit\\",\\n"\n"\\tor \\303\\251 \\x41\\\\"\nmsgstr ""\n'
    assert list(units(content).values()) == ['Bring a "permit",\n\tor é A\\']


def test_comments_of_developers_and_translators_are_notes_and_references_are_not():
    content = (
        '# Keep it short\n#. On the button, max 12 characters\n#: src/a.js:3\n#, c-format\nmsgid "Open"\nmsgstr ""\n'
    )
    about = GettextPo().extract(document(content)).values[0].about
    assert (about.note, about.limit) == ("Keep it short\nOn the button, max 12 characters", 12)


def test_directives_of_developers_are_heard():
    content = '#. tm:ignore\nmsgid "SB"\nmsgstr ""\n\n#. tm:legal tm:maxlength=9\nmsgid "Permit"\nmsgstr ""\n'
    first, second = (unit.about for unit in GettextPo().extract(document(content)).values)
    assert first.ignored
    assert (second.legal, second.limit) == (True, 9)


def test_the_previous_source_is_told():
    content = '#, fuzzy\n#| msgid "Open the "\n#| "gate"\nmsgid "Open the door"\nmsgstr "Ouvrir"\n'
    assert GettextPo().extract(document(content)).values[0].about.previous == "Open the gate"


def test_the_previous_source_of_a_plural_is_a_plural():
    content = (
        '#| msgid "bag"\n#| msgid_plural "bags"\nmsgid "packet"\nmsgid_plural "packets"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )
    assert GettextPo().extract(document(content)).values[0].about.previous == "{n, plural, one {bag} other {bags}}"


def test_a_fuzzy_translation_is_none_until_one_is_merged():
    content = (
        '#, fuzzy, c-format\n#| msgid "Gate"\nmsgid "Door"\nmsgstr "Portail"\n\n#, fuzzy\nmsgid "Key"\nmsgstr "Clé"\n'
    )
    assert read(content) == {("Door",): "", ("Key",): ""}
    assert merged(content, {("Door",): "Portail"}) == (
        '#, c-format\nmsgid "Door"\nmsgstr "Portail"\n\n#, fuzzy\nmsgid "Key"\nmsgstr "Clé"\n'
    )
    assert merged(content, {("Key",): "Clef"}).endswith('\n\nmsgid "Key"\nmsgstr "Clef"\n')


@pytest.mark.parametrize("locale", PACKETS)
def test_each_language_shows_the_right_form_under_the_real_runtime(locale):
    loaded = gettext.GNUTranslations(io.BytesIO(GettextPo().compile(catalog(locale))))
    for number, name in zip((0, 1, 2, 3, 5, 11, 100), NUMBERS[locale].split(), strict=True):
        assert loaded.ngettext("%d packet", "%d packets", number) == PACKETS[locale][name]
    assert loaded.pgettext("verb", "Store") == f"{locale} store"
    assert loaded.pgettext("place", "Store") == "Store"


@pytest.mark.parametrize("locale", PACKETS)
@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext's msgfmt is not installed")
def test_gettexts_own_compiler_finds_nothing_wrong(locale, tmp_path):
    (tmp_path / "a.po").write_bytes(catalog(locale))
    done = subprocess.run(
        ["msgfmt", "-c", "-o", tmp_path / "a.mo", tmp_path / "a.po"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    ours, theirs = (
        gettext.GNUTranslations(io.BytesIO(content))._catalog
        for content in (GettextPo().compile(catalog(locale)), (tmp_path / "a.mo").read_bytes())
    )
    assert {key: text for key, text in ours.items() if key} == {key: text for key, text in theirs.items() if key}


@pytest.mark.parametrize("locale", PACKETS)
def test_what_was_deployed_is_read_back_by_category(locale):
    said = parse_plural(read(catalog(locale), locale)["%d packet",])
    wanted = PACKETS[locale] | (
        {"other": PACKETS["ru"]["many"]} if locale == "ru" else {}
    )  # no whole number is `other`
    assert said.forms == wanted


def test_forms_are_told_by_evaluating_the_formula_and_not_by_their_order():
    """Babel's header for Arabic has `many` after `other`; another tool's has the singular last."""
    swapped = "nplurals=2; plural=(n == 1);"
    content = f'msgid ""\nmsgstr "Plural-Forms: {swapped}\\n"\n\n'
    content += 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "many"\nmsgstr[1] "one"\n'
    assert parse_plural(read(content, "en")["a",]).forms == {"one": "one", "other": "many"}


def test_a_form_for_one_number_alone_keeps_its_number():
    found = forms("nplurals=3; plural=n==0 ? 0 : n==1 ? 1 : 2;", "en")
    assert found.gathered("n", ["none", "one", "some"]).forms == {"=0": "none", "one": "one", "other": "some"}
    assert found.spread(Plural("n", {"one": "1", "other": "2"})) == ["2", "1", "2"]


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "nplurals=INTEGER; plural=EXPRESSION;",
        "nplurals=2; plural=n;",
        "nplurals=2; plural=n/0;",
        "nplurals=2; plural=__import__('os');",
        f"nplurals=2; plural={'(' * 400}n{')' * 400};",
        "nplurals=0; plural=0;",
    ],
)
def test_a_formula_that_cannot_be_is_none(formula):
    assert forms(formula, "en") is None


@pytest.mark.parametrize("locale", ["en", "ar-SA", "pt_BR", "zh-Hans", "pl", "ga", "xx", "x", "", "no-such-language"])
def test_every_language_has_usual_forms(locale):
    assert usual_forms(locale).spread(Plural("n", {"other": "all"}))


def test_forms_the_language_does_not_use_are_dropped_and_those_it_needs_are_added():
    content = HEADER + 'msgid "bag"\nmsgid_plural "bags"\nmsgstr[0] ""\nmsgstr[1] ""\n# end\n'
    assert 'msgstr[0] "袋"\n# end' in merged(content, {("bag",): "{n, plural, other {袋}}"}, "zh")
    assert 'msgstr[2] "м"\n# end' in merged(
        content, {("bag",): "{n, plural, one {о} few {н} many {м} other {д}}"}, "ru"
    )


def test_a_plain_text_goes_into_every_form():
    content = 'msgid "bag"\nmsgid_plural "bags"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    assert merged(content, {("bag",): "sachets"}).count('"sachets"') == 2


def test_a_plural_with_a_blank_form_is_not_translated():
    content = 'msgid "bag"\nmsgid_plural "bags"\nmsgstr[0] "sachet"\nmsgstr[1] ""\n'
    assert read(content, "fr") == {("bag",): ""}


def test_only_forms_that_differ_are_written():
    content = 'msgid "bag"\nmsgid_plural "bags"\nmsgstr[0] ""\n"sa"\n"chet"\nmsgstr[1] "sacs"\n'
    assert merged(content, {("bag",): "{n, plural, one {sachet} other {sachets}}"}) == content.replace(
        "sacs", "sachets"
    )


def test_what_is_untranslated_stays_blank_as_readers_see_the_same():
    content = HEADER + 'msgid "Door"\nmsgstr ""\n\nmsgid "key"\nmsgstr "Key"\n'
    done = merged(content, {("Door",): "Door", ("key",): "Key"}, "fr", Rule.MISSING)
    assert read(done, "fr") == {("Door",): "", ("key",): "Key"}
    assert read(merged(content, {("Door",): "Door"}, "fr"), "fr")["Door",] == "Door"

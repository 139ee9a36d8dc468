"""gettext PO: what counts as a text, plurals by the formula of the language, fuzzy entries, headers, and the compiled form."""

import gettext
import io
import shutil
import subprocess
from datetime import UTC, datetime

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.gettext_forms import forms, usual_forms
from extractors.gettext_po import GettextPo
from tests.extractors.contract import served
from tests.extractors.po_documents import po_samples
from tm_service.domain.errors import ExtractionError
from tm_service.domain.plurals import Plural, parse_plural
from tm_service.domain.serving import Rule, Stamp
from tm_service.domain.units import Document

STAMP = Stamp("main", datetime(2026, 11, 22, 8, 15, tzinfo=UTC), 3)
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
PACKETS = {
    "en": {"one": "%d packet", "other": "%d packets"},
    "ar": {
        "zero": "لا مغلفات",
        "one": "مغلف واحد",
        "two": "مغلفان",
        "few": "%d مغلفات",
        "many": "%d مغلفًا",
        "other": "%d مغلف",
    },
    "es": {"one": "%d sobre", "other": "%d sobres"},
    "fr": {"one": "%d sachet", "other": "%d sachets"},
    "ru": {"one": "%d пакет", "few": "%d пакета", "many": "%d пакетов", "other": "%d пакета"},
    "zh": {"other": "%d 个种子袋"},
}
NUMBERS = {  # the category of each number, from the tables of CLDR
    "en": "other one other other other other other",
    "ar": "zero one two few few many other",
    "es": "other one other other other other other",
    "fr": "one one other other other other other",
    "ru": "many one few few many many many",
    "zh": "other other other other other other other",
}
TEMPLATE = """\
msgid ""
msgstr ""
"Project-Id-Version: Seeds\\n"
"PO-Revision-Date: 2026-11-02 09:00+0000\\n"
"Last-Translator: Seeds <texts@seeds.example>\\n"
"Language-Team: Seeds <texts@seeds.example>\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

#, c-format
msgid "%d packet"
msgid_plural "%d packets"
msgstr[0] ""
msgstr[1] ""

msgctxt "verb"
msgid "Store"
msgstr ""

msgctxt "place"
msgid "Store"
msgstr ""
"""


def document(content: str | bytes) -> Document:
    return Document("texts/a.po", content if isinstance(content, bytes) else content.encode())


def units(content: str | bytes) -> dict:
    return {unit.key: unit.source for unit in GettextPo().extract(document(content), "en").values}


def merged(content: str, texts: dict, locale: str = "", rule: Rule = Rule.CURRENT) -> str:
    resource = GettextPo().extract(document(content))
    return GettextPo().merge(resource, served(texts, rule), STAMP, locale).decode()


def read(content: str | bytes, locale: str = "") -> dict:
    return dict(GettextPo().read(document(content), locale).values)


def catalog(locale: str) -> bytes:
    texts = {("%d packet",): str(Plural("n", PACKETS[locale])), ("verb", "Store"): f"{locale} store"}
    return merged(TEMPLATE, texts, locale).encode()


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


def test_the_header_names_the_language_and_leaves_the_rest():
    done = merged(TEMPLATE, {("verb", "Store"): "Ranger"}, "fr-CA")
    assert '"Language: fr_CA\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n#, c-format' in done
    assert done.startswith(TEMPLATE.split("#, c-format", maxsplit=1)[0].rstrip("\n"))


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (
            "",
            'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: fr\\n"\n\n',
        ),
        ('msgid ""\nmsgstr "X: y\\nLanguage: en\\n"\n\n', 'msgid ""\nmsgstr ""\n"X: y\\n"\n"Language: fr\\n"\n\n'),
        ('msgid ""\nmsgstr ""\n"X: y"\n\n', 'msgid ""\nmsgstr ""\n"X: y\\n"\n"Language: fr\\n"\n\n'),
        ('msgid ""\nmsgstr ""\n"Language: fr\\n"\n\n', 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n\n'),
        ('#, fuzzy\nmsgid ""\nmsgstr ""\n\n', 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n\n'),
    ],
)
def test_headers_of_any_make_get_their_language(header, wanted):
    done = merged(header + 'msgid "Door"\nmsgstr ""\n', {("Door",): "Porte"}, "fr")
    assert done == wanted + 'msgid "Door"\nmsgstr "Porte"\n'


def test_the_formula_a_translated_file_has_is_kept():
    mine = "nplurals=2; plural=(n == 1 ? 1 : 0);"
    content = f'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Plural-Forms: {mine}\\n"\n\n'
    content += 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    done = merged(content, {("a",): "{n, plural, one {un} other {des}}"}, "fr")
    assert done == content.replace('[0] ""', '[0] "des"').replace('[1] ""', '[1] "un"')


@pytest.mark.parametrize(
    ("charset", "language"), [("ISO-8859-1", "fr"), ("KOI8-R", "ru"), ("windows-1256", "ar"), ("GB2312", "zh")]
)
def test_the_charset_of_the_header_is_kept(charset, language):
    word = {"fr": "Graine semée", "ru": "Семена", "ar": "بذور", "zh": "种子"}[language]
    content = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset={charset}\\n"\n\n'
    content += f'# {word}\nmsgid "Seed"\nmsgstr ""\n'
    done = GettextPo().merge(
        GettextPo().extract(document(content.encode(charset))), served({("Seed",): word}), locale=language
    )
    assert done == content.replace('msgid "Seed"\nmsgstr ""', f'msgid "Seed"\nmsgstr "{word}"').encode(charset)
    loaded = gettext.GNUTranslations(io.BytesIO(GettextPo().compile(done)))
    assert loaded.gettext("Seed") == word


def test_a_character_the_charset_lacks_is_refused_by_name():
    content = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=ISO-8859-1\\n"\n\nmsgid "Seed"\nmsgstr ""\n'
    with pytest.raises(ExtractionError, match="cannot be written in iso8859-1; save the file as UTF-8"):
        merged(content, {("Seed",): "种"})


@pytest.mark.parametrize("charset", ["rot13", "hex", "unicode_escape", "utf-16", "punycode", "no-such", "gb99"])
def test_a_charset_gettext_does_not_know_is_read_as_utf_8(charset):
    content = f'msgid ""\nmsgstr "Content-Type: text/plain; charset={charset}\\n"\n\nmsgid "Né"\nmsgstr ""\n'
    assert units(content) == {("Né",): "Né"}


LONG = "A permit is needed for every seed that leaves the harbour, whatever its weight may be"


@pytest.mark.parametrize(
    ("beside", "wanted"),
    [
        (
            'msgid "Short one"\nmsgstr ""\n',
            '""\n"A permit is needed for every seed that leaves the harbour, whatever its "\n"weight may be"',
        ),
        (f'msgid "{LONG} and {LONG}"\nmsgstr ""\n', f'"{LONG}"'),
        (
            'msgid ""\n"A permit is needed for every seed "\n"that leaves."\nmsgstr ""\n',
            '""\n"A permit is needed for every seed that leaves the harbour, whatever "\n"its weight may be"',
        ),
        (
            'msgid "A permit is needed for every seed that leaves the harbour, whatever its "\n"weight"\nmsgstr ""\n',
            '"A permit is needed for every seed that leaves the harbour, whatever "\n"its weight may be"',
        ),
    ],
)
def test_long_texts_are_broken_as_the_file_breaks_them(beside, wanted):
    done = merged(f'{beside}\nmsgid "x"\nmsgstr ""\n', {("x",): LONG})
    assert done == f'{beside}\nmsgid "x"\nmsgstr {wanted}\n'


@pytest.mark.parametrize(
    "text",
    [
        "La banque conserve des sachets : haricots, pois et maïs « d’hiver » ; apportez un permis d’emprunt ! Merci.",
        "يحتفظ بنك البذور بمغلفات الفول والبازلاء والذرة، وعليك إحضار تصريح عند الاستعارة في كل مرة تزور فيها المكان.",
        "种子库保存豆类、豌豆和玉米的种子（自一九七四年起），借阅时请携带「许可证」。每天 9 点至 17 点开放，Fridays 除外。",
        "Семенной банк хранит пакеты: фасоль, горох и кукуруза «зимняя»; возьмите с собой разрешение!\nБлагодарим вас.",
    ],
)
@pytest.mark.skipif(shutil.which("msgcat") is None, reason="gettext's msgcat is not installed")
def test_long_texts_are_broken_as_gettexts_own_tools_break_them(text):
    done = merged(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "x"\nmsgstr ""\n', {("x",): text}
    )
    theirs = subprocess.run(["msgcat", "-"], input=done.encode(), capture_output=True, check=True).stdout.decode()
    assert done.partition("\n\n")[2] == theirs.partition("\n\n")[2]


def test_lines_are_broken_after_each_line_of_the_text_unless_the_file_joins_them():
    assert merged('msgid "x"\nmsgstr ""\n', {("x",): "One\nTwo\n"}) == 'msgid "x"\nmsgstr ""\n"One\\n"\n"Two\\n"\n'
    joined = 'msgid "a\\nb"\nmsgstr ""\n'
    assert merged(joined, {("a\nb",): "One\nTwo"}) == 'msgid "a\\nb"\nmsgstr "One\\nTwo"\n'


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        ('msgid "a\nmsgstr "b"\n', 1, 7, "no closing quote on its line"),
        ('msgid "a"\nmsgid "b"\nmsgstr ""\n', 2, 1, "msgid stands here, where msgid_plural or msgstr must stand"),
        ('msgid "a"\n', 1, 10, "the last entry has no msgstr; add it"),
        ('msgid "a"\nmsgstr[0] "b"\n', 2, 1, "must stand"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr "c"\n', 3, 1, r"where msgstr\[0\] must stand"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[2] "d"\n', 4, 1, r"where msgstr\[1\] must stand"),
        ('"a"\n', 1, 1, "without msgid or msgstr before it"),
        ('\n  msgfoo "a"\n', 2, 3, '"msgfoo" is no keyword of a PO file'),
        ('msgid\nmsgstr ""\n', 1, 1, "no string in quotes follows msgid"),
        ('msgid "a" ?\n', 1, 11, r'"\?" is not expected here'),
        ("<html>\n", 1, 1, '"<" is not expected here'),
        (b'msgid "a"\nmsgstr "\xff"\n', 2, 9, "the byte FF is not UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(content, line, column, reason):
    with pytest.raises(ExtractionError, match=reason) as caught:
        GettextPo().extract(document(content))
    assert (caught.value.line, caught.value.column) == (line, column)


def test_of_equal_keys_the_last_counts_and_a_person_is_told():
    resource = GettextPo().extract(document('msgid "a"\nmsgstr "x"\n\nmsgid "a"\nmsgstr "y"\n'))
    assert [unit.source for unit in resource.values] == ["y"]
    assert [found.check for found in resource.findings] == ["duplicate-key"]


def _as_polib_reads(text: str) -> dict:
    found = {}
    for entry in polib.pofile(text):
        key = (entry.msgctxt, entry.msgid) if entry.msgctxt is not None else (entry.msgid,)
        if not entry.obsolete:
            found[key] = [entry.msgstr_plural[form] for form in sorted(entry.msgstr_plural)] or [entry.msgstr]
    return found


@settings(deadline=None)
@given(po_samples(), st.data())
def test_what_is_written_is_read_alike_by_polib(sample, data):
    """polib knows neither numbers as escapes nor odd line ends; documents with those are left out."""
    resource = GettextPo().extract(sample.document)
    texts = st.text(st.sampled_from('ab %"\\\n\té中 '), min_size=1)
    targets = {unit.key: data.draw(texts) for unit in resource.values if parse_plural(unit.source) is None}
    written = GettextPo().merge(resource, served(targets)).decode("utf-8-sig")
    if any(mark in written for mark in ("\u2028", "\\0", "\\1", "\\a", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e")):
        return
    try:
        theirs = _as_polib_reads(written)
    except OSError:
        return
    assert {key: theirs[key][0] for key in targets} == targets

"""gettext PO as a file: its header, its charset, how long texts are broken, what is refused, and that polib reads the same."""

import gettext
import io
import shutil
import subprocess

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.gettext_po import GettextPo
from tests.extractors.contract import served
from tests.extractors.po_documents import po_samples
from tests.extractors.po_files import TEMPLATE, document, merged, units
from tm_service.domain.errors import ExtractionError
from tm_service.domain.plurals import parse_plural


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

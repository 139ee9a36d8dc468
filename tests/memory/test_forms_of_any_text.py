"""Any text has a form: laws that hold for all texts, and texts that nobody expects."""

import unicodedata
from collections import Counter

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from memory.forms import ADDRESS, DATE, MARKS, NUMBER, Form, form, words_of
from memory.score import score
from tests.memory.texts import INVISIBLE, LANGUAGES, hostile, languages, texts
from tm_service.domain.text import CodeKind, parse

PLACEHOLDER, LINK = MARKS[CodeKind.PLACEHOLDER], MARKS[CodeKind.LINK]
EVERYTHING = "".join(map(chr, range(0x110000)))


@given(st.data(), languages, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_equivalent_spellings_have_one_form(data, language, kind):
    text = data.draw(texts(language))
    other = unicodedata.normalize(kind, text)
    assume(parse(other).codes == parse(text).codes)
    assert form(other, language) == form(text, language)


@given(st.data(), languages, st.sampled_from(INVISIBLE))
def test_signs_that_nobody_sees_change_no_form(data, language, sign):
    """Within a code they are part of it, and beside one they may tell where it begins."""
    text = data.draw(texts(language))
    cut = data.draw(st.integers(0, len(text)))
    other = text[:cut] + sign + text[cut:]
    assume(parse(other).codes == parse(text).codes)
    assert form(other, language) == form(text, language)


@given(st.data(), languages)
def test_a_space_of_any_width_is_a_space(data, language):
    text = data.draw(texts(language).filter(lambda text: all(isinstance(part, str) for part in parse(text).parts)))
    space = data.draw(st.sampled_from(["\u00a0", "\u2009", "\u202f", "\u3000", "  ", "\t", "\n", "\r\n", " \u200b "]))
    assert form(text.replace(" ", space), language) == form(text, language)


@given(texts("ar"), st.integers(0, 60), st.sampled_from("\u0640\u064b\u064e\u0651\u0652\u0670"))
def test_tatweel_and_vowel_marks_change_no_arabic_form(text, place, sign):
    letters = [cut for cut, letter in enumerate(text) if "\u0621" <= letter <= "\u064a"]
    cut = letters[place % len(letters)] + 1
    assert form(text[:cut] + sign + text[cut:], "ar") == form(text, "ar")


@given(st.one_of(hostile(), texts("en")), st.sampled_from([*LANGUAGES, "he", "hi", "km", "tr", "vi", "xx"]))
def test_any_text_has_a_form_of_which_all_parts_agree(text, language):
    found = form(text, language)
    assert found.letters == " ".join(found.letters.split())
    assert found.words == tuple(word for chunk in found.letters.split(" ") for word in words_of(chunk, language))
    assert all(word and word == word.strip() for word in found.words)
    marks = Counter(found.letters)
    assert marks[NUMBER] + marks[DATE] == len(found.numbers)
    assert sum(marks[mark] for mark in (ADDRESS, *MARKS.values())) == len(found.codes)
    assert [word for word in found.words if word in {NUMBER, DATE, ADDRESS, PLACEHOLDER, LINK}] == [
        letter for letter in found.letters if letter in {NUMBER, DATE, ADDRESS, PLACEHOLDER, LINK}
    ]


@given(hostile(), languages)
def test_no_digit_is_lost_and_none_is_made_up(text, language):
    """What the marks hide and what is left beside them have the digits of the text in their order."""
    found = form(text, language)
    assume(not found.codes)
    hidden = iter(found.numbers)
    read = "".join(next(hidden) if letter in {NUMBER, DATE} else letter for letter in found.letters)
    written = unicodedata.normalize("NFKC", text)
    assert [sign for sign in read if sign.isdecimal()] == [
        str(unicodedata.decimal(sign)) for sign in written if sign.isdecimal()
    ]


def test_signs_that_look_like_marks_are_none():
    assert form(f"a{NUMBER}{DATE}{PLACEHOLDER}\uf8ffb") == Form("a" + "\ufffd" * 4 + "b", ("a", "b"), (), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Form("", (), (), ())),
        (" \n\u00a0\u200b", Form("", (), (), ())),
        ("x", Form("x", ("x",), (), ())),
        ("\ud83d and \udc00", Form("\ud83d and \udc00", ("and",), (), ())),
        ("\0\x01\x1b", Form("", (), (), ())),
        ("{a}{b}", Form(PLACEHOLDER * 2, (PLACEHOLDER,) * 2, (), ("{a}", "{b}"))),
        ("0123456789", Form(NUMBER, (NUMBER,), ("0123456789",), ())),
        ("seed بذور 5", Form(f"seed بذور {NUMBER}", ("seed", "بذور", NUMBER), ("5",), ())),
    ],
)
def test_texts_nobody_expects_have_a_form(text, expected):
    assert form(text, "en") == expected


LONG = 100_000
HOSTILE = (
    *(
        "a",
        "a ",
        "中",
        "ก",
        "1",
        "1.",
        "1 000",
        "'",
        "-",
        "--5",
        "« ",
        "a@",
        "a@b.",
        "www.",
        "http://",
        "http://....",
        "<",
        "<!--",
    ),
    *(
        "{",
        "&a",
        "%",
        "\u0301",
        "\u0301\u0327",
        "\ud800",
        "\uf8f0",
        "\u202eabc",
        "\u200d",
        "\0",
        "1½²",
        "2026-01-",
        'א"',
        "l'",
        "5m2",
    ),
)


@pytest.mark.parametrize("row", HOSTILE)
@pytest.mark.parametrize(
    "end", ["", *(pytest.param(end, marks=pytest.mark.slow) for end in ("%", "1abcdefg", "@", "่"))]
)
def test_a_long_row_of_anything_is_read(row, end):
    """Each once stood in the way of a rule that reads on and back again; a test run would not end if one did so."""
    text = row * (LONG // len(row)) + end
    for language in ("fr", "th", "ar"):
        assert len(form.__wrapped__(text, language).letters) <= 2 * len(text)


def test_many_marks_in_a_row_are_no_text():
    assert form("e" + "\u0301" * LONG).letters == form("e" + "\u0301" * 30).letters


def test_what_unicode_calls_ignorable_is_left_out():
    ignorable = regex.findall(r"\p{Default_Ignorable_Code_Point}", EVERYTHING)
    assert [hex(ord(sign)) for sign in ignorable if form.__wrapped__(f"a{sign}b").letters != "ab"] == []
    assert len(ignorable) > 4000


@pytest.mark.parametrize("script", ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Myanmar", "Khmer"])
def test_scripts_without_spaces_stand_by_character(script):
    """Every letter of the script in compatibility form; digits are digits, and Python may not know the newest letters."""
    letters = [
        sign
        for sign in regex.findall(rf"[\p{{Script={script}}}&&[\p{{L}}\p{{Nl}}]]", EVERYTHING, regex.V1)
        if unicodedata.is_normalized("NFKC", sign) and unicodedata.category(sign) != "Cn"
    ]
    assert [sign for sign in letters if words_of(f"{sign}a{sign}") != (sign, "a", sign)] == []
    assert letters


def test_letters_of_other_scripts_make_words():
    others = regex.findall(
        r"[\p{L}--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Mymr}\p{scx=Khmr}]]",
        EVERYTHING,
        regex.V1,
    )
    apart = [sign for sign in others if len(words_of(f"a{sign}b")) != 1 and unicodedata.category(sign) != "Cn"]
    assert apart == []
    assert len(others) > 30_000


def test_a_word_is_the_same_beside_any_other():
    """Texts with marks beside letters are read by another pattern, which must not differ where there are none."""
    signs = regex.findall(r"[\u0020-\u2fff\p{L}\p{M}\p{N}--\p{Script=Han}]", EVERYTHING, regex.V1)
    chunks = [f"x{sign}x" for sign in signs if not sign.isspace() and unicodedata.is_normalized("NFKC", sign)]
    alone = [word for chunk in chunks for word in words_of.__wrapped__(chunk)]
    assert list(words_of.__wrapped__(" ".join([*chunks, "\u0301"]))) == [*alone, "\u0301"]
    assert len(chunks) > 30_000


def test_texts_of_one_form_differ_in_signs_only():
    found = score("“Open” seeds", '"Open" seeds')
    assert (found.percent, found.similarity, found.penalties) == (99.0, 100.0, (("punctuation", 1),))

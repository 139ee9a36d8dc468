"""Words: what is compared, in which language, and where in the text it stands."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from memory.concordance.words import _PIECE, _PLAIN, _PLAIN_PIECE, asked, inflected, pieces, read, rules, tokens, words
from tests.memory.concordance.samples import WORDS, texts

LANGUAGES = st.sampled_from([*WORDS, "xx"])
MARKED = st.one_of(
    st.text(),
    st.text("aé\u0301\u00ad\u200b'’1٣½ﬁж许ｶﾞั<b>{}&; \ud800"),
    st.sampled_from(sorted(WORDS)).flatmap(texts),
)


@given(MARKED, LANGUAGES)
@example("l’\u00adeau d'été", "fr")
@example("{ name } %s &nbsp;<b>x</b>", "en")
def test_words_with_their_places_are_the_words(text, language):
    assert [token.word for token in tokens(text, language)] == words(text, language)


@given(MARKED, LANGUAGES)
def test_places_are_within_the_text_and_in_its_order(text, language):
    found = tokens(text, language)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert [token.start for token in found] == sorted(token.start for token in found)


@given(st.text(st.characters(exclude_characters="<>&{}%@|$")), st.text(st.characters(exclude_characters="<>&{}%@|$")))
def test_a_word_does_not_depend_on_what_stands_around_it(before, after):
    assert words(f"{before} {after}", "en") == words(before, "en") + words(after, "en")


@given(st.text(st.characters(max_codepoint=0x20BF)))
@example("l'eau d’été, ёлка «١٢» 10\u00a0€")
def test_plain_texts_are_cut_the_same_by_the_quick_way(text):
    if _PLAIN.fullmatch(text):
        assert _PLAIN_PIECE.findall(text) == _PIECE.findall(text)


@given(st.sampled_from(sorted(WORDS)).flatmap(texts))
def test_a_text_has_the_same_words_in_all_its_canonical_forms(text):
    assert {tuple(words(unicodedata.normalize(form, text), "en")) for form in ("NFC", "NFD")} == {
        tuple(words(text, "en"))
    }


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The Keeper's SEEDS", "en", ["the", "keeper's", "seeds"]),
        ("don’t, don`t, don't", "en", ["don't"] * 3),
        ("well-known co\u00adoperate", "en", ["well", "known", "cooperate"]),
        ("L’accès à l'eau aujourd'hui", "fr", ["l", "accès", "à", "l", "eau", "aujourd'hui"]),
        ("Ёлка елка", "ru", ["елка", "елка"]),
        ("كِتَابٌ وكتــاب إلى", "ar", ["كتاب", "وكتاب", "الي"]),
        ("许可证PDF，２份", "zh", ["许", "可", "证", "pdf", "2", "份"]),
        ("データ", "ja", ["デ", "ー", "タ"]),
        ("ท่าเรือ", "th", ["ท่", "า", "เ", "รื", "อ"]),
        ("1,000 1 000 ١٠٠٠ 12.5", "en", ["1", "000", "1", "000", "1000", "12", "5"]),
        ("2026-11-21", "en", ["2026", "11", "21"]),
        ("ក្ក", "km", ["ក្ក"]),
        ("5㎡", "zh", ["5", "m2"]),
        ("<b>Hello</b> { user.name }, %s &amp; @:menu.home!", "en", ["hello", "{user.name}", "%s", "@:menu.home"]),
        ("see https://lantern.example/a_b", "en", ["see", "https", "lantern", "example", "a", "b"]),
        ("🌱 🧑‍🌾 … — ", "en", []),
    ],
)
def test_what_is_a_word(text, language, expected):
    assert words(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("🌱 Seeds", "en", ["Seeds"]),
        ("L’acce\u0301s", "fr", ["L’", "acce\u0301s"]),
        ("co\u00adoperate\u00ad.", "en", ["co\u00adoperate"]),
        ("<b>许可</b>证", "zh", ["许", "可", "证"]),
        ("كِتَابٌ", "ar", ["كِتَابٌ"]),
        ("for { name }", "en", ["for", "{ name }"]),
        ("ﬁne ½", "en", ["ﬁne", "½"]),
    ],
)
def test_a_word_stands_where_it_is_written(text, language, expected):
    assert [text[token.start : token.end] for token in tokens(text, language)] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("permit*", "en", ["permit*"]),
        ("*TION", "en", ["*tion"]),
        ("p?rt*l", "en", ["p?rt*l"]),
        ("l’acc*", "fr", ["l", "acc*"]),
        ("well-kn*", "en", ["well", "kn*"]),
        ("许*证?", "zh", ["许", "*", "证", "?"]),
        ("{ name }*", "en", ["{name}", "*"]),
        ("٢٠*", "ar", ["20*"]),
        ("ё*", "ru", ["е*"]),
        ("** ??", "en", ["**", "??"]),
        ("", "en", []),
    ],
)
def test_wildcards_are_letters_of_the_words_they_stand_in(text, language, expected):
    assert asked(text, language) == expected


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["permit", "permits", "permitted", "permitting"]),
        ("fr", ["autorisation", "autorisations", "autorisés"]),
        ("es", ["permiso", "permisos"]),
        ("ru", ["разрешение", "разрешения", "разрешений", "разрешением"]),
        ("ar", ["تصريح", "التصريح"]),
        ("fr-CA", ["jardin", "jardins"]),
        ("pt_BR", ["porto", "portos"]),
    ],
)
def test_the_inflections_of_a_word_share_a_stem(language, forms):
    first, *others = (set(inflected(form, language)) for form in forms)
    assert all(first & other for other in others)


@pytest.mark.parametrize(
    ("word", "language"), [("港", "zh"), ("ports", "xx"), ("{names}", "en"), ("2026", "en"), ("s" * 99, "en")]
)
def test_what_has_no_stem_is_its_own(word, language):
    assert inflected(word, language) == (word,)


def test_pieces_are_read_alone_and_said_as_written():
    assert pieces("L’eau <i>x</i> {a}") == ["L’eau", "x", "{a}"]
    assert read("L’eau", "fr") == ("l", "eau")
    assert read("\u0640", "ar") == ()


def test_a_word_of_a_hundred_thousand_marks_is_read_at_once():
    assert words("a" + "\u0301\u0316" * 50_000 + " b", "en")[1:] == ["b"]


def test_rules_have_one_name_that_stays():
    assert rules() == rules()
    assert len(rules()) == 32

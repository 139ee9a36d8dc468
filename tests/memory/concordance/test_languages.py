"""Six languages and others: a word is found in its other forms, and where scripts have no spaces, any run of characters."""

import pytest

from memory.concordance import Concordance, build
from tests.memory.concordance.samples import Pile

TEXTS = {
    "en": ["The permit was granted", "Permits are free", "Seed banks keep seeds", "A well-known co\u00adoperative"],
    "fr": ["L’accès aux jardins est libre", "Un jardin près du port", "Accès d'urgence", "Les semences d’hiver"],
    "es": ["Los permisos de pesca", "El permiso del puerto", "Un año de semillas", "La semilla del an\u0303o"],
    "ru": ["Разрешение выдано", "Без разрешения вход закрыт", "Ёлки в саду", "Сад и ёлка"],
    "ar": ["الكِتَابُ في المكتبة", "كتاب جديد", "مكتبة الميناء", "رسوم الميناء ١٢"],
    "zh": ["请申请进港许可证", "许可证有效期为12个月", "港口开放", "可以许诺"],
    "th": ["ธนาคารเมล็ดพันธุ์", "เมล็ดพันธุ์ข้าว", "ท่าเรือ"],
    "ja": ["港の灯台データ", "灯台守", "データ港"],
    "ko": ["항구 사무소", "항구의 등대"],
    "hi": ["बीज बैंक", "बीजों का बैंक"],
}


@pytest.fixture(params=["source", "target"])
def found(request, tmp_path):
    """Texts found in a language by a query, asked of either side."""

    def find(language, asked, **how: bool):
        shelf, side = Pile(), request.param
        for text in TEXTS[language]:
            shelf.put(*((text, "") if side == "source" else ("", text)))
        build(shelf, tmp_path / "words.bin", source=language, target=language)
        hits = Concordance(shelf, tmp_path / "words.bin").search(asked, side=side, **how).hits
        assert all(hit.text[start:end] for hit in hits for start, end in hit.spans)
        return {TEXTS[language].index(hit.text) for hit in hits}

    return find


@pytest.mark.parametrize(
    ("language", "asked", "expected"),
    [
        ("en", "permits", {0, 1}),
        ("en", "seeds bank", {2}),
        ("en", "well-known cooperatives", {3}),
        ("en", "CO-OPERATIVE", set()),
        ("fr", "l'accès", {0, 2}),
        ("fr", "jardin", {0, 1}),
        ("fr", '"accès aux jardins"', {0}),
        ("fr", "hiver semence", {3}),
        ("es", "permisos", {0, 1}),
        ("es", "año", {2, 3}),
        ("es", "semil*", {2, 3}),
        ("ru", "разрешения", {0, 1}),
        ("ru", "елка", {2, 3}),
        ("ru", "сады", {2, 3}),
        ("ar", "كتاب", {0, 1}),
        ("ar", "مَكْتَبَة", {0, 2}),
        ("ar", "الميناء", {2, 3}),
        ("ar", "12", {3}),
        ("zh", "许可证", {0, 1}),
        ("zh", "许 可", {0, 1, 3}),
        ("zh", "港", {0, 2}),
        ("zh", "１２个月", {1}),
        ("th", "เมล็ด", {0, 1}),
        ("ja", "データ", {0, 2}),
        ("ja", "灯台", {0, 1}),
        ("ko", "항구*", {0, 1}),
        ("hi", "बीज", {0}),
        ("hi", "बैंक", {0, 1}),
    ],
)
def test_a_word_is_found_in_its_language(found, language, asked, expected):
    assert found(language, asked) == expected


@pytest.mark.parametrize(
    ("language", "asked", "expected"),
    [
        ("en", "mit", {0, 1}),
        ("en", "ed ban", {2}),
        ("en", "ell-kno", {3}),
        ("fr", "ès aux jar", {0}),
        ("ru", "решен", {0, 1}),
        ("ar", "تاب", {0, 1}),
        ("zh", "可证", {0, 1}),
        ("zh", "港许", {0}),
        ("ko", "구", {0, 1}),
    ],
)
def test_a_run_of_letters_is_found_in_the_middle_of_words(found, language, asked, expected):
    assert found(language, asked, substring=True) == expected


def test_only_the_very_words_are_found_when_that_is_asked(found):
    assert found("en", "permits", exact_words=True) == {1}
    assert found("ru", "разрешения", exact_words=True) == {1}
    assert found("fr", "l'accès", exact_words=True) == {0}

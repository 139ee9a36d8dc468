"""What tools call our languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import LANGUAGES
from tm_service.exchange.language_codes import regional, understood


@pytest.mark.parametrize(
    ("written", "locale"),
    [
        *(("ar", "ar"), ("AR", "ar"), ("AR-sa", "ar"), ("ar_EG", "ar"), ("ar-Arab-SA", "ar"), ("ara", "ar")),
        *(("zh", "zh"), ("zh-CN", "zh"), ("zh-Hans-CN", "zh"), ("zh_Hans", "zh"), ("ZH-SG", "zh"), ("zh-CHS", "zh")),
        *(("chi", "zh"), ("zho", "zh"), ("cmn-Hans-CN", "zh"), ("fr-FR", "fr"), ("fre", "fr"), ("fra-CA", "fr")),
        *(("es-419", "es"), ("es-ES", "es"), ("ru-RU", "ru"), (" ru ", "ru"), ("en-GB", "en"), ("fr-FR-x-seeds", "fr")),
    ],
)
def test_a_code_is_understood_however_it_is_written(written, locale):
    assert understood(written) == locale


@pytest.mark.parametrize(
    "written",
    [
        "",
        "de",
        "xx-AR",
        "zh-TW",
        "zh-Hant-CN",
        "zh_HK",
        "zh-CHT",
        "ar-Latn",
        "ru-Latn-RU",
        "french",
        "f",
        "fr-",
        "fr--FR",
        "ar/",
    ],
)
def test_what_is_none_of_ours_is_none(written):
    assert understood(written) is None


def test_only_the_locales_asked_for_are_found():
    assert understood("fr-FR", ["ar", "es"]) is None
    assert understood("fr-fr", ["fr-FR", "fr"]) == "fr-FR"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_code_with_a_region_means_the_same_language(locale):
    assert understood(regional(locale)) == locale
    assert regional(regional(locale)) == regional(locale)
    assert "-" in regional(locale)


@given(st.text(max_size=30))
def test_any_text_is_a_locale_or_none(written):
    assert understood(written) in {*LANGUAGES, None}

"""Language codes as tools write them, led to the locales of the house."""

import pytest

from memory.interchange.languages import chosen, locale_of, speaks


@pytest.mark.parametrize(
    ("code", "locale"),
    [
        *[("en", "en"), ("EN-us", "en"), ("en_GB", "en"), ("ENG", "en"), ("ar-SA", "ar"), ("AR", "ar"), ("ara", "ar")],
        *[("es-419", "es"), ("ES-MX", "es"), ("fr-FR", "fr"), ("fre", "fr"), ("ru-RU", "ru"), (" fr ", "fr")],
        *[("zh-Hans-CN", "zh"), ("zh-CN", "zh"), ("ZH_sg", "zh"), ("zh-CHS", "zh"), ("zho", "zh"), ("cmn-Hans", "zh")],
        *[("zh-TW", "zh-TW"), ("zh-Hant", "zh-Hant"), ("zh-CHT", "zh-Hant"), ("zh-hk", "zh-HK")],
        *[("DE-at", "de-AT"), ("pt_br", "pt-BR"), ("sr-latn-rs", "sr-Latn-RS"), ("ar-Latn", "ar-Latn")],
        *[("", ""), ("x", ""), ("klingon", ""), ("en-", ""), ("*all*", ""), ("e" * 100, "")],
    ],
)
def test_a_code_of_any_case_region_or_script_is_a_locale_of_ours_or_its_own(code, locale):
    assert locale_of(code) == locale


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("EN-us", "en"), ("fr-CA", "fr"), ("fr-ca", "fr-CA"), ("zh-Hans", "zh"), ("zh-TW", "zh-Hant"), ("sr-Latn", "sr")],
)
def test_a_code_speaks_what_is_asked_for(code, wanted):
    assert speaks(code, wanted)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("zh-TW", "zh"),
        ("zh-Hans", "zh-Hant"),
        ("fr", "fr-CA"),
        ("fr-FR", "fr-CA"),
        ("en", "es"),
        ("", "en"),
        ("en", ""),
    ],
)
def test_another_script_region_or_language_does_not(code, wanted):
    assert not speaks(code, wanted)


def test_the_first_locale_asked_for_that_a_code_speaks_is_chosen():
    assert chosen("fr-CA", ("en", "fr-CA", "fr")) == "fr-CA"
    assert chosen("fr-FR", ("en", "fr-CA", "fr")) == "fr"
    assert chosen("ru", ("en", "fr")) == ""

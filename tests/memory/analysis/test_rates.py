"""Rates: weighted words and money in decimals, as a person reckons them on paper."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.analysis import INTERNAL, Category, Counts
from memory.classes import TABLE
from memory.rates import DEFAULT, LARGEST, Rates, charge, parse_rates, read_rates
from tm_service.domain.errors import ConfigurationError

TABLE_RATES = """
[rates]
context = 0
exact = 10
repetition = 10
"cross-file repetition" = 12.5
"95-99" = 30
"85-94" = 50
"75-84" = 70
"50-74" = 100
new = 100
"""
PRICED = 'currency = "EUR"\nprice = 0.18\nminimum = 35\n' + TABLE_RATES


def rates(text, language="fr"):
    return parse_rates(text.encode()).of(language)


def tally(words):
    return {category: Counts(1, words.get(category, 0)) for category in Category}


WORDS = {Category.CONTEXT: 210, Category.EXACT: 87, Category.CROSS_FILE: 33, Category.FUZZY_85: 151, Category.NEW: 402}


def test_a_job_costs_what_a_person_reckons():
    """8.7 + 4.125 + 75.5 + 402 weighted words; 1.57 (1.566) + 0.74 (0.7425) + 13.59 + 72.36 euros."""
    found = charge(tally(WORDS), rates(PRICED))
    assert found.weighted == Decimal("490.325")
    amounts = {line.category: line.amount for line in found.lines if line.amount}
    assert amounts == {
        Category.EXACT: Decimal("1.57"),
        Category.CROSS_FILE: Decimal("0.74"),
        Category.FUZZY_85: Decimal("13.59"),
        Category.NEW: Decimal("72.36"),
    }
    assert (found.amount, found.currency, found.raised) == (Decimal("88.26"), "EUR", 0)


def test_half_a_cent_is_rounded_up():
    found = charge(tally({Category.NEW: 1}), rates('currency = "EUR"\nprice = 0.125' + TABLE_RATES))
    assert found.amount == Decimal("0.13")


def test_a_currency_without_cents_has_none():
    found = charge(tally({Category.NEW: 7, Category.EXACT: 5}), rates('currency = "JPY"\nprice = 21.5' + TABLE_RATES))
    assert [line.amount for line in found.lines if line.words] == [Decimal(11), Decimal(151)]
    assert str(found.amount) == "162"


def test_a_small_job_costs_the_minimum_and_an_empty_one_nothing():
    small = charge(tally({Category.NEW: 10}), rates(PRICED))
    assert (small.amount, small.raised) == (Decimal(35), Decimal("33.20"))
    known = charge(tally({Category.CONTEXT: 10}), rates(PRICED))
    assert (known.amount, known.raised) == (Decimal(35), Decimal(35))
    empty = charge(tally({}), rates(PRICED))
    assert (empty.amount, empty.raised) == (0, 0)


def test_without_a_price_there_are_weighted_words_alone():
    found = charge(tally(WORDS), rates(TABLE_RATES))
    assert (found.weighted, found.amount, found.currency) == (Decimal("490.325"), None, "")
    assert all(line.amount is None for line in found.lines)


def test_internal_bands_are_paid_as_their_bands_and_locked_words_not_at_all():
    found = rates(PRICED).percents
    assert [found[category] for category in INTERNAL.values()] == [30, 50, 70, 100]
    assert found[Category.LOCKED] == 0
    own = rates(PRICED + '"internal 95-99" = 45\nlocked = 5\n').percents
    assert (own[Category.INTERNAL_95], own[Category.FUZZY_95], own[Category.LOCKED]) == (45, 30, 5)


def test_a_language_says_what_differs():
    table = parse_rates(
        (
            PRICED + '[languages.zh-Hans]\nprice = 0.12\nrates = { "95-99" = 40 }\n[languages.ar]\nminimum = 50\n'
        ).encode()
    )
    chinese, arabic, french = table.of("zh-Hans"), table.of("ar-EG"), table.of("fr")
    assert (chinese.price, chinese.minimum) == (Decimal("0.12"), 35)
    assert (chinese.percents[Category.FUZZY_95], chinese.percents[Category.INTERNAL_95]) == (40, 40)
    assert (arabic.price, arabic.minimum) == (Decimal("0.18"), 50)
    assert french == table.common
    assert table.of("zh_Hans_CN") == chinese
    assert table.of("zh") == table.of("") == table.common


def test_an_internal_rate_of_all_languages_holds_where_a_language_changes_the_band():
    table = parse_rates((PRICED + '"internal 95-99" = 45\n[languages.ru.rates]\n"95-99" = 20\n').encode())
    assert table.of("ru").percents[Category.INTERNAL_95] == 45


def test_the_default_rates_are_those_of_the_table_of_classes():
    found = DEFAULT.of("ar")
    assert found.currency == ""
    assert {kind.value: found.percents[Category(kind)] for kind in TABLE} == {
        kind.value: round(line.rate * 100) for kind, line in TABLE.items()
    }


PERCENT = st.decimals(0, 100, places=3)
ANY_RATES = st.builds(
    Rates,
    st.fixed_dictionaries(dict.fromkeys(Category, PERCENT)),
    st.sampled_from(["", "EUR", "JPY", "KWD"]),
    st.decimals(0, 10, places=4),
)
ANY_TALLY = st.fixed_dictionaries(
    {category: st.builds(Counts, st.just(1), st.integers(0, 10**7)) for category in Category}
)


@given(ANY_TALLY, ANY_RATES)
def test_weighted_words_are_never_above_words(counted, asked):
    found = charge(counted, asked)
    assert all(line.weighted <= line.words for line in found.lines)
    assert found.weighted == sum(line.weighted for line in found.lines) <= sum(line.words for line in found.lines)


@given(ANY_TALLY, ANY_RATES, st.integers(0, 1000))
def test_a_job_costs_its_lines_and_what_raised_it_to_the_minimum(counted, asked, minimum):
    asked = Rates(asked.percents, "EUR", asked.price, Decimal(minimum))
    found = charge(counted, asked)
    assert found.amount == sum(line.amount for line in found.lines) + found.raised
    assert found.amount >= minimum or not any(line.words for line in found.lines)
    assert found.raised == 0 or found.amount == minimum


@given(ANY_TALLY, ANY_RATES)
def test_each_amount_is_within_half_a_unit_of_what_is_exact(counted, asked):
    unit = {"EUR": Decimal("0.01"), "JPY": Decimal(1), "KWD": Decimal("0.001")}
    for line in charge(counted, asked).lines:
        if asked.currency:
            assert abs(line.amount - line.weighted * asked.price) <= unit[asked.currency] / 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rates = 3", "rates.toml: rates must be a table."),
        (
            TABLE_RATES.replace("new = 100", ""),
            "rates.toml: rates.new is missing; write percent of the full price, such as 30.",
        ),
        (TABLE_RATES.replace("new = 100", "new = 101"), "rates.toml: rates.new is 101; write a number from 0 to 100."),
        (TABLE_RATES.replace("new = 100", "new = -1"), "rates.toml: rates.new is -1; write a number from 0 to 100."),
        (TABLE_RATES.replace("new = 100", "new = nan"), "rates.toml: rates.new is NaN; write a number from 0 to 100."),
        (
            TABLE_RATES.replace("new = 100", "new = inf"),
            "rates.toml: rates.new is Infinity; write a number from 0 to 100.",
        ),
        (TABLE_RATES.replace("new = 100", "new = true"), "rates.toml: rates.new must be a number, such as 30 or 0.18."),
        (TABLE_RATES.replace("new = 100", 'new = "1"'), "rates.toml: rates.new must be a number, such as 30 or 0.18."),
        (TABLE_RATES.replace("= 50", "= 0.0000001"), "rates.toml: rates.85-94 is 1E-7; 6 decimals are the most."),
        (TABLE_RATES + "fuzzy = 3", "rates.toml: rates.fuzzy is not known; the keys here are 50-74, 75-84, "),
        (
            "prize = 3\n" + TABLE_RATES,
            "rates.toml: prize is not known; the keys here are currency, languages, minimum, ",
        ),
        ("price = 3\n" + TABLE_RATES, "rates.toml: currency is missing where there is a price; write both or neither."),
        ('currency = "EUR"\n' + TABLE_RATES, "rates.toml: price is missing where there is a currency; write both or "),
        ("minimum = 3\n" + TABLE_RATES, "rates.toml: minimum needs a currency and a price of all languages beside it."),
        ('price = 3\ncurrency = "EURO"\n' + TABLE_RATES, "rates.toml: currency is 'EURO'; write a code of ISO 4217, "),
        (
            "price = 3\ncurrency = 7\n" + TABLE_RATES,
            "rates.toml: currency is 7; write a code of ISO 4217, such as EUR.",
        ),
        (PRICED.replace("0.18", "2000000"), "rates.toml: price is 2000000; write a number from 0 to 1000000."),
        (PRICED.replace("= 35", "= 35.005"), "rates.toml: minimum is 35.005; EUR has no smaller unit than 0.01."),
        (
            PRICED + "[languages.french]\n",
            "rates.toml: languages.french is no language; write a code such as ar or zh-Hans.",
        ),
        (PRICED + "[languages]\nar = 3", "rates.toml: languages.ar must be a table."),
        (
            PRICED + "[languages.ar]\nrate = 3",
            "rates.toml: languages.ar.rate is not known; the keys here are minimum, ",
        ),
        (
            PRICED + "[languages.ar]\nrates.new = 200",
            "rates.toml: languages.ar.rates.new is 200; write a number from 0 ",
        ),
        (
            TABLE_RATES + "[languages.ar]\nprice = 1",
            "rates.toml: languages.ar.price needs a currency and a price of all ",
        ),
        ("rates = ", "rates.toml is not TOML: Invalid value (at end of document)."),
        ("a = " + "[" * 5000, "rates.toml is not TOML: it nests too deep."),
        ("price = " + "9" * 5000, "rates.toml is not TOML: "),
        ("#" * (LARGEST + 1), "rates.toml is longer than 100000 bytes; a rate table has a few dozen lines."),
    ],
)
def test_a_wrong_table_is_refused_in_one_sentence_that_names_the_key(text, said):
    with pytest.raises(ConfigurationError) as refused:
        parse_rates(text.encode(), "rates.toml")
    assert str(refused.value).startswith(said)
    assert str(refused.value).count("\n") == 0


def test_a_table_that_is_not_text_or_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="is not TOML: 'utf-8' codec can't decode"):
        parse_rates(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"none\.toml cannot be read: No such file or directory\.$"):
        read_rates(tmp_path / "none.toml")


def test_a_table_is_read_from_its_file_with_or_without_a_byte_order_mark(tmp_path):
    for mark in (b"", b"\xef\xbb\xbf"):
        (tmp_path / "rates.toml").write_bytes(mark + PRICED.encode())
        assert read_rates(tmp_path / "rates.toml").of("es").price == Decimal("0.18")


def test_a_zero_however_it_is_written_is_zero():
    found = charge(tally(WORDS), rates(PRICED.replace("new = 100", "new = -0.0").replace("0.18", "0e9")))
    assert (found.amount, found.raised) == (35, 35)
    assert not any(line.amount.is_signed() for line in found.lines)

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tests.web.house import LOCALES, Visitor
from tm_service.web.app import make_app
from tm_service.web.texts import choose, speech


@pytest.mark.parametrize(
    ("query", "cookies", "header", "chosen"),
    [
        ({"lang": "ar"}, {"lang": "ru"}, "fr", "ar"),
        ({}, {"lang": "ru"}, "fr", "ru"),
        ({}, {}, "fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ({}, {}, "de, en;q=0.3, zh-Hans-CN;q=0.7", "zh"),
        ({}, {}, "ES-mx", "es"),
        ({}, {}, "ru;q=0, es;q=0.1", "es"),
        ({}, {}, "de, *", "en"),
        ({}, {}, "", "en"),
        ({"lang": "xx"}, {"lang": "<b>"}, ";q=, fr;q=x, ru;level=1", "en"),
        ({}, {}, "x" * 100_000, "en"),
    ],
)
def test_a_language_is_chosen_by_address_then_cookie_then_browser(query, cookies, header, chosen):
    assert choose(query, cookies, header) == chosen


def test_a_language_asked_for_is_kept_in_a_cookie(visitor):
    cookie = visitor.get("/sites/demo?lang=es").headers["Set-Cookie"]
    assert cookie == "lang=es; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax"
    assert visitor.get("/sites/demo", headers={"Cookie": "lang=es"}).headers["Content-Language"] == "es"


@pytest.mark.parametrize("query", ["", "?lang=xx", "?lang=%0d%0aX:1"])
def test_nothing_is_kept_where_no_language_was_asked_for(visitor, query):
    assert "Set-Cookie" not in visitor.get(f"/sites/demo{query}").headers


def test_a_cookie_given_over_https_stays_there(service):
    assert "Secure" in Visitor(make_app(service), "https://localhost").get("/sites/demo?lang=es").headers["Set-Cookie"]


def test_the_browsers_language_is_answered(visitor):
    response = visitor.get("/sites/demo", headers={"Accept-Language": "ar-EG"})
    assert response.headers["Content-Language"] == "ar"
    assert response.headers["Vary"] == "Accept-Language, Cookie"


@pytest.mark.parametrize(
    ("code", "number", "percent", "day"),
    [
        ("en", "1,234,567", "12.7%", "1 Dec 2026"),
        ("ar", "1,234,567", "12.7%", "1 ديسمبر 2026"),
        ("es", "1.234.567", "12,7\xa0%", "1 dic 2026"),
        ("fr", "1\u202f234\u202f567", "12,7\xa0%", "1 déc. 2026"),
        ("ru", "1\xa0234\xa0567", "12,7\xa0%", "1 дек. 2026\u202fг."),
        ("zh", "1,234,567", "12.7%", "2026年12月1日"),
    ],
)
def test_numbers_and_days_are_written_as_readers_write_them(code, number, percent, day):
    said = speech(code)
    written = said.percent(0.1279).replace("\u200e", "")
    assert (said.number(1234567), written, said.day(date(2026, 12, 1))) == (number, percent, day)


@pytest.mark.parametrize(
    ("share", "said"), [(0.99999, "99.9%"), (1.0, "100%"), (0.8, "80.0%"), (0.0, "0.0%"), (None, "–")]
)
def test_all_is_said_of_nothing_less(share, said):
    assert speech("en").percent(share) == said


def test_times_are_in_utc():
    at = datetime(2026, 12, 1, 1, 30, tzinfo=timezone(timedelta(hours=3)))
    assert speech("en").moment(at) == "30\xa0Nov\xa02026, 22:30\xa0UTC"
    assert speech("en").moment(at.astimezone(UTC)) == "30\xa0Nov\xa02026, 22:30\xa0UTC"


@pytest.mark.parametrize("code", LOCALES)
def test_a_language_without_a_name_is_its_code(code):
    assert speech(code).language("qqx") == "qqx"
    assert speech(code).language("?") == "?"
    assert speech(code).language("ar") not in {"ar", ""}

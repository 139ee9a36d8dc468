import logging
from dataclasses import replace

import pytest
from lxml import html

from tests.web.house import LOCALES, Visitor
from tm_service.domain import errors
from tm_service.web.app import make_app


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/sites/nothing",
        "/sites/demo/deployments/0",
        "/sites/demo/deployments/99",
        "/sites/demo/deployments/99999999999999999999999",
        "/sites/demo/deployments/one",
        "/sites/demo/deployments/99/catalogs.zip",
        "/sites/nothing/deployments/1",
        "/packages/demo-99-ar/file",
        "/packages/%00/file",
        "/packages/..%2F..%2Fetc/file",
    ],
)
def test_what_is_not_there_is_said_in_words(visitor, path):
    response = visitor.get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert html.fromstring(response.text).xpath("//h1/text()") == ["There is no such page"]
    assert "Traceback" not in response.text


def test_a_sentence_of_the_house_is_in_the_readers_language_and_any_other_marked_as_english(visitor, service):
    def refuse():
        raise errors.NotFound("The lamp is out.")

    known = visitor.get("/sites/nothing?lang=ar")
    other = Visitor(make_app(replace(service, sites=refuse))).get("/?lang=ar")
    [said, english] = [html.fromstring(one.text).xpath("//p[@class='sentence']")[0] for one in (known, other)]
    assert said.get("lang") == "ar"
    assert "nothing" in said.text_content()
    assert "There is no" not in said.text_content()
    assert (english.get("lang"), english.get("dir"), english.text) == ("en", "ltr", "The lamp is out.")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotAllowed("No."), 403),
        (errors.NotFound("Gone."), 404),
        (errors.Conflict("It moved."), 409),
        (errors.GateClosed("It is held."), 409),
        (errors.ReturnRejected("It is not ours."), 422),
        (errors.ExtractionError("a.json", 1, 2, "no JSON"), 422),
        (errors.ConfigurationError("A line is wrong."), 500),
        (errors.ConnectorError("The site is away."), 502),
        (errors.ServiceError("Something else."), 500),
    ],
)
def test_a_refusal_is_a_page_with_its_sentence(service, error, status):
    def refuse():
        raise error

    response = Visitor(make_app(replace(service, sites=refuse))).get("/")
    assert response.status_code == status
    assert str(error) in response.text


@pytest.mark.parametrize("locale", LOCALES)
def test_a_mishap_shows_no_traceback_and_keeps_the_headers(service, caplog, locale):
    def fail():
        raise RuntimeError("the secret path /srv/keys")

    caplog.set_level(logging.CRITICAL)
    response = Visitor(make_app(replace(service, sites=fail))).get(f"/?lang={locale}")
    assert response.status_code == 500
    for hidden in ("Traceback", "RuntimeError", "/srv/keys"):
        assert hidden not in response.text
    assert html.fromstring(response.text).get("lang") == locale
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert response.headers["Cache-Control"] == "no-store"

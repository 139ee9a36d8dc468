import pytest

from tests.web.house import Visitor
from tm_service.web.app import make_app

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize(
    "path", ["/", "/sites/demo", "/nothing", "/health/live", "/sites/demo/deployments/1/catalogs.zip"]
)
def test_every_answer_carries_the_security_headers_and_is_not_kept(visitor, path):
    headers = visitor.get(path).headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


def test_static_files_are_kept_for_good_under_their_digest(visitor):
    page = visitor.get("/sites/demo").text
    path = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    response = visitor.get(path)
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Security-Policy"] == CSP


@pytest.mark.parametrize("path", ["/static/0123456789ab/style.css", "/static/0123456789ab/..%2Fapp.py"])
def test_other_static_addresses_do_not_exist(visitor, path):
    response = visitor.get(path)
    assert (response.status_code, response.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "translate.example.org"])
def test_this_machine_and_the_hosts_of_the_settings_are_answered(visitor, host):
    assert visitor.get("/health/live", headers={"Host": host}).json() == {"status": "ok"}


@pytest.mark.parametrize("host", ["rebound.example.com", "localhost.example.com", "127.0.0.1.nip.io", "", "a b"])
def test_a_host_that_nobody_named_is_refused(visitor, host):
    response = visitor.get("/sites/demo", headers={"Host": host})
    assert response.status_code == 400
    assert "demo" not in response.text
    assert response.headers["Content-Security-Policy"] == CSP


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_methods_that_write_are_not_allowed(visitor, method):
    response = visitor.ask(method, "/sites/demo", content=b"x" * 1000)
    assert (response.status_code, {*response.headers["Allow"].split(", ")}) == (405, {"GET", "HEAD"})


def test_a_body_is_refused_unread(visitor):
    assert visitor.ask("GET", "/sites/demo", content=b"x").status_code == 413
    assert visitor.ask("GET", "/sites/demo", headers={"Transfer-Encoding": "chunked"}).status_code == 413


def test_head_is_answered_like_get(visitor):
    assert visitor.ask("HEAD", "/sites/demo").status_code == 200


def test_the_interface_describes_itself_to_nobody(service):
    visitor = Visitor(make_app(service))
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"), [("/api/v1/jobs/%00", 400), ("/api/v1/jobs?site=a%00b", 400), ("/sites/%00", 404)]
)
def test_an_address_with_a_nul_names_nothing(visitor, path, status):
    assert visitor.get(path).status_code == status

"""Metrics: Prometheus reads them, and nobody else who is elsewhere; what the store says is asked once in a while."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.web.house import NOW
from tm_service.domain.errors import ConnectorError
from tm_service.metrics import Metrics
from tm_service.operation import Operation
from tm_service.web.app import make_app

TOKEN = "tell-me-how-it-goes-every-15-s"  # noqa: S105 - of a test
WATCHED = {"Authorization": f"Bearer {TOKEN}"}


def asked(app, client="127.0.0.1", **headers: str):
    """As somebody at this address asks."""

    async def ask():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client, 40_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as asking:
            return await asking.get("/metrics", headers=headers)

    return asyncio.run(ask())


def families(text):
    return {family.name: family for family in text_string_to_metric_families(text)}


def values(text, name):
    return {tuple(one.labels.values()): one.value for one in families(text)[name].samples}


@pytest.fixture(scope="module")
def app(service):
    return make_app(service)


@pytest.fixture(scope="module")
def page(app):
    return asked(app).text


def test_it_is_what_prometheus_reads(app, page):
    assert asked(app).headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = families(page)
    assert all(name.startswith(("tm_service_", "process_", "python_")) for name in found)
    assert all(family.documentation for family in found.values())


def test_it_says_what_the_store_holds(service, page):
    with service.store.read() as tx:
        figures, packaged = tx.figures(NOW), tx.packaged()
        latest = tx.latest("demo")
    assert values(page, "tm_service_store_up") == {(): 1.0}
    assert sum(values(page, "tm_service_packaged_units").values()) == sum(one.units for one in packaged.values()) > 0
    assert sum(values(page, "tm_service_packaged_words").values()) == sum(one.words for one in packaged.values()) > 0
    assert values(page, "tm_service_deployments") == {("demo",): figures.deployments["demo"]}
    shares = values(page, "tm_service_served_current_ratio")
    units = latest.coverage["fr"].units
    assert shares["fr", "demo"] == pytest.approx(units.current / units.units)
    assert values(page, "tm_service_served_source_ratio")["fr", "demo"] == pytest.approx(units.missing / units.units)
    assert values(page, "tm_service_served_units")["missing", "fr", "demo"] == units.missing
    assert sum(values(page, "tm_service_returns").values()) == 2


def test_packages_are_overdue_once_their_day_is_past(service):
    late = make_app(replace(service, clock=lambda: NOW.replace(year=2027)))
    assert sum(values(asked(late).text, "tm_service_packages_overdue").values()) > 0
    assert values(asked(make_app(service)).text, "tm_service_packages_overdue") == {}


@pytest.mark.parametrize("client", ["192.0.2.7", "10.0.0.1", "::ffff:192.0.2.7", "unknown"])
def test_from_elsewhere_nobody_reads_it_without_a_token(app, client):
    response = asked(app, client)
    assert response.status_code == 403
    assert "tm_service_store_up" not in response.text


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.8.8", "::1"])
def test_from_this_machine_it_is_read(app, client):
    assert asked(app, client).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_on_this_machine_is_not_this_machine(app, header):
    assert asked(app, **{header: "192.0.2.7"}).status_code == 403


def test_with_a_token_who_shows_it_reads_it_from_anywhere_and_nobody_else_from_here(service):
    app = make_app(service, operation=Operation(metrics_token=TOKEN))
    assert asked(app, "192.0.2.7", **WATCHED).status_code == 200
    assert asked(app, "192.0.2.7", **WATCHED, **{"X-Forwarded-For": "192.0.2.8"}).status_code == 200
    for shown in ({}, {"Authorization": "Bearer "}, {"Authorization": TOKEN}, {"Authorization": f"bearer {TOKEN}x"}):
        response = asked(app, **shown)
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert TOKEN not in response.text


class Counting:
    """A store that counts how often it is read, and may be away."""

    def __init__(self, store) -> None:
        self.store, self.reads, self.away = store, 0, False

    def read(self):
        self.reads += 1
        if self.away:
            raise ConnectorError("The database cannot be used.")
        return self.store.read()


def test_the_store_is_asked_once_in_ten_seconds_however_many_ask(service):
    store, now = Counting(service.store), [100.0]
    metrics = Metrics(store, service.clock, lambda: now[0])
    assert store.reads == 0
    first = metrics.page()
    now[0] += 9.9
    assert b"tm_service_deployments_total" in first
    metrics.page()
    assert store.reads == 1
    now[0] += 0.2
    metrics.page()
    assert store.reads == 2


def test_a_store_that_is_away_is_said_and_hides_nothing_else(service):
    store, now = Counting(service.store), [100.0]
    store.away = True
    metrics = Metrics(store, service.clock, lambda: now[0])
    metrics.answered("GET", "/", 200, 0.02)
    page = metrics.page().decode()
    assert values(page, "tm_service_store_up") == {(): 0.0}
    assert "tm_service_deployments" not in page
    assert 'tm_service_requests_total{method="GET",route="/",status="200"} 1.0' in page
    store.away, now[0] = False, 200.0
    assert b"tm_service_store_up 1.0" in metrics.page()

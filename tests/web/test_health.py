"""Health: a process that lives says so whatever else is down; one that cannot work says that."""

from dataclasses import replace

import pytest

from tests.web.house import Visitor
from tm_service.domain.errors import ConnectorError
from tm_service.web.app import make_app


class Down:
    """A store whose database is away."""

    def read(self):
        raise ConnectorError("The database of secret-host cannot be used: connection refused.")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_house_that_works_lives_and_is_ready(visitor, path):
    response = visitor.get(path)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"
    assert visitor.ask("HEAD", path).status_code == 200


def test_a_house_whose_store_is_away_lives_and_is_not_ready(service):
    visitor = Visitor(make_app(replace(service, store=Down())))
    assert visitor.get("/health/live").status_code == 200
    response = visitor.get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"status": "not ready"})
    assert "secret-host" not in response.text

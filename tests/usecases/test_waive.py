"""Waive: a permission has a name, a reason and an end, and nobody can write one into the database."""

from datetime import timedelta, timezone

import pytest

from tm_service.domain.errors import ConfigurationError, GateClosed, NotFound
from tm_service.domain.serving import Rule
from tm_service.storage.tables import waiver as table

A = "text/home.json"


@pytest.fixture
def gate(house):
    """A unit whose placeholder is gone holds the gate."""
    house.write({A: {"lead": "Hello {name}"}, f"i18n/fr/{A}": {"lead": "Bonjour {name}"}})
    house.deploy()
    house.write({A: {"lead": "Hello"}})
    with pytest.raises(GateClosed, match="needs a placeholder that the source no longer has"):
        house.deploy()
    return house


def waive(house, *, key=("lead",), locale="fr", by="Ana", reason="The name is gone.", zone=None, days=3):
    until = house.repository.clock() + timedelta(days=days)
    return house.service.waive(
        house.name, locale, A, key, by=by, reason=reason, until=until.astimezone(zone) if zone else until
    )


def change(house, **values: object):
    with house.store.begin() as tx:
        tx.connection.execute(table.update().values(**values))


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=5, minutes=30))])
def test_a_waiver_opens_the_gate_for_its_unit_whatever_the_zone_of_its_end(gate, zone):
    signed = waive(gate, zone=zone)
    assert len(signed.signature) == 64
    gate.deploy()
    assert gate.served(A, "lead").rule is Rule.WAIVED


def test_a_waiver_is_for_one_unit_of_one_locale(gate):
    waive(gate, key=("other",))
    waive(gate, locale="ar")
    with pytest.raises(GateClosed):
        gate.deploy()


@pytest.mark.parametrize(
    "values", [{"by": "Eve"}, {"reason": "Because."}, {"locale": "fr", "key": '["lead"]', "signature": "0" * 64}]
)
def test_a_row_changed_in_the_database_is_no_waiver(gate, values):
    waive(gate)
    change(gate, **values)
    with pytest.raises(GateClosed):
        gate.deploy()


def test_an_end_moved_in_the_database_ends_the_waiver(gate):
    signed = waive(gate, days=1)
    gate.deploy()
    change(gate, until=signed.until + timedelta(days=900))
    with pytest.raises(GateClosed):
        gate.deploy()


def test_a_waiver_expires(gate):
    waive(gate, days=2)
    gate.deploy()
    gate.repository.clock.now += timedelta(days=2)
    with pytest.raises(GateClosed):
        gate.deploy()


@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        ({"locale": "de"}, NotFound, "Site garden has no locale de; it has ar, fr."),
        ({"days": -1}, ConfigurationError, "is over already; name a later day"),
        ({"by": " "}, ConfigurationError, "names who signs it"),
        ({"reason": ""}, ConfigurationError, "and why"),
    ],
)
def test_a_waiver_names_who_why_what_and_until_when(gate, asked, error, sentence):
    with pytest.raises(error, match=sentence):
        waive(gate, **asked)

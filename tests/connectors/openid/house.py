"""A house that lets people in by a provider on loopback, and its clock."""

from datetime import UTC, datetime, timedelta

from connectors.openid_calls import Patience
from tests.openid_provider import CLIENT, REDIRECT, SECRET, visited
from tm_service.domain import openid

QUICK = Patience(whole=3.0)


class Clock:
    """The machine's clock, moved."""

    ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def settings(provider, name="garden", **said: object):
    usual = {"secret": SECRET, "after": "https://tm.example.org/", "inside": True}
    return openid.Provider(name, name.title(), provider.address, CLIENT, REDIRECT, **usual | said)


def signed_in(house, **changed: str):
    begun = house.begin("garden")
    return house.finish("garden", begun.pending, visited(begun.address) | changed)

import pytest

from connectors.openid import OpenId
from connectors.openid_calls import OpenIdCalls
from tests.connectors.openid.house import QUICK, Clock, settings
from tests.openid_provider import running


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def garden():
    with running() as provider:
        yield provider


@pytest.fixture
def house(garden, clock):
    return OpenId([settings(garden)], clock, lambda provider: OpenIdCalls(inside=provider.inside, patience=QUICK))

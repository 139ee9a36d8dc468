"""Every extractor keeps the contract; a new one adds a row here and a golden folder."""

import pytest

from extractors import EXTRACTORS, extractor
from tests.extractors.contract import LAWS
from tests.extractors.json_documents import json_samples
from tm_service.domain.errors import ConfigurationError

ROOMS = {("json", ""): json_samples(), ("json", "md5-meta"): json_samples()}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: "-".join(filter(None, room)))
def test_the_contract_holds(room, law):
    law(extractor(*room), ROOMS[room])


def test_every_extractor_is_held_to_the_contract():
    assert {name for name, _ in ROOMS} == set(EXTRACTORS)


def test_an_unknown_extractor_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ConfigurationError, match='no extractor "yaml"; there is json'):
        extractor("yaml", "")


def test_an_unknown_dialect_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ConfigurationError, match='no dialect "sha"; it has "", "md5-meta"'):
        extractor("json", "sha")

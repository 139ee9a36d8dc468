"""Every extractor keeps the contract; a new one adds a module `<format>_documents.py` with its ROOMS, and a golden folder."""

from importlib import import_module
from pathlib import Path

import pytest

from extractors import EXTRACTORS, extractor
from tests.extractors.contract import LAWS, Room
from tests.extractors.fuzz import never_crashes
from tm_service.domain.errors import ConfigurationError

ROOMS: dict[tuple[str, str], Room] = {
    name: room
    for path in sorted(Path(__file__).parent.glob("*_documents.py"))
    if not path.stem.startswith("test_")
    for name, room in import_module(f"tests.extractors.{path.stem}").ROOMS.items()
}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: "-".join(filter(None, room)))
def test_the_contract_holds(room, law):
    law(extractor(*room), ROOMS[room])


def test_every_extractor_is_held_to_the_contract():
    assert {name for name, _ in ROOMS} == set(EXTRACTORS)


def test_an_unknown_extractor_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ConfigurationError, match=r'no extractor "abacus"; there is android, .*json.*yaml'):
        extractor("abacus", "")


def test_an_unknown_dialect_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ConfigurationError, match='no dialect "sha"; it has "", "md5-meta"'):
        extractor("json", "sha")


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: "-".join(filter(None, room)))
def test_a_broken_document_is_read_or_refused(room):
    never_crashes(extractor(*room), ROOMS[room])

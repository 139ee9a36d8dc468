"""Law 10: readers see all of the old or all of the new, whatever fails, and rolling back is pointing back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.laws.world import ENGLISH, EXAMPLES, WORK, answered, beginnings, new_world, steps
from tm_service.domain.ports import Store


class Broken(Exception):
    """The disk is full, the network is gone, the machine stops."""


@dataclass
class Faulty:
    """A store whose n-th call within a transaction raises."""

    store: Store
    left: int

    @contextmanager
    def begin(self) -> Iterator[object]:
        with self.store.begin() as tx:
            yield _FaultyTransaction(tx, self)

    @contextmanager
    def read(self) -> Iterator[object]:
        with self.store.read() as tx:
            yield tx


class _FaultyTransaction:
    def __init__(self, tx: object, faulty: Faulty) -> None:
        self._tx, self._faulty = tx, faulty

    def __getattr__(self, name: str) -> object:
        found = getattr(self._tx, name)
        self._faulty.left -= 1
        if self._faulty.left == 0:
            raise Broken(name)
        return found


@given(beginnings(), steps(*ENGLISH, *WORK, most=8), st.integers(1, 60))
@settings(max_examples=EXAMPLES)
def test_a_deployment_that_fails_anywhere_leaves_the_old_one(begun, course, call):
    with new_world(begun) as world:
        world.deploy(0, 0, 0)
        world.run(course)
        house, dump = world.house, world.house.dump()
        before = house.service.catalogs(house.name, 1)
        faulty = replace(house.service, store=Faulty(house.store, call))
        try:
            faulty.deploy(house.name)
        except Exception:  # noqa: BLE001 - a closed gate must leave everything as it is, too
            assert house.dump() == dump
        else:
            assert len(house.service.deployments(house.name)) == 2
        assert house.service.catalogs(house.name, 1) == before


@pytest.mark.parametrize("call", range(1, 26))
def test_a_return_that_fails_anywhere_is_as_if_it_had_never_come(call, house):
    house.write({"text/a.json": {"title": "Plant the seeds in spring"}})
    (_, name, content), _ = house.packages()
    returned, dump = answered(content, lambda _place: 0), house.dump()
    faulty = replace(house.service, store=Faulty(house.store, call))
    try:
        faulty.take_in(name, returned)
    except Broken:
        assert house.dump() == dump
    else:
        assert house.translations()


def test_a_push_that_is_refused_leaves_the_old_deployment(house, monkeypatch):
    house.write({"text/a.json": {"title": "Plant the seeds in spring"}})
    house.deploy()
    house.write({"text/a.json": {"title": "Plant the seeds in autumn"}})
    dump = house.dump()
    monkeypatch.setattr(house.repository, "commit", _refuse)
    with pytest.raises(Broken):
        house.service.deploy(house.name, push=True)
    assert house.dump() == dump


def _refuse(*_args: object, **_named: object) -> None:
    raise Broken


@given(beginnings(), steps(*ENGLISH, *WORK, "deploy", "deploy", "waive", most=14), st.integers(0, 20))
@settings(max_examples=EXAMPLES)
def test_rolling_back_serves_exactly_the_old_bytes(begun, course, which):
    with new_world(begun) as world:
        world.run([("deploy", 0, 0, 0), *course])
        service, name = world.house.service, world.house.name
        wanted = service.deployments(name)[which % len(service.deployments(name))].number
        bytes_then = service.catalogs(name, wanted)
        restored = service.rollback(name, wanted)
        assert service.catalogs(name, restored.number) == bytes_then
        assert service.catalogs(name, wanted) == bytes_then


@given(beginnings(), steps(*ENGLISH, *WORK, "deploy", "deploy", "waive", most=14), st.integers(0, 20))
@example(  # a text that came after the deployment that is restored, and whose English moves by a space while it is away
    [("add", *numbers) for numbers in ((0, 359, 0), (286, 0, 0), (465, 0, 0), (199, 4801, 0), (227, 0, 0), (0, 140, 0))]
    + [("deliver", 0, 0, 0)],
    [("add", 0, 0, 0), ("deploy", 0, 0, 0), ("add", 151, 4898, 0), ("deploy", 0, 0, 0), ("edit", 100, 0, 0)],
    8,
)
@settings(max_examples=EXAMPLES)
def test_a_rollback_is_a_detour_the_next_deployment_serves_what_it_would_have(begun, course, which):
    with new_world(begun) as one, new_world(begun) as other:
        for world in (one, other):
            world.run([("deploy", 0, 0, 0), *course])
        if one.seen[-1].number != len(one.seen):
            return
        one.roll_back(which, 0, 0)
        gates = one.gates
        for world in (one, other):
            world.mend(0, 0, 0)
            world.deploy(0, 0, 0)
        if one.gates == gates:
            assert _missing(one) <= _missing(other)


def _missing(world) -> set[tuple[str, str, tuple[str, ...]]]:
    return {place for place, (text, shown) in world.seen[-1].texts.items() if text == shown}

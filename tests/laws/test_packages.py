"""Laws 6 and 7: a return touches only its package, once; and what is out is not sent again."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.laws.world import ENGLISH, EXAMPLES, WORK, World, beginnings, new_world, steps


def _sent(packages) -> set[tuple[str, str]]:
    return {(package.locale, unit.fingerprint) for package, _, _ in packages for unit in package.work}


@given(beginnings(), steps(*ENGLISH, *WORK, "deploy", most=12), st.integers(0, 2**12), st.integers(0, 2**13))
@settings(max_examples=EXAMPLES)
def test_a_return_touches_only_the_units_of_its_package(begun, course, which, kinds):
    with new_world(begun) as world:
        world.run([*course, ("package", 0, 0, 0)])
        before, packages = world.house.translations(), world.house.service.handoffs.packages(world.house.name)
        world.come_back(which, kinds, which)
        new = world.house.translations()[len(before) :]
        if world.sent:
            name = world.sent[which % len(world.sent)][0]
            package = next(package for package in packages if f"-D{package.number:04}-" in name)
            units = {(unit.resource, unit.key, unit.fingerprint) for unit in package.work}
            assert {(entry.resource, entry.key, entry.fingerprint) for entry in new} <= units
            assert {entry.locale for entry in new} <= {package.locale}
            others = {other.id: other for other in packages if other.id != package.id}
            assert {
                o.id: o for o in world.house.service.handoffs.packages(world.house.name) if o.id != package.id
            } == others


@given(beginnings(), steps(*ENGLISH, *WORK, "deploy", "package", "come_back", most=14))
@settings(max_examples=EXAMPLES)
def test_a_return_taken_in_twice_changes_nothing(begun, course):
    with new_world(begun) as world:
        world.run([*course, ("package", 0, 0, 0), ("come_back", 0, 0, 0)])
        dump = world.house.dump()
        for name, content in world.returned:
            assert world.house.service.take_in(name, content).repeated
        assert world.house.dump() == dump


@given(beginnings(), steps(*ENGLISH, *WORK, "deploy", most=10), steps("deploy", "come_back", "deliver", most=6))
@settings(max_examples=EXAMPLES)
def test_work_that_is_out_is_not_sent_twice(begun, course, meanwhile):
    with new_world(begun) as world:
        world.run(course)
        world.house.packages()
        world.run(meanwhile)
        out = _out(world)
        again = world.house.packages()
        assert (
            not {
                (package.locale, unit.resource, unit.key, unit.fingerprint)
                for package, _, _ in again
                for unit in package.work
            }
            & out
        )


def _out(world: World) -> set[tuple[str, str, tuple[str, ...], str]]:
    return {
        (package.locale, unit.resource, unit.key, unit.fingerprint)
        for package in world.house.service.handoffs.packages(world.house.name)
        for unit in package.open_units
    }


@given(beginnings(), steps(*ENGLISH, *WORK, "deploy", most=10))
@settings(max_examples=EXAMPLES)
def test_a_second_package_at_once_is_empty(begun, course):
    with new_world(begun) as world:
        world.run(course)
        world.house.packages()
        assert world.house.packages() == []


@given(beginnings(), steps("move", "rename", most=4))
@example(
    # Another unit takes the key that the moved one had.
    begun=[("add", 0, 0, 0), ("add", 0, 1, 1), ("deliver", 0, 0, 0)],
    moves=[("rename", 0, 1, 0), ("move", 0, 0, 0)],
)
@settings(max_examples=EXAMPLES)
def test_a_move_sends_nothing_again(begun, moves):
    with new_world(begun) as world:
        world.deploy(0, 0, 0)
        sent = _sent(world.house.packages())
        for _ in world.play(moves):
            assert not _sent(world.house.packages()) & sent

"""Laws 2 and 5: an export is what was deployed and nothing else, and only values and #meta differ from the source."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import flat
from tests.laws.world import ENGLISH, EXAMPLES, LOCALES, WORK, beginnings, new_world, steps


@given(beginnings(), steps(*ENGLISH, *WORK, most=10), steps("deploy", "waive", *ENGLISH, *WORK, most=6))
@settings(max_examples=EXAMPLES)
def test_nothing_but_a_deployment_changes_an_export(begun, unrest, later):
    with new_world(begun) as world:
        world.deploy(0, 0, 0)
        service, name = world.house.service, world.house.name
        first = service.catalogs(name, 1)
        for _ in world.play([*unrest, *later]):
            assert service.catalogs(name, 1) == first
            latest = service.deployments(name)[0].number
            assert set(service.catalogs(name, latest)) >= {
                f"i18n/{locale}/{path}" for locale in LOCALES for path in world.seen[-1].sources
            }


@given(beginnings(), steps(*ENGLISH, *WORK, "deploy", most=10))
@settings(max_examples=EXAMPLES)
def test_a_catalog_differs_from_its_source_in_values_and_meta_alone(begun, course):
    with new_world(begun) as world:
        world.run([*course, ("deploy", 0, 0, 0)])
        for seen in world.seen:
            catalogs = world.house.service.catalogs(world.house.name, seen.number)
            for locale in LOCALES:
                for path, source in seen.sources.items():
                    catalog = json.loads(catalogs[f"i18n/{locale}/{path}"])
                    assert next(reversed(catalog)) == "#meta"
                    assert list(flat(catalog)) == list(flat(json.loads(source)))
                    meta = catalog.pop("#meta")
                    assert set(meta["hashes"]) == {".".join(key) for key in flat(catalog)}
                    assert _shape(catalog) == _shape(json.loads(source))


def _shape(node: object) -> object:
    if isinstance(node, dict):
        return [(name, _shape(child)) for name, child in node.items()]
    return [_shape(child) for child in node] if isinstance(node, list) else type(node)


@given(st.integers(0, 2**12))
@settings(max_examples=5)
def test_two_houses_that_saw_the_same_export_the_same(seed):
    course = [("add", seed, seed // 3, seed // 5), ("deliver", seed, 1, seed), ("deploy", 0, 0, 0)]
    with new_world(course) as one, new_world(course) as other:
        assert one.house.service.catalogs("garden", 1) == other.house.service.catalogs("garden", 1)

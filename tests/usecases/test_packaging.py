"""Packaging reads while others write, and hands off what still holds when it is done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Barrier

import pytest

from tests.laws.world import answered
from tm_service.domain.changes import ChangeKind
from tm_service.domain.errors import ConfigurationError
from tm_service.usecases import package as packaging

A, B = "text/home.json", "text/garden.json"
LEAD, HINT, NOTE = "Gather the seeds of every plant", "Water the young plants", "Close the gate at night"


@dataclass
class Meanwhile:
    """Writes packages as the real exporter does; while it writes the next one, something else happens."""

    real: object
    doings: list[Callable[[], object]] = field(default_factory=list)

    def __getattr__(self, name) -> object:
        return getattr(self.real, name)

    def write(self, handoff):
        if self.doings:
            self.doings.pop(0)()
        return self.real.write(handoff)


@pytest.fixture
def written(house):
    """The house, whose packages take a while to be written: `doings` happen meanwhile."""
    house.write({A: {"lead": LEAD, "hint": HINT}, B: {"note": NOTE}})
    return Meanwhile(house.service.exporter)


def packaged(house, written, **asked: object):
    return replace(house.service, exporter=written).package(house.name, **asked)


def keys(made):
    return [(package.locale, ".".join(unit.key)) for package, _, _ in made for unit in package.work]


def out(house):
    packages = house.service.handoffs.packages(house.name)
    return [(package.locale, ".".join(unit.key)) for package in packages for unit in package.open_units]


def translated(house, resource, key, text):
    """A translation comes in: delivered beside the source, and learned."""
    house.write({f"i18n/fr/{resource}": {key: text}})
    house.service.learn(house.name, history=True)


def test_others_write_while_a_package_is_written(house, written):
    """Whoever waited for the packaging here would wait for good."""

    def write():
        with house.store.begin() as tx:
            tx.note(house.name, "look", {}, house.service.clock())

    written.doings = [write]
    assert keys(packaged(house, written, locales=("fr",))) == [("fr", "note"), ("fr", "lead"), ("fr", "hint")]
    assert written.doings == []


def test_what_went_out_meanwhile_is_not_sent_twice(house, written):
    written.doings = [lambda: house.packages(locales=("fr",))]
    made = packaged(house, written)
    assert [package.locale for package, _, _ in made] == ["ar"]
    assert sorted(out(house)) == sorted((locale, key) for locale in ("ar", "fr") for key in ("note", "lead", "hint"))


def test_of_what_went_out_meanwhile_only_the_rest_is_sent(house, written):
    handoffs = house.service.handoffs
    written.doings = [lambda: handoffs.package(house.name, replace(handoffs.order(house.name), only=B))]
    made = packaged(house, written, locales=("fr",))
    assert keys(made) == [("fr", "lead"), ("fr", "hint")]
    assert [unit.id.rpartition(".")[2] for unit in made[0][0].work] == ["1", "2"]


def test_what_was_translated_meanwhile_is_left_out(house, written):
    written.doings = [lambda: translated(house, A, "lead", "Récoltez les graines de chaque plante")]
    assert keys(packaged(house, written, locales=("fr",))) == [("fr", "note"), ("fr", "hint")]


def test_a_text_that_the_memory_got_meanwhile_is_left_out(house, written):
    house.write({"text/other.json": {"same": HINT}})
    house.packages(locales=("fr",))
    ((_, name, content),) = packaged(house, written, locales=("ar",))
    house.write({"text/third.json": {"new": "Sweep the paths"}, "text/fourth.json": {"also": NOTE}})
    written.doings = [lambda: house.service.take_in(name, answered(content, lambda _place: 0))]
    assert keys(packaged(house, written, locales=("ar",))) == [("ar", "new")]


def test_a_text_that_was_translated_elsewhere_meanwhile_is_left_out(house, written):
    house.write({B: {"note": NOTE, "same": LEAD}})
    written.doings = [lambda: translated(house, A, "lead", "Récoltez les graines de chaque plante")]
    handoffs = replace(house.service, exporter=written).handoffs
    made = handoffs.package(house.name, replace(handoffs.order(house.name, locales=("fr",)), only=B))
    assert keys(made) == [("fr", "note")]


def test_what_other_languages_do_meanwhile_changes_nothing(house, written):
    written.doings = [lambda: house.packages(locales=("ar",))]
    ((package, _, _),) = packaged(house, written, locales=("fr",))
    assert package.number == 1, "it was written once, with the number that it got first"


def test_what_was_called_back_meanwhile_is_work_again(house, written):
    ((first, _, _),) = house.packages(locales=("fr",))
    house.write({A: {"lead": LEAD, "hint": HINT, "more": "Oil the hinges"}})
    written.doings = [lambda: house.service.handoffs.cancel(first.id)]
    assert keys(packaged(house, written, locales=("fr",))) == [
        ("fr", "note"), ("fr", "lead"), ("fr", "hint"), ("fr", "more"),
    ]  # fmt: skip


def test_who_comes_too_late_again_and_again_keeps_others_from_writing(house, written):
    texts = {f"t{place}": f"Prune the {place} old trees" for place in range(9)}
    house.write({A: texts})
    written.doings = [
        lambda place=place: translated(house, A, f"t{place}", f"Taillez les {place} vieux arbres")
        for place in range(packaging._TRIES)
    ]
    made = packaged(house, written, locales=("fr",))
    assert keys(made) == [("fr", "note"), *(("fr", f"t{place}") for place in range(packaging._TRIES, 9))]
    assert written.doings == []


def test_all_locales_go_out_or_none(house, written):
    def fail():
        raise ConfigurationError("No ink.")

    written.doings = [lambda: None, fail]
    with pytest.raises(ConfigurationError, match="No ink"):
        packaged(house, written)
    assert out(house) == []
    assert house.service.audit.listed(house.name) == []


def test_a_locale_that_is_named_twice_goes_out_once(house, written):
    assert [package.id for package, _, _ in packaged(house, written, locales=("fr", "fr"))] == ["garden-1-fr"]
    assert [line.entry.verb for line in house.service.audit.listed(house.name)] == ["package"]


def test_where_nothing_is_needed_nothing_is_written(house, written):
    house.packages()
    before = house.dump()
    assert packaged(house, written) == []
    assert house.dump() == before


def test_a_move_is_remembered_once(house, written):
    house.deploy()
    house.write({A: {"hint": HINT}, "text/moved.json": {"lead": LEAD, "new": "Rake the gravel"}})
    house.packages(locales=("fr",))
    house.packages(locales=("ar",))
    (moved,) = house.service.detect(house.name).of(ChangeKind.MOVED)
    assert house.dump().count('INSERT INTO "lineage"') == 1
    with house.store.read() as tx:
        assert tx.lineage(house.name, [moved.unit.id]) == {moved.unit.id: (A, ("lead",))}


def test_packages_that_are_made_at_once_share_the_work(house):
    house.write({A: {f"t{place}": f"Prune the {place} old trees" for place in range(30)}})
    start = Barrier(6)

    def made(locale):
        start.wait(30)
        return house.packages(locales=(locale,))

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(made, ["fr", "ar"] * 3))
    assert sorted(package.locale for result in results for package, _, _ in result) == ["ar", "fr"]
    assert len(out(house)) == len(set(out(house))) == 60

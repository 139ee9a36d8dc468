"""Leaks: what is private to one site is reached from no other, whatever a sites.toml says and however a shelf is asked."""

from itertools import combinations, count, permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.samples import NOON, pair
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.site import MemoryRef, Site
from tm_service.domain.text import fingerprint
from tm_service.sites_file import read_sites

LANGUAGES = ("en", "fr", "es")
SITE = """
[site.{name}]
repository = "{name}"
locales = ["fr", "es"]
{memories}
[[site.{name}.content]]
match = "texts/*.json"
extractor = "json"
target = "i18n/{{locale}}/{{path}}"
"""


def sites(folder, shared=("flora",), **memories: tuple[str, ...]):
    """Two sites that read these memories, from a file that shares some."""
    tables = [f"[memory.{name}]\nshared = true\n" for name in shared]
    for name in ("reef", "shore"):
        said = ", ".join(f'"{memory}"' for memory in memories.get(name, ()))
        tables.append(SITE.format(name=name, memories=f"memories = [{said}]" if said else ""))
    file = folder / "sites.toml"
    file.write_text("\n".join(tables), "utf-8")
    return read_sites(file)


def answers(store, site: Site):
    """Everything that a site's settings let anyone ask, asked."""
    with store.read() as tx:
        numbers = range(tx.sequence() + 1)
    prints = {fingerprint(text) for text in TEXTS}
    for memory, (source, target) in product(site.memories, permutations(LANGUAGES, 2)):
        shelf = store.shelf(memory.name, source, target)
        yield from shelf.added()
        yield from shelf.texts()
        yield from shelf.entries(numbers).values()
        yield from (entry for found in shelf.exact(prints).values() for entry in found)
        yield shelf.retired(), shelf.position()
    with store.read() as tx:
        for locale in LANGUAGES:
            yield from (entry for found in tx.exact(site.name, locale, prints).values() for entry in found)
        yield tx.touched(site.name, 0)


TEXTS = [f"{place} {number}" for place in ("Kelp", "Dune", "Leaf") for number in range(3)]
pairs = st.builds(
    pair,
    st.sampled_from(TEXTS),
    st.sampled_from(TEXTS),
    st.permutations(LANGUAGES).map(lambda three: " ".join(three[:2])),
)


rounds = count()  # what one example leaves behind is not the next one's


def put(entry, memory):
    languages = f"{entry.source_locale} {entry.locale}"
    return pair(entry.source, entry.target, languages, memory, reference=f"round {next(rounds)}")


@pytest.mark.slow
@given(
    allowed=st.lists(st.tuples(pairs, st.sampled_from(["reef", "flora"])), max_size=8),
    private=st.lists(pairs, min_size=1, max_size=8),
    gone=st.lists(st.integers(0, 7)),
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_that_only_another_site_has_changes_any_answer(store, tmp_path, allowed, private, gone):
    """Asked before and after the other site learned and retired something, every shelf says the same."""
    reef = sites(tmp_path, reef=("own", "flora"), shore=("flora", "own"))["reef"]
    assert [memory.name for memory in reef.memories] == ["reef", "flora"]
    with store.begin() as tx:
        tx.append(put(entry, memory) for entry, memory in allowed)
    before = list(answers(store, reef))
    with store.begin() as tx:
        known = tx.sequence()
        tx.append(put(entry, "shore") for entry in private)
        learned = list(tx.numbered(range(known + 1, tx.sequence() + 1)))
        tx.retire("shore", [learned[place] for place in gone if place < len(learned)], by="", at=NOON, reason="")
        assert tx.retire("reef", learned, by="", at=NOON, reason="") == 0
    assert list(answers(store, reef)) == before


def test_what_is_shared_is_reached_from_both_sites_and_what_is_private_from_its_own(store, tmp_path):
    with store.begin() as tx:
        tx.append(pair(text, f"{text}, traduit", memory=memory) for memory, text in OF.items())
    both = sites(tmp_path, reef=("own", "flora"), shore=("flora", "own"))
    reached = {
        name: {entry.source for memory in site.memories for entry in store.shelf(memory.name, "en", "fr").added()}
        for name, site in both.items()
    }
    assert reached == {"reef": {OF["reef"], OF["flora"]}, "shore": {OF["shore"], OF["flora"]}}


OF = {"reef": "Kelp 0", "shore": "Dune 0", "flora": "Leaf 0"}


@pytest.mark.parametrize(
    "shared", [names for number in range(4) for names in combinations(("flora", "reef", "shore"), number)]
)
def test_a_sites_toml_lets_a_site_read_its_own_memory_and_shared_ones_and_is_refused_otherwise(tmp_path, shared):
    """Every list of up to two memories, under every choice of what is shared."""
    names = ("own", "reef", "shore", "flora", "birds")
    for wanted in [*permutations(names, 1), *permutations(names, 2)]:
        may = set(wanted) <= {"own", "reef", *shared} and set(wanted) != {"own", "reef"}
        if not may:
            with pytest.raises(ConfigurationError, match=r"site\.reef\.memories names"):
                sites(tmp_path, shared, reef=wanted)
            continue
        read = sites(tmp_path, shared, reef=wanted)["reef"].memories
        assert [memory.name for memory in read] == ["reef" if name == "own" else name for name in wanted]
        assert all(memory.shared or memory.name == "reef" for memory in read)


def test_a_site_never_holds_the_private_memory_of_another_however_it_is_made(tmp_path):
    foreign = MemoryRef("shore"), MemoryRef("flora", shared=True), MemoryRef("reef")
    made = Site("reef", "git", "reef", "main", "en", ("fr",), (), memories=foreign)
    assert [memory.name for memory in made.memories] == ["flora", "reef"]
    assert Site("reef", "git", "reef", "main", "en", ("fr",), (), memories=foreign[:1]).memories == (MemoryRef("reef"),)

"""Sections: coverage folder by folder, which adds up to the whole."""

from hypothesis import given
from hypothesis import strategies as st

from tests.register_world import NOW
from tm_service.domain.deployments import Coverage, Deployment, Tally
from tm_service.usecases.register.sections import RECORDS, heat_map

DEPLOYMENT = Deployment("garden", 1, "r", "main", "main", NOW, {}, 0, "")


def counted(units, current):
    return Coverage(Tally(units=units, current=current, missing=units - current), Tally(units=10 * units))


def report(**pages: tuple[int, int]):
    return (DEPLOYMENT, {"fr": {path: counted(*found) for path, found in pages.items()}})


SITE = report(**{
    "app/texts/forms/a.json": (10, 5), "app/texts/forms/b.json": (10, 10), "app/texts/pages/deep/c.json": (4, 1),
    "app/texts/pages/d.json": (6, 6), "app/texts/top.json": (1, 0),
})  # fmt: skip


def test_sections_are_the_folders_and_files_of_the_first_folder_that_branches():
    found = heat_map(*SITE)
    assert (found.below, found.above) == ("app/texts/", ())
    assert [(one.name, one.is_folder, one.locales["fr"].units.units) for one in found.sections] == [
        ("forms/", True, 20),
        ("pages/", True, 10),
        ("top.json", False, 1),
    ]
    assert found.total["fr"].units == Tally(units=31, current=22, missing=9)
    assert found.total["fr"].words.units == 310


def test_a_folder_shows_what_is_in_it_and_the_way_back():
    found = heat_map(*SITE, "app/texts/pages/")
    assert [one.path for one in found.sections] == ["app/texts/pages/d.json", "app/texts/pages/deep/"]
    assert found.above == ("app/texts/",)
    only = heat_map(*SITE, "app/texts/pages/deep/")
    assert [one.path for one in only.sections] == ["app/texts/pages/deep/c.json"]
    assert only.above == ("app/texts/", "app/texts/pages/")


def test_nothing_is_served_from_a_folder_that_is_not_there():
    for odd in ("app/nowhere/", "app/te", "app/texts/top.json"):
        assert heat_map(*SITE, odd).sections == ()
    assert heat_map(DEPLOYMENT, {}).sections == ()


STORE = report(
    **{
        "articles/a1.json": (3, 1),
        "articles/a2.json": (2, 2),
        "records/permit/p1.json": (1, 0),
        "records/law/l1.json": (4, 1),
        "records/law/l2.json": (4, 1),
    }
)


def test_record_types_are_sections_beside_the_articles():
    found = heat_map(*STORE, grouped=RECORDS)
    units = [(one.name, one.locales["fr"].units.units) for one in found.sections]
    assert units == [("articles/", 5), ("records/law/", 8), ("records/permit/", 1)]
    inside = heat_map(*STORE, "records/law/", RECORDS)
    assert [one.name for one in inside.sections] == ["l1.json", "l2.json"]
    assert inside.above == ("",)
    assert [one.name for one in heat_map(*STORE).sections] == ["articles/", "records/"]


PATHS = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join), unique=True, max_size=12)


@given(
    paths=PATHS,
    locales=st.lists(st.sampled_from(["ar", "fr", "zh"]), min_size=1, unique=True),
    grouped=st.sampled_from(["", "a/", "a/b/"]),
)
def test_at_every_depth_sections_add_up_to_what_is_below(paths, locales, grouped):
    files = {f"{path}.json": counted(number + 1, number) for number, path in enumerate(paths)}
    whole = (DEPLOYMENT, dict.fromkeys(locales, files))
    waiting = [""]
    while waiting:
        found = heat_map(*whole, waiting.pop(), grouped)
        below = sum(one.units.units for path, one in files.items() if path.startswith(found.below))
        for locale in locales if files else ():
            assert sum(one.locales[locale].units.units for one in found.sections) == below
            assert found.total[locale].units.units == below
        waiting += [one.path for one in found.sections if one.is_folder]

"""Places: where grants reach an action, kept with a job and read again, say the same as the grants themselves."""

from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.permissions import (
    READING,
    Action,
    Grant,
    Role,
    allowed,
    place_text,
    places,
    read_place,
    somewhere,
    within,
)

SITES, LOCALES = st.sampled_from(["", "garden", "garden/seeds"]), st.sampled_from(["", "fr", "zh-Hans"])
GRANTS = st.sets(st.builds(Grant, st.sampled_from(Role), SITES, LOCALES), max_size=4)


@given(GRANTS, st.sampled_from(sorted(set(Action) - READING)), SITES, LOCALES)
def test_places_say_what_grants_say(grants, action, site, locale):
    kept = [read_place(place_text(one)) for one in places(grants, action)]
    assert within(kept, site, locale) == allowed(grants, action, site, locale)
    assert bool(kept) == somewhere(grants, action)


def test_reading_a_part_is_not_seeing_the_whole():
    held = places({Grant(Role.TRANSLATOR, "garden", "fr")}, Action.JOBS_READ)
    assert held == [("garden", "fr")]
    assert not within(held, "", "")
    assert within(places({Grant(Role.TRANSLATOR)}, Action.JOBS_READ), "", "")

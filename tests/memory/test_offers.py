"""The chain: what translators are offered, by which rule, with what taken off, and what keeps it from being used unseen."""

from datetime import UTC, datetime, timedelta

from memory.chain import STEPS, Asking, Known, exact, fuzzy, in_context, offers, repaired
from memory.score import Penalties
from tm_service.domain.matches import Asked, Danger, MatchClass
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.site import MemoryRef, State
from tm_service.domain.text import fingerprint

AT = datetime(2026, 1, 5, tzinfo=UTC)
OWN = MemoryRef("garden")
ASKING = Asking("en", "fr", "garden", AT)


def pair(source, target, *, number=1, resource="text/other.json", key=("x",), days=0, **about: object):
    at = AT + timedelta(days=days)
    return Translation(
        "garden", "fr", resource, key, fingerprint(source), source, target, at, Origin.SITE, number=number, **about
    )


def offered(asked, *, same=(), near=(), memory=OWN, asking=ASKING, **wanted: object):
    return offers(asked, [Known(memory, same, near)], asking, **wanted)


def test_the_chain_goes_from_the_surest_to_the_vaguest():
    assert list(STEPS) == [in_context, exact, repaired, fuzzy]


def test_the_same_text_between_the_same_neighbours_is_a_context_match():
    asked = Asked("Seed list", "text/home.json", ("title",), previous="a" * 32, following="b" * 32)
    known = pair("Seed list", "Liste des semences", previous="a" * 32, following="b" * 32)
    (match,) = offered(asked, same=[known])
    assert (match.kind, match.percent, match.rule) == (MatchClass.CONTEXT, 101, "context")
    assert "between the same neighbours" in match.why


def test_the_same_text_under_its_own_key_is_a_context_match():
    asked = Asked("Seed list", "text/home.json", ("title",))
    (match,) = offered(asked, same=[pair("Seed list", "Liste", resource="text/home.json", key=("title",))])
    assert match.kind is MatchClass.CONTEXT


def test_neighbours_that_are_not_known_are_no_context():
    (match,) = offered(Asked("Seed list"), same=[pair("Seed list", "Liste")])
    assert (match.kind, match.percent) == (MatchClass.EXACT, 100)


def test_other_translations_of_the_same_text_are_shown_behind_with_their_penalty():
    known = [
        pair("Open", "Ouvrir", key=("a",)),
        pair("Open", "Ouvrir", key=("b",), number=2),
        pair("Open", "Ouvert", number=3),
    ]
    first, second = offered(Asked("Open"), same=known)
    assert (first.offered, first.percent) == ("Ouvrir", 100)
    assert (second.offered, second.percent, second.penalties) == ("Ouvert", 99, (("several targets", 1),))


def test_where_two_translations_are_equally_frequent_neither_is_exact():
    known = [pair("Open", "Ouvrir", key=("a",)), pair("Open", "Ouvert", key=("b",), number=2)]
    assert [match.kind for match in offered(Asked("Open"), same=known)] == [MatchClass.FUZZY_95] * 2


def test_a_number_is_carried_into_the_translation_and_said_so():
    asked = Asked("Return the seeds within 90 days.")
    known = pair("Return the seeds within 30 days.", "Rendez les semences dans les 30 jours.")
    match = offered(asked, near=[known])[0]
    assert (match.rule, match.offered) == ("repair", "Rendez les semences dans les 90 jours.")
    assert match.percent < 100
    assert match.why == "from memory, numbers replaced: 30 → 90"


def test_similar_is_not_the_same():
    """Law 9: one small word apart is shown, named, and never used unseen."""
    asked = Asked("The keeper shall not notify the bank of each loan.")
    known = pair("The keeper shall notify the bank of each loan.", "Le gardien avise la banque de chaque prêt.")
    (match,) = offered(asked, near=[known])
    assert match.rule == "fuzzy"
    assert match.percent <= 99
    assert [difference.danger for difference in match.capped] == [Danger.NEGATION]


def test_a_memory_of_others_and_a_machine_cost_what_they_cost():
    source = "Growers borrow seeds in spring."
    shared = MemoryRef("treaty", penalty=3, shared=True)
    (match,) = offered(Asked(source), same=[pair(source, "Les cultivateurs…")], memory=shared)
    assert (match.percent, match.kind) == (96, MatchClass.FUZZY_95)
    assert match.penalties == (("other site", 1), ("memory treaty", 3))
    made = Translation(
        "garden", "fr", "r", ("k",), fingerprint(source), source, "Machine", AT, Origin.MACHINE, number=4
    )
    (match,) = offered(Asked(source), same=[made])
    assert (match.percent, match.kind) == (85, MatchClass.FUZZY_85)


def test_unreviewed_and_old_cost_where_the_house_says_so():
    source = "Growers borrow seeds in spring."
    asking = Asking("en", "fr", "garden", AT + timedelta(days=3 * 365), Penalties(unreviewed=2, age=1))
    (match,) = offered(Asked(source), same=[pair(source, "Les cultivateurs…")], asking=asking)
    assert (match.percent, match.penalties) == (96, (("unreviewed", 2), ("age", 2)))
    (match,) = offered(Asked(source), same=[pair(source, "Les cultivateurs…", state=State.REVIEWED)], asking=asking)
    assert match.percent == 98


def test_the_earlier_memory_goes_first_among_equals_and_a_target_is_offered_once():
    source = "Growers borrow seeds in spring."
    other = MemoryRef("treaty", shared=True)
    memories = [
        Known(OWN, [pair(source, "A")], ()),
        Known(other, [pair(source, "A", number=2), pair(source, "B", number=3, key=("z",))], ()),
    ]
    found = offers(Asked(source), memories, ASKING)
    assert [(match.offered, match.translation.number) for match in found] == [("A", 1), ("B", 3)]


def test_nothing_below_the_threshold_is_offered():
    assert offered(Asked("Harbours close at dusk"), near=[pair("Growers borrow seeds", "Les cultivateurs")]) == ()

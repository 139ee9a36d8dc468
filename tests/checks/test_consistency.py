"""Consistency: what the units of one delivery say differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.checks.consistency import consistency
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair


def judged(units, served=(), locale="fr"):
    def pairs(rows):
        return [(unit, Pair(source, target, locale)) for unit, source, target in rows]

    return [(finding.unit, finding.message) for finding in consistency(pairs(units), pairs(served))]


SAME = [
    [("u1", "Seeds", "Graines"), ("u2", "Seeds", "Graines")],
    [("u1", "Seeds", "Graines"), ("u2", "Seeds", "graines.")],
    [("u1", "Seeds", "Graines"), ("u2", "Seeds", "")],
    [("u1", "Seeds", "Graines"), ("u2", "Seeds", "Seeds")],
    [("u1", "Delete", "Supprimer"), ("u2", "Remove", "Supprimer")],
    [("u1", "The seeds are dry.", "Les graines sont sèches."), ("u2", "THE SEEDS ARE DRY", "Les graines sont sèches.")],
    [("u1", "The seed is dry now.", "Graine sèche ce jour-ci."), ("u2", "Seeds are dry now.", "Graine sèche ce jour-ci.")],
    [("u1", "Seed of bed 5 only today", "Graines du seul carré"), ("u2", "Seed of bed 6 only today", "Graines du seul carré")],
]  # fmt: skip


@pytest.mark.parametrize("units", SAME)
def test_these_units_agree(units):
    assert judged(units) == []


def test_one_source_in_two_wordings_is_one_warning_on_the_odd_one():
    units = [
        ("u1", "Seeds", "Graines"),
        ("u2", "Seeds", "Semences"),
        ("u3", "Seeds", "Graines"),
        ("u4", "Bog", "Marais"),
    ]
    assert judged(units) == [
        ("u2", "The same source is translated as “Graines” in u1, u3; see whether both are meant.")
    ]


def test_at_most_three_others_are_named():
    units = [(f"u{n}", "Seeds", "Graines") for n in range(9)] + [("odd", "Seeds", "Semences")]
    ((unit, message),) = judged(units)
    assert unit == "odd"
    assert "in u0, u1, u2 and 6 more units;" in message


def test_two_sources_with_one_long_target_are_a_warning():
    units = [
        ("u1", "Give a short description of the garden", "Décrivez le jardin en détail"),
        ("u2", "Give a detailed description of the garden", "Décrivez le jardin en détail"),
    ]
    ((unit, message),) = judged(units)
    assert unit == "u2"
    assert "“Give a short description of the garden” in u1" in message


def test_a_denial_makes_another_source():
    units = [
        ("u1", "You must enter the seed store today", "Entrez dans la réserve de graines"),
        ("u2", "You must not enter the seed store today", "Entrez dans la réserve de graines"),
    ]
    assert len(judged(units)) == 1


def test_what_is_served_is_compared_with_but_not_spoken_of():
    served = [
        ("s1", "Seeds", "Graines"),
        ("s2", "Seeds", "Semences"),
        ("s3", "Bog", "Marais"),
        ("s4", "Bog", "Tourbière"),
    ]
    assert judged([("u1", "Seeds", "Grains")], served)[0][0] == "u1"
    assert judged([("u1", "Harbour", "Port")], served) == []


def test_locales_are_not_compared_with_each_other():
    units = [("u1", Pair("Seeds", "Graines", "fr")), ("u2", Pair("Seeds", "Semillas", "es"))]
    assert list(consistency(units)) == []


def test_an_empty_delivery_is_consistent():
    assert judged([]) == []


sources, targets = (
    st.sampled_from(["Seeds", "Seed banks of the old harbour", "Bog", "\ud800"]),
    st.sampled_from(["Graines", "Banques de semences du vieux port", "Semences", "", "{n}"]),
)


@given(st.lists(st.tuples(sources, targets), max_size=12))
def test_there_is_at_most_one_warning_for_each_source_and_for_each_target(rows):
    findings = list(consistency([(str(n), Pair(source, target, "fr")) for n, (source, target) in enumerate(rows)]))
    assert len(findings) <= len({source for source, _ in rows}) + len({target for _, target in rows})
    for finding in findings:
        assert finding.check == "consistency"
        assert finding.severity is Severity.WARNING
        assert 0 <= int(finding.unit) < len(rows)
        assert finding.message == finding.template.format(**dict(finding.values))

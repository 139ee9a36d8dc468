"""Judge: what a tool says, what came back and what was offered decide together what becomes of a unit."""

from datetime import UTC, datetime

import pytest

from tm_service.checks import HouseChecks
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import Package, PackageUnit, ReturnedUnit, Stage
from tm_service.domain.pairs import Repaired
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint
from tm_service.exchange.written import unsaid
from tm_service.usecases.judge import Fate, Rules, judged

SOURCE = "Keep the 3 jars of seeds cool"
OFFERED = "Gardez les 2 bocaux de graines au frais"
TARGET = "Gardez les 3 bocaux de graines au frais"
LABEL = "Documents"
MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)

S, U, D, T, A, R = Stage.SILENT, Stage.UNTOUCHED, Stage.DRAFT, Stage.TRANSLATED, Stage.APPROVED, Stage.REJECTED
OPEN, PROPOSAL, ACCEPTED, QUARANTINED = Fate.OPEN, Fate.PROPOSAL, Fate.ACCEPTED, Fate.QUARANTINED
NEW = {}
FUZZY = {"offered": OFFERED, "match": MatchClass.FUZZY_85, "percent": 88.0}
BEHIND = {"offered": OFFERED, "previous_target": OFFERED, "previous_source": "Keep the 2 jars of seeds cool"}
EXACT = {"offered": TARGET, "match": MatchClass.EXACT, "percent": 100.0}


def unit(source=SOURCE, **about: object):
    return PackageUnit("garden-1-fr.1", "text/home.json", ("lead",), source, fingerprint(source), **about)


def package(*units: PackageUnit):
    return Package("garden", 1, "fr", "en", "fr-FR", "c0ffee", MORNING, units)


def judge(stage, target, sent, *, rules=None, checker=None, **about: object):
    answer = ReturnedUnit(sent.id, sent.source, target, stage=stage, **about)
    return judged(answer, sent, package(sent), checker or HouseChecks(), rules or Rules({}))


@pytest.mark.parametrize(
    ("stage", "target", "offered", "fate", "state"),
    [
        # nothing came back, and nobody says that this is the answer
        (S, "", NEW, OPEN, State.PROPOSAL),
        (U, "", NEW, OPEN, State.PROPOSAL),
        (D, " \n", NEW, OPEN, State.PROPOSAL),
        (R, "", NEW, OPEN, State.PROPOSAL),
        (T, "", NEW, QUARANTINED, State.PROPOSAL),
        (A, " ", NEW, QUARANTINED, State.PROPOSAL),
        # a copy of the source
        (S, SOURCE, NEW, OPEN, State.PROPOSAL),
        (U, SOURCE, FUZZY, OPEN, State.PROPOSAL),
        (D, SOURCE, NEW, OPEN, State.PROPOSAL),
        (T, SOURCE, NEW, QUARANTINED, State.PROPOSAL),
        (A, SOURCE, NEW, QUARANTINED, State.PROPOSAL),
        # what was offered, as it left
        (S, OFFERED, FUZZY, OPEN, State.PROPOSAL),
        (U, OFFERED, FUZZY, OPEN, State.PROPOSAL),
        (D, OFFERED, FUZZY, OPEN, State.PROPOSAL),
        (R, OFFERED, FUZZY, OPEN, State.PROPOSAL),
        (D, OFFERED, BEHIND, OPEN, State.PROPOSAL),
        (D, f" {OFFERED.replace(' ', '  ', 1)}\n", BEHIND, OPEN, State.PROPOSAL),
        (S, TARGET, EXACT, ACCEPTED, State.TRANSLATED),
        (T, TARGET, EXACT, ACCEPTED, State.TRANSLATED),
        # another text
        (S, TARGET, NEW, ACCEPTED, State.TRANSLATED),
        (S, TARGET, FUZZY, ACCEPTED, State.TRANSLATED),
        (T, TARGET, NEW, ACCEPTED, State.TRANSLATED),
        (T, TARGET, BEHIND, ACCEPTED, State.TRANSLATED),
        (A, TARGET, NEW, ACCEPTED, State.TRANSLATED),
        (U, TARGET, NEW, ACCEPTED, State.TRANSLATED),
        (D, TARGET, NEW, PROPOSAL, State.PROPOSAL),
        (R, TARGET, BEHIND, PROPOSAL, State.PROPOSAL),
        # another text that the checks refuse
        (S, "Gardez {nom} au frais", NEW, QUARANTINED, State.PROPOSAL),
        (D, "Gardez {nom} au frais", NEW, QUARANTINED, State.PROPOSAL),
    ],
)
def test_stage_target_and_offer_decide_the_fate(stage, target, offered, fate, state):
    verdict = judge(stage, target, unit(**offered))
    assert (verdict.fate, verdict.state) == (fate, state)
    assert any(entry.severity is Severity.ERROR for entry in verdict.findings) == (fate is QUARANTINED)
    assert all(entry.unit == "garden-1-fr.1" for entry in verdict.findings)


@pytest.mark.parametrize(
    ("target", "words"),
    [("", "came back empty"), (SOURCE, "as a copy of the source"), (OFFERED, "as it was sent, unconfirmed")],
)
def test_what_stays_open_says_why_in_a_note(target, words):
    (said,) = judge(S, target, unit(**FUZZY)).findings
    assert said.severity is Severity.NOTE
    assert words in said.message


def test_approval_counts_only_from_who_may_approve():
    assert judge(A, TARGET, unit(), rules=Rules({}, may_approve=True)).state is State.APPROVED
    assert judge(A, TARGET, unit(), rules=Rules({})).state is State.TRANSLATED
    assert judge(D, TARGET, unit(), rules=Rules({}, may_approve=True)).state is State.PROPOSAL


@pytest.mark.parametrize(("stage", "fate"), [(S, OPEN), (U, OPEN), (D, OPEN), (T, ACCEPTED), (A, ACCEPTED)])
def test_a_label_may_be_the_same_where_somebody_confirmed_it(stage, fate):
    assert judge(stage, LABEL, unit(LABEL)).fate is fate


@pytest.mark.parametrize(("stage", "fate"), [(S, OPEN), (U, OPEN), (D, OPEN), (T, ACCEPTED)])
def test_a_match_of_the_tools_own_that_nobody_confirmed_stays_open(stage, fate):
    """The target is none of ours; the tool says that it put it in."""
    assert judge(stage, TARGET, unit(), untouched=True).fate is fate


def test_a_fuzzy_match_confirmed_as_it_was_is_accepted_with_a_warning():
    lead = "Keep the jars of these seeds cool"
    sent = unit(lead, offered="Gardez les bocaux de graines au frais", match=MatchClass.FUZZY_85, percent=88.0)
    verdict = judge(T, sent.offered, sent)
    assert verdict.fate is ACCEPTED
    assert any("confirmed unchanged" in entry.message for entry in verdict.findings)
    assert not any("confirmed unchanged" in entry.message for entry in judge(T, TARGET, unit(**EXACT)).findings), (
        "a full match may stay as it is"
    )


def test_a_site_leaves_checks_out_and_makes_them_stricter_or_milder():
    wrong = "Gardez les 4 bocaux de graines au frais"
    checks = {entry.check: entry.severity for entry in judge(T, wrong, unit()).findings}
    (check,) = checks
    for severity, fate in (
        (Severity.ERROR, QUARANTINED),
        (Severity.WARNING, ACCEPTED),
        (Severity.NOTE, ACCEPTED),
        (None, ACCEPTED),
    ):
        verdict = judge(T, wrong, unit(), rules=Rules({check: severity}))
        assert verdict.fate is fate
        assert {entry.severity for entry in verdict.findings} == ({severity} if severity else set())


def test_a_note_on_what_stays_open_is_left_out_where_its_check_is():
    assert judge(S, "", unit(), rules=Rules({"completeness": None})).findings == ()


class Mending:
    """A checker that refuses targets with some words and mends one of them."""

    def __init__(self, *refused: str, mends: str) -> None:
        self.refused, self.mends = refused, mends

    def check(self, pair):
        return tuple(
            Finding("words", Severity.ERROR, f"There is {word}.", place=(pair.target.index(word), len(pair.target)))
            for word in self.refused
            if word in pair.target
        )

    def repair(self, pair):
        if self.mends not in pair.target:
            return None
        note = Finding("words", Severity.NOTE, f"{self.mends} was taken out.")
        return Repaired(pair.target.replace(self.mends, "").strip(), (note,))

    def across(self, _pairs):
        return iter(())


def test_a_repaired_target_is_kept_as_it_was_put_right():
    verdict = judge(T, "Les graines BAD", unit(), checker=Mending("BAD", mends="BAD"))
    assert (verdict.fate, verdict.target, verdict.is_repaired) == (ACCEPTED, "Les graines", True)
    assert [entry.message for entry in verdict.findings] == ["BAD was taken out."]


def test_what_a_repair_does_not_mend_comes_back_as_it_was_with_its_own_places():
    verdict = judge(T, "BAD graines WORSE", unit(), checker=Mending("BAD", "WORSE", mends="BAD"))
    assert (verdict.fate, verdict.target, verdict.is_repaired) == (QUARANTINED, "BAD graines WORSE", False)
    assert [entry.message for entry in verdict.findings] == ["There is BAD.", "There is WORSE."]
    assert [entry.place for entry in verdict.findings] == [(0, 17), (12, 17)]


def test_what_reading_found_wrong_quarantines_whatever_the_text():
    wrong = Finding("markup", Severity.ERROR, "The code 9 is not in the source; take it out.")
    assert judge(T, TARGET, unit(), findings=(wrong,)).fate is QUARANTINED


@pytest.mark.parametrize(
    ("sent", "stage", "word", "target", "said"),
    [
        (unit(), U, "needs-translation", TARGET, S),
        (unit(), U, "initial", TARGET, S),
        (unit(**FUZZY), D, "needs-review-translation", TARGET, S),
        (unit(**BEHIND), D, "needs-review-translation", TARGET, S),
        (unit(**EXACT), T, "translated", f"{TARGET} !", S),
        (unit(offered=TARGET, match=MatchClass.CONTEXT, percent=100.0), A, "final", f"{TARGET} !", S),
        (unit(attention=True), D, "needs-review-translation", TARGET, S),
        # a word of the tool's own
        (unit(), D, "needs-review-translation", TARGET, D),
        (unit(**FUZZY), D, "Draft", TARGET, D),
        (unit(**FUZZY), T, "translated", TARGET, T),
        (unit(**FUZZY), A, "final", TARGET, A),
        (unit(**EXACT), A, "translated", f"{TARGET} !", A),
        # as it left, or nothing
        (unit(**FUZZY), D, "needs-review-translation", OFFERED, D),
        (unit(**FUZZY), D, "needs-review-translation", f"{OFFERED} ", D),
        (unit(**EXACT), T, "translated", TARGET, T),
        (unit(), U, "needs-translation", SOURCE, U),
        (unit(), U, "needs-translation", "", U),
    ],
)
def test_the_word_that_we_wrote_says_nothing_beside_another_text(sent, stage, word, target, said):
    """OmegaT and plain editors change the text and leave the state as they found it."""
    answer = ReturnedUnit(sent.id, sent.source, target, word, stage=stage)
    assert unsaid(answer, sent).stage is said

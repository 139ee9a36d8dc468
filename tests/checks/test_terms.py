"""Terms: what a target calls a thing, against what the site calls it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.checks.terms import terms
from tm_service.domain.pairs import Pair
from tm_service.domain.terms import Term, TermStatus

# Source, target, locale, status: + approved, - forbidden, ? proposed.
GLOSSARY = """
seed bank|banque de semences|fr|+
seed bank|banque de graines|fr|-
seed|semence|fr|+
seed|pépin|fr|-
harbour|port|fr|+
harbour|havre|fr|+
harbour|rade|fr|-
record|fiche|fr|+
HERB|HERB|fr|+
herb|plante aromatique|fr|+
permit|laissez-passer|fr|?
sheet|planche|fr|-
seed bank|банк семян|ru|+
seed|семя|ru|+
bog|болото|ru|+
bog|топь|ru|-
seed bank|种子库|zh|+
seed|种子|zh|+
bog|沼泽|zh|+
bog|泥潭|zh|-
seed bank|بنك البذور|ar|+
seed|بذرة|ar|+
permit|تصريح|ar|+
permit|رخصة|ar|-
seed bank|banco de semillas|es|+
"""
STATUSES = {"+": TermStatus.APPROVED, "-": TermStatus.FORBIDDEN, "?": TermStatus.PROPOSED}
TERMS = tuple(
    Term("site", "en", source, locale, target, STATUSES[status], datetime(2026, 11, 22, tzinfo=UTC))
    for source, target, locale, status in (line.split("|") for line in GLOSSARY.split("\n") if line)
)


def found(source, target, locale, known=TERMS):
    known = tuple(term for term in known if term.locale == locale)
    return list(terms(Pair(source, target, locale, terms=known)))


@pytest.mark.parametrize(
    ("source", "target", "locale", "expected"),
    [
        ("The seed bank is closed.", "La banque de semences est fermée.", "fr", []),
        ("The SEED BANKS are closed.", "Les banques de semences sont fermées.", "fr", []),
        ("The seed bank is closed.", "La banque nationale des semences est fermée.", "fr", []),
        (
            "The seed bank is closed.",
            "Le dépôt est fermé.",
            "fr",
            ["warning: seed bank is called “banque de semences”"],
        ),
        ("The seed bank is closed.", "La banque de graines est fermée.", "fr", ["error: “banque de graines”"]),
        ("Seed banks", "Banques de graines", "fr", ["warning: “Banques de graines”"]),
        ("Seeds of the seed bank", "Semences de la banque de semences", "fr", []),
        ("The harbour is open.", "Le port est ouvert.", "fr", []),
        ("The harbour is open.", "Le havre est ouvert.", "fr", []),
        ("The harbour is open.", "La rade est ouverte.", "fr", ["error: “rade”"]),
        ("The harbour is open.", "Le port et la rade sont ouverts.", "fr", ["warning: “rade”"]),
        ("The harbour is open.", "La mer est ouverte.", "fr", ["warning: “port”, “havre”"]),
        ("The library is open.", "La rade est ouverte.", "fr", []),
        ("A sheet of moss", "Une planche de mousse", "fr", ["warning: “planche” is not to be used for “sheet”."]),
        ("Sheets of moss", "Planches de mousse", "fr", ["warning: “Planches”"]),
        ("Recording a bird", "Enregistrer un oiseau", "fr", []),
        ("Two records", "Deux notices", "fr", ["warning: “records” is called “fiche”"]),
        ("HERB is open", "HERB est ouvert", "fr", []),
        ("HERB is open", "L’herbier est ouvert", "fr", ["warning: “HERB”"]),
        ("Herbs of the garden", "Plantes aromatiques du jardin", "fr", []),
        ("A permit", "Une autorisation", "fr", []),
        ("<b title='seed bank'>Open</b>", "<b title='seed bank'>Ouvert</b>", "fr", []),
        ("www.seed-bank.example/seed", "www.seed-bank.example/seed", "fr", []),
        ("Two seed banks", "Два банка семян", "ru", []),
        ("Many seeds", "Множество семян", "ru", []),
        ("Two bogs", "Два болота", "ru", []),
        ("Two bogs", "Две топи", "ru", ["warning: “топи”"]),
        ("A bog", "Топь", "ru", ["error: “Топь”"]),
        ("Two bogs", "Два луга", "ru", ["warning: “болото”"]),
        ("The seed bank", "种子库", "zh", []),
        ("The seed bank", "种子银行", "zh", ["warning: “种子库”"]),
        ("A bog", "一片泥潭", "zh", ["error: “泥潭”"]),
        ("The seed bank", "بنك البذور", "ar", []),
        ("Seeds", "البذور", "ar", []),
        ("The permits", "التصاريح", "ar", []),
        ("The permit", "رخصة", "ar", ["error: “رخصة”"]),
        ("The seed bank", "El banco nacional de semillas", "es", []),
        ("The seed bank", "El almacén", "es", ["warning: “banco de semillas”"]),
    ],
)
def test_a_pair_gets_exactly_these_findings(source, target, locale, expected):
    findings = found(source, target, locale)
    assert [finding.severity.value for finding in findings] == [want.partition(":")[0] for want in expected], findings
    for finding, want in zip(findings, expected, strict=True):
        words = want.partition(": ")[2]
        assert words.replace("“", "").replace("”", "") in finding.message.replace("“", "").replace("”", "")
        assert finding.check == "terms"


def test_a_forbidden_name_within_the_right_one_is_right():
    known = (*TERMS, Term("site", "en", "basin", "fr", "rade du port", TermStatus.APPROVED, TERMS[0].at))
    known = (*known, Term("site", "en", "basin", "fr", "rade", TermStatus.FORBIDDEN, TERMS[0].at))
    assert found("The basin", "La rade du port", "fr", known) == []


def test_the_place_is_where_the_forbidden_name_stands():
    (finding,) = found("The <b>harbour</b>", "La <b>rade</b>", "fr")
    assert finding.place == (6, 10)


def test_without_terms_there_is_nothing_to_say():
    assert list(terms(Pair("The seed bank", "Le dépôt", "fr"))) == []


def test_a_verb_is_found_bent_as_verbs_are():
    known = (Term("site", "en", "record", "fr", "consigner", TermStatus.APPROVED, TERMS[0].at, part_of_speech="verb"),)
    (finding,) = found("Recording birds", "Noter les oiseaux", "fr", known)
    assert "consigner" in finding.message


def test_ten_thousand_terms_are_looked_through_as_quickly_as_ten():
    """The glossary is made ready once for all pairs that share it."""
    many = tuple(
        Term("m", "en", f"moss {n}", "fr", f"mousse {n}", TermStatus.APPROVED, TERMS[0].at) for n in range(9999)
    )
    for n in range(0, 9999, 37):
        assert list(terms(Pair(f"The moss {n} grows.", f"La mousse {n} pousse.", "fr", terms=many))) == []
        (finding,) = terms(Pair(f"The moss {n} grows.", "La fougère pousse.", "fr", terms=many))
        assert f"mousse {n}" in finding.message


pieces = st.lists(
    st.sampled_from(["seed ", "bank ", "banque de semences ", "HERB ", "{n} ", "rade ", "\ud800", "种子"])
)


@given(pieces.map("".join), pieces.map("".join), st.sampled_from(["fr", "zh", "ar"]))
def test_any_pair_gets_an_answer_whose_places_are_in_the_target(source, target, locale):
    for finding in found(source, target, locale):
        start, end = finding.place or (0, 0)
        assert 0 <= start <= end <= len(target)
        finding.message.encode("utf-8")

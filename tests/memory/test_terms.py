"""Terms: found however they are bent, and missed in a translation where they are not used."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.terms import Recogniser
from memory.tokens import tokens
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.terms import Term, TermStatus

AT = datetime(2026, 1, 5, tzinfo=UTC)


def term(source, target="…", status=TermStatus.APPROVED, *, source_locale="en", locale="fr"):
    return Term("garden", source_locale, source, locale, target, status, AT)


def found(text, sources, language="en"):
    hits = Recogniser(term(source, source_locale=language) for source in sources).find(text)
    return [(text[hit.start : hit.end], *sorted(each.source for each in hit.terms)) for hit in hits]


@pytest.mark.parametrize(
    ("language", "source", "text", "shown"),
    [
        ("en", "seed bank", "Two Seed Banks were opened.", "Seed Banks"),
        ("en", "seed bank", "the seed bank's keeper", "seed bank's"),
        ("en", "seed bank", "a <b>seed</b>-bank", "seed</b>-bank"),
        ("en", "permit", "It was permitted.", "permitted"),
        ("en", "grant a permit", "granting a permit", "granting a permit"),
        ("en", "Article 8(j)", "as in Article 8(j), the", "Article 8(j"),
        ("en", "LMO", "All LMOs are listed.", "LMOs"),
        ("fr", "banque de semences", "Les banques de semences sont ouvertes.", "banques de semences"),
        ("fr", "étiquette", "Lisez l’étiquette.", "étiquette"),
        ("fr", "permis d'accès", "des permis d’accès", "permis d’accès"),
        ("es", "banco de semillas", "Los bancos de semillas abren.", "bancos de semillas"),
        ("es", "permiso", "Faltan PERMISOS.", "PERMISOS"),
        ("ru", "генетический ресурс", "о генетических ресурсах сада", "генетических ресурсах"),
        ("ru", "разрешение", "без разрешений", "разрешений"),
        ("ru", "учёт", "Ведётся учет.", "учет"),
        ("ar", "بنك البذور", "زرنا بنك البذور أمس", "بنك البذور"),
        ("ar", "تصريح", "لا بد من التصريح", "التصريح"),
        ("ar", "حديقة", "للحديقة باب وحديقة خلفية", "للحديقة"),
        ("ar", "وثيقة", "هذه الوثيقة", "الوثيقة"),
        ("zh", "种子库", "国家种子库开放", "种子库"),
        ("zh", "PDF文件", "下载 PDF 文件", "PDF 文件"),
        ("th", "ธนาคาร", "ไปธนาคารวันนี้", "ธนาคาร"),
    ],
)
def test_a_term_is_found_in_its_forms_in_every_language(language, source, text, shown):
    assert found(text, [source], language)[0] == (shown, source)


@pytest.mark.parametrize(
    ("language", "source", "text"),
    [
        ("en", "seed bank", "seed, bank"),
        ("en", "seed bank", "seed. Bank holidays"),
        ("en", "seed", "a seedling"),
        ("en", "bank", "embankment"),
        ("en", "information", "they informed us"),
        ("en", "IT", "Is it open?"),
        ("en", "WHO", "those who ask"),
        ("en", "seed", '<a title="seed">link</a> {seed} https://seed.example'),
        ("ru", "сад", "садовник и посадка"),
        ("zh", "种子库", "种子仓库"),
        ("en", "", "anything"),
        ("en", "—", "— and —"),
    ],
)
def test_what_only_looks_like_a_term_is_none(language, source, text):
    assert found(text, [source], language) == []


def test_of_terms_that_overlap_the_longest_counts():
    sources = ["seed", "seed bank", "bank manager office", "bank"]
    assert found("The seed bank manager office and the bank", sources) == [
        ("seed", "seed"),
        ("bank manager office", "bank manager office"),
        ("bank", "bank"),
    ]


def test_of_terms_of_one_length_that_overlap_the_first_counts():
    assert found("seed bank manager", ["bank manager", "seed bank"]) == [("seed bank", "seed bank")]


def test_one_hit_has_all_targets_and_all_spellings():
    assert found("Seed banks", ["seed bank", "Seed-bank", "seed banks"]) == [
        ("Seed banks", "Seed-bank", "seed bank", "seed banks")
    ]


def test_an_acronym_and_a_word_of_the_same_letters_are_two_terms():
    sources = ["WHO", "who"]
    assert found("Those who ask the WHO", sources) == [("who", "who"), ("WHO", "WHO")]


def test_terms_of_two_language_pairs_are_not_mixed():
    with pytest.raises(ConfigurationError, match="en to fr, en to ru"):
        Recogniser([term("seed"), term("seed", locale="ru")])


@pytest.mark.parametrize("terms", [[], [term("")]])
def test_no_terms_are_found_nowhere(terms):
    assert Recogniser(terms).find("anything at all") == ()


def test_places_count_in_the_text_as_given():
    text = "😀 cafe\u0301 <b>see\u00add</b> bank"
    hit = Recogniser([term("seed bank")]).find(text)[0]
    assert text[hit.start : hit.end] == "see\u00add</b> bank"


# A translation without its terms.

TERMS = [
    term("seed bank", "banque de semences"),
    term("seed bank", "grainothèque"),
    term("seed bank", "dépôt de graines", TermStatus.FORBIDDEN),
    term("seed bank", "banque", TermStatus.FORBIDDEN),
    term("label", "étiquette"),
    term("label", "label", TermStatus.FORBIDDEN),
    term("drawer", "tiroir", TermStatus.PROPOSED),
]


@pytest.mark.parametrize(
    ("source", "target", "missing"),
    [
        ("Two seed banks", "Deux banques de semences", []),
        ("Two seed banks", "Deux grainothèques", []),
        ("Two seed banks", "Deux banques", ["seed bank"]),
        ("Label of the seed bank", "Nom de la banque de semences", ["label"]),
        ("Labels of labels", "Noms de noms", ["label"]),
        ("A drawer", "Une boîte", []),
        ("Nothing of it", "Rien", []),
    ],
)
def test_a_term_is_missing_where_none_of_its_approved_targets_stands(source, target, missing):
    assert [each.hit.terms[0].source for each in Recogniser(TERMS).missing(source, target)] == missing


def test_what_is_missing_says_what_it_should_be():
    (missing,) = Recogniser(TERMS).missing("The seed bank", "Le dépôt")
    assert missing.targets == ("banque de semences", "grainothèque")
    assert (missing.hit.start, missing.hit.end) == (4, 13)


@pytest.mark.parametrize(
    ("source", "target", "forbidden"),
    [
        ("The seed bank", "Le dépôt de graines", ["dépôt de graines"]),
        ("Two seed banks", "Deux dépôts de graines", ["dépôts de graines"]),
        ("The seed bank", "La banque", ["banque"]),
        ("The seed bank", "La banque de semences", []),
        ("The label", "Le label est une étiquette", ["label"]),
        ("The drawer", "Le label", []),
    ],
)
def test_a_forbidden_target_is_told_unless_another_target_asks_for_it(source, target, forbidden):
    answer = Recogniser(TERMS).forbidden(source, target)
    assert [target[each.start : each.end] for each in answer] == forbidden
    assert all(each.term.status is TermStatus.FORBIDDEN for each in answer)


@pytest.mark.parametrize(
    ("locale", "wanted", "said"),
    [
        ("ru", "банк семян", "в банке семени"),
        ("ru", "семя", "семена"),
        ("ar", "بنك", "البنوك"),
        ("ar", "حديقة", "الحدائق"),
        ("es", "raíz", "las raíces"),
        ("fr", "travail", "des travaux"),
        ("zh", "种子库", "国家种子库"),
    ],
)
def test_a_target_in_an_irregular_form_is_not_missing(locale, wanted, said):
    assert Recogniser([term("x", wanted, locale=locale)]).missing("x", said) == ()


def test_one_recogniser_serves_many_threads():
    recogniser = Recogniser(term(f"garden number {number}") for number in range(200))
    texts = [f"In gardens number {number % 200} and {number}" for number in range(400)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(recogniser.find, texts)) == [recogniser.find(text) for text in texts]


# Laws.

WORDS = st.sampled_from(["seed", "bank", "list", "种", "子", "7"])
SENTENCES = st.lists(st.one_of(WORDS, st.sampled_from([",", "<b>", "."])), max_size=12).map(" ".join)


@given(SENTENCES, st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), max_size=6, unique=True))
def test_terms_are_found_exactly_where_looking_everywhere_finds_them(text, sources):
    def words(each):
        cut = tokens([each])
        return [cut.word(place) for place in range(len(cut))], cut

    ours, cut = words(text)
    known = {tuple(words(source)[0]): source for source in sources}
    spans = sorted(
        (first - stop, first, stop)
        for first in range(len(ours))
        for stop in range(first + 1, len(ours) + 1)
        if tuple(ours[first:stop]) in known and cut.bound[first + 1 : stop].all()
    )
    expected, taken = [], set()
    for _, first, stop in spans:
        if taken.isdisjoint(range(first, stop)):
            taken |= {*range(first, stop)}
            expected.append((int(cut.start[first]), int(cut.end[stop - 1]), known[tuple(ours[first:stop])]))
    hits = Recogniser(map(term, sources)).find(text)
    assert [(hit.start, hit.end, hit.terms[0].source) for hit in hits] == sorted(expected)


@given(st.text(), st.lists(st.text(), max_size=4), st.sampled_from(["en", "ar", "ru", "zh", "xx"]))
def test_no_text_and_no_term_is_too_odd(text, sources, language):
    recogniser = Recogniser(
        term(source, source, source_locale=language, locale=language) for source in [*sources, text]
    )
    for hit in recogniser.find(text):
        assert 0 <= hit.start < hit.end <= len(text)
    assert recogniser.missing(text, text) == ()

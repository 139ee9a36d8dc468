"""Tables of terms: what goes out comes back, and what others write is read, row by row."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.term_tables import COLUMNS, read_terms, write_terms
from tests.memory.term_samples import APPROVED, AT, FORBIDDEN, TERMS, pairs, problems, term
from tm_service.domain.errors import ReturnRejected


def table(text, **more):  # noqa: ANN003 - any option of the reader
    content = text if isinstance(text, bytes) else text.encode()
    return list(read_terms(BytesIO(content), **({"memory": "garden", "at": AT} | more)))


@given(st.lists(TERMS, max_size=6))
def test_terms_written_as_a_table_are_read_as_they_were(terms):
    out = BytesIO()
    assert write_terms(terms, out) == len(terms)
    assert list(read_terms(BytesIO(out.getvalue()), memory="garden", at=AT)) == terms


@pytest.mark.parametrize(
    "text",
    [
        "source,target\nseed bank,banque de semences\n",
        "Term;Translation;Status\r\nseed  bank;banque de semences;Approved\r\n",
        "source_locale\tsource\tlocale\ttarget\nen-US\tseed bank\tfr\tbanque de semences\n",
        "en,fr\nseed bank,banque de semences\n,\n",
        "en;fr;ID\nseed bank;banque de semences;4\n",
        "\ufeffsource,target\nseed bank,banque de semences",
    ],
)
def test_tables_of_others_are_read(text):
    assert table(text, source="en", targets=["fr"]) == [term()]


def test_a_table_by_languages_gives_each_pair():
    found = table("en,fr,ru\nseed,graine,семя\njar,bocal,\n", source="en")
    assert [(each.source, each.locale, each.target) for each in found] == [
        ("seed", "fr", "graine"),
        ("seed", "ru", "семя"),
        ("jar", "fr", "bocal"),
    ]


def test_a_row_that_cannot_be_used_is_told_of_and_breaks_no_other():
    text = "source,target,status,at\na,b,approved,\nc,,approved,\nd,e,maybe,\nf,g\nh,i,,yesterday\nj,k,forbidden,2026-01-05\n"
    found = table(text, source="en", targets=["fr"])
    assert pairs(found) == [("a", "fr", "b", APPROVED), ("j", "fr", "k", FORBIDDEN)]
    assert problems(found) == [
        "Row 2 (line 3) cannot be used: it has no term or no target; it was left out.",
        "Row 3 (line 4) cannot be used: maybe is no status; it is approved, forbidden or proposed; it was left out.",
        "Row 4 (line 5) cannot be used: it has 2 cells where the header has 4; it was left out.",
        "Row 5 (line 6) cannot be used: Invalid isoformat string: 'yesterday'; it was left out.",
    ]


def test_bytes_that_are_no_text_are_told_of():
    found = table(b"source,target\n\xff,x\na,b\n", source="en", targets=["fr"])
    assert pairs(found) == [("a", "fr", "b", APPROVED)]
    assert "no character of the file's encoding" in problems(found)[0]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", {}, "which columns are what"),
        ("a,b\n1,2\n", {}, "which columns are what"),
        ("source,target\na,b\n", {}, "the language of its terms"),
        ("source,target\na,b\n", {"source": "en"}, "the language of its targets"),
        ("source,target\na,b\n", {"source": "en", "targets": ["fr", "ru"]}, "the language of its targets"),
        ("fr,ru\na,b\n", {"source": "en"}, "which columns are what"),
    ],
)
def test_a_table_that_does_not_say_enough_is_refused(text, options, said):
    with pytest.raises(ReturnRejected, match=said):
        table(text, **options)


def test_a_table_holds_no_formula_and_begins_with_its_columns():
    out = BytesIO()
    write_terms([term(source="=HYPERLINK(1)", target="@x")], out)
    lines = out.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == ",".join(f'"{column}"' for column in COLUMNS)
    assert '"\'=HYPERLINK(1)"' in lines[1]
    assert '"\'@x"' in lines[1]

"""Edit classes: how an English text changed, from harmless to rewritten."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tm_service.domain.edits import EditClass, edit_class

TERMS = ("lantern keeper", "harbour", "sea permit", "e-ledger")
TABLE = """
space: Apply at the office → Apply  at the office
space: Apply at the office → Apply at the office\u00a0
space: Apply at the office → Apply at the\\noffice
space: Apply at\\noffice → Apply at\\r\\noffice
space: Café of the port → Cafe\u0301 of the port
space: data base of boats → data\u00a0base of boats
space: Harbour office → Har\u00adbour office
case: Harbour Office → Harbour office
case: SAVE → Save
case: the sea permit → The Sea Permit
case: see <b>Notes</b> → See <b>notes</b>
punctuation: Apply now → Apply now.
punctuation: Boats, nets and ropes → Boats, nets, and ropes
punctuation: the “blue” form → the "blue" form
punctuation: Keeper's house → Keeper’s house
punctuation: Wait... → Wait…
punctuation: Notes: see below. → Notes - See below
punctuation: Visit https://lantern.example/a. → Visit https://lantern.example/a
markup: Read the guide → Read the <b>guide</b>
markup: Read <i>the</i> guide → Read <b>the</b> guide
markup: Boats and nets → Boats&nbsp;and nets
markup: Line one<br>line two → Line one<br/>line two
markup: <a class="x" href="/a">Guide</a> → <a class="y" href="/a">Guide</a>
link: <a href="/a">Guide</a> → <a href="/b">Guide</a>
link: See https://lantern.example/a today → See https://lantern.example/b today
link: See https://lantern.example/2023 today → See https://lantern.example/2024 today
link: Write to mailto:a@lantern.example → Write to mailto:b@lantern.example
link: <img src="a.png"> Logo → <img src="b.png"> Logo
link: <a href='/a'>The colour of boats</a> → <a href='/b'>The color of boats</a>
spelling: The colour of the boats → The color of the boats
spelling: Keep them seperate please → Keep them separate please
spelling: Recieve the notice → Receive the notice
spelling: Organise the records → Organize the records
spelling: The programme of the year → The program of the year
spelling: The catalogue of boats → The catalog of boats
spelling: The adviser signs → The advisor signs
spelling: Centre for lanterns. → Center for Lanterns
placeholder: Hello {name} → Hello {user}
placeholder: {count} boats → {{count}} boats
placeholder: You have %s boats → You have %d boats
placeholder: @:menu.home page → @:menu.port page
placeholder: boat | boats → boat - boats
placeholder: The colour of {boat} → The color of {vessel}
placeholder: Boats of the port → Boats of the port {name}
number: Within 30 days of notice → Within 60 days of notice
number: Within thirty days of notice → Within 30 days of notice
number: Within thirty days of notice → Within sixty days of notice
number: A fee of 3.5 coins → A fee of 35 coins
number: A fee of 1.5 coins → A fee of 1,5 coins
number: See step 4 of the guide → See step 5 of the guide
number: A colour of 1.5 units → A color of 1,5 units
negation: The keeper is on duty → The keeper is not on duty
negation: Boats do enter the port today → Boats don't enter the port today
modality: Boats can enter the port today → Boats can't enter the port today
negation: Enter with a light at night → Enter without a light at night
negation: Boats enter the port by day → No boats enter the port by day
negation: Open on all days of winter → Open on all days except of winter
modality: The keeper shall sign the book → The keeper may sign the book
modality: The keeper must sign the book → The keeper should sign the book
modality: Boats stop at the gate → Boats must stop at the gate
modality: The keeper shall not sign the book → The keeper may sign the book
term: Ask the harbour about the tide → Ask the port about the tide
term: The lantern keeper signs the book → The bridge keeper signs the book
term: Show your sea permit at the gate → Show your land permit at the gate
term: The clerk writes the e-ledger daily → The clerk writes the ledger daily
term: Ask the harbour about the tide → Ask the Harbour, the harbour about the tide
reorder: Boats follow ships → Ships follow boats
reorder: The keeper pays the clerk → The clerk pays the keeper
reorder: Notify {a} before {b} leaves → Leaves before notify {a} {b}
rewrite: Apply at the office → Come back in spring
rewrite: The permit is free → The permits is free
rewrite: The board adopted the plan → The board adapted the plan
rewrite: The rules prescribe lights → The rules proscribe lights
rewrite: The keeper received it → The keeper receives it
rewrite: The board adopts the plan → The board adopted the plan
rewrite: One woman at the gate → One women at the gate
rewrite: Boats and nets → Boats, nets and ropes
rewrite: Save → Delete
rewrite: Old text → \u6587
"""


def _row(line: str) -> tuple[str, str, EditClass]:
    name, texts = line.split(": ", 1)
    before, after = texts.replace("\\r", "\r").replace("\\n", "\n").split(" → ")
    return before, after, EditClass(name)


ROWS = [_row(line) for line in TABLE.strip("\n").split("\n")]
TEXTS = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            [
                "the",
                "The",
                "boat",
                "boats",
                "colour",
                "color",
                "not",
                "may",
                "shall",
                "30",
                "60",
                "1.5",
                "thirty",
                "{a}",
                "%s",
                "<b>",
                "</b>",
                "harbour",
                "sea permit",
                ",",
                ".",
                "https://l.example/a",
                "adopt",
                "adapt",
                "é",
                "e\u0301",
                "中文",
                "\r\n",
            ]
        ),
        max_size=8,
    ).map(" ".join),
)


@pytest.mark.parametrize(("before", "after", "expected"), ROWS)
def test_the_heaviest_difference_names_the_edit(before, after, expected):
    assert edit_class(before, after, TERMS) is expected


@pytest.mark.parametrize(("before", "after", "expected"), ROWS)
def test_the_table_reads_the_same_backwards(before, after, expected):
    assert edit_class(after, before, TERMS) is expected


def test_the_table_shows_every_class_and_enough_of_each():
    assert len(ROWS) >= 60
    assert {expected for _, _, expected in ROWS} == set(EditClass)


def test_a_term_is_only_known_from_the_terms_argument():
    assert edit_class("Ask the harbour about the tide", "Ask the port about the tide") is EditClass.REWRITE


@given(TEXTS, TEXTS)
@example("", " ")
@example("\ud800", "a")
def test_an_edit_and_its_reverse_are_of_one_class(before, after):
    if before != after:
        assert edit_class(before, after, TERMS) is edit_class(after, before, TERMS)


@given(TEXTS)
def test_only_equal_texts_have_no_class(text):
    with pytest.raises(ValueError, match="the same"):
        edit_class(text, text)


@given(TEXTS)
def test_another_canonical_form_is_no_more_than_space(text):
    decomposed = unicodedata.normalize("NFD", text)
    if decomposed != text:
        assert edit_class(text, decomposed) is EditClass.SPACE

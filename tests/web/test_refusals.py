"""Refusals on pages: every sentence of the shared rooms is known by its template and told in the reader's language."""

import ast
import re
from pathlib import Path

import pytest

from tests.web.desks.staff import alert, staff_of
from tests.web.house import build_house
from tm_service.web.refusals import SENTENCES, WORDS, known, told
from tm_service.web.texts import DOMAINS, read_catalog

SOURCE = Path(__file__).parents[2] / "tm_service"
# Whose refusals the shared rooms show.
ROOMS = ("people", "web/desks/house", "web/desks/desk")
FILES = ("usecases/desk.py", "usecases/hand_in.py", "domain/desk.py", "storage/desk.py")
REFUSALS = {"Refused", "NotFound", "Conflict", "Unusable", "NotAllowed", "NotSignedIn", "SignInRefused", "LockedOut"}
# Said to programs alone, or by nothing that a form can send.
NOT_ON_PAGES = (
    "A call cannot be counted",
    "The moment of",
    "A token lasts",
    "Two tokens overlap",
)


def refusals(folder):
    """Where each sentence is said, with a word in place of each value."""
    place = SOURCE / folder
    for file in sorted(place.rglob("*.py")) or [place]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in REFUSALS
                and node.args
            ):
                sentence = said(node.args[0])
                if sentence and not sentence.startswith(NOT_ON_PAGES):
                    yield f"{file.name}:{node.lineno}", sentence


def said(node):
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(one.value if isinstance(one, ast.Constant) else "value" for one in node.values)
    return ""  # a name: its sentence stands elsewhere


@pytest.mark.parametrize("folder", [*ROOMS, *FILES])
def test_every_refusal_of_the_shared_rooms_is_known_by_its_template(folder):
    found = dict(refusals(folder))
    assert found
    assert {place: sentence for place, sentence in found.items() if not known(sentence)} == {}


def test_every_template_is_said_somewhere():
    """A sentence that nobody says any more needs no translation."""
    code = re.sub(r'"\s*\n\s*f?"', "", "\n".join(one.read_text("utf-8") for one in SOURCE.parent.glob("*/**/*.py")))
    code = code.replace((SOURCE / "web" / "refusals.py").read_text("utf-8"), "")
    parts = {template: max(re.split(r"%\(\w+\)s", template), key=len) for template in SENTENCES}
    written = re.sub(r"\s+", " ", code)
    assert [template for template, part in parts.items() if part.strip(" .") not in written] == []


def test_words_in_sentences_are_those_of_pages():
    messages = {message.id for domain in DOMAINS for message in read_catalog("fr", domain)}
    assert set(WORDS.values()) <= messages


@pytest.mark.parametrize(
    ("sentence", "code", "text"),
    [
        ("There is no term 7 in use.", "fr", "Il n’y a pas de terme 7 en usage."),
        ("The name is missing; fill it in.", "zh", "请填写：名称。"),
        (
            "The client Ship is revoked; it cannot become approved.",
            "es",
            "El programa Ship está en el estado «revocado»",
        ),
        ("ana@house.example has an account already.", "ar", "\u2068ana@house.example\u2069"),
        ("Package demo-7-fr is cancelled; nothing of it can be translated.", "es", "está en el estado «cancelado»"),
        ("A target has at most 100,000 characters; this has 100,001.", "zh", "译文最多 100,000 个字符"),
    ],
)
def test_a_refusal_is_told_in_the_readers_language_with_its_values(sentence, code, text):
    found = told(sentence, code)
    assert found.language == code
    assert text in found.text


@pytest.mark.parametrize("sentence", ["Something nobody foresaw.", "", "There is no term " + "7" * 20_000])
def test_what_is_not_known_stays_english_and_says_so(sentence):
    assert (told(sentence, "ar").text, told(sentence, "ar").language) == (sentence, "en")


def test_a_form_that_is_refused_says_so_in_the_readers_language(tmp_path):
    reviewer = staff_of(build_house(tmp_path)).browser("reviewer")
    place = {"site": "demo", "locale": "fr", "source": "", "target": "x"}
    assert "Un terme demande son mot" in alert(reviewer.post("/terms/new?lang=fr", **place))
    page = reviewer.get("/sites/nowhere?lang=ru")
    assert 'lang="ru" dir="ltr">Нет сайта nowhere: есть demo;' in page.text

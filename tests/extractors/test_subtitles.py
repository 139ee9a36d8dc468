"""Subtitles: what a cue is known by, what of it is text, which comments are about it, and what is refused."""

import pytest

from extractors.subtitles import Srt, Vtt
from tests.extractors.contract import served
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document

FILM = (
    "1\n00:00:01,000 --> 00:00:02,000\nThe vault opens.\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\n- Who is there?\n- A gardener.\n"
)
SITE = "WEBVTT\n\n00:01.000 --> 00:02.000\nThe vault opens.\n"


def texts(kind: type, content: str) -> dict:
    return dict(kind().read(Document("film", content.encode())).values)


def merged(kind: type, content: str, new: dict, locale: str = "") -> str:
    resource = kind().extract(Document("film", content.encode()))
    return kind().merge(resource, served(new), locale=locale).decode()


def refusal(kind: type, content: str) -> ExtractionError:
    with pytest.raises(ExtractionError) as caught:
        kind().extract(Document("film", content.encode()))
    return caught.value


def test_a_cue_is_known_by_when_it_begins_whatever_its_number():
    assert texts(Srt, FILM) == {
        ("00:00:01,000",): "The vault opens.",
        ("00:00:03,000",): "- Who is there?\n- A gardener.",
    }
    assert texts(Srt, FILM.replace("2\n00:00:03", "17\n00:00:03")) == texts(Srt, FILM)


def test_two_cues_that_begin_at_once_are_two():
    twice = SITE + "\n00:01.000 --> 00:02.000\nSlowly.\n"
    assert texts(Vtt, twice) == {("00:01.000",): "The vault opens.", ("00:01.000", "2"): "Slowly."}


def test_a_cue_with_an_identifier_is_known_by_it():
    assert texts(Vtt, SITE.replace("00:01.000 -->", "opening\n00:01.000 -->")) == {("opening",): "The vault opens."}


def test_line_ends_are_those_of_the_file_and_a_blank_line_never_ends_a_cue_early():
    new = merged(Srt, FILM.replace("\n", "\r\n"), {("00:00:01,000",): "La chambre\n\n\r\n \ns’ouvre."})
    assert new == FILM.replace("The vault opens.", "La chambre\ns’ouvre.").replace("\n", "\r\n")


def test_an_arrow_in_a_text_is_not_taken_for_times():
    new = merged(Vtt, SITE, {("00:01.000",): "00:05.000 --> 00:06.000"})
    assert list(texts(Vtt, new)) == [("00:01.000",)]


def test_positions_stay_and_tags_are_part_of_the_text():
    content = FILM.replace("The vault", "{\\an8}<i>The</i> vault")
    assert texts(Srt, content)["00:00:01,000",] == "<i>The</i> vault opens."
    assert "\n{\\an8}Le coffre.\n" in merged(Srt, content, {("00:00:01,000",): "Le coffre."})


def test_an_empty_cue_can_be_filled():
    assert merged(Vtt, "WEBVTT\n\n00:01.000 --> 00:02.000\n", {("00:01.000",): "(музыка)"}).endswith(
        "00:02.000\n(музыка)\n"
    )


def test_notes_above_a_cue_are_about_it_and_no_other():
    notes = "NOTE The curator speaks\n\nNOTE\ntm:maxlength=30, tm:legal"
    content = f"WEBVTT\n\n{notes}\n\n00:01.000 --> 00:02.000\nOne\n\n00:03.000 --> 00:04.000\nTwo\n"
    first, second = (unit.about for unit in Vtt().extract(Document("film", content.encode())).values)
    assert (first.note, first.limit, first.legal) == ("The curator speaks", 30, True)
    assert not second.note


def test_styles_and_regions_are_kept_and_the_language_of_the_head_is_said_anew():
    content = "WEBVTT\nLanguage: en\n\nSTYLE\n::cue { color: lime }\n\nREGION\nid:a\n\n00:01.000 --> 00:02.000 region:a\nOne\n"
    assert merged(Vtt, content, {("00:01.000",): "Один"}, "ru") == content.replace("en\n", "ru\n", 1).replace(
        "One", "Один"
    )


def test_text_after_a_blank_line_is_told():
    resource = Srt().extract(Document("film", FILM.replace("- A", "\n- A").encode()))
    assert [found.message for found in resource.findings] == [
        "Line 9: text after a blank line belongs to no cue; take the blank line out."
    ]


@pytest.mark.parametrize(
    ("kind", "content", "line", "reason"),
    [
        (Srt, "", 1, "the file is empty"),
        (Srt, "Nothing here\n", 1, "times such as"),
        (Srt, FILM.replace("opens.\n\n2", "opens.\n2"), 5, "a blank line is missing above this cue"),
        (Vtt, FILM, 1, "begins with WEBVTT"),
        (Vtt, "WEBVTTX\n", 1, "begins with WEBVTT"),
        (Vtt, SITE.replace("00:02.000", "soon"), 3, "times such as"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(kind, content, line, reason):
    error = refusal(kind, content)
    assert error.line == line
    assert reason in error.reason

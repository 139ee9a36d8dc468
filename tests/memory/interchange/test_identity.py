"""The law of exchange: what is exported and imported again is what it was, context included."""

import json
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from memory.interchange import Dialect, read_csv, write_csv
from tests.memory.interchange.samples import AT, entries, entry, read, written
from tm_service.domain.serving import Answer

DTD = Path("/work/shared/schemas/tmx/tmx14.dtd")
LISTS = st.lists(entries(), max_size=3)


def text_of(print_):
    """A neighbour's text that is as difficult as any."""
    return f'{print_[:4]} <b>dry</b> & | "{print_[4:6]}"' if print_ else ""


@given(LISTS, st.sampled_from(Dialect), st.booleans())
@example([entry("", "", answer=Answer.EMPTY, fingerprint="f" * 32)], Dialect.PLAIN, True)  # noqa: FBT003
@example([entry("\ud83d\ude00", "\ud83d" + "\ude00", properties=(("\ud83d", "\ude00"),))], Dialect.XTM, False)  # noqa: FBT003
def test_tmx_written_and_read_again_is_the_same_entries(given_entries, dialect, pretty):
    content = written(*given_entries, dialect=dialect, text_of=text_of, pretty=pretty)
    assert read(content) == given_entries


@given(LISTS, st.sampled_from(",;\t|"))
@example([entry(key=("",)), entry(key=()), entry(key=("", "")), entry(key=("a.b", "c\\"))], ",")
def test_a_table_written_and_read_again_is_the_same_entries(given_entries, delimiter):
    out = BytesIO()
    assert write_csv(given_entries, out, delimiter=delimiter) == len(given_entries)
    out.seek(0)
    assert list(read_csv(out, memory="garden", at=AT)) == given_entries


@cache
def dtd():
    if not DTD.is_file():
        pytest.skip("../shared with the DTD of TMX 1.4 is not here")
    return etree.DTD(str(DTD))


@given(LISTS, st.sampled_from(Dialect))
def test_whatever_is_written_is_valid_tmx(given_entries, dialect):
    rules = dtd()
    tree = etree.fromstring(written(*given_entries, dialect=dialect, text_of=text_of))
    assert rules.validate(tree), rules.error_log.filter_from_errors()


@given(LISTS)
def test_an_export_of_an_export_is_the_same_bytes(given_entries):
    content = written(*given_entries)
    assert written(*read(content)) == content


def test_the_name_of_the_memory_is_the_one_it_is_read_into_and_a_number_is_the_stores_own():
    (found,) = read(written(entry(number=7)), memory="orchard")
    assert (found.site, found.number) == ("orchard", 0)


def test_a_text_of_a_hundred_thousand_characters_comes_back():
    long = entry("Seeds of the north. " * 5000, "Graines du nord. " * 6000)
    assert read(written(long)) == [long]
    out = BytesIO()
    write_csv([long], out)
    out.seek(0)
    assert list(read_csv(out, memory="garden", at=AT)) == [long]


PAIRS = Path("/work/shared/data/absch/aligned_pairs.jsonl")


@pytest.mark.slow
@pytest.mark.real_site
@pytest.mark.skipif(not PAIRS.is_file(), reason="../shared with the pairs of the real site is not here")
def test_every_pair_of_the_real_site_comes_back():
    said = [json.loads(line) for line in PAIRS.read_text("utf-8").split("\n") if line]
    given_entries = [
        entry(pair["source"], pair["target"], locale=pair["lang"], resource=pair["file"], key=(pair["key"],))
        for pair in said
    ]
    assert read(written(*given_entries, dialect=Dialect.OMEGAT)) == given_entries
    out = BytesIO()
    write_csv(given_entries, out)
    out.seek(0)
    assert list(read_csv(out, memory="garden", at=AT)) == given_entries


def test_a_time_of_ours_without_its_zone_is_told_of():
    content = written(entry(at=AT.replace(microsecond=5))).replace(b"+00:00<", b"<")
    assert "has properties of ours that were changed" in str(read(content)[0])

"""Files as other tools write them: every golden file, what is read from it, and what is left of it after our own export."""

import json
import re
from dataclasses import fields
from io import BytesIO
from pathlib import Path

import pytest

from memory.interchange import FORMATS, Dialect, Problem, format_of, write_tmx
from tests.memory.interchange.samples import AT, read, written
from tm_service.domain.serving import Translation
from tm_service.domain.text import fingerprint

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(path.name for path in GOLDEN.iterdir() if path.suffix != ".json")
FOREIGN = [name for name in FILES if name.endswith(".tmx") and name != "damaged.tmx"]
PLAIN = {field.name: field.default for field in fields(Translation)}


def found(name):
    return list(format_of(name).read(GOLDEN / name, memory="garden", at=AT, reference=name))


def document(one):
    """What is not as it always is of an entry; the fingerprints of neighbours as they are."""
    if isinstance(one, Problem):
        return {"number": one.number, "line": one.line, "problem": one.message}
    said = {field: getattr(one, field) for field in PLAIN if getattr(one, field) != PLAIN[field]}
    said |= {"at": one.at.isoformat()}
    assert said.pop("site") == "garden"
    assert said.pop("reference") in FILES
    assert said.pop("fingerprint") == fingerprint(one.source)
    return said


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_tool_gives_these_entries(name, accept):
    expected = GOLDEN / f"{name}.json"
    given = json.dumps([document(one) for one in found(name)], ensure_ascii=False, indent=1) + "\n"
    if accept:
        expected.write_text(given, "utf-8")
    assert given == expected.read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("dialect", Dialect)
def test_what_was_read_of_any_format_is_the_same_after_our_own_export(name, dialect):
    entries = [one for one in found(name) if isinstance(one, Translation)]
    assert entries
    assert read(written(*entries, dialect=dialect)) == entries


@pytest.mark.parametrize("name", FOREIGN)
def test_an_export_says_again_what_the_file_said_so_that_it_is_understood_without_our_properties(name):
    entries = found(name)
    out = BytesIO()
    trados = Dialect.TRADOS if name == "trados.tmx" else Dialect.PLAIN
    assert write_tmx(entries, out, source="en", at=AT, dialect=trados) == len(entries)
    bare = re.sub(rb'<prop type="x-tm-service:[^<]*</prop>', b"", out.getvalue())
    again = read(bare, reference=name)
    for one, other in zip(entries, again, strict=True):
        assert set(one.properties) <= set(other.properties)
        for field in (
            "source",
            "target",
            "locale",
            "resource",
            "key",
            "state",
            "origin",
            "author",
            "previous",
            "following",
        ):
            assert getattr(other, field) == getattr(one, field), field


def test_every_format_has_a_file_here():
    assert {format_of(name).meaning for name in FILES} == {known.meaning for known in FORMATS.values()}

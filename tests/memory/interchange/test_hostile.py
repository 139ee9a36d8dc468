"""Files that could hurt, and files that are hurt: refused in one sentence, or read but for what is broken in them."""

import gzip
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from memory.interchange import FORMATS, Problem, format_of, read_csv, read_tmx, read_xliff
from tests.memory.interchange.samples import AT, read, texts, tmx, unit
from tm_service.domain.errors import ConfigurationError, ReturnRejected

pytestmark = pytest.mark.slow

GOOD = ("Seed list", "Liste de graines")
HEAD, FOOT = tmx("|").split(b"|")
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


def zipped():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.tmx", tmx(unit()))
    return buffer.getvalue()


REFUSED = {
    "billion laughs": (tmx(unit("&l9;"), prolog=f'<!DOCTYPE tmx [<!ENTITY l0 "lol">{LAUGHS}]>'), "declares more than"),
    "an external entity": (
        tmx(unit("&e;"), prolog='<!DOCTYPE tmx [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        "declares more than",
    ),
    "a parameter entity": (
        tmx(unit(), prolog='<!DOCTYPE tmx SYSTEM "tmx14.dtd" [<!ENTITY % p SYSTEM "x">%p;]>'),
        "declares more",
    ),
    "an empty internal subset": (tmx(unit(), prolog='<!DOCTYPE tmx SYSTEM "tmx14.dtd" []>'), "declares more than"),
    "a DTD from elsewhere": (
        tmx(unit(), prolog='<!DOCTYPE tmx SYSTEM "http://seeds.example/tmx14.dtd">'),
        "declares more than",
    ),
    "a DTD by a path": (tmx(unit(), prolog='<!DOCTYPE tmx SYSTEM "../tmx14.dtd">'), "declares more than"),
    "two DOCTYPEs": (
        tmx(unit(), prolog='<!DOCTYPE tmx SYSTEM "tmx14.dtd"><!DOCTYPE tmx [<!ENTITY a "b">]>'),
        "declares more than",
    ),
    "a DOCTYPE behind a comment": (
        tmx(unit(), prolog='<!-- "> --><!DOCTYPE tmx [<!ENTITY a "b">]>'),
        "declares more than",
    ),
    "a DOCTYPE in UTF-16": (
        tmx(unit(), prolog="<!DOCTYPE tmx []>").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        "declares more than",
    ),
    "a header a hundred thousand elements deep": (tmx(unit(), header="<prop>" * 100_000), "before its first entry"),
    "a header without end": (HEAD[:-10] + b" " * (2 << 20), "no <body>"),
    "a header of comments": (b"<!---->" * 200_000, "not XML"),
    "a header that is not well-formed": (tmx(unit(), header="<note>a & b</note>"), "before its first entry"),
    "UTF-7": (tmx(unit()).replace(b"UTF-8", b"UTF-7"), "utf-7"),
    "an encoding that lies about UTF-16": (tmx(unit()).replace(b"UTF-8", b"UTF-16"), "utf-16"),
    "UTF-32": (tmx(unit()).decode().encode("utf-32"), "utf-32"),
    "an unheard-of encoding": (tmx(unit()).replace(b"UTF-8", b"peat-1"), "peat-1"),
    "gzip": (gzip.compress(tmx(unit())), "packed (gzip)"),
    "zip": (zipped(), "packed (zip)"),
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not XML"),
    "HTML": (b"<html><body>Sign in<br></body></html>", "<html>, not TMX"),
    "XLIFF": (b'<?xml version="1.0"?><xliff version="1.2"><file><body/></file></xliff>', "<xliff>, not TMX"),
    "TMX 2": (tmx(unit(), version="2.0"), "TMX 2.0"),
    "no body": (b'<tmx version="1.4"><header/></tmx>', "no <body>"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_is_no_plain_tmx_is_refused_with_one_sentence(kind):
    content, reason = REFUSED[kind]
    with pytest.raises(ReturnRejected) as refusal:
        read(content)
    sentence = str(refusal.value)
    assert reason in sentence
    assert sentence.startswith("The file ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">',
        "<!DOCTYPE tmx SYSTEM 'tmx11.dtd' >",
        '<!-- <!DOCTYPE --><!DOCTYPE tmx\n PUBLIC "-//LISA OSCAR:1998//DTD for Translation Memory eXchange//EN" "tmx14.dtd">',
    ],
)
def test_the_plain_reference_to_the_dtd_is_allowed_and_never_loaded(doctype, tmp_path, monkeypatch):
    (tmp_path / "tmx14.dtd").write_text('<!ENTITY seeds "loaded">')
    monkeypatch.chdir(tmp_path)
    found = texts(read(tmx(unit() + unit("&seeds;"), prolog=doctype)))
    assert found[0] == GOOD
    assert "Entity 'seeds' not defined" in found[1]


BROKEN = {
    "an entity that is not declared": unit("10&nbsp;km"),
    "a bare ampersand": unit("seeds & roots"),
    "a tag that does not close": unit("<ph>seeds"),
    "an attribute twice": unit(attributes=' tuid="1" tuid="2"'),
    "a control character": unit("seeds\x0b"),
    "a NUL": unit("seeds\0"),
    "a character by an impossible number": unit("&#xD800;"),
    "a namespace that is not declared": unit(attributes=' bed:x="1"'),
    "a hundred thousand elements deep": unit("<hi>" * 100_000 + "</hi>" * 100_000),
    "a text larger than an entry may be": unit("x" * 5_000_000),
    "an attribute larger than an entry may be": unit(attributes=f' tuid="{"x" * 5_000_000}"'),
    "ten thousand properties": unit(said='<prop type="a">b</prop>' * 10_000),
    "no language": '<tu><tuv><seg>a</seg></tuv><tuv xml:lang="fr"><seg>b</seg></tuv></tu>',
    "no text at all": "<tu/>",
    "two texts in one": '<tu><tuv xml:lang="en"><seg>a</seg><seg>b</seg></tuv></tu>',
    "an empty target": unit(target=" "),
    "no language that is one": unit(languages=("en", "klingon!")),
    "a CDATA section without end": unit("<![CDATA[seeds"),
    "a comment without end": unit("<!-- seeds"),
    "an end that is missing": unit()[: -len("</tu>")],
    "a DOCTYPE within": unit('<!DOCTYPE x [<!ENTITY a "b">]>'),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_an_entry_that_is_broken_is_told_by_number_and_line_and_the_others_are_read(kind):
    found = read(tmx(f"{unit()}\n{BROKEN[kind]}\n{unit('Shelf', 'Étagère')}\n{unit()}"))
    assert texts(found)[::3] == [GOOD, GOOD]
    assert texts(found)[2] == ("Shelf", "Étagère")
    assert (found[1].number, found[1].line) == (2, 6)
    assert found[1].message.startswith("Entry 2 (line 6) ")
    assert len(found) == 4


def test_entries_are_never_glued_together_where_one_does_not_end():
    body = "".join(unit(f"<![CDATA[{name}", name) for name in ("a", "b", "c")) + unit("<![CDATA[d]]>", "d") + unit()
    found = texts(read(tmx(body)))
    assert found[3:] == [("d", "d"), GOOD]
    assert [sentence[:8] for sentence in found[:3]] == ["Entry 1 ", "Entry 2 ", "Entry 3 "]


def test_bytes_of_another_encoding_break_the_entry_they_stand_in():
    content = tmx(unit() + "\n" + unit(target="Été") + "\n" + unit()).decode().encode("latin-1")
    found = texts(read(content))
    assert (found[0], found[2]) == (GOOD, GOOD)
    assert "Entry 2 (line 6) is not well-formed XML (Invalid bytes" in found[1]


def test_half_a_character_of_utf_16_breaks_the_entry_it_stands_in():
    content = tmx(unit("A") + unit("B")).decode().replace("UTF-8", "UTF-16").encode("utf-16-le")
    found = texts(read(content.replace("A".encode("utf-16-le"), b"\x00\xd8", 1)))
    assert "not well-formed" in found[0]
    assert found[1] == ("B", GOOD[1])


@pytest.mark.parametrize("left", range(2, len(FOOT) + len(unit()), 7))
def test_a_file_that_breaks_off_gives_what_stood_before_and_says_where(left):
    found = read(tmx(unit() + "\n" + unit())[:-left])
    assert texts(found[:1]) == [GOOD]
    assert isinstance(found[-1], Problem)
    assert found[-1].message.startswith("The file breaks off in line ")


def test_what_belongs_to_no_entry_is_told_once_where_it_stands():
    found = texts(read(tmx(f"{unit()}\n<x>odd</x> and more\n{unit()}<!-- fine --><?fine too?></tu>\n")))
    assert found == [
        *(GOOD, "What stands after entry 1 (line 6) belongs to no entry; it was left out."),
        *(GOOD, "What stands after entry 2 (line 7) belongs to no entry; it was left out."),
    ]


def test_a_reason_names_no_line_of_a_part_of_the_file():
    (problem,) = read(tmx("\n\n" + unit("<hi>dry")))
    assert str(problem) == (
        "Entry 1 (line 7) is not well-formed XML (Opening and ending tag mismatch: hi and seg); it was left out."
    )


def test_what_is_commented_out_is_no_entry():
    assert texts(read(tmx(f"<!-- {unit()} -->{unit()}<!-- > -->"))) == [GOOD]


def test_two_files_in_one_are_told_of():
    assert texts(read(tmx(unit()) + tmx(unit("Shelf")))) == [
        GOOD,
        "More follows after </tmx> (line 7); it was left out: one file is one memory.",
    ]
    assert texts(read(tmx(unit()) + b"<!-- made by hand -->\n")) == [GOOD]


def test_markup_that_would_include_a_file_is_text():
    include = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>'
    assert texts(read(tmx(unit(include)))) == [('<include href="/etc/hostname" parse="text"/>', GOOD[1])]


def test_a_file_made_of_ever_new_names_is_left_before_they_fill_memory():
    body = "".join(unit("".join(f"<n{number}x{place}/>" for place in range(1000))) for number in range(20))
    found = read(tmx(body))
    assert len(found) < 20
    assert str(found[-1]) == "From entry 5 (line 5) on nothing was read: this is no TMX of any tool."


@pytest.mark.parametrize(
    "piece", ["<!-- ", "<![CDATA[", "<?x ", "<tu ", "<tu><!--", "</tu>", "<", "<tu/>", "<seg x=", "<!---->"]
)
def test_what_never_ends_does_not_take_for_ever(piece):
    """Each of these would be quadratic to look through again from every beginning."""
    assert all(isinstance(one, Problem) for one in read(HEAD + piece.encode() * 100_000 + FOOT))


_MEASURE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from memory.interchange import read_tmx
count = sum(1 for _ in read_tmx(Path(sys.argv[1]), memory="garden", at=datetime(2026, 1, 1, tzinfo=UTC)))
# Not ru_maxrss: a process inherits the peak of the one that started it.
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(count, int(peak) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["one text of 100 MB", "100,000 entries"])
def test_memory_stays_the_same_whatever_the_size_of_the_file(kind, tmp_path):
    path = tmp_path / "large.tmx"
    with path.open("wb") as out:
        out.write(HEAD)
        if kind == "100,000 entries":
            for number in range(100_000):
                out.write(unit(f"Seed {number}", f"Graine {number}").encode() + b"\n")
        else:
            out.write(b'<tu><tuv xml:lang="en"><seg>')
            for _ in range(100):
                out.write(b"seed " * 200_000)
            out.write(b"</seg></tuv></tu>" + unit().encode())
        out.write(FOOT)
    ran = subprocess.run(
        [sys.executable, "-c", _MEASURE, path],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[3],
        text=True,
    )
    count, peak = map(int, ran.stdout.split())
    assert count == (100_000 if kind == "100,000 entries" else 2)
    assert peak < 150  # MiB; an interpreter with the libraries takes 45


HOSTILE_XLIFF = {
    "an entity": b'<!DOCTYPE xliff [<!ENTITY a "b">]><xliff/>',
    "a plain DOCTYPE": b'<!DOCTYPE xliff SYSTEM "xliff.dtd"><xliff/>',
    "TMX": tmx(unit()),
    "nothing": b"",
    "text": b"seeds",
    "gzip": gzip.compress(b"<xliff/>", mtime=0),
}


@pytest.mark.parametrize("kind", HOSTILE_XLIFF)
def test_what_is_no_xliff_is_refused(kind):
    with pytest.raises(ReturnRejected, match=r"^The file .*\.$"):
        list(read_xliff(BytesIO(HOSTILE_XLIFF[kind]), memory="garden", at=AT))


@pytest.mark.parametrize(
    "rest",
    [
        *(
            b"<trans-unit>" * 100_000,
            b"<trans-unit><source>" + b"<g>" * 100_000,
            b"<trans-unit><source>&nbsp;</source>",
        ),
        *(b"<trans-unit><source>" + b"x" * 20_000_000, b"</xliff>", b"", b"\xff"),
    ],
    ids=["units", "deep", "entity", "long", "mismatch", "cut", "bytes"],
)
def test_an_xliff_that_breaks_gives_what_stood_before(rest):
    good = b'<trans-unit id="1"><source>Seed</source><target state="final">Graine</target></trans-unit>'
    content = b'<xliff version="1.2"><file source-language="en" target-language="fr"><body>' + good + rest
    found = list(read_xliff(BytesIO(content), memory="garden", at=AT))
    assert texts(found[:1]) == [("Seed", "Graine")]
    assert len(found) == 2
    assert "after 1 units; what follows was not read" in str(found[1])


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"a,b\nc,d\n", b"\x89PNG\0\0", gzip.compress(b"en,fr\n", mtime=0), b"," * 5_000_000]
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(ReturnRejected, match=r"^The file .*\.$"):
        list(read_csv(BytesIO(content), memory="garden", at=AT))


@pytest.mark.parametrize(
    "rows",
    [b'"' * 300_000, b'"' + b"a,b\n" * 50_000, b"a" * 5_000_000, b'"a\n",' * 60_000, b"\0" * 200_000, b"\r" * 50_000],
)
def test_a_table_that_never_ends_a_row_is_read_in_bounds(rows):
    found = list(read_csv(BytesIO(b"en,fr\n" + rows + b"\nSeed,Graine\n"), memory="garden", at=AT))
    assert all(len(one.source) < 200_000 for one in found if not isinstance(one, Problem))


def test_every_format_is_found_by_the_ending_of_a_name():
    for known in FORMATS.values():
        assert {format_of(f"Garden 2026{suffix.upper()}") for suffix in known.suffixes} == {known}
    with pytest.raises(
        ConfigurationError, match=r"^seeds.docx is of no format that is read; give a file ending in \.tmx"
    ):
        format_of("in/seeds.docx")


def test_a_file_that_is_not_there_is_the_callers_to_find():
    with pytest.raises(FileNotFoundError):
        list(read_tmx(Path("no/such.tmx"), memory="garden", at=AT))

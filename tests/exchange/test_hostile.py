"""Files that could hurt: each is refused whole, with one sentence."""

import gzip
import zipfile

import pytest

from tests.exchange.answers import zipped
from tests.exchange.home import read_bundle
from tests.exchange.hostile import (
    BODY,
    DECLARED,
    GOOD,
    doubled,
    encrypted,
    laughs,
    lying,
    nested,
    overlapping,
    sparse,
    with_target,
    workbook,
)
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity

pytestmark = pytest.mark.slow

XLIFF2 = b'<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="fr"><file id="f">%s'
NESTED = 'xmlns="urn:oasis:names:tc:xliff:document:1.2"'
FILES = {
    "DOCTYPE": (b"<!DOCTYPE xliff>" + BODY.encode(), "DOCTYPE"),
    "DOCTYPE with a subset": (b'<!DOCTYPE xliff [<!ATTLIST target state CDATA "final">]>' + BODY.encode(), "DOCTYPE"),
    "DOCTYPE elsewhere": (b'<!DOCTYPE xliff SYSTEM "http://seeds.example/x.dtd">' + BODY.encode(), "DOCTYPE"),
    "DOCTYPE in UTF-8 with BOM": (b"\xef\xbb\xbf<!DOCTYPE xliff>" + BODY.encode(), "DOCTYPE"),
    "DOCTYPE in UTF-16": ((DECLARED.format("UTF-16") + "<!DOCTYPE xliff>" + BODY).encode("utf-16"), "DOCTYPE"),
    "DOCTYPE in UTF-16 without BOM": (("<!DOCTYPE xliff []>" + BODY).encode("utf-16-be"), "DOCTYPE"),
    "DOCTYPE in little-endian": (("<!DOCTYPE xliff []>" + BODY).encode("utf-16-le"), "DOCTYPE"),
    "DOCTYPE in UTF-7": ((DECLARED.format("UTF-7") + "+ADwAIQ-DOCTYPE xliff+AD4-" + BODY).encode(), "UTF-7"),
    "DOCTYPE in UTF-32": (("<!DOCTYPE xliff>" + BODY).encode("utf-32"), "NUL"),
    "billion laughs": (laughs(), "DOCTYPE"),
    "external entity": (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + with_target(b"&e;").split(b"\n", 1)[1],
        "DOCTYPE",
    ),
    "undeclared entity": (with_target(b"&e;"), "not well-formed"),
    "XInclude": (
        with_target(b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'),
        "XInclude",
    ),
    "gzip": (gzip.compress(GOOD), "gzip"),
    "truncated": (GOOD[: len(GOOD) // 2], "not well-formed"),
    "NUL bytes": (GOOD.replace(b"Seed banks", b"Seed\0banks"), "NUL"),
    "only NUL bytes": (bytes(1000), "NUL"),
    "a control character": (GOOD.replace(b"Seed banks", b"Seed\x0bbanks"), "not well-formed"),
    "an escaped surrogate": (GOOD.replace(b"Seed banks", b"&#xD800;"), "not well-formed"),
    "an encoding that lies": (GOOD.replace(b"Seed", b"S\xe9\xe9d"), "not valid UTF-8"),
    "an encoding that lies about UTF-16": (GOOD.replace(b"UTF-8", b"UTF-16"), "UTF-16"),
    "an unheard-of encoding": (GOOD.replace(b"UTF-8", b"peat-1"), "peat-1"),
    "half a character of UTF-16": (BODY.encode("utf-16")[:-1], "not valid UTF-16"),
    "700,000 elements deep": (lambda: f"<xliff {NESTED}>".encode() + b"<g>" * 700_000, "not well-formed"),
    "ten million elements": (lambda: with_target(b"<x/>" * 10_000_000), "more than 800000 tags"),
    "a hundred and fifty elements deep": (with_target(b"<g>" * 150 + b"</g>" * 150), "deeper than 100"),
    "wrong namespace": (GOOD.replace(b"document:1.2", b"document:2.0"), "no units"),
    "another namespace": (GOOD.replace(b"document:1.2", b"document:9"), "in the namespace"),
    "HTML that is XML": (b"<html><body>Sign in</body></html>", "<html>"),
    "HTML": (b"<html><body>Sign in<br></body></html>", "not well-formed"),
    "HTML with its DOCTYPE": (b"<!doctype html><title>Sign in", "DOCTYPE"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not valid UTF-8"),
    "PDF": (b"%PDF-1.7 seeds", "neither a file of a translation tool nor a table"),
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "too large": (lambda: b"<" + b" " * (50 << 20), "larger than 50 MB"),
    "too large a zip": (lambda: b"PK\x03\x04" + b" " * (50 << 20), "larger than 50 MB"),
    "zip bomb": (lambda: zipped({"a.xlf": bytes(50 << 20)}), "200 times"),
    "zip beyond its total": (lambda: zipped({f"{n}.xlf": bytes(51 << 20) for n in range(2)}), "100 MB"),
    "zip of 5,000 files": (lambda: zipped({f"{n}.xlf": b"x" for n in range(5000)}), "holds 5000 files"),
    "encrypted zip": (encrypted(), "encrypted"),
    "lying zip": (lying(), "damaged"),
    "damaged zip": (zipped({"a.xlf": GOOD}).replace(GOOD[:4], b"")[:-30], "damaged"),
    "truncated zip": (zipped({"a.xlf": GOOD})[:200], "damaged"),
    "empty zip": (zipped({}), "holds no file"),
    "zip without XLIFF": (zipped({"a.docx": b"x"}), "holds no file"),
    "zip that climbs": (zipped({"../../etc/cron.d/a.xlf": GOOD}), "points outside"),
    "zip that climbs backwards": (zipped({"..\\..\\a.xlf": GOOD}), "points outside"),
    "zip from the root": (zipped({"/etc/a.xlf": GOOD}), "points outside"),
    "zip from a drive": (zipped({"C:\\a.xlf": GOOD}), "points outside"),
    "TMX with entities": (b'<!DOCTYPE tmx [<!ENTITY e "x">]><tmx><body/></tmx>', "DOCTYPE"),
    "TMX with a DTD from elsewhere": (
        b'<!DOCTYPE tmx SYSTEM "http://seeds.example/tmx14.dtd"><tmx version="1.4"><body/></tmx>',
        "DOCTYPE",
    ),
    "TMX with a second DOCTYPE": (
        b'<!DOCTYPE tmx SYSTEM "tmx14.dtd"><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><body/></tmx>',
        "DOCTYPE",
    ),
    "TMX without entries": (b'<tmx version="1.4"><header srclang="en"/><body/></tmx>', "no units"),
    "XLIFF 2 with XInclude": (
        XLIFF2 % b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/></file></xliff>',
        "XInclude",
    ),
    "XLIFF 2 with a DOCTYPE": (b'<!DOCTYPE xliff SYSTEM "x">' + XLIFF2 % b"</file></xliff>", "DOCTYPE"),
    "XLIFF 2 without units": (XLIFF2 % b"</file></xliff>", "no units"),
    "XLIFF 2 cut short": (XLIFF2 % b"<unit id='1'>", "not well-formed"),
    "a tag of 30,000 attributes": (
        with_target(b"<x " + b" ".join(b'a%d=""' % number for number in range(30_000)) + b"/>"),
        "attributes in one tag",
    ),
    "an attribute of two megabytes": (with_target(b'<x id="' + b"x" * (2 << 20) + b'"/>'), "an attribute of more than"),
    "a text of eleven megabytes": (lambda: with_target(b"s" * 11_000_000), "longer than any"),
    "a text of two megabytes that is not encoded": (with_target("种".encode() * (2 << 20)), "longer than any"),
    "a tag that never ends": (lambda: with_target(b"<x " + b" " * 11_000_000), "longer than any"),
    "5,000 kinds of tags": (with_target(b"".join(b"<x%d/>" % number for number in range(5000))), "kinds of tags"),
    "60,000 units": (
        lambda: GOOD.replace(b"</body>", b"<trans-unit id='1'/>" * 60_000 + b"</body>", 1),
        "more than 50000 units",
    ),
    "half a million attributes": (lambda: with_target(b'<x id="1" ctype="lb"/>' * 500_000), "more tags and texts"),
    "namespaces without end": (
        lambda: with_target(b"".join(b"<x xmlns:n%d='urn:n'/>" % number for number in range(500_000))),
        "more tags and texts",
    ),
    "a table with NULs": (b"id,source,target\n7.1,Seed\0banks,x\n", "NUL"),
    "a table of one endless line": (lambda: b"id,source,target\n" + b"x" * (2 << 20), "a line of more than"),
    "a table of one endless cell": (b'id,source,target\n"' + b"x\n" * 100_000, "damaged as a table"),
    "a table in another encoding": ("id,source,target\n7.1,a,é\n".encode("latin-1"), "not valid UTF-8"),
    "a table of 60,000 units": (lambda: b"id,source,target\n" + b"7.1,a,b\n" * 60_000, "more than 50000 units"),
    "a table with other headings": (b"name,value\n1,2\n", "neither a file of a translation tool nor a table"),
    "a table without rows": (b"id,source,target\n", "no units"),
    "a workbook with entities": (workbook(b'<!DOCTYPE x [<!ENTITY e "x">]><worksheet/>'), "DOCTYPE"),
    "a workbook of another layout": (workbook(b"<worksheet><sheetData/></worksheet>"), "none of our headings"),
    "a workbook of strings without end": (
        lambda: workbook(
            b"<worksheet/>",
            b"<sst>" + b"".join(b"<si><t>%x</t></si>" % number**3 for number in range(400_000)) + b"</sst>",
        ),
        "more than 800000 tags",
    ),
    "a workbook that is damaged": (
        workbook(b"<worksheet/>").replace(b"<worksheet/>", b"<worksheat/>"),
        "damaged as a workbook",
    ),
    "zips four deep": (nested(zipped({"a.xlf": GOOD}), "r.zip", 3), "3 archives deep"),
    "zips forty deep": (nested(zipped({"a.xlf": GOOD}), "r", 40), "3 archives deep"),
    "a bomb in a zip in a zip": (lambda: nested(zipped({"a.xlf": bytes(90 << 20)}), "r.zip", 2), "200 times"),
    "bombs side by side in zips": (
        lambda: zipped({f"{n}.zip": zipped({"a.xlf": sparse(1000)}) for n in range(6)}),
        "100 MB",
    ),
    "5,000 files in a zip in a zip": (
        lambda: zipped({"r.zip": zipped({f"{number}.txt": b"" for number in range(5000)})}),
        "holds 5000 files",
    ),
    "600 files in each of two zips": (
        lambda: zipped({f"{n}.zip": zipped({f"{number}.txt": b"" for number in range(600)}) for n in range(2)}),
        "up to 1000 are read",
    ),
    "entries that overlap": (overlapping(), "overlap"),
    "two files of one name": (doubled(), "two files of one name"),
    "folders without end": (zipped({"a/" * 2000 + "a.xlf": GOOD}), "folders deep"),
    "tags in many files": (
        lambda: zipped({f"{number}.xlf": with_target(b"<x/>" * 90_000) for number in range(10)}),
        "more than 800000 tags",
    ),
    "a gzip in a zip": (zipped({"a.xlf": gzip.compress(GOOD)}), "gzip archive"),
    "a RAR in a zip": (zipped({"a.zip": b"Rar!\x1a\x07\x01\0"}), "RAR archive"),
    "a damaged zip in a zip": (zipped({"in.zip": zipped({"a.xlf": GOOD})[:200]}), "damaged as a zip"),
    "an HTML page in a zip": (zipped({"a.htm": b"<!doctype html><title>Sign in</title>"}), "holds no file"),
    "a DOCTYPE that hides another root": (
        zipped({"a.xlf": b'<!DOCTYPE html [<!ATTLIST x y CDATA "z">]>' + BODY.encode()}),
        "DOCTYPE",
    ),
    "only the source folder of a project": (
        zipped({"omegat.project": b"<omegat/>", "source/a.xlf": GOOD}),
        "the project's target folder",
    ),
    "zip packed by LZMA": (zipped({"a.xlf": GOOD}, compression=zipfile.ZIP_LZMA), "unusual"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_hostile_file_is_refused_with_one_sentence(kind):
    content, reason = FILES[kind]
    with pytest.raises(ReturnRejected) as refused:
        read_bundle("seeds-7-fr.xlf", content() if callable(content) else content)
    sentence = str(refused.value)
    assert reason in sentence
    assert "seeds-7-fr.xlf" in sentence
    assert sentence.endswith(".")
    assert len(sentence.splitlines()) == 1
    assert len(sentence) < 400


@pytest.mark.parametrize(
    "kind",
    [
        *("DOCTYPE", "DOCTYPE with a subset", "billion laughs", "external entity", "XInclude", "NUL bytes"),
        *("zips four deep", "encrypted zip", "zip that climbs", "entries that overlap", "5,000 kinds of tags"),
    ],
)
def test_what_could_hurt_refuses_all_that_came_with_it(kind):
    with pytest.raises(ReturnRejected):
        read_bundle("r.zip", zipped({"good.xlf": GOOD, "bad.xlf": FILES[kind][0]}))


@pytest.mark.parametrize(
    "kind",
    [
        *("truncated", "gzip", "PNG", "PDF", "empty", "an encoding that lies", "undeclared entity"),
        *("a control character", "truncated zip", "lying zip", "half a character of UTF-16"),
    ],
)
def test_what_is_merely_broken_is_said_and_the_rest_is_read(kind):
    """One file of twelve cut short on its way costs nobody the other eleven."""
    back = read_bundle("r.zip", zipped({"good.xlf": GOOD, "fr/bad.xlf": FILES[kind][0]}))
    assert len(back.units) == 5
    (finding,) = back.findings
    assert (finding.check, finding.severity, finding.path) == ("files", Severity.ERROR, finding.path)
    assert "bad.xlf" in finding.path
    assert finding.message.startswith("fr/bad.xlf")
    assert finding.message.endswith(".")


@pytest.mark.parametrize("kind", ["HTML", "HTML that is XML", "HTML with its DOCTYPE"])
def test_what_is_nobodys_work_is_passed_over(kind):
    back = read_bundle("r.zip", zipped({"good.xlf": GOOD, "readme.html": FILES[kind][0]}))
    assert (len(back.units), back.findings) == (5, ())


SCRIPTS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "javascript:alert(1)",
    "\u202eevil",
    "=HYPERLINK(1)",
    "{{constructor}}",
]


@pytest.mark.parametrize("target", SCRIPTS)
def test_script_in_a_target_is_text_for_the_checks_to_judge(target):
    """The reader neither runs nor repairs it: what was written is what the checks see."""
    written = target.replace("&", "&amp;").replace("<", "&lt;").encode()
    assert read_bundle("seeds-7-fr.xlf", with_target(written)).units[0].target == target


def test_the_good_file_among_them_is_read():
    assert len(read_bundle("r.xlf", GOOD).units) == 5


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "us-ascii", "utf-8", "GB18030"])
def test_honest_encodings_are_read(encoding):
    content = (DECLARED.format(encoding) + BODY.replace("Seed", "S&#233;ed")).encode(encoding)
    assert read_bundle("r.xlf", content).units[0].source == "Séed banks"


@pytest.mark.parametrize("name", ["a\nb\x1b[31m.xlf", "x" * 5000, ""])
def test_a_hostile_name_stays_a_name(name):
    with pytest.raises(ReturnRejected) as refused:
        read_bundle(name, b"no")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400

"""Packages and projects of tools, as they come back whole: what is the return in them, and what is not."""

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from tests.exchange.plain import Plain
from tests.exchange.samples import WETLANDS
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity
from tm_service.domain.handoffs import Handoff
from tm_service.domain.packages import Stage
from tm_service.domain.units import Document
from tm_service.exchange.archives import Leaf, at_work, leaves
from tm_service.exchange.bundle import write_handoff
from tm_service.exchange.guard import Limits
from tm_service.exchange.profiles import profile
from tm_service.exchange.recognise import recognised
from tm_service.exchange.returns import read_returns
from tm_service.exchange.seal import new_key

ARCHIVES = Path(__file__).parents[1] / "golden/returns/archives"
BANKS = "Banques de semences"


def zipped(files):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def folder(name):
    root = ARCHIVES / name
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def back(content, name="r.zip"):
    (found,) = recognised(read_returns(name, content), [WETLANDS])
    return found


@pytest.mark.parametrize(
    ("name", "upload", "paths", "stage"),
    [
        ("omegat", "wetlands.zip", {"target/pages/labels.xlf"}, Stage.SILENT),
        ("saved", "wetlands.zip", {"omegat/project_save.tmx"}, Stage.SILENT),
        (
            "trados",
            "Wetlands.sdlrpx",
            {"en-US/labels.xlf.sdlxliff", "fr-FR/labels.xlf.sdlxliff"},
            Stage.TRANSLATED,
        ),
        ("memoq", "document.mqxlz", {"document.mqxliff"}, Stage.TRANSLATED),
    ],
)
@pytest.mark.parametrize("above", ["", "wetlands/", "fr/from A/"])
def test_a_project_is_read_for_the_work_in_it(name, upload, paths, stage, above):
    content = zipped({f"{above}{path}": inside for path, inside in folder(name).items()})
    read = read_returns(upload, content)
    assert {part.path.removeprefix(above) for part in read.parts} == paths
    (found,) = recognised(read, [WETLANDS])
    assert [(unit.id, unit.target, unit.stage) for unit in found.units] == [("7.1", BANKS, stage)]
    assert found.findings == ()


def test_every_project_is_tried():
    assert {path.name for path in ARCHIVES.iterdir()} == {"omegat", "saved", "trados", "memoq"}


def test_projects_within_a_return_are_read_as_well():
    """A coordinator zips what her translators zipped."""
    content = zipped(
        {"fr/a.zip": zipped(folder("omegat")), "fr/b.sdlrpx": zipped(folder("trados")), "notes.txt": b"Hi"}
    )
    assert [unit.target for unit in back(content).units] == [BANKS]


def test_the_target_folder_alone_is_enough():
    files = {path: content for path, content in folder("omegat").items() if path.startswith("target/")}
    assert [unit.target for unit in back(zipped(files)).units] == [BANKS]


def test_a_project_nobody_worked_on_is_refused():
    files = {path: content for path, content in folder("omegat").items() if path.startswith(("source/", "omegat.p"))}
    with pytest.raises(ReturnRejected, match=r"send the translated \.xlf files, or the project's target folder"):
        back(zipped(files))


@pytest.mark.parametrize("tool", ["generic", "trados", "memoq", "phrase"])
def test_our_own_package_comes_back_without_what_was_for_reading(tool):
    """The whole package is sent back as it was, one file in it translated."""
    memory = (ARCHIVES / "omegat/tm/auto/memory.tmx").read_bytes()
    attachments = (
        Document("reference/memory_en-fr.tmx", memory),
        Document("reference/terms_en-fr.csv", b"id,source,target,comment\n1,Seed banks,Grainothek,\n"),
        Document("analysis/analysis_fr.xml", b"<task/>"),
    )
    sent = replace(WETLANDS, units=tuple(replace(unit, previous_target="") for unit in WETLANDS.units))
    handoff = Handoff(sent, profile(tool), attachments=attachments, xliff2=True)
    name, content = write_handoff(handoff, new_key())
    with zipfile.ZipFile(BytesIO(content)) as archive:
        files = {path: archive.read(path) for path in archive.namelist() if not path.endswith("/")}
    (path,) = (path for path, inside in files.items() if path.startswith("xliff12/") and b">Seed banks<" in inside)
    place = files[path].index(b"<target", files[path].index(b">Seed banks<"))
    end = files[path].index(b"/>", place) + 2
    files[path] = files[path][:place] + f"<target>{BANKS}</target>".encode() + files[path][end:]
    assert [unit.id for unit in Plain().read(name, zipped(files)).units] == [unit.id for unit in sent.units]
    read = read_returns(name, zipped(files))
    assert {part.path.partition("/")[0] for part in read.parts} <= {"xliff12", "xliff20", "xliff21"}
    (found,) = recognised(read, [sent])
    assert [recognition.unit for recognition in found.recognitions] == [unit.id for unit in sent.units]
    assert {unit.id: unit.target for unit in found.units}["7.1"] == BANKS
    assert [unit.id for unit in found.units if unit.target.strip()] == ["7.1"]
    assert found.findings == ()


def test_a_memory_beside_the_files_is_for_reading():
    files = folder("omegat")
    content = zipped({"a.xlf": files["target/pages/labels.xlf"], "memory.tmx": files["tm/auto/memory.tmx"]})
    assert [unit.target for unit in back(content).units] == [BANKS]


@pytest.mark.parametrize(
    ("paths", "work"),
    [
        (["a.xlf", "__MACOSX/a.xlf", "._a.xlf", ".DS_Store", "~$a.xlsx"], ["a.xlf"]),
        (["reference/a.tmx", "context/a.xlf"], ["reference/a.tmx", "context/a.xlf"]),
        (["manifest.json", "reference/a.tmx", "a.xlf"], ["manifest.json", "a.xlf"]),
        (["p\\manifest.json", "p\\Reference\\a.tmx", "p\\a.xlf"], ["p\\manifest.json", "p\\a.xlf"]),
        (["one/xliff12/a.xlf", "one/analysis/a.csv", "analysis/b.csv"], ["one/xliff12/a.xlf", "analysis/b.csv"]),
        (["source/a.xlf", "target/a.xlf"], ["target/a.xlf"]),
        (["source/a.xlf", "done/a.xlf"], ["source/a.xlf", "done/a.xlf"]),
        (["omegat/project_save.tmx", "source/a.xlf", "target/a.xlf"], ["target/a.xlf"]),
        (["omegat/project_save.tmx", "omegat/last_entry.properties", "x-omegat.tmx"], ["omegat/project_save.tmx"]),
        ([], []),
    ],
)
def test_what_of_an_archive_can_be_work(paths, work):
    assert at_work(paths) == set(work)


def test_leaves_are_told_where_they_lie():
    inner = zipped({"b/c.xlf": b"<x/>"})
    content = zipped({"a/in.zip": inner, "a/d.bin": b"\0"})
    found = list(leaves("r.zip", content, Limits(), lambda path, _: path.endswith(".xlf")))
    assert [(leaf.path, leaf.content) for leaf in found if isinstance(leaf, Leaf)] == [("a/in.zip/b/c.xlf", b"<x/>")]


def test_what_an_archive_weighs_is_taken_from_what_is_left():
    inner = zipped({"c.xlf": b"<x/>"})
    content = zipped({"in.zip": inner})
    (leaf,) = leaves("r.zip", content, Limits(), lambda _, __: True)
    assert isinstance(leaf, Leaf)
    assert leaf.limits.weight == Limits().weight - len(content) - len(inner)


def test_a_broken_file_in_a_project_is_said_and_the_rest_taken():
    files = folder("omegat") | {
        "target/cut.xlf": b"<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'>"
    }
    found = back(zipped(files))
    assert [unit.target for unit in found.units] == [BANKS]
    assert [(finding.severity, finding.path) for finding in found.findings] == [(Severity.ERROR, "target/cut.xlf")]

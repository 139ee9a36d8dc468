"""The OmegaT project: its settings, its memories, and texts written as OmegaT shows them."""

import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from tests.exchange.handoffs import ATTACHED, handoff, sent
from tests.exchange.omegat.project import JAR
from tests.exchange.samples import PAGES, package, unit
from tests.exchange.schemas import tmx_14
from tests.exchange.test_roundtrip import texts
from tm_service.domain.handoffs import Detail, Handoff, Standing, offered
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import PackageUnit
from tm_service.domain.units import Document
from tm_service.exchange.inline import marks, rebuild
from tm_service.exchange.omegat_project import FOLDERS, _segment, project_files
from tm_service.exchange.profiles import profile
from tm_service.exchange.readers.xliff12 import read_xliff

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def project(made):
    return project_files(made, {"a.xlf": b"<xliff/>"})


def settings_of(made):
    root = etree.fromstring(project(made)["omegat.project"])
    return {element.tag: element.text for element in root.find("project")}


def pairs(content):
    units = etree.fromstring(content).iterfind("body/tu")
    return [tuple(seg.text or "" for seg in entry.iterfind("tuv/seg")) for entry in units]


def offered_for(*units: PackageUnit, **details: Detail):
    made = Handoff(
        package(*units), profile("omegat"), details={f"9.{name[1:]}": said for name, said in details.items()}
    )
    files = project(made)
    return [pairs(files[name]) if name in files else [] for name in ("tm/auto/exact.tmx", "tm/known/previous.tmx")]


def exact(number, source, **more: Any):
    return unit(f"9.{number}", source, match=MatchClass.EXACT, percent=100.0, **more)


@pytest.mark.parametrize(
    ("locale", "code", "expected"),
    [("ar", "ar-SA", "ar-SA"), ("ar", "ar", "ar"), ("zh", "zh-Hans-CN", "zh-CN"), ("fr", "fra_FR", "fr-FR")],
)
def test_languages_are_written_as_omegat_knows_them(locale, code, expected):
    made = Handoff(package(locale=locale, code=code), profile("omegat"))
    assert (settings_of(made)["source_lang"], settings_of(made)["target_lang"]) == ("en", expected)


def test_a_unit_is_one_segment_and_its_codes_stay():
    found = settings_of(handoff(tool="omegat"))
    assert (found["sentence_seg"], found["remove_tags"]) == ("false", "false")
    filters = etree.fromstring(project(handoff(tool="omegat"))["omegat/filters.xml"])
    assert (filters.get("removeTags"), filters.get("preserveSpaces")) == ("false", "true")
    (xliff,) = filters
    assert xliff.get("className") == "org.omegat.filters3.xml.xliff.XLIFFFilter"
    assert xliff.find("option").get("value") == "ELEMENT_ID"


def test_every_folder_that_omegat_asks_for_is_named():
    assert {"source/", "target/", "tm/", "tm/auto/", "glossary/", "dictionary/"} == set(FOLDERS)


def test_references_lie_where_omegat_looks_for_them():
    files = project(handoff(tool="omegat", attachments=ATTACHED))
    assert {"tm/memory_en-xx.tmx", "glossary/terms_en-xx.tbx"} <= set(files)
    assert {"reference/terms_en-xx.csv", "analysis/analysis_xx.xml"} <= set(files)
    kept = project(handoff(tool="omegat", attachments=(Document("analysis/x.tmx", b""),)))
    assert "analysis/x.tmx" in kept


def test_texts_in_memories_have_codes_as_omegat_shows_them():
    """As OmegaT 3.6 shows these very texts: pairs by g, tags by x, placeholders by their first letter, or f."""
    source = '<a href="/x">Go</a> {Name} {0} %s @:menu.banks<br>&nbsp;{имя}'
    known, _ = offered_for(exact(1, source), d1=Detail(matched='{0} {Name} <a href="/x">Aller</a>'))
    assert known == [("<g0>Go</g0> <n1/> <f2/> <s3/> <m4/><x5/><x6/><и7/>", "<f2/> <n1/> <g0>Aller</g0>")]


def test_exact_matches_fill_and_others_are_offered():
    known, other = offered_for(
        exact(1, "Harbour"),
        unit("9.2", "Two ports", match=MatchClass.FUZZY_85, percent=88.0),
        unit("9.3", "Three ports", previous_source="Four ports", previous_target="Quatre ports"),
        unit("9.4", "New"),
        d1=Detail(matched="Port"),
        d2=Detail(matched="Un port", matched_source="One port"),
    )
    assert known == [("Harbour", "Port")]
    assert other == [("One port", "Un port"), ("Four ports", "Quatre ports")]


def test_one_text_with_two_translations_is_for_the_translator_to_choose():
    known, other = offered_for(
        exact(1, "Open"),
        exact(2, "Open"),
        exact(3, "Shut"),
        exact(4, "Shut"),
        d1=Detail(matched="Ouvrir"),
        d2=Detail(matched="Ouvert"),
        d3=Detail(matched="Fermer"),
        d4=Detail(matched="Fermer"),
    )
    assert known == [("Shut", "Fermer")]
    assert other == [("Open", "Ouvrir"), ("Open", "Ouvert")]


def test_a_locked_unit_is_no_memory():
    assert offered_for(unit("9.1", "Contact"), d1=Detail(matched="Contact", locked=True)) == [[], []]


def test_a_memory_has_the_header_that_its_standard_wants():
    root = etree.fromstring(project(handoff(tool="omegat"))["tm/known/previous.tmx"])
    wanted = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert set(root.find("header").attrib) == wanted
    assert {entry.get(LANG) for entry in root.iter("tuv")} == {"en", "fr-FR"}


def test_a_memory_is_valid_by_the_dtd_of_tmx():
    with tmx_14().open("rb") as opened:
        rules = etree.DTD(opened)
    files = project(handoff(tool="omegat"))
    for name in ("tm/auto/exact.tmx", "tm/known/previous.tmx"):
        assert rules.validate(etree.fromstring(files[name])), rules.error_log


@settings(max_examples=100, deadline=None)
@given(source=texts, before=texts, target=texts)
def test_any_text_makes_a_memory_that_can_be_read(source, before, target):
    known, other = offered_for(
        exact(1, source, previous_source=before, previous_target=target), d1=Detail(matched=target)
    )
    assert len(known) == (1 if target else 0)
    assert len(other) <= 2


def omegat(folder, *more: str):
    """OmegaT without a window; it leaves nothing outside the folder's parent."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    command = ["java", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", f"-Duser.home={home}", "-jar", str(JAR)]
    done = subprocess.run(
        [*command, str(folder), f"--config-dir={home}", *more],
        capture_output=True,
        check=False,
        timeout=300,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(params=["ar", "zh"])
def unpacked(request, tmp_path):
    """A hand-off unpacked as a translator does, with texts of every kind of code, blanks, and one text of two meanings."""
    if not JAR.exists() or shutil.which("java") is None:
        missing = "OmegaT is not installed; `apt-get install -y omegat` brings it."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    made = handoff(request.param, "omegat")
    more = (
        exact(20, '{n} <a href="/x">Go {Name}</a> {0} %s @:menu.banks<br>&nbsp;{имя}', resource=PAGES),
        exact(21, "  Blanks on either side "),
        exact(22, "Open", key=("verb",)),
        exact(23, "Open", key=("state",)),
    )
    known = {
        "9.20": Detail(matched='%s {0} <a href="/x">{Name}</a> {n} @:menu.banks<br>&nbsp;{имя}'),
        "9.21": Detail(matched="  On either side "),
        "9.22": Detail(matched="To open"),
        "9.23": Detail(matched="Not shut"),
    }
    made = replace(
        made, package=replace(made.package, units=(*made.package.units, *more)), details={**made.details, **known}
    )
    folder = tmp_path / "project"
    zipfile.ZipFile(BytesIO(sent(made))).extractall(folder)
    return made, folder


@pytest.mark.slow
def test_omegat_opens_the_folder_as_it_is_and_writes_what_was_known(unpacked):
    made, folder = unpacked
    omegat(folder, "--mode=console-translate")
    (file,) = (folder / "target").glob("*.xlf")
    back = {entry.id: entry for entry in read_xliff(file.name, file.read_bytes()).units}
    assert set(back) == {entry.id for entry in made.package.units}
    for entry in made.package.units:
        offer = offered(entry, made.detail(entry))
        is_said = offer.standing in (Standing.EXACT, Standing.CONTEXT, Standing.LOCKED) and entry.source != "Open"
        said, problems = rebuild(back[entry.id].target, entry.source)
        assert (said, problems) == (offer.target if is_said else entry.source, ())


@pytest.mark.slow
def test_omegat_shows_every_text_as_the_memories_have_it(unpacked, tmp_path):
    made, folder = unpacked
    shown = tmp_path / "shown.tmx"
    omegat(
        folder,
        "--mode=console-createpseudotranslatetmx",
        f"--pseudotranslatetmx={shown}",
        "--pseudotranslatetype=EQUAL",
    )
    content = shown.read_bytes().replace(b'<!DOCTYPE tmx SYSTEM "tmx11.dtd">', b"")
    assert {source for source, _ in pairs(content)} == {_segment(marks(entry.source)) for entry in made.work}

"""The zip that leaves the house: its layout, its names, its manifest and its seal."""

import json
import re
import zipfile
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest

from tests.exchange.handoffs import ATTACHED, CODES, handoff, key, sent
from tests.exchange.samples import package, unit
from tm_service.domain.handoffs import Detail, Handoff, Standing, offered
from tm_service.domain.matches import MatchClass
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Document
from tm_service.exchange.bundle import context_hash, write_handoff
from tm_service.exchange.profiles import profile, profiles
from tm_service.exchange.seal import broken

PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]*(?:/[A-Za-z0-9][A-Za-z0-9._\-]*)*/?")


def opened(made):
    return zipfile.ZipFile(BytesIO(sent(made)))


def long_package(count=300, words=25):
    units = [
        unit(f"seeds-7-fr.{n}", f"seed {n} " * (words // 2), resource=f"app/p{n // 10}.json") for n in range(count)
    ]
    return Handoff(package(*units), profile("generic"))


def test_a_bundle_holds_all_that_a_translator_needs():
    name, content = write_handoff(handoff("ar", attachments=ATTACHED), key())
    assert name == "seeds-D0142-en-ar-v1.zip"
    assert zipfile.ZipFile(BytesIO(content)).namelist() == [
        "00-READ-ME.html",
        "analysis/analysis_xx.xml",
        "context/index.html",
        "manifest.json",
        "manifest.sig",
        "reference/memory_en-xx.tmx",
        "reference/terms_en-xx.csv",
        "reference/terms_en-xx.tbx",
        "xliff12/D0142_ar_01_text.xlf",
    ]


def test_a_bundle_for_omegat_is_a_project_folder():
    assert opened(handoff("ar", "omegat", attachments=ATTACHED)).namelist() == [
        "00-READ-ME.html",
        "analysis/analysis_xx.xml",
        "context/index.html",
        "dictionary/",
        "glossary/",
        "glossary/terms_en-xx.tbx",
        "manifest.json",
        "manifest.sig",
        "omegat.project",
        "omegat/filters.xml",
        "reference/terms_en-xx.csv",
        "source/",
        "source/D0142_ar_01_text.xlf",
        "target/",
        "tm/",
        "tm/auto/",
        "tm/auto/exact.tmx",
        "tm/known/previous.tmx",
        "tm/memory_en-xx.tmx",
    ]


@pytest.mark.parametrize(("tool", "folder"), [("generic", "xliff21"), ("memoq", "xliff20"), ("omegat", None)])
def test_the_newer_xliff_comes_along_where_it_is_asked_for_and_read(tool, folder):
    names = {name.split("/")[0] for name in opened(handoff(tool=tool, xliff2=True)).namelist()}
    assert names & {"xliff20", "xliff21"} == ({folder} if folder else set())


@pytest.mark.parametrize("tool", profiles())
@pytest.mark.parametrize("locale", CODES)
def test_the_same_hand_off_gives_the_same_bytes(locale, tool):
    made = handoff(locale, tool, attachments=ATTACHED, xliff2=True)
    assert write_handoff(made, key()) == write_handoff(made, key())


@pytest.mark.parametrize("tool", profiles())
def test_every_path_is_short_and_safe_wherever_it_is_unpacked(tool):
    odd = "texte/Été à la mer/" + "très long " * 20 + "名.json"
    made = handoff(tool=tool, attachments=ATTACHED)
    units = tuple(replace(entry, resource=odd) for entry in made.package.units)
    names = opened(replace(made, package=replace(made.package, units=units))).namelist()
    assert all(PATH.fullmatch(name) and len(name) < 120 for name in names)
    assert len({name.lower() for name in names}) == len(names)


def test_texts_are_utf_8_without_a_byte_order_mark():
    archive = opened(handoff("ru", "omegat", attachments=ATTACHED))
    for name in archive.namelist():
        content = archive.read(name)
        assert not content.startswith(b"\xef\xbb\xbf")
        content.decode("utf-8")


def test_one_file_holds_about_2000_words_and_every_unit_is_in_one():
    made = long_package()
    archive = opened(made)
    names = [name for name in archive.namelist() if name.startswith("xliff12/")]
    assert names[:2] == ["xliff12/D0007_fr_01_app.xlf", "xliff12/D0007_fr_02_app.xlf"]
    found = [re.findall(rb'<trans-unit id="([^"]+)"', archive.read(name)) for name in names]
    assert [id_.decode() for ids in found for id_ in ids] == [entry.id for entry in made.package.units]
    context = [name for name in archive.namelist() if name.startswith("context/")]
    assert len(context) == len(names) + 1
    manifest = json.loads(archive.read("manifest.json"))
    assert [entry["file"] for entry in manifest["units"]] == [
        name for name, ids in zip(names, found, strict=True) for _ in ids
    ]


def test_the_manifest_names_every_file_and_what_each_unit_is_based_on():
    made = handoff(attachments=ATTACHED)
    archive = opened(made)
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["package"], manifest["version"], manifest["profile"]) == (
        2,
        "seeds-142-fr",
        1,
        "generic",
    )
    files = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    assert set(files) == set(archive.namelist()) - {"manifest.json", "manifest.sig"}
    assert all(sha256(archive.read(path)).hexdigest() == digest for path, digest in files.items())
    (entry,) = [entry for entry in manifest["units"] if entry["id"] == "7.4"]
    form = made.package.units[3]
    assert entry == {
        "id": "7.4",
        "resource": form.resource,
        "key": ["form", "0"],
        "source": form.fingerprint,
        "context": context_hash(form),
        "base": 12,
        "base_target": fingerprint(form.previous_target),
        "file": "xliff12/D0142_fr_01_text.xlf",
        "locked": False,
    }
    assert [entry["id"] for entry in manifest["units"] if entry["locked"]] == ["9.8"]


@pytest.mark.parametrize("change", [{"previous": "x"}, {"following": "x"}, {"resource": "x"}, {"key": ("x",)}])
def test_the_hash_of_a_context_changes_with_it(change):
    here = unit("9.1", "Harbour")
    assert context_hash(here) != context_hash(replace(here, **change))
    assert context_hash(here) == context_hash(replace(here, source="Port", id="9.2"))


def test_the_manifest_is_sealed():
    archive = opened(handoff())
    keys = {key().id: key().public}
    assert not list(broken(archive.read("manifest.json"), archive.read("manifest.sig"), keys))


@pytest.mark.parametrize(
    "path",
    [
        "../reference/x.tmx",
        "reference/../../x",
        "reference/..",
        "/reference/x",
        "manifest.json",
        "xliff12/x.xlf",
        "reference/a b.tmx",
        "reference/é.tmx",
        "reference/" + "x" * 120,
        "reference/",
        "reference\\x",
    ],
)
def test_an_attachment_lies_where_attachments_lie(path):
    with pytest.raises(ValueError, match="cannot be attached"):
        write_handoff(handoff(attachments=(Document(path, b""),)), key())


def test_two_attachments_cannot_lie_in_one_place():
    twice = (Document("reference/m.tmx", b"a"), Document("reference/M.tmx", b"b"))
    with pytest.raises(ValueError, match=r"M\.tmx.*each once"):
        write_handoff(handoff(attachments=twice), key())


def test_a_package_of_nothing_is_still_a_package():
    archive = opened(Handoff(package(), profile("generic")))
    assert archive.namelist() == ["00-READ-ME.html", "context/index.html", "manifest.json", "manifest.sig"]
    assert json.loads(archive.read("manifest.json"))["units"] == []


def test_a_package_issued_again_says_so():
    name, content = write_handoff(replace(handoff(), package=replace(handoff().package, version=2)), key())
    assert name == "seeds-D0142-en-fr-v2.zip"
    assert json.loads(zipfile.ZipFile(BytesIO(content)).read("manifest.json"))["version"] == 2


def test_only_work_is_work():
    made = handoff()
    assert len(made.work) == len(made.package.units) - 1
    assert "9.8" not in {entry.id for entry in made.work}


@pytest.mark.parametrize(
    ("more", "detail", "expected"),
    [
        ({}, {}, ("", Standing.NEW)),
        ({"previous_target": "a"}, {}, ("a", Standing.FUZZY)),
        ({"match": MatchClass.EXACT, "percent": 100.0}, {"matched": "b"}, ("b", Standing.EXACT)),
        (
            {"match": MatchClass.EXACT, "percent": 100.0, "previous_target": "a"},
            {"matched": "b"},
            ("b", Standing.EXACT),
        ),
        ({"match": MatchClass.EXACT, "percent": 100.0}, {}, ("", Standing.NEW)),
        ({"match": MatchClass.REPETITION, "percent": 100.0}, {"matched": "b"}, ("", Standing.NEW)),
        ({"match": MatchClass.FUZZY_50, "percent": 70.0}, {"matched": "b"}, ("", Standing.NEW)),
        ({"previous_target": "a"}, {"locked": True}, ("a", Standing.LOCKED)),
        ({"previous_target": "a"}, {"locked": True, "matched": "b"}, ("b", Standing.LOCKED)),
    ],
)
def test_what_stands_in_a_target_is_decided_once(more, detail, expected):
    offer = offered(unit("9.1", "Harbour", **more), Detail(**detail))
    assert (offer.target, offer.standing) == expected

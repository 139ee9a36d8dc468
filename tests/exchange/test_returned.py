"""What comes back, in the shapes that tools give it."""

import json
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from tests.exchange.home import read_bundle
from tests.exchange.plain import Plain, write_bundle, write_xliff
from tests.exchange.samples import WETLANDS, package, unit
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity
from tm_service.exchange.guard import Limits
from tm_service.exchange.recognise import rebuilt as put_back

RETURNS = Path(__file__).parents[1] / "golden/returns"
BUNDLE = Plain()
SENT = {unit.id: unit for unit in WETLANDS.units}

BANKS = "Banques de semences"
RULES = 'Lisez les <a href="/rules" class="x">règles</a> avant d’envoyer des <b>semences</b>.'
SAMPLES = "{count} échantillon | {count} échantillons"
FORM = "Envoyez le formulaire dans les 90 jours, {name}.<br>Merci&nbsp;!"
SEE = "Voir @:menu.banks pour <i>{name}</i>."

EXPECTED = {
    "plain.xlf": {"7.1": BANKS, "7.2": RULES, "7.3": SAMPLES, "7.4": FORM, "7.5": SEE},
    "utf16_crlf.xlf": {"7.1": BANKS, "7.2": RULES},
    "bom.xlf": {"7.1": BANKS},
    "omegat.xlf": {"7.1": BANKS, "7.2": RULES, "7.4": ""},
    "trados.xlf": {"7.1": BANKS, "7.2": RULES, "7.4": FORM},
    "reordered_codes.xlf": {
        "7.2": 'Avant d’envoyer des <b>semences</b>, lisez les <a href="/rules" class="x">règles</a>.',
        "7.3": SAMPLES,
    },
    "deleted_code.xlf": {
        "7.2": "Lisez les règles avant d’envoyer des <b>semences</b>.",
        "7.5": "Voir @:menu.banks.",
    },
    "doubled_code.xlf": {
        "7.2": RULES.replace("</b>.", "</b><b>.</b>"),
        "7.3": "{count} образец | {count} образца | {count} образцов",
    },
    "unknown_code.xlf": {"7.1": BANKS, "7.4": FORM.replace("<br>", "")},
    "unknown_unit.xlf": {"7.1": BANKS, "9.9": "Tourbières"},
    "typed_placeholders.xlf": {"7.3": SAMPLES, "7.5": SEE},
    "halves.xlf": {"7.2": RULES, "7.5": SEE},
    "alternatives.xlf": {"7.1": BANKS, "7.2": RULES, "7.3": ""},
    "doubled_unit.xlf": {"7.1": BANKS, "7.2": RULES, "7.3": SAMPLES},
}


def read(name):
    return read_bundle(name, (RETURNS / name).read_bytes())


def rebuilt(name):
    return {unit.id: put_back(unit, SENT[unit.id]) if unit.id in SENT else unit for unit in read(name).units}


def zipped(files):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_every_sample_return_is_in_the_table():
    assert {path.name for path in RETURNS.glob("*.xlf")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_return_is_read_whatever_its_tool_did_to_it(name):
    assert read(name).package == "seeds-7-fr"
    assert {id_: unit.target for id_, unit in rebuilt(name).items()} == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_digest_names_the_bytes(name):
    assert read(name).digest == sha256((RETURNS / name).read_bytes()).hexdigest()


def test_codes_that_the_source_does_not_have_are_reported_each_once():
    found = rebuilt("unknown_code.xlf")
    assert [finding.message for finding in found["7.1"].findings] == [
        "The code 9 is not in the source; take it out.",
        "The code 4 is not in the source; take it out.",
    ]
    (finding,) = found["7.4"].findings
    assert (finding.check, finding.severity, finding.unit) == ("markup", Severity.ERROR, "7.4")


@pytest.mark.parametrize(
    "name", sorted(set(EXPECTED) - {"unknown_code.xlf", "doubled_unit.xlf", "alternatives.xlf", "trados.xlf"})
)
def test_other_returns_have_no_findings_of_their_own(name):
    assert [finding for unit in rebuilt(name).values() for finding in unit.findings] == []


def test_a_source_that_came_back_changed_is_said():
    """Blanks and codes are the tool's; words are not."""
    found = [finding for unit in rebuilt("alternatives.xlf").values() for finding in unit.findings]
    assert [(finding.unit, finding.check, finding.severity) for finding in found] == [
        ("7.3", "source", Severity.WARNING)
    ]


def test_states_are_the_words_of_the_tool():
    assert {unit.state for unit in read("plain.xlf").units} == {"translated"}
    assert {unit.state for unit in read("omegat.xlf").units} == {""}
    assert [unit.state for unit in read("alternatives.xlf").units] == ["signed-off", "translated", ""]


def test_a_unit_that_stands_twice_with_different_targets_is_for_a_person():
    findings = {unit.id: unit.findings for unit in read("doubled_unit.xlf").units}
    assert findings["7.1"] == findings["7.3"] == ()
    assert findings["7.2"][0].severity is Severity.ERROR
    assert findings["7.2"][0].unit == "7.2"


def test_a_unit_without_an_id_is_left_out_and_said():
    (finding,) = read("alternatives.xlf").findings
    assert finding.message.startswith("A unit without an id (line ")


def test_a_source_changed_by_the_tool_does_not_matter():
    changed = (RETURNS / "plain.xlf").read_bytes().replace(b"Seed banks", b"Seed  <x id='8'/>banks")
    back = put_back(read_bundle("plain.xlf", changed).units[0], SENT["7.1"])
    assert (back.target, back.findings) == (BANKS, ())


def test_a_zip_is_read_wherever_its_files_lie():
    name, content = write_bundle(WETLANDS)
    inside = zipfile.ZipFile(BytesIO(content))
    moved = zipped(
        {
            "__MACOSX/fr/._x.xlf": b"\0\1",
            "fr/.DS_Store": b"\0",
            "fr/._x.xlf": b"\0",
            "READ ME.txt": b"hello",
            "fr/deep/x.XLIFF": inside.read("seeds-7-fr.xlf"),
        }
    )
    assert [unit.id for unit in read_bundle("x.bin", moved).units] == list(SENT)
    assert read_bundle(name, content).package == "seeds-7-fr"


def test_several_files_of_one_package_are_joined():
    first, second = package(*WETLANDS.units[:2]), package(*WETLANDS.units[1:])
    both = read_bundle("r.zip", zipped({"a.xlf": write_xliff(first), "b.xlf": write_xliff(second)}))
    assert [unit.id for unit in both.units] == list(SENT)


ANONYMOUS = b"""<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file build-num="%s">
<header><note>Hello</note><note>%s</note></header>
<body><trans-unit id="%s"><source/></trans-unit></body></file></xliff>"""


@pytest.mark.parametrize(
    ("how", "name", "built", "note", "id_"),
    [
        ("build number", "r.xlf", b"seeds-7-fr", b"", b"1"),
        ("header note", "r.xlf", b"build 7", b"Package seeds-7-fr, revision 1", b"1"),
        ("unit id prefix", "r.xlf", b"", b"", b"seeds-7-fr.1"),
        ("file name", "seeds-7-fr.xlf", b"", b"", b"1"),
        ("file name with more", "seeds-7-fr_done (2).xlf", b"", b"", b"1"),
        ("file name in a folder", "from A/seeds-7-fr.xlf", b"", b"", b"1"),
    ],
)
def test_a_package_is_recognised(how, name, built, note, id_):
    assert read_bundle(name, ANONYMOUS % (built, note, id_)).package == "seeds-7-fr", how


def test_a_manifest_says_which_package_it_is():
    anonymous = ANONYMOUS % (b"", b"", b"1")
    manifest = json.dumps({"package": "seeds-7-zh-Hans"}).encode()
    assert read_bundle("r.zip", zipped({"manifest.json": manifest, "a.xlf": anonymous})).package == "seeds-7-zh-Hans"


@pytest.mark.parametrize("manifest", [b"{", b"[" * 100_000, b"[]", b'{"package": 7}', b'{"package": "a b"}', b"\xff"])
def test_a_manifest_that_cannot_be_read_is_no_loss(manifest):
    content = zipped({"manifest.json": manifest, "a.xlf": write_xliff(WETLANDS)})
    assert read_bundle("r.zip", content).package == "seeds-7-fr"


@pytest.mark.parametrize("name", ["r.xlf", "report-7.xlf", "-".join("1" * 500) + ".xlf"])
def test_a_file_of_nobody_is_refused(name):
    with pytest.raises(ReturnRejected, match="is not a package of ours"):
        read_bundle(name, ANONYMOUS % (b"", b"", b"1"))


def test_limits_are_settings():
    with pytest.raises(ReturnRejected, match="larger than"):
        read_bundle("plain.xlf", (RETURNS / "plain.xlf").read_bytes(), Limits(size=1000))


def test_private_use_characters_in_a_return_are_text_and_never_codes():
    sent = unit("7.1", "{a}")
    forged = write_xliff(package(sent)).replace(b'state="needs-translation"/>', ">\ue000.1\ue001</target>".encode())
    (back,) = read_bundle("seeds-7-fr.xlf", forged).units
    assert put_back(back, sent).target == "\ue000.1\ue001"


@pytest.mark.parametrize("ctype", ["x-char-003C", "x-char-0", "x-char-FFFFF"])
def test_a_character_code_carries_only_what_xml_cannot(ctype):
    sent = unit("7.1", "a")
    forged = write_xliff(package(sent)).replace(b"/>", f'><x id="5" ctype="{ctype}"/></target>'.encode(), 1)
    (back,) = read_bundle("seeds-7-fr.xlf", forged).units
    assert [finding.message for finding in put_back(back, sent).findings] == [
        "The code 5 is not in the source; take it out."
    ]

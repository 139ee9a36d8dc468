"""Qt TS: sources beside translations, their states, and Qt's own plural forms."""

import os
import shutil
import subprocess

import pytest
from lxml import etree

from extractors.qt_ts import forms_of
from tests.extractors.android_documents import SIX
from tests.extractors.extracting import Format
from tm_service.domain.plurals import Plural
from tm_service.domain.serving import Rule
from tm_service.domain.units import About

QT = Format("ts", "bank.ts")
PLACES = f"{os.environ['PATH']}:/usr/lib/qt6/bin"  # where Debian puts it
LRELEASE = next((path for name in ("lrelease", "lrelease-qt5") if (path := shutil.which(name, path=PLACES))), None)


def ts(inside: str, language: str = "") -> str:
    said = f' language="{language}"' if language else ""
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1"{said}>\n'
    return f"{head}<context>\n    <name>Bank</name>\n{inside}</context>\n</TS>\n"


def message(source: str, rest: str, attributes: str = "") -> str:
    return f"    <message{attributes}>\n        <source>{source}</source>\n{rest}    </message>\n"


UNFINISHED = '        <translation type="unfinished"></translation>\n'


def test_a_key_is_context_source_and_disambiguation_or_the_id():
    content = ts(
        message("Open", UNFINISHED)
        + message("Open", f"        <comment>verb</comment>\n{UNFINISHED}")
        + message("Shut", UNFINISHED, ' id="door.shut"')
        + message("Old", '        <translation type="obsolete">Alt</translation>\n')
        + message("Older", '        <translation type="vanished">Alt</translation>\n')
    )
    assert QT.texts(content) == {("Bank", "Open"): "Open", ("Bank", "Open", "verb"): "Open", ("door.shut",): "Shut"}


def test_comments_are_notes_and_the_old_source_is_known():
    rest = (
        "        <oldsource>Opened</oldsource>\n        <comment>verb</comment>\n"
        "        <extracomment>tm:maxlength=9 Button</extracomment>\n"
        "        <translatorcomment>As in Word</translatorcomment>\n"
    )
    content = ts(message("Open", rest + UNFINISHED))
    assert QT.about(content) == {("Bank", "Open", "verb"): About("verb\nButton\nAs in Word", 9, "Opened")}


def test_a_translation_takes_its_place_and_is_finished():
    content = ts(message("It&apos;s open", UNFINISHED) + message("Shut", ""))
    written = QT.merged(
        content, {("Bank", "It's open"): 'C\'est "ouvert" <b>', ("Bank", "Shut"): "Fermé"}, "fr-CA"
    ).decode()
    assert written == ts(
        message("It&apos;s open", "        <translation>C&apos;est &quot;ouvert&quot; &lt;b&gt;</translation>\n")
        + message("Shut", "        <translation>Fermé</translation>\n")
    ).replace('version="2.1"', 'version="2.1" language="fr_CA"')


def test_source_text_that_stands_in_stays_unfinished():
    content = ts(message("Open", UNFINISHED))
    written = QT.merged(content, {("Bank", "Open"): "Open"}, "fr", Rule.MISSING)
    assert b'<translation type="unfinished">Open</translation>' in written


@pytest.mark.parametrize(
    ("locale", "count"), [("ar", 6), ("en", 2), ("es", 2), ("fr_FR", 2), ("ru", 3), ("zh-Hans", 1), ("xx", 2)]
)
def test_a_plural_has_as_many_forms_as_qt_has_for_the_language(locale, count):
    form = "            <numerusform></numerusform>\n"
    rest = f'        <translation type="unfinished">\n{form}{form}        </translation>\n'
    content = ts(message("%n seed(s)", rest, ' numerus="yes"'))
    assert QT.texts(content) == {("Bank", "%n seed(s)"): "{n, plural, other {%n seed(s)}}"}
    given = str(Plural("n", {name: f"%n {name}" for name in SIX}))
    written = QT.merged(content, {("Bank", "%n seed(s)"): given}, locale)
    forms = [element.text for element in etree.fromstring(written).iter("numerusform")]
    assert forms == [f"%n {name}" for name in forms_of(locale)]
    assert len(forms) == count


def test_a_file_in_its_own_language_is_read_with_its_own_forms():
    forms = "".join(f"<numerusform>{form}</numerusform>" for form in "абв")
    rest = f"        <translation>{forms}</translation>\n"
    content = ts(message("%n", rest, ' numerus="yes"'), "ru_RU")
    assert QT.read(content)["Bank", "%n"] == "{n, plural, one {а} few {б} many {в} other {в}}"


def test_variants_by_length_are_told_and_left_alone():
    rest = '        <translation variants="yes"><lengthvariant>long</lengthvariant></translation>\n'
    resource = QT.resource(ts(message("Open", rest)))
    assert [found.check for found in resource.findings] == ["variants"]


@pytest.mark.skipif(LRELEASE is None, reason="lrelease is not installed (Debian: qt6-l10n-tools)")
def test_lrelease_takes_what_is_written(tmp_path):
    content = ts(message("Open", UNFINISHED) + message("%n seed(s)", UNFINISHED, ' numerus="yes"'))
    forms = str(Plural("n", {name: f"%n {name}" for name in SIX}))
    file = tmp_path / "bank_ar.ts"
    file.write_bytes(QT.merged(content, {("Bank", "Open"): "افتح", ("Bank", "%n seed(s)"): forms}, "ar"))
    done = subprocess.run([LRELEASE, file, "-qm", tmp_path / "a.qm"], capture_output=True, text=True, check=True)
    assert "2 translation(s) (2 finished" in done.stdout

"""Refusals: why a file was not read is said to its translator in her language, with the names as they are."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from locales.findings import said
from tests.exchange.answers import nameless, zipped
from tests.exchange.plain import write_xliff
from tests.exchange.receipts import taken_in
from tests.exchange.samples import package, unit
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity
from tm_service.exchange.exporter import PackageExporter
from tm_service.exchange.guard import Damaged
from tm_service.exchange.letters import receipt_letter
from tm_service.exchange.receipt_page import receipt_page
from tm_service.exchange.recognise import recognised
from tm_service.exchange.returns import locale_of_name, read_returns
from tm_service.exchange.seal import KeyRing

WHOLE = package(unit("seeds-7-fr.1", "Seed banks"), unit("seeds-7-fr.2", "Herbarium sheets"))
CUT = write_xliff(WHOLE)[:-40]
OF_NOBODY = nameless(write_xliff(package(unit("x", "Peat bogs"))))
SAID = {
    "ar": ("محتوى تالف.xlf", "حزمة.zip", r"^\S+ ليس ملف XML سليم البنية .*صدِّره من جديد\.$"),
    "zh": ("种子/标签.xlf", "文件包.zip", r"^种子/标签\.xlf.* 不是格式良好的 XML（.*），请重新导出。$"),
}
DAMAGES = {
    "cut short": CUT,
    "no text": b"\x89PNG\r\n\x1a\n\xff\xfe",
    "another encoding": b'<?xml version="1.0" encoding="utf-8"?>' + CUT + b"\xff",
    "nothing": b"",
    "no units": write_xliff(replace(WHOLE, units=())),
    "a gzip": b"\x1f\x8b\x08\x00",
    "an unknown encoding": b'<?xml version="1.0" encoding="EBCDIC-CP-FR"?><xliff/>',
    "another document": b"<xliff version='3.0' xmlns='urn:garden'/>",
    "another without a version": b"<xliff xmlns='urn:garden'/>",
}


def unread(path, content, upload="r.zip"):
    """What is said of a damaged file beside a whole one."""
    (back,) = recognised(read_returns(upload, zipped({"good.xlf": write_xliff(WHOLE), path: content})), [WHOLE])
    (finding,) = back.findings
    assert (finding.check, finding.severity, finding.path) == ("files", Severity.ERROR, path)
    return finding


@pytest.mark.parametrize("locale", SAID)
@pytest.mark.parametrize("path", ["pages/labels.xlf", *(path for path, _, _ in SAID.values())])
def test_a_damaged_file_is_named_on_the_page_and_in_the_letter_in_the_translators_language(locale, path):
    receipt, sent, targets = taken_in(locale)
    finding = unread(path, CUT)
    own, english = (said(finding.template, finding.values, code) for code in (locale, "en"))
    assert own != english
    told = replace(receipt, findings=(finding, *receipt.findings))
    page = html.document_fromstring(receipt_page(told, sent, targets).decode())
    shown = [" ".join("".join(element.itertext()).split()) for element in page.iter("p", "li", "dd", "span", "div")]
    assert own in shown
    assert english in shown
    first, second = receipt_letter(told, sent).plain.split("\u2014" * 12)
    assert f"- {own}" in first
    assert english not in first
    assert f"- {english}" in second


@pytest.mark.parametrize("locale", SAID)
def test_the_sentence_is_whole_and_of_one_language(locale):
    path, upload, sentence = SAID[locale]
    finding = unread(path, CUT, upload)
    own = re.sub("[\u2068\u2069]", "", said(finding.template, finding.values, locale))
    named = own.replace(f"{path} ({upload})", path.replace(" ", "_"))
    assert named != own
    assert re.search(sentence, named)


@pytest.mark.parametrize("locale", ["ar", "es", "fr", "ru", "zh"])
@pytest.mark.parametrize("kind", DAMAGES)
def test_every_damage_is_said_in_every_language(kind, locale):
    finding = unread("fr/bad.xlf", DAMAGES[kind])
    own = said(finding.template, finding.values, locale)
    assert "fr/bad.xlf (r.zip)" in own
    assert own != said(finding.template, finding.values, "en") == finding.message
    assert "{" not in own


def test_what_a_name_holds_is_never_taken_for_a_place():
    """Names of files may hold braces."""
    finding = unread("{file}{0}/{reason}.xlf", CUT, "{most}.zip")
    assert finding.message.startswith("{file}{0}/{reason}.xlf ({most}.zip) is not well-formed XML (")
    assert "{file}{0}/{reason}.xlf ({most}.zip)" in said(finding.template, finding.values, "es")


@given(name=st.text(), kind=st.sampled_from([ReturnRejected, Damaged]))
def test_a_refusal_is_its_template_with_its_values(name, kind):
    error = kind("{file} is empty; export it again.", file=name)
    assert str(error) == f"{name} is empty; export it again."
    assert (error.template, error.values) == ("{file} is empty; export it again.", {"file": name})
    whole = kind(f"{name} is empty.")
    assert (str(whole), whole.template, whole.values) == (f"{name} is empty.", f"{name} is empty.", {})


@pytest.mark.parametrize(
    ("name", "locale"),
    [
        ("seed-bank-D0142-en-ar-v1.zip", "ar"),
        ("Fwd seeds-D0007-en-zh-Hans-v12 final.zip", "zh"),
        ("seeds-7-fr.xlf", "fr"),
        ("seeds-7-xx.xlf", ""),
        ("report.zip", ""),
        ("", ""),
    ],
)
def test_the_name_of_an_upload_says_in_which_language_it_is_refused(name, locale, tmp_path):
    assert locale_of_name(name) == locale
    exporter = PackageExporter(KeyRing(tmp_path / "keys"))
    for content in (b"", b"no", CUT, zipped({"notes.txt": b"no"}), OF_NOBODY):
        with pytest.raises(ReturnRejected) as refused:
            exporter.read(name, content, lambda _: [], list)
        error = refused.value
        assert error.values["locale"] == locale
        assert str(error) == error.template.format(**error.values)
        assert (said(error.template, error.values, locale) != said(error.template, error.values, "en")) == bool(locale)

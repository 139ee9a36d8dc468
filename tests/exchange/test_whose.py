"""Whose: the packages of a return are told without a look at its units, and never fewer than are then taken in."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.exchange.answers import nameless, work, zipped
from tests.exchange.plain import write_xliff
from tests.exchange.samples import package, unit
from tests.exchange.test_wrappings import PLAIN, wrappings
from tm_service.domain.errors import ReturnRejected
from tm_service.exchange.exporter import PackageExporter
from tm_service.exchange.seal import KeyRing

GOLDEN = Path(__file__).parents[1] / "golden/returns"
RUSSIAN = replace(package(unit("seeds-9-ru.1", "Moss gardens")), number=9, locale="ru", code="ru-RU")
OUT = [work(8), PLAIN, RUSSIAN]


@pytest.fixture(scope="module")
def exporter(tmp_path_factory):
    return PackageExporter(KeyRing(tmp_path_factory.mktemp("keys")))


def told(ask, name, content):
    """The packages that a file is told to be of; None where it is refused."""
    try:
        return ask(name, content, lambda names: [one for one in OUT if one.id in names], lambda: OUT)
    except ReturnRejected:
        return None


def check(exporter, name, content):
    whose, read = told(exporter.whose, name, content), told(exporter.read, name, content)
    if read is not None:
        assert whose is not None
        assert {one.package for one in read} <= set(whose)
    return whose


@settings(max_examples=100, deadline=None)
@given(wrapping=wrappings())
def test_whatever_its_wrapping_a_return_is_told_to_be_of_its_package(exporter, wrapping):
    assert check(exporter, *wrapping) == [PLAIN.id]


@pytest.mark.parametrize(
    "path", sorted(path for path in GOLDEN.rglob("*") if path.is_file()), ids=lambda path: path.name
)
def test_of_any_tools_file_no_package_is_taken_in_that_was_not_told(exporter, path):
    check(exporter, path.name, path.read_bytes())


def test_all_packages_of_an_upload_are_told(exporter):
    both = zipped({"fr.xlf": write_xliff(PLAIN), "ru.xlf": write_xliff(RUSSIAN)})
    assert check(exporter, "both.zip", both) == [PLAIN.id, RUSSIAN.id]


def test_a_file_without_a_name_beside_one_with_is_told_by_its_texts(exporter):
    both = zipped({"fr.xlf": write_xliff(PLAIN), "other.xlf": nameless(write_xliff(RUSSIAN))})
    assert check(exporter, "both.zip", both) == [PLAIN.id, RUSSIAN.id]


def test_a_name_that_only_a_parser_reads_is_read(exporter):
    hidden = write_xliff(RUSSIAN).replace(b"seeds-", b"&#115;eeds-")
    assert b"seeds-9" not in hidden
    assert check(exporter, f"{PLAIN.id}.xlf", hidden) == [RUSSIAN.id]


@pytest.mark.parametrize("content", [b"", b"a list", b"PK\x03\x04", nameless(write_xliff(package(unit("x", "Reeds"))))])
def test_what_is_nobodys_is_refused(exporter, content):
    assert check(exporter, "list.xlf", content) is None

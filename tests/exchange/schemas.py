"""The published schemas of XLIFF, where they are at hand; without them a test skips and says so."""

from functools import cache
from pathlib import Path

import pytest
from lxml import etree, isoschematron

_FOLDER = Path(__file__).parents[3] / "shared/schemas"
_XLIFF_2 = {
    "document:2.0": "xliff_core_2.0",
    "matches:2.0": "matches",
    "glossary:2.0": "glossary",
    "fs:2.0": "fs",
    "metadata:2.0": "metadata",
    "sizerestriction:2.0": "size_restriction",
    "validation:2.0": "validation",
}
# Errata of the published rules: they reject valid files (attributes misspelt, fragments of one kind unknown).
_ERRATA = frozenset(["fs1", "gls3", "mtc2", "F13S", "F13T"])
_SCHEMATRON = "{http://purl.oclc.org/dsdl/schematron}"


def _at_hand(name):
    path = _FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is absent; the tests of named rules still hold")
    return path


@cache
def strict_12():
    """The strict schema of XLIFF 1.2."""
    path = _at_hand("xliff-1.2/xliff-core-1.2-strict.xsd")
    beside = path.read_bytes().replace(b"http://www.w3.org/2001/xml.xsd", path.with_name("xml.xsd").as_uri().encode())
    return etree.XMLSchema(etree.fromstring(beside, etree.XMLParser(no_network=True)))


@cache
def core_2():
    """The schema of XLIFF 2 with its modules."""
    imported = "".join(
        f'<xs:import namespace="urn:oasis:names:tc:xliff:{name}" '
        f'schemaLocation="{_at_hand(f"xliff-2.1/{file}.xsd").as_uri()}"/>'
        for name, file in _XLIFF_2.items()
    )
    root = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imported}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(root, etree.XMLParser(no_network=True)))


@cache
def rules_2():
    """The Schematron rules of XLIFF 2 by file, less the errata; written for XSLT 2, most of them say it in XSLT 1."""
    found = {}
    for path in sorted(_at_hand("xliff-2.1/xliff_core_2.1.sch").parent.glob("*.sch")):
        tree = etree.parse(str(path), etree.XMLParser(no_network=True))
        del tree.getroot().attrib["queryBinding"]
        for pattern in tree.getroot().findall(f"{_SCHEMATRON}pattern"):
            # Regular expressions are XSLT 2 indeed.
            if pattern.get("id") in _ERRATA or "matches(" in etree.tostring(pattern, encoding="unicode"):
                tree.getroot().remove(pattern)
        if tree.getroot().find(f"{_SCHEMATRON}pattern") is not None:
            found[path.name] = isoschematron.Schematron(tree, store_report=True)
    return found


def tmx_14():
    """Where the DTD of TMX 1.4 is."""
    return _at_hand("tmx/tmx14.dtd")


def broken_rules(root):
    """What the Schematron says against a document."""
    said = []
    for name, rules in rules_2().items():
        if not rules.validate(root):
            report = rules.validation_report.iter("{*}failed-assert", "{*}successful-report")
            said += [f"{name}: {' '.join(''.join(entry.itertext()).split())}" for entry in report]
    return said

"""By content: each file is read by the extractor that its name and content call for, and says which that was."""

from pathlib import Path

import pytest

from extractors import EXTRACTORS, extractor
from extractors.by_content import format_of
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document

GOLDEN = Path(__file__).parents[1] / "golden"
UNTOLD = {
    "auto",
    "record",  # stands in the mirror of a record store and nowhere else
    "template",  # is told by its ending, which not every golden one has
}


def document(path: str, content: str) -> Document:
    return Document(path, content.encode())


@pytest.mark.parametrize("name", sorted(set(EXTRACTORS) - UNTOLD))
def test_the_golden_files_are_told_as_what_they_are(name):
    sources = sorted((GOLDEN / name).glob("*/source.*"))
    told = {path: format_of(Document(f"texts/{path.name}", path.read_bytes())) for path in sources}
    assert sources
    assert {path: found and found[0] for path, found in told.items()} == dict.fromkeys(sources, name)


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("a.json", '{"seed_one": "a", "seed_other": "b"}', ("json", "i18next")),
        ("a.json", '{"seed": "a"}', ("json", "")),
        ("a.arb", "{}", ("json", "arb")),
        ("config/locales/en.yml", "en:\n  seed: A seed\n", ("yaml", "rails")),
        ("config/locales/en.yml", "# Texts\n---\npt-BR:\n  seed: A seed\n", ("yaml", "rails")),
        ("texts.yml", "en:\n  seed: A seed\nfr:\n  seed: x\n", ("yaml", "")),
        ("texts.yaml", "seed: A seed\n", ("yaml", "")),
        ("strings.xml", '<?xml version="1.0"?>\n<!-- ours -->\n<resources></resources>', ("android", "")),
        ("page.ts", "<!DOCTYPE TS>\n<TS></TS>", ("ts", "")),
        ("page.ts", "export const a = 1;", None),
        ("pom.xml", "<project/>", None),
        ("page.html", "<p>Seeds</p>", ("html", "")),
        ("page.html", '<p ng-if="a">Seeds</p>', ("html", "angularjs")),
        ("page.html", '<p i18n="a">Seeds</p>', ("html", "angular")),
        ("page.html.j2", "<p>Seeds</p>", ("template", "jinja")),
        ("page.mdx", "# Seeds", ("markdown", "mdx")),
        ("README", "Seeds", None),
        ("a.xyz", "Seeds", None),
    ],
)
def test_a_format_is_told_by_name_and_content(path, content, told):
    assert format_of(document(path, content)) == told


def test_a_resource_says_what_it_was_read_as():
    resource = extractor("auto").extract(document("texts/a.properties", "gate=Close the gate\n"))
    assert (resource.format, [unit.source for unit in resource.values]) == ("properties", ["Close the gate"])


def test_a_file_that_nothing_tells_is_refused_in_one_sentence():
    for verb in ("extract", "read"):
        with pytest.raises(
            ExtractionError, match="neither its name nor its content tells its format; name the extractor"
        ):
            getattr(extractor("auto"), verb)(document("a.xyz", "Seeds"))

"""Advice: what authors should put right in source texts, for a whole site or for a pull request."""

from dataclasses import replace

import pytest

from extractors import extractor
from extractors.source_code import SourceCode
from memory import match
from tests.fakes import SITE, FakeSite
from tm_service.checks.advice import HouseAdvice
from tm_service.domain.findings import Severity
from tm_service.usecases.advice import advice
from tm_service.usecases.reading import SiteReader

OLD = {"old": "The seeds of the ", "fine": "Seeds are kept in the vault."}
CODE = "export const f = (n) => t('seeds') + ' ' + t('are') + 'dry';\nimport { t } from './i18n';\n"


@pytest.fixture
def repository():
    made = FakeSite()
    made.write({"text/vault.json": OLD, "app/a.js": CODE})
    return made


def given(repository, **asked: object):
    reader = SiteReader(SITE, repository, extractor, match)
    return advice(reader, HouseAdvice(), SourceCode(), **asked)


def test_a_whole_site_is_looked_at_where_nothing_is_compared(repository):
    found = given(repository)
    assert (found.texts, found.files, found.base) == (2, 1, None)
    assert found.by_check() == {"source-edges": 1, "source-fragment": 1, "source-joined": 1}
    assert {(one.path, one.unit) for one in found.findings} == {
        ("text/vault.json", "old"),
        ("app/a.js", "app/a.js:1:25"),
    }


def test_a_pull_request_is_told_only_of_what_it_adds_or_edits(repository):
    base = repository.resolve("").id
    repository.write(
        {
            "text/vault.json": OLD | {"fine": "Seeds are kept in the vault.", "new": "{count} seeds are dry"},
            "app/b.js": "import { t } from './i18n';\nexport const g = t('new') + t('old');",
            "app/a.js": "// moved down\n" + CODE,
        }
    )
    found = given(repository, base=base)
    assert [(one.check, one.unit) for one in found.findings] == [
        ("source-plural", "new"),
        ("source-joined", "app/b.js:2:18"),
    ]
    assert (found.texts, found.base.id) == (1, base)


def test_a_moved_text_is_not_new(repository):
    base = repository.resolve("").id
    repository.write({"text/vault.json": None, "text/cellar.json": OLD})
    assert given(repository, base=base).findings == ()


def test_a_term_is_told_on_a_new_text_only(repository):
    repository.write({"text/a.json": {"a": "The seedbank is open.", "b": "Our seedbank is old."}})
    base = repository.resolve("").id
    assert [one.check for one in given(repository, base=base).findings] == []
    repository.write({"text/b.json": {"c": "Visit the seed bank."}})
    (finding,) = given(repository, base=base).findings
    assert (finding.check, finding.path, finding.unit) == ("source-terms", "text/b.json", "c")
    assert finding.message == "“seed bank” is written “seedbank” in 2 other texts; write one term one way."


def test_every_finding_is_made_of_its_template_and_values(repository):
    for finding in given(repository).findings:
        assert finding.template.format(**dict(finding.values)) == finding.message


def test_a_site_may_leave_a_rule_out_or_take_it_more_seriously(repository):
    site = replace(SITE, severities={"source-edges": None, "source-joined": Severity.ERROR})
    reader = SiteReader(site, repository, extractor, match)
    found = advice(reader, HouseAdvice(), SourceCode()).findings
    assert {one.check: one.severity for one in found} == {
        "source-fragment": Severity.WARNING,
        "source-joined": Severity.ERROR,
    }


def test_texts_in_another_language_are_not_judged_as_english(repository):
    reader = SiteReader(replace(SITE, source="fr", locales=("ar", "en")), repository, extractor, match)
    assert [one.check for one in advice(reader, HouseAdvice()).findings] == ["advice"]

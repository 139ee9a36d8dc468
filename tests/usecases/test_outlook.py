"""The outlook of a draft is what readers get once it is published and deployed: the one is held against the other."""

import pytest

from tests.web.desks.editor_house import HOURS, RULES, TEXTS, build
from tm_service.domain.records import Actor
from tm_service.editor_verbs import editor_verbs

pytestmark = pytest.mark.slow

EVA = Actor("eva@office.example", roles=frozenset({"article-editor"}))
ENGLISH, FRENCH = "<p>The library opens at nine.</p>", "<p>La bibliothèque ouvre à neuf heures.</p>"
EDITS = {
    "nothing": (ENGLISH, FRENCH),
    "a number": (ENGLISH.replace("nine", "ten"), FRENCH),
    "a number, in both languages": (ENGLISH.replace("nine", "ten"), FRENCH.replace("neuf", "dix")),
    "a sentence more": (ENGLISH.replace(".</p>", ". Ring the bell.</p>"), FRENCH),
    "a sentence more, in both languages": (
        ENGLISH.replace(".</p>", ". Ring the bell.</p>"),
        FRENCH.replace(".</p>", ". Sonnez la cloche.</p>"),
    ),
    "a full stop": (ENGLISH.replace(".", "!"), FRENCH),
    "another paragraph before": ("<p>Welcome.</p>" + ENGLISH, FRENCH),
    "all of it": ("<p>Closed for the winter.</p>", FRENCH),
    "the translation alone": (ENGLISH, FRENCH.replace("ouvre", "ouvrira")),
    "the translation taken out": (ENGLISH, ""),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    return build(tmp_path_factory.mktemp("house"))[0]


@pytest.mark.parametrize("edit", list(EDITS))
def test_what_is_foretold_of_each_language_is_what_a_deployment_serves(tmp_path, edit):
    service = build(tmp_path)[0]
    verbs, (english, french) = editor_verbs(service), EDITS[edit]
    content = {"en": english} | ({"fr": french} if french else {})
    document = service.records().published(HOURS).document | {"content": content}
    foretold = verbs.outlook(HOURS, document)
    service.records().put(HOURS, document, based_on=None, by=EVA)
    service.deploy("library")
    served = verbs.served([HOURS])[HOURS].languages
    standings = {code: one.standing.value for code, one in foretold.languages.items()}
    assert standings == {code: state.value for code, state in served.items() if code != "en"}


@pytest.mark.parametrize(("english", "waits"), [(TEXTS["en"], False), (TEXTS["en"].replace("six", "seven"), True)])
def test_a_legal_text_waits_as_it_was_foretold(tmp_path, english, waits):
    service = build(tmp_path)[0]
    verbs = editor_verbs(service)
    document = service.records().published(RULES).document | {"content": TEXTS | {"en": english}}
    assert verbs.outlook(RULES, document).waits is waits
    service.records().put(RULES, document, based_on=None, by=EVA)
    service.deploy("library")
    assert verbs.served([RULES])[RULES].waits is waits


def test_a_lag_says_both_wordings_of_the_source_and_what_the_language_says(service):
    document = service.records().published(RULES).document
    changed = document | {"content": TEXTS | {"en": TEXTS["en"].replace("six", "seven")}}
    [lag] = editor_verbs(service).outlook(RULES, changed).languages["fr"].lags
    assert (lag.was, lag.now) == ("The room closes at six.", "The room closes at seven.")
    assert (lag.text, lag.path, lag.harmless) == ("La salle ferme à six heures.", ("content",), False)


def test_asking_changes_nothing(service):
    document = service.records().published(HOURS).document | {"content": {"en": "<p>Other.</p>"}}
    before = (service.audit.newest("library"), service.latest("library"))
    editor_verbs(service).outlook(HOURS, document)
    assert (service.audit.newest("library"), service.latest("library")) == before
    assert service.records().published(HOURS).document["content"]["en"] == ENGLISH


def test_of_a_document_that_no_site_serves_nobody_knows(service):
    lonely = type(HOURS)("measure", "measure-000001")
    verbs = editor_verbs(service)
    assert verbs.outlook(lonely, {"title": {"en": "A law"}}) is not None
    none = editor_verbs(
        type(service)(**{name: getattr(service, name) for name in service.__dataclass_fields__} | {"sites": dict})
    )
    assert none.outlook(lonely, {}) is None
    assert none.languages(lonely)[0] == "en"

"""What programs get of articles and records is as the description of the interface says."""

import pytest

from tests.web.readers import PERMIT, SEEDS, article_verbs, reading, stocked
from tm_service.shapes import article_documents as documents

ARTICLE = f"/api/v1/articles/{SEEDS.identifier}"
RECORD = f"/api/v1/records/absPermit/{PERMIT.identifier}"


@pytest.fixture(scope="module")
def reader(service, tmp_path_factory):
    return reading(service, article_verbs(stocked(tmp_path_factory.mktemp("library")).store))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/articles?locale=fr", documents.Articles),
        ("/api/v1/articles?locale=ru", documents.Articles),
        (ARTICLE, documents.Article),
        (f"{ARTICLE}?locale=ar&why=true", documents.Article),
        (RECORD, documents.Record),
        (f"{RECORD}?locale=fr&why=true", documents.Record),
    ],
)
def test_an_answer_has_what_is_said_of_it_and_no_more(reader, path, kind):
    answer = reader.get(path)
    assert answer.status_code == 200
    told = kind.model_validate(answer.json())
    assert told.model_dump(by_alias=True, mode="json", exclude_unset=True) == answer.json()
    assert reader.ask("HEAD", path).headers.get("ETag") == answer.headers.get("ETag")


@pytest.mark.parametrize("query", ["locale=" + "x" * 41, "site=" + "x" * 201, "cursor=" + "x" * 201, "cursor=%00"])
def test_what_is_asked_with_has_an_end(reader, query):
    assert reader.get(f"/api/v1/articles?{query}").status_code == 400

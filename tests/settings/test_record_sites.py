"""A site whose texts are in a record store: what sites.toml says of it, and what is refused."""

import pytest

from tests.settings.texts import GOOD
from tm_service.bootstrap import vet
from tm_service.domain.errors import ConfigurationError
from tm_service.settings import read_settings
from tm_service.sites_file import read_sites

RECORDS = """\
[site.almanac]
connector  = "records"
repository = "local"
source     = "en"
locales    = ["ar", "fr"]

[[site.almanac.content]]
match     = "articles/*.json"
extractor = "record"
target    = "{path}"
"""


def read(folder, text):
    file = folder / "sites.toml"
    file.write_text(text, "utf-8")
    return read_sites(file, vet)


@pytest.mark.parametrize("address", ["local", "https://records.example.org", "http://127.0.0.1:8000"])
def test_our_own_store_or_another_address_may_be_named(tmp_path, address):
    site = read(tmp_path, RECORDS.replace('"local"', f'"{address}"'))["almanac"]
    assert site.is_record_store
    assert site.repository == address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://records.example.org", "site.almanac.repository: "),
        ("https://ana:secret@records.example.org", "site.almanac.repository: "),
        ("ftp://records.example.org", "site.almanac.repository: "),
        ("somewhere", "site.almanac.repository: "),
    ],
)
def test_an_address_that_could_not_be_asked_safely_is_refused(tmp_path, address, said):
    with pytest.raises(ConfigurationError, match=said) as refused:
        read(tmp_path, RECORDS.replace('"local"', f'"{address}"'))
    assert "secret" not in str(refused.value)


def test_a_realm_is_of_a_record_store_only(tmp_path):
    assert read(tmp_path, RECORDS.replace('"local"\n', '"local"\nrealm = "almanac"\n'))["almanac"].realm == "almanac"
    with pytest.raises(ConfigurationError, match=r"site\.reef\.realm is of a record store; leave it out"):
        read(tmp_path, GOOD.replace('"git"\n', '"git"\nrealm = "abs"\n'))


@pytest.mark.parametrize("key", ['push_branch = "texts"', '[site.almanac.source_code]\nmatch = ["app/**"]'])
def test_what_only_a_repository_has_is_refused_for_a_record_store(tmp_path, key):
    head, rule = RECORDS.split("\n\n", 1)
    with pytest.raises(ConfigurationError, match="is of a git repository; leave it out for a record store"):
        read(tmp_path, f"{head}\n{key}\n\n{rule}")


def test_credentials_come_from_the_environment_and_are_never_shown(tmp_path):
    said = {"TM_SERVICE_RECORDS_USER": "ana@example.org", "TM_SERVICE_RECORDS_PASSWORD": "secret"}
    settings = read_settings(tmp_path, said)
    assert (settings.records_user, settings.records_password) == ("ana@example.org", "secret")
    assert "secret" not in repr(settings)

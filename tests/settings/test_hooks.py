"""Hooks in sites.toml, and the secrets that git hosts sign with."""

import re
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes import SITE
from tests.settings.texts import GOOD
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.jobs import JobKind
from tm_service.domain.site import Hooks
from tm_service.hook_secrets import HookSecrets
from tm_service.settings import read_settings
from tm_service.sites_file import read_sites

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def hooks(write, *lines: str):
    said = "\n".join(["", "[site.reef.hooks]", *lines, ""]) if lines else ""
    return read_sites(write(GOOD + said))["reef"].hooks


def test_where_nothing_is_said_a_push_is_fetched_and_a_tag_passed_over(write):
    assert hooks(write) == Hooks(push=(JobKind.SYNC,), tag=(), tags="*", push_catalogs=False, repository="", secret="")


def test_what_is_done_on_a_push_and_on_a_tag_is_said_in_order(write, tmp_path):
    found = hooks(
        write,
        'push = ["package", "send", "package"]',
        'tag = ["deploy"]',
        'tags = "v*"',
        "push_catalogs = true",
        'repository = "https://git.example.org/parks/reef"',
        'secret = "secrets/reef"',
    )
    assert found == Hooks(
        (JobKind.PACKAGE, JobKind.SEND), (JobKind.DEPLOY,), "v*", push_catalogs=True,
        repository="https://git.example.org/parks/reef", secret=str(tmp_path / "secrets/reef"),
    )  # fmt: skip
    assert hooks(write, "push = []").push == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('push = ["tidy"]', "hooks.push has 'tidy'"),
        ('push = ["take-in"]', "hooks.push has 'take-in'; choose of sync, learn, package, send, deploy"),
        ('tag = ["publish"]', "hooks.tag has 'publish'"),
        ('push = "learn"', "hooks.push must be a list of texts"),
        ("push = [1]", "hooks.push must be a list of texts"),
        ('tags = ""', "hooks.tags is empty"),
        ("push_catalogs = 1", "hooks.push_catalogs must be true or false"),
        ('token = "x"', "hooks.token is not known"),
    ],
)
def test_a_mistake_is_named(write, line, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        hooks(write, line)


def test_a_record_store_has_no_hooks(write):
    stored = GOOD.replace('connector  = "git"', 'connector = "records"') + "\n[site.reef.hooks]\npush = []\n"
    with pytest.raises(ConfigurationError, match=r"site\.reef\.hooks is of a git repository"):
        read_sites(write(stored))


@pytest.mark.parametrize(("said", "private"), [("", False), ("no", False), ("Yes", True), ("0", False), ("1", True)])
def test_a_setting_allows_addresses_inside(tmp_path, said, private):
    assert read_settings(tmp_path, {"TM_SERVICE_HOOKS_PRIVATE": said}).hooks_private is private
    assert read_settings(tmp_path, {}).hooks_private is False
    with pytest.raises(ConfigurationError, match="TM_SERVICE_HOOKS_PRIVATE is 'true'; write yes or no"):
        read_settings(tmp_path, {"TM_SERVICE_HOOKS_PRIVATE": "true"})


@pytest.fixture
def secrets(tmp_path):
    return HookSecrets(tmp_path / "keys" / "hooks")


def test_there_is_none_until_one_is_made(secrets):
    assert list(secrets.valid(SITE, NOW)) == []
    made = secrets.renew(SITE, NOW, WEEK)
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made)
    assert list(secrets.valid(SITE, NOW)) == [made]
    assert list(secrets.valid(replace(SITE, name="other"), NOW)) == []


def test_old_and_new_count_while_they_overlap(secrets):
    first, second = secrets.renew(SITE, NOW, WEEK), secrets.renew(SITE, NOW, WEEK)
    assert list(secrets.valid(SITE, NOW + WEEK - timedelta(seconds=1))) == [second, first]
    assert list(secrets.valid(SITE, NOW + WEEK)) == [second]
    third = secrets.renew(SITE, NOW + timedelta(days=1), timedelta(days=30))
    assert list(secrets.valid(SITE, NOW + timedelta(days=1))) == [third, second, first]
    assert list(secrets.valid(SITE, NOW + WEEK)) == [third, second]


def test_without_an_overlap_the_old_one_ends_at_once(secrets):
    secrets.renew(SITE, NOW, WEEK)
    assert list(secrets.valid(SITE, NOW)) != [made := secrets.renew(SITE, NOW, timedelta(0))]
    assert list(secrets.valid(SITE, NOW)) == [made]


def test_only_its_owner_reads_the_file(secrets, tmp_path):
    secrets.renew(SITE, NOW, WEEK)
    folder = tmp_path / "keys" / "hooks"
    (file,) = folder.iterdir()
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)


def named(tmp_path, text):
    file = tmp_path / "reef.secret"
    file.write_text(text, "utf-8")
    return replace(SITE, hooks=Hooks(secret=str(file)))


def test_a_file_of_ones_own_has_a_secret_a_line(secrets, tmp_path):
    site = named(tmp_path, "a secret with blanks in it\n\nwhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\r\n")
    assert list(secrets.valid(site, NOW)) == ["a secret with blanks in it", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    with pytest.raises(ConfigurationError, match="one a line; add one there"):
        secrets.renew(site, NOW, WEEK)


@pytest.mark.parametrize(
    ("text", "said"),
    [("short\n", "less than 16 characters"), ("a secret that is long\tsoon\n", "where a moment should be")],
)
def test_a_file_that_cannot_be_used_is_named(secrets, tmp_path, text, said):
    with pytest.raises(ConfigurationError, match=said) as refusal:
        secrets.valid(named(tmp_path, text), NOW)
    assert "reef.secret" in str(refusal.value)
    assert text.split("\t")[0].strip() not in str(refusal.value).replace("reef.secret", "")


def test_a_file_that_is_not_there_is_named(secrets, tmp_path):
    with pytest.raises(ConfigurationError, match="There is no file"):
        secrets.valid(replace(SITE, hooks=Hooks(secret=str(tmp_path / "none"))), NOW)


def test_an_empty_file_lets_nobody_in(secrets, tmp_path):
    assert list(secrets.valid(named(tmp_path, "\n  \n"), NOW)) == []

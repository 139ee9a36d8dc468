"""Settings: every variable is known by name, secrets may stand in files, and what is wrong is said in one sentence."""

import os
import re
from pathlib import Path

import pytest

from tm_service.domain.errors import ConfigurationError
from tm_service.operation import Operation
from tm_service.setting_names import VARIABLES, unknown, with_files
from tm_service.settings import read_settings

ROOT = Path(__file__).parents[2]
SECRET = "postgresql://ana:kelp9forest@db/store"  # noqa: S105 - what must not be seen


@pytest.fixture
def kept(tmp_path):
    file = tmp_path / "database"
    file.write_text(f"{SECRET}\n", "utf-8")
    file.chmod(0o600)
    return file


def test_every_variable_that_the_code_names_is_known():
    code = [path.read_text("utf-8") for path in (ROOT / "tm_service").rglob("*.py")]
    named = {name for text in code for name in re.findall(r"\bTM_SERVICE_[A-Z_]*[A-Z]\b", text)}
    known = {one.name for one in VARIABLES}
    assert {name.removesuffix("_FILE") for name in named} <= known
    assert len(known) == len(VARIABLES)


def test_a_secret_may_stand_in_a_file_of_its_own(kept, tmp_path):
    settings = read_settings(tmp_path, {"TM_SERVICE_DATABASE_FILE": str(kept)})
    assert settings.database == SECRET
    assert "kelp9forest" in settings.secrets
    assert "kelp9forest" not in repr(settings)


@pytest.mark.parametrize("name", [one.name for one in VARIABLES if one.secret])
def test_every_secret_may(name, tmp_path):
    file = tmp_path / "secret"
    file.write_text("kelp forest of the north\r\n", "utf-8")
    file.chmod(0o640)
    assert with_files({f"{name}_FILE": str(file)})[name] == "kelp forest of the north"


@pytest.mark.parametrize("name", [one.name for one in VARIABLES if not one.secret])
def test_nothing_else_may(name, kept):
    with pytest.raises(ConfigurationError, match=f"{name} is no secret"):
        with_files({f"{name}_FILE": str(kept)})


def test_both_at_once_is_refused(kept):
    with pytest.raises(ConfigurationError, match="are both set"):
        with_files({"TM_SERVICE_DATABASE": "sqlite:///x", "TM_SERVICE_DATABASE_FILE": str(kept)})


@pytest.mark.parametrize(
    ("mode", "said"), [(0o644, "others may read"), (0o604, "others may read"), (0o602, "others may write")]
)
def test_what_others_may_read_or_write_is_no_secret(kept, mode, said):
    kept.chmod(mode)
    with pytest.raises(ConfigurationError, match=said):
        with_files({"TM_SERVICE_DATABASE_FILE": str(kept)})


def test_what_was_mounted_for_us_alone_may_have_any_mode_but_writable(kept, monkeypatch):
    """Docker writes 0444 and Kubernetes 0644 under /run/secrets, systemd says where its credentials are."""
    kept.chmod(0o444)
    place = {"TM_SERVICE_DATABASE_FILE": str(kept)}
    assert with_files(place | {"CREDENTIALS_DIRECTORY": str(kept.parent)})["TM_SERVICE_DATABASE"] == SECRET
    with monkeypatch.context() as patch:
        patch.setattr("tm_service.setting_names._MOUNTED", (kept.parent,))
        assert with_files(place)["TM_SERVICE_DATABASE"] == SECRET
    kept.chmod(0o446)
    with pytest.raises(ConfigurationError, match="others may write"):
        with_files(place | {"CREDENTIALS_DIRECTORY": str(kept.parent)})


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo", b"\xff\xfe", b"x" * 70_000, b"a\0b"])
def test_a_file_that_holds_no_secret_is_refused_without_repeating_it(kept, content):
    kept.write_bytes(content)
    with pytest.raises(ConfigurationError) as refused:
        with_files({"TM_SERVICE_DATABASE_FILE": str(kept)})
    assert str(refused.value).startswith(f"TM_SERVICE_DATABASE_FILE: {kept} ")
    assert "two" not in str(refused.value)


@pytest.mark.parametrize("place", ["missing", "."])
def test_a_file_that_cannot_be_read_is_said_in_words(tmp_path, place):
    with pytest.raises(ConfigurationError, match="cannot be read: "):
        with_files({"TM_SERVICE_MAIL_FILE": str(tmp_path / place)})


def test_a_misspelt_variable_is_noticed():
    assert unknown(
        {"TM_SERVICE_BROKR": "x", "TM_SERVICE_HOME_FILE": "x", "TM_SERVICE_MAIL_FILE": "x", "PATH": "x"}
    ) == [
        "TM_SERVICE_BROKR",
        "TM_SERVICE_HOME_FILE",
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LOG", "xml", "TM_SERVICE_LOG is 'xml'; choose one of json, text."),
        ("LOG_LEVEL", "loud", "TM_SERVICE_LOG_LEVEL is 'loud'; choose one of debug, info, warning, error."),
        ("HTTPS", "maybe", "TM_SERVICE_HTTPS is 'maybe'; write yes or no."),
        ("GRACE", "-1", "TM_SERVICE_GRACE is '-1'; write whole seconds from 0 to 3600."),
        ("DRAIN", "3601", "TM_SERVICE_DRAIN is '3601'; write whole seconds from 0 to 3600."),
        ("GRACE", "٣", "TM_SERVICE_GRACE is '٣'; write whole seconds from 0 to 3600."),
        ("MAIL", "mail.example.org", "TM_SERVICE_MAIL is no address of a mail server; write smtp://host:port."),
        ("METRICS_TOKEN", "short", "TM_SERVICE_METRICS_TOKEN is too weak; "),
        ("METRICS_TOKEN", "twenty words with spaces", "TM_SERVICE_METRICS_TOKEN is too weak; "),
    ],
)
def test_what_is_set_wrongly_is_said_at_the_start(tmp_path, name, value, said):
    with pytest.raises(ConfigurationError) as refused:
        read_settings(tmp_path, {f"TM_SERVICE_{name}": value})
    assert str(refused.value).startswith(said)


def test_what_is_not_set_is_usual(tmp_path):
    assert read_settings(tmp_path, {}).operation == Operation()
    set_empty = {f"TM_SERVICE_{name}": "" for name in ("LOG", "LOG_LEVEL", "GRACE", "DRAIN", "HTTPS", "METRICS_TOKEN")}
    assert read_settings(tmp_path, set_empty).operation == Operation()
    assert os.environ.get("TM_SERVICE_LOG") is None

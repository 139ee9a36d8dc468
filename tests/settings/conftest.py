import pytest

from tm_service.settings import read_settings


@pytest.fixture
def write(tmp_path):
    def writing(text, name="sites.toml"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        return file

    return writing


@pytest.fixture
def settings(tmp_path):
    return read_settings(tmp_path / "home", {})

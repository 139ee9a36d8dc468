"""Writing catalogs into a checkout."""

import os
import stat

import pytest

from connectors.checkout import FolderCheckout
from tm_service.domain.errors import ConfigurationError, ConnectorError


@pytest.fixture
def write(tmp_path):
    checkout = FolderCheckout()
    folder = tmp_path / "checkout"
    folder.mkdir()
    return lambda files: checkout.write(folder, files)


@pytest.fixture
def folder(tmp_path, write):
    return tmp_path / "checkout"


def test_files_are_written_and_named_sorted(write, folder):
    assert write({"i18n/fr/b.json": b"2", "a b/é.json": b"1"}) == ("a b/é.json", "i18n/fr/b.json")
    assert (folder / "i18n/fr/b.json").read_bytes() == b"2"
    assert (folder / "a b/é.json").read_bytes() == b"1"


def test_only_what_differs_is_touched(write, folder):
    files = {"same": b"1", "longer": b"22", "other": b"3"}
    write(files)
    before = (folder / "same").stat()
    assert write(files | {"longer": b"222", "other": b"4"}) == ("longer", "other")
    assert (folder / "same").stat() == before
    assert (folder / "other").read_bytes() == b"4"
    assert write({}) == ()


def test_a_file_keeps_its_mode_and_no_draft_stays(write, folder):
    write({"a": b"1"})
    (folder / "a").chmod(0o640)
    write({"a": b"2"})
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o640
    assert [place.name for place in folder.iterdir()] == ["a"]


def test_a_reader_of_the_old_file_still_reads_the_old_file(write, folder):
    write({"a": b"old"})
    with (folder / "a").open("rb") as reader:
        write({"a": b"new"})
        assert reader.read() == b"old"


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", ".git/hooks/x", "a/.Git/x", "", "a//b", "a\0b"])
def test_a_path_that_escapes_is_refused_before_anything_is_written(write, folder, path):
    with pytest.raises(ConfigurationError, match=r"^The path"):
        write({"good": b"1", path: b"2"})
    assert list(folder.iterdir()) == []


def test_a_linked_folder_that_leads_out_is_refused_before_anything_is_written(write, folder, tmp_path):
    (tmp_path / "outside").mkdir()
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "self").symlink_to(".git")
    for path in ("out/x", "out/deep/x", "self/hooks/x"):
        with pytest.raises(ConfigurationError, match="a link that leads out of it"):
            write({"good": b"1", path: b"2"})
    assert not (folder / "good").exists()
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_linked_folder_inside_the_checkout_is_followed(write, folder):
    (folder / "real").mkdir()
    (folder / "alias").symlink_to("real")
    assert write({"alias/x": b"1"}) == ("alias/x",)
    assert (folder / "real/x").read_bytes() == b"1"


def test_a_link_or_a_folder_in_a_files_place_is_refused(write, folder, tmp_path):
    (tmp_path / "outside").write_bytes(b"1")
    (folder / "link").symlink_to(tmp_path / "outside")
    (folder / "folder").mkdir()
    for path in ("link", "folder"):
        with pytest.raises(ConfigurationError, match="a link or a folder in the checkout"):
            write({path: b"2"})
    assert (tmp_path / "outside").read_bytes() == b"1"


def test_a_file_in_a_folders_place_is_refused(write, folder):
    write({"a": b"1"})
    with pytest.raises(ConfigurationError, match="A file stands where a/b needs a folder"):
        write({"a/b": b"2"})


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="gone does not exist"):
        FolderCheckout().write(tmp_path / "gone", {"a": b"1"})


def test_a_disk_that_refuses_leaves_the_old_file_and_no_draft(write, folder, monkeypatch):
    write({"a": b"old"})

    def refuse(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ConnectorError, match="a cannot be written into the checkout: No space left on device"):
        write({"a": b"new"})
    assert [place.read_bytes() for place in folder.iterdir()] == [b"old"]

"""Leaving packages in a shared folder."""

import errno
import os
from dataclasses import replace
from threading import Barrier, Thread

import pytest

from connectors.folder_channel import FolderChannel
from tests.connectors.test_channel_contract import DELIVERY
from tm_service.domain.errors import Conflict, Refused, TryLater


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "share"
    place.mkdir()
    return place


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def failing(number):
    def fail(*args: object, **named: object):
        raise OSError(number, os.strerror(number))

    return fail


def test_the_same_file_again_is_harmless_and_said(folder):
    channel = FolderChannel(folder)
    first = channel.send(DELIVERY)
    before = (folder / DELIVERY.name).stat()
    again = channel.send(DELIVERY)
    assert (first.repeated, again.repeated) == (False, True)
    assert (folder / DELIVERY.name).stat().st_mtime_ns == before.st_mtime_ns
    assert names(folder) == [DELIVERY.name]


@pytest.mark.parametrize("there", [b"", b"other", DELIVERY.content + b"more", DELIVERY.content[:-1]])
def test_another_file_of_that_name_is_never_overwritten(folder, there):
    (folder / DELIVERY.name).write_bytes(there)
    with pytest.raises(Conflict, match="holds another file"):
        FolderChannel(folder).send(DELIVERY)
    assert (folder / DELIVERY.name).read_bytes() == there
    assert names(folder) == [DELIVERY.name]


def test_a_link_in_its_place_is_not_followed(folder, tmp_path):
    outside = tmp_path / "outside"
    outside.write_bytes(DELIVERY.content)
    (folder / DELIVERY.name).symlink_to(outside)
    with pytest.raises(Conflict, match="is a link or a folder"):
        FolderChannel(folder).send(DELIVERY)
    (folder / DELIVERY.name).unlink()
    (folder / DELIVERY.name).symlink_to(tmp_path / "nowhere")
    with pytest.raises(Conflict, match="is a link or a folder"):
        FolderChannel(folder).send(DELIVERY)
    assert not (tmp_path / "nowhere").exists()


def test_the_name_appears_only_when_the_file_is_whole(folder, monkeypatch):
    seen = []
    sync = os.fsync

    def look(handle):
        seen.append((DELIVERY.name in names(folder), os.fstat(handle).st_size))
        sync(handle)

    monkeypatch.setattr(os, "fsync", look)
    FolderChannel(folder).send(DELIVERY)
    assert seen[0] == (False, len(DELIVERY.content))
    assert [there for there, _ in seen[1:]] == [True]  # the folder, once the name is in it


@pytest.mark.parametrize("step", ["fsync", "link", "write"])
@pytest.mark.parametrize(
    ("number", "failure"),
    [
        (errno.ENOSPC, TryLater),
        (errno.EIO, TryLater),
        (errno.ESTALE, TryLater),
        (errno.EACCES, Refused),
        (errno.EROFS, Refused),
    ],
)
def test_a_disk_that_fails_leaves_nothing_behind(folder, monkeypatch, step, number, failure):
    if step == "write":
        monkeypatch.setattr(os, "fdopen", failing(number))
    else:
        monkeypatch.setattr(os, step, failing(number))
    with pytest.raises(failure, match=rf"cannot be written: {os.strerror(number)}"):
        FolderChannel(folder).send(DELIVERY)
    monkeypatch.undo()
    assert names(folder) == []
    assert FolderChannel(folder).send(DELIVERY).repeated is False


def test_a_share_that_is_away_may_come_back(tmp_path):
    channel = FolderChannel(tmp_path / "share")
    with pytest.raises(TryLater, match="No such file or directory"):
        channel.send(DELIVERY)
    (tmp_path / "share").mkdir()
    assert channel.send(DELIVERY).reference == str(tmp_path / "share" / DELIVERY.name)


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_share_without_hard_links_serves_as_well(folder, monkeypatch, number):
    monkeypatch.setattr(os, "link", failing(number))
    channel = FolderChannel(folder)
    assert [channel.send(DELIVERY).repeated for _ in range(2)] == [False, True]
    assert names(folder) == [DELIVERY.name]
    with pytest.raises(Conflict):
        channel.send(replace(DELIVERY, content=b"other"))


def test_of_many_senders_at_once_one_file_stays_and_all_know_it(folder):
    senders, answers = 8, []
    together = Barrier(senders)

    def send():
        together.wait()
        answers.append(FolderChannel(folder).send(DELIVERY).repeated)

    threads = [Thread(target=send) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] + [True] * (senders - 1)
    assert names(folder) == [DELIVERY.name]

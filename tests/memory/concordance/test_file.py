"""The file: complete or not there, and proved to be what was written for this shelf by these rules."""

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.concordance import Concordance, Unusable, build, postings
from memory.concordance.gathering import Gathering
from memory.concordance.postings import SIDES, opened
from tests.memory.concordance.samples import Pile


def harbour():
    shelf = Pile()
    shelf.put("Boats leave the harbour at noon", "Les bateaux quittent le port à midi")
    shelf.put("Harbour office", "Bureau du port")
    return shelf


def built(path, shelf=None):
    build(shelf or harbour(), path, source="en", target="fr")
    return path


def test_a_file_is_the_same_for_the_same_shelf(tmp_path):
    assert built(tmp_path / "a").read_bytes() == built(tmp_path / "b").read_bytes()


def test_every_array_is_read_back_as_it_was_gathered(tmp_path):
    _, halves = opened(built(tmp_path / "words.bin"))
    for side, language in zip(SIDES, ("en", "fr"), strict=True):
        gathering = Gathering(language)
        for pair in harbour().added():
            gathering.add(pair.number, getattr(pair, side))
        there, here = halves[side]._arrays, gathering.half()._arrays
        for name in type(here).__slots__:
            assert np.array_equal(getattr(there, name), getattr(here, name)), name


@pytest.mark.parametrize("step", [1, 3])
def test_words_that_are_spilled_and_sorted_in_parts_give_the_same_file(tmp_path, monkeypatch, step):
    whole = built(tmp_path / "whole").read_bytes()
    for name in ("_SPILL", "_STEP", "_PART", "_MOST_PIECES"):
        monkeypatch.setattr(f"memory.concordance.gathering.{name}", step)
    assert built(tmp_path / "parts").read_bytes() == whole


def test_numbers_beyond_32_bits_are_kept(tmp_path):
    shelf = harbour()
    shelf.pairs = {number + (1 << 40): pair for number, pair in shelf.pairs.items()}
    gathering = Gathering("en")
    for number, pair in shelf.pairs.items():
        gathering.add(number, pair.source)
    assert sorted(gathering.half().numbers.tolist()) == sorted(shelf.pairs)


def test_a_shelf_of_too_many_words_is_refused(monkeypatch):
    monkeypatch.setattr("memory.concordance.gathering._MOST_PLACES", 10)
    gathering = Gathering("en")
    gathering.add(1, "one two three four five six seven eight nine ten")
    with pytest.raises(OverflowError, match="10 words are too many for one concordance; divide the shelf"):
        gathering.half()


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return built(tmp_path_factory.mktemp("whole") / "words.bin").read_bytes()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_bit_can_change_unseen(data, content, tmp_path_factory):
    path, content = tmp_path_factory.getbasetemp() / "flipped.bin", bytearray(content)
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    with pytest.raises(Unusable, match="build it again"):
        opened(path)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_byte_can_be_missing_or_too_many(data, content, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "cut.bin"
    cut = data.draw(st.integers(0, len(content) - 1))
    path.write_bytes(data.draw(st.sampled_from([content[:cut], content + content[: cut + 1]])))
    for proved in (True, False):
        with pytest.raises(Unusable, match="build it again"):
            opened(path, proved=proved)


@pytest.mark.parametrize("content", [b"", b"TMWORDS", b"\0" * 64, b"TMWORDS\x01" + b"\xff" * 90, os.urandom(500)])
def test_what_is_no_concordance_is_not_opened(tmp_path, content):
    (tmp_path / "words.bin").write_bytes(content)
    with pytest.raises(Unusable):
        opened(tmp_path / "words.bin", proved=False)


def test_a_file_that_is_missing_is_to_be_built(tmp_path):
    with pytest.raises(Unusable, match="There is no"):
        Concordance(harbour(), tmp_path / "words.bin")


def test_the_file_of_another_shelf_is_not_asked(tmp_path):
    other = harbour()
    other.identity = "another store"
    with pytest.raises(Unusable, match="made of another shelf"):
        Concordance(other, built(tmp_path / "words.bin"))


def test_the_file_of_a_shelf_that_went_back_is_not_asked(tmp_path):
    """A store restored from a backup gives old numbers to new pairs."""
    path, older = built(tmp_path / "words.bin"), harbour()
    del older.pairs[2]
    with pytest.raises(Unusable, match="more than the shelf has"):
        Concordance(older, path)


def test_a_file_made_by_other_rules_is_not_asked(tmp_path, monkeypatch):
    path = built(tmp_path / "words.bin")
    monkeypatch.setattr(postings, "rules", lambda: "other rules")
    with pytest.raises(Unusable, match="made by other rules"):
        opened(path)


def test_an_empty_shelf_has_an_empty_concordance(tmp_path):
    concordance = Concordance(Pile(), built(tmp_path / "words.bin", Pile()))
    for asked in ("harbour", "h*", '"the harbour"', "*a*"):
        assert concordance.search(asked).total == 0


class Breaking(Pile):
    """A shelf whose texts end in a fault."""

    def added(self, since=0):
        yield from super().added(since)
        raise RuntimeError("The disk is gone.")


def test_a_fault_while_texts_are_read_leaves_the_old_file(tmp_path):
    path = built(tmp_path / "words.bin")
    before = path.read_bytes()
    with pytest.raises(RuntimeError):
        build(Breaking(pairs=harbour().pairs), path, source="en", target="fr")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace", "memory.concordance.postings.blake2b"])
def test_a_fault_while_the_file_is_written_leaves_the_old_file(tmp_path, monkeypatch, step):
    path = built(tmp_path / "words.bin")
    before = path.read_bytes()

    def fail(*_: object, **__: object):
        raise OSError("No space left on device")

    monkeypatch.setattr(step, fail)
    with pytest.raises(OSError, match="No space left"):
        built(path)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


ENDLESS = """
import sys
from itertools import count
from pathlib import Path
from memory.concordance import build
from tests.memory.concordance.samples import Pile, pair

class Endless(Pile):
    def position(self):
        return 10**9, 0
    def added(self, since=0):
        for number in range(1, int(sys.argv[2])):
            yield pair(number, f"Boat number {number}")
            if number == 2_000:
                print("building", flush=True)

while True:
    build(Endless(), Path(sys.argv[1]), source="en", target="fr")
"""


@pytest.mark.parametrize("pairs", [3_000, 10**9])
def test_a_process_that_is_killed_while_it_builds_leaves_a_whole_file(tmp_path, pairs):
    path = built(tmp_path / "words.bin")
    root = Path(__file__).parents[3]
    words = [sys.executable, "-c", ENDLESS, path, str(pairs)]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
    ) as process:
        process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    about, halves = opened(path)
    assert halves["source"].size in (2, pairs - 1)
    assert about.identity == "pile"


def test_what_a_killed_process_left_is_cleared_a_day_later(tmp_path):
    old, young = tmp_path / "words.bin.1.draft", tmp_path / "words.bin.2.draft"
    for left in (old, young, tmp_path / "other.bin.3.draft"):
        left.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    built(tmp_path / "words.bin")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.bin.3.draft", "words.bin", "words.bin.2.draft"]


def test_an_open_file_goes_on_while_a_new_one_takes_its_place(tmp_path):
    shelf = harbour()
    concordance = Concordance(shelf, built(tmp_path / "words.bin", shelf))
    shelf.put("The harbour light")
    built(tmp_path / "words.bin", shelf)
    assert concordance.search("harbour", side="source").total == 3
    assert (concordance.behind, Concordance(shelf, tmp_path / "words.bin").behind) == (1, 0)


def test_pairs_that_come_while_it_is_built_are_not_in_it_twice(tmp_path):
    class Growing(Pile):
        def added(self, since=0):
            numbers = count(1)
            while (number := next(numbers)) <= len(self.pairs):
                if number == 1 and since == 0:
                    self.put("A harbour that came later")
                if number > since:
                    yield self.pairs[number]

    shelf = Growing(pairs=harbour().pairs)
    concordance = Concordance(shelf, built(tmp_path / "words.bin", shelf))
    assert concordance.search("harbour", side="source").total == 3
    assert concordance.behind == 1

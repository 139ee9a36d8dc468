"""The kept index: opened, caught up, merged, torn and killed; the shelf is the truth, whatever happens to the folder."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from memory.forms import form
from memory.index.kept import KeptIndex
from memory.index.layout import CorruptRun, MappedRun
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.text import fingerprint

AT = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = [
    "seed",
    "bank",
    "harbour",
    "permit",
    "notice",
    "keeper",
    "ledger",
    "of",
    "the",
    "a",
    "shall",
    "record",
    "north",
]


class FakeShelf:
    """Pairs in a list; what the contract of the Shelf port needs of an index."""

    def __init__(self, texts=(), identity="store/garden/en/fr") -> None:
        self.identity, self.texts_, self.gone = identity, list(texts), []

    def position(self):
        return len(self.texts_), len(self.gone)

    def texts(self, since=0):
        return ((n, text) for n, text in enumerate(self.texts_, 1) if n > since and n not in self.gone)

    def added(self, since=0):
        for number, text in self.texts(since):
            yield Translation("garden", "fr", "r", ("k",), fingerprint(text), text, "x", AT, Origin.SITE, number=number)

    def retired(self, since=0):
        return self.gone[since:]

    def entries(self, numbers):
        return {entry.number: entry for entry in self.added() if entry.number in numbers}

    def exact(self, _):
        return {}


def sentences(count, seed=1):
    chance = random.Random(seed)
    return [" ".join(chance.choices(WORDS, k=chance.randint(1, 12))) + f" {place}" for place in range(count)]


def numbers(index, text, least=75, k=50):
    return sorted(number for hit in index.search(form(text), least=least, k=k).found for number in hit.pairs)


def answers(index, texts):
    return [[(hit.percent, hit.pairs) for hit in index.search(form(text), least=60, k=8).found] for text in texts]


@pytest.fixture
def shelf():
    return FakeShelf(sentences(900))


def test_a_folder_that_is_not_there_is_built_from_the_shelf_and_opened_again(shelf, tmp_path):
    first = KeptIndex(tmp_path / "i", shelf, "en")
    assert first.refresh() == 900
    again = KeptIndex(tmp_path / "i", shelf, "en")
    assert again.refresh() == 0, "nothing is read twice"
    asked = sentences(20, seed=2)
    assert answers(again, asked) == answers(first, asked)
    assert any(answers(again, asked))


def test_before_the_first_refresh_the_shelf_itself_answers(shelf, tmp_path):
    index = KeptIndex(tmp_path / "i", shelf, "en")
    assert numbers(index, shelf.texts_[40]) == numbers(
        _refreshed(KeptIndex(tmp_path / "j", shelf, "en")), shelf.texts_[40]
    )


def _refreshed(index):
    index.refresh()
    return index


def test_what_is_added_and_retired_is_seen_at_the_next_refresh_here_and_elsewhere(shelf, tmp_path):
    here, there = (_refreshed(KeptIndex(tmp_path / "i", shelf, "en")) for _ in range(2))
    shelf.texts_.append("The keeper of the northern lighthouse files a yearly ledger")
    shelf.gone.append(7)
    for index in (here, there):
        assert index.refresh() == 1
        assert 901 in numbers(index, "The keeper of the northern lighthouse files a ledger")
        assert 7 not in numbers(index, shelf.texts_[6])


def test_one_process_merges_and_another_takes_it_over(shelf, tmp_path):
    here, there = (_refreshed(KeptIndex(tmp_path / "i", shelf, "en")) for _ in range(2))
    shelf.texts_ += sentences(700, seed=5)
    shelf.gone += [3, 905]
    here.refresh()
    assert here.keep()
    assert there.refresh() == 0, "what was merged is mapped, not read from the shelf again"
    asked = sentences(30, seed=3)
    assert answers(there, asked) == answers(here, asked)
    assert {3, 905}.isdisjoint(numbers(there, shelf.texts_[2]) + numbers(there, shelf.texts_[904]))
    fresh = _refreshed(KeptIndex(tmp_path / "fresh", shelf, "en"))
    assert answers(there, asked) == answers(fresh, asked)


def test_a_small_run_beside_a_large_one_keeps_what_was_retired_from_either(tmp_path):
    shelf = FakeShelf(sentences(9000))
    index = _refreshed(KeptIndex(tmp_path / "i", shelf, "en"))
    for step in range(3):
        shelf.texts_ += sentences(520, seed=20 + step)
        shelf.gone.append(100 + step)
        index.refresh()
        assert index.keep()
    assert len(json.loads((tmp_path / "i" / "manifest.json").read_text())["runs"]) == 2
    again = _refreshed(KeptIndex(tmp_path / "i", shelf, "en"))
    for number in (100, 101, 102):
        assert number not in numbers(again, shelf.texts_[number - 1])
    fresh = _refreshed(KeptIndex(tmp_path / "fresh", shelf, "en"))
    asked = sentences(25, seed=4)
    assert answers(again, asked) == answers(fresh, asked)


def test_texts_asked_together_are_answered_as_one_by_one(engine, shelf, tmp_path):
    index = _refreshed(KeptIndex(tmp_path / "i", shelf, "en"))
    shelf.texts_.append("The keeper of the northern lighthouse files a yearly ledger")
    index.refresh()
    asked = [form(text) for text in [*sentences(250, seed=6), *shelf.texts_[-30:], *shelf.texts_[-30:]]]
    assert index.search_all(asked, least=60, k=3) == [index.search(entry, least=60, k=3) for entry in asked]
    assert index.search_all([]) == []


def test_an_index_of_another_shelf_is_not_taken(shelf, tmp_path):
    _refreshed(KeptIndex(tmp_path / "i", shelf, "en"))
    other = FakeShelf(["A text of quite another house"], identity="other/garden/en/fr")
    index = KeptIndex(tmp_path / "i", other, "en")
    index.refresh()
    assert numbers(index, shelf.texts_[0]) == []
    assert numbers(index, "A text of quite another house") == [1]


def test_a_shelf_older_than_its_index_wins(shelf, tmp_path):
    """A backup was restored: what the index knows beyond it never was."""
    _refreshed(KeptIndex(tmp_path / "i", shelf, "en"))
    older = FakeShelf(shelf.texts_[:600], identity=shelf.identity)
    index = KeptIndex(tmp_path / "i", older, "en")
    index.refresh()
    assert all(number <= 600 for text in shelf.texts_[:30] for number in numbers(index, text, least=50))


@pytest.mark.parametrize("damage", ["truncated", "header", "manifest", "gone", "empty"])
def test_a_damaged_folder_is_built_anew(shelf, tmp_path, damage):
    _refreshed(KeptIndex(tmp_path / "i", shelf, "en"))
    asked = sentences(15, seed=9)
    right = answers(_refreshed(KeptIndex(tmp_path / "right", shelf, "en")), asked)
    run = next((tmp_path / "i").glob("*.run"))
    manifest = tmp_path / "i" / "manifest.json"
    match damage:
        case "truncated":
            run.write_bytes(run.read_bytes()[:-100])
        case "header":
            run.write_bytes(b"\x00" * 64 + run.read_bytes()[64:])
        case "manifest":
            manifest.write_bytes(manifest.read_bytes()[:40])
        case "gone":
            run.unlink()
        case "empty":
            run.write_bytes(b"")
    index = KeptIndex(tmp_path / "i", shelf, "en")
    assert answers(index, asked[:3]) == right[:3], "the shelf itself answers meanwhile"
    assert index.refresh() == 900
    assert answers(index, asked) == right


@pytest.mark.slow
def test_every_flipped_bit_is_found_and_none_brings_the_search_down(engine, shelf, tmp_path):
    """Until the proof ends a damaged run may be asked: it may miss, it must not fall."""
    _refreshed(KeptIndex(tmp_path / "i", shelf, "en"))
    run = next((tmp_path / "i").glob("*.run"))
    whole = run.read_bytes()
    first = MappedRun(run)._first
    chance = random.Random(7)
    asked = sentences(6, seed=11)
    for _ in range(40):
        torn = bytearray(whole)
        for _ in range(chance.choice([1, 40])):
            torn[chance.randrange(first, len(torn))] ^= 1 << chance.randrange(8)
        run.write_bytes(torn)
        os.utime(tmp_path / "i" / "manifest.json")
        index = KeptIndex(tmp_path / "i", shelf, "en")
        answers(index, asked)
        index.prove()
        assert answers(index, asked[:1]) == answers(KeptIndex(tmp_path / "none", shelf, "en"), asked[:1])
        _put_back(tmp_path / "i", run, whole)


def _put_back(folder, run, whole):
    run.write_bytes(whole)
    KeptIndex(folder, FakeShelf(sentences(900)), "en").refresh()


def test_a_file_that_is_no_run_is_said_to_be_none(tmp_path):
    path = tmp_path / "x.run"
    path.write_bytes(b"not a run at all")
    with pytest.raises(CorruptRun):
        MappedRun(path)


WRITER = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.memory.index.test_kept import FakeShelf, sentences
from memory.index.kept import KeptIndex
shelf = FakeShelf(sentences(900))
index = KeptIndex(Path({folder!r}), shelf, "en")
index.refresh()
print("ready", flush=True)
for turn in range(200):
    shelf.texts_ += sentences(600, seed=100 + turn)
    index.refresh()
    index.keep()
"""


@pytest.mark.slow
def test_a_merge_that_is_killed_leaves_the_old_index_or_the_new_one(shelf, tmp_path):
    folder = tmp_path / "i"
    script = WRITER.format(root=str(Path(__file__).parents[3]), folder=str(folder))
    chance = random.Random(3)
    for _ in range(6):
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.0, 0.6))
        process.send_signal(signal.SIGKILL)
        process.wait()
        known = json.loads((folder / "manifest.json").read_text())
        for run in known["runs"]:
            assert MappedRun(folder / run["file"]).proved()
        texts = sentences(900)
        for turn in range(200):
            if len(texts) >= known["added"]:
                break
            texts += sentences(600, seed=100 + turn)
        index = KeptIndex(folder, FakeShelf(texts), "en")
        assert index.refresh() == 0, "every pair the manifest speaks of is in its runs"
        fresh = _refreshed(KeptIndex(tmp_path / f"fresh-{known['added']}", FakeShelf(texts), "en"))
        asked = sentences(10, seed=8)
        assert answers(index, asked) == answers(fresh, asked)

"""Corpus: a memory of so many segments as a file, with the form of each, and what it is asked for.

`python -m tests.benchmarks.corpus SIZE` prints the shares of a corpus and a few of its segments.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from memory.forms import Form, form
from tests.benchmarks.growth import Growth
from tests.benchmarks.originals import Originals, originals
from tests.benchmarks.peers import Query, Segments

KINDS = {
    "later version": 0.2,
    "edited": 0.55,
    "unrelated": 0.25,
}  # at most so many; what lacks of one, the next has more
_FIRST = 10_000  # segments among which edited queries have their source: they are in every corpus
_ENDINGS = ("s", "ed", "ing", "al", "ly")


@dataclass(frozen=True)
class Corpus:
    """The first `size` segments of the growth, one a line; `forms` are kept beside them once they are made."""

    size: int
    path: Path
    origin: str

    def texts(self) -> Iterator[str]:
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield line[:-1]

    def forms(self) -> Iterator[Form]:
        """Read in a tenth of the time that making them takes; equal words are one object."""
        prepared = self.path.with_suffix(".forms")
        if not prepared.exists():
            draft = self.path.with_suffix(".draft")
            with draft.open("w", encoding="utf-8") as out:
                out.writelines(map(_written, map(form, self.texts())))
            draft.replace(prepared)
        with prepared.open(encoding="utf-8") as lines:
            for line in lines:
                letters, words, numbers, *codes = line[:-1].split("\t")
                known = tuple(map(sys.intern, words.split(" "))) if words else ()
                yield Form(letters, known, tuple(numbers.split(" ")) if numbers else (), tuple(codes))

    def segments(self) -> Segments:
        """All in memory: 1.5 GB for a million."""
        return Segments(list(self.texts()), list(self.forms()))


def _written(prepared: Form) -> str:
    # Nothing here has a tab or a line's end, as the corpus's texts have none, and no word or number has a space.
    return "\t".join([prepared.letters, " ".join(prepared.words), " ".join(prepared.numbers), *prepared.codes]) + "\n"


def corpus(size: int, folder: Path, from_: Originals | None = None, seed: int = 1) -> Corpus:
    """Grown into a file of the folder, or found there."""
    grown_from = from_ or originals()
    path = folder / f"corpus-{size}-{seed}.txt"
    if not path.exists():
        draft = path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as out:
            out.writelines(f"{text}\n" for text in islice(Growth(grown_from, seed).texts(), size))
        draft.replace(path)
    return Corpus(size, path, grown_from.origin)


def queries(count: int, from_: Originals | None = None, seed: int = 1) -> list[Query]:
    """Different texts in mixed order, none of which is among the first 10,000 segments; the same for every size.

    Later versions are real edits, from the site's history. Edited ones are one to three small edits away from a segment: a
    word changed, added, taken out, or another letter, ending, case or sign. Unrelated ones are grown like the corpus.
    """
    grown_from = from_ or originals()
    chance = random.Random(seed)
    stored = list(islice(Growth(grown_from, seed).texts(), _FIRST))
    words = [word for text in stored for word in text.split() if word.isalpha()]
    later = [after for _, after in grown_from.edits]
    chance.shuffle(later)
    texts = dict.fromkeys(later[: round(count * KINDS["later version"])], "later version")
    known = set(stored) | set(texts)
    edited = count - len(texts) - round(count * KINDS["unrelated"])
    for kind, wanted, source in (
        ("edited", edited, _edits(stored, words, chance)),
        ("unrelated", count - len(texts) - edited, Growth(grown_from, seed + 1).unrelated(4 * count)),
    ):
        fresh = (text for text in source if text and text not in known and text not in texts)
        for _ in range(wanted):
            texts[next(fresh)] = kind
    asked = [Query(text, form(text), kind) for text, kind in texts.items()]
    chance.shuffle(asked)
    return asked


def _edits(stored: Sequence[str], words: Sequence[str], chance: random.Random) -> Iterator[str]:
    while True:
        text = chance.choice(stored).split()
        for _ in range(chance.randint(1, min(3, 1 + len(text) // 4))):
            _edit(text, words, chance)
        yield " ".join(text)


def _edit(text: list[str], words: Sequence[str], chance: random.Random) -> None:
    """One small edit in place, as translators' sources have them: half of them within a word."""
    place = chance.randrange(len(text))
    word = text[place]
    at = chance.randrange(len(word))
    match chance.randrange(8):
        case 0 | 1:
            text[place] = chance.choice(words)
        case 2:
            text.insert(place, chance.choice(words))
        case 3 if len(text) > 2:
            del text[place]
        case 4:
            text[place] = word[:at] + word[at + 1 :] or word * 2
        case 5:
            text[place] = word + chance.choice(_ENDINGS)
        case 6:
            text[place] = word.swapcase() if word.swapcase() != word else f"{word}{chance.randint(1, 99)}"
        case _:
            text[-1] = text[-1][:-1] if text[-1][-1] in ".:?!" and len(text[-1]) > 1 else f"{text[-1]}."


def shares(texts: Sequence[str]) -> dict[str, float]:
    """What a corpus is made of: texts of at most two words, of three to ten, of more; words and characters of each."""
    counts = [len(text.split()) for text in texts]
    bands = Counter("at most 2" if count <= 2 else "3 to 10" if count <= 10 else "more" for count in counts)
    return {
        **{band: bands[band] / len(texts) for band in ("at most 2", "3 to 10", "more")},
        "words": sum(counts) / len(texts),
        "characters": sum(map(len, texts)) / len(texts),
    }


def main() -> None:
    """Show a corpus to a person."""
    size = int(sys.argv[1])
    with TemporaryDirectory(prefix="tm-service-bench-") as folder:
        texts = list(corpus(size, Path(folder)).texts())
    for name, share in shares(texts).items():
        sys.stdout.write(f"{name:12}{share:8.3f}\n")
    sys.stdout.writelines(f"{text}\n" for text in texts[:: max(1, size // 10)])


if __name__ == "__main__":
    main()

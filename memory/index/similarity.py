"""Similarity: the best stored texts for a text, from runs on disk and what came since; a log-structured index over a shelf."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from threading import RLock

from memory.forms import Form
from memory.index.build import build
from memory.index.delta import Delta
from memory.index.query import Answer, Query
from memory.index.run import Run, combined, engine_name
from memory.score import DEFAULT, Penalties

_SEALED = 8192  # pairs in the delta beyond which it is worth a run of its own
_WORTH_THREADS = 200  # texts from which threads are quicker begun than done without
_AT_ONCE = 50  # texts that a thread takes
Part = Run | Delta


@dataclass(frozen=True, slots=True)
class Hit:
    """One stored text: `percent` after the penalties of comparing texts, and the numbers of its pairs, newest first."""

    percent: float
    similarity: float
    pairs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """The best texts, best first; `complete` is False where a cap on the work may have left some out."""

    found: tuple[Hit, ...]
    complete: bool = True


class SimilarityIndex:
    """Searches as brute force over `memory.score.compare` would (law 8); see `memory.index` for the proof.

    Safe to use from several threads: an insert or a retirement is seen by every search that begins after it.
    """

    def __init__(self, language: str = "en", runs: Sequence[Run] = (), penalties: Penalties = DEFAULT) -> None:
        self.language, self.penalties = language, penalties
        self.runs = tuple(runs)
        self._deltas: tuple[Delta, ...] = (Delta(language),)
        self._lock = RLock()

    def add(self, number: int, entry: Form) -> None:
        """Add a pair by the form of its source; a number that is there already is left as it is."""
        with self._lock:
            self._deltas[-1].add(number, entry)

    def extend(self, entries: Iterable[tuple[int, Form]]) -> "SimilarityIndex":
        for number, entry in entries:
            self.add(number, entry)
        return self

    def retire(self, number: int) -> bool:
        """Leave a pair out from now on; whether it was here."""
        with self._lock:
            return sum(part.retire(number) for part in self._parts) > 0

    def search(self, form: Form, *, least: float = 75, k: int = 5) -> Hits:
        """At most `k` stored texts of at least `least` percent. Raises ValueError for a threshold of 0 or less."""
        vet(least, k)
        query, wanted = Query.of(form), round(100 * least)
        best: list[tuple[Answer, Part]] = []
        complete = True
        with self._lock:
            runs, deltas = self.runs, self._deltas
        for run in runs:
            best, whole, wanted = self._with(best, run, query, wanted, k)
            complete = complete and whole
        if any(map(len, deltas)):
            with self._lock:
                for delta in deltas:
                    best, _, wanted = self._with(best, delta, query, wanted, k)
        hits = (Hit(answer.left / 100, answer.points / 100, answer.pairs) for answer, _ in best[:k])
        return Hits(tuple(hit for hit in hits if hit.percent >= least), complete)

    def _with(
        self, best: list[tuple[Answer, Part]], part: Part, query: Query, wanted: int, k: int
    ) -> tuple[list[tuple[Answer, Part]], bool, int]:
        """The best so far with those of one more part, whether none was left out there, and the points wanted from now on."""
        found, complete = part.search(query, wanted, k, self.penalties)
        came = [(answer, part) for answer in found]
        best = _once(best, came) if best else came
        return best, complete, max(wanted, best[k - 1][0].left) if len(best) >= k else wanted

    def search_all(self, forms: Sequence[Form], *, least: float = 75, k: int = 5) -> list[Hits]:
        """As `search` for each text, equal ones once; several at a time where the engine lets other threads run meanwhile."""
        asked = list(dict.fromkeys(forms))
        search = partial(self.search, least=least, k=k)
        if self.engine == "native" and len(asked) >= _WORTH_THREADS:
            with ThreadPoolExecutor(os.cpu_count(), "search") as threads:
                parts = [asked[place : place + _AT_ONCE] for place in range(0, len(asked), _AT_ONCE)]
                found = list(chain.from_iterable(threads.map(lambda part: list(map(search, part)), parts)))
        else:
            found = list(map(search, asked))
        known = dict(zip(asked, found, strict=True))
        return [known[form] for form in forms]

    # the parts

    @property
    def _parts(self) -> tuple[Part, ...]:
        return (*self.runs, *self._deltas)

    def __len__(self) -> int:
        """Pairs that are searched."""
        return sum(map(len, self._parts))

    @property
    def segments(self) -> int:
        """Distinct forms, part by part."""
        return sum(run.count for run in self.runs) + sum(len(delta.forms) for delta in self._deltas)

    @property
    def bytes(self) -> int:
        return sum(run.bytes for run in self.runs)

    @property
    def engine(self) -> str:
        return engine_name()

    @property
    def waiting(self) -> int:
        """Pairs that are in no run yet."""
        return sum(map(len, self._deltas))

    def seal(self, keep: Callable[[Run], Run] = lambda run: run, least: int = _SEALED) -> bool:
        """Make one run of what came since the last; with the base where it has grown to a tenth of it. Whether it was done.

        The work is done beside searches and inserts: what comes meanwhile goes into a new delta. `keep` may put the run on disk
        and give back the mapped one.
        """
        with self._lock:
            if self.waiting < least or len(self._deltas) > 1:
                return False
            full, runs = self._deltas[0], self.runs
            self._deltas = (full, Delta(self.language))
        small = list(runs[1:])
        grown = len(full) + sum(run.pairs for run in small) + 10 * sum(len(run.retired) for run in runs)
        whole = not runs or 10 * grown >= runs[0].pairs
        merged = list(runs) if whole else small
        before = {id(run): set(run.retired) for run in merged}
        parts = [*(run.segments() for run in merged), full.segments()]
        taken = set(full.where)
        built = keep(Run(build(combined(parts)), self.language))
        with self._lock:
            late = taken - set(full.where)
            late |= {number for run in merged for number in run.retired - before[id(run)]}
            for number in late:
                built.retire(number)
            self.runs = (built,) if whole else (runs[0], built)
            self._deltas = self._deltas[1:]
        return True


def vet(least: float, k: int) -> None:
    """Raises ValueError for a search that would ask for everything, or for nothing."""
    if least <= 0 or k < 1:
        raise ValueError("A search needs a threshold above 0 and at least one place.")


def _once(best: list[tuple[Answer, Part]], came: list[tuple[Answer, Part]]) -> list[tuple[Answer, Part]]:
    """The best of several parts in order; a text that stands in more than one is one answer with all its pairs."""
    merged = list(best)
    places: dict[tuple[int, int], list[int]] = {}
    for place, (answer, _) in enumerate(best):
        places.setdefault(answer[:2], []).append(place)
    for answer, part in came:
        said = part.said(answer) if answer[:2] in places else None
        for place in places.get(answer[:2], ()):
            other, their_part = merged[place]
            if their_part.said(other) == said:
                pairs = tuple(sorted({*other.pairs, *answer.pairs}, reverse=True))
                merged[place] = other._replace(pairs=pairs), their_part
                break
        else:
            merged.append((answer, part))
    return sorted(merged, key=lambda one: (-one[0].left, -one[0].pairs[0]))

"""Similarity: the best stored texts for a text, from runs on disk and what came since; a log-structured index over a shelf."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import RLock

from memory.forms import Form
from memory.index.build import build
from memory.index.delta import Delta
from memory.index.run import Query, Run, Variant, combined, engine_name
from memory.score import DEFAULT, FULL, Penalties

_SEALED = 8192  # pairs in the delta beyond which it is worth a run of its own
_ALL = 1 << 30  # segments


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
            parts: tuple[Run | Delta, ...] = (*self.runs, *self._deltas)
            return sum(part.retire(number) for part in parts) > 0

    def search(self, form: Form, *, least: float = 75, k: int = 5) -> Hits:
        """At most `k` stored texts of at least `least` percent. Raises ValueError for a threshold of 0 or less."""
        vet(least, k)
        query, wanted = Query.of(form), round(100 * least)
        with self._lock:
            best, cut, complete = self._found(query, wanted, k, k)
            last = round(100 * best[k - 1].percent) if len(best) >= k else wanted
            # Penalties may bring one of the best below what was passed over as worse than it.
            if cut > max(last, wanted):
                best, _, complete = self._found(query, max(last, wanted), k, _ALL)
        return Hits(tuple(hit for hit in best[:k] if hit.percent >= least), complete)

    def _found(self, query: Query, wanted: int, k: int, segments: int) -> tuple[list[Hit], int, bool]:
        """Hits, best first, of the best `segments` of each part; the points above which none is missing; whether that holds."""
        found: list[Variant] = []
        cut, complete = wanted, True
        for run in self.runs:
            variants, passed, whole = run.search(query, wanted, k, segments)
            found += variants
            cut, complete = max(cut, passed), complete and whole
        for delta in self._deltas:
            if len(delta):
                found += delta.search(query, wanted)
        hits = [(hit, variant) for variant in found if 100 * (hit := self._hit(query, variant)).percent >= wanted - 0.5]
        hits.sort(key=lambda entry: (-entry[0].percent, -entry[0].pairs[0]))
        return _once(hits), cut, complete

    def _hit(self, query: Query, variant: Variant) -> Hit:
        """Penalties as `memory.score.differences` has them; an equal form is taken for a text that differs in signs."""
        same_codes, same_numbers = variant.codes == query.codes, variant.numbers == query.numbers
        taken = 0 if same_codes else self.penalties.codes
        taken += 0 if same_numbers else self.penalties.numbers
        if variant.points == FULL:
            taken += self.penalties.punctuation if same_codes and same_numbers else 0
        elif variant.same_words:
            cased = variant.letters().casefold() == query.form.letters.casefold()
            taken += self.penalties.case if cased else self.penalties.punctuation
        return Hit(max(0, variant.points - 100 * taken) / 100, variant.points / 100, variant.pairs)

    # the parts

    def __len__(self) -> int:
        """Pairs that are searched."""
        return sum(run.pairs - len(run.retired) for run in self.runs) + sum(map(len, self._deltas))

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


def _once(hits: Sequence[tuple[Hit, Variant]]) -> list[Hit]:
    """A text that stands in several parts is one hit with all its pairs."""
    found: dict[tuple[float, int, int], list[tuple[Hit, Variant]]] = {}
    best: list[Hit] = []
    for hit, variant in hits:
        known = found.setdefault((hit.similarity, variant.numbers, variant.codes), [])
        same = next((other for other in known if other[1].letters() == variant.letters()), None)
        if same is None:
            known.append((hit, variant))
            best.append(hit)
        else:
            pairs = tuple(sorted({*same[0].pairs, *hit.pairs}, reverse=True))
            place = best.index(same[0])
            best[place] = replace(hit, pairs=pairs)
            known[known.index(same)] = best[place], variant
    return best

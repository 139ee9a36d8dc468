"""Filed: the similarity index of a shelf kept in its database, where no index is mapped; the same answers, by SQL.

Nothing is held in memory but how often the commoner elements stand. What came is filed by whoever notices first, in batches
written together with how far they go; what was retired is left out when candidates are compared. Texts are filed anew, beside
searches, where the rules that make forms have changed, or where the order of elements was taken from far fewer texts than
there are now.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from importlib.resources import files
from itertools import islice
from threading import RLock

import numpy as np

from memory.forms import Form, form, words_of
from memory.index.filter import VERSION, Bits, bounds, bounds_by_bits, elements, filed, probes, signed
from memory.index.kept import scan
from memory.index.near import Nearness
from memory.index.segments import digest32
from memory.index.similarity import Hit, Hits, vet
from memory.score import DEFAULT, FULL, LONGEST, SHORT, Penalties, differences
from tm_service.domain.filters import FiledForm, Filing, FilingState, FilterReading, FilterTable, Order, Probe
from tm_service.domain.ports import Shelf

_RULES = ("forms.py", "languages.toml")
_AT_ONCE = 20_000  # pairs filed in one transaction
_SAMPLED = 50_000  # texts from which the order of elements is taken, at most
_COMMON = 3  # times an element stands among them before it is named
_OUTGROWN = 8  # times as many forms as the order was taken from, beyond which it is taken anew
_FIRST, _NEXT = 32, 400  # candidates whose letters are read together
_BUDGET = 8_000_000  # pairs of words looked at for one query, about two seconds; a thousand for each candidate at least
_MOST, _BY_LETTERS = 3, 4
_ELSE = ("",)  # stands for other numbers or codes than the query's

# A candidate: its number, its words or letters, its letters, the most points it can have, whether letters alone count.
Met = tuple[int, int, int, int, bool]


class FiledIndex:
    """Searches as brute force over `memory.score.compare` would (law 8); see `memory.index.filter` for the proof.

    Safe to use from several threads and processes: what one has filed, all find.
    """

    def __init__(self, table: FilterTable, shelf: Shelf, language: str, penalties: Penalties = DEFAULT) -> None:
        self.table, self.shelf, self.language, self.penalties = table, shelf, language, penalties
        self.rules = _rules(language)
        self._lock = RLock()
        self._order: tuple[int, Order] = (0, {})
        self._answered = False

    # keeping up

    def refresh(self) -> int:
        """File what came since; with nothing filed, all there is. Returns how many pairs this call filed."""
        with self._lock:
            ready, building = self._mine()
            if ready is not None:
                self._answered = True
                return self._catch_up(ready)[0]
            if self._answered:
                return 0  # another version of the rules has taken over: the shelf answers until this process ends
            return self._build(building)

    def keep(self) -> bool:
        """File anew where the order of elements has been outgrown, whether that was done; what was dropped is cleared away."""
        with self._lock:
            self.table.tidy()
            ready, building = self._mine()
            if ready is None or ready.sampled >= _SAMPLED or ready.forms <= _OUTGROWN * max(ready.sampled, 1):
                return False
            self._build(building)
            return True

    def _mine(self) -> tuple[Filing | None, Filing | None]:
        """The newest filings by these rules: one that answers, and one that is not ready."""
        newest: dict[FilingState, Filing] = {}
        for filing in self.table.filings():
            if filing.rules == self.rules:
                newest[filing.state] = filing
        return newest.get(FilingState.READY), newest.get(FilingState.BUILDING)

    def _build(self, begun: Filing | None) -> int:
        filing = begun or self._begin()
        came, whole = self._catch_up(filing)
        if whole:
            self.table.answer(filing)
            self.table.tidy()
            self._answered = True
        return came

    def _begin(self) -> Filing:
        often: Counter[int] = Counter()
        sampled = 0
        for _, text in islice(self.shelf.texts(), _SAMPLED):
            sampled += 1
            often.update(elements(form(text, self.language).words))
        order = {signed(element): times for element, times in often.items() if times >= _COMMON}
        return self.table.begin(self.rules, order, sampled)

    def _catch_up(self, filing: Filing) -> tuple[int, bool]:
        """File batch after batch; how many pairs came, and whether all there were are in it now."""
        order, came = self._order_of(filing), 0
        while True:
            newest = self.shelf.position()[0]
            if filing.added >= newest:
                return came, True
            batch = list(islice(self.shelf.texts(filing.added), _AT_ONCE))
            last = batch[-1][0] if batch else 0
            added = last if len(batch) == _AT_ONCE else max(newest, last)
            after = self.table.file(filing, self._forms(batch, order), added)
            if after is not None:
                filing, came = after, came + len(batch)
                continue
            found = next((other for other in self.table.filings() if other.number == filing.number), None)
            if found is None or found.state is FilingState.DROPPED:
                return came, False
            filing = found

    def _forms(self, batch: Sequence[tuple[int, str]], order: Order) -> list[FiledForm]:
        """Each form once, with its pairs."""
        found: dict[str, tuple[Form, list[tuple[int, int, int]]]] = {}
        for number, text in batch:
            entry = form(text, self.language)
            _, pairs = found.setdefault(entry.letters, (entry, []))
            pairs.append((number, *_hidden(entry)))
        return [filed(entry, order, pairs) for entry, pairs in found.values()]

    def _order_of(self, filing: Filing) -> Order:
        """The order of a filing; it never changes, so it is read once."""
        if self._order[0] != filing.number:
            with self.table.reading(self.rules) as reading:
                self._order = filing.number, reading.order(filing)
        return self._order[1]

    # asking

    def search(self, entry: Form, *, least: float = 75, k: int = 5) -> Hits:
        """As `SimilarityIndex.search`; while nothing is filed, from the shelf, read once through."""
        return self.search_all([entry], least=least, k=k)[0]

    def search_all(self, entries: Sequence[Form], *, least: float = 75, k: int = 5) -> list[Hits]:
        """As `search` for each text, in the order asked."""
        vet(least, k)
        hits: dict[Form, Hits] = {}
        with self.table.reading(self.rules) as reading:
            if reading.filing is None:
                return scan(self.shelf, self.language, entries, least=least, k=k, penalties=self.penalties)
            order = self._order
            if order[0] != reading.filing.number:
                order = self._order = reading.filing.number, reading.order(reading.filing)
            wanted = round(100 * least)
            for entry in entries:
                if entry not in hits:
                    hits[entry] = _Search(reading, entry, self.language, self.penalties, wanted, k).hits(order[1])
        return [hits[entry] for entry in entries]

    def __len__(self) -> int:
        """Pairs that are filed, retired ones as well."""
        ready, _ = self._mine()
        return ready.pairs if ready else 0

    @property
    def index(self) -> "FiledIndex":
        """What is counted, as of a kept index: here nothing stands between."""
        return self

    @property
    def segments(self) -> int:
        """Distinct forms."""
        ready, _ = self._mine()
        return ready.forms if ready else 0

    @property
    def bytes(self) -> int:
        """Nothing of it is mapped; what the tables weigh, the database says."""
        return 0


def _rules(language: str) -> str:
    """Names what postings depend on: how forms are filed, and the rules that make forms, as written."""
    written = b"".join(files("memory").joinpath(name).read_bytes() for name in _RULES)
    return blake2b(f"{VERSION}/{language}".encode() + written, digest_size=16).hexdigest()


def _hidden(entry: Form) -> tuple[int, int]:
    return signed(digest32(entry.numbers), 32), signed(digest32(entry.codes), 32)


class _Search:
    """One query over one reading: candidates from the highest bound down, until nobody after them can be among the best."""

    def __init__(
        self, reading: FilterReading, entry: Form, language: str, penalties: Penalties, least: int, k: int
    ) -> None:
        self._reading, self._entry, self._language, self._penalties = reading, entry, language, penalties
        self._least, self._k = least, k
        self._bits = Bits(entry.words)
        self._nearness = Nearness(entry)
        self._spent = 0

    def hits(self, order: Order) -> Hits:
        found: list[Hit] = []
        best: list[int] = []
        wanted = self._least
        for batch in _batches(self._met(order)):
            if batch[0][_MOST] < wanted or self._spent > _BUDGET:
                break
            near = self._compared([met for met in batch if met[_MOST] >= wanted], wanted)
            pairs = self._reading.pairs([*near], *_hidden(self._entry)) if near else {}
            for number, kept in pairs.items():
                points, other = near[number]
                rated = list(self._rated(points, other, kept))
                found += rated
                best += [round(100 * hit.percent) for hit in rated]
            best = sorted(best, reverse=True)[: self._k]
            if len(best) == self._k:
                wanted = max(wanted, best[-1])
        best_first = sorted(found, key=lambda hit: (-hit.percent, -hit.pairs[0]))
        return Hits(tuple(best_first[: self._k]), self._spent <= _BUDGET)

    def _met(self, order: Order) -> list[Met]:
        """Everything that may qualify by what its postings say, the highest bound first."""
        labels, words = probes(self._entry, order, self._least)
        met = self._bounded(labels, by_letters=True) if labels is not None else []
        if words is not None:
            met += self._bounded(words, by_letters=False)
        return sorted(met, key=lambda one: (-one[_MOST], -one[0]))

    def _bounded(self, probe: Probe, *, by_letters: bool) -> list[Met]:
        """What a probe meets, without those that their sizes and lengths keep below the least."""
        rows = np.array(self._reading.candidates(probe), np.int64).reshape(-1, 3)
        if not by_letters and len(self._entry.words) <= SHORT:
            rows = rows[rows[:, 1] > SHORT]  # two texts of so few words each are compared as labels
        if len(self._entry.letters) > LONGEST:
            most = np.full(len(rows), FULL)
        else:
            most = bounds(self._entry, rows[:, 1], rows[:, 2], by_letters=by_letters)
        kept = most >= self._least
        return [(*row, by_letters) for row in np.column_stack((rows, most))[kept].tolist()]

    def _compared(self, some: Sequence[Met], wanted: int) -> dict[int, tuple[int, Form]]:
        """Those that reach what is wanted: their points, and what they say."""
        near: dict[int, tuple[int, Form]] = {}
        forms = self._reading.forms([met[0] for met in some])
        for number in self._by_bits(some, forms, wanted):
            if self._spent > _BUDGET:
                break
            letters, _ = forms[number]
            words = self._words_of(letters)
            self._spent += max(1_000, len(self._entry.words) * len(words))
            points = self._nearness.points(letters, words, wanted)
            if points >= wanted:
                near[number] = points, Form(letters, words, (), ())
        return near

    def _by_bits(self, some: Sequence[Met], forms: Mapping[int, tuple[str, bytes]], wanted: int) -> Iterator[int]:
        """Those whose wide bits leave room for what is wanted, and those that are compared by letters alone."""
        yield from (met[0] for met in some if met[_BY_LETTERS])
        if others := [met for met in some if not met[_BY_LETTERS]]:
            numbers, sizes, lengths = np.array([met[:_MOST] for met in others], np.int64).T
            apart = self._bits.apart([forms[met[0]][1] for met in others])
            kept = bounds_by_bits(self._entry, sizes, lengths, apart) >= wanted
            yield from numbers[kept].tolist()

    def _words_of(self, letters: str) -> tuple[str, ...]:
        return tuple(word for chunk in letters.split(" ") for word in words_of(chunk, self._language))

    def _rated(self, points: int, other: Form, pairs: Sequence[tuple[int, int, int]]) -> Iterator[Hit]:
        """At most `k` variants of a form that reach the least percent, those that differ least first."""
        mine = _hidden(self._entry)
        variants: dict[tuple[int, int], list[int]] = {}
        for number, numbers, codes in pairs:
            variants.setdefault((numbers, codes), []).append(number)
        for (numbers, codes), found in islice(variants.items(), self._k):
            said = replace(
                other,
                numbers=self._entry.numbers if numbers == mine[0] else _ELSE,
                codes=self._entry.codes if codes == mine[1] else _ELSE,
            )
            taken = sum(percent for _, percent in differences(self._entry, said, self._penalties))
            left = max(0, points - 100 * taken)
            if left >= self._least:
                yield Hit(left / 100, points / 100, tuple(found))


def _batches(met: Sequence[Met]) -> Iterator[Sequence[Met]]:
    """A few first, so that the others are held against what they reach."""
    if met:
        yield met[:_FIRST]
    for start in range(_FIRST, len(met), _NEXT):
        yield met[start : start + _NEXT]

"""Said: what one of two texts says and the other does not; opposites and parties only where one took the other's place."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rapidfuzz.distance import OSA

from memory.guard.items import Item
from memory.guard.lexicon import Kind, Lexicon
from memory.guard.overlap import Overlap
from memory.guard.reading import Reading
from tm_service.domain.matches import Danger, Difference

_NOT = f"{Danger.NEGATION}:not"
_STEM = 3  # letters a word has at least after its negative prefix
_MISSPELT = 5  # letters a word has at least to be told from a misspelling of it
_LEAST = 2  # words that initials stand for at least
_SLIPS = 2  # letters that a name may be misspelt in
_MANY = 1000  # pairs of words looked at for a misspelling; where more differ, it is another text
_LISTED = (Kind.SAID, Kind.SIDE, Kind.PARTY, Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.UNIT)

_Sides = tuple[list[Item], list[Item]]  # gone and come, in the order of their texts


def said(before: Reading, after: Reading, shared: Overlap) -> Iterator[Difference]:
    """The differences in what is said, by danger."""
    gone = [before.items[place] for place in shared.gone]
    come = [after.items[place] for place in shared.come]
    if gone or come:
        yield from _told(_by_kind(*_respelled(gone, come, before.lexicon)), after.ones - before.ones, before.lexicon)
        yield from _parties(before, after, shared)
    yield from _joined(before.joins, after.joins)
    if before.targets != after.targets:
        yield from _led(before.targets, after.targets)


def _told(sides: dict[Kind, _Sides], ones: int, words: Lexicon) -> Iterator[Difference]:
    gone, come = (sides[Kind.WORD][place] + sides[Kind.SIDE][place] for place in (0, 1))
    negated, flipped = _negated(gone, come, words), list(_opposites(*sides[Kind.SIDE]))
    yield from _paired(Danger.NUMBER, *_without_ones(*sides[Kind.NUMBER], ones))
    yield from _exchanged(Danger.NUMBER, *sides[Kind.LABEL])
    yield from _paired(Danger.DATE, *sides[Kind.DATE])
    yield from _exchanged(Danger.DATE, *sides[Kind.TIME])
    yield from _units(*sides[Kind.UNIT])
    listed = _by_danger(*sides[Kind.SAID])
    turned = [*negated, *(difference for difference in flipped if difference.danger is Danger.NEGATION)]
    yield from _denied(*listed.pop(Danger.NEGATION), turned)
    for danger, (gone, come) in listed.items():
        yield from _paired(danger, gone, come)
    yield from (difference for difference in flipped if difference.danger is not Danger.NEGATION)
    yield from _paired(Danger.PLACEHOLDER, *sides[Kind.CODE])


def _by_kind(gone: Sequence[Item], come: Sequence[Item]) -> dict[Kind, _Sides]:
    sides: dict[Kind, _Sides] = defaultdict(lambda: ([], []))
    for place, items in enumerate((gone, come)):
        for item in items:
            sides[item.kind][place].append(item)
    return sides


def _by_danger(gone: Sequence[Item], come: Sequence[Item]) -> dict[Danger, _Sides]:
    listed: dict[Danger, _Sides] = {danger: ([], []) for danger in Danger}
    for place, items in enumerate((gone, come)):
        for item in items:
            listed[item.danger][place].append(item)
    return listed


def _paired(danger: Danger, gone: Sequence[Item], come: Sequence[Item]) -> Iterator[Difference]:
    """One difference for each two of a kind, in their order; what is left over stands alone."""
    for a, b in zip_longest(gone, come):
        yield Difference(danger, a.written if a else "", b.written if b else "")


def _exchanged(danger: Danger, gone: Sequence[Item], come: Sequence[Item]) -> Iterator[Difference]:
    """Only what took another's place."""
    for a, b in zip(gone, come, strict=False):
        yield Difference(danger, a.written, b.written)


def _without_ones(gone: list[Item], come: list[Item], articles: int) -> _Sides:
    """Leave out a "one" for which an article came, or the other way round."""
    side = gone if articles > 0 else come
    for item in [item for item in side if item.key == "1"][: abs(articles)]:
        side.remove(item)
    return gone, come


def _units(gone: Sequence[Item], come: Sequence[Item]) -> Iterator[Difference]:
    """A unit for another one; of what is left over, only what stood beside a number."""
    both = min(len(gone), len(come))
    yield from _exchanged(Danger.UNIT, gone, come)
    yield from (Difference(Danger.UNIT, item.written, "") for item in gone[both:] if item.bound)
    yield from (Difference(Danger.UNIT, "", item.written) for item in come[both:] if item.bound)


def _opposites(gone: Sequence[Item], come: Sequence[Item]) -> Iterator[Difference]:
    """One side of a pair of opposites where the other stood."""
    waiting: dict[str, list[Item]] = defaultdict(list)
    for item in reversed(come):
        waiting[item.group].append(item)
    for item in gone:
        if waiting[item.group]:
            yield Difference(item.danger, item.written, waiting[item.group].pop().written)


def _negated(gone: Sequence[Item], come: Sequence[Item], words: Lexicon) -> list[Difference]:
    """A word where the same with a negative prefix stood."""
    old, new = ({words.stem(item.written.casefold()): item for item in side} for side in (gone, come))
    found = [(old[bare], item) for word, item in new.items() for bare in _bare(word, words) if bare in old]
    found += [(item, new[bare]) for word, item in old.items() for bare in _bare(word, words) if bare in new]
    return [Difference(Danger.NEGATION, a.written, b.written) for a, b in found if not a.group or a.group != b.group]


def _bare(word: str, words: Lexicon) -> list[str]:
    """What a word may be the denial of: "unregistered" of "registered"."""
    bare = (word.removeprefix(prefix) for prefix in words.prefixes if word.startswith(prefix))
    return [rest for rest in bare if len(rest) >= _STEM]


def _denied(gone: list[Item], come: list[Item], turned: Sequence[Difference]) -> Iterator[Difference]:
    """Negations. One that gives way to an opposite says the same: "not valid" is "invalid"."""
    for difference in turned:
        denial = next((item for item in (*gone, *come) if item.key == _NOT), None)
        if denial is None:
            yield difference
        else:
            (gone if denial in gone else come).remove(denial)
    yield from _paired(Danger.NEGATION, gone, come)


def _respelled(gone: list[Item], come: list[Item], words: Lexicon) -> _Sides:
    """Leave out a listed word that only mends, or makes, a misspelling."""
    if len(gone) * len(come) > _MANY:
        return gone, come
    for listed, other in ((come, gone), (gone, come)):
        for item in [item for item in listed if item.kind in _LISTED and len(item.written) >= _MISSPELT]:
            slip = next((word for word in other if word.kind is Kind.WORD and _is_slip(item, word, words)), None)
            if slip is not None:
                listed.remove(item)
                other.remove(slip)
    return gone, come


def _is_slip(listed: Item, word: Item, words: Lexicon) -> bool:
    a, b = listed.written.casefold(), word.written.casefold()
    begins = b[0] == a[0] or b == a[1:]
    return begins and not words.knows(b) and OSA.distance(a, b, score_cutoff=1) == 1


def _parties(before: Reading, after: Reading, shared: Overlap) -> Iterator[Difference]:
    """Somebody where somebody else stood, between the same words."""
    gone, come = set(shared.gone), set(shared.come)
    for old, new in shared.gaps:
        a = [before.items[place] for place in old if place in gone]
        b = [after.items[place] for place in new if place in come]
        if not _is_short_for(a, b) and not _is_short_for(b, a):
            for one, other in zip((item for item in a if item.acts), (item for item in b if item.acts), strict=False):
                if not _is_name_respelled(one, other):
                    yield Difference(Danger.PARTY, one.written, other.written)


def _is_name_respelled(a: Item, b: Item) -> bool:
    if Kind.PARTY in (a.kind, b.kind) or min(len(a.written), len(b.written)) < _MISSPELT:
        return False
    return OSA.distance(a.written, b.written, score_cutoff=_SLIPS) <= _SLIPS


def _is_short_for(short: Sequence[Item], names: Sequence[Item]) -> bool:
    """Whether one is the initials of the others: "SBG" for "seed bank of Granada"."""
    if len(short) != 1 or len(names) < _LEAST or not short[0].written.isupper():
        return False
    letters = iter(short[0].written.casefold())
    return all(item.written[0].casefold() in letters for item in names)


def _joined(before: Sequence[Item], after: Sequence[Item]) -> Iterator[Difference]:
    """Lists whose members all count in one text, and any one of them in the other."""
    old, new = Counter(item.key for item in before), Counter(item.key for item in after)
    for gone, come in (("and", "or"), ("or", "and")) if old != new else ():
        if old[gone] > new[gone] and old[come] < new[come]:
            a = next(item.written for item in reversed(before) if item.key == gone)
            b = next(item.written for item in reversed(after) if item.key == come)
            yield Difference(Danger.QUANTIFIER, a, b)


def _led(before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """Links in tags that lead elsewhere; one that is new or gone dresses the same words."""
    old, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    for a, b in zip(old, new, strict=False):
        yield Difference(Danger.PLACEHOLDER, a, b)

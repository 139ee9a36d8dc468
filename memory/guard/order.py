"""Order: the same words in other parts: who acts and who is acted upon, what a negation or a number belongs to."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from memory.guard.items import Item
from memory.guard.lexicon import Kind, Lexicon
from memory.guard.overlap import Overlap, overlap
from memory.guard.reading import Reading
from tm_service.domain.matches import Danger, Difference

_SHARED = 60  # percent of the longer text's items that both have, for its order to be comparable at all
_SENTENCES = 300  # items of a text up to which it is asked whether another arrangement says the same
_MOST = 40  # moves looked at; a text with more is another text, and one difference is enough to say so
_NEAR = 3  # items before a verb among which who acts is looked for
_NONE = ("\0",)  # what no word ends in
_CONTENT = (Kind.WORD, Kind.PARTY, Kind.SIDE, Kind.SIGN)
_MEASURES = (Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.UNIT)


def order(before: Reading, after: Reading, shared: Overlap) -> Iterator[Difference]:
    """The differences in who does what: one for each danger that the moves show, then those of prepositions."""
    words = before.lexicon
    yield from _turned(before.items, after.items, [*shared.kept, *shared.moved], words)
    yield from _acted_on(before.items, after.items, shared.kept, words)
    if shared.moved and any(_is_adverb(item, words) for item in (*before.items, *after.items)):
        before, after = _without_adverbs(before), _without_adverbs(after)
        shared = overlap(before.items, after.items)
    both = len(shared.kept) + len(shared.moved)
    if not shared.moved or 100 * both < _SHARED * max(len(before.items), len(after.items)):
        return
    moved = [pair for pair in shared.moved[:_MOST] if _tells(pair, before.items, shared)]
    if not moved or (len(before.items) <= _SENTENCES and _is_rearranged(before, after, shared)):
        return
    found: dict[Danger, Difference] = {}
    for pair in moved:
        crossed = _crossed(pair, shared)
        if crossed and not _may_stand_anywhere(before.items, after.items, pair, crossed, words):
            difference = _exchange(before.items, after.items, pair, crossed)
            found.setdefault(difference.danger, difference)
    if Danger.PARTY in found:
        found.pop(Danger.ORDER, None)  # who it is says more
    yield from found.values()


def _tells(pair: tuple[int, int], before: Sequence[Item], shared: Overlap) -> bool:
    """Whether a move may change the meaning: of signs only an exchange, a move that crosses another, or a turned condition."""
    if before[pair[0]].kind is not Kind.SIGN:
        return True
    if not (shared.gone or shared.come) and any(map(_is_condition, before)):
        return True
    return any((p - pair[0]) * (q - pair[1]) < 0 for p, q in shared.moved)


def _crossed(pair: tuple[int, int], shared: Overlap) -> list[tuple[int, int]]:
    """What stands on the other side of a pair in the other text."""
    i, j = pair
    return [(p, q) for p, q in (*shared.kept, *shared.moved) if (p - i) * (q - j) < 0]


def _exchange(
    before: Sequence[Item], after: Sequence[Item], pair: tuple[int, int], crossed: Sequence[tuple[int, int]]
) -> Difference:
    """Say a move by two things that changed sides: one of the same kind if there is, else the nearest."""
    i, j = pair
    item = before[i]
    alike = [other for other in crossed if before[other[0]].kind is item.kind or (before[other[0]].acts and item.acts)]
    p, q = min(alike or crossed, key=lambda other: (abs(other[0] - i), other))
    (a, b), (c, d) = sorted((i, p)), sorted((j, q))
    danger = _danger(item, before[p])
    return Difference(danger, f"{before[a].written} … {before[b].written}", f"{after[c].written} … {after[d].written}")


def _danger(item: Item, other: Item) -> Danger:
    """The danger of two items in each other's place: what is said of them, then who they are, then how many."""
    for one in (item, other):
        if one.kind is Kind.SAID:
            return one.danger
    if item.acts and other.acts:
        return Danger.PARTY
    for one in (item, other):
        if one.kind in (*_MEASURES, Kind.CODE):
            return one.danger
    return Danger.ORDER


def _may_stand_anywhere(
    before: Sequence[Item],
    after: Sequence[Item],
    pair: tuple[int, int],
    crossed: Sequence[tuple[int, int]],
    words: Lexicon,
) -> bool:
    """Whether a move leaves the meaning alone.

    A date may stand at the start of a sentence or at its end, with its preposition. What is said in another way stands
    elsewhere in its clause: "no permit is needed", "a permit is not needed"; "at least 30 days", "30 days or more". Where
    adjectives or verbs are free they may stand before their noun or after it.
    """
    a, b = before[pair[0]], after[pair[1]]
    pairs = [(before[p], after[q]) for p, q in crossed]
    if a.kind in (Kind.DATE, Kind.TIME):
        return a.marker == b.marker and not any(other.kind in _MEASURES for other, _ in pairs)
    if {a.kind, *(other.kind for other, _ in pairs)} == {Kind.NUMBER, Kind.UNIT}:
        return len(pairs) == 1
    near = all(_is_near(before, pair[0], p) and _is_near(after, pair[1], q) for p, q in crossed)
    if a.kind is Kind.SAID:
        return near and _is_reworded(a, b) and all(other.kind in (*_CONTENT, *_MEASURES) for other, _ in pairs)
    if a.kind not in _CONTENT:
        return False
    if _is_free(a, b, pairs, words) or (words.free_verbs and _is_marked(a, b, pairs, words)):
        return True
    return near and all(c.kind is Kind.SAID and _is_reworded(c, d) for c, d in pairs)


def _is_reworded(a: Item, b: Item) -> bool:
    return a.written.casefold() != b.written.casefold()


def _is_near(items: Sequence[Item], one: int, other: int) -> bool:
    """Whether two places are of one clause, the later one not joined to it by an "and" or "or"."""
    return items[one].clause == items[other].clause and not items[max(one, other)].joined


def _is_free(a: Item, b: Item, crossed: Sequence[tuple[Item, Item]], words: Lexicon) -> bool:
    """Whether an adjective went to the other side of its noun, or a verb of who acts, all in the forms they had."""
    if len(crossed) != 1 or (a.acts and crossed[0][0].acts):
        return False
    if not (words.free_verbs if a.acts or crossed[0][0].acts else words.free_adjectives):
        return False
    return all(
        (not _is_reworded(one, other) or one.kind is Kind.SIDE)
        and one.kind in _CONTENT
        and not (one.marker or other.marker)
        for one, other in ((a, b), *crossed)
    )


def _is_marked(a: Item, b: Item, crossed: Sequence[tuple[Item, Item]], words: Lexicon) -> bool:
    """Whether a word went past others with its preposition, which none of them has: "the results to the readers"."""
    if len(crossed) == 1 and not a.marker and not b.marker and crossed[0][0].marker:
        return _is_marked(*crossed[0], [(a, b)], words)
    if not a.marker or a.marker != b.marker or a.marker in words.listed("of") or len(crossed) > _NEAR:
        return False
    return all(c.marker == d.marker != a.marker and c.kind in _CONTENT and c.sentence == a.sentence for c, d in crossed)


def _is_adverb(item: Item, words: Lexicon) -> bool:
    return item.kind in (Kind.WORD, Kind.SIDE) and item.written.casefold().endswith(
        tuple(words.listed("adverb")) or _NONE
    )


def _without_adverbs(text: Reading) -> Reading:
    return text._replace(items=tuple(item for item in text.items if not _is_adverb(item, text.lexicon)))


def _turned(
    before: Sequence[Item], after: Sequence[Item], pairs: Sequence[tuple[int, int]], words: Lexicon
) -> Iterator[Difference]:
    """The same word after the opposite preposition, what stands before it being in both: "from the port", "to the port"."""
    agents, old, new = words.listed("by"), {item.key for item in before}, {item.key for item in after}
    for i, j in pairs:
        a, b = before[i], after[j]
        if (a.marker, b.marker) not in words.turned:
            continue
        if (i and before[i - 1].key not in new) or (j and after[j - 1].key not in old):
            continue
        agent = bool({a.marker, b.marker} & agents)
        if a.acts or not agent:
            danger = Danger.PARTY if agent else Danger.ORDER
            yield Difference(danger, f"{a.marker} {a.written}", f"{b.marker} {b.written}")


def _acted_on(
    before: Sequence[Item], after: Sequence[Item], kept: Sequence[tuple[int, int]], words: Lexicon
) -> Iterator[Difference]:
    """Who acts becomes who is acted upon in the same place: "the keeper notifies", "the keeper is notified"."""
    for (p, q), (i, j) in pairwise(kept):
        if (p + 1, q + 1) != (i, j):
            continue
        a, b = before[i], after[j]
        if a.acts and _is_agent(a, words) != _is_agent(b, words) and not (a.marker and b.marker):
            yield Difference(Danger.PARTY, f"{a.marker} {a.written}".strip(), f"{b.marker} {b.written}".strip())
        elif _is_acted_on(a, b) and _actor(before, i) == _actor(after, j) != "":
            yield Difference(Danger.PARTY, f"{before[p].written} … {a.written}", f"{after[q].written} … {b.written}")


def _is_agent(item: Item, words: Lexicon) -> bool:
    """Whether a preposition or a case says that something is done by somebody."""
    if item.marker:
        return item.marker in words.listed("by")
    return item.written.casefold().endswith(tuple(words.listed("agentive")) or _NONE)


def _actor(items: Sequence[Item], place: int) -> str:
    """Who stands shortly before a verb; empty where nobody does."""
    return next((item.key for item in reversed(items[max(0, place - _NEAR) : place]) if item.acts), "")


def _is_acted_on(a: Item, b: Item) -> bool:
    """Whether one of two forms of a verb follows "be"; the same form only leaves it out: "issued", "that are issued"."""
    return a.kind is Kind.WORD and a.been != b.been and a.written.casefold() != b.written.casefold()


def _is_rearranged(before: Reading, after: Reading, shared: Overlap) -> bool:
    """Whether two texts say the same in another arrangement, sentence by sentence where they have as many."""
    old, new = _sentences(before.items), _sentences(after.items)
    if len(old) != len(new):
        old, new = [list(before.items)], [list(after.items)]
    places = [[place for place, sentence in enumerate(text) for _ in sentence] for text in (old, new)]
    if any(places[0][i] != places[1][j] for i, j in shared.moved):
        return False
    return all(_is_said_alike(a, b, before.lexicon) for a, b in zip(old, new, strict=True))


def _is_said_alike(a: list[Item], b: list[Item], words: Lexicon) -> bool:
    shared = overlap(a, b)
    if not shared.moved:
        return True
    rest, other = _without_asides(a, b)
    return (
        _is_passive(a, b, shared, words)
        or not overlap(rest, other).moved
        or _is_turned_round(a, b)
        or _is_turned_round(b, a)
        or any(not overlap(_compound(a, words, most), _compound(b, words, most)).moved for most in (1, 2))
        or _is_listed_otherwise(a, b)
    )


def _sentences(items: Sequence[Item]) -> list[list[Item]]:
    return [list(sentence) for _, sentence in groupby(items, key=lambda item: item.sentence)]


def _without_asides(a: list[Item], b: list[Item]) -> tuple[list[Item], list[Item]]:
    """Two sentences without what a comma sets off in one of them and stands elsewhere in the other as it is.

    "If it rains, we stay" and "we stay if it rains".
    """
    for text in (a, b):
        for _, members in groupby(text, key=lambda item: item.clause):
            clause = list(members)
            if not _is_aside(clause) or len(clause) == len(text):
                continue
            places = _found(clause, a), _found(clause, b)
            if min(places) >= 0:
                a = a[: places[0]] + a[places[0] + len(clause) :]
                b = b[: places[1]] + b[places[1] + len(clause) :]
    return a, b


def _found(part: Sequence[Item], whole: Sequence[Item]) -> int:
    """Where a row of items stands in another with the same preposition before it; -1 where it does not."""
    keys, first = [item.key for item in part], part[0]
    for place in range(len(whole) - len(part) + 1):
        found = whole[place : place + len(part)]
        if found[0].marker == first.marker and [item.key for item in found] == keys:
            return place
    return -1


def _is_aside(phrase: Sequence[Item]) -> bool:
    """Whether a phrase keeps its part in the sentence wherever it stands: a condition, a time, one with a preposition."""
    first = phrase[0]
    within = first.kind is Kind.SIDE and len(phrase) > 1 and phrase[1].kind in _MEASURES
    return bool(first.marker) or _is_condition(first) or first.kind in _MEASURES or within


def _is_condition(item: Item) -> bool:
    return item.kind is Kind.SAID and item.danger is Danger.CONDITION


def _is_turned_round(a: Sequence[Item], b: Sequence[Item]) -> bool:
    """Whether one sentence ends with the phrase that the other begins with, the rest being the same."""
    if len(a) != len(b) or not a or not _is_aside(a):
        return False
    keys, other = [item.key for item in a], [item.key for item in b]
    return any(keys[place:] + keys[:place] == other and b[-place].marker == a[0].marker for place in range(1, len(a)))


def _compound(items: Sequence[Item], words: Lexicon, most: int) -> list[Item]:
    """Items with "the list of the harbour authorities" as "the harbour authorities list", up to so many words put before."""
    done: list[Item] = []
    place = 0
    while place < len(items):
        end = place + 1
        if items[place].marker in words.listed("of") and done and done[-1].clause == items[place].clause:
            while end < min(len(items), place + most) and items[end].kind in _CONTENT and not items[end].marker:
                end += 1
            done[-1:-1] = items[place:end]
        else:
            done.append(items[place])
        place = end
    return done


def _is_listed_otherwise(a: Sequence[Item], b: Sequence[Item]) -> bool:
    """Whether only the order of a list changed: "gardens and libraries", "libraries and gardens"."""
    head = 0
    while head < min(len(a), len(b)) and a[head].key == b[head].key:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail].key == b[-1 - tail].key:
        tail += 1
    old, new = _members(a[head : len(a) - tail]), _members(b[head : len(b) - tail])
    return len(old) > 1 and sorted(old) == sorted(new)


def _members(items: Sequence[Item]) -> list[tuple[str, ...]]:
    """The members of a list, cut where a comma, an "and" or an "or" stands; none where there is no such word."""
    if not any(item.joined for item in items[1:]):
        return []
    members: list[list[str]] = []
    clause = -1
    for item in items:
        if not members or item.joined or item.clause != clause:
            members.append([])
        members[-1].append(item.key)
        clause = item.clause
    return [tuple(member) for member in members]


def _is_passive(before: Sequence[Item], after: Sequence[Item], shared: Overlap, words: Lexicon) -> bool:
    """Whether one text says of somebody that he acts, the other that it is done by him."""
    agents = words.listed("by")
    for i, j in (*shared.moved, *shared.kept):
        a, b = before[i], after[j]
        done = (a.marker in agents and not b.marker and _is_done(before, a)) or (
            b.marker in agents and not a.marker and _is_done(after, b)
        )
        if done:
            return bool(_crossed((i, j), shared))
    return False


def _is_done(items: Sequence[Item], agent: Item) -> bool:
    """Whether a sentence has a verb with "be", and no code in the agent's place, which could be anything."""
    return agent.kind is not Kind.CODE and any(item.been for item in items)

"""Parts: what the translations of older sentences say of a sentence that was cut from them or joined of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from tm_service.domain.text import Code, CodeKind, parse
from tm_service.domain.units import Key, Locale, Part

_UNSPACED = frozenset(["ja", "zh"])  # languages whose sentences follow one another without a space
_ENDS = ".!?…؟。！？"
_CLAUSES = ",;:،؛，、；：)»”）」—–-"
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_CLOSING = re.compile(r"[\s.,;:!?…)\]»”’،؛؟。，、；：！？）」』》〉】]")
_OPENING = re.compile(r"[(\[«“‘（「『《〈【]")
# What a place costs beside its distance from the one in proportion, in hundredths of the text.
_AFTER_END, _AFTER_CLAUSE, _AFTER_WORD, _AFTER_CHARACTER, _AT_EDGE = 0, 3, 22, 24, 60
_FAR = 20  # characters within which a mark is looked for
_CACHE = 1 << 12


def derived(parts: Sequence[Part], targets: Mapping[Key, str], locale: Locale) -> tuple[str, str] | None:
    """A source text and its target as they follow from what the parts were; None where none of them was translated.

    `targets` are translations of the whole `source` of parts by their keys. A part that nobody translated stays in the source
    language, as readers saw it beside the others.
    """
    if not any(part.key in targets for part in parts):
        return None
    stretches = [stretch(part, targets[part.key]) if part.key in targets else part.text for part in parts]
    source = joined([part.text for part in parts], "")
    return source.strip(), joined(stretches, locale).strip()


def stretch(part: Part, target: str) -> str:
    """The stretch of a target that answers a stretch of its source.

    Parts that cover a source without gap or overlap have stretches that are, one after the other, the target.
    """
    return target[place(part.source, part.begin, target) : place(part.source, part.end, target)]


def place(source: str, at: int, target: str) -> int:
    """Where a target is cut when its source is cut before the character `at`: never earlier for a later one.

    It is the place nearest to the same share of letters, where places after a sentence or a clause count as nearer than those
    between words; a tag, a code or an element is never torn.
    """
    if at <= 0:
        return 0
    if at >= len(source):
        return len(target)
    ours, theirs = _letters(source), _letters(target)
    asked = ours[at] * theirs[-1]

    def cost(found: tuple[int, int]) -> int:
        where, weight = found
        return 100 * abs(theirs[where] * ours[-1] - asked) + weight * ours[-1] * theirs[-1]

    return min(_places(target), key=cost)[0]


def nearest(text: str, at: int, joints: Sequence[int] = ()) -> int:
    """The place nearest to `at` where a text may be cut; `joints` are places where it was put together."""
    found = [(abs(where - at) + weight // 4, where) for where, weight in _places(text)]
    return min(found + [(abs(where - at), where) for where in joints])[1]


def pieces(target: str, sources: Sequence[str]) -> list[str]:
    """A target cut as these source texts follow one another; one after the other they are the target."""
    whole = "".join(sources)
    bounds, done = [0], 0
    for source in sources:
        done += len(source)
        bounds.append(place(whole, done, target))
    bounds[-1] = len(target)
    return [target[begin:end] for begin, end in pairwise(bounds)]


def joined(texts: Sequence[str], locale: Locale) -> str:
    """Stretches as one text, with a space between two where there is none and their language has one."""
    whole = ""
    for text in texts:
        spaced = not whole or not text or whole[-1].isspace() or text[0].isspace()
        close = _HAN.match(whole[-1:]) and _HAN.match(text[:1])
        whole += text if spaced or close or re.split("[-_]", locale)[0] in _UNSPACED else f" {text}"
    return whole


@lru_cache(maxsize=_CACHE)
def _letters(text: str) -> tuple[int, ...]:
    """How many characters of words stand before each character, and in all."""
    counts, count = [0], 0
    for part in parse(text).parts:
        for character in part if isinstance(part, str) else part.data:
            count += isinstance(part, str) and not character.isspace()
            counts.append(count)
    return tuple(counts)


@lru_cache(maxsize=_CACHE)
def _places(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text may be cut, its ends included, and what each costs; in order."""
    return ((0, _AT_EDGE), *_inner(text), (len(text), _AT_EDGE))


def _inner(text: str) -> Iterator[tuple[int, int]]:
    done, depth = 0, 0
    for part in parse(text).parts:
        if isinstance(part, Code):
            depth += {CodeKind.OPEN: 1, CodeKind.CLOSE: -1}.get(part.kind, 0)
            done += len(part.data)
            continue
        if not depth:
            for at in range(done + 1, done + len(part)):
                weight = _weight(text, at)
                if weight is not None:
                    yield at, weight
        done += len(part)


def _weight(text: str, at: int) -> int | None:
    """What it costs to cut before a character; None where it is not done."""
    before, after = text[at - 1], text[at]
    if after.isspace() or _CLOSING.match(after) or _OPENING.match(before):
        return None
    is_han = _HAN.match(before) is not None or _HAN.match(after) is not None
    if not before.isspace() and not is_han:
        return None
    mark = text[max(0, at - _FAR) : at].rstrip()[-1:] if before.isspace() else before
    if mark and mark in _ENDS:
        return _AFTER_END
    if mark and mark in _CLAUSES:
        return _AFTER_CLAUSE
    return _AFTER_WORD if before.isspace() else _AFTER_CHARACTER

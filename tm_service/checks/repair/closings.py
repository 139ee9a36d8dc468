"""Closings: a lost tag is put back where only one place gives the source's structure."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product

from tm_service.checks.reading import language
from tm_service.checks.repair.edits import Edit
from tm_service.checks.repair.skeleton import TAGS, name, placed
from tm_service.checks.repair.tags import read_tag
from tm_service.domain.text import Code, CodeKind, parse

_PUT_BACK = "The tag {code} was lost and was put back at the only place it can have."
# Words never move across these, whatever the language; within them they may.
_BLOCKS = frozenset(
    [
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "br",
            "caption",
            "dd",
            "div",
            "dl",
            "dt",
            "figcaption",
            "figure",
        ),
        *("footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
_MOST = 2  # lost tags: one, or a pair
_ENDS = re.compile(r"[.!?؟。！？…।]+(?=[\s\"'»”’)\]）」』]|$|[\u3000-\u9fff])")
_LABEL = 4  # words a text may have to be too short to be cut
# Letters of a translation from English for each of the source's, at least; a shorter one may be cut short, and then a
# lost tag is a sign of that and not a slip.
_LEAST = {"zh": 0.18, "ar": 0.6}
_LEAST_ELSEWHERE = 0.8
_REMAINS = re.compile("[<>＜＞&＆\0]")
Atom = tuple[str, int, int]


def closings(source: str, target: str, missing: tuple[Code, ...], locale: str) -> list[Edit]:
    """Edits that put lost tags back; none where they could stand anywhere else, or where the target may be cut short."""
    if not 1 <= len(missing) <= _MOST:
        return []
    fixed = _fixed(source)
    if any(name(code) not in fixed for code in missing):
        return []
    if len(missing) == _MOST and not _is_pair(*missing):
        return []
    if _may_be_cut(source, target, locale) or _signs(target) - _signs(source):
        return []
    asked, given = _atoms(source, fixed), _atoms(target, fixed)
    answers: dict[str, list[Edit]] = {}
    for places in product(range(len(given) + 1), repeat=len(missing)):
        answer = _inserted(places, missing, source, target, asked, given)
        if answer is not None:
            answers[_applied(target, answer)] = answer
    return next(iter(answers.values())) if len(answers) == 1 else []


def _applied(target: str, edits: list[Edit]) -> str:
    for edit in reversed(edits):
        target = target[: edit.start] + edit.new + target[edit.end :]
    return target


def _is_pair(one: Code, other: Code) -> bool:
    first, second = read_tag(one.data), read_tag(other.data)
    return first is not None and second is not None and first.name == second.name and first.closes != second.closes


def _inserted(
    places: tuple[int, ...], missing: tuple[Code, ...], source: str, target: str, asked: list[Atom], given: list[Atom]
) -> list[Edit] | None:
    """Insert the lost tags before these atoms, in this order; None where that is not the source's structure."""
    if list(places) != sorted(places):
        return None
    symbols = [symbol for symbol, _, _ in given]
    for place, code in reversed(list(zip(places, missing, strict=True))):
        symbols.insert(place, name(code))
    if symbols != [symbol for symbol, _, _ in asked]:
        return None
    edits = []
    for before, (place, code) in enumerate(zip(places, missing, strict=True)):
        at = _exactly(place, place + before, source, target, asked, given)
        if at is None:
            return None
        edits.append(Edit(at, at, code.data, _PUT_BACK, code.data))
    return edits


def _exactly(place: int, index: int, source: str, target: str, asked: list[Atom], given: list[Atom]) -> int | None:
    """Where between two atoms a tag stands: on the side of the blanks on which the source's has its own."""
    start = given[place - 1][2] if place else 0
    end = given[place][1] if place < len(given) else len(target)
    if start == end or not target[start:end].strip():
        before = source[asked[index - 1][2] if index else 0 : asked[index][1]]
        after = source[asked[index][2] : asked[index + 1][1] if index + 1 < len(asked) else len(source)]
        if start == end or not before:
            return start
        return None if after else end
    return None


def _atoms(text: str, fixed: frozenset[str]) -> list[Atom]:
    """The fixed tags in order, and an empty symbol for each run of anything else that is not blank."""
    atoms: list[Atom] = []
    for part, start, end in placed(text):
        if isinstance(part, Code) and name(part) in fixed:
            atoms.append((name(part), start, end))
            continue
        bare = text[start:end].strip()
        if not bare:
            continue
        first = start + text[start:end].index(bare)
        if atoms and not atoms[-1][0]:
            first = atoms.pop()[1]
        atoms.append(("", first, start + text[start:end].index(bare) + len(bare)))
    return atoms


def _fixed(source: str) -> frozenset[str]:
    """Tags whose places words cannot change: those of blocks, and pairs around all that a block says."""
    wrapping = list(_wrapping(source))
    tags = [name(code) for code in parse(source).codes if code.kind in TAGS]
    around = {said for said in wrapping if wrapping.count(said) == tags.count(said)}
    return frozenset(around | {said for said in tags if _is_block(said)})


def _is_block(said: str) -> bool:
    tag = read_tag(said)
    return tag is not None and tag.name in _BLOCKS


def _wrapping(source: str) -> Iterator[str]:
    for block in _blocks(source):
        parts = block
        while len(parts) > 1:
            first, last = parts[0], parts[-1]
            if first.kind is not CodeKind.OPEN or last.kind is not CodeKind.CLOSE or first.pair != last.pair:
                break
            yield from (name(first), name(last))
            parts = parts[1:-1]


_WORDS = Code(CodeKind.ENTITY, "")  # stands for a run of words, which is no tag


def _blocks(source: str) -> Iterator[list[Code]]:
    """What stands between block tags: its codes, words as one that is none of them, blanks left out."""
    block: list[Code] = []
    for part in parse(source).parts:
        if isinstance(part, str):
            block += [_WORDS] if part.strip() else []
        elif part.kind in TAGS and _is_block(part.data):
            yield block
            block = []
        else:
            block.append(part)
    yield block


def _signs(text: str) -> Counter[str]:
    """What may be left of a tag: signs in the words, and their escapes."""
    written = "".join(
        part if isinstance(part, str) else f"\0{part.data[1:]}" * _is_escape(part) for part in parse(text).parts
    )
    return Counter(_REMAINS.findall(written))


def _is_escape(code: Code) -> bool:
    return code.kind is CodeKind.ENTITY and code.data in ("&amp;", "&lt;", "&gt;")


def _may_be_cut(source: str, target: str, locale: str) -> bool:
    """Whether a target may have lost its end or beginning: fewer sentences, another end, or far too few letters."""
    asked, given = parse(source).plain.strip(), parse(target).plain.strip()
    if len(_ENDS.findall(given)) < len(_ENDS.findall(asked)):
        return True
    if _ends(asked) != _ends(given):
        return True
    letters = sum(map(str.isalpha, given)) / max(1, sum(map(str.isalpha, asked)))
    return len(asked.split()) > _LABEL and letters < _LEAST.get(language(locale), _LEAST_ELSEWHERE)


def _ends(text: str) -> bool:
    return bool(_ENDS.search(text[-2:])) or text.endswith((":", "：", ";", "；", "؛"))

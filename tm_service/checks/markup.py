"""Markup: the target has the source's tags, whole, with their attributes, and rightly nested."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from unicodedata import category

from tm_service.checks.codes import differences, has_forms, short
from tm_service.checks.links import LINKS
from tm_service.checks.seen import seen
from tm_service.checks.tags import OF_LANGUAGE, Tag, tags
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind, is_skeleton, parse

TRANSLATED = frozenset(
    {"title", "alt", "aria-label", "aria-description", "aria-placeholder", "placeholder", "label", "summary", "content"}
)
_CHECK = "markup"
_MOST = 20
_FREE = TRANSLATED | OF_LANGUAGE | LINKS
_BY_LANGUAGE = frozenset("PZ")  # punctuation and spaces are written as the language does


@dataclass(frozen=True, slots=True)
class _Compared:
    """Tags of both sides that are no longer alike: without a partner, or with one that says something else."""

    missing: tuple[Tag, ...]
    added: tuple[Tag, ...]
    changed: tuple[tuple[Tag, Tag], ...]


def markup(pair: Pair) -> Iterator[Finding]:
    """Tags missing or added, attributes changed, nesting broken, order changed; entities missing or added."""
    if "<" in pair.source or "<" in pair.target:
        compared = _compared(pair)
        yield from islice(_counted(pair, compared), _MOST)
        yield from islice(_attributes(pair, compared), _MOST)
        if not compared.missing and not compared.added:
            yield from _structure(pair)
    yield from islice(_entities(pair), _MOST)


def _compared(pair: Pair) -> _Compared:
    ours, theirs = list(tags(pair.source)), list(tags(pair.target))
    if has_forms(parse(pair.source)):  # a code counts once, however many forms repeat it
        ours, theirs = (
            list({_key(tag): tag for tag in ours}.values()),
            list({_key(tag): tag for tag in theirs}.values()),
        )
    ours, theirs, _ = _without_partners(ours, theirs, exact=True)
    missing, added, changed = _without_partners(ours, theirs, exact=False)
    return _Compared(tuple(missing), tuple(added), tuple(changed))


def _without_partners(
    ours: list[Tag], theirs: list[Tag], *, exact: bool
) -> tuple[list[Tag], list[Tag], list[tuple[Tag, Tag]]]:
    waiting: defaultdict[tuple[object, ...], list[Tag]] = defaultdict(list)
    for tag in reversed(theirs):
        waiting[_key(tag) if exact else _name(tag)].append(tag)
    left, pairs = [], []
    for tag in ours:
        partners = waiting[_key(tag) if exact else _name(tag)]
        if partners:
            pairs.append((tag, partners.pop()))
        else:
            left.append(tag)
    taken = {tag.start for _, tag in pairs}
    return left, [tag for tag in theirs if tag.start not in taken], pairs


def _name(tag: Tag) -> tuple[object, ...]:
    return tag.closes, tag.name or tag.written


def _key(tag: Tag) -> tuple[object, ...]:
    return *_name(tag), tuple(sorted(tag.said.items()))


def _counted(pair: Pair, compared: _Compared) -> Iterator[Finding]:
    """Tags missing and added; what the source has no such element of is for the check of HTML to say."""
    for tag in _without_ends(compared.missing):
        yield found(_CHECK, Severity.ERROR, "The tag {tag} is missing; put it back.", tag=short(tag.written))
    known = {tag.name for tag in tags(pair.source)}
    for tag in _without_ends(compared.added):
        if not tag.name or tag.name in known:
            template = "The tag {tag} is more than the source has; take it out."
            yield found(_CHECK, Severity.ERROR, template, place=(tag.start, tag.end), tag=short(tag.written))


def _without_ends(found_tags: tuple[Tag, ...]) -> list[Tag]:
    """Each once, without a closing tag where its opening one is there: a lost pair is one finding."""
    begun = {tag.name for tag in found_tags if not tag.closes}
    once = {tag.written: tag for tag in reversed(found_tags) if not tag.closes or tag.name not in begun}
    return sorted(once.values(), key=lambda tag: tag.start)


def _attributes(pair: Pair, compared: _Compared) -> Iterator[Finding]:
    """Attributes that say something else; links and new attributes are other checks' to judge."""
    for tag, other in compared.changed:
        said = other.said
        for name, value in tag.said.items():
            if name in TRANSLATED and name in said and said[name] != value:
                template = "The {attribute} of {tag} was changed; see that it says the same in the target's language."
                place = _place(other, name)
                yield found(_CHECK, Severity.NOTE, template, place=place, attribute=name, tag=f"<{tag.name}>")
            elif name not in said or (name not in _FREE and said[name] != value):
                yield _changed(pair, tag, other, name)


def _place(tag: Tag, name: str) -> tuple[int, int]:
    return next(
        ((attribute.start, attribute.end) for attribute in tag.attributes if attribute.name == name),
        (tag.start, tag.end),
    )


def _changed(pair: Pair, tag: Tag, other: Tag, name: str) -> Finding:
    lost = name not in other.said
    template = (
        "The attribute {attribute} of {tag} is missing; write the tag as in the source."
        if lost
        else "The attribute {attribute} of {tag} became {written}; write {value}."
    )
    only = sum(_name(each) == _name(tag) for each in tags(pair.source)) == 1
    free = any(attribute.name in _FREE for attribute in (*tag.attributes, *other.attributes))
    return found(
        _CHECK,
        Severity.ERROR,
        template,
        place=_place(other, name),
        repair=pair.target[: other.start] + tag.written + pair.target[other.end :] if only and not free else "",
        attribute=name,
        tag=f"<{tag.name}>",
        written=short(other.said.get(name, "")),
        value=short(tag.said[name]),
    )


def _structure(pair: Pair) -> Iterator[Finding]:
    """Nesting and order, once the tags are all there."""
    source, target = tags(pair.source), tags(pair.target)
    singles = {_name(tag) for tag in source if tag.kind is CodeKind.ALONE}
    broken = [tag for tag in target if tag.kind is CodeKind.ALONE and _name(tag) not in singles]
    if broken:
        tag = broken[0]
        template = "The tag {tag} has lost its partner or crosses another; nest the tags as in the source."
        yield found(_CHECK, Severity.ERROR, template, place=(tag.start, tag.end), tag=short(tag.written))
        return
    if has_forms(parse(pair.source)):
        return
    yield from _emptied(pair)
    if _parents(source) != _parents(target):
        template = "The tags stand in other tags than in the source; nest them as there."
        yield found(_CHECK, Severity.WARNING, template)
    elif [_name(tag) for tag in source] != [_name(tag) for tag in target]:
        yield found(_CHECK, Severity.NOTE, "The tags stand in another order than in the source.")


def _parents(found_tags: tuple[Tag, ...]) -> Counter[tuple[str, str]]:
    """Which elements stand in which, two at a time, whatever their order."""
    within: list[str] = []
    parents: Counter[tuple[str, str]] = Counter()
    for tag in found_tags:
        if tag.kind is CodeKind.CLOSE:
            within.pop()
            continue
        around = within[-1] if within else ""
        parents[min(around, tag.name), max(around, tag.name)] += bool(around)
        if tag.kind is CodeKind.OPEN:
            within.append(tag.name)
    return +parents


def _emptied(pair: Pair) -> Iterator[Finding]:
    """Pairs that hold words in the source and nothing in the target."""
    if is_skeleton(pair.target):
        return
    theirs = _empty(pair.target)
    counts = Counter(tag.name for tag in _empty(pair.source)) if theirs else Counter[str]()
    for tag in theirs:
        counts[tag.name] -= 1
        if counts[tag.name] < 0:
            template = "Nothing stands within {tag}; put it round the words it belongs to."
            yield found(_CHECK, Severity.WARNING, template, place=(tag.start, tag.end), tag=short(tag.written))
            return


def _empty(value: str) -> list[Tag]:
    found_tags = tags(value)
    return [
        tag
        for tag, following in pairwise(found_tags)
        if tag.kind is CodeKind.OPEN
        and following.kind is CodeKind.CLOSE
        and not value[tag.end : following.start].strip()
    ]


def _entities(pair: Pair) -> Iterator[Finding]:
    """Characters by name that are missing as such and as themselves, and those a plain text has not learned to show."""
    if "&" not in pair.source and "&" not in pair.target:
        return
    missing, added = differences(pair, CodeKind.ENTITY)
    plain = seen(pair.target).plain
    for entity in missing:
        character = seen(entity).plain
        if character not in plain and category(character[:1] or " ")[0] not in _BY_LANGUAGE:
            template = "The character {entity} is missing; see whether it should be."
            yield found(_CHECK, Severity.WARNING, template, entity=short(entity))
    if tags(pair.source) or parse(pair.source).data(CodeKind.ENTITY):
        return
    for entity in added:
        template = "The character {entity} is more than the source has; write the character itself."
        start = pair.target.find(entity)
        yield found(
            _CHECK,
            Severity.WARNING,
            template,
            place=(start, start + len(entity)) if start >= 0 else None,
            entity=short(entity),
        )

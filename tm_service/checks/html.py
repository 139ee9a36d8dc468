"""HTML: nothing runs, loads or looks otherwise in the target that does not in the source, and no sign breaks the page."""

import html as entities
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice

from tm_service.checks.codes import short
from tm_service.checks.tags import OF_LANGUAGE, Attribute, Tag, tags
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind, parse

_CHECK = "html"
_MOST = 20
_UNSEEN = re.compile(r"[\s\x00-\x20\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_SCRIPT = re.compile(r"(?:javascript|vbscript|livescript|data|file|blob)\s*:", re.IGNORECASE)
_SCRIPT_IN_TEXT = re.compile(
    r"(?<![\w-])(?:(?:javascript|vbscript):\s?[\w(]\S{0,60}|data:[a-z]{2,20}/[\w+.\-]{2,60}[;,]\S{0,60})", re.IGNORECASE
)
_BEGUN = re.compile(r"<(?=[A-Za-z/!?])")
_LESS = re.compile(r"<(?![A-Za-z/!?])")
_AND = re.compile(r"&(?=[A-Za-z#])")
_BRACES = re.compile(r"\{\{")
_CHOICE = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_TAIL = re.compile(r"""[^"'>]*+["'][^<>]*+>?""")


def html(pair: Pair) -> Iterator[Finding]:
    """Elements, attributes, event handlers, addresses that run or carry data, and signs that a browser takes for markup."""
    if "<" in pair.target:
        yield from islice(_elements(pair), _MOST)
        yield from islice(_attributes(pair), _MOST)
        yield from _torn(pair)
    yield from islice(_addresses(pair), _MOST)
    if "<" in pair.target or "&" in pair.target:
        yield from _signs(pair)
    if "{{" in pair.target and not _CHOICE.search(pair.source):
        yield from _braces(pair)


def _elements(pair: Pair) -> Iterator[Finding]:
    """Elements the source has none of; each is told of once."""
    known = {tag.name for tag in tags(pair.source)}
    new = {tag.name: tag for tag in reversed(tags(pair.target)) if tag.name not in known and tag.name}
    for tag in sorted(new.values(), key=lambda each: each.start):
        template = "The tag {tag} is none of the source's; take it out."
        yield found(_CHECK, Severity.ERROR, template, place=(tag.start, tag.end), tag=short(tag.written))


def _attributes(pair: Pair) -> Iterator[Finding]:
    """Attributes that no such tag of the source has; of a new element, those that run something."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for tag in tags(pair.source):
        known[tag.name] |= set(tag.said)
    for tag in tags(pair.target):
        own = known.get(tag.name, frozenset()) | OF_LANGUAGE
        for attribute in tag.attributes:
            if attribute.name in own:
                continue
            if attribute.name.startswith("on"):
                yield _attribute(
                    tag, attribute, "The tag {tag} would run {attribute}, which the source does not; take it out."
                )
            elif tag.name in known and tag.name:
                yield _attribute(
                    tag, attribute, "The tag {tag} has {attribute}, which the source's has not; take it out."
                )


def _attribute(tag: Tag, attribute: Attribute, template: str) -> Finding:
    place = (attribute.start, attribute.end)
    return found(
        _CHECK, Severity.ERROR, template, place=place, tag=f"<{short(tag.name)}>", attribute=short(attribute.name)
    )


def _torn(pair: Pair) -> Iterator[Finding]:
    """A tag whose quote is not closed before its end: to a browser it goes on, with whatever attributes follow."""
    torn = list(_open_quotes(pair.target))
    known = Counter(written for written, _ in _open_quotes(pair.source)) if torn else Counter[str]()
    for written, tag in torn:
        known[written] -= 1
        if known[written] < 0:
            template = "A quote in the tag {tag} is not closed; write the tag as in the source."
            yield found(_CHECK, Severity.ERROR, template, place=(tag.start, tag.end), tag=short(tag.written))
            return


def _open_quotes(value: str) -> Iterator[tuple[str, Tag]]:
    for tag in tags(value):
        if tag.attributes and ('"' in (rest := _QUOTED.sub("", tag.written)) or "'" in rest):
            tail = _TAIL.match(value, tag.end)
            yield tag.written + (tail[0] if tail else ""), tag


def _braces(pair: Pair) -> Iterator[Finding]:
    """Two braces begin what a page computes, however long it is."""
    places = _free(pair.target, _BRACES)
    if len(places) > len(_free(pair.source, _BRACES)):
        place = (places[-1], places[-1] + 2)
        template = "Two braces stand together, {written}, and a page would compute what follows; take them out."
        yield found(_CHECK, Severity.ERROR, template, place=place, written=short(pair.target[place[0] : place[0] + 20]))


def _addresses(pair: Pair) -> Iterator[Finding]:
    """Addresses that run a script or carry their content in themselves, in attributes and in running text."""
    if ":" not in pair.target and not tags(pair.target):
        return
    known = {_read(attribute.value) for tag in tags(pair.source) for attribute in tag.attributes}
    template = "The address {address} runs a script or carries content of its own; write the source's."
    for tag in tags(pair.target):
        for attribute in tag.attributes:
            address = _read(attribute.value)
            if _SCRIPT.match(address) and address not in known:
                place = (attribute.start, attribute.end)
                yield found(_CHECK, Severity.ERROR, template, place=place, address=short(address))
    inside = Counter(match[0].lower() for match in _SCRIPT_IN_TEXT.finditer(parse(pair.source).plain))
    done = 0
    for part in parse(pair.target).parts:
        written = part if isinstance(part, str) else part.data
        for match in _SCRIPT_IN_TEXT.finditer(written) if isinstance(part, str) else ():
            inside[match[0].lower()] -= 1
            if inside[match[0].lower()] < 0:
                place = (done + match.start(), done + match.end())
                yield found(_CHECK, Severity.ERROR, template, place=place, address=short(match[0]))
        done += len(written)


def _read(address: str) -> str:
    """An address as browsers read it: entities told, blanks and what is invisible dropped."""
    return _UNSEEN.sub("", entities.unescape(address)).lower()


def _signs(pair: Pair) -> Iterator[Finding]:
    """Signs outside of tags and entities that a browser takes for the beginning of one."""
    begun = _free(pair.target, _BEGUN)
    if len(begun) > len(_free(pair.source, _BEGUN)):
        template = "A tag begins at {written} and does not end; write it whole, or &lt; for the sign."
        start = begun[-1]
        written = short(pair.target[start : start + 20])
        yield found(_CHECK, Severity.ERROR, template, place=(start, start + 1), written=written)
    if not any(
        code.kind in (CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE, CodeKind.ENTITY)
        for code in parse(pair.source).codes
    ):
        return
    for sign, name, pattern in (("<", "&lt;", _LESS), ("&", "&amp;", _AND)):
        places = _free(pair.target, pattern)
        if places and not _free(pair.source, pattern):
            template = "The sign {sign} stands in a text with markup; write {name}."
            place = (places[0], places[0] + 1)
            repair = _with(pair.target, places, name)
            yield found(_CHECK, Severity.WARNING, template, place=place, repair=repair, sign=sign, name=name)


def _free(value: str, pattern: re.Pattern[str]) -> list[int]:
    """Where a pattern begins outside of codes."""
    places, done = [], 0
    for part in parse(value).parts:
        if isinstance(part, str):
            places += [match.start() + done for match in pattern.finditer(part)]
        done += len(part if isinstance(part, str) else part.data)
    return places


def _with(value: str, places: list[int], name: str) -> str:
    parts, done = [], 0
    for place in places:
        parts += [value[done:place], name]
        done = place + 1
    return "".join([*parts, value[done:]])

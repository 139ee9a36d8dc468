"""Links: the target leads where the source leads, or to the same page in its own language."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from tm_service.checks.reading import language
from tm_service.checks.seen import quoted, seen, table
from tm_service.checks.tags import tags
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair

LINKS = frozenset(
    {"href", "src", "srcset", "action", "formaction", "poster", "cite", "data", "longdesc", "background", "xlink:href"}
)
_CHECK = "links"
_MOST = 20
_BARE = re.compile(
    r"""(?:https?|ftp)://(?=\w)[\w\-.~:/?\#\[\]@!$&'()*+,;=%]++
      | (?<![\w.@])www\.[\w\-.~:/?\#\[\]@!$&'()*+,;=%]++
      | (?<![\w.+\-])[\w.+\-]{1,64}+@[\w\-]++(?:\.[\w\-]++)+
      | (?<![\w.@/\-])(?:[a-z0-9\-]++\.)++(?:com|org|net|int|info|edu|gov)\b(?![.\w@])(?:/[\w\-.~/?\#&=%]*+)?
    """,
    re.VERBOSE | re.ASCII,
)
_MAYBE = re.compile(r"://|www\.|\.[\w\-]", re.ASCII)  # every bare address has one of these; most texts have none
_AFTER = ".,;:!?'"
_SCHEME = re.compile(r"^(?:https?:)?//(?:www\.)?|^www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """An address, and where it stands; `within` is the element whose attribute it is, empty in running text."""

    address: str
    start: int
    end: int
    within: str = ""


def links(pair: Pair) -> Iterator[Finding]:
    """Addresses that changed, are missing or were added; a page in the target's own language is right."""
    missing, added = list(_links(pair.source)), list(_links(pair.target))
    if not missing and not added:
        return
    ours, theirs = language(pair.source_locale), language(pair.locale)
    others = [code for code in _languages() if code not in (ours, theirs)]
    missing, added, _ = _paired(missing, added, _canonical, _canonical)
    missing, added, _ = _paired(missing, added, _starred(ours), _starred(theirs))
    missing, added, near = _paired(missing, added, _bare, _bare)
    missing, added, own = _paired(missing, added, _bare, _without_star(theirs))
    foreign = []
    for code in others:
        missing, added, more = _paired(missing, added, _starred(ours), _starred(code))
        foreign += more
    yield from islice(_near(near + own), _MOST)
    yield from islice(_changed(foreign), _MOST)
    yield from islice(_rest(pair, missing, added), _MOST)


def _links(value: str) -> Iterator[Link]:
    for tag in tags(value):
        for attribute in tag.attributes:
            if attribute.name in LINKS and attribute.value:
                yield Link(attribute.value.strip(), attribute.start, attribute.end, tag.name)
    view = seen(value)
    for match in _BARE.finditer(view.plain) if _MAYBE.search(view.plain) else ():
        address = _trimmed(match[0])
        if address:
            yield Link(address, *view.place(match.start(), match.start() + len(address)))


def _trimmed(address: str) -> str:
    """Without what belongs to the sentence: a stop at the end, a bracket that was opened before."""
    address = address.rstrip(_AFTER)
    for opening, closing in ("()", "[]"):
        surplus = address.count(closing) - address.count(opening)
        while surplus > 0 and address.endswith(closing):
            address, surplus = address[:-1].rstrip(_AFTER), surplus - 1
    return address


Name = Callable[[str], str]


def _paired(
    ours: list[Link], theirs: list[Link], our_name: Name, their_name: Name
) -> tuple[list[Link], list[Link], list[tuple[Link, Link]]]:
    """Both sides without those that have one name, and these in pairs; an empty name is none."""
    waiting: defaultdict[tuple[str, bool], list[Link]] = defaultdict(list)
    for link in reversed(theirs):
        waiting[their_name(link.address), bool(link.within)].append(link)
    left, pairs = [], []
    for link in ours:
        name = our_name(link.address)
        partners = waiting[name, bool(link.within)] if name else []
        if partners:
            pairs.append((link, partners.pop()))
        else:
            left.append(link)
    taken = {id(link) for _, link in pairs}
    return left, [link for link in theirs if id(link) not in taken], pairs


def _canonical(address: str) -> str:
    return html.unescape(address).rstrip("/") or "/"


def _bare(address: str) -> str:
    """Without the scheme and the www, which differ between notations of one page."""
    return _SCHEME.sub("", _canonical(address))


@cache
def _languages() -> Mapping[str, Any]:
    return table("links")


@cache
def _codes(code: str) -> re.Pattern[str]:
    known = _languages().get(code, {"codes": [code]})
    either = "|".join(map(re.escape, sorted(known["codes"], key=len, reverse=True)))
    letter = rf"|(?<=[-_]){known['letter']}(?=\.[a-z]{{2,4}}(?:$|[?#]))" if "letter" in known else ""
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_]){letter}", re.IGNORECASE)


@cache
def _starred(code: str) -> Name:
    """Name addresses with a star for this language; those that do not name it have no name."""

    def name(address: str) -> str:
        named, count = _codes(code).subn("*", _bare(address))
        return named if count else ""

    return name


@cache
def _without_star(code: str) -> Name:
    """Name addresses as if they did not name this language: `/fr/a` is `/a`."""

    def name(address: str) -> str:
        named, count = _codes(code).subn("*", _bare(address))
        return named.replace("/*/", "/").removesuffix("/*") if count else ""

    return name


def _near(pairs: Iterable[tuple[Link, Link]]) -> Iterator[Finding]:
    for ours, theirs in pairs:
        template = "The link {link} is written {written}; see whether it opens the page that is meant."
        place = (theirs.start, theirs.end)
        yield found(
            _CHECK, Severity.WARNING, template, place=place, link=quoted(ours.address), written=quoted(theirs.address)
        )


def _changed(pairs: Iterable[tuple[Link, Link]]) -> Iterator[Finding]:
    for ours, theirs in pairs:
        template = "The link {link} became {written}; write it as in the source."
        place = (theirs.start, theirs.end)
        yield found(
            _CHECK, Severity.ERROR, template, place=place, link=quoted(ours.address), written=quoted(theirs.address)
        )


def _rest(pair: Pair, missing: list[Link], added: list[Link]) -> Iterator[Finding]:
    """What has no partner; an attribute whose whole tag is gone or new is told of with its tag."""
    if not missing and not added:
        return
    surplus = Counter(tag.name for tag in tags(pair.target))
    surplus.subtract(Counter(tag.name for tag in tags(pair.source)))
    for within in dict.fromkeys(link.within for link in missing + added):
        ours = [link for link in missing if link.within == within]
        theirs = [link for link in added if link.within == within]
        yield from _changed(zip(ours, theirs, strict=False))
        for link in ours[len(theirs) :]:
            if not within or surplus[within] >= 0:
                template = "The link {link} is missing; put it back."
                yield found(_CHECK, Severity.ERROR, template, link=quoted(link.address))
        for link in theirs[len(ours) :]:
            if not within or surplus[within] <= 0:
                template = "The link {link} is not in the source; take it out."
                place = (link.start, link.end)
                yield found(_CHECK, Severity.ERROR, template, place=place, link=quoted(link.address))

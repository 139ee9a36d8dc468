"""Writing into markup: a translation becomes words, escaped as the page does, and tags and codes from where they stand."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from extractors.html_texts import TAG, Shown
from extractors.html_tokens import VOID, Kind
from extractors.splices import Splice, splice

Part = (
    str | tuple[int, int]
)  # words, or characters of the page that go there as they are, with what is spliced into them
_ATTRIBUTE_NAME = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_BARE = frozenset(
    ["b", "bdi", "br", "cite", "em", "i", "mark", "q", "s", "small", "strong", "sub", "sup", "u", "wbr"]
)  # a translator may add these
_EVERYWHERE = frozenset(["dir", "lang", "n"])  # attributes that a translator may add


@dataclass(frozen=True, slots=True)
class _Mark:
    """A tag or code in a translation: what is shown in the page's source, or a tag of the translator's own."""

    text: str
    shown: Shown | None = None
    tag: re.Match[str] | None = None

    @property
    def name(self) -> str:
        return self.tag[2].lower() if self.tag else ""

    @property
    def closes(self) -> bool:
        return self.tag is not None and self.tag[1] == "/"

    @property
    def alone(self) -> bool:
        return self.tag is None or self.tag[3].endswith("/") or self.name in VOID


def parts(target: str, source: Sequence[Shown], write: Callable[[str], str], *, plain: bool = False) -> list[Part]:
    """What stands in the page for a translation.

    Tags are those of the source, or plain formatting, or have a name and attributes that a tag of the source has; others, and
    those without a partner, become visible characters: nobody writes a script into a page by translating it.
    """
    known = {each.text: each for each in source}
    found = _marks(target, known)
    marks = [each for each in found if isinstance(each, _Mark)]
    pairs, loose = _pairs(marks)
    loose_in_source = {each.text for each in _pairs([_mark(each) for each in source])[1]}
    own = {id(each): [] if plain else _own_tag(each, source) for each in marks if not each.shown}
    refused = {id(each) for each in loose if each.text not in loose_in_source}
    refused |= {key for key, tag in own.items() if not tag}
    refused |= {closing for opening, closing in pairs.items() if opening in refused}
    made: list[Part] = []
    for each in found:
        if isinstance(each, str):
            made.append(write(each))
        elif id(each) in refused:
            made.append(write(each.text))
        elif each.shown:
            made.append((each.shown.token.begin, each.shown.token.end))
        else:
            made += own[id(each)]
    return made


def _marks(target: str, known: Mapping[str, Shown]) -> list[str | _Mark]:
    longest_first = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    pattern = re.compile(f"{longest_first or '(?!)'}|{TAG.pattern}")
    found: list[str | _Mark] = []
    done = 0
    for mark in pattern.finditer(target):
        if mark.start() > done:
            found.append(target[done : mark.start()])
        found.append(_Mark(mark[0], known.get(mark[0]), TAG.fullmatch(mark[0])))
        done = mark.end()
    if done < len(target):
        found.append(target[done:])
    return found


def _mark(each: Shown) -> _Mark:
    return _Mark(each.text, each, TAG.fullmatch(each.text))


def _pairs(marks: Sequence[_Mark]) -> tuple[dict[int, int], list[_Mark]]:
    """Which tag, by its identity, is closed by which, and the tags without a partner."""
    pairs: dict[int, int] = {}
    waiting: list[_Mark] = []
    loose: list[_Mark] = []
    for mark in marks:
        if mark.alone and not mark.closes:
            continue
        if not mark.closes:
            waiting.append(mark)
        elif any(each.name == mark.name for each in waiting):
            while waiting[-1].name != mark.name:
                loose.append(waiting.pop())
            pairs[id(waiting.pop())] = id(mark)
        else:
            loose.append(mark)
    return pairs, loose + waiting


def _own_tag(mark: _Mark, source: Sequence[Shown]) -> list[Part]:
    """A tag that is not the source's own as it was shown; nothing where it may not stand there."""
    if mark.tag is None:
        return []
    names = {name.lower() for name in _ATTRIBUTE_NAME.findall(mark.tag[3])}
    if mark.closes:
        return [] if names else [mark.text]
    if not names and mark.name in _BARE:
        return [mark.text]
    alike = next(
        (each for each in source if each.token.kind is Kind.OPEN and each.token.name.lower() == mark.name), None
    )
    if alike is None or not names <= {each.name.lower() for each in alike.token.attributes} | _EVERYWHERE:
        return []
    end = mark.text.rindex("/" if mark.text.endswith("/>") else ">")
    made: list[Part] = [mark.text[:end].rstrip()]
    for each in alike.hidden:
        if each.name.lower() not in names:
            made += [" ", (each.begin, each.end)]
    return [*made, mark.text[end:]]


def assembled(text: str, made: Sequence[Part], nested: Sequence[Splice]) -> str:
    """The characters of parts, with what is spliced into those that come from the page."""
    return "".join(part if isinstance(part, str) else _moved(text, *part, nested) for part in made)


def _moved(text: str, begin: int, end: int, nested: Sequence[Splice]) -> str:
    inside = [
        Splice(each.begin - begin, each.end - begin, each.text)
        for each in nested
        if begin <= each.begin and each.end <= end
    ]
    return splice(text[begin:end], inside)

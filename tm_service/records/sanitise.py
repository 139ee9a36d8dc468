"""Sanitise: rich text without anything that does not belong there, and everything that is taken out, in words for its editor.

What `removed` finds nothing in is left as it is, byte by byte: its every tag is one to all browsers and on the allow-list.
All else is written anew by nh3, whose parser is that of browsers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

import nh3

from tm_service.domain.findings import Finding, Severity, found
from tm_service.records.markup import OPTIONAL_END, VOID, Kind, Token, tags, tokens
from tm_service.records.rich_text import ADDRESSES, allowed

DEEPEST = 100  # elements within elements; more than any editor makes, and parsers take long over more
MOST = 200  # things of one text that are named one by one
_TRIX_BLOCK = "<!--block-->"  # stands at the beginning of each block that Trix writes
_NOTHING = "<!---->"  # keeps apart what stood around something that is left out
_SCHEMES = {"http", "https", "mailto", "tel"}
_EXCERPT = 60
_CACHE, _REMEMBERED = 1 << 11, 20_000  # texts, of at most so many characters


@dataclass(frozen=True, slots=True)
class Removal:
    """What would be taken out of rich text: the line it stands on, counted from 1, its beginning, and the sentence about it.

    The place of the finding is from one character to before another.
    """

    line: int
    excerpt: str
    finding: Finding

    @property
    def message(self) -> str:
        return self.finding.message


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A piece of rich text that is not allowed, and what its sentence is made of."""

    token: Token
    template: str
    said: dict[str, Any] = field(default_factory=dict)


def removed(html: str) -> tuple[Removal, ...]:
    """Everything that `cleaned` would take out or put right, in the order in which it stands; of very much, only the first."""
    if "<" not in html and "\0" not in html:
        return ()
    return _remembered(html) if len(html) <= _REMEMBERED else _removed(html)


def _removed(html: str) -> tuple[Removal, ...]:
    wrong = list(islice(_wrong(html), MOST + 1))
    shown = [_removal(html, one) for one in sorted(wrong[:MOST], key=lambda one: one.token.start)]
    if len(wrong) > MOST:
        said = "Line {line}: from here on, more is not allowed and will be removed than can be listed."
        shown.append(_removal(html, _Wrong(wrong[MOST].token, said)))
    return tuple(shown)


_remembered = lru_cache(maxsize=_CACHE)(_removed)  # a draft is looked at again and again while one field of it changes


def cleaned(html: str) -> str:
    """Rich text with nothing in it but what is allowed; where there is nothing to remove, the text itself."""
    if not removed(html):
        return html
    rules = allowed()
    written = nh3.clean(
        "".join(_shallow(html.replace("\0", ""))),
        tags=set(rules.elements),
        clean_content_tags=set(rules.with_content),
        attributes={name: set(attributes) for name, attributes in rules.elements.items()},
        attribute_filter=rules.kept,
        strip_comments=False,
        link_rel=None,
        url_schemes=_SCHEMES,
    )
    return "".join(token.written for token in tokens(written) if not _is_odd_comment(token))


def _wrong(html: str) -> Iterator[_Wrong]:
    if "\0" in html:
        at = html.index("\0")
        said = "Line {line}: a character that cannot be kept stands here and will be removed."
        yield _Wrong(Token(Kind.TEXT, "\0", at), said)
    opened: list[Token] = []
    for token in _outside(html):
        if token.kind is Kind.OPEN:
            yield from _of_tag(token)
            yield from _opened(token, opened)
        elif token.kind is Kind.CLOSE:
            yield from _closed(token, opened)
        elif token.kind is Kind.BROKEN:
            yield _Wrong(token, "Line {line}: “{markup}” is no whole tag and will be removed.")
        elif _is_odd_comment(token):
            yield _Wrong(token, "Line {line}: the comment {markup} will be removed.")
    yield from _left_open(opened)


def _outside(html: str) -> Iterator[Token]:
    """The tags and comments that do not stand in an element that is removed with its content."""
    with_content = allowed().with_content - VOID
    within = ""
    for token in tags(html):
        if not within:
            yield token
            if token.name in with_content and token.kind is Kind.OPEN:
                within = token.name
        elif token.name == within and token.kind is Kind.CLOSE:
            within = ""


def _of_tag(token: Token) -> Iterator[_Wrong]:
    """A tag that is not allowed, or what is wrong with one that is."""
    rules = allowed()
    if token.name in rules.elements:
        for name, value in token.attributes:
            kept = rules.kept(token.name, name, value)
            if kept != value:
                yield _of_attribute(token, name, value, kept)
    elif token.name in rules.with_content:
        said = "Line {line}: the element <{tag}> is not allowed and will be removed with everything in it."
        yield _Wrong(token, said)
    else:
        yield _Wrong(token, "Line {line}: the tag <{tag}> is not allowed and will be removed; the text in it stays.")


def _of_attribute(token: Token, name: str, value: str, kept: str | None) -> _Wrong:
    if name not in allowed().elements[token.name]:
        said = "Line {line}: the attribute {attribute} of <{tag}> is not allowed and will be removed."
        return _Wrong(token, said, {"attribute": _short(name)})
    if name in ADDRESSES:
        said = "Line {line}: the address “{value}” of <{tag}> will be removed; use http, https or mailto."
        return _Wrong(token, said, {"value": _short(value)})
    if kept is None:
        said = "Line {line}: “{value}” in {attribute} of <{tag}> is not allowed and will be removed."
        return _Wrong(token, said, {"attribute": name, "value": _short(value)})
    said = "Line {line}: of “{value}” in {attribute} of <{tag}>, only “{kept}” is allowed and will stay."
    return _Wrong(token, said, {"attribute": name, "value": _short(value), "kept": _short(kept)})


def _opened(token: Token, opened: list[Token]) -> Iterator[_Wrong]:
    """Put the element to those that are open."""
    if token.name not in VOID and token.name not in allowed().with_content:
        opened.append(token)
        if len(opened) == DEEPEST + 1:
            said = "Line {line}: tags nest deeper than {most} here; those within will be removed."
            yield _Wrong(token, said, {"most": DEEPEST})


def _closed(token: Token, opened: list[Token]) -> Iterator[_Wrong]:
    """Take the element from those that are open, with those whose end may be left out."""
    left = len(opened)
    while left and opened[left - 1].name != token.name and opened[left - 1].name in OPTIONAL_END:
        left -= 1
    if left and opened[left - 1].name == token.name:
        del opened[left - 1 :]
    elif token.name in allowed().elements:  # what is not allowed was told of where it opened
        said = "Line {line}: the closing tag {markup} has no opening one where it stands and will be removed."
        yield _Wrong(token, said)


def _left_open(opened: list[Token]) -> Iterator[_Wrong]:
    for token in opened:
        if token.name not in OPTIONAL_END and token.name in allowed().elements:
            yield _Wrong(token, "Line {line}: the tag <{tag}> is never closed where it should be; it will be.")


def _is_odd_comment(token: Token) -> bool:
    return token.kind is Kind.COMMENT and token.written != _TRIX_BLOCK


def _shallow(html: str) -> Iterator[str]:
    """The text without broken tags, and without tags that nest deeper than parsers read fast."""
    opened: list[Token] = []
    for token in tokens(html):
        if token.kind is Kind.OPEN and token.name not in VOID:
            opened.append(token)
        elif token.kind is Kind.CLOSE:
            tuple(_closed(token, opened))
        is_left_out = token.kind is Kind.BROKEN or (token.kind is not Kind.TEXT and len(opened) > DEEPEST)
        yield _NOTHING if is_left_out else token.written


def _removal(html: str, wrong: _Wrong) -> Removal:
    token = wrong.token
    line = html.count("\n", 0, token.start) + 1
    named = {"tag": token.name, "markup": _short(token.written)} | wrong.said
    said = {name: value for name, value in named.items() if f"{{{name}}}" in wrong.template}
    place = token.start, token.end
    finding = found("rich text", Severity.WARNING, wrong.template, place=place, line=line, **said)
    return Removal(line, _short(html[token.start : token.start + 2 * _EXCERPT]), finding)


def _short(text: str) -> str:
    """The beginning of a text on one line, fit for a sentence."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 2 * _EXCERPT]).split())
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1] + "…"

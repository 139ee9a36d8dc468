"""SDL header: what an SDLXLIFF file says of its tags, comments, changes and contexts, and the file of ours inside it."""

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from tm_service.domain.errors import ReturnRejected
from tm_service.domain.packages import Comment
from tm_service.exchange.archives import Leaf, leaves
from tm_service.exchange.guard import Limits
from tm_service.exchange.readers.file import ReadFile, unit_in
from tm_service.exchange.readers.plain import plain_units
from tm_service.exchange.readers.trees import SDL, inner, xliff, xliff_root

_TAG = 64  # characters that a tag costs as much as


def sdl(name: str) -> str:
    return f"{{{SDL}}}{name}"


@dataclass(frozen=True, slots=True)
class Tag:
    """What a numbered tag stands for: how it opens and closes as a pair, or what it is alone."""

    opens: str = ""
    closes: str = ""
    alone: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """Content that translators may not touch, and its size: in characters, a tag counted as many."""

    source: etree._Element
    size: int


@dataclass(frozen=True, slots=True)
class Head:
    """What units refer to, by the ids they use.

    `deleted` are the revisions that delete; `contexts` lead from `cxt` or `node` and its id to the unit of ours it names.
    """

    comments: Mapping[str, tuple[Comment, ...]]
    deleted: frozenset[str]
    locked: Mapping[str, Locked]
    tags: Mapping[str, Tag] = field(default_factory=dict)
    contexts: Mapping[tuple[str, str], str] = field(default_factory=dict)


def read_head(root: etree._Element) -> Head:
    """Read what all files within an SDLXLIFF file share: comments, tracked changes, locked content."""
    return Head(
        comments={entry.get("id", ""): tuple(_comments(entry)) for entry in root.iter(sdl("cmt-def"))},
        deleted=frozenset(_deleting(root)),
        locked=dict(_locked(root)),
    )


def head_of_file(file: etree._Element, shared: Head) -> Head:
    """What is shared, with the tags and contexts of one file; what is damaged is left out."""
    tags = {tag.get("id", ""): _tag(tag) for tag in file.iter(sdl("tag"))}
    return replace(shared, tags=tags, contexts=dict(_contexts(file)))


def _tag(element: etree._Element) -> Tag:
    said = {child.tag: inner(child) for child in element}
    alone = said.get(sdl("ph")) or said.get(sdl("st")) or said.get(sdl("it")) or ""
    return Tag(said.get(sdl("bpt"), ""), said.get(sdl("ept"), ""), alone)


def _comments(definition: etree._Element) -> Iterator[Comment]:
    """The comments of a definition; Trados writes them without a namespace, other tools with it."""
    for element in definition.iter("{*}Comment"):
        text = inner(element).strip()
        if text:
            yield Comment(text, element.get("user", ""), element.get("date", ""))


def _deleting(root: etree._Element) -> Iterator[str]:
    for element in root.iter(sdl("rev-def")):
        if element.get("type") in ("Delete", "FeedbackDeleted"):
            yield element.get("id", "")


def _contexts(file: etree._Element) -> Iterator[tuple[tuple[str, str], str]]:
    """Contexts, and nodes of contexts, that name a unit of ours."""
    named: dict[str, str] = {}
    for definition in file.iter(sdl("cxt-def")):
        texts = (*definition.attrib.values(), *(value.text for value in definition.iter(sdl("value"))))
        if unit := next(filter(None, map(unit_in, texts)), ""):
            named[definition.get("id", "")] = unit
    yield from ((("cxt", number), unit) for number, unit in named.items())
    for node in file.iter(sdl("node-def")):
        units = (named.get(context.get("id", "")) for context in node.iterfind(sdl("cxt")))
        if unit := next(filter(None, units), ""):
            yield ("node", node.get("id", "")), unit


def _locked(root: etree._Element) -> Iterator[tuple[str, Locked]]:
    for element in root.iter(xliff("trans-unit")):
        source = element.find(xliff("source"))
        if is_locked_content(element) and source is not None:
            yield element.get("id", ""), Locked(source, len(inner(source)) + _TAG * sum(1 for _ in source.iter()))


def is_locked_content(element: etree._Element) -> bool:
    """Whether a unit is none, but holds what a translator may not touch in another."""
    return element.get("id", "").startswith("lockTU_")


def originals(root: etree._Element, limits: Limits) -> Iterator[ReadFile]:
    """The files of ours that stand inside, as bytes or zipped, in base64; what cannot be read is passed over."""
    for element in root.iter(xliff("internal-file")):
        if element.get("form") == "base64":
            yield from _original(element.text or "", limits)


def _original(text: str, limits: Limits) -> Iterator[ReadFile]:
    try:
        for leaf in leaves("the original", b64decode(text), limits, lambda _path, _head: True):
            if isinstance(leaf, Leaf):
                yield plain_units(leaf.path, xliff_root(leaf.path, leaf.content, leaf.limits))
    except (binascii.Error, ReturnRejected):
        return

"""Trees: the elements that every XLIFF 1 file has, whatever its version and whichever tool wrote it."""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Comment
from tm_service.exchange.guard import Damaged, Limits, brief, parse_xml
from tm_service.exchange.inline import XLIFF

SDL, MEMOQ, PHRASE = "http://sdl.com/FileTypes/SdlXliff/1.0", "MQXliff", "http://www.memsource.com/mxlf/2.0"
_OLDER = ("", "urn:oasis:names:tc:xliff:document:1.1")  # XLIFF 1.0 has no namespace
MOST_CONTEXTS = 50  # of one unit or group that are looked at: those of a group are looked at for each unit in it
OUR_NAMES = frozenset(["", "tm-service", "developer"])  # whom a note of ours is from
_OTHERS = {  # by whether a root has a version and a namespace
    (True, True): (
        "{file} is {root} version {version} in the namespace {namespace}, not XLIFF 1.2; export it as XLIFF 1.2."
    ),
    (True, False): "{file} is {root} version {version} without a namespace, not XLIFF 1.2; export it as XLIFF 1.2.",
    (False, True): "{file} is {root} in the namespace {namespace}, not XLIFF 1.2; export it as XLIFF 1.2.",
    (False, False): "{file} is {root} without a namespace, not XLIFF 1.2; export it as XLIFF 1.2.",
}


def xliff(name: str) -> str:
    return f"{{{XLIFF}}}{name}"


_CONTEXT = f"{xliff('context-group')}/{xliff('context')}"


def xliff_root(name: str, content: bytes, limits: Limits | None) -> etree._Element:
    """Parse an XLIFF 1.0 to 1.2 file, its elements in the namespace of 1.2. Raises Damaged, ReturnRejected."""
    root = parse_xml(name, content, limits or Limits())
    tag = etree.QName(root)
    if tag.localname == "xliff" and (tag.namespace or "") in _OLDER and root.get("version", "1.0").startswith("1."):
        for element in root.iter(f"{{{tag.namespace or ''}}}*"):
            element.tag = xliff(etree.QName(element).localname)
    if root.tag != xliff("xliff"):
        raise _not_xliff(name, root)
    return root


def _not_xliff(name: str, root: etree._Element) -> Damaged:
    """Say what a document that is not ours is, by its root."""
    tag, version = etree.QName(root), root.get("version", "")
    said = {"version": version, "namespace": tag.namespace or ""}
    return Damaged(
        _OTHERS[bool(version), bool(tag.namespace)],
        file=brief(name),
        root=f"<{brief(tag.localname)}>",
        **{kind: brief(value) for kind, value in said.items() if value},
    )


def names_of(root: etree._Element) -> frozenset[str]:
    """The namespaces that a file's root declares: by them a tool's own dialect is known."""
    return frozenset(root.nsmap.values())


def inner(element: etree._Element) -> str:
    """All text within an element."""
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


def contexts_around(element: etree._Element) -> Iterator[etree._Element]:
    """The contexts of a unit, then those of the groups around it, the nearest first."""
    for holder in (element, *element.iterancestors(xliff("group"))):
        yield from islice(holder.iterfind(_CONTEXT), MOST_CONTEXTS)


def context_in(element: etree._Element, kind: str) -> str:
    """What the contexts of a unit, or of the nearest group around it, say of this kind."""
    said = (context.text for context in contexts_around(element) if context.get("context-type") == kind)
    return next((text.strip() for text in said if text and text.strip()), "")


def units_in(root: etree._Element) -> Iterator[etree._Element]:
    """Every `trans-unit` in order, those of binary units and of a memory's or a tool's history left out."""
    binary = set(root.iter(xliff("bin-unit")))
    for element in root.iter(xliff("trans-unit")):
        if not binary or binary.isdisjoint(element.iterancestors()):
            yield element


def filled_segments(element: etree._Element, target: etree._Element | None) -> list[bool]:
    """Whether each segment that a unit's source was cut into, and that has text, has any in the target."""
    source = element.find(xliff("seg-source"))
    if source is None or target is None:
        return []
    done = {mark.get("mid") for mark in segments_in(target) if inner(mark).strip() or len(mark)}
    return [mark.get("mid") in done for mark in segments_in(source) if has_text(mark)]


def segments_in(element: etree._Element) -> Iterator[etree._Element]:
    return (mark for mark in element.iter(xliff("mrk")) if mark.get("mtype") == "seg")


def has_text(element: etree._Element) -> bool:
    """Whether there is a letter or digit in an element; tags and punctuation are none."""
    return any(any(map(str.isalnum, str(text))) for text in element.itertext())


def target_of(element: etree._Element) -> tuple[etree._Element | None, tuple[Finding, ...]]:
    """The target of a unit, wherever it stands in it; of several, the first with content, and a finding where they differ."""
    targets = element.findall(xliff("target"))
    filled = [target for target in targets if len(target) or (target.text or "").strip()]
    if len(filled) > 1 and len({etree.tostring(target, with_tail=False) for target in filled}) > 1:
        said = "This unit has {count} different targets; leave only the one that counts."
        return filled[0], (found("units", Severity.ERROR, said, count=len(filled)),)
    return next(iter(filled or targets), None), ()


def noted(element: etree._Element) -> tuple[Comment, ...]:
    """What translators wrote into a unit's notes: a note from somebody, or about the target; ours are neither."""
    theirs = (
        note
        for note in element.iterfind(xliff("note"))
        if note.get("from", "") not in OUR_NAMES or note.get("annotates") == "target"
    )
    return tuple(Comment(inner(note).strip(), note.get("from", "")) for note in theirs if inner(note).strip())

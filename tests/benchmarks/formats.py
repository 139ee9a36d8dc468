"""Formats: which bytes of a file stay as they were when nothing, and when one target, is put in; ours beside three libraries.

`make figures ONLY=formats` draws the table of the README. Each library is used plainly, as its documentation says.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from extractors import EXTRACTORS, extractor
from extractors.by_content import format_of
from tests.benchmarks.measure import Figure
from tests.benchmarks.mixed_site import pages
from tm_service.domain.plurals import parse_plural
from tm_service.domain.serving import Rule, Served
from tm_service.domain.units import Document

GOLDEN = Path(__file__).parents[1] / "golden"
_SLACK = (
    200  # bytes that may go with a target: its quotes, its escapes, a state, an entry of its own in the file's style
)
_TARGET = "Ελληνικά"
_LOCALE = {"csv": "fr", "xcstrings": "fr"}  # files that hold several languages are asked for one
_PAGES = 200
_NOT_SO = ("auto", "docx", "odt", "xlsx")  # archives: their bytes are compressed anew around what changed


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of a format."""

    name: str  # of the extractor
    dialect: str
    document: Document


Peer = Callable[[Sample, bool], bytes | None]  # the file written again, with one target where asked; None: cannot


@dataclass(frozen=True, slots=True)
class Kept:
    """Of how many files the bytes stayed, with nothing merged and with one target merged; `read` could be read at all."""

    files: int
    read: int
    nothing: int
    one: int

    def __str__(self) -> str:
        return f"{self.nothing}/{self.files}, {self.one}/{self.files}" if self.read else "–"


def ours(sample: Sample, put: bool) -> bytes | None:  # noqa: FBT001
    """This project's extractor."""
    made = extractor(sample.name, sample.dialect)
    resource = made.extract(sample.document, "en")
    key = next((unit.key for unit in resource.units if parse_plural(unit.source) is None), None)
    if key is None:
        return None
    said = {key: Served(key, _TARGET, Rule.CURRENT, "", "")} if put else {}
    return made.merge(resource, said, locale=_LOCALE.get(sample.name, ""))


def toolkit(sample: Sample, put: bool) -> bytes | None:  # noqa: FBT001
    """translate-toolkit: its class for the format, as its converters use it."""
    if sample.name not in _TOOLKIT:
        return None
    module, kind = _TOOLKIT[sample.name].split(":")
    store = getattr(import_module(f"translate.storage.{module}"), kind)()
    store.parse(sample.document.content)
    units = [unit for unit in store.units if unit.istranslatable() and unit.source]
    if put and not units:
        return None
    if put:
        units[0].target = _TARGET
    return bytes(store)


_TOOLKIT = {
    "android": "aresource:AndroidResourceFile",
    "csv": "csvl10n:csvfile",
    "fluent": "fluent:FluentFile",
    "html": "html:htmlfile",
    "ini": "ini:inifile",
    "json": "jsonl10n:JsonNestedFile",
    "markdown": "markdown:MarkdownFile",
    "php": "php:phpfile",
    "po": "po:pofile",
    "properties": "properties:javafile",
    "resx": "resx:RESXFile",
    "srt": "subtitles:SubRipFile",
    "strings": "properties:stringsutf8file",
    "toml": "toml:TOMLFile",
    "ts": "ts2:tsfile",
    "vtt": "subtitles:WebVTTFile",
    "xliff": "xliff:xlifffile",
    "yaml": "yaml:YAMLFile",
}


def polib_(sample: Sample, put: bool) -> bytes | None:  # noqa: FBT001
    """polib, for PO."""
    import polib  # noqa: PLC0415

    if sample.name != "po":
        return None
    catalog = polib.pofile(sample.document.content.decode())
    if put:
        next(entry for entry in catalog if not entry.msgid_plural and not entry.obsolete).msgstr = _TARGET
    return (str(catalog) + "\n").encode()


def moz_l10n(sample: Sample, put: bool) -> bytes | None:  # noqa: FBT001
    """moz.l10n: parse_resource and serialize_resource."""
    from moz.l10n.model import Entry, PatternMessage  # noqa: PLC0415
    from moz.l10n.resource import parse_resource, serialize_resource  # noqa: PLC0415

    resource = parse_resource(sample.document.path, sample.document.content)
    if put:
        entries = (entry for section in resource.sections for entry in section.entries if isinstance(entry, Entry))
        entry = next(
            (entry for entry in entries if isinstance(entry.value, PatternMessage) and entry.value.pattern), None
        )
        if entry is None:
            return None
        entry.value = PatternMessage([_TARGET])
    return "".join(serialize_resource(resource)).encode()


PEERS: Mapping[str, Peer] = {"translate-toolkit": toolkit, "polib": polib_, "moz.l10n": moz_l10n}


def samples() -> dict[str, list[Sample]]:
    """The golden folders' sources and pages of the mixed site that have a text of one form, by extractor."""
    found = [*_golden(), *_pages()]
    return {
        name: [sample for sample in found if sample.name == name and ours(sample, put=False) is not None]
        for name in EXTRACTORS
        if name not in _NOT_SO
    }


def _golden() -> Iterator[Sample]:
    for name in EXTRACTORS:
        for path in sorted((GOLDEN / name).glob("*/source.*")):
            about = path.with_name("about.json")
            said = json.loads(about.read_text("utf-8")) if about.exists() else {}
            yield Sample(name, said.get("dialect", ""), Document(f"x/{path.name}", path.read_bytes()))


def _pages() -> Iterator[Sample]:
    for document in pages(_PAGES):
        told = format_of(document)
        if told:
            yield Sample(*told, document)


def kept(peer: Peer, held: list[Sample]) -> Kept:
    """How a library does on the files of a format."""
    read = nothing = one = 0
    for sample in held:
        before = sample.document.content
        same, other = (_written(partial(peer, sample, put)) for put in (False, True))
        read += same is not None
        nothing += same == before
        one += other is not None and other != before and _is_minimal(before, other)
    return Kept(len(held), read, nothing, one)


def _written(write: Callable[[], bytes | None]) -> bytes | None:
    try:
        return write()
    except Exception:  # noqa: BLE001 - what a library cannot read it says in many ways
        return None


def _is_minimal(before: bytes, after: bytes) -> bool:
    """Whether all that differs is one stretch, no longer than the target and what stood in its place with their escapes."""
    start = next(
        (place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    most = min(len(before), len(after)) - start
    end = next((place for place in range(most) if before[-1 - place] != after[-1 - place]), most)
    added = len(after) - start - end
    return added <= len(_TARGET.encode("unicode-escape")) + _SLACK


def formats() -> Iterator[Figure]:
    """For `make bench`: in how many files every byte outside the target stayed, beside each library that reads them."""
    for name, held in samples().items():
        mine = kept(ours, held)
        for peer, call in PEERS.items():
            theirs = kept(call, held)
            if theirs.read:
                yield _figure(f"{name}: the same bytes with nothing merged", mine.nothing, theirs.nothing, peer, mine)
                yield _figure(f"{name}: only one target's bytes with one merged", mine.one, theirs.one, peer, mine)


def _figure(what: str, this: int, that: int, peer: str, mine: Kept) -> Figure:
    return Figure(what, this, "files", str(mine.files), peer, that, f"{mine.files} files")


HEAD = ("format", "ours", *PEERS)


def table() -> list[list[str]]:
    """The README's table: each format, and how we and each library do on its files."""
    return [
        [name, *(str(kept(call, held)) for call in (ours, *PEERS.values()))] for name, held in samples().items() if held
    ]

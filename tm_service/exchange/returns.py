"""Returns: everything an upload holds, read file by file, before it is known whose it is."""

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath

from lxml import etree

from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import ReturnedUnit, Stage
from tm_service.domain.units import Locale
from tm_service.exchange.archives import Leaf, Unopened, is_zip, leaves, within
from tm_service.exchange.guard import Damaged, Limits, brief, parse_xml
from tm_service.exchange.language_codes import understood
from tm_service.exchange.readers import STANDS_IN, WORKBOOK, format_of
from tm_service.exchange.readers.file import ReadFile, package_in
from tm_service.exchange.readers.heads import Head, head_of
from tm_service.exchange.readers.sheets import weight_of

_MANIFEST, _SEAL = "manifest.json", "manifest.sig"
_KNOWN_DOCTYPES = ("", "tmx")  # with any other, it is looked at only where it says that it is XLIFF
_NAMED = re.compile(rb'"package"\s{0,20}:\s{0,20}"([A-Za-z0-9._\-]{1,120})"')
_LOCALE = r"[A-Za-z]{2,3}(?:-(?:[A-Z][a-z]{3}|[A-Z]{2}|\d{3}))*"
_HANDED_OFF = re.compile(rf"(?<![\w.\-])([A-Za-z0-9][\w.\-]{{0,99}}?)-D(\d{{4,9}})-{_LOCALE}-({_LOCALE})-v\d")
_ENDS = re.compile(rf"-\d+-({_LOCALE})\Z")  # the id of a package
_LONGEST_NAME = 200  # characters of a path that are searched


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a return.

    `language` is the target language as the file says it, `folder` the locale that the nearest folder of that name says,
    `manifest` the package that the manifest beside it names; each empty where nothing is said.
    """

    path: str
    format: str
    language: str
    folder: Locale
    manifest: str
    file: ReadFile


@dataclass(frozen=True, slots=True)
class Returns:
    """All files of an upload, read; `name` is the upload's, `digest` names its bytes (SHA-256).

    `sealed` are the manifests in it that have their seal beside them, each with that.
    """

    name: str
    digest: str
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...] = ()
    sealed: tuple[tuple[bytes, bytes], ...] = ()


def read_returns(name: str, content: bytes, limits: Limits | None = None) -> Returns:
    """Read an upload of any wrapping from its bytes, whatever names say. Raises ReturnRejected.

    A file that is merely broken is a finding where others beside it can be read; one that could hurt refuses them all. A memory
    that came with the files themselves is for reading and left out.
    """
    limits = limits or Limits()
    parts: list[tuple[int, Part]] = []
    manifests: dict[str, bytes] = {}
    seals: dict[str, bytes] = {}
    trouble: list[Finding] = []
    tags = units = held = 0
    for leaf in leaves(name, content, limits, _is_wanted):
        if isinstance(leaf, Unopened):
            trouble.append(_unread(leaf.path, leaf.reason))
            continue
        if leaf.path.lower().endswith(_MANIFEST):
            manifests[_folder(leaf.path)] = leaf.content
            continue
        if leaf.path.lower().endswith(_SEAL):
            seals[_folder(leaf.path)] = leaf.content
            continue
        tags += leaf.content.count(b"<")
        if tags > limits.tags:
            raise ReturnRejected(
                "{file} holds more than {most} tags; send it in parts.", file=brief(name), most=limits.tags
            )
        try:
            left = replace(leaf.limits, weight=leaf.limits.weight - held)
            parts.append(_read(name, replace(leaf, limits=left)))
        except Damaged as error:
            trouble.append(_unread(leaf.path, error))
            continue
        units += len(parts[-1][1].file.units)
        held += sum(weight_of(unit) for unit in parts[-1][1].file.units)
        if units > limits.units:
            raise ReturnRejected(
                "{file} holds more than {most} units; send it in parts.", file=brief(name), most=limits.units
            )
    if not parts:
        raise ReturnRejected(trouble[0].template, **dict(trouble[0].values)) if trouble else _nothing(name)
    first, named = (
        min(rank for rank, _ in parts),
        {folder: _manifest_package(said) for folder, said in manifests.items()},
    )
    return Returns(
        name=name,
        digest=sha256(content).hexdigest(),
        parts=tuple(replace(p, manifest=_nearest(named, p.path)) for rank, p in parts if rank == first),
        findings=(
            *trouble,
            *(_for_reading(part) for rank, part in parts if rank > first),
        ),
        sealed=tuple((said, seals[folder]) for folder, said in manifests.items() if folder in seals),
    )


def _for_reading(part: Part) -> Finding:
    said = "{path} came beside the files of a translation tool and was left out; send it alone if it is the return."
    return replace(found("files", Severity.NOTE, said, path=brief(part.path)), path=brief(part.path))


def _unread(path: str, error: Damaged) -> Finding:
    return Finding(
        "files",
        Severity.ERROR,
        str(error),
        path=brief(path),
        template=error.template,
        values=tuple(error.values.items()),
    )


def _nothing(name: str) -> ReturnRejected:
    return ReturnRejected(
        "{file} holds no file of a translation tool that is read; "
        "send the translated .xlf files, or the project's target folder.",
        file=brief(name),
    )


def _is_wanted(path: str, beginning: bytes) -> bool:
    """Whether a file within an archive is read; refused with all others where it seems to be ours and has a DOCTYPE."""
    if path.lower().endswith((_MANIFEST, _SEAL)):
        return True
    head = head_of(beginning)
    if head.doctype.lower() not in _KNOWN_DOCTYPES:
        return head.doctype.lower().endswith("xliff") or head.root == "xliff" or _is_called_xliff(path)
    # What cannot be told and has a name of ours is read, so that it is said what is wrong with it.
    return format_of(head) is not None or (not head.root and _is_called_xliff(path))


def _is_called_xliff(path: str) -> bool:
    return path.lower().endswith((".xlf", "xliff"))


def _read(name: str, leaf: Leaf) -> tuple[int, Part]:
    """A file within a return, and its rank: what stands in for others counts as they do where it names a package."""
    shown, head = within(leaf.path, name), head_of(leaf.content)
    known = WORKBOOK if is_zip(leaf.content) else format_of(head)
    if known is None:
        raise _unknown(shown, leaf, head)
    file = known.read(shown, leaf.content, leaf.limits)
    if not file.units:
        raise Damaged("{file} holds no units; send the translated file.", file=shown)
    path = leaf.path or name
    rank = 0 if file.packages and known.rank == STANDS_IN else known.rank
    return rank, Part(path, known.name, head.target, _folder_locale(path, head.source), "", file)


def _unknown(shown: str, leaf: Leaf, head: Head) -> Damaged:
    """Say what a file is that nobody reads; what could hurt is refused as such. Raises ReturnRejected."""
    text = head.first.strip()
    if text and not text.startswith("<") and "\0" not in text:
        return Damaged(
            "{file} is neither a file of a translation tool nor a table with our headings; "
            "send the file that your tool saves.",
            file=shown,
        )
    root = etree.QName(parse_xml(shown, leaf.content, leaf.limits))
    tag = f"<{brief(root.localname)}>"
    if not root.namespace:
        return Damaged("{file} is {root}, not a file of a translation tool; export it again.", file=shown, root=tag)
    said = "{file} is {root} in the namespace {namespace}, not a file of a translation tool; export it again."
    return Damaged(said, file=shown, root=tag, namespace=brief(root.namespace))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _folder_locale(path: str, source: str) -> Locale:
    """The locale that the nearest folder is called by, other than the source's."""
    folders = reversed(PurePosixPath(path.replace("\\", "/")).parts[:-1])
    known = (understood(folder) for folder in folders)
    return next((locale for locale in known if locale and locale != understood(source)), "")


def _nearest(manifests: dict[str, str], path: str) -> str:
    """The package that the manifest in the nearest folder above a file names."""
    above = [folder for folder in manifests if not folder or path.startswith(f"{folder}/")]
    return manifests[max(above, key=len)] if above else ""


def _manifest_package(content: bytes) -> str:
    """Read which package a manifest names; empty where it does not, since the files say it too."""
    named = _NAMED.search(content)
    package = named[1].decode() if named else ""
    return package if package_in(package) == package else ""


def package_of_name(name: str) -> str:
    """The package that a file name speaks of, whatever stands around it; empty where there is none."""
    handed = _HANDED_OFF.search(name[-_LONGEST_NAME:])
    return f"{handed[1]}-{int(handed[2])}-{handed[3]}" if handed else package_in(PurePosixPath(name).stem)


def locale_of_name(name: str) -> Locale:
    """The locale of the package that a file name speaks of; empty where there is none."""
    ends = _ENDS.search(package_of_name(name))
    return understood(ends[1]) or "" if ends else ""


def one_of(seen: ReturnedUnit, unit: ReturnedUnit) -> ReturnedUnit:
    """One of two that came back for the same unit: a blank one gives way, then one that nobody worked on or finished.

    Two different ones of equal standing are for a person to choose from.
    """
    if not seen.target.strip() or not unit.target.strip():
        return unit if unit.target.strip() else seen
    if unit.target == seen.target:
        return max(seen, unit, key=standing)
    if standing(seen) != standing(unit):
        return max(seen, unit, key=standing)
    if any(finding.check == "units" for finding in seen.findings):
        return seen
    said = "Unit {unit} stands here twice with different targets; send only the one that counts."
    finding = replace(found("units", Severity.ERROR, said, unit=brief(unit.id)), unit=seen.id)
    return replace(seen, findings=(*seen.findings, finding))


def standing(unit: ReturnedUnit) -> int:
    """How much somebody stands behind a target: not at all, not yet, or as far as can be told."""
    if unit.untouched or unit.stage is Stage.UNTOUCHED:
        return 0
    return 1 if unit.stage in (Stage.DRAFT, Stage.REJECTED) else 2

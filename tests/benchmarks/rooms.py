"""Single rooms: merging JSON by splicing, and packages of two thousand units."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from extractors.json_messages import JsonMessages
from tests.benchmarks.baselines import contents, files
from tests.benchmarks.measure import Figure, environment, median_of, middle, process, seconds_of, service
from tests.benchmarks.real_site import RealSite
from tests.cli.houses import fill
from tm_service.domain.errors import ExtractionError
from tm_service.domain.serving import Rule, Served
from tm_service.domain.units import Document, Resource

_RUNS = 5
_MEGABYTE = 1_000_000
_FILES, _PER_FILE = 20, 100
_SUBJECTS = ("turtle", "coral", "lagoon", "ray", "octopus", "tide", "mangrove", "pearl", "dune", "heron")
TOML = """\
[site.reef]
repository = "site"
locales    = ["fr"]

[[site.reef.content]]
match     = "texts/*.json"
extractor = "json"
target    = "i18n/{locale}/{path}"
"""


def merge(site: RealSite) -> Iterator[Figure]:
    """Every JSON file of the real site's head: as it is, and with another text in each place."""
    json_messages, documents = JsonMessages(), _documents(site)
    resources = [_extracted(json_messages, document) for document in documents]
    readable = [resource for resource in resources if resource is not None]
    size = sum(len(resource.document.content) for resource in readable) / _MEGABYTE
    served = [_spoken(resource) for resource in readable]

    def dumped(resource: Resource) -> bytes:
        return json.dumps(
            json.loads(resource.document.content.decode("utf-8-sig")), ensure_ascii=False, indent=2
        ).encode()

    nothing = median_of(_RUNS, lambda: [json_messages.merge(resource, {}) for resource in readable])
    everything = median_of(
        _RUNS, lambda: [json_messages.merge(resource, said) for resource, said in zip(readable, served, strict=True)]
    )
    dump = median_of(_RUNS, lambda: [dumped(resource) for resource in readable])
    note, beside = f"{len(readable)} files, {size:.1f} MB", "json.loads and json.dumps, indent 2"
    yield Figure("merge nothing into JSON by splicing", size / nothing, "MB/s", "", beside, size / dump, note)
    yield Figure("merge every text into JSON by splicing", size / everything, "MB/s", "", beside, size / dump, note)
    same = sum(json_messages.merge(resource, {}) == resource.document.content for resource in readable)
    same_dumped = sum(
        dumped(resource).strip() == resource.document.content.replace(b"\r\n", b"\n").strip() for resource in readable
    )
    goal = f"{len(readable)} files"
    note = "with nothing merged; line ends and trailing newlines are forgiven to json.dumps"
    yield Figure("byte-identical files", same, "files", goal, "json.dumps, indent 2", same_dumped, note)


def _documents(site: RealSite) -> list[Document]:
    found = files(site.repository, site.head)
    read = contents(site.repository, found.values())
    return [Document(path, content) for path, content in zip(found, read, strict=True)]


def _extracted(json_messages: JsonMessages, document: Document) -> Resource | None:
    try:
        return json_messages.extract(document)
    except ExtractionError:
        return None


def _spoken(resource: Resource) -> dict[tuple[str, ...], Served]:
    return {unit.key: Served(unit.key, unit.source[::-1], Rule.CURRENT, "", "another text") for unit in resource.values}


def packages(folder: Path) -> Iterator[Figure]:
    """Two thousand units handed off and taken in, whole processes, against lxml reading and writing the same file."""
    units = _FILES * _PER_FILE
    handed, taken, plain = [], [], []
    for run in range(_RUNS - 2):
        root = folder / f"reef-{run}"
        home = _built(root)
        handed.append(process(service("package", "reef", "--out", root, "--home", home)))
        [package] = root.glob("*.zip")
        xliff = _xliff(package)
        returned = fill(package, {_text(number): f"Texte numéro {number} du récif" for number in range(units)})
        taken.append(process(service("take-in", returned, "--home", home)))
        plain.append(seconds_of(partial(_read_and_write, xliff)))
    beside, other = "lxml parses and writes the same XLIFF", sorted(plain)[len(plain) // 2]
    for name, costs, note in (("package", handed, "with git and memory"), ("take-in", taken, "checked and kept")):
        cost = middle(costs)
        yield Figure(name, cost.seconds, "s", "", beside, other, f"{units:,} units, {note}", cost.processor)


def _read_and_write(xliff: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xliff))


def _text(number: int) -> str:
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    return f"Text number {number} tells visitors about the {subject} and where to see it."


def _xliff(package: Path) -> bytes:
    with ZipFile(BytesIO(package.read_bytes())) as archive:
        return next(archive.read(name) for name in archive.namelist() if name.endswith(".xlf"))


def _built(root: Path) -> Path:
    """A site of our own with two thousand texts, and a home that knows it."""
    site = root / "site"
    (site / "texts").mkdir(parents=True)
    for place in range(_FILES):
        texts = {f"t{number}": _text(number) for number in range(place * _PER_FILE, (place + 1) * _PER_FILE)}
        (site / "texts" / f"page{place}.json").write_text(json.dumps(texts, indent=2), "utf-8")
    who: Sequence[str] = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
    for words in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "."],
        [*who, "commit", "--quiet", "-m", "Texts"],
    ):
        subprocess.run(["git", *words], cwd=site, check=True, env=environment())
    (root / "sites.toml").write_text(TOML, "utf-8")
    home = root / "home"
    process(service("site", "add", root / "sites.toml", "--home", home))
    process(service("migrate", "--home", home))
    return home

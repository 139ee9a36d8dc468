"""Hand-off and return: a package of ten thousand units made and taken in again, each by a process of its own.

Two thousand more texts of the site are translated already, so that the memory has something to offer. Beside it stands
translate-toolkit, which only reads the same XLIFF and saves it again, unchanged: no repository, no memory, no analysis, no
codes put back, no checks, nothing kept.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean, median
from types import MappingProxyType
from zipfile import ZIP_DEFLATED, ZipFile

from tests.benchmarks.job_texts import job_texts
from tests.benchmarks.measure import Cost, Figure, Skipped, environment, middle, process, service
from tm_service.demo.translator import translate

UNITS, KNOWN, PER_FILE = 10_000, 2_000, 100
_RUNS = 2
_TOML = """\
[site.reef]
repository = "site"
locales    = %s

[[site.reef.content]]
match     = "texts/*.json"
extractor = "json"
target    = "i18n/{locale}/{path}"
"""


def handoff(folder: Path) -> Iterator[Figure]:
    """Seconds and peak memory of both ways. Raises Skipped."""
    if find_spec("translate") is None:
        raise Skipped("translate-toolkit is not installed: install the development group.")
    out, back, plain = list[Cost](), list[Cost](), list[Cost]()
    for run in range(_RUNS):
        root = folder / f"handoff-{run}"
        build(root)
        out.append(process(service("package", "reef", "--out", root, "--home", root / "home")))
        [package] = root.glob("*.zip")
        plain.append(process([sys.executable, "-m", "tests.benchmarks.baselines", "resave", *xliff_of(package)]))
        answer = root / "answer.json"
        returned = service("take-in", filled(package), "--out", root, "--home", root / "home")
        back.append(process(returned, out=answer))
        if (accepted := _accepted(answer)) < UNITS:
            raise RuntimeError(f"Of {UNITS:,} units {accepted:,} were accepted: this is no figure of a good return.")
    lengths = [len(english) for english, _ in job_texts(KNOWN + UNITS)[KNOWN:]]
    note = f"{UNITS:,} units, {fmean(lengths):.0f} characters on average, {median(lengths):.0f} in the middle"
    beside, other = "translate-toolkit reads and saves its XLIFF", middle(plain)
    for name, costs, goal in (("package", out, "10 s"), ("take-in with all checks", back, "15 s")):
        cost = middle(costs)
        yield Figure(f"{name}, {UNITS:,}", cost.seconds, "s", goal, beside, other.seconds, note, cost.processor)
        yield Figure(f"{name}, peak memory", cost.peak, "MiB", "500 MiB", beside, other.peak)


def build(root: Path) -> None:
    """A site in a repository of its own, and a home that knows it and has learned what is delivered."""
    texts(root)
    process(service("site", "add", root / "sites.toml", "--home", root / "home"))
    process(service("learn", "reef", "--home", root / "home"))


def texts(root: Path, count: int = KNOWN + UNITS, known: Mapping[str, int] = MappingProxyType({"fr": KNOWN})) -> None:
    """A site in a repository of its own, and the file that describes it; `known` is how many have a target, by locale."""
    site = root / "site"
    pairs = job_texts(count)
    for start in range(0, len(pairs), PER_FILE):
        some = {f"t{number}": pair for number, pair in enumerate(pairs[start : start + PER_FILE], start)}
        name = f"texts/page{start // PER_FILE}.json"
        _write(site / name, {key: english for key, (english, _) in some.items()})
        for locale in (locale for locale, translated in known.items() if start < translated):
            _write(site / "i18n" / locale / name, {key: french for key, (_, french) in some.items()})
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
    for words in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "."],
        [*who, "commit", "--quiet", "-m", "Texts"],
    ):
        subprocess.run(["git", *words], cwd=site, check=True, env=environment())
    (root / "sites.toml").write_text(_TOML % json.dumps(list(known)), "utf-8")


def _write(place: Path, content: Mapping[str, str]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(content, ensure_ascii=False, indent=2), "utf-8")


def xliff_of(package: Path) -> list[Path]:
    """The package's XLIFF 1.2, one file for each of the site's, in a folder beside it."""
    with ZipFile(package) as sent:
        names = [name for name in sent.namelist() if name.endswith(".xlf")]
        return [Path(sent.extract(name, package.with_suffix(""))) for name in names]


def filled(package: Path) -> Path:
    """The package as a translator sends it back: every unit said well, the rest as it came."""
    book = {english: {"fr": french} for english, french in job_texts(KNOWN + UNITS)[KNOWN:]}
    place = package.with_name("returned.zip")
    with ZipFile(package) as sent, ZipFile(place, "w", ZIP_DEFLATED) as back:
        for entry in sent.infolist():
            content = sent.read(entry)
            back.writestr(entry, translate(content, book, "fr") if entry.filename.endswith(".xlf") else content)
    return place


def _accepted(answer: Path) -> int:
    accepted: int = json.loads(answer.read_bytes())["accepted"]
    return accepted

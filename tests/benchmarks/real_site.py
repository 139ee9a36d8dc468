"""The real site's history: replay, learn, deploy, and deploy again after small and large commits."""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from itertools import count
from pathlib import Path

from tests.benchmarks.baselines import SOURCES, contents, files
from tests.benchmarks.measure import Cost, Figure, Skipped, environment, middle, process, service

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "absch"
BUNDLE = DATA / "site-text.bundle"
TOML = """\
[site.absch]
repository = {repository}
branch     = "master"
locales    = ["ar", "es", "fr", "ru", "zh"]

[[site.absch.content]]
match     = "app/app-text/**/*.json"
extractor = "json"
dialect   = "md5-meta"
target    = "i18n/{{locale}}/{{path}}"
"""
_A_TEXT = re.compile(rb'(": *"[A-Z][a-z]+ [a-z]+)')  # the first value that looks like language
_REPLAYS, _LEARNS, _BUILDS, _DEPLOYS = 2, 2, 3, 5
_PLACES = count(1)


class RealSite:
    """A bare clone of the real repository and homes that describe it, below one folder."""

    def __init__(self, folder: Path) -> None:
        if not BUNDLE.exists():
            raise Skipped(f"The real site's repository is not at {BUNDLE}.")
        self.folder, self.repository = folder, folder / "absch.git"
        clone = ["git", "clone", "--quiet", "--bare", str(BUNDLE), str(self.repository)]
        subprocess.run(clone, check=True, env=environment())
        (folder / "sites.toml").write_text(TOML.format(repository=json.dumps(str(self.repository))), "utf-8")
        self.head = self.git("rev-parse", "master").decode().strip()

    def git(self, *words: str, stdin: bytes | None = None) -> bytes:
        done = subprocess.run(
            ["git", "-C", self.repository, *words], input=stdin, capture_output=True, check=True, env=environment()
        )
        return done.stdout

    def place(self, name: str) -> Path:
        return self.folder / f"{name}-{next(_PLACES)}"

    def home(self) -> Path:
        """A new home that knows the site."""
        home = self.place("home")
        process(service("site", "add", self.folder / "sites.toml", "--home", home))
        return home

    @cached_property
    def learned(self) -> Path:
        """A home whose memory holds the whole history."""
        home = self.home()
        process(service("learn", "absch", "--history", "--home", home))
        return home

    def copy(self, home: Path) -> Path:
        return Path(shutil.copytree(home, self.place("home")))

    def checkout(self) -> Path:
        place = self.place("checkout")
        place.mkdir()
        return place

    @cached_property
    def naive(self) -> float:
        """Seconds of the naive build of all catalogs."""
        words = ("-m", "tests.benchmarks.baselines", "build", self.repository, self.head)
        return middle([process([sys.executable, *words, self.checkout()]) for _ in range(_BUILDS)]).seconds

    def edit(self, number: int) -> int:
        """One commit that edits one text in so many source files, spread over the site; gives the bytes of those files."""
        found = [(path, blob) for path, blob in files(self.repository, "master").items() if path.startswith(SOURCES)]
        read = contents(self.repository, [blob for _, blob in found])
        editable = {path: old for (path, _), old in zip(found, read, strict=True) if _A_TEXT.search(old)}
        if not 0 <= number <= len(editable):
            raise ValueError(f"{len(editable)} files hold a text to edit, not {number}.")
        chosen = [list(editable)[place * len(editable) // number] for place in range(number)]
        changed = {path: _A_TEXT.sub(rb"\1 again", editable[path], count=1) for path in chosen}
        lines = [
            b"commit refs/heads/master\ncommitter Ana <ana@example.org> now\ndata 4\nEdit\nfrom refs/heads/master^0\n"
        ]
        lines += [
            b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(new), new) for path, new in changed.items()
        ]
        if changed:
            self.git("fast-import", "--quiet", "--date-format=now", stdin=b"".join(lines))
        return sum(map(len, changed.values()))


def replay(site: RealSite) -> Iterator[Figure]:
    """The whole history through the service, against parsing the same releases without a cache."""
    dated, saw = DATA / "deployments.csv", DATA / "what_readers_saw.csv"
    words = service("replay", "absch", "--deployments", dated, "--seen", saw, "--home", site.home())
    cost = middle([process(words) for _ in range(_REPLAYS)])
    known = set(site.git("tag", "--list").decode().split())
    with dated.open(encoding="utf-8-sig", newline="") as rows:
        tags = [row["tag"] for row in csv.DictReader(rows) if row["tag"] in known]
    plain = process([sys.executable, "-m", "tests.benchmarks.baselines", "walk", site.repository, *tags])
    beside = "json.loads of every file of the same releases"
    note = f"{len(tags)} releases"
    yield Figure("replay", cost.seconds, "s", "60 s", beside, plain.seconds, note, cost.processor)
    yield Figure("replay, peak memory", cost.peak, "MiB", "600 MiB", beside, plain.peak, note)


HEAD = (
    "locale",
    "string-days",
    "seen in English",
    "served in English",
    "reverts",
    "units from memory",
    "by move",
    "by edit class",
)


def table(folder: Path) -> list[list[str]]:
    """The README's table: what readers of each language saw, and what they would have seen. Raises Skipped."""
    site, told = RealSite(folder), folder / "replay.json"
    dated, saw = DATA / "deployments.csv", DATA / "what_readers_saw.csv"
    process(service("replay", "absch", "--deployments", dated, "--seen", saw, "--home", site.home()), out=told)
    return [
        [
            locale,
            f"{one['string_days']:,.0f}",
            f"{one['english_seen'] / one['string_days']:.2%}".replace("%", " %"),
            f"**{one['english_served'] / one['string_days']:.2%}**".replace("%", " %"),
            *(f"{one[name]:,}" for name in ("reverts", "from_memory", "moved")),
            f"{sum(one['edits'].values()):,}",
        ]
        for locale, one in json.loads(told.read_text("utf-8"))["locales"].items()
    ]


def learn(site: RealSite) -> Iterator[Figure]:
    """Every delivery of the history into the memory, against git's own walk over the same history."""
    cost = middle([process(service("learn", "absch", "--history", "--home", site.home())) for _ in range(_LEARNS)])
    plain = middle([process(["git", "-C", site.repository, "log", "-p", "master"]) for _ in range(_LEARNS)])
    yield Figure(
        "learn --history",
        cost.seconds,
        "s",
        "60 s",
        "git log -p of the same history",
        plain.seconds,
        "",
        cost.processor,
    )
    yield Figure("learn --history, peak memory", cost.peak, "MiB", "", "git log -p", plain.peak)


def deploy(site: RealSite) -> Iterator[Figure]:
    """All catalogs of the head from nothing, with a memory that knows the history and with an empty one."""
    beside = "naive build of all catalogs"
    for name, home in (("after learn --history", site.learned), ("nothing learned before", site.home())):
        costs = [_deploy(site, site.copy(home), site.checkout()) for _ in range(_BUILDS)]
        cost = middle(costs)
        yield Figure("deploy --into from nothing", cost.seconds, "s", "5 s", beside, site.naive, name, cost.processor)


def deploy_again(site: RealSite) -> Iterator[Figure]:
    """Deployments into the same checkout: nothing changed, then commits that touch 1, 10, 100 files."""
    home, checkout = site.copy(site.learned), site.checkout()
    _deploy(site, home, checkout)
    beside = "naive build of all catalogs"
    for number, goal in ((0, "1 s"), (1, ""), (10, "1 s"), (100, "")):
        size, costs = 0, []
        for _ in range(_DEPLOYS):
            size = site.edit(number)
            costs.append(_deploy(site, home, checkout))
        cost, name = middle(costs), f"{number} touched, {size / 1000:,.1f} kB" if number else "nothing changed"
        yield Figure("deploy --into again", cost.seconds, "s", goal, beside, site.naive, name, cost.processor)
    floor = middle([process(service("site", "list", "--home", home)) for _ in range(_DEPLOYS)]).seconds
    python = middle([process([sys.executable, "-c", "pass"]) for _ in range(_DEPLOYS)]).seconds
    yield Figure("site list", floor, "s", "", "an empty Python process", python, "what starting the command costs")


def _deploy(site: RealSite, home: Path, checkout: Path) -> Cost:
    return process(service("deploy", "absch", "--into", checkout, "--home", home), cwd=site.folder)

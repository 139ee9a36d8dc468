"""Run the benchmarks: a Markdown table for people, or one JSON document with `--json`; `--only` names some of them.

With `--readme` the tables of the README are made anew, all or those that `--only` names, each with the line of its machine.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import (
    articles,
    backups,
    concordance,
    database_filter,
    deployment_pages,
    desk,
    extraction,
    fan_out,
    formats,
    handoff,
    interchange,
    load,
    memory,
    pages_in_browser,
    real_site,
    record_room,
    record_stores,
    redaction,
    register,
    rooms,
    sentences,
    toolkit_xliff,
)
from tests.benchmarks.measure import Figure, Skipped, machine, markdown, process, service
from tests.benchmarks.tables import README, measured_at, rewritten, tables


def benchmarks(folder: Path) -> Mapping[str, Callable[[], Iterator[Figure]]]:
    @cache
    def site() -> real_site.RealSite:
        return real_site.RealSite(folder)

    @cache
    def memories() -> memory.Memories:
        return memory.Memories(folder)

    return {
        "merge": lambda: rooms.merge(site()),
        "articles": lambda: articles.articles(folder),
        "record-room": lambda: record_room.record_room(folder),
        "record-stores": lambda: record_stores.record_stores(folder),
        "redaction": redaction.redaction,
        "register": lambda: register.register(folder),
        "deploy": lambda: real_site.deploy(site()),
        "deploy-again": lambda: real_site.deploy_again(site()),
        "extraction": lambda: extraction.extraction(folder),
        "formats": formats.formats,
        "packages": lambda: rooms.packages(folder),
        "handoff": lambda: handoff.handoff(folder),
        "desk": lambda: desk.desk(folder),
        "package-fan-out": lambda: fan_out.fan_out(folder / "fan-out"),
        "toolkit-xliff": toolkit_xliff.losses,
        "memory": lambda: memory.lookups(memories()),
        "memory-growth": lambda: memory.growth(memories()),
        "memory-kept": lambda: memory.kept(memories()),
        "database-filter": lambda: database_filter.filters(memories()),
        "concordance": lambda: concordance.concordance(folder),
        "interchange": lambda: interchange.exchange(folder),
        "deployment-pages": lambda: deployment_pages.deployment_pages(folder),
        "pages-in-browser": lambda: pages_in_browser.pages_in_browser(folder / "pages-in-browser"),
        "sentences": sentences.sentences,
        "backups": lambda: backups.backups(folder),
        "load": lambda: load.load(folder / "load"),
        "learn": lambda: real_site.learn(site()),
        "replay": lambda: real_site.replay(site()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document on one line")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="run these benchmarks, or draw these tables, only")
    parser.add_argument("--readme", action="store_true", help="make the README's tables anew")
    asked = parser.parse_args()
    if asked.readme:
        draw(parser, asked.only or ())
        return
    began, where = time.monotonic(), machine()
    figures: list[Figure] = []
    skipped: dict[str, str] = {}
    with TemporaryDirectory(prefix="tm-service-bench-") as place:
        _warm(Path(place))
        known = benchmarks(Path(place))
        if unknown := set(asked.only or ()) - set(known):
            parser.error(f"there is no {min(unknown)}; there are {', '.join(known)}")
        for name in asked.only or known:
            sys.stderr.write(f"{name} ...\n")
            try:
                figures += known[name]()
            except Skipped as reason:
                skipped[name] = str(reason)
    seconds = round(time.monotonic() - began)
    if asked.json:
        rows = [figure.document() for figure in figures]
        document = {"machine": where, "seconds": seconds, "figures": rows, "skipped": skipped}
        sys.stdout.write(json.dumps(document) + "\n")
        return
    said = [
        f"{where['processor']}, {where['cores']} cores, Python {where['python']}; load {where['load']}; {seconds} s in all."
    ]
    said += ["", markdown(figures), "", *(f"Skipped {name}: {reason}" for name, reason in skipped.items())]
    sys.stdout.write("\n".join(said).rstrip() + "\n")


def _warm(place: Path) -> None:
    """Compile the bytecode before any clock runs."""
    process(service("memory", "stats", "--home", place / "warm"))


def draw(parser: argparse.ArgumentParser, only: Sequence[str]) -> None:
    """Make tables of the README anew, one after the other: what was measured stays, whatever becomes of the next."""
    known = tables()
    if unknown := set(only) - set(known):
        parser.error(f"there is no table {min(unknown)}; there are {', '.join(known)}")
    with TemporaryDirectory(prefix="tm-service-bench-") as place:
        _warm(Path(place))
    for name in only or known:
        sys.stderr.write(f"{name} ...\n")
        began, where = time.monotonic(), machine()
        with TemporaryDirectory(prefix="tm-service-bench-") as place:
            measures, own = benchmarks(Path(place)), Path(place) / "table"
            own.mkdir()
            try:
                figures = [figure for one in known[name].benchmarks for figure in measures[one]()]
                drawn = known[name].draw(figures, own) + "\n" + measured_at(where, time.monotonic() - began)
            except Skipped as reason:
                sys.stderr.write(f"Skipped {name}: {reason}\n")
                continue
        README.write_text(rewritten(README.read_text("utf-8"), {name: drawn}), "utf-8")


if __name__ == "__main__":
    main()

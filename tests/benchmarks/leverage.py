"""Leverage: what each release of the real site would have cost, by match class, from what was known the day before it.

`make figures ONLY=leverage` draws the table of the README: releases in order, the memory as it was then.
"""

import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.real_site import RealSite
from tm_service.bootstrap import add_site_file, open_service
from tm_service.domain.matches import MatchClass
from tm_service.settings import read_settings

_SHOWN = 12  # releases with the most words; the others are in the last line


def releases(folder: Path) -> list[tuple[str, Counter[str], Counter[str]]]:
    """Each tag with its units and words by match class, all locales together."""
    site = RealSite(folder)
    settings = read_settings(folder / "home", {})
    add_site_file(settings, folder / "sites.toml")
    house = open_service(settings)
    with house.reader("absch") as reader:
        tags = [tag.name for tag in reader.connector.tags()]
    found = []
    house.learn("absch", history=True, ref=tags[0])
    for before, after in pairwise(tags):
        sys.stderr.write(f"\r{after}   ")
        units: Counter[str] = Counter()
        words: Counter[str] = Counter()
        for counts in house.estimate("absch", before, after).locales.values():
            for kind, (count, length) in counts.items():
                units[kind] += count
                words[kind] += length
        found.append((after, units, words))
        house.learn("absch", history=True, ref=after)
    assert site.head
    return found


_KINDS = tuple(kind.value for kind in MatchClass)
HEAD = ("release", "units", *_KINDS)


def table(folder: Path) -> list[list[str]]:
    """The README's table: the largest releases in order, the others together, and all. Raises Skipped."""
    found = releases(folder)
    largest = sorted(found, key=lambda entry: entry[2].total(), reverse=True)[:_SHOWN]
    rest = [entry for entry in found if entry not in largest]
    lines = [(tag, units.total(), words) for tag, units, words in found if any(tag == name for name, *_ in largest)]
    others: Counter[str] = sum((words for _, _, words in rest), Counter())
    lines.append((f"{len(rest)} others", sum(units.total() for _, units, _ in rest), others))
    everything: Counter[str] = sum((words for _, _, words in found), Counter())
    lines.append(("all", sum(units.total() for _, units, _ in found), everything))
    return [[tag, f"{count:,}", *(f"{words[kind]:,}" for kind in _KINDS)] for tag, count, words in lines]

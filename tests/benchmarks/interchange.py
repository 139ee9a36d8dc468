"""Interchange: TMX in and out, megabytes a second and the largest resident set, with translate-toolkit's reader beside it.

`python -m tests.benchmarks.interchange read FILE` (and `write`, `toolkit`) is one measured process.
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from memory.interchange import Problem, read_tmx, write_tmx
from tests.benchmarks.measure import Cost, Figure, process
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.text import fingerprint

MEGABYTE = 1_000_000
LARGE, SMALL = 1_000, 30  # MB; the toolkit holds a file as a tree, forty times its size
GOAL = 300  # MiB
_AT = datetime(2026, 11, 21, tzinfo=UTC)
_WORDS = """
seed bank herbarium permit harbour library garden keeper shelf label drawer winter autumn register north office
the of and to in for a is are shall must each every dry cool open closed
"""
_MOTS = """
graine banque herbier permis port bibliothèque jardin gardien étagère étiquette tiroir hiver automne registre nord bureau
le de et à dans pour un est sont doit chaque tout sec frais ouvert fermé
"""
_ENGLISH, _FRENCH = _WORDS.split(), _MOTS.split()


def exchange(folder: Path, megabytes: int = LARGE) -> Iterator[Figure]:
    """Read a memory of so many megabytes, write as many entries, and read a small one beside the toolkit."""
    large, small = folder / "large.tmx", folder / "small.tmx"
    entries = grow(large, megabytes)
    grow(small, SMALL)
    read = _process("read", large)
    speed = large.stat().st_size / MEGABYTE / read.seconds
    yield Figure("TMX in", speed, "MB/s", note=f"{entries:,} entries", processor=read.processor)
    yield Figure("TMX in, largest resident set", read.peak, "MiB", goal=f"< {GOAL} MiB")
    large.unlink()
    written = folder / "written.tmx"
    cost = _process("write", written, str(entries // 4))
    speed = written.stat().st_size / MEGABYTE / cost.seconds
    yield Figure("TMX out", speed, "MB/s", note=f"{entries // 4:,} entries", processor=cost.processor)
    yield Figure("TMX out, largest resident set", cost.peak, "MiB", goal=f"< {GOAL} MiB")
    written.unlink()
    ours = _process("read", small)
    if find_spec("translate") is None:
        yield Figure(f"TMX in, {SMALL} MB", ours.processor, "s", note="translate-toolkit is not installed")
        return
    toolkit = _process("toolkit", small)
    yield Figure(
        f"TMX in, {SMALL} MB", ours.processor, "s", "", "translate-toolkit", toolkit.processor, "its texts only"
    )
    yield Figure(f"TMX in, {SMALL} MB, largest resident set", ours.peak, "MiB", "", "translate-toolkit", toolkit.peak)


def grow(path: Path, megabytes: int) -> int:
    """Write a file as other tools do, of so many megabytes; returns how many entries it has."""
    chance = random.Random(7)
    number = size = 0
    with path.open("w", encoding="utf-8") as out:
        out.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header creationtool="Greenhouse" o-tmf="none" '
            'creationtoolversion="1" segtype="sentence" adminlang="en" srclang="en-US" datatype="plaintext"/>\n<body>\n'
        )
        while size < megabytes * MEGABYTE:
            number += 1
            unit = _unit(chance, number)
            out.write(unit)
            size += len(unit.encode())
        out.write("</body></tmx>\n")
    return number


def _unit(chance: random.Random, number: int) -> str:
    words = chance.randint(4, 25)
    source, target = _text(chance, _ENGLISH, words), _text(chance, _FRENCH, words)
    if number % 4 == 0:
        bold = '<bpt i="1" x="1">&lt;b&gt;</bpt>{}<ept i="1">&lt;/b&gt;</ept> <ph x="2">{{name}}</ph>'
        source, target = bold.format(source), bold.format(target)
    around = (_text(chance, _ENGLISH, 8), _text(chance, _ENGLISH, 8))
    return (
        f'<tu tuid="{number}" creationdate="20200101T000000Z" changedate="20210101T120000Z" creationid="bo" changeid="ana">\n'
        f'<prop type="x-previous-source-text">{around[0]}</prop>\n<prop type="x-next-source-text">{around[1]}</prop>\n'
        f'<tuv xml:lang="en-US"><seg>{source}</seg></tuv>\n<tuv xml:lang="fr-FR"><seg>{target}</seg></tuv>\n</tu>\n'
    )


def _text(chance: random.Random, words: list[str], count: int) -> str:
    return " ".join(chance.choices(words, k=count))


def _entries(count: int) -> Iterator[Translation]:
    chance = random.Random(7)
    previous = ""
    for number in range(count):
        source = f"<b>{_text(chance, _ENGLISH, 9)}</b> {{name}}" if number % 4 == 0 else _text(chance, _ENGLISH, 14)
        target = _text(chance, _FRENCH, 14)
        print_ = fingerprint.__wrapped__(source)
        yield Translation(
            *("garden", "fr", "text/beds.json", ("beds", str(number)), print_, source, target, _AT, Origin.PACKAGE),
            author="ana",
            previous=previous,
        )
        previous = print_


def _process(*words: str | Path) -> Cost:
    return process([sys.executable, "-m", "tests.benchmarks.interchange", *words], cwd=Path(__file__).parents[2])


def main(what: str, path: Path, count: str = "0") -> None:
    if what == "write":
        with path.open("wb") as out:
            write_tmx(_entries(int(count)), out, source="en", at=_AT)
    elif what == "read":
        problems = sum(isinstance(one, Problem) for one in read_tmx(path, memory="garden", at=_AT))
        if problems:
            raise RuntimeError(f"{problems} of our own entries were not read.")
    else:
        from translate.storage.tmx import tmxfile  # noqa: PLC0415 - a peer that need not be there

        with path.open("rb") as content:
            for unit in tmxfile(content, "en-US", "fr-FR").units:
                str(unit.source), str(unit.target)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])

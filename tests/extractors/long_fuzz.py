"""Long fuzz: minutes of broken files for each format, outside the suite; what is wrong is printed and kept.

`python -m tests.extractors.long_fuzz --minutes 10 --only yaml po` begins with the golden files and a mixed site's pages, and
breaks them at random. A file may be refused; it may not raise anything else, take seconds, or be changed by merging nothing.
"""

import argparse
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from extractors import extractor
from tests.benchmarks.formats import Sample, samples
from tests.extractors.archives import archive, unpacked
from tests.extractors.contract import served, sources
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document

GOLDEN = Path(__file__).parents[1] / "golden"
_WHOLE = 0.2  # of broken archives are broken from without
_LARGEST = 20_000  # bytes
_PATIENCE = 2.0  # seconds of the processor for one file
_END = 20.0  # seconds of the processor after which a file is given up
_PIECES = (
    b"",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\\",
    b'"',
    b"'",
    b"<",
    b">",
    b"&",
    b"{",
    b"}",
    b"[",
    b"]",
    b"%",
    b"\r",
    b"\n",
    b"|",
    b"#",
    b"=",
)


def broken(held: list[Sample], luck: random.Random) -> Iterator[Sample]:
    """Samples with stretches cut out, doubled, moved, overwritten, or taken from another one."""
    while True:
        sample = luck.choice(held)
        content = bytearray(sample.document.content[:_LARGEST])
        for _ in range(luck.randint(1, 6)):
            begin, end = sorted(luck.randint(0, len(content)) for _ in range(2))
            end = min(end, begin + luck.choice((1, 4, 40, 4_000)))
            stretch, other = bytes(content[begin:end]), luck.choice(held).document.content
            start = luck.randint(0, len(other))
            put = luck.choice(
                (
                    b"",
                    stretch * luck.randint(2, 9),
                    luck.choice(_PIECES) * luck.choice((1, 1, 99)),
                    luck.randbytes(4),
                    other[start : start + 60],
                )
            )
            content[begin:end] = put
        yield Sample(sample.name, sample.dialect, Document(sample.document.path, bytes(content[: 4 * _LARGEST])))


def broken_archives(held: list[Sample], luck: random.Random) -> Iterator[Sample]:
    """Archives of which one member is broken as files are, and now and then the archive itself."""
    opened = [(sample, unpacked(sample.document.content)) for sample in held]
    while True:
        sample, members = luck.choice(opened)
        if luck.random() < _WHOLE:
            yield next(broken(held, luck))
            continue
        inside = [Sample(sample.name, sample.dialect, Document(name, content)) for name, content in members.items()]
        chosen = next(broken(inside, luck)).document
        packed = archive(members | {chosen.path: chosen.content})
        yield Sample(sample.name, sample.dialect, Document(sample.document.path, packed))


def archived() -> dict[str, list[Sample]]:
    """The golden files of the formats that are archives."""
    return {
        name: [
            Sample(name, "", Document(file.name, file.read_bytes()))
            for file in sorted(GOLDEN.glob(f"{name}/**/source.*"))
        ]
        for name in ("docx", "odt", "xlsx")
    }


def trouble(sample: Sample) -> str:
    """What is wrong with how a file is treated; empty where it is read or refused."""
    made, began = extractor(sample.name, sample.dialect), time.process_time()
    try:
        resource = made.extract(sample.document, "en")
        made.read(sample.document, "fr")
        if made.merge(resource, {}) != sample.document.content:
            return "merging nothing changes it"
        made.merge(resource, served(sources(resource)), locale="fr")
    except ExtractionError as error:
        return "" if min(error.line, error.column) >= 1 else f"refused at no place: {error}"
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"{type(error).__name__}: {error}"
    took = time.process_time() - began
    return f"takes {took:.1f} s" if took > _PATIENCE else ""


def _give_up(_number: int, _frame: object) -> None:
    raise TimeoutError(f"no end after {_END:.0f} s")


def main() -> None:
    """Fuzz each format for so many minutes of the processor; ends with 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.extractors.long_fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--only", nargs="+", metavar="NAME", default=())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for files that are wrong")
    asked = parser.parse_args()
    signal.signal(signal.SIGPROF, _give_up)
    wrong = 0
    for name, held in (samples() | archived()).items():
        if not held or (asked.only and name not in asked.only):
            continue
        until, files, found = time.process_time() + 60 * asked.minutes, 0, set[str]()
        breaking = broken_archives if name in archived() else broken
        for files, sample in enumerate(breaking(held, random.Random(asked.seed)), 1):  # noqa: B007 - how many
            signal.setitimer(signal.ITIMER_PROF, _END)
            said = trouble(sample)
            signal.setitimer(signal.ITIMER_PROF, 0)
            if said and said[:60] not in found:
                found.add(said[:60])
                sys.stdout.write(f"{name} {sample.dialect}: {said[:300]}\n")
                if asked.keep:
                    (asked.keep / f"{name}-{len(found)}").write_bytes(sample.document.content)
            if time.process_time() > until:
                break
        wrong += len(found)
        sys.stdout.write(f"{name}: {files:,} files, {len(found)} kinds of trouble\n")
        sys.stdout.flush()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

"""File corpus: all kinds of damage to whole files, and runs of them through a house."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.mutations import file_kinds, refused_files
from tests.mutations.corpus import Row, meets
from tests.mutations.file_kind import FileKind
from tests.mutations.kind import Answer
from tests.mutations.sent import TOTAL, handed_off, taken_in

FILE_KINDS: tuple[FileKind, ...] = (*file_kinds.KINDS, *refused_files.KINDS)


def file_answer(kind: FileKind, seed: int) -> tuple[Answer, int, str]:
    """The answer to one damaged file, how many units were lost (accepted and open ones told), and the refusal if any."""
    with TemporaryDirectory(prefix="tm-service-mutations-") as folder:
        house, sent = handed_off(Path(folder))
        try:
            if kind.meanwhile:
                kind.meanwhile(house)
            answer, receipt, refusal = taken_in(house, *kind.damage(sent, Random(seed)))
        finally:
            house.store.close()
    return answer, TOTAL - receipt.accepted - receipt.open if receipt else 0, refusal


def file_rows(seeds: int, kinds: tuple[FileKind, ...] = FILE_KINDS) -> Iterator[Row]:
    for kind in kinds:
        found = [file_answer(kind, seed) for seed in range(seeds)]
        answers = Counter(answer for answer, _, _ in found)
        met = all(meets(kind, answer) and not lost for answer, lost, _ in found)
        yield f"file: {kind.name}", kind.expected, answers, met

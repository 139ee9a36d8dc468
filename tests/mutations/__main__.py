"""The table of all kinds of damage and what became of them: `python -m tests.mutations [seeds]`."""

import sys
from itertools import chain

from tests.mutations.corpus import UNMET, unit_rows
from tests.mutations.file_corpus import file_rows


def main(seeds: int) -> int:
    unmet = total = 0
    print(f"{'kind':58} {'runs':>5}  {'expected':24} answers")  # noqa: T201 - a command for people
    for name, expected, answers, met in chain(unit_rows(seeds), file_rows(seeds)):
        shown = ", ".join(f"{count} {answer}" for answer, count in answers.most_common())
        known = f"  NOT MET: {UNMET.get(name.removeprefix('file: '), 'look into it')}"
        print(f"{name:58} {answers.total():5}  {expected:24} {shown}{'' if met else known}")  # noqa: T201
        unmet += not met
        total += answers.total()
    print(f"{total} runs, {unmet} kinds not met")  # noqa: T201
    return int(unmet > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))

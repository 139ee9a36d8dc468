"""Measure: processes and calls by the clock, the median of several runs, and a table that people can read."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

_MIB = 1024  # ru_maxrss counts KiB on Linux


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of the processor, and the largest resident set, in MiB; with the processes it waited for."""

    seconds: float
    processor: float
    peak: float


@dataclass(frozen=True)
class Figure:
    """One row: what was measured, beside what, and the goal where there is one; `ratio` is this divided by that."""

    name: str
    value: float
    unit: str
    goal: str = ""
    beside: str = ""
    other: float | None = None
    note: str = ""
    processor: float | None = None  # seconds; far below the clock's where the machine was busy with other things

    @property
    def ratio(self) -> float | None:
        return self.value / self.other if self.other else None

    def document(self) -> dict[str, object]:
        return asdict(self) | {"ratio": self.ratio}


class Skipped(Exception):
    """A benchmark that cannot run here; the text says why."""


def environment() -> dict[str, str]:
    """As on a normal machine: bytecode is kept, no setting of ours or of git's is inherited."""
    left_out = {
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONUNBUFFERED",
        "TM_SERVICE_HOME",
        "TM_SERVICE_DATABASE",
        "TM_SERVICE_MEMORY_INDEX",
    }
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def process(words: Sequence[str | Path], *, cwd: Path | None = None, out: Path | None = None) -> Cost:
    """One process from start to end; what it prints goes to `out` or nowhere. Raises where it fails."""
    with (out or Path(os.devnull)).open("wb") as stream:
        began = time.perf_counter()
        started = subprocess.Popen(list(map(str, words)), cwd=cwd, stdout=stream, env=environment())
        _, status, usage = os.wait4(started.pid, 0)
        seconds = time.perf_counter() - began
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))} ended with {started.returncode}.")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MIB)


def service(*words: str | Path) -> list[str | Path]:
    return [Path(sys.executable).with_name("tm-service"), *words, "--json"]


def seconds_of(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def median_of(runs: int, call: Callable[[], object]) -> float:
    """Seconds of a call in this process."""
    return median(seconds_of(call) for _ in range(runs))


def middle(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(cost.seconds for cost in costs),
        median(cost.processor for cost in costs),
        median(cost.peak for cost in costs),
    )


def machine() -> dict[str, str]:
    """What it ran on."""
    names = [line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        "load": f"{os.getloadavg()[0]:.1f} at the start",
    }


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text("utf-8").splitlines()
    except OSError:
        return []


def markdown(figures: Sequence[Figure]) -> str:
    rows = [("what", "this", "processor", "goal", "beside it", "that", "this / that")]
    rows += [
        (
            figure.name + (f" ({figure.note})" if figure.note else ""),
            _number(figure.value, figure.unit),
            f"{figure.processor:.2f} s" if figure.processor is not None else "",
            figure.goal,
            figure.beside,
            _number(figure.other, figure.unit) if figure.other is not None else "",
            f"{figure.ratio:.2f}" if figure.ratio is not None else "",
        )
        for figure in figures
    ]
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|---|---:|---:|---:|---|---:|---:|", *body])


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if value >= 100 or unit in {"MiB", "files"} else f"{value:.2f} {unit}"

"""Ours: `memory.index` as the service has it, one run mapped from its file, with one of the two back ends."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from unittest.mock import patch

from memory.forms import Form
from memory.index.build import build
from memory.index.layout import MappedRun, write_run
from memory.index.run import ENGINE_VARIABLE, Run, engine_name, kernel
from memory.index.segments import Collector
from memory.index.similarity import SimilarityIndex
from tests.benchmarks.peers import LEAST, MOST, Answer, Query, Segments


class Ours:
    """Back ends are "native" and "numpy"."""

    def __init__(self, folder: Path, engine: str = "native") -> None:
        self.name, self._file = engine, folder / f"{engine}.run"

    @property
    def is_built(self) -> bool:
        """Whether this back end is in this installation."""
        with self._chosen():
            return engine_name() == self.name

    def build(self, segments: Segments) -> None:
        self.fill(segments.forms)

    def fill(self, forms: Iterable[Form]) -> None:
        """Every form into a run on the disk, then opened from there."""
        collected = Collector("en").extend(enumerate(forms)).segments()
        write_run(self._file, build(collected), {})
        self.open()

    def open(self) -> float:
        """Seconds until the run can be searched."""
        began = time.perf_counter()
        mapped = MappedRun(self._file)
        with self._chosen():
            self.index = SimilarityIndex("en", [Run(mapped.arrays, "en", {"mapped": mapped})])
        return time.perf_counter() - began

    def search(self, query: Query) -> list[Answer]:
        hits = self.index.search(query.form, least=LEAST, k=MOST).found
        return list(chain.from_iterable(((pair, hit.percent) for pair in hit.pairs) for hit in hits))[:MOST]

    def size(self) -> int | None:
        return self._file.stat().st_size

    def close(self) -> None:
        del self.index

    @contextmanager
    def _chosen(self) -> Iterator[None]:
        with patch.dict(os.environ, {ENGINE_VARIABLE: self.name}):
            kernel.cache_clear()
            try:
                yield
            finally:
                kernel.cache_clear()

"""Hearing: what a field says in another language, told by the pieces of its source."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from extractors.articles.attributes import values
from extractors.articles.cutting import Block, Cut
from extractors.articles.reading import read
from extractors.html_tokens import Kind
from extractors.splices import Splice, splice
from tm_service.domain.parts import joined, pieces
from tm_service.domain.units import Locale

_SURE = 0.9  # confidence from which an aligned sentence counts as the translation
_ODD = 2.2  # times that a sentence is longer or shorter than its block's others lead to expect
_SHORT = 20  # characters of two sentences whose lengths say nothing


class Beadlike(Protocol):
    """Sentences of both sides that say the same, by the number of the first of each."""

    @property
    def source(self) -> Sequence[str]: ...
    @property
    def target(self) -> Sequence[str]: ...
    @property
    def source_from(self) -> int: ...
    @property
    def target_from(self) -> int: ...
    @property
    def confidence(self) -> float: ...


# Lays two documents side by side, each as paragraphs of sentences; languages are `source_language=` and `target_language=`.
Aligner = Callable[..., Sequence[Beadlike]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A translation of one piece; not `sure` where it was cut, or aligned with little confidence."""

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Bead:
    source: Sequence[int]
    target: Sequence[int]
    sure: bool


def heard(source: Cut, target: Cut, align: Aligner, languages: tuple[Locale, Locale]) -> dict[int, Heard]:
    """Translations by the number of the source's piece. Every word of the target is in one of them."""
    return _Hearing(source, target, align, languages).of()


@dataclass(frozen=True)
class _Hearing:
    source: Cut
    target: Cut
    align: Aligner
    languages: tuple[Locale, Locale]

    def of(self) -> dict[int, Heard]:
        said = dict(self._values())
        for bead in _kept(self._beads()):
            said.update(self._told(bead))
        for number, piece in enumerate(self.source.pieces):
            if piece.inside in said and piece.shape:
                said.update(self._inner(number, piece.inside, said[piece.inside]))
        return said

    def _beads(self) -> Iterator[_Bead]:
        ours, theirs = self.source.blocks, self.target.blocks
        if [block.note for block in ours] == [block.note for block in theirs]:
            for one, other in zip(ours, theirs, strict=True):
                yield from self._of_block(one, other)
        elif ours and theirs:
            yield from self._aligned(ours, theirs)

    def _of_block(self, one: Block, other: Block) -> Iterator[_Bead]:
        ours, theirs = one.sentences, other.sentences
        if min(len(ours), len(theirs)) == 1:
            yield _Bead(ours, theirs, sure=True)
        elif len(ours) == len(theirs) and self._is_even(ours, theirs):
            yield from (_Bead((i,), (j,), sure=True) for i, j in zip(ours, theirs, strict=True))
        else:
            yield from self._aligned([one], [other])

    def _is_even(self, ours: Sequence[int], theirs: Sequence[int]) -> bool:
        """Whether sentences are as long as their partners, by the measure of their block."""
        sizes = [(len(self._source(i)), len(self._target(j))) for i, j in zip(ours, theirs, strict=True)]
        usual = sum(size for size, _ in sizes) / sum(size for _, size in sizes)
        odd = (math.log(one / other / usual) for one, other in sizes if max(one, other * usual) > _SHORT)
        return all(abs(found) < math.log(_ODD) for found in odd)

    def _aligned(self, ours: Sequence[Block], theirs: Sequence[Block]) -> Iterator[_Bead]:
        numbers, others = ([number for block in side for number in block.sentences] for side in (ours, theirs))
        beads = self.align(
            [[self._source(number) for number in block.sentences] for block in ours],
            [[self._target(number) for number in block.sentences] for block in theirs],
            source_language=self.languages[0],
            target_language=self.languages[1],
        )
        for bead in beads:
            source = numbers[bead.source_from : bead.source_from + len(bead.source)]
            target = others[bead.target_from : bead.target_from + len(bead.target)]
            yield _Bead(source, target, sure=bead.confidence >= _SURE)

    def _told(self, bead: _Bead) -> Iterator[tuple[int, Heard]]:
        text = self._together(bead)
        if len(bead.source) == 1:
            yield bead.source[0], Heard(text, bead.sure)
            return
        for number, piece in zip(bead.source, pieces(text, [self._source(i) for i in bead.source]), strict=True):
            if piece.strip():
                yield number, Heard(piece.strip(), sure=False)

    def _together(self, bead: _Bead) -> str:
        """The target's sentences as they stand there, with what is between them in their block."""
        first = self.target.pieces[bead.target[0]]
        block = self.target.blocks[first.block]
        if len(bead.source) == len(block.sentences) == len(bead.target) == 1 and block.wraps:
            ours = self.source.blocks[self.source.pieces[bead.source[0]].block]
            if not ours.wraps and len(ours.sentences) == 1:
                return self.target.text[slice(*block.shell)]
        runs: list[list[int]] = []
        for number in bead.target:
            piece = self.target.pieces[number]
            if runs and self.target.pieces[runs[-1][0]].block == piece.block:
                runs[-1].append(number)
            else:
                runs.append([number])
        texts = [self.target.text[self.target.pieces[run[0]].begin : self.target.pieces[run[-1]].end] for run in runs]
        return joined(texts, self.languages[1])

    def _values(self) -> Iterator[tuple[int, Heard]]:
        """Values of tags that are no part of a sentence, in their order."""
        ours, theirs = (
            [(number, piece.shape) for number, piece in enumerate(side.pieces) if piece.shape and piece.inside < 0]
            for side in (self.source, self.target)
        )
        shapes, others = [shape for _, shape in ours], [shape for _, shape in theirs]
        for run in SequenceMatcher(None, shapes, others, autojunk=False).get_matching_blocks():
            for step in range(run.size):
                yield ours[run.a + step][0], Heard(self._target(theirs[run.b + step][0]), sure=shapes == others)

    def _inner(self, number: int, host: int, said: Heard) -> Iterator[tuple[int, Heard]]:
        """The value of an attribute within a sentence; the sentence itself then has that of the source."""
        piece = self.source.pieces[number]
        rank = sum(each.inside == host and each.shape == piece.shape for each in self.source.pieces[:number])
        places = [place for shape, place in _places(said.text) if shape == piece.shape]
        if rank < len(places):
            begin, end = places[rank]
            yield number, Heard(said.text[begin:end], said.sure)
            yield host, Heard(splice(said.text, [Splice(begin, end, self._source(number))]), said.sure)

    def _source(self, number: int) -> str:
        return self.source.of(self.source.pieces[number])

    def _target(self, number: int) -> str:
        return self.target.of(self.target.pieces[number])


def _kept(beads: Iterator[_Bead]) -> list[_Bead]:
    """Beads in which what has no source is joined to the one before, or to the first."""
    made: list[_Bead] = []
    early: list[int] = []
    mute: list[int] = []
    for bead in beads:
        if bead.source and bead.target:
            made.append(_Bead(bead.source, [*early, *bead.target], sure=bead.sure and not early))
            early = []
        elif bead.target and made:
            made[-1] = _Bead(made[-1].source, [*made[-1].target, *bead.target], sure=False)
        else:
            early += bead.target
            mute += bead.source
    return made or ([_Bead(mute[:1], early, sure=False)] if mute and early else [])


def _places(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Where the values of attributes stand in a sentence."""
    for token in read(text):
        if token.kind is Kind.OPEN:
            for each in values(text, token):
                yield f"{token.name} {each.name}", each.value or (0, 0)

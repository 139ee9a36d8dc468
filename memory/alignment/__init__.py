"""Alignment: translated documents that share no ids, laid side by side to fill the memory."""

from memory.alignment.align import Alignment, Document, align
from memory.alignment.entries import SURE, align_texts, entries
from memory.alignment.lexicon import learn
from memory.alignment.sentences import Sentence, paragraphs, segment

__all__ = [
    "SURE",
    "Alignment",
    "Document",
    "Sentence",
    "align",
    "align_texts",
    "entries",
    "learn",
    "paragraphs",
    "segment",
]

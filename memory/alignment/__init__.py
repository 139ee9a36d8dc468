"""Alignment: translated documents that share no ids, laid side by side to fill the memory."""

from memory.alignment.align import Alignment, Document, align
from memory.alignment.lexicon import learn
from memory.alignment.sentences import Sentence, paragraphs, segment

__all__ = ["Alignment", "Document", "Sentence", "align", "learn", "paragraphs", "segment"]

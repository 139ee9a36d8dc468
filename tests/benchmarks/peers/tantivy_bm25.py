"""tantivy: the hundred best by BM25 (https://github.com/quickwit-oss/tantivy-py), re-ranked.

It is given our own words, positions are left out, all segments are merged into one so that its block-max pruning reaches
furthest, and numbers are read from a column, not from stored documents.
"""

from pathlib import Path
from typing import Any

from tests.benchmarks.peers import Answer, PeerMissing, Query, Segments
from tests.benchmarks.peers.ranking import best

CANDIDATES = 100
_HEAP = 1 << 30


class Tantivy:
    name = f"tantivy BM25, {CANDIDATES} re-ranked"

    def __init__(self, folder: Path) -> None:
        try:
            import tantivy  # noqa: PLC0415 - a peer is not needed where it is not measured
        except ImportError as error:
            raise PeerMissing("tantivy is not installed: install the development group.") from error
        self._tantivy, self._folder = tantivy, folder

    def build(self, segments: Segments) -> None:
        tantivy = self._tantivy
        fields = tantivy.SchemaBuilder()
        fields.add_text_field("words", tokenizer_name="words", index_option="freq")
        fields.add_integer_field("number", fast=True)
        self._schema = fields.build()
        self._folder.mkdir()
        index = tantivy.Index(self._schema, path=str(self._folder))
        index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        writer = index.writer(_HEAP, num_threads=1)
        for number, form in enumerate(segments.forms):
            writer.add_document(tantivy.Document(words=" ".join(form.words), number=number))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher: Any = index.searcher()
        self._forms = segments.forms

    def search(self, query: Query) -> list[Answer]:
        made, terms = self._tantivy.Query, set(query.form.words)
        should = self._tantivy.Occur.Should
        asked = made.boolean_query([(should, made.term_query(self._schema, "words", word, "freq")) for word in terms])
        hits = [address for _, address in self._searcher.search(asked, CANDIDATES, count=False).hits]
        numbers = self._searcher.fast_field_values("number", hits)
        return best(query.form, ((number, self._forms[number]) for number in numbers))

    def size(self) -> int | None:
        return sum(file.stat().st_size for file in self._folder.iterdir())

    def close(self) -> None:
        del self._searcher, self._forms

"""CSV tables as hypothesis draws them: delimiters, quotes, ragged rows, comments, one language or several."""

from codecs import BOM_UTF8, BOM_UTF16_LE

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample

_TEXTS = st.text(
    st.one_of(st.sampled_from("ab'\"=+-@,;\t| \n\r#é中ع😀"), st.characters(exclude_categories=["Cs"])), max_size=10
)
_KEYS = st.text(st.sampled_from("abc.ä\",;' "), min_size=1, max_size=5).filter(str.strip)
_WORDS = st.text(st.sampled_from("rakes énع😀"), max_size=8).map("word {}".format)  # nothing that could be a heading
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "'=", "''-", "'\t")


def cell(draw: st.DrawFn, text: str, delimiter: str, *, always: bool) -> str:
    """A cell as people and programs write it: guarded, quoted, with blanks around its quotes."""
    said = f"'{text}" if text.startswith(_GUARDED) else text
    must = said.strip(" ") != said or any(mark in said for mark in (delimiter, '"', "\n", "\r"))
    if not (must or always or draw(st.booleans())):
        return said
    return '"' + said.replace('"', '""') + '"'


@st.composite
def csv_samples(draw: st.DrawFn, bilingual: bool = False) -> Sample:  # noqa: FBT001, FBT002
    delimiter = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    mark, encoding = draw(st.sampled_from([(b"", "utf-8"), (BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le")]))
    quoted = draw(st.booleans())
    two = [
        ("key", "en", "fr"),
        ("id", "English", "French", "Notes"),
        ("", "text_en", "text_fr"),
        ("key", "source", "target"),
    ]
    one = [("key", "text"), ("name", "value"), ("Key", "en", "comment"), ()]
    heading = draw(st.sampled_from(two if bilingual else one))
    own = 2 if heading[-1:] == ("target",) else 1
    pieces: list = [(None, mark)]

    def put(text, key=None):
        pieces.append((key, text.encode(encoding)))

    put(draw(st.sampled_from(["", end, f"sep={delimiter}{end}" if heading else ""])))
    put(delimiter.join(cell(draw, name, delimiter, always=quoted) for name in heading) + (end if heading else ""))
    for key in draw(st.lists(_KEYS if heading else _WORDS, unique=True, min_size=0 if heading else 1, max_size=5)):
        if heading and draw(st.booleans()):
            put(f"# of rakes and spades{end}")
        width = len(heading) or 2
        texts = [key, *(draw(_TEXTS if heading else _WORDS) for _ in range(width - 1))]
        if width > 2 and own < width - 1 and draw(st.booleans()):
            texts = texts[: own + 1]
        for place, text in enumerate(texts):
            put(delimiter if place else "")
            put(cell(draw, text, delimiter, always=quoted), (key,) if place == own else None)
        put(end)
    return Sample(tuple(pieces), "table.csv")


ROOMS = {
    ("csv", ""): Room(st.one_of(csv_samples(), csv_samples(bilingual=True)), locale="fr", bilingual=True),
}

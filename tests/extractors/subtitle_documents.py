"""Subtitles as hypothesis draws them: SRT and WebVTT with positions, notes, identifiers and empty cues."""

import re
from codecs import BOM_UTF8

from hypothesis import strategies as st

from tests.extractors.contract import TARGETS, Room, Sample

_LINES = st.text(
    st.one_of(
        st.sampled_from("ab <i></i>&;{}1:é中ع😀"), st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
    ),
    min_size=1,
    max_size=12,
).filter(lambda line: line.strip() and "-->" not in line and not line.startswith("{\\"))
_TARGETS = TARGETS.map(
    lambda text: "\n".join(line for line in re.split(r"[\r\n]", text) if line.strip()).removeprefix("{\\")
).filter(lambda text: "-->" not in text)


@st.composite
def subtitle_samples(draw: st.DrawFn, web: bool = False) -> Sample:  # noqa: FBT001, FBT002
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    pieces: list = [(None, draw(st.sampled_from([b"", BOM_UTF8])))]
    mark = "." if web else ","

    def put(text, key=None):
        pieces.append((key, text.encode()))

    put(f"WEBVTT{draw(st.sampled_from(['', ' - Seeds', f'{end}Kind: captions']))}{end}{end}" if web else "")
    for number in range(draw(st.integers(0 if web else 1, 4))):
        if web and draw(st.booleans()):
            put(
                draw(st.sampled_from([f"NOTE said by the curator{end}", f"STYLE{end}::cue {{ color: green }}{end}"]))
                + end
            )
        name = draw(st.sampled_from(["", f"scene {number}"])) if web else str(number + 1)
        start = f"00:00:{number:02}{mark}500"
        put(f"{name}{end}" if name else "")
        put(f"{start} --> 00:00:{number + 1:02}{mark}000{draw(st.sampled_from(['', ' align:start', ' X1:40']))}")
        lines = draw(st.lists(_LINES, max_size=3))
        key = (name if web and name else start,)
        if lines:
            put(end + draw(st.sampled_from(["", "{\\an8}"])))
        put(end.join(lines), key)
        put(end * draw(st.integers(2, 3)))
    return Sample(tuple(pieces), "film.vtt" if web else "film.srt")


ROOMS = {
    ("srt", ""): Room(subtitle_samples(), _TARGETS),
    ("vtt", ""): Room(subtitle_samples(web=True), _TARGETS, "fr"),
}

"""Fluent files as hypothesis draws them."""

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.units import Key

_IDS = st.from_regex(r"[a-z][a-z0-9_\-]{0,8}", fullmatch=True)
_WORDS = st.text(st.sampled_from("ab'\"\\.*[é\xa0中ع😀-"), min_size=1, max_size=8).map(lambda text: f"w{text}")
_PLACEABLES = st.sampled_from(["{ $name }", "{ -brand }", '{ "{" }', "{ NUMBER($n) }", "{ other.title }"])
_SELECT = "{{ $n ->{line}    [one] { $n } tray{line}   *[other] {words}{line}}}"
_COMMENTS = st.sampled_from(["", "", "# Seen on the tray\n", "# tm:maxlength=20\n", "## Section\n\n", "### File\n\n"])
_TARGETS = st.lists(
    st.one_of(st.sampled_from([" ", "  ", "\n", "{ $name }", "[", ".", "*", "# ", "-"]), _WORDS, st.just("é ع")),
    max_size=8,
).map("".join)


def _pattern(draw: st.DrawFn, newline: str, indent: str) -> str:
    words = "".join(draw(st.lists(st.one_of(_WORDS, _PLACEABLES), min_size=1, max_size=3)))
    line = newline + indent
    return draw(
        st.sampled_from(
            [
                f" {words}",
                f"   {words}  {line}{words}",
                f"{line}{words}",
                f"{line}{words}{newline}{newline}{indent}{words}",
                " " + _SELECT.replace("{line}", line).replace("{words}", words).replace("{{", "{").replace("}}", "}"),
                line + _SELECT.replace("{line}", line).replace("{words}", words).replace("{{", "{").replace("}}", "}"),
            ]
        )
    )


@st.composite
def fluent_samples(draw: st.DrawFn) -> Sample:
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    indent = draw(st.sampled_from([" ", "    ", "        "]))
    pieces: list[tuple[Key | None, bytes]] = []

    def put(written: str, key: Key | None = None) -> None:
        pieces.append((key, written.encode()))

    for name in draw(st.lists(_IDS, unique=True, max_size=5)):
        key = draw(st.sampled_from([name, name, f"-{name}"]))
        put(draw(_COMMENTS).replace("\n", newline) + key + draw(st.sampled_from([" =", "="])))
        put(_pattern(draw, newline, indent), (key,))
        for attribute in draw(st.lists(st.sampled_from(["title", "aria-label"]), unique=True, max_size=2)):
            put(f"{newline}    .{attribute} =")
            put(_pattern(draw, newline, f"{indent}    "), (key, attribute))
        put(newline)
    return Sample(tuple(pieces), "main.ftl")


ROOMS = {("fluent", ""): Room(fluent_samples(), _TARGETS)}

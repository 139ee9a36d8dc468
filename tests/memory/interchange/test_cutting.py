"""Cutting a file into entries: the same wherever its blocks end, and nothing is lost or glued."""

from hypothesis import given
from hypothesis import strategies as st

from memory.interchange.cutting import Cutter, Entry
from memory.interchange.intake import LIMITS

PIECES = [
    *(
        b"<tu>",
        b"<tu a='b'>",
        b"<tu/>",
        b"<tuv>",
        b"</tuv>",
        b"</tu>",
        b"</tu\n>",
        b"</body>",
        b"</tmx>",
        b"<tu",
        b"</",
        b"<",
        b">",
    ),
    *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x", b"?>", b"\n", b" ", b"text", b"-", b"/>", b"'", b"<!", b"<![CD"),
]
FILES = st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)


def cut(*blocks: bytes):
    cutter = Cutter(LIMITS)
    return list(cutter.cut(iter(blocks), b"", 1)), cutter.number, cutter.closed


@given(FILES, st.lists(st.integers(1, 12), min_size=1))
def test_where_a_block_ends_makes_no_difference(content, sizes):
    blocks, place = [], 0
    while place < len(content):
        size = sizes[len(blocks) % len(sizes)]
        blocks.append(content[place : place + size])
        place += size
    assert cut(*blocks) == cut(content)


@given(FILES)
def test_an_entry_is_a_part_of_the_file_that_begins_and_ends_once_and_tells_its_line(content):
    found, number, _ = cut(content)
    entries = [one for one in found if isinstance(one, Entry)]
    for one in entries:
        assert one.content.startswith(b"<tu")
        assert one.content.rstrip(b"> \n").endswith(b"</tu")
        assert one.content in content
        assert content.splitlines(keepends=True)[one.line - 1].count(b"<tu") >= 1
    assert [one.number for one in entries] == sorted({one.number for one in entries})
    assert number >= len(entries)


@given(
    st.lists(st.sampled_from([b"seed", b"<!-- </tu> -->"[:4], b"leaf\n", b"<b>", b"&amp;"]), max_size=5).map(b"".join)
)
def test_every_whole_entry_beside_a_broken_one_is_found(broken):
    whole = b"<tu><tuv>a</tuv></tu>\n"
    found, _, closed = cut(whole + b"<tu>" + broken + b"\n" + whole + b"</body></tmx>")
    assert [one.content for one in found if isinstance(one, Entry)] == [whole.strip()] * 2
    assert closed

"""Archives: one member is written anew and all others stay as they are packed; what could hurt is refused."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.zip_members import read, replaced
from tests.extractors.archives import archive, unpacked
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document

SEEDS = {"a.xml": "<a>seed</a>" * 50, "ö/b.bin": b"\x00\x01" * 9, "c.txt": "", "d.xml": "<d/>"}


def document(content: bytes) -> Document:
    return Document("help.docx", content)


def refused(content: bytes) -> str:
    with pytest.raises(ExtractionError) as caught:
        read(document(content), ["a.xml"])
    return caught.value.reason


def packed(content: bytes) -> dict[str, tuple]:
    """What the archive says of each member, and its packed bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        infos = opened.infolist()
    members = {}
    for info in infos:
        name, extra = struct.unpack_from("<2H", content, info.header_offset + 26)
        begin = info.header_offset + 30 + name + extra
        members[info.filename] = (
            info.date_time,
            info.external_attr,
            info.extra,
            info.compress_type,
            content[begin : begin + info.compress_size],
        )
    return members


@given(
    st.booleans(),
    st.booleans(),
    st.sampled_from([b"", b"made in spring"]),
    st.dictionaries(st.sampled_from(list(SEEDS)), st.binary(max_size=500)),
)
def test_only_the_members_given_change(is_packed, streamed, comment, new):
    before = archive(SEEDS, packed=is_packed, streamed=streamed, comment=comment)
    after = replaced(document(before), new)
    assert unpacked(after) == {name: new.get(name, old) for name, old in unpacked(before).items()}
    assert {name: said for name, said in packed(after).items() if name not in new} == {
        name: said for name, said in packed(before).items() if name not in new
    }
    assert [said[:4] for said in packed(after).values()] == [said[:4] for said in packed(before).values()]
    assert after.endswith(comment)


def test_nothing_replaced_is_the_archive_itself():
    content = archive(SEEDS, streamed=True, comment=b"made in spring")
    assert replaced(document(content), {}) == content


def test_an_archive_with_something_between_its_members_stays_whole():
    content = archive(SEEDS)
    start = struct.unpack_from("<L", content, len(content) - 6)[0]
    gap = content[:start] + b"gap" + content[start:-6] + struct.pack("<LH", start + 3, 0)
    assert replaced(document(gap), {}) == gap
    assert unpacked(replaced(document(gap), {"d.xml": b"<e/>"}))["d.xml"] == b"<e/>"


def _encrypted() -> bytes:
    content = bytearray(archive(SEEDS))
    place = content.index(b"PK\1\2")
    content[place + 8] |= 1
    return bytes(content)


def _twice() -> bytes:
    return archive({"a.xml": "1", "b.xml": "2"}).replace(b"b.xml", b"a.xml")


def _zip64() -> bytes:
    content = archive(SEEDS)
    place = content.index(b"PK\1\2")
    return content[: place + 42] + b"\xff\xff\xff\xff" + content[place + 46 :]


def _overlapping() -> bytes:
    content = archive({"a.xml": "1" * 100, "b.xml": "2"}, packed=False)
    second = content.index(b"PK\1\2", content.index(b"PK\1\2") + 4)
    return content[: second + 42] + struct.pack("<L", 20) + content[second + 46 :]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no archive"),
        (b"PK", "no archive"),
        (archive(SEEDS)[:-30], "no archive"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "has a password or is in the old binary format"),
        (_encrypted(), "is encrypted"),
        (_twice(), "two files of one name"),
        (_zip64(), "is damaged"),
        (_overlapping(), "save it again"),
        (archive({"a.xml": "", "../b": ""}), "names files outside of itself"),
        (archive({"a.xml": "", "/b": ""}), "names files outside of itself"),
        (archive({"a.xml": "0" * 5_000_000}), "packed tighter than any document"),
        (archive({str(number): "" for number in range(5001)}), "more than 5,000 files"),
        (archive({"b.xml": ""}), "its a.xml is missing"),
    ],
)
def test_what_could_hurt_or_cannot_be_kept_is_refused(content, reason):
    assert reason in refused(content)


def test_a_member_whose_bytes_are_damaged_is_refused():
    content = bytearray(archive(SEEDS))
    content[45] ^= 0xFF
    assert "is damaged" in refused(bytes(content))


def test_a_member_that_unpacks_to_more_than_it_says_is_refused():
    content = bytearray(archive({"a.xml": "<a/>" * 1000}))
    place = content.index(b"PK\1\2")
    struct.pack_into("<L", content, place + 24, 8)
    assert "is damaged" in refused(bytes(content))

"""Pictures: told by their bytes, kept once, without what they say of who took them; for readers as they were drawn."""

from datetime import timedelta
from io import BytesIO
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from tests.records.samples import A1, BARAKA, EDITOR, article
from tm_service.domain.errors import Conflict, NotAllowed, NotFound, Unusable
from tm_service.records import picturing
from tm_service.records.pictures import LARGEST, read_picture
from tm_service.records.schemas import schemas
from tm_service.records.validation import problems

KINDS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
SECRET = b"ada@house.example"


def drawn(kind="png", size=(40, 30), turned=1, color="teal", **options: object):
    """A picture as a camera writes it, with who took it."""
    made = Image.new("RGB", size, color)
    made.paste("white", (0, 0, 5, 5))
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = SECRET.decode(), turned  # artist, orientation
    there = BytesIO()
    made.save(there, KINDS[kind], exif=exif, **options)
    return there.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_kept_without_who_took_it_and_looks_as_it_did(kind):
    content = drawn(kind)
    assert SECRET in content
    kept = read_picture(content + b"<script>and what follows it</script>")
    assert (kept.kind, kept.width, kept.height) == (kind, 40, 30)
    assert SECRET not in kept.content
    assert b"script" not in kept.content
    was, now = (Image.open(BytesIO(one)).convert("RGB") for one in (content, kept.content))
    assert ImageChops.difference(was, now).getbbox() is None
    assert read_picture(kept.content) == kept, "nothing more is to be taken out"


def test_a_photograph_still_says_how_the_camera_was_held():
    kept = read_picture(drawn("jpg", turned=6, progressive=True))
    assert dict(Image.open(BytesIO(kept.content)).getexif()) == {0x0112: 6}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_damaged_too_large_or_no_picture_is_refused_in_words(kind):
    content = drawn(kind)
    for bad in (content[:-9], content[:12], content[:20], b"", b"GIF89a" + content, b"<svg onload='x'/>"):
        with pytest.raises(Unusable, match=r"no picture that can be kept|pixels"):
            read_picture(bad)
    with pytest.raises(Unusable, match="more than 4 MB"):
        read_picture(content + bytes(LARGEST))


def test_a_scan_that_never_ends_is_refused():
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + bytes(9) + b"\xff\xda\x00\x02"
    with pytest.raises(Unusable, match="no picture that can be kept"):
        read_picture(head + b"\xff" * 3_000_000)


def test_a_picture_that_claims_more_pixels_than_any_screen_has_is_refused():
    with pytest.raises(Unusable, match="30000 by 1 pixels"):
        read_picture(drawn("png", (30_000, 1)))
    canvas = b"VP8X" + pack("<I", 10) + bytes(7) + pack("<I", 4_999)[:3]  # 1 by 5,000
    still = b"VP8L" + pack("<IBI", 5, 0x2F, 11_999) + bytes(1)  # 12,000 by 1
    both = canvas + still
    with pytest.raises(Unusable, match="12000 by 5000 pixels, and 50 million pixels are the most"):
        read_picture(b"RIFF" + pack("<I", len(both) + 4) + b"WEBP" + both)


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_whatever_the_bytes_are_they_are_kept_or_refused(kind, data):
    content = bytearray(drawn(kind, (9, 7)))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        kept = read_picture(bytes(content))
    except Unusable:
        return
    assert len(kept.content) <= len(content)


def test_a_picture_is_kept_once_for_who_may_write_and_read_by_its_digest(room):
    room.save_draft(A1, article(), based_on=0, by=EDITOR)
    made = room.add_picture(A1, drawn(), by=EDITOR)
    assert room.add_picture(A1, drawn(), by=EDITOR) == made
    assert room.picture(made.digest) == made
    assert made.address == f"/pictures/{made.digest}.png"
    with pytest.raises(NotAllowed):
        room.add_picture(A1, drawn(color="red"), by=BARAKA)
    with pytest.raises(NotFound):
        room.picture("0" * 64)


def test_nobody_brings_more_pictures_within_a_day_than_there_is_use_for(room, clock, monkeypatch):
    monkeypatch.setattr(picturing, "_MOST", 2)
    room.save_draft(A1, article(), based_on=0, by=EDITOR)
    for color in ("red", "blue", "red"):
        room.add_picture(A1, drawn(color=color), by=EDITOR)
    with pytest.raises(Conflict, match="within a day"):
        room.add_picture(A1, drawn(color="green"), by=EDITOR)
    clock.pass_by(seconds=timedelta(days=1).total_seconds() + 1)
    room.add_picture(A1, drawn(color="green"), by=EDITOR)


def test_a_picture_of_ours_without_words_keeps_a_document_from_being_published():
    def said(html):
        found = problems(schemas()["article"], article(content={"en": html}))
        return [one.message for one in found if one.path == "content.en"]

    assert said('<p>x</p>\n<img src="/pictures/a.png">') == [
        "Line 2: the picture has no alternative text; write what those who cannot see it should know."
    ]
    assert said('<img src="/pictures/a.png" alt="A map">') == said('<img src="/elsewhere.png">') == []

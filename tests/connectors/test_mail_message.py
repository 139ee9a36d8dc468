"""The covering letter: what stands in it, and what nobody can put into it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP, default

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.mail_message import Sender, checked_address, checked_link, compose, message_id
from tests.connectors.test_channel_contract import DELIVERY
from tm_service.domain.errors import Refused

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SENDER = Sender("post@example.org", "Seed Exchange", "desk@example.org")
OURS = {
    *("Message-ID", "Date", "From", "To", "Reply-To", "Subject", "Auto-Submitted", "Content-Language"),
    *("MIME-Version", "Content-Type"),
}


def written(delivery, *, attach=True, sender=SENDER):
    """The letter as whoever receives it reads it."""
    return message_from_bytes(compose(delivery, sender, NOW, attach=attach).as_bytes(policy=SMTP), policy=default)


def bodies(letter):
    return [letter.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")]


def test_a_letter_says_from_whom_to_whom_and_about_what():
    letter = written(DELIVERY)
    assert letter["From"] == "Seed Exchange <post@example.org>"
    assert letter["To"] == "ines@example.org"
    assert letter["Reply-To"] == "desk@example.org"
    assert letter["Subject"] == "Seeds: package 7"
    assert letter["Date"] == "Sun, 22 Nov 2026 09:00:00 +0000"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Reply-To" not in written(DELIVERY, sender=replace(SENDER, answers=""))
    plain, html = bodies(letter)
    assert plain.strip() == DELIVERY.plain
    assert DELIVERY.html in html


def test_the_message_id_is_the_deliverys_at_every_attempt_and_no_other_ones():
    letters = [written(DELIVERY, attach=attach)["Message-ID"] for attach in (True, False)]
    assert letters == [message_id(DELIVERY.id, SENDER)] * 2
    assert message_id("seeds-7-fr v2", SENDER) != letters[0]
    assert letters[0].endswith("@example.org>")


@pytest.mark.parametrize(
    "name", ["seeds.zip", "حزمة البذور.zip", "种子库 第7号.zip", "Посылка № 7.zip", "L’été.zip", "x" * 190 + ".zip"]
)
def test_the_file_keeps_its_name_and_its_bytes(name):
    content = bytes(range(256)) * 40 + b"\r\n.\r\n"
    (file,) = written(replace(DELIVERY, name=name, content=content)).iter_attachments()
    assert file.get_filename() == name
    assert file.get_content() == content


def test_a_name_in_another_script_travels_as_rfc_2231_says():
    raw = compose(replace(DELIVERY, name="种子.zip"), SENDER, NOW, attach=True).as_bytes(policy=SMTP)
    assert raw.isascii()
    assert b"filename*=utf-8''%E7%A7%8D%E5%AD%90.zip" in raw


@pytest.mark.parametrize("name", ["receipt.html", "list.csv", "letter.eml", "notes.txt"])
def test_a_file_of_lines_comes_home_byte_by_byte(name):
    content = "a\rb\nc\r\nétat\n".encode("utf-16")
    (file,) = written(replace(DELIVERY, name=name, content=content)).iter_attachments()
    assert file.get_content_type() == "application/octet-stream"
    assert file.get_content() == content


def test_an_arabic_letter_reads_from_the_right_and_its_link_from_the_left():
    arabic = replace(
        DELIVERY,
        language="ar",
        subject="بنوك البذور: الحزمة 7",
        plain="اثنا عشر نصا من بنك البذور.",
        html="<p>اثنا عشر نصا من بنك البذور.</p>",
    )
    letter = written(arabic, attach=False)
    plain, html = bodies(letter)
    assert letter["Subject"] == arabic.subject
    assert letter["Content-Language"] == "ar"
    assert plain.split("\n\n") == [arabic.plain, f"{arabic.link}\n"]
    assert '<html lang="ar" dir="rtl">' in html
    assert '<div dir="rtl">\n<p>اثنا عشر' in html
    assert f'<p dir="ltr"><a href="{arabic.link}">' in html
    assert list(letter.iter_attachments()) == []


@pytest.mark.parametrize(
    ("language", "direction"), [("fr", "ltr"), ("ar-SA", "rtl"), ("tlh", "auto"), ('x" onload="y', "ltr")]
)
def test_every_letter_says_its_direction(language, direction):
    html = bodies(written(replace(DELIVERY, language=language)))[1]
    assert f' dir="{direction}">' in html
    assert "onload" not in html


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https:",
        "//x",
        "https://x/\r\nBcc: all@x",
        "https://x/a b",
        "",
        "ftp://x/y",
    ],
)
def test_what_is_no_web_address_is_no_link(link):
    with pytest.raises(Refused):
        checked_link(link)


def test_a_link_is_written_as_text_whatever_it_holds():
    html = bodies(written(replace(DELIVERY, link='https://x.example/?a=1&b="><script>'), attach=False))[1]
    assert "<script>" not in html
    assert "a=1&amp;b=" in html


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "ines",
            "ines@",
            "@example.org",
            "ines@localhost",
            "a@example.org, b@example.org",
            "a@example.org b@example.org",
        ),
        *(
            "Ines <ines@example.org>",
            "ines@example.org\r\nBcc: all@example.org",
            "ines@example.org\n",
            "<ines@example.org>",
        ),
        *(
            "ines@exam ple.org",
            "инес@example.org",
            "a@example.org\0",
            "a@[127.0.0.1]",
            "a@.org",
            "a@" + "b" * 70 + ".org",
        ),
    ],
)
def test_what_is_not_one_address_is_refused_and_shown_on_one_line(address):
    with pytest.raises(Refused) as refusal:
        checked_address(address)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("ines@bücher.example", "ines@xn--bcher-kva.example"),
        ("o'neil+seeds@mail.example.org", "o'neil+seeds@mail.example.org"),
    ],
)
def test_unusual_addresses_are_addresses(address, sent):
    assert checked_address(address).addr_spec == sent


hostile = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    [
        "a\r\nBcc: all@example.org",
        "a\nX: y",
        "a\r\n\r\n<html>",
        "\u2028Bcc: x@y.z",
        "=?utf-8?q?x=0D=0ABcc:_a@b.c?=",
        "=??Q?=0D:",
        "=??Q?=00:",
        "\ud800",
        "a\x85b",
    ]
)


@settings(max_examples=150, deadline=None)
@given(subject=hostile, name=hostile, plain=hostile, html=hostile, id_=hostile)
@example(
    subject="a\r\nBcc: all@example.org\r\n\r\nhello",
    name="x\r\nBcc: y@z.org",
    plain=".\r\n.",
    html="\r\n.\r\n",
    id_="\r\n",
)
def test_nobody_writes_a_header_of_their_own(subject, name, plain, html, id_):
    delivery = replace(DELIVERY, id=id_, subject=subject, plain=plain, html=html)
    letter = written(delivery, sender=replace(SENDER, name=name))
    assert set(letter.keys()) <= OURS
    assert len(letter.keys()) == len(set(letter.keys()))
    assert [address.addr_spec for address in letter["To"].addresses] == ["ines@example.org"]
    assert [address.addr_spec for address in letter["From"].addresses] == ["post@example.org"]
    assert len(list(letter.iter_attachments())) == 1


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80)


@settings(max_examples=100, deadline=None)
@given(plain=words, subject=words)
def test_words_of_any_language_arrive_as_they_were_written(plain, subject):
    letter = written(replace(DELIVERY, plain=plain, subject=subject))
    assert bodies(letter)[0] == f"{plain}\n"

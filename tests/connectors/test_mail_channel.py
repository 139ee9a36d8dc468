"""Sending packages by mail: through a real server, and against servers that fail at every step."""

import socket
import ssl
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.mail_channel import MailChannel, MailServer, Security, _stuffed
from connectors.mail_message import Sender, message_id
from tests.connectors.mail_servers import PASSWORD, USER, Kept, certificate, failing_server, real_server
from tests.connectors.test_channel_contract import DELIVERY
from tm_service.domain.errors import ConfigurationError, ConnectorError, InDoubt, Refused, TryLater

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SENDER = Sender("post@example.org", "Seed Exchange")


def channel(port, *, context=ssl.create_default_context, host="127.0.0.1", security=Security.NONE, **more: object):
    server = MailServer(host, port, security=security, **{"timeout": 5, "patience": 5, **more})
    return MailChannel(server, SENDER, lambda: NOW, context)


@pytest.fixture(scope="module")
def trust(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


@contextmanager
def failing(**answers: str):
    with failing_server(**answers) as (port, told):
        yield channel(port), told


# Through a real server.


def test_a_letter_goes_encrypted_to_a_server_that_asks_for_a_password(trust):
    kept = Kept()
    with real_server(kept, starttls=trust.server) as port:
        post = channel(port, context=lambda: trust.trusting, security=Security.STARTTLS, user=USER, password=PASSWORD)
        sent = post.send(DELIVERY)
    (letter,) = kept.letters
    assert letter["Message-ID"] == sent.reference == message_id(DELIVERY.id, SENDER)
    assert next(letter.iter_attachments()).get_content() == DELIVERY.content
    assert kept.encrypted == [True]
    assert kept.recipients == ["ines@example.org"]


def test_a_letter_goes_to_a_server_that_is_encrypted_from_the_first_byte(trust):
    kept = Kept()
    with real_server(kept, tls=trust.server) as port:
        channel(port, context=lambda: trust.trusting, security=Security.TLS).send(DELIVERY)
    assert kept.encrypted == [True]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_that_cannot_prove_who_it_is_gets_no_letter_and_no_password(trust, security):
    kept = Kept()
    servers = {Security.STARTTLS: {"starttls": trust.server}, Security.TLS: {"tls": trust.server}}
    with real_server(kept, **servers[security]) as port:
        post = channel(port, security=security, user=USER, password=PASSWORD)
        with pytest.raises(Refused, match=r"certificate of 127\.0\.0\.1 is not valid"):
            post.send(DELIVERY)
    assert kept.letters == []


def test_a_certificate_of_another_server_is_not_taken(tmp_path):
    kept, other = Kept(), certificate(tmp_path, "127.0.0.9")
    with real_server(kept, tls=other.server) as port:
        post = channel(port, context=lambda: other.trusting, security=Security.TLS)
        with pytest.raises(Refused, match="IP address mismatch"):
            post.send(DELIVERY)
    assert kept.letters == []


def test_a_server_without_encryption_gets_no_letter():
    with failing_server() as (port, told):
        post = channel(port, security=Security.STARTTLS, user=USER, password=PASSWORD)
        with pytest.raises(Refused, match="STARTTLS"):
            post.send(DELIVERY)
    assert not any(line.upper().startswith(("AUTH", "MAIL")) for line in told.heard)


def test_a_wrong_password_is_for_a_person_and_is_never_said(trust):
    kept, wrong = Kept(), "wr0ng&word"
    with real_server(kept, starttls=trust.server) as port:
        post = channel(port, context=lambda: trust.trusting, security=Security.STARTTLS, user=USER, password=wrong)
        with pytest.raises(Refused, match="answered 535") as refusal:
            post.send(DELIVERY)
        assert wrong not in repr(post)
    assert wrong not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert kept.letters == []


def test_a_large_file_goes_as_a_link_and_a_small_one_as_itself():
    kept = Kept()
    with real_server(kept) as port:
        post = channel(port, largest=1000)
        attached = [post.send(replace(DELIVERY, content=b"x" * size)).attached for size in (1000, 1001)]
    assert attached == [True, False]
    assert [len(list(letter.iter_attachments())) for letter in kept.letters] == [1, 0]
    assert DELIVERY.link in kept.letters[1].get_body(("plain",)).get_content()


def test_a_file_larger_than_the_server_takes_goes_as_a_link():
    kept = Kept()
    with real_server(kept, data_size_limit=20_000) as port:
        sent = channel(port).send(replace(DELIVERY, content=b"x" * 18_000))  # within its limit before it is encoded
    assert not sent.attached
    assert len(kept.letters) == 1


def test_a_large_file_without_a_link_is_refused_before_anything_is_said():
    with failing() as (post, told), pytest.raises(Refused, match="there is no link to it"):
        replace(post, server=replace(post.server, largest=5)).send(replace(DELIVERY, link=""))
    assert told.heard == []


def test_a_large_file_without_a_link_that_the_server_does_not_take_is_refused():
    with real_server(Kept(), data_size_limit=20_000) as port, pytest.raises(Refused, match="answered 552"):
        channel(port).send(replace(DELIVERY, content=b"x" * 18_000, link=""))


@pytest.mark.parametrize(
    ("letter", "sent"),
    [
        (b".a\r\n.\r\n..b\r\n", b"..a\r\n..\r\n...b\r\n"),
        (b"a.\r\nb", b"a.\r\nb\r\n"),
        (b"", b"\r\n"),
    ],
)
def test_no_line_of_a_letter_is_taken_for_its_end(letter, sent):
    assert _stuffed(letter) == sent


def test_lines_that_begin_with_a_dot_arrive_as_they_are():
    kept, dots = Kept(), ".\r\n..\r\n.x\r\n"
    with real_server(kept) as port:
        channel(port).send(replace(DELIVERY, plain=dots, html=dots, content=dots.encode()))
    assert next(kept.letters[0].iter_attachments()).get_content() == dots.encode()


# Against servers that fail.


@pytest.mark.parametrize("step", ["greeting", "MAIL", "RCPT", "DATA", "end"])
@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ("421 4.3.2 closing, come back", TryLater),
        ("451 4.7.1 greylisted", TryLater),
        ("550 5.1.1 nobody of that name", Refused),
        ("554 5.7.1 not wanted", Refused),
    ],
)
def test_what_passes_is_told_apart_from_what_does_not(step, answer, failure):
    with failing(**{step: answer}) as (post, _), pytest.raises(failure) as said:
        post.send(DELIVERY)
    code, _, words = answer.partition(" ")
    assert f"answered {code}: {words}" in str(said.value)


@pytest.mark.parametrize("step", ["greeting", "MAIL", "RCPT", "DATA", "middle"])
def test_a_connection_lost_before_the_letter_was_whole_can_be_tried_again(step):
    """A letter without its last line is thrown away by whoever has it (RFC 5321, 4.1.1.4)."""
    large = replace(DELIVERY, content=b"x" * 4_000_000)  # more than the system's buffers take
    with failing(**{step: "drop"}) as (post, told), pytest.raises(TryLater, match="cannot be spoken with"):
        post.send(large)
    assert told.bodies == []


def test_a_connection_lost_after_the_letter_was_whole_is_in_doubt():
    with (
        failing(end="drop") as (post, told),
        pytest.raises(InDoubt, match=r"did not answer; ask ines@example\.org whether"),
    ):
        post.send(DELIVERY)
    assert len(told.bodies) == 1  # it has the letter: sending again would send it twice


def test_an_answer_to_the_whole_letter_that_is_none_is_in_doubt():
    for answer in ("what?", "354 go on", "999 x", "250" + "x" * 9000):
        with failing(end=answer) as (post, _), pytest.raises(InDoubt):
            post.send(DELIVERY)


def test_a_server_that_falls_silent_after_the_whole_letter_is_in_doubt():
    with failing_server(end="") as (port, told), pytest.raises(InDoubt):
        channel(port, patience=0.2).send(DELIVERY)
    assert len(told.bodies) == 1


def test_a_server_that_never_speaks_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TryLater, match="timed out"):
        channel(silent.getsockname()[1], timeout=0.2).send(DELIVERY)


def test_a_letter_sent_again_by_a_person_is_known_for_the_same():
    with failing(end="drop") as (post, told):
        for _ in range(2):
            with pytest.raises(InDoubt):
                post.send(DELIVERY)
    assert len(told.bodies) == 2
    assert all(f"Message-ID: {message_id(DELIVERY.id, SENDER)}".encode() in body for body in told.bodies)


def test_a_server_that_is_not_there_may_be_there_later():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(TryLater, match="Connection refused"):
        channel(port).send(DELIVERY)


def test_a_letter_that_was_accepted_is_sent_even_if_the_goodbye_fails():
    with failing(QUIT="drop") as (post, told):
        assert post.send(DELIVERY).reference
    assert len(told.bodies) == 1


def test_a_servers_words_are_repeated_on_one_line_and_without_what_opens_it():
    said = f"550 no \x1b[31m{PASSWORD}" + "y" * 500
    with failing_server(MAIL=said) as (port, _):
        post = channel(port)
        post = replace(post, server=replace(post.server, user=USER, password=PASSWORD))
        sentence = str(post._failure(550, said.encode()))
    assert sentence.isprintable()
    assert PASSWORD not in sentence
    assert len(sentence) < 300


def test_a_recipient_that_is_none_is_refused_before_anything_is_said():
    with failing() as (post, told), pytest.raises(Refused, match="is no e-mail address"):
        post.send(replace(DELIVERY, recipient="ines@example.org>\r\nRCPT TO:<all@example.org"))
    assert told.heard == []


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ({"host": "mail.example.org", "security": Security.NONE}, "in the open"),
        ({"user": "post"}, "both a user and a password"),
        ({"user": "post", "password": "клён"}, "letters that SMTP cannot carry"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(named, reason):
    with pytest.raises(ConfigurationError, match=reason) as refusal:
        MailServer(**{"host": "mail.example.org", "port": 587, **named})
    assert "клён" not in str(refusal.value)


def test_all_that_channels_say_is_said_at_the_door():
    assert all(issubclass(failure, ConnectorError) for failure in (Refused, TryLater, InDoubt))


STEPS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "middle", "end")
ANSWERS = ("drop", "421 later", "451 later", "550 never", "what?")


@settings(max_examples=60, deadline=None)
@given(troubles=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(ANSWERS)), max_size=5))
@example(troubles=[("middle", "drop"), ("RCPT", "451 later"), ("end", "421 later")])
@example(troubles=[("end", "drop"), ("greeting", "drop")])
def test_whoever_goes_on_only_after_try_later_never_sends_twice(troubles):
    """The law of the outbox, against a server that fails at any step, any number of times, and then works."""
    kept = 0
    with failing_server() as (port, told):
        post = channel(port)
        for step, answer in [*troubles, ("", "")]:
            told.answers, before = {step: answer}, len(told.bodies)
            going_on = False
            try:
                post.send(DELIVERY)
            except TryLater:
                going_on = True
            except (Refused, InDoubt):
                pass
            declined = step == "end" and answer[:1] in {"4", "5"}
            kept += len(told.bodies) > before and not declined  # it may have been delivered, whatever was answered
            if not going_on:
                break
    assert kept <= 1

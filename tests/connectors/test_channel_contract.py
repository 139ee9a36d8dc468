"""What every channel keeps: once is once, and a name is only a name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.file_names import checked_name
from connectors.folder_channel import FolderChannel
from connectors.mail_channel import MailChannel, MailServer, Security
from connectors.mail_message import Sender
from tests.connectors.mail_servers import Kept, real_server
from tm_service.domain.deliveries import Delivery, next_try
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.ports import Channel

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DELIVERY = Delivery(
    id="seeds-7-fr v1",
    recipient="ines@example.org",
    subject="Seeds: package 7",
    plain="Twelve texts of the seed bank, due on Friday.",
    html="<p>Twelve texts of the seed bank, due on Friday.</p>",
    name="seeds-D0007-en-fr-v1.zip",
    content=b"PK\x03\x04 not really",
    link="https://seeds.example.org/packages/7",
)


@pytest.fixture
def folder_channel(tmp_path):
    place = tmp_path / "share"
    place.mkdir()
    return FolderChannel(place), lambda: [file.read_bytes() for file in place.iterdir()]


@pytest.fixture
def mail_channel():
    kept = Kept()
    with real_server(kept) as port:
        server = MailServer("127.0.0.1", port, security=Security.NONE)
        channel = MailChannel(server, Sender("post@example.org"), lambda: NOW)
        yield channel, lambda: [next(letter.iter_attachments()).get_content() for letter in kept.letters]


@pytest.fixture(params=["folder_channel", "mail_channel"])
def channel(request) -> tuple[Channel, Callable[[], list[bytes]]]:
    """A channel, and what arrived through it."""
    return request.getfixturevalue(request.param)


def test_a_delivery_arrives_byte_by_byte_and_the_answer_names_it(channel):
    carrier, arrived = channel
    sent = carrier.send(DELIVERY)
    assert arrived() == [DELIVERY.content]
    assert sent.reference
    assert sent.attached
    assert not sent.repeated


def test_the_same_delivery_has_the_same_name_outside_and_is_doubled_only_where_that_was_said(channel):
    carrier, arrived = channel
    assert carrier.send(DELIVERY).reference == carrier.send(DELIVERY).reference
    assert len(arrived()) == (1 if carrier.repeatable else 2)


@pytest.mark.parametrize(
    "name", ["../x.zip", "a/b.zip", "a\\b.zip", ".hidden", "", " ", "a\nb", "x" * 201, "a:b", "\u202ex"]
)
def test_a_name_that_is_more_than_a_name_is_refused_and_nothing_goes(channel, name):
    carrier, arrived = channel
    if not name and isinstance(carrier, MailChannel):
        assert carrier.send(replace(DELIVERY, name=name)).reference  # a letter may carry no file
        return
    with pytest.raises(ConfigurationError, match="cannot be the name of a file that is sent"):
        carrier.send(replace(DELIVERY, name=name))
    assert arrived() == []


@pytest.mark.parametrize("name", ["seeds-D0007-en-fr-v1.zip", "بنوك البذور.zip", "种子库.zip", "a b.zip", "x" * 200])
def test_names_in_all_languages_are_names(name):
    assert checked_name(name) == name


def test_waits_double_up_to_four_hours_and_end_after_some_three_days():
    moments = [NOW]
    for attempts in range(1, 100):
        following = next_try(attempts, moments[-1])
        if following is None:
            break
        moments.append(following)
    waits = [after - before for before, after in pairwise(moments)]
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert max(waits) == timedelta(hours=4)
    assert timedelta(days=2) < moments[-1] - NOW < timedelta(days=4)
    assert len(moments) == 25  # the last moment is that of the last attempt


@given(attempts=st.integers(-5, 10_000))
def test_the_next_try_is_never_in_the_past_and_comes_no_sooner_after_more_failures(attempts):
    this, following = next_try(attempts, NOW), next_try(attempts + 1, NOW)
    assert this is None or this >= NOW
    assert following is None or (this is not None and following >= this)

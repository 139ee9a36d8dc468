"""Questions and the outbox: what translators asked stands once, and a delivery is known by its name for good."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from tests.storage.samples import AWKWARD, NOON, after, package
from tm_service.domain.deliveries import DeliveryStatus, Posting
from tm_service.domain.packages import Outcome, Question, Receipt

WAITING, SENDING, SENT = DeliveryStatus.WAITING, DeliveryStatus.SENDING, DeliveryStatus.SENT


def question(text, **about: object):
    return replace(Question("absch", "absch-1-ar", "absch-1-ar.1", text, "Inès", "2024-07-01T12:00", NOON), **about)


def posting(name, **about: object):
    entry = Posting(name * 64, "absch", "absch-1-ar", "mail", "ines@example.org", WAITING, NOON, next_at=NOON)
    return replace(entry, **about)


@pytest.fixture
def out(tx):
    tx.save_package(package())
    return tx


def test_a_question_is_kept_once_with_its_number(out):
    asked = [question("Which wetland is meant?"), question("Singular or plural?")]
    assert out.ask([*asked, asked[0]]) == 2
    assert out.ask([replace(asked[1], author="Omar", at=after(hours=1))]) == 0
    found = out.questions("absch")
    assert [replace(entry, number=0) for entry in found] == asked
    assert [entry.number for entry in found] == sorted({entry.number for entry in found})


def test_the_same_words_on_another_unit_are_another_question(out):
    assert out.ask([question("Which?"), question("Which?", unit="absch-1-ar.2")]) == 2
    assert out.questions("bch") == []


def test_nothing_asked_is_nothing_new(out):
    assert out.ask([]) == 0


@pytest.mark.parametrize("text", [text for text in AWKWARD if text])
def test_any_text_can_be_asked(out, text):
    out.ask([question(text, author=text, said=text, unit=text)])
    (found,) = out.questions("absch")
    assert (found.text, found.author, found.said, found.unit) == (text, text, text, text)


def test_a_great_many_questions_are_all_kept(out):
    many = [question(f"Question {number}") for number in range(2500)]
    assert out.ask(many) == 2500
    assert out.ask(many) == 0
    assert [entry.text for entry in out.questions("absch")] == [entry.text for entry in many]


def test_a_question_needs_its_package(store):
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.ask([question("Which?", package="absch-9-ar")])


def test_a_delivery_comes_back_as_it_was_saved_last(out):
    assert out.posting("a" * 64) is None
    out.save_posting(posting("a"))
    assert out.posting("a" * 64) == posting("a")
    sent = posting("a", status=SENT, at=after(minutes=1), attempts=2, next_at=None, reference="<1@x>", error="before")
    out.save_posting(sent)
    assert out.posting("a" * 64) == sent
    assert out.postings("absch") == [sent]


@pytest.mark.parametrize("text", AWKWARD)
def test_any_recipient_answer_and_reason_can_be_kept(out, text):
    entry = posting("a", recipient=text, reference=text, error=text)
    out.save_posting(entry)
    assert out.posting(entry.id) == entry


def test_deliveries_are_asked_for_by_site_and_status_oldest_first(out):
    out.save_package(package(1, site="bch"))
    entries = [
        posting("c", at=after(minutes=3)),
        posting("a", at=after(minutes=1), status=SENT, next_at=None),
        posting("b", at=after(minutes=2), site="bch", package="bch-1-ar", status=SENDING, next_at=None),
    ]
    for entry in entries:
        out.save_posting(entry)
    last, first, other = entries
    assert out.postings() == [first, other, last]
    assert out.postings("absch") == [first, last]
    assert out.postings("absch", statuses=[SENT]) == [first]
    assert out.postings(statuses=[SENDING, WAITING]) == [other, last]


def test_an_upload_knows_all_receipts_it_got(out):
    content = b"two packages"
    (digest,) = out.put_blobs([content])
    first = Receipt(Outcome.ACCEPT, "absch-2-fr", digest, 1, (), 0, (), NOON)
    second = replace(first, package="absch-1-ar", digest="f" * 64, accepted=2)
    for entry in (second, first):
        out.save_receipt("absch", entry, content)
    assert out.receipts(digest) == [first, second], "the one of its own digest first"
    assert out.receipts("0" * 64) == []

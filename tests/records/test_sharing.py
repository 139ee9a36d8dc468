"""Sharing: one person writes at a time where they ask for it, and a draft is read by a link that ends."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from sqlalchemy import select

from tests.records.samples import A1, ADMINISTRATOR, AMINA, BARAKA, EDITOR, NOBODY, P1, PIERRE, article, permit
from tm_service.domain.drafts import Held
from tm_service.domain.errors import Conflict, NotAllowed, NotFound
from tm_service.domain.records import Actor
from tm_service.records.tables import share

FADI = Actor("fadi", "", frozenset({"article-editor"}))


@pytest.fixture
def begun(room):
    room.save_draft(A1, article(), based_on=0, by=EDITOR)
    return room


def test_a_lock_keeps_others_from_saving_until_it_runs_out(begun, clock):
    lock = begun.lock(A1, by=EDITOR, seconds=60)
    assert begun.locked(A1) == lock
    assert begun.envelope(A1).lock == lock
    assert begun.drafts()[0].locked_by == "edith"
    attempts = [
        lambda: begun.save_draft(A1, article(tags=["x"]), based_on=1, by=FADI),
        lambda: begun.put(A1, article(), based_on=0, by=FADI),
        lambda: begun.publish(A1, by=FADI),
        lambda: begun.request(A1, by=FADI),
        lambda: begun.discard(A1, by=FADI),
        lambda: begun.lock(A1, by=FADI),
        lambda: begun.put_all([(A1, article())], by=ADMINISTRATOR),
    ]
    for attempt in attempts:
        with pytest.raises(
            Held, match=r"^edith has article .* locked until 2026-11-22 12:01 UTC; try again later\.$"
        ) as held:
            attempt()
        assert held.value.lock == lock
    begun.save_draft(A1, article(tags=["mine"]), based_on=1, by=EDITOR)
    clock.pass_by(seconds=60)
    assert begun.locked(A1) is None
    assert begun.drafts()[0].locked_by == ""
    taken = begun.lock(A1, by=FADI)
    assert (taken.holder, taken.id != lock.id) == ("fadi", True)
    with pytest.raises(Held):
        begun.save_draft(A1, article(tags=["late"]), based_on=2, by=EDITOR)


def test_who_has_a_lock_holds_on_for_longer(begun, clock):
    lock = begun.lock(A1, by=EDITOR, seconds=60)
    clock.pass_by(seconds=50)
    again = begun.lock(A1, by=EDITOR, seconds=60)
    assert (again.id, again.since) == (lock.id, lock.since)
    clock.pass_by(seconds=50)
    assert begun.locked(A1) == again


def test_only_who_has_it_or_an_administrator_lets_go(begun):
    begun.unlock(A1, by=FADI)
    begun.lock(A1, by=EDITOR)
    with pytest.raises(NotAllowed, match=r"^edith has article .* locked"):
        begun.unlock(A1, by=FADI)
    begun.unlock(A1, by=ADMINISTRATOR)
    assert begun.locked(A1) is None
    begun.lock(A1, by=FADI)
    begun.unlock(A1, by=FADI)
    begun.save_draft(A1, article(tags=["x"]), based_on=1, by=EDITOR)


def test_a_lock_needs_a_document_the_right_to_write_it_and_a_time(begun):
    with pytest.raises(NotFound):
        begun.lock(P1, by=AMINA)
    with pytest.raises(NotAllowed):
        begun.lock(A1, by=AMINA)
    for seconds in (0, -1, 10**9):
        with pytest.raises(Conflict, match="is no time to hold"):
            begun.lock(A1, by=EDITOR, seconds=seconds)


def test_of_many_who_want_a_lock_at_once_one_gets_it(begun):
    people = [Actor(f"editor-{number}", "", frozenset({"article-editor"})) for number in range(8)]

    def attempt(by):
        try:
            return begun.lock(A1, by=by).holder
        except Held:
            return ""

    with ThreadPoolExecutor(4) as pool:
        holders = [holder for holder in pool.map(attempt, people) if holder]
    assert holders == [begun.locked(A1).holder]


def test_a_link_shows_the_draft_as_it_is_now(begun):
    issued = begun.share(A1, by=EDITOR)
    assert begun.shared(issued.token).document == article()
    begun.save_draft(A1, article(tags=["new"]), based_on=1, by=EDITOR)
    assert begun.shared(issued.token).document == article(tags=["new"])
    assert [one.used for one in begun.shares(A1, by=EDITOR)] == [2]


def test_a_link_shows_nothing_confidential(room):
    room.save_draft(P1, permit(notes="for us", holders=[{"identifier": "contact-000009"}]), based_on=0, by=AMINA)
    assert room.shared(room.share(P1, by=AMINA).token).document == permit()


def test_the_token_is_long_and_kept_nowhere(begun, store):
    issued = [begun.share(A1, by=EDITOR) for _number in range(20)]
    assert len({one.token for one in issued}) == 20
    assert all(len(one.token) >= 43 for one in issued)
    with store.connected("read") as connection:
        digests = set(connection.scalars(select(share.c.digest)))
    assert digests == {sha256(one.token.encode()).hexdigest() for one in issued}
    for guess in (*digests, "", issued[0].token[:-1], issued[0].token.swapcase(), "\ud800", "' OR 1=1 --"):
        with pytest.raises(NotFound):
            begun.shared(guess)


def ended(room, clock):
    yield room.share(A1, by=EDITOR, seconds=60), lambda: clock.pass_by(seconds=60)
    once = room.share(A1, by=EDITOR, uses=1)
    yield once, lambda: room.shared(once.token)
    revoked = room.share(A1, by=EDITOR)
    yield revoked, lambda: room.revoke(A1, revoked.share.number, by=FADI)
    yield room.share(A1, by=EDITOR), lambda: room.discard(A1, by=EDITOR)
    room.save_draft(A1, article(), based_on=0, by=EDITOR)
    yield room.share(A1, by=EDITOR), lambda: room.publish(A1, by=EDITOR)
    room.save_draft(A1, article(tags=["x"]), based_on=0, by=EDITOR)
    yield room.share(A1, by=EDITOR), lambda: room.delete(A1, by=EDITOR, why="x")


def test_a_link_ends_when_it_expires_is_used_up_revoked_or_its_draft_is_no_more(begun, clock):
    said = set()
    for issued, end in ended(begun, clock):
        end()
        with pytest.raises(NotFound) as told:
            begun.shared(issued.token)
        said.add(str(told.value))
    begun.restore(A1, 1, by=EDITOR)
    begun.save_draft(A1, article(tags=["later"]), based_on=None, by=EDITOR)
    with pytest.raises(NotFound) as told:
        begun.shared(issued.token)
    said.add(str(told.value))
    assert said == {"This link leads nowhere, or no longer; ask who sent it for another."}


def test_a_link_used_by_many_at_once_is_used_no_more_often_than_it_may_be(begun):
    token = begun.share(A1, by=EDITOR, uses=3).token

    def attempt(_number):
        try:
            return begun.shared(token).number
        except NotFound:
            return 0

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(8))) == [0] * 5 + [1] * 3


def test_who_may_share_see_and_revoke(room):
    with pytest.raises(NotFound):
        room.share(P1, by=AMINA)
    room.save_draft(P1, permit(), based_on=0, by=AMINA)
    issued = room.share(P1, by=BARAKA)
    for by in (PIERRE, NOBODY, EDITOR):
        for attempt in (
            lambda by=by: room.share(P1, by=by),
            lambda by=by: room.shares(P1, by=by),
            lambda by=by: room.revoke(P1, issued.share.number, by=by),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    with pytest.raises(NotFound, match="There is no link 999"):
        room.revoke(P1, 999, by=AMINA)
    with pytest.raises(Conflict):
        room.share(P1, by=AMINA, uses=-1)
    with pytest.raises(Conflict):
        room.share(P1, by=AMINA, seconds=0)

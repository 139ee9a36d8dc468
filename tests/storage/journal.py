"""The journal in tests: callers, what they note, and what an administrator with bad intentions does to it."""

from dataclasses import replace

from sqlalchemy import text

from tests.storage.samples import NOON
from tm_service.domain.audit import Caller, CallerKind, Door, Head, acting
from tm_service.storage.sql_store import SqlTransaction

AMINA = Caller("amina@seeds.example", CallerKind.PERSON, Door.WEB, "2001:db8::7", "req-1", "The event is over.")
LI = replace(AMINA, name="li@seeds.example", request="req-2", reason="")
HARVEST = Caller("harvest", CallerKind.CLIENT, Door.WEB, "192.0.2.4")


def note(store, *callers: Caller, site="absch", **details: object):
    """One transaction with an entry of each caller. Returns the head after it."""
    with store.begin() as tx:
        for who in callers:
            with acting(who):
                tx.note(site, "deploy", details, NOON)
        return tx.audit_head()


def verdict(store, *published: Head):
    with store.read() as tx:
        return tx.verify_audit(published)


def lines(store, *args: object, **wanted: object):
    with store.read() as tx:
        return tx.audit(*args, **wanted)


def undone(tx, act, *args: object):
    """Done as far as the journal, and then not at all."""
    act(*args)
    assert tx.audit()
    raise ValueError("no")


def disarm(connection):
    """What an administrator with bad intentions does first."""
    if connection.dialect.name == "sqlite":
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    for name in ("journal", "pseudonym"):
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")


def tampered(store, act, *published: Head):
    """What verifying says after `act`, all of which is undone again."""
    with store.connected("write") as connection:
        disarm(connection)
        act(connection)
        return SqlTransaction(connection).verify_audit(published)

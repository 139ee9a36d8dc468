"""Erasing a person reaches every table of every room, or none; what they see of themselves is the same as what is erased."""

import json
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import BigInteger, Boolean, Date, Float, Integer, LargeBinary, SmallInteger, insert, select

from tests.clocks import NOON
from tests.people.dump import ROOMS, dumped
from tests.people.samples import ADMINISTRATOR, KEY, PASSWORD, make_room, person
from tm_service.database.columns import Moment
from tm_service.database.traces import Names
from tm_service.domain.audit import Caller, Door, acting
from tm_service.domain.errors import Conflict
from tm_service.domain.serving import Waiver
from tm_service.people.base import House
from tm_service.people.leaving import TRACES as IN_PEOPLE
from tm_service.records.traces import TRACES as IN_RECORDS
from tm_service.records.traces import RecordTraces
from tm_service.storage.audit import Audit
from tm_service.storage.tables import delivery, waiver
from tm_service.storage.traces import TRACES as IN_STORE
from tm_service.storage.traces import StoreTraces
from tm_service.usecases.waive import sign, valid_waivers

SECRET = b"a key of this test"
EMAIL, NAME = "zed.moss@house.example", "Zed Moss"
ALL = (*IN_STORE, *IN_RECORDS)

# Where nobody is named: what readers read, what was translated or delivered, codes, digests, names of files and of sites.
_CONTENT = {
    "source", "target", "text", "key", "resource", "path", "title", "definition", "part_of_speech", "note", "offered",
    "previous_source", "previous_target", "letters", "packed", "base", "mine", "from_key", "from_resource", "findings",
    "details", "coverage", "quarantined", "message", "waiting", "settings",
}  # fmt: skip
_CODES = {
    "id", "identity", "identifier", "kind", "state", "status", "stage", "site", "locale", "source_locale", "language",
    "fingerprint", "previous", "following", "digest", "sent", "content", "catalog", "page", "package", "receipt", "unit",
    "channel", "memory", "origin", "answer", "match", "edit", "profile", "outcome", "verb", "job", "hash", "rules", "code",
    "revision", "branch", "commit", "ref", "blob", "learned", "due", "government", "target", "signature",
    "door", "who", "address", "salt", "request", "worker", "said", "reference", "url", "events", "event", "sealed", "former",
    "body", "subscription", "reminder", "gravity",
}  # fmt: skip
# Said in words where the rule above would be too wide, or where the room itself sees to it.
_SEEN_TO = {
    ("journal", "reason"),  # names nobody, says `audit.Caller`: an entry never changes
    ("pseudonym", "name"),  # the journal forgets it
    ("unclaimed", "name"),  # of a file
    ("package_file", "name"),
    ("pseudonym", "holder"),  # a pseudonym
    ("kept_answer", "name"),  # a digest
    ("kept_answer", "attempt"),  # chance
    ("upload_piece", "upload"),  # an id
    ("upload", "metadata"),  # names of files, forgotten within days
    ("job", "key"),  # chance, or made of what is asked
    ("job", "parent"),  # an id
    ("job", "lane"),  # a locale
    ("acknowledgement", "alarm"),  # a deployment, or a package and its day
    ("paid_rate", "percents"),
    ("paid_rate", "currency"),
    ("paid_rate", "price"),
    ("behind", "rule"),  # names of ours
    ("behind", "cause"),
    ("package", "counted"),  # a status and figures
    ("receipt", "counted"),  # names of checks and figures
}
# The room of people sees to its own: an account goes over to its pseudonym, clients' texts are renamed, all else is ids.
_OWN = {
    "people_person": {"email", "name", "password", "invited_by"},
    "people_client": {"name", "contact", "purpose", "why", "requested_by", "decided_by", "scopes", "pinned"},
    "people_grant": {"person", "role", "given_by"},
    "people_identity": {"person", "issuer", "subject"},
    "people_token": {"client", "prefix", "issued_by", "replaced_by", "scopes"},
    "people_usage": {"client", "function"},
    "people_warning": {"client", "function"},
} | {f"people_{name}": {"person"} for name in ("factor", "invitation", "preference", "recovery", "session")}
_SEEN_TO |= {(table, column) for table, columns in _OWN.items() for column in columns}


@pytest.fixture
def room(store, clock):
    return make_room(
        store.connected, clock, KEY, House(Audit, (StoreTraces(lambda one: sign(one, SECRET)), RecordTraces()))
    )


@pytest.fixture
def zed(room, ada):
    made = room.invite(EMAIL, NAME, "fr", [ADMINISTRATOR], by=ada.id).person
    return room.accept(room.invite_again(made.id).token, PASSWORD)


def texts(table):
    numbers = (Integer, BigInteger, SmallInteger, Boolean, Date, Float, LargeBinary, Moment)
    return [column.name for column in table.columns if not isinstance(column.type, numbers)]


def test_every_column_that_can_hold_words_is_told_apart():
    """A new column has to be listed: as one that names people, or as one that does not."""
    traced = {
        (trace.table.name, name)
        for trace in (*ALL, *IN_PEOPLE)
        for name in (*trace.people, *trace.texts, *trace.written)
    }
    traced |= {("waiver", "by"), ("waiver", "reason")}
    rooms = [table for room in ROOMS for table in room.sorted_tables]
    open_ = {
        (table.name, name)
        for table in rooms
        for name in texts(table)
        if name not in _CONTENT | _CODES and (table.name, name) not in _SEEN_TO
    }
    assert open_ <= traced, f"does a person stand in {sorted(open_ - traced)}?"
    people_like = {"by", "author", "recipient", "created_by", "requested_by", "decided_by", "mine_by", "holder"}
    named = {(table.name, name) for table in rooms for name in texts(table) if name in people_like}
    assert named - _SEEN_TO <= traced


def planted(connection, table, numbers, said=None):
    """Insert a row as the table's columns may be, with what it points at; `said` are its values by column where it matters."""
    row = {}
    for column in table.columns:
        kind, number = column.type, next(numbers)
        if isinstance(kind, Moment):
            row[column.name] = NOON
        elif isinstance(kind, Boolean):
            row[column.name] = False
        elif isinstance(kind, Integer | BigInteger | SmallInteger):
            row[column.name] = number
        elif isinstance(kind, LargeBinary):
            row[column.name] = b""
        else:
            row[column.name] = f"{number:032x}"[-(getattr(kind, "length", None) or 32) :]
    for key in table.foreign_key_constraints:
        there = planted(connection, key.referred_table, numbers)
        row |= {one.parent.name: there[one.column.name] for one in key.elements}
    row |= {name: "[]" for trace in ALL if trace.table is table for name in trace.written} | (said or {})
    connection.execute(insert(table), row)
    return row


def fill(store, *sayings: str):
    """A row for each saying in every table that can name people."""
    numbers = count(1)
    with store.connected("write") as connection:
        for trace in ALL:
            for number, said in enumerate(sayings):
                named = dict.fromkeys((*trace.people, *trace.texts), said)
                written = json.dumps({"told": [[said, number]]}, ensure_ascii=False)
                planted(connection, trace.table, numbers, named | dict.fromkeys(trace.written, written))
        connection.commit()


def waived(store, by, reason, secret=SECRET):
    entry = Waiver("garden", "fr", "home.json", ("title",), by, NOON, NOON + timedelta(days=9), reason)
    with store.begin() as tx:
        tx.add_waiver(Waiver(*(getattr(entry, name) for name in entry.__slots__[:-1]), sign(entry, secret)))


def test_an_erased_person_stands_in_no_table_of_any_room(room, store, ada, zed):
    with acting(Caller(EMAIL, door=Door.WEB, address="192.0.2.9")):
        room.describe(ada.id, name="Ada", language="fr")
    with store.begin() as tx:
        tx.note("garden", "waive", {"by": "ZED.Moss@house.example"}, NOON)
    fill(store, EMAIL, f"{NAME} <{EMAIL.upper()}>", f'"{NAME}" asked; ada@house.example knows', "zed  MOSS")
    waived(store, EMAIL, f"{NAME} is on leave.")
    before = dumped(store).casefold()
    assert before.count("zed.moss@house.example") > 20
    pseudonym = room.erase(zed.id)
    after = dumped(store).casefold()
    for told in ("zed", "moss", "192.0.2.9"):
        assert told not in after
    assert after.count(pseudonym) > 20
    assert "ada@house.example knows" in after
    with store.read() as tx:
        assert tx.verify_audit().broken is None
        assert {line.caller.name for line in tx.audit(limit=1000) if line.entry.verb == "describe person"}.isdisjoint(
            {EMAIL}
        )


def test_what_a_person_is_told_is_what_erasing_takes(room, store, zed):
    fill(store, f"{NAME} <{EMAIL}>")
    waived(store, EMAIL, "No time.")
    told = json.loads(json.dumps(room.personal_data(zed.id)))["elsewhere"]
    assert {trace.table.name for trace in ALL} | {"waiver", "journal"} == set(told)
    assert all(len(rows) == 1 for table, rows in told.items() if table != "journal")
    assert [entry["verb"] for entry in told["journal"]] == ["invite", "invite again", "accept invitation"]
    assert "signature" not in told["waiver"][0]
    assert "digest" not in told["record_share"][0]
    room.erase(zed.id)
    assert room.personal_data(zed.id)["elsewhere"]["translation"]  # under the pseudonym that history keeps


def test_a_waiver_holds_under_the_pseudonym_and_a_forged_one_never_does(room, store, zed):
    waived(store, NAME, "No time.")
    waived(store, NAME, "Forged.", secret=b"another key")
    pseudonym = room.erase(zed.id)
    with store.read() as tx:
        (held,) = valid_waivers(tx, "garden", SECRET)
        kept = tx.waivers("garden")
    assert (held.by, held.reason) == (pseudonym, "No time.")
    assert [one.by for one in kept] == [pseudonym, pseudonym]


def test_what_others_did_stays_theirs(room, store, zed):
    others = ("Zedd Moss", "zed.moss@house.example.org", "Amanda Mossbank", "x.zed.moss@house.example", "")
    waived(store, "Amanda Mossbank", "zedmoss")
    fill(store, *others)
    before = dumped(store)
    room.erase(zed.id)
    after = dumped(store)
    for said in filter(None, others):
        assert after.count(said) == before.count(said) > 0
    assert not room.personal_data(zed.id)["elsewhere"].keys() - {"journal"}


def test_a_person_of_one_name_takes_nothing_from_those_who_have_it_too(room, store, ada):
    ana = person(room, "Ana")
    others = ("Ana Silva", "Ana Silva <ana.silva@house.example>", "Juliana; Ana Silva", "Silva, Ana")
    own = ("Ana", "ana <ana@house.example>", '"Ana" <ana@house.example>')
    fill(store, *others, *own)
    before = dumped(store)
    pseudonym = room.erase(ana.id)
    after = dumped(store)
    assert all(after.count(said) == before.count(said) > 0 for said in others)
    with store.connected("read") as connection:
        recipients = set(connection.execute(select(delivery.c.recipient)).scalars())
    assert recipients == {*others, pseudonym, f"{pseudonym} <{pseudonym}>"}


def test_what_the_journal_says_in_another_case_is_told_as_it_is_erased(room, store, zed):
    with acting(Caller("Zed.MOSS@House.example", door=Door.WEB)), store.begin() as tx:
        tx.note("garden", "waive", {}, NOON)
    assert "waive" in [entry["verb"] for entry in room.personal_data(zed.id)["elsewhere"]["journal"]]


def test_a_name_that_two_people_have_stays_with_the_other(room, store, zed):
    person(room, "Other")
    room.describe(room.find("other@house.example").id, name="zed moss", language="en")
    fill(store, NAME, EMAIL)
    room.erase(zed.id)
    after = dumped(store)
    assert EMAIL not in after
    assert after.count(NAME) > 5


def test_a_name_of_one_word_stays_in_what_people_wrote():
    names = Names("rose@house.example", "Rose")
    assert names.in_columns.sub("#", "rose") == "#"
    assert names.in_texts.sub("#", "The rose of ROSE@house.example") == "The rose of #"
    assert not Names("rose@house.example").in_columns.search("Rose")


@pytest.mark.parametrize(
    ("name", "text", "after"),
    [
        ("王小明", "已与王小明确认。", "已与#确认。"),
        ("王明", "已与王明确认。", "已与王明确认。"),
        ("نورة القحطاني", "أجابت نورة القحطاني.", "أجابت #."),
        ("José Núñez", "JOSÉ  NÚÑEZ lo pidió.", "# lo pidió."),
        ("Анна Белова", "Спросить у Анны Беловой, Анна Белова знает.", "Спросить у Анны Беловой, # знает."),
        ("O'Neil (x) [y]", "Ask O'Neil (x) [y]!", "Ask #!"),
    ],
)
def test_names_of_every_language_of_the_house_are_found_in_what_people_wrote(name, text, after):
    assert Names("n@house.example", name).in_texts.sub("#", text) == after


def test_where_one_room_cannot_forget_all_of_them_keep_what_they_had(store, clock, zed):
    class Broken:
        def told(self, _connection, _names):
            return {}

        def forget(self, _connection, _names, _pseudonym):
            raise Conflict("not now")

    house = House(Audit, (StoreTraces(lambda one: sign(one, SECRET)), RecordTraces(), Broken()))
    fill(store, EMAIL)
    before = dumped(store)
    with pytest.raises(Conflict, match="not now"):
        make_room(store.connected, clock, KEY, house).erase(zed.id)
    assert dumped(store) == before
    make_room(store.connected, clock, KEY, House(Audit, house.elsewhere[:2])).erase(zed.id)
    assert EMAIL not in dumped(store)


def test_a_house_that_never_opened_its_records_room_forgets_all_the_same(empty_url, clock):
    from tm_service.storage.sql_store import SqlStore  # noqa: PLC0415

    alone = SqlStore(empty_url)
    alone.migrate()
    room = make_room(alone.connected, clock, KEY, House(Audit, (RecordTraces(),)))
    zed = person(room, "Zed")
    assert room.personal_data(zed.id)["elsewhere"] == {}
    assert room.erase(zed.id)
    alone.close()


def test_the_columns_that_are_signed_anew_are_those_of_the_table():
    assert {"by", "reason", "signature"} <= set(waiver.columns.keys())

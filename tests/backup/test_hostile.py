"""Hostile archives: whatever somebody did to one, it is refused in a sentence, and nothing of it is in the house."""

import json
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backup.archives import MANIFEST, changed, forged, members, written
from tm_service.backup import checking, lines
from tm_service.backup.archive import Limits, opened
from tm_service.domain.errors import ConfigurationError

JOURNAL, BLOBS, PACKAGES = "tables/store/journal.jsonl", "tables/store/blob.jsonl", "tables/store/package.jsonl"


def refused(there, file, said):
    """By the check and by the restore; the home and the database stay empty."""
    for act in (there.backups.check, there.backups.restore):
        with pytest.raises(ConfigurationError, match=said) as refusal:
            act(file)
        assert "\n" not in str(refusal.value)
    assert brought(there) == set()
    assert there.service.audit.listed() == []


def brought(there):
    """What stands in a home beside its database."""
    return {path.name for path in there.home.iterdir() if not path.name.startswith(("store.sqlite", ".restoring.lock"))}


def first_content(archive):
    return next(name for name in members(archive) if name.startswith("contents/"))


@pytest.mark.parametrize(
    "name", [JOURNAL, BLOBS, "memories/reef.en.tmx", "git/mirrors/articles.bundle", "keys/waivers.key"]
)
def test_a_changed_byte(archive, empty, tmp_path, name):
    content = bytearray(members(archive)[name])
    content[len(content) // 2] ^= 1
    refused(empty(), changed(archive, tmp_path / "a.zip", {name: bytes(content)}), "line |was changed|is missing")


def test_changed_content(archive, empty, tmp_path):
    name = first_content(archive)
    refused(empty(), changed(archive, tmp_path / "a.zip", {name: b"other"}), f"{name} was changed")


@pytest.mark.parametrize("name", [JOURNAL, "sites/1.toml", "git/mirrors/articles.bundle", MANIFEST])
def test_a_member_that_is_missing(archive, empty, tmp_path, name):
    said = "it has no manifest" if name == MANIFEST else f"{name} is missing"
    refused(empty(), changed(archive, tmp_path / "a.zip", {name: None}), said)


def test_content_that_is_missing(archive, empty, tmp_path):
    refused(empty(), changed(archive, tmp_path / "a.zip", {first_content(archive): None}), "files of content and not")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x",
        "/etc/passwd",
        "tables/../x.jsonl",
        "tables\\store\\x.jsonl",
        "keys/../../x",
        "keys/.x",
        "sites/1.toml\n",
        "contents/aa/../../x",
        "git/hooks/x.bundle",
        "tables/store/x.jsonl/",
    ],
)
def test_a_name_that_is_none_of_ours(archive, empty, tmp_path, name):
    refused(empty(), changed(archive, tmp_path / "a.zip", {name: b"x"}), "none of ours")


def test_a_member_that_the_manifest_does_not_name(archive, empty, tmp_path):
    refused(empty(), changed(archive, tmp_path / "a.zip", {"sites/7.toml": b""}), "sites/7.toml is not in its manifest")


def test_a_name_twice(archive, empty, tmp_path):
    content = members(archive)
    file = written(tmp_path / "a.zip", content)
    with zipfile.ZipFile(file, "a") as out, pytest.warns(UserWarning, match="Duplicate name"):
        out.writestr(JOURNAL, b"")
    refused(empty(), file, "it names a file twice")


def rows(content, name):
    return [json.loads(line) for line in content[name].splitlines()]


def put(content, name, said):
    lines = (json.dumps(dict(sorted(row.items())), ensure_ascii=False, separators=(",", ":")) for row in said)
    content[name] = "".join(f"{line}\n" for line in lines).encode()


def unknown_table(content, manifest):
    content["tables/store/pg_shadow.jsonl"] = b""
    manifest["tables"]["store/pg_shadow"] = {"rows": 0, "columns": {"x": "text"}}


def unknown_column(content, manifest):
    put(content, PACKAGES, [row | {"x": 1} for row in rows(content, PACKAGES)])


def told_column(content, manifest):
    unknown_column(content, manifest)
    manifest["tables"]["store/package"]["columns"]["x"] = "integer"


def missing_column(content, manifest):
    put(content, PACKAGES, [{name: row[name] for name in row if name != "site"} for row in rows(content, PACKAGES)])


def missing_table(content, manifest):
    del content[PACKAGES], manifest["tables"]["store/package"]


def wrong_kind(content, manifest):
    put(content, PACKAGES, [row | {"number": "1; DROP TABLE journal"} for row in rows(content, PACKAGES)])


def other_kind(content, manifest):
    wrong_kind(content, manifest)
    manifest["tables"]["store/package"]["columns"]["number"] = "text"


def large_number(content, manifest):
    put(content, PACKAGES, [row | {"number": 1 << 70} for row in rows(content, PACKAGES)])


def nothing_where_something_belongs(content, manifest):
    put(content, PACKAGES, [row | {"site": None} for row in rows(content, PACKAGES)])


def dangling(content, manifest):
    put(content, "tables/store/package_unit.jsonl", [
        row | {"package": "none"} for row in rows(content, "tables/store/package_unit.jsonl")
    ])  # fmt: skip


def twice(content, manifest):
    said = rows(content, PACKAGES)
    put(content, PACKAGES, [*said, said[0]])
    manifest["tables"]["store/package"]["rows"] += 1


def other_order(content, manifest):
    put(content, PACKAGES, reversed(rows(content, PACKAGES)))


def half_a_character(content, manifest):
    content[PACKAGES] = content[PACKAGES].replace(b'"site":"reef"', b'"site":"\\ud800"', 1)


def no_zone(content, manifest):
    put(content, PACKAGES, [row | {"created": "2026-11-22T12:00:00.000000"} for row in rows(content, PACKAGES)])


def deep(content, manifest):
    content[PACKAGES] = b"[" * 200_000 + b"\n" + content[PACKAGES]


def no_line_end(content, manifest):
    content[PACKAGES] = content[PACKAGES].rstrip(b"\n")


def miscounted(content, manifest):
    manifest["tables"]["store/package"]["rows"] += 1


def newer_form(content, manifest):
    manifest["format"] = 2


def newer_head(content, manifest):
    manifest["heads"]["store"] = "20990101_later"


def unknown_room(content, manifest):
    manifest["heads"]["weather"] = "20990101_later"


def head_of_a_branch(content, manifest):
    manifest["repositories"]["git/mirrors/articles.bundle"] = "--upload-pack=touch /tmp/x"


def no_bundle(content, manifest):
    content["git/mirrors/articles.bundle"] = b"no bundle"


FORGERIES = {
    unknown_table: "pg_shadow.jsonl is missing or of no table",
    unknown_column: "line 1: a line with other columns",
    told_column: "has other columns than the table: x",
    missing_column: "line 1: a line with other columns",
    missing_table: "package.jsonl is missing or of no table",
    wrong_kind: "line 1: number is str where integer belongs",
    other_kind: "has other columns than the table: number",
    large_number: "the database refuses tables/store/package.jsonl",
    nothing_where_something_belongs: "the database refuses tables/store/package.jsonl, lines 1 to",
    dangling: "the database refuses tables/store/package_unit.jsonl",
    twice: "the database refuses tables/store/package.jsonl",
    other_order: "does not give back what was put into it",
    half_a_character: "the database refuses tables/store/package.jsonl, lines 1 to .* surrogates not allowed",
    no_zone: "line 1: a moment is written as",
    deep: "line 1: ",
    no_line_end: "ends within a line",
    miscounted: "rows and not",
    newer_form: "form 2, which this program does not know; install a newer",
    newer_head: "at 20990101_later, which this program does not know; install a newer",
    unknown_room: "tables of weather, which this program does not know; install a newer",
}
LATE = {
    unknown_table, told_column, missing_table, other_kind, large_number, nothing_where_something_belongs, dangling, twice,
    other_order, half_a_character, newer_head, unknown_room,
}  # fmt: skip


@pytest.mark.parametrize("change", FORGERIES, ids=lambda change: change.__name__)
def test_a_forged_archive(archive, empty, tmp_path, change):
    """What only a database can tell is refused when it is brought back, all else by the check too."""
    there, file = empty(), forged(archive, tmp_path / "a.zip", change)
    if change in LATE:
        there.backups.check(file)
        with pytest.raises(ConfigurationError, match=FORGERIES[change]):
            there.backups.restore(file)
        assert brought(there) == set()
        assert there.service.audit.listed() == []
    else:
        refused(there, file, FORGERIES[change])


@pytest.mark.parametrize("change", [other_order, twice, dangling, half_a_character, large_number])
def test_a_forged_archive_on_postgresql(archive, empty, tmp_path, change):
    there, file = empty("postgresql"), forged(archive, tmp_path / "a.zip", change)
    with pytest.raises(ConfigurationError, match=FORGERIES[change]):
        there.backups.restore(file)
    assert there.service.audit.listed() == []
    assert there.restored(archive).digest() == there.backups.check(archive).digest


@pytest.mark.parametrize("change", [head_of_a_branch, no_bundle])
def test_a_forged_repository(archive, empty, tmp_path, change):
    there, file = empty(), forged(archive, tmp_path / "a.zip", change)
    with pytest.raises(Exception, match=r"is not allowed|not unpack a bundle"):
        there.backups.restore(file)
    assert brought(there) == set()


def test_a_row_of_postgresql_that_has_a_nul(archive, empty, tmp_path):
    """SQLite keeps what PostgreSQL refuses; it is said which line it is."""

    def change(content, manifest):
        put(content, "tables/people/people_person.jsonl", [
            row | {"name": "a\0b"} for row in rows(content, "tables/people/people_person.jsonl")
        ])  # fmt: skip

    file = forged(archive, tmp_path / "a.zip", change)
    there = empty("postgresql")
    with pytest.raises(ConfigurationError, match=r"refuses tables/people/people_person.jsonl, lines 1 to 2"):
        there.backups.restore(file)
    assert empty().restored(file).service.people().find("ana@example.org").name == "a\0b"


def test_a_line_without_end(archive, empty, tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST", 1 << 20)

    def change(content, manifest):
        content[JOURNAL] = b'{"' + b"x" * (3 << 20) + content[JOURNAL]

    refused(empty(), forged(archive, tmp_path / "a.zip", change), "has a line of more than 1 MB")


def test_a_bomb(archive, tmp_path):
    file = changed(archive, tmp_path / "a.zip", {"memories/bomb.tmx": bytes(256 << 20)})
    with pytest.raises(ConfigurationError, match="unpacks to more than"), opened(file, Limits(ratio=50, spare=0)):
        pass
    with pytest.raises(ConfigurationError, match="unpacks to more than"), opened(file, Limits(total=1 << 20)):
        pass
    with pytest.raises(ConfigurationError, match="more files than any of ours"), opened(file, Limits(listing=1000)):
        pass


def test_what_is_no_archive(empty, tmp_path, archive):
    there = empty()
    for number, content in enumerate((b"", b"PK", b"no zip" * 100, archive.read_bytes() + b"more")):
        file = tmp_path / f"{number}.zip"
        file.write_bytes(content)
        refused(there, file, "damaged or no archive of ours")
    for missing in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            there.backups.check(missing)


def test_an_encrypted_member_and_one_that_lies_about_its_size(archive, tmp_path, empty):
    raw = archive.read_bytes()
    place = raw.rindex(MANIFEST.encode()) - 46
    assert raw[place : place + 4] == b"PK\x01\x02"
    encrypted = bytearray(raw)
    encrypted[place + 8] |= 1
    (tmp_path / "a.zip").write_bytes(encrypted)
    refused(empty(), tmp_path / "a.zip", "encrypted")
    short = bytearray(raw)
    short[place + 24 : place + 28] = struct.pack("<L", 10)
    (tmp_path / "b.zip").write_bytes(short)
    refused(empty(), tmp_path / "b.zip", "manifest.json is |its manifest cannot be read")


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_cut_off_or_turned_over_is_refused_or_does_no_harm(archive, origin, tmp_path, data):
    """A byte that nothing hangs on, such as a date, may be another; all that is read is as it was."""
    raw, known = bytearray(archive.read_bytes()), origin.backups.check(archive)
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw) - 1))]
    else:
        for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=4)):
            raw[place] ^= data.draw(st.integers(1, 255))
    file = tmp_path / "a.zip"
    file.write_bytes(raw)
    try:
        with opened(file) as there:
            found = checking.verified(there, origin.backups.room.rooms).backup(there.size)
    except ConfigurationError:
        return
    assert found == known

"""References: both ways, pinned or not, as they are after whatever was published, restored, unpublished or deleted."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.records.samples import ADMINISTRATOR, AMINA, P1, R1, permit, resource
from tm_service.domain.drafts import Standing
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.records import RecordRef

R2 = RecordRef("resource", "resource-000002")


def put(room, ref, document):
    return room.put(ref, document, based_on=None, by=ADMINISTRATOR)


def said(references):
    return [(one.source, one.path, one.identifier, one.pinned, one.newest, one.standing) for one in references]


def test_a_document_shows_what_it_names_and_what_names_it(room):
    put(room, R2, resource(R2, title={"en": "Field notes"}))
    put(room, R1, resource(R1, R2.identifier, "gone-00000001"))
    there, gone = room.refers_to(R1)
    assert said([there, gone]) == [
        (R1, ("related", "0"), R2.identifier, 0, 1, Standing.CURRENT),
        (R1, ("related", "1"), "gone-00000001", 0, 0, Standing.BROKEN),
    ]
    assert (there.target, there.title, there.revision) == (R2, {"en": "Field notes"}, 1)
    assert (gone.target, gone.title) == (None, {})
    (back,) = room.referred_by(R2.identifier)
    assert said([back]) == said([there])
    assert back.title == {"en": "How to dry seeds"}
    assert [one.standing for one in room.referred_by("gone-00000001")] == [Standing.BROKEN]


def test_a_pinned_reference_says_whether_a_newer_revision_is_published(room):
    put(room, R2, resource(R2))
    put(room, R1, resource(R1, f"{R2.identifier}@1", f"{R2.identifier}@2", R2.identifier, f"{R2.identifier}@0"))
    standings = [Standing.CURRENT, Standing.BROKEN, Standing.CURRENT, Standing.BROKEN]
    assert [one.standing for one in room.refers_to(R1)] == standings
    put(room, R2, resource(R2, title={"en": "Again"}))
    standings = [Standing.NEWER, Standing.CURRENT, Standing.CURRENT, Standing.BROKEN]
    assert [one.standing for one in room.refers_to(R1)] == standings
    assert [(one.pinned, one.newest) for one in room.refers_to(R1)] == [(1, 2), (2, 2), (0, 2), (0, 0)]
    room.unpublish(R2, by=ADMINISTRATOR, why="x")
    assert {one.standing for one in room.refers_to(R1)} == {Standing.BROKEN}
    assert {str(one.title) for one in room.refers_to(R1)} == {"{}"}, "what readers do not have says nothing of itself"


def test_references_in_groups_and_single_fields_are_found_and_confidential_ones_only_where_asked_for(room):
    document = permit(
        authority={"identifier": "authority-0001@3"},
        elements=[{"section": {"en": "1"}}, {"source": {"identifier": "resource-000001"}}],
        holders=[{"identifier": "contact-000009"}],
    )
    put(room, P1, document)
    open_ = [(one.path, one.identifier) for one in room.refers_to(P1)]
    assert open_ == [(("authority",), "authority-0001"), (("elements", "1", "source"), "resource-000001")]
    assert [one.path for one in room.refers_to(P1, confidential=True)] == [
        ("authority",),
        ("holders", "0"),
        ("elements", "1", "source"),
    ]
    assert room.referred_by("contact-000009") == []
    assert [one.source for one in room.referred_by("contact-000009", confidential=True)] == [P1]


@pytest.mark.parametrize(
    "nonsense", [None, 7, "", [], {"identifier": ["x"]}, {"identifier": ""}, {"identifier": "x" * 5000}, "uid"]
)
def test_what_is_no_reference_is_none(room, nonsense):
    put(room, R1, resource(R1) | {"related": [nonsense]})
    assert room.refers_to(R1) == []


def test_strange_identifiers_are_told_as_broken(room):
    strange = ["a\0b", "\ud800", "@", "x@y@2", "Ω" * 200]
    put(room, R1, resource(R1, *strange))
    assert [(one.identifier, one.pinned) for one in room.refers_to(R1)] == [
        ("a\0b", 0), ("\ud800", 0), ("@", 0), ("x@y", 2), ("Ω" * 200, 0),
    ]  # fmt: skip
    for one in room.refers_to(R1):
        assert one.standing is Standing.BROKEN
        assert [back.source for back in room.referred_by(one.identifier)] == [R1]


def test_drafts_refer_to_nothing(room):
    put(room, R2, resource(R2))
    room.save_draft(R1, resource(R1, R2.identifier), based_on=0, by=AMINA)
    assert room.refers_to(R1) == []
    assert room.referred_by(R2.identifier) == []
    with pytest.raises(NotFound):
        room.refers_to(RecordRef("resource", "resource-000003"))


NAMES = [RecordRef("resource", f"resource-{letter * 4}") for letter in "abcd"]
TARGETS = [ref.identifier + pin for ref in NAMES for pin in ("", "@1", "@2", "@3", "@5")] + ["never-0000001"]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "unpublish", "delete", "restore"]),
        st.integers(0, len(NAMES) - 1),
        st.lists(st.sampled_from(TARGETS), max_size=4),
        st.integers(1, 5),
    ),
    max_size=14,
)


class Oracle:
    """The same by looking at everything: of each document all its revisions, as (stage, document)."""

    def __init__(self) -> None:
        self.revisions = {ref: [] for ref in NAMES}

    def act(self, verb, ref, targets, number):
        """What becomes of the document, or Conflict or NotFound."""
        past = self.revisions[ref]
        stage, content = past[-1] if past else ("", None)
        if verb == "put":
            document = resource(ref, *targets)
            if (stage, content) != ("published", document):
                past.append(("published", document))
        elif not past or (verb == "restore" and number > len(past)):
            raise NotFound
        elif verb == "restore":
            if (stage, content) != ("published", past[number - 1][1]):
                past.append(("published", past[number - 1][1]))
        elif stage == "deleted" or (verb == "unpublish" and stage != "published"):
            raise Conflict
        else:
            past.append(("unpublished" if verb == "unpublish" else "deleted", content))

    def all(self):
        for ref, past in self.revisions.items():
            if past and past[-1][0] == "published":
                for at, one in enumerate(past[-1][1]["related"]):
                    name, _, pin = one["identifier"].partition("@")
                    pinned, target = int(pin or 0), next((to for to in NAMES if to.identifier == name), None)
                    versions = self.revisions.get(target, [])
                    newest = len(versions) if versions and versions[-1][0] == "published" else 0
                    is_there = newest and (not pinned or (pinned <= newest and versions[pinned - 1][0] == "published"))
                    standing = "broken" if not is_there else "newer" if 0 < pinned < newest else "current"
                    yield ref.identifier, ("related", str(at)), name, pinned, newest, standing


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ACTS)
def test_after_any_sequence_both_directions_are_what_a_look_at_everything_says(room, acts):
    oracle, known = Oracle(), {}
    prefix = f"{next(COUNTER):07d}-"

    def mine(identifier):
        return prefix + identifier

    for verb, which, targets, number in acts:
        ref = NAMES[which]
        ours = known.setdefault(ref, RecordRef(ref.kind, mine(ref.identifier)))
        try:
            oracle.act(verb, ref, targets, number)
            expected = None
        except (Conflict, NotFound) as error:
            expected = type(error)
        try:
            if verb == "put":
                put(room, ours, resource(ref, *map(mine, targets)))
            elif verb == "restore":
                room.restore(ours, number, by=ADMINISTRATOR)
            else:
                getattr(room, verb)(ours, by=ADMINISTRATOR, why="x")
            got = None
        except (Conflict, NotFound) as error:
            got = type(error)
        assert got == expected
    everything = sorted(oracle.all())

    def told(references):
        return [
            (
                one.source.identifier.removeprefix(prefix), one.path, one.identifier.removeprefix(prefix),
                one.pinned, one.newest, one.standing,
            )
            for one in references
        ]  # fmt: skip

    forward = [one for ref, ours in known.items() if oracle.revisions[ref] for one in told(room.refers_to(ours))]
    names = [*(ref.identifier for ref in NAMES), "never-0000001"]
    backward = [one for name in names for one in told(room.referred_by(mine(name)))]
    assert sorted(forward) == everything
    assert sorted(backward) == everything
    listed = {entry.ref.identifier for entry in room.entries()}
    assert {name for name in listed if name.startswith(prefix)} == {
        mine(ref.identifier) for ref, past in oracle.revisions.items() if past and past[-1][0] == "published"
    }


COUNTER = iter(range(10**7))

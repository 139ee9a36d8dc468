"""Pushes, as GitHub, GitLab and Gitea tell of them: who is believed, and what is done."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import SITE
from tm_service.domain.jobs import JobKind
from tm_service.domain.pushes import Delivered, Host, order, repository_name
from tm_service.domain.signatures import hexadecimal, standard, written
from tm_service.domain.site import Hooks

SECRET = written(b"a secret of thirty-two bytes, yes")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SEAFLOOR = replace(SITE, name="seafloor", repository="https://git.example.org/Parks/seafloor.git", branch="main")
ZEROS = "0" * 40
AFTER = "4f1c" * 10


def github(ref="refs/heads/main", **said: object):
    repository = {"clone_url": "https://git.example.org/parks/seafloor.git", "pushed_at": 1_763_812_800}
    return {"ref": ref, "before": ZEROS, "after": AFTER, "deleted": False, "repository": repository} | said


def gitlab(ref="refs/heads/main", **said: object):
    project = {"git_http_url": "https://git.example.org/parks/seafloor.git", "git_ssh_url": "git@x:y/z.git"}
    kind = "tag_push" if ref.startswith("refs/tags") else "push"
    return {"object_kind": kind, "ref": ref, "before": ZEROS, "after": AFTER, "project": project} | said


def of_github(content, *, event="push", secret=SECRET, number="72d3162e", body=None):
    body = json.dumps(content).encode() if body is None else body
    headers = {"x-github-event": event, "x-github-delivery": number, "content-type": "application/json"}
    return Delivered(headers | {"x-hub-signature-256": f"sha256={hexadecimal(secret, body)}"}, body)


def of_gitea(content, *, event="push", secret=SECRET, number="f6266f16"):
    body = json.dumps(content).encode()
    signature = hexadecimal(secret, body)
    both = {"x-gitea-event": event, "x-gitea-delivery": number, "x-github-event": event, "x-github-delivery": number}
    return Delivered(both | {"x-gitea-signature": signature, "x-hub-signature-256": f"sha256={signature}"}, body)


def of_gitlab(content, *, event="Push Hook", token=SECRET, number="c2675c66"):
    headers = {"x-gitlab-event": event, "x-gitlab-event-uuid": "13792a34", "idempotency-key": number}
    return Delivered(headers | {"x-gitlab-token": token}, json.dumps(content).encode())


def of_signing_gitlab(content, *, secret=SECRET, number="c2675c66", at=NOW):
    body, moment = json.dumps(content).encode(), str(int(at.timestamp()))
    signed = {"webhook-id": number, "webhook-timestamp": moment}
    signature = standard(secret, number, moment, body)
    headers = {"x-gitlab-event": "Push Hook", "idempotency-key": number, "webhook-signature": signature}
    return Delivered(headers | signed, body)


def test_each_host_is_known_by_its_headers():
    found = [made.host for made in (of_github({}), of_gitea({}), of_gitlab({}), of_signing_gitlab({}))]
    assert found == [Host.GITHUB, Host.GITEA, Host.GITLAB, Host.GITLAB]
    assert [made.number for made in (of_github({}), of_gitea({}), of_gitlab({}))] == [
        "72d3162e",
        "f6266f16",
        "c2675c66",
    ]
    assert [made.event for made in (of_github({}), of_gitea({}), of_gitlab({}))] == ["push", "push", "Push Hook"]


@pytest.mark.parametrize("made", [of_github, of_gitea, of_gitlab, of_signing_gitlab])
def test_who_knows_a_secret_is_believed(made):
    delivered = made(github())
    assert delivered.is_signed([SECRET], NOW)
    assert delivered.is_signed([written(b"another" * 5), SECRET], NOW)
    assert not delivered.is_signed([written(b"another" * 5)], NOW)
    assert not delivered.is_signed([], NOW)


@pytest.mark.parametrize("made", [of_github, of_gitea, of_signing_gitlab])
def test_a_body_that_was_changed_is_not_believed(made):
    delivered = made(github())
    assert not replace(delivered, body=delivered.body.replace(b"main", b"evil")).is_signed([SECRET], NOW)


@pytest.mark.parametrize("made", [of_github, of_gitea, of_gitlab, of_signing_gitlab])
def test_without_its_proof_nothing_is_believed(made):
    delivered = made(github())
    proofs = ("x-hub-signature-256", "x-gitea-signature", "x-gitlab-token", "webhook-signature")
    bare = {name: said for name, said in delivered.headers.items() if name not in proofs}
    for proof in ({}, {"x-hub-signature-256": ""}, {"x-hub-signature-256": "sha256="}, {"x-gitlab-token": ""}):
        assert not Delivered(bare | proof, delivered.body).is_signed([SECRET], NOW)


def test_a_token_does_not_stand_in_for_a_wrong_signature():
    delivered = of_signing_gitlab(gitlab(), secret=written(b"another" * 5))
    assert not Delivered({**delivered.headers, "x-gitlab-token": SECRET}, delivered.body).is_signed([SECRET], NOW)


def test_a_token_is_in_no_repr():
    assert SECRET not in repr(of_gitlab(gitlab()))


def test_an_old_signature_of_gitlab_is_not_believed():
    old = of_signing_gitlab(gitlab(), at=datetime(2026, 11, 22, 11, 54, tzinfo=UTC))
    assert not old.is_signed([SECRET], NOW)


def test_the_weak_signature_of_old_times_is_not_looked_at():
    delivered = of_github(github())
    headers = {name: said for name, said in delivered.headers.items() if name != "x-hub-signature-256"}
    assert not Delivered(headers | {"x-hub-signature": "sha1=0"}, delivered.body).is_signed([SECRET], NOW)


def test_a_delivery_under_another_number_is_the_same_where_the_number_is_not_signed():
    assert of_github(github(), number="1").mark == of_github(github(), number="2").mark
    assert of_gitea(github(), number="1").mark == of_gitea(github(), number="2").mark
    assert of_gitlab(gitlab(), number="1").mark != of_gitlab(gitlab(), number="2").mark
    assert of_signing_gitlab(gitlab(), number="1").mark != of_signing_gitlab(gitlab(), number="2").mark
    assert of_github(github()).mark != of_github(github(after="5" * 40)).mark


@pytest.mark.parametrize(
    "delivered", [of_github(github()), of_gitea(github()), of_gitlab(gitlab()), of_signing_gitlab(gitlab())]
)
def test_a_push_to_the_sites_branch_is_fetched_unless_its_settings_say_otherwise(delivered):
    assert order(SEAFLOOR, delivered).jobs == ((JobKind.SYNC, {}),)
    more = replace(SEAFLOOR, hooks=Hooks(push=(JobKind.PACKAGE, JobKind.DEPLOY), push_catalogs=True))
    assert order(more, delivered).jobs == ((JobKind.PACKAGE, {}), (JobKind.DEPLOY, {"push": True}))
    nothing = replace(SEAFLOOR, hooks=Hooks(push=()))
    assert order(nothing, delivered).jobs == ()
    assert "nothing to do" in order(nothing, delivered).said


@pytest.mark.parametrize(
    "delivered",
    [
        of_github(github("refs/tags/v2.1")),
        of_gitea(github("refs/tags/v2.1")),
        of_gitlab(gitlab("refs/tags/v2.1"), event="Tag Push Hook"),
    ],
)
def test_a_tag_does_what_is_said_of_tags_like_it(delivered):
    assert order(SEAFLOOR, delivered).jobs == ()
    kinds = (JobKind.DEPLOY, JobKind.SEND, JobKind.SYNC)
    site = replace(SEAFLOOR, hooks=Hooks(tag=kinds, tags="v*"))
    assert order(site, delivered).jobs == ((JobKind.DEPLOY, {"ref": "v2.1"}), (JobKind.SEND, {}), (JobKind.SYNC, {}))
    assert order(replace(site, hooks=Hooks(tag=kinds, tags="release-*")), delivered).jobs == ()


@pytest.mark.parametrize(
    ("delivered", "said"),
    [
        (of_github(github("refs/heads/other")), "is built from main"),
        (of_github(github("refs/heads/main/deep")), "is built from main"),
        (of_github(github(after=ZEROS)), "was deleted"),
        (of_github(github(after="0" * 64)), "was deleted"),
        (of_github(github(deleted=True)), "was deleted"),
        (of_gitlab(gitlab(after=ZEROS)), "was deleted"),
        (of_github(github(repository={"clone_url": "https://git.example.org/parks/reef.git"})), "not of the repository"),
        (of_github(github(repository={"full_name": "parks/seafloor"})), "not of the repository"),
        (of_github(github(repository=None)), "not of the repository"),
        (of_github(github(after=AFTER.replace("4", "5"))), "pushed itself"),
        (of_github(github(), event="issues"), "neither a push nor a tag"),
        (of_gitlab(gitlab(), event="Note Hook"), "neither a push nor a tag"),
        (of_github({"zen": "Keep it flat."}, event="ping"), "is set up"),
        (of_github(github(ref=7)), "names neither"),
        (of_github(github(ref="main")), "names neither"),
        (of_github({"ref": "refs/heads/main"}), "names neither"),
        (of_github([]), "names neither"),
        (of_github(None, body=b"\xff\x00"), "names neither"),
        (of_github(None, body=b"["*100_000), "names neither"),
        (of_github(None, body=b""), "names neither"),
        (of_github(None, body=b"1" * 5000), "names neither"),
    ],
)  # fmt: skip
def test_what_is_passed_over_and_why(delivered, said):
    found = order(SEAFLOOR, delivered, AFTER.replace("4", "5"))
    assert found.jobs == ()
    assert said in found.said
    assert found.said.endswith(".")


def test_a_form_is_read_as_well():
    """What GitHub sends where nobody chose JSON."""
    body = urlencode({"payload": json.dumps(github())}).encode()
    delivered = of_github(None, body=body)
    form = Delivered({**delivered.headers, "content-type": "application/x-www-form-urlencoded"}, body)
    assert form.is_signed([SECRET], NOW)
    assert order(SEAFLOOR, form).jobs == ((JobKind.SYNC, {}),)
    broken = replace(form, body=b"&".join([b"payload=%7b%7d"] * 9))
    assert order(SEAFLOOR, broken).jobs == ()


def test_a_repository_that_is_a_folder_here_is_believed_unless_a_name_is_said():
    local = replace(SEAFLOOR, repository="/srv/git/seafloor")
    assert order(local, of_github(github())).jobs
    named = replace(local, hooks=Hooks(repository="git@git.example.org:parks/reef.git"))
    assert not order(named, of_github(github())).jobs
    same = replace(local, hooks=Hooks(repository="git@git.example.org:parks/seafloor.git"))
    assert order(same, of_github(github())).jobs


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example.org/Parks/Seafloor",
        "https://git.example.org/parks/seafloor.git",
        "https://token@git.example.org:8443/parks/seafloor/",
        "ssh://git@git.example.org:2222/parks/seafloor.git",
        "git@git.example.org:parks/seafloor.git",
        "git.example.org:/parks/seafloor.git",
        "git://git.example.org/parks/seafloor.git",
    ],
)
def test_all_ways_to_a_repository_have_one_name(address):
    assert repository_name(address) == "git.example.org/parks/seafloor"


@pytest.mark.parametrize(
    "address", ["/srv/git/x", "../x", "x", "file:///srv/git/x", "", "a/b:c", "https://", "http://[", ":x"]
)
def test_a_folder_has_no_name(address):
    assert repository_name(address) == ""


HEADERS = (
    *("x-github-event", "x-gitlab-event", "x-gitea-event", "content-type"),
    *("webhook-id", "webhook-signature", "x-hub-signature-256"),
)


@given(body=st.binary(max_size=300), headers=st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=30)))
def test_whatever_is_delivered_is_answered(body, headers):
    delivered = Delivered(headers, body)
    assert not delivered.is_signed([SECRET], NOW)
    assert len(delivered.mark) == 64
    assert order(SEAFLOOR, delivered).said

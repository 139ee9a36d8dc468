"""The journal over HTTP: a page after the other, by site and by name, and the proof that it holds."""

import pytest

from tm_service.domain.audit import Head


def entries(asker, query=""):
    return asker.get(f"/audit{query}").json()["entries"]


def test_entries_come_a_page_at_a_time_oldest_first(secretariat):
    everything = entries(secretariat, "?most=200")
    assert len(everything) > 14
    read, cursor = [], 0
    while cursor is not None:
        page = secretariat.get(f"/audit?most=7&cursor={cursor}").json()
        read, cursor = read + page["entries"], page["cursor"]
    assert read == everything
    assert [one["number"] for one in read] == sorted({one["number"] for one in read})


def test_entries_are_found_by_site_and_by_who_did_it(world, secretariat):
    assert {one["site"] for one in entries(secretariat, "?site=demo&most=200")} == {"demo"}
    world.person("developer").post("/sites/demo/deployments/2/restoration", headers={"X-Reason": "A page is broken."})
    (entry,) = entries(secretariat, "?by=developer..@office.example&site=demo")
    assert (entry["door"], entry["kind"], entry["reason"]) == ("web", "person", "A page is broken.")
    assert entries(secretariat, "?by=nobody@office.example") == []
    assert entries(secretariat, "?site=reef") == []


def test_the_journal_verifies_against_the_head_that_was_kept(secretariat):
    head = secretariat.get("/audit/head").json()
    assert head["head"] == f"{head['number']}:{head['hash']}"
    told = secretariat.get(f"/audit/verification?published={head['head']}").json()
    assert (told["head"], told["entries"], "broken" in told) == (head["head"], head["number"], False)


def test_what_was_rewritten_is_named(world, secretariat):
    head = secretariat.get("/audit/head").json()
    other = Head(head["number"] - 1, "0" * 64)
    told = secretariat.get(f"/audit/verification?published={head['head']}&published={other}").json()
    assert (told["broken"], "was rewritten" in told["error"]) == (other.number, True)


@pytest.mark.parametrize("head", ["", "12", "12:abc", "x:" + "0" * 64, "9" * 30 + ":" + "0" * 64, "٣:" + "0" * 64])
def test_what_is_no_head_is_said(secretariat, head):
    assert secretariat.get("/audit/verification", params={"published": head}).status_code == 422


@pytest.mark.parametrize("query", ["?cursor=-1", "?cursor=x", f"?cursor={10**19}", "?most=0", "?site=%00", "?by=%00"])
def test_what_makes_no_sense_is_refused(secretariat, query):
    assert secretariat.get(f"/audit{query}").status_code == 400

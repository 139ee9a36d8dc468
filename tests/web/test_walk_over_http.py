"""The whole walk through HTTP alone: a web server, workers and a schedule as processes over PostgreSQL and Redis.

Only the site and the first administrator are set up by commands, as whoever runs the house does once.
"""

import json
import threading

import pytest

from tests.askers import Asker, first, joined, served
from tests.cli.houses import ARABIC, FRENCH, fill

pytestmark = pytest.mark.slow


def followed(asker, job):
    """What became of a job, as it was told while it was done."""
    with asker.client.stream("GET", f"/jobs/{job}/events") as answer:
        said = [line.removeprefix("data:") for line in answer.iter_lines() if line.startswith("data:")]
    return list(map(json.loads, said))


def test_the_walk_goes_through_http_alone(office, tmp_path):
    with office.running("worker", "--threads", "2"), office.running("schedule"), served(office) as address:
        ines = first(office, address)
        sam = joined(address, ines, "sam@reef.example", "secretariat")
        dana = joined(address, ines, "dana@reef.example", "developer@reef")
        fatou = joined(address, ines, "fatou@reef.example", "translator@reef/fr")
        amal = joined(address, ines, "amal@reef.example", "translator@reef/ar")

        # a program of the developer's, approved by the Secretariat
        asked = {"name": "release-bot", "contact": "ops@reef.example", "purpose": "Releases"}
        scopes = ["sites:read", "changes:detect", "packages:make", "deployments:make", "jobs:read"]
        client = dana.post("/clients", asked | {"scopes": scopes}, status=201)["client"]
        dana.post(f"/clients/{client}/approval", status=403)
        sam.post(f"/clients/{client}/approval")
        token = dana.post(f"/clients/{client}/tokens", {"scopes": scopes, "days": 30}, status=201)
        bot = Asker(address, Authorization=f"Bearer {token['secret']}")

        # the memory learns, the first release goes out
        sam.done("/sites/reef/learning", {"history": True})
        bot.done("/sites/reef/deployments", {"ref": "r1"})
        before = bot.get("/sites/reef/coverage")["locales"]

        # the second release: what changed, what it costs, and what it would take from readers
        assert bot.get("/sites/reef/changes", params={"ref": "r2"})["added"] >= 2
        estimate = bot.get("/sites/reef/estimate", params={"base": "r1", "head": "r2"})
        assert set(estimate["locales"]) == {"ar", "fr"}
        assert bot.get("/sites/reef/gate", params={"ref": "r2"})["gate"] == "open"

        # the remainder is packaged while somebody watches
        later = bot.client.post(
            "/sites/reef/packages",
            json={"ref": "r2", "due": "2030-01-31"},
            headers={"Prefer": "respond-async", "Idempotency-Key": "release-2"},
        )
        assert later.status_code == 202
        told = followed(bot, later.json()["job"])
        assert told[-1]["status"] == "done"
        again = bot.client.post(
            "/sites/reef/packages",
            json={"ref": "r2", "due": "2030-01-31"},
            headers={"Idempotency-Key": "release-2"},
        )
        assert again.json()["job"] == later.json()["job"]
        packages = {one["locale"]: one["id"] for one in bot.get("/sites/reef/packages")["packages"]}
        assert set(packages) == {"ar", "fr"}

        # translators see their own, take it, return it; the same file twice is one return
        assert [one["locale"] for one in fatou.get("/sites/reef/packages")["packages"]] == ["fr"]
        fatou.get(f"/packages/{packages['ar']}/file", status=403)
        for somebody, locale, answers in ((fatou, "fr", FRENCH), (amal, "ar", ARABIC)):
            file = tmp_path / f"{packages[locale]}.zip"
            file.write_bytes(somebody.get(f"/packages/{packages[locale]}/file").content)
            content = fill(file, answers).read_bytes()
            named = {"name": f"{packages[locale]}.xlf"}
            kind = {"Content-Type": "application/xliff+xml"}
            stranger = amal if somebody is fatou else fatou
            stranger.ask("POST", "/returns", params=named, content=content, headers=kind, status=403)
            (receipt,) = somebody.ask("POST", "/returns", params=named, content=content, headers=kind)["receipts"]
            assert (receipt["accepted"] >= len(answers) - 1, receipt["quarantined"]) == (True, [])
            (same,) = somebody.ask("POST", "/returns", params=named, content=content, headers=kind)["receipts"]
            assert (same["repeated"], same["accepted"]) == (True, receipt["accepted"])

        # the second release goes out; nobody lost anything, and what is served says why
        (deployed,) = bot.done("/sites/reef/deployments", {"ref": "r2"})["result"]["deployments"]
        after = fatou.get("/sites/reef/coverage")["locales"]
        assert all(after[locale]["covered"] >= before[locale]["covered"] for locale in before)
        where = {"locale": "fr", "resource": "texts/home.json", "key": "turtles"}
        why = fatou.get("/sites/reef/explanation", params=where)
        assert (why["text"], why["translation"]["reference"].partition("@")[0]) == (
            FRENCH["Turtles nest here in June"],
            packages["fr"],
        )
        catalogs = bot.get(f"/sites/reef/deployments/{deployed['deployment']}/catalogs")
        assert catalogs.content.startswith(b"PK")

        # back and forth, and who did what
        dana.post("/sites/reef/deployments/1/restoration")
        dana.done("/sites/reef/deployments", {"ref": "r2"})
        entries = sam.get("/audit", params={"site": "reef"})["entries"]
        done_by = {(one["verb"], one["by"], one["kind"]) for one in entries if "by" in one}
        assert ("deploy", "release-bot", "client") in done_by
        assert ("take in", "fatou@reef.example", "person") in done_by
        assert "broken" not in sam.get("/audit/verification")
    assert office.command("audit", "verify").code == 0
    assert office.command("jobs", "list", "--status", "failed").document["jobs"] == []


def test_many_ask_at_once_and_each_gets_their_own_answer(office):
    """Twenty people at one server: every answer is of who asked, and a key is one job whoever is first."""
    with office.running("worker"), served(office) as address:
        ines = first(office, address)
        people = [joined(address, ines, f"p{number}@reef.example", "developer@reef") for number in range(5)]
        heard, jobs = [], []

        def asks(somebody, number):
            heard.extend((number, somebody.get("/session")["email"]) for _ in range(10))
            body, key = {"ref": "r1"}, {"Idempotency-Key": "same", "Prefer": "respond-async"}
            jobs.append(somebody.ask("POST", "/sites/reef/learning", json=body, headers=key, status=403))
            jobs.append(somebody.client.post("/sites/reef/deployments", json=body, headers=key).json()["job"])

        threads = [
            threading.Thread(target=asks, args=(somebody, number))
            for number, somebody in enumerate(people)
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(heard) == 200
    assert all(email == f"p{number}@reef.example" for number, email in heard)
    assert len({job for job in jobs if isinstance(job, str)}) == len(people)

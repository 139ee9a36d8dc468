"""The jobs commands and the worker: asked for now, done by whoever is free, as real processes too."""

import json
import os
import signal
import subprocess

import pytest

from tests.cli.houses import FRENCH, SCRIPT, fill
from tests.processes import PATIENCE


def ask(house, kind, **arguments: object):
    return house.ask("jobs", "ask", kind, "reef", "--arguments", json.dumps(arguments))


def test_a_release_is_deployed_by_a_worker(house):
    asked = ask(house, "deploy")
    assert (asked["status"], asked["by"] != "") == ("waiting", True)
    assert house.ask("coverage", "reef")["deployment"] == 1
    done = house.start("worker", "--until-idle", "--threads", "2")
    assert done.code == 0, done
    shown = house.ask("jobs", "show", asked["job"])
    assert (shown["status"], shown["attempt"]) == ("done", 1)
    assert shown["result"] == {"deployments": [{"site": "reef", "deployment": 2}]}
    assert shown["effects"][0]["verb"] == "deploy"
    assert house.ask("coverage", "reef")["deployment"] == 2


def test_a_package_goes_out_and_its_return_comes_in_by_jobs(house):
    ask(house, "package", locales=["fr"])
    house.start("worker", "--until-idle")
    (package_id,) = house.ask("jobs", "list")["jobs"][0]["result"]["packages"]
    house.ask("packages", "download", package_id, "--out", house.root)
    (package,) = house.root.glob("*.zip")
    returned = fill(package, FRENCH)
    asked = house.ask("jobs", "take-in", returned)
    returned.unlink()
    house.start("worker", "--until-idle")
    assert house.ask("jobs", "show", asked["job"])["result"]["package"] == package_id


def test_packages_of_several_languages_are_parts_that_workers_share(house):
    """Whoever asked sees one job; its parts can be looked at."""
    asked = ask(house, "package")
    assert house.start("worker", "--until-idle", "--threads", "3").code == 0
    shown = house.ask("jobs", "show", asked["job"])
    made = [package["id"] for package in house.ask("packages", "list", "reef")["packages"]]
    assert (shown["status"], shown["done"], shown["total"]) == ("done", 2, 2)
    assert sorted(shown["result"]["packages"]) == sorted(made)
    parts = [line for line in house.run("jobs", "show", asked["job"]).out.splitlines() if line.startswith("part ")]
    assert [line.split(":")[0] for line in parts] == ["part ar", "part fr"]
    assert [job["job"] for job in house.ask("jobs", "list")["jobs"]] == [asked["job"]]


def test_what_a_site_needs_is_counted_by_a_worker(house):
    asked = ask(house, "analyse", locales=["fr"])
    house.start("worker", "--until-idle")
    told = house.ask("jobs", "show", asked["job"])["result"]["locales"]
    assert list(told) == ["fr"]
    assert told["fr"]["total"] == house.ask("memory", "analyse", "reef", "--locale", "fr")["total"]


def test_the_same_key_asks_once(house):
    jobs = {house.ask("jobs", "ask", "deploy", "reef", "--key", "r2")["job"] for _ in range(2)}
    assert len(jobs) == 1
    answer = house.run("jobs", "ask", "learn", "reef", "--key", "r2")
    assert (answer.code, "was used for another job" in answer.err) == (3, True)


def test_a_job_that_failed_says_why_and_is_tried_again(house):
    asked = ask(house, "deploy", ref="nowhere")
    house.start("worker", "--until-idle")
    shown = house.ask("jobs", "show", asked["job"], code=1)
    assert (shown["status"], "nowhere" in shown["error"]) == ("failed", True)
    assert [job["job"] for job in house.ask("jobs", "list", "--status", "failed")["jobs"]] == [asked["job"]]
    assert house.ask("jobs", "retry", asked["job"])["status"] == "waiting"
    assert house.ask("jobs", "cancel", asked["job"])["status"] == "cancelled"
    assert house.run("jobs", "cancel", asked["job"]).code == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "is no JSON object"),
        ('{"force": true}', "knows no 'force'"),
        ('{"push": 1}', "true or false"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(house, arguments, said):
    answer = house.run("jobs", "ask", "deploy", "reef", "--arguments", arguments)
    assert (answer.code, said in answer.err) == (2, True)
    assert house.ask("jobs", "list")["jobs"] == []


def test_a_site_that_is_not_there_is_refused_at_once(house):
    assert house.run("jobs", "ask", "deploy", "park").code == 2
    assert house.run("jobs", "show", "0" * 32).code == 2


@pytest.mark.slow
def test_a_worker_that_is_told_to_end_finishes_its_job_first(house):
    worker = subprocess.Popen(
        [str(SCRIPT), "worker", "--json"],
        cwd=house.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TM_SERVICE_HOME": str(house.home)},
    )
    asked = ask(house, "deploy")
    assert worker.stderr is not None
    for line in worker.stderr:
        if asked["job"] in line:
            break
    worker.send_signal(signal.SIGTERM)
    out, _ = worker.communicate(timeout=PATIENCE)
    assert (worker.returncode, json.loads(out)) == (0, {"ended": True})
    assert house.ask("jobs", "show", asked["job"])["status"] == "done"

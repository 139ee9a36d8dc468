"""Jobs: work that is asked for now and done by whoever is free, and the worker that does it."""

import getpass
import json
import os
import socket
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from tm_service import shapes
from tm_service.cli.folders import read_file
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, Commands, answering, table
from tm_service.cli.root import main, service
from tm_service.cli.starting import leave, started
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.service import Service

if TYPE_CHECKING:
    from tm_service.worker.ending import Ending

MOST_THREADS = 16


@main.group(cls=Commands)
def jobs() -> None:
    """Ask for work that a worker does, and see what became of it."""


@jobs.command("ask")
@click.argument("kind", type=click.Choice([kind.value for kind in JobKind if kind is not JobKind.TAKE_IN]))
@click.argument("name", metavar="SITE")
@click.option("--arguments", default="{}", help='What it is told, as JSON, such as \'{"ref": "r2", "push": true}\'.')
@click.option("--key", default="", help="Who asks again with the same key gets the same job.")
@answering
def ask(kind: str, name: str, arguments: str, key: str) -> Answer:
    """Ask that a site be learned, packaged, sent or deployed."""
    job = service().jobs.ask(JobKind(kind), name, _read(arguments), by=getpass.getuser(), key=key)
    return shapes.job(job), f"Job {job.id} is {job.status}; `tm-service worker` does it.", DONE


@jobs.command("take-in")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", default="", help="Who asks again with the same key gets the same job.")
@answering
def ask_take_in(file: Path, key: str) -> Answer:
    """Ask that a return be taken in; the file may be deleted from here on."""
    job = service().jobs.ask_take_in(file.name, read_file(file), by=getpass.getuser(), key=key)
    return shapes.job(job), f"Job {job.id} is {job.status}; `tm-service worker` does it.", DONE


def _read(arguments: str) -> Mapping[str, object]:
    try:
        found = json.loads(arguments)
    except json.JSONDecodeError as error:
        raise ConfigurationError(f"--arguments is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise ConfigurationError("--arguments is no JSON object; write it in braces.")
    return found


@jobs.command("list")
@click.option("--site", default="", help="Only of this site.")
@click.option("--status", "statuses", multiple=True, type=click.Choice([one.value for one in JobStatus]))
@click.option("--before", default="", metavar="JOB", help="The page after this job.")
@click.option("--most", type=click.IntRange(1, 1000), default=50, help="How many at most; default: 50.")
@answering
def list_jobs(site: str, statuses: tuple[str, ...], before: str, most: int) -> Answer:
    """List jobs, the newest first."""
    found = service().jobs.listed(site, statuses=[JobStatus(one) for one in statuses], before=before, most=most)
    rows = [(job.id, job.kind, job.site, job.status, f"{job.asked:%Y-%m-%d %H:%M}", job.error) for job in found]
    text = table(("job", "what", "site", "", "asked", "why"), rows) if rows else "There are no jobs."
    return {"jobs": [shapes.job(job) for job in found]}, text, DONE


@jobs.command("show")
@click.argument("job_id", metavar="JOB")
@answering
def show_job(job_id: str) -> Answer:
    """Show a job: how far it is, what it changed, what it came to."""
    job = service().jobs.find(job_id)
    lines = [f"{job.kind} {job.site}: {job.status}, attempt {job.attempt}, asked by {job.by} at {job.asked:%F %R}."]
    lines += [f"{job.done:,} of {job.total:,}" if job.total else f"{job.done:,}"] if job.done else []
    lines += [f"changed: {effect.verb} {json.dumps(effect.details, ensure_ascii=False)}" for effect in job.effects]
    lines += [f"part {part.lane}: job {part.id}, {part.status}, attempt {part.attempt}" for part in job.parts]
    lines += [f"result: {json.dumps(job.result, ensure_ascii=False)}"] if job.result else []
    lines += [job.error] if job.error else []
    return shapes.job(job), "\n".join(lines), NEEDS_PERSON if job.status is JobStatus.FAILED else DONE


@jobs.command("cancel")
@click.argument("job_id", metavar="JOB")
@answering
def cancel_job(job_id: str) -> Answer:
    """Take a job back; one that runs ends before its next change."""
    job = service().jobs.cancel(job_id)
    said = "ends before its next change" if job.cancelling else f"is {job.status}"
    return shapes.job(job), f"Job {job.id} {said}.", DONE


@jobs.command("retry")
@click.argument("job_id", metavar="JOB")
@answering
def retry_job(job_id: str) -> Answer:
    """Give a job that failed or was cancelled all its tries again."""
    job = service().jobs.ask_again(job_id)
    return shapes.job(job), f"Job {job.id} is {job.status}.", DONE


@main.command()
@click.option("--threads", type=click.IntRange(1, MOST_THREADS), default=1, help="Jobs at once; default: 1.")
@click.option("--until-idle", is_flag=True, help="End when nothing is due.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in JobKind]), help="Only these.")
@answering
def worker(threads: int, kinds: tuple[str, ...], *, until_idle: bool) -> Answer:
    """Do what was asked for, until it is told to end.

    The job it is at is finished first. It hears of jobs by the broker (TM_SERVICE_BROKER), else it looks each second.
    """
    known = started("worker")
    house, grace = service(), known.operation.grace
    chosen = [JobKind(kind) for kind in kinds] or tuple(JobKind)
    if known.broker and not until_idle:
        _hear(house, known.broker, threads, chosen, grace)
    else:
        with working(house, threads, grace, chosen, until_idle=until_idle) as ending:
            ending.wait()
    return {"ended": True}, "The worker has ended.", DONE


def _hear(house: Service, broker: str, threads: int, kinds: Collection[JobKind], grace: float) -> None:
    from tm_service.worker.broker import work  # noqa: PLC0415 - only where there is a broker
    from tm_service.worker.runner import Worker  # noqa: PLC0415 - only the worker needs it
    from tm_service.worker.timekeeper import Timekeeper  # noqa: PLC0415 - as above

    name = f"{os.getpid()}@{socket.gethostname()}"
    work(broker, Worker(house, name, kinds, timekeeper=Timekeeper(house)), threads, grace, leave)


@main.command()
@answering
def schedule() -> Answer:
    """Tell workers what is due; one such process for all of them.

    It needs a broker: TM_SERVICE_BROKER. Without one, workers look for themselves.
    """
    known = started("schedule")
    if not known.broker:
        raise ConfigurationError(
            "There is no broker to tell workers by; set TM_SERVICE_BROKER, or leave it to workers."
        )
    from tm_service.worker.broker import keep_time  # noqa: PLC0415 - only where there is a broker

    known.home.mkdir(parents=True, exist_ok=True)
    keep_time(known.broker, known.home)
    return {"ended": True}, "The schedule has ended.", DONE


@contextmanager
def working(
    house: Service, threads: int, grace: float, kinds: Collection[JobKind] = tuple(JobKind), *, until_idle: bool = False
) -> Iterator["Ending"]:
    """Do jobs in threads of this process while the block lasts; it may wait until they end, or the process is told to.

    Jobs begun are finished; what is not, `grace` seconds later, is given back, and the process ends here.
    """
    from tm_service.worker.ending import Ending, give_back  # noqa: PLC0415 - only the worker needs it
    from tm_service.worker.runner import Worker  # noqa: PLC0415 - as above
    from tm_service.worker.timekeeper import Timekeeper  # noqa: PLC0415 - as above

    place = f"{socket.gethostname()}/{os.getpid()}"
    timekeeper = None if until_idle else Timekeeper(house)
    workers = [Worker(house, f"{place}/{number}", kinds, timekeeper=timekeeper) for number in range(threads)]
    running = [Thread(target=one.run, kwargs={"until_idle": until_idle}, name=one.name) for one in workers]
    ending = Ending(running)
    with ending.listening():
        for thread in running:
            thread.start()
        try:
            yield ending
        finally:
            for one in workers:
                one.stop.set()
            if not ending.finish(grace):
                give_back(workers)
                leave()

"""Jobs: work that is asked for now and done by whoever is free, and the worker that does it."""

import getpass
import json
import logging
import os
import signal
import socket
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import click

from tm_service.cli.folders import read_file
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, Commands, answering, table
from tm_service.cli.root import main, service, settings
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.jobs import Job, JobKind, JobStatus
from tm_service.service import Service

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
    return _document(job), f"Job {job.id} is {job.status}; `tm-service worker` does it.", DONE


@jobs.command("take-in")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", default="", help="Who asks again with the same key gets the same job.")
@answering
def ask_take_in(file: Path, key: str) -> Answer:
    """Ask that a return be taken in; the file may be deleted from here on."""
    job = service().jobs.ask_take_in(file.name, read_file(file), by=getpass.getuser(), key=key)
    return _document(job), f"Job {job.id} is {job.status}; `tm-service worker` does it.", DONE


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
    return {"jobs": [_document(job) for job in found]}, text, DONE


@jobs.command("show")
@click.argument("job_id", metavar="JOB")
@answering
def show_job(job_id: str) -> Answer:
    """Show a job: how far it is, what it changed, what it came to."""
    job = service().jobs.find(job_id)
    lines = [f"{job.kind} {job.site}: {job.status}, attempt {job.attempt}, asked by {job.by} at {job.asked:%F %R}."]
    lines += [f"{job.done:,} of {job.total:,}" if job.total else f"{job.done:,}"] if job.done else []
    lines += [f"changed: {effect.verb} {json.dumps(effect.details, ensure_ascii=False)}" for effect in job.effects]
    lines += [f"result: {json.dumps(job.result, ensure_ascii=False)}"] if job.result else []
    lines += [job.error] if job.error else []
    return _document(job), "\n".join(lines), NEEDS_PERSON if job.status is JobStatus.FAILED else DONE


@jobs.command("cancel")
@click.argument("job_id", metavar="JOB")
@answering
def cancel_job(job_id: str) -> Answer:
    """Take a job back; one that runs ends before its next change."""
    job = service().jobs.cancel(job_id)
    said = "ends before its next change" if job.cancelling else f"is {job.status}"
    return _document(job), f"Job {job.id} {said}.", DONE


@jobs.command("retry")
@click.argument("job_id", metavar="JOB")
@answering
def retry_job(job_id: str) -> Answer:
    """Give a job that failed or was cancelled all its tries again."""
    job = service().jobs.ask_again(job_id)
    return _document(job), f"Job {job.id} is {job.status}.", DONE


def _document(job: Job) -> dict[str, object]:
    moments = {name: getattr(job, name) for name in ("asked", "due", "lease", "ended")}
    return {
        "job": job.id,
        "kind": job.kind,
        "site": job.site,
        "arguments": job.arguments,
        "status": job.status,
        "attempt": job.attempt,
        "by": job.by,
        "worker": job.worker,
        "done": job.done,
        "total": job.total,
        "cancelling": job.cancelling,
        "error": job.error,
        "result": job.result,
        "effects": [{"verb": effect.verb} | dict(effect.details) for effect in job.effects],
    } | {name: at.isoformat() if at else None for name, at in moments.items()}


@main.command()
@click.option("--threads", type=click.IntRange(1, MOST_THREADS), default=1, help="Jobs at once; default: 1.")
@click.option("--until-idle", is_flag=True, help="End when nothing is due.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in JobKind]), help="Only these.")
@answering
def worker(threads: int, kinds: tuple[str, ...], *, until_idle: bool) -> Answer:
    """Do what was asked for, until it is told to end.

    The job it is at is finished first. It hears of jobs by the broker (TM_SERVICE_BROKER), else it looks each second.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    house, broker = service(), settings().broker
    chosen = [JobKind(kind) for kind in kinds] or tuple(JobKind)
    if broker and not until_idle:
        _hear(house, broker, threads, chosen)
    else:
        _look(house, threads, chosen, until_idle=until_idle)
    return {"ended": True}, "The worker has ended.", DONE


def _hear(house: Service, broker: str, threads: int, kinds: Collection[JobKind]) -> None:
    from tm_service.worker.broker import work  # noqa: PLC0415 - only where there is a broker
    from tm_service.worker.runner import Worker  # noqa: PLC0415 - only the worker needs it

    work(broker, Worker(house, f"{os.getpid()}@{socket.gethostname()}", kinds), threads)


def _look(house: Service, threads: int, kinds: Collection[JobKind], *, until_idle: bool) -> None:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    for thread in _started(house, threads, kinds, stop, until_idle=until_idle):
        while thread.is_alive():
            thread.join(1.0)  # in short turns, so that signals are heard


@main.command()
@answering
def schedule() -> Answer:
    """Tell workers what is due; one such process for all of them.

    It needs a broker: TM_SERVICE_BROKER. Without one, workers look for themselves.
    """
    known = settings()
    if not known.broker:
        raise ConfigurationError(
            "There is no broker to tell workers by; set TM_SERVICE_BROKER, or leave it to workers."
        )
    from tm_service.worker.broker import keep_time  # noqa: PLC0415 - only where there is a broker

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    known.home.mkdir(parents=True, exist_ok=True)
    keep_time(known.broker, known.home)
    return {"ended": True}, "The schedule has ended.", DONE


@contextmanager
def working(house: Service, threads: int) -> Iterator[None]:
    """Do jobs in threads of this process while the block lasts; those begun are finished."""
    stop = Event()
    running = _started(house, threads, tuple(JobKind), stop)
    try:
        yield
    finally:
        stop.set()
        for thread in running:
            thread.join()


def _started(
    house: Service, threads: int, kinds: Collection[JobKind], stop: Event, *, until_idle: bool = False
) -> list[Thread]:
    from tm_service.worker.runner import Worker  # noqa: PLC0415 - only the worker needs it

    place = f"{socket.gethostname()}/{os.getpid()}"
    workers = [Worker(house, f"{place}/{number}", kinds, stop=stop) for number in range(threads)]
    running = [Thread(target=one.run, kwargs={"until_idle": until_idle}, name=one.name) for one in workers]
    for thread in running:
        thread.start()
    return running

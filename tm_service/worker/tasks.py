"""Tasks: what is done for each kind of job, so that doing it twice is as good as once.

An attempt may end between its effect and the note that it is done. Its effects were written with the change itself, so the
next attempt finds them and does not make them again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tm_service.answer_verbs import AnswerVerbs
from tm_service.domain.errors import ConfigurationError, NotFound, ReturnRejected
from tm_service.domain.jobs import Job, JobKind
from tm_service.service import Service

Told = Callable[[int, int], None]  # how much is done, of how much
Result = dict[str, object]

_AUTOSAVES = timedelta(days=2)  # between others of the same person


def done(service: Service, job: Job, tell: Told) -> Result:
    """Do a job; what it came to, as JSON. Raises ServiceError."""
    return _TASKS[job.kind](service, job, tell)


def _learn(service: Service, job: Job, tell: Told) -> Result:
    asked: Mapping[str, Any] = job.arguments
    learned = service.learn(
        job.site,
        history=asked.get("history", False),
        ref=asked.get("ref", ""),
        progress=lambda _what, count: tell(count, 0),
    )
    return {"translations": learned.translations}


def _package(service: Service, job: Job, _tell: Told) -> Result:
    made = [effect.details["package"] for effect in job.effects if effect.verb == "package"]
    if not made:
        asked: Mapping[str, Any] = job.arguments
        due = date.fromisoformat(asked["due"]) if asked.get("due") else None
        usual = service.handoffs.order(job.site, locales=asked.get("locales", ()), due=due)
        order = replace(
            usual,
            profile=asked.get("profile") or usual.profile,
            only=asked.get("only", ""),
            most_words=asked.get("words") or usual.most_words,
            draft=asked.get("draft", False),
            xliff2=asked.get("xliff2", usual.xliff2),
        )
        made = [entry.id for entry, _, _ in service.handoffs.package(job.site, order, asked.get("ref", ""))]
    return {"packages": made}


def _send(service: Service, job: Job, _tell: Told) -> Result:
    sent = service.handoffs.send_due(job.site)
    return {"deliveries": [{"id": entry.id, "status": entry.status.value} for entry in sent]}


def _take_in(service: Service, job: Job, _tell: Told) -> Result:
    """A return that was taken in already gets its first receipt again: it is known by its bytes."""
    asked: Mapping[str, Any] = job.arguments
    with service.store.read() as tx:
        content = tx.blobs([asked["digest"]]).get(asked["digest"])
    if content is None:
        raise NotFound(f"The file of job {job.id} is not in the store; send it again.")
    try:
        receipt = service.handoffs.take_in(asked["name"], content, only=asked.get("packages"))
    except ReturnRejected as rejected:
        return {"rejected": str(rejected)}
    return {"receipt": receipt.digest, "package": receipt.package}


def _deploy(service: Service, job: Job, _tell: Told) -> Result:
    asked: Mapping[str, Any] = job.arguments
    names, push = [job.site, *asked.get("with", ())], asked.get("push", False)
    numbers = [effect.details["deployment"] for effect in job.effects if effect.verb == "deploy"]
    if not numbers or (push and any(service.site(name).is_record_store for name in names)):
        made = service.deploy_together(names, asked.get("ref", ""), push=push)
        numbers = [deployed.deployment.number for deployed in made]
    return {"deployments": [{"site": name, "deployment": number} for name, number in zip(names, numbers, strict=True)]}


def _sync(service: Service, job: Job, _tell: Told) -> Result:
    with service.reader(job.site) as reader:
        return {"revision": reader.connector.resolve("").id}


def _tidy(service: Service, _job: Job, _tell: Told) -> Result:
    return {
        "autosaves": service.records().tidy(service.clock() - _AUTOSAVES),
        "sessions": service.people().tidy(),
        "uploads": service.handoffs.uploads.tidy(),
        "answers": AnswerVerbs(service.store, service.clock, service.secret).forget(),
        "messages": service.webhooks.forget(),
    }


def _warn(service: Service, _job: Job, _tell: Told) -> Result:
    tried = service.signing().warn_clients()
    said = [(one.client, one.function, one.day.isoformat(), one.status.value) for one in tried]
    return {"warnings": [dict(zip(("client", "function", "day", "status"), one, strict=True)) for one in said]}


def _backup(service: Service, job: Job, _tell: Told) -> Result:
    """The file has the job's name: the next attempt finds it."""
    if service.backups is None:
        raise ConfigurationError("There is no folder for backups; set TM_SERVICE_BACKUPS for every worker.")
    file, made, removed = service.backups().backup(job.asked, job.id, service.store)
    return {"file": file.name, "size": made.size, "digest": made.digest, "keys": made.has_keys, "removed": removed}


def _remind(service: Service, job: Job, tell: Told) -> Result:
    """What an earlier attempt put into the outbox is not put there again; it is sent all the same."""
    service.handoffs.remind(job.site)
    return _send(service, job, tell)


_TASKS: Mapping[JobKind, Callable[[Service, Job, Told], Result]] = {
    JobKind.LEARN: _learn,
    JobKind.PACKAGE: _package,
    JobKind.SEND: _send,
    JobKind.TAKE_IN: _take_in,
    JobKind.DEPLOY: _deploy,
    JobKind.SYNC: _sync,
    JobKind.TIDY: _tidy,
    JobKind.WARN: _warn,
    JobKind.BACKUP: _backup,
    JobKind.REMIND: _remind,
}

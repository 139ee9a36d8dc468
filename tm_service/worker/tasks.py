"""Tasks: what is done for each kind of job, so that doing it twice is as good as once.

An attempt may end between its effect and the note that it is done. Its effects were written with the change itself, so the
next attempt finds them and does not make them again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from tm_service import shapes
from tm_service.domain.errors import ConfigurationError, NotFound, ReturnRejected
from tm_service.domain.job_parts import Parted
from tm_service.domain.jobs import Job, JobKind
from tm_service.domain.permissions import read_place
from tm_service.domain.units import Revision
from tm_service.service import Service
from tm_service.usecases.look import look_at_advice, look_at_gate, look_at_keys

Told = Callable[[int, int], None]  # how much is done, of how much
Result = dict[str, object]

_AUTOSAVES = timedelta(days=2)  # between others of the same person


def done(service: Service, job: Job, tell: Told) -> Result | Parted:
    """Do a job; what it came to, as JSON, or what its parts are to do. Raises ServiceError."""
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


def _parted(service: Service, job: Job, revision: Callable[[str, str], Revision]) -> Parted | None:
    """One part a locale, all of the revision that is there now; None where there is one locale."""
    asked: Mapping[str, Any] = job.arguments
    locales = tuple(dict.fromkeys(asked.get("locales", ()))) or service.site(job.site).locales
    if job.parent or len(locales) == 1:
        return None
    service.handoffs.refuse_order(job.site, locales, asked.get("profile", ""))
    ref = revision(job.site, asked.get("ref", "")).id
    return Parted({locale: {**asked, "ref": ref, "locales": [locale]} for locale in locales})


def _revision(service: Service, site: str, ref: str) -> Revision:
    with service.reader(site) as reader:
        return reader.connector.resolve(ref)


def _analyse(service: Service, job: Job, _tell: Told) -> Result | Parted:
    parts = _parted(service, job, partial(_revision, service))
    if parts is not None:
        return parts
    asked: Mapping[str, Any] = job.arguments
    locale = next(iter(asked.get("locales") or service.site(job.site).locales))
    found = service.memories.analyse(job.site, locale, ref=asked.get("ref", ""))
    return {"locales": {locale: dict(found.document)}}


def _package(service: Service, job: Job, _tell: Told) -> Result | Parted:
    parts = _parted(service, job, service.handoffs.learned)
    if parts is not None:
        return parts
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
    places = asked.get("places")
    try:
        receipt = service.handoffs.take_in(
            asked["name"], content, places=None if places is None else list(map(read_place, places))
        )
    except ReturnRejected as rejected:
        return {"rejected": str(rejected), "template": rejected.template, "values": rejected.values}
    return {"receipt": receipt.digest, "package": receipt.package}


def _hand_in(service: Service, job: Job, tell: Told) -> Result:
    """An earlier attempt may have ended before it could say what it handed in."""
    package: Any = job.arguments["package"]
    effect = next((one for one in job.effects if one.verb == "take in"), None)
    if effect is None:
        digest: Any = service.desk.hand_in(package, tell).digest
    else:
        digest = effect.details.get("receipt") or _newest_receipt(service, job.site, package)
    return {"receipt": digest, "package": package}


def _newest_receipt(service: Service, site: str, package: str) -> str:
    """For effects that older code noted without their receipt."""
    return next(one.digest for _, one in service.handoffs.receipts_of(site) if one.package == package)


def _deploy(service: Service, job: Job, _tell: Told) -> Result:
    asked: Mapping[str, Any] = job.arguments
    names, push = [job.site, *asked.get("with", ())], asked.get("push", False)
    numbers: list[Any] = [effect.details["deployment"] for effect in job.effects if effect.verb == "deploy"]
    if not numbers:
        made = service.deploy_together(names, asked.get("ref", ""), push=push)
        numbers = [deployed.deployment.number for deployed in made]
    elif push:  # an earlier attempt may have ended before it had written all of it
        for name, number in zip(names, numbers, strict=True):
            if service.site(name).is_record_store:
                service.write_back(name, number)
    return {"deployments": [{"site": name, "deployment": number} for name, number in zip(names, numbers, strict=True)]}


def _sync(service: Service, job: Job, _tell: Told) -> Result:
    return {"revision": _revision(service, job.site, "").id}


def _tidy(service: Service, _job: Job, _tell: Told) -> Result:
    return {
        "autosaves": service.records().tidy(service.clock() - _AUTOSAVES),
        "sessions": service.people().tidy(),
        "uploads": service.handoffs.uploads.tidy(),
        "answers": service.answers.forget(),
        "messages": service.webhooks.forget(),
        "jobs": service.jobs.forget(),
    }


def _warn(service: Service, _job: Job, _tell: Told) -> Result:
    tried = service.signing().warn_clients()
    said = [(one.client, one.function, one.day.isoformat(), one.status.value) for one in tried]
    return {"warnings": [dict(zip(("client", "function", "day", "status"), one, strict=True)) for one in said]}


def _digest(service: Service, _job: Job, _tell: Told) -> Result:
    return dict(service.waiting.send_digests())


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


def _estimate(service: Service, job: Job, _tell: Told) -> Result:
    asked: Mapping[str, Any] = job.arguments
    return shapes.estimate(service.estimate(job.site, asked.get("base", ""), asked.get("head", "")))


def _check(service: Service, job: Job, _tell: Told) -> Result:
    asked: Mapping[str, Any] = job.arguments
    return service.releases.keep(look_at_gate(service.check(job.site, asked.get("ref", ""))))


def _advise(service: Service, job: Job, _tell: Told) -> Result:
    asked: Mapping[str, Any] = job.arguments
    found = service.advice(job.site, asked.get("base", ""), asked.get("head", ""))
    return service.releases.keep(look_at_advice(found))


def _find_keys(service: Service, job: Job, _tell: Told) -> Result:
    asked: Mapping[str, Any] = job.arguments
    ref = asked.get("ref", "")
    found = look_at_keys(service.usage(job.site, ref), service.hard_coded(job.site, ref))
    return service.releases.keep(found)


_TASKS: Mapping[JobKind, Callable[[Service, Job, Told], Result | Parted]] = {
    JobKind.LEARN: _learn,
    JobKind.ANALYSE: _analyse,
    JobKind.PACKAGE: _package,
    JobKind.SEND: _send,
    JobKind.TAKE_IN: _take_in,
    JobKind.HAND_IN: _hand_in,
    JobKind.DEPLOY: _deploy,
    JobKind.SYNC: _sync,
    JobKind.TIDY: _tidy,
    JobKind.WARN: _warn,
    JobKind.DIGEST: _digest,
    JobKind.BACKUP: _backup,
    JobKind.REMIND: _remind,
    JobKind.ESTIMATE: _estimate,
    JobKind.CHECK: _check,
    JobKind.ADVISE: _advise,
    JobKind.FIND_KEYS: _find_keys,
}

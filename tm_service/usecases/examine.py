"""Examine: what a return is of and how good it is, before anything of it is used: all that takes long and changes nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import chain

from tm_service.domain.errors import NotAllowed, NotFound, ReturnRejected
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Package, PackageStatus, Return
from tm_service.domain.pairs import Pair
from tm_service.domain.permissions import Action, Place, within
from tm_service.domain.ports import Checker, Exporter, Transaction
from tm_service.domain.site import Site, State
from tm_service.usecases.judge import Fate, Rules, Verdict, judged, settled
from tm_service.usecases.leverage import reading, terms_of

KEPT = frozenset({Fate.ACCEPTED, Fate.PROPOSAL})


def _untold(_done: int, _total: int) -> None:
    """Nobody waits to hear it."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What a return is taken in with: what reads it, what checks it, the sites there are, and the time.

    `places` are the sites and locales whose packages it may return, for who sends it may not send others; None for all.
    `told` hears how many units were judged, of how many.
    """

    exporter: Exporter
    checker: Checker
    sites: Mapping[str, Site]
    now: datetime
    places: Collection[Place] | None = None
    told: Callable[[int, int], None] = _untold


Judged = tuple[list[Verdict], list[Finding]]  # on units of the package, and on units that are none of it


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file returns, and what was made of it: each return with the package and the rules it was judged by."""

    returns: Sequence[Return] = ()
    judged: Sequence[tuple[Return, Package, Rules, Judged]] = ()

    def of(self, returned: Return, sent: Package, rules: Rules) -> Judged | None:
        """What was made of a return, where neither its package nor the rules are others since."""
        return next(
            (found for one, *by, found in self.judged if one is returned and by == [sent, rules]),
            None,
        )


def examine(tx: Transaction, name: str, content: bytes, intake: Intake) -> Examined:
    """What a file returns and how good that is, so that nobody waits to write meanwhile. Raises as `take_in` does."""
    if tx.receipts(sha256(content).hexdigest()):
        return Examined()
    returns = read_return(tx, name, content, intake)
    found = []
    for returned, sent in known_returns(tx, returns, intake)[0]:
        rules = rules_of(tx, intake.sites.get(sent.site), sent)
        found.append((returned, sent, rules, validate(returned, sent, intake, rules)))
    return Examined(returns, found)


def read_return(tx: Transaction, name: str, content: bytes, intake: Intake) -> Sequence[Return]:
    return intake.exporter.read(name, content, lambda named: _named(tx, named), lambda: _out(tx, intake.sites))


def recognised(tx: Transaction, name: str, content: bytes, intake: Intake) -> list[Package]:
    """The packages that a return would be taken in for; nothing is judged. Raises ReturnRejected where that is none."""
    given = tx.receipts(sha256(content).hexdigest())
    if given:
        return [tx.package(receipt.package) for receipt in given]
    names = intake.exporter.whose(name, content, lambda named: _named(tx, named), lambda: _out(tx, intake.sites))
    found = [_sent(tx, named) for named in names]
    packages = [one for one in found if isinstance(one, Package)]
    if not packages:
        (refused, *_) = (one for one in found if isinstance(one, Finding))
        raise ReturnRejected(refused.template, **dict(refused.values))
    return packages


def refuse_others(packages: Sequence[Package], places: Collection[Place] | None) -> None:
    """Raises NotAllowed."""
    for one in packages:
        if places is not None and not within(places, one.site, one.locale):
            raise NotAllowed(
                f"The file returns {one.id}, and who sent it may not do this on {one.site} in {one.locale}; "
                f"it takes {Action.TAKE_IN}."
            )


def _named(tx: Transaction, named: Collection[str]) -> list[Package]:
    """The packages of these names, as far as there are any."""
    known = []
    for package_id in named:
        try:
            known.append(tx.package(package_id))
        except NotFound:
            continue
    return known


def _out(tx: Transaction, sites: Mapping[str, Site]) -> list[Package]:
    return list(chain.from_iterable(tx.packages(site, open_only=True) for site in sites))


def known_returns(
    tx: Transaction, returns: Sequence[Return], intake: Intake
) -> tuple[list[tuple[Return, Package]], list[Finding]]:
    """The returns of packages that may come back, and why others may not. Raises ReturnRejected, NotAllowed."""
    known, refused = [], []
    for returned in returns:
        sent = _sent(tx, returned.package)
        if isinstance(sent, Package):
            known.append((returned, sent))
        else:
            refused.append(sent)
    if not known:
        raise ReturnRejected(refused[0].template, **dict(refused[0].values))
    refuse_others([sent for _, sent in known], intake.places)
    return known, refused


def _sent(tx: Transaction, name: str) -> Package | Finding:
    """The package of a name, or why it may not come back."""
    try:
        sent = tx.package(name)
    except NotFound:
        locale = ""
        said = "The file says it is package {package}, which was never handed off here; return it where it came from."
    else:
        locale = sent.locale
        if sent.status is PackageStatus.CANCELLED:
            said = "Package {package} was cancelled; ask for the current one."
        elif sent.status is PackageStatus.DRAFT:
            said = "Package {package} is a draft that was not handed off yet; hand it off, then return it again."
        else:
            return sent
    return found("return", Severity.ERROR, said, package=name, locale=locale)


def rules_of(tx: Transaction, site: Site | None, sent: Package) -> Rules:
    """What a site decides; of one that is gone its own memory's terms are left."""
    if site is None:
        return Rules({}, tuple(tx.terms(sent.site, sent.source_locale, sent.locale)))
    return Rules(site.severities, terms_of(tx, reading(site, sent.locale)))


def validate(returned: Return, sent: Package, intake: Intake, rules: Rules) -> Judged:
    """A verdict on each unit of the package that came back, and findings on those that are not of it."""
    known = {unit.id: unit for unit in sent.units}
    verdicts, strangers = [], []
    for number, answer in enumerate(returned.units, 1):
        intake.told(number, len(returned.units))
        unit = known.get(answer.id)
        if unit is not None and unit.locked:
            continue
        if unit is None:
            said = found(
                "identity", Severity.ERROR, "Unit {unit} is not in {package}.", unit=answer.id, package=sent.id
            )
            strangers.append(replace(said, unit=answer.id))
            continue
        verdicts.append(judged(intake.exporter.rebuild(answer, unit), unit, sent, intake.checker, rules))
    return _consistent(verdicts, sent, intake.checker, rules), strangers


def _consistent(verdicts: list[Verdict], sent: Package, checker: Checker, rules: Rules) -> list[Verdict]:
    """Verdicts with what only shows beside the others: one source translated in two ways, one target for two sources."""
    pairs = [
        (verdict.unit.id, Pair(verdict.unit.source, verdict.target, sent.locale, sent.source_locale))
        for verdict in verdicts
        if verdict.fate in KEPT
    ]
    said: dict[str, list[Finding]] = {}
    for entry in settled(checker.across(pairs), rules.severities):
        said.setdefault(entry.unit, []).append(entry)
    return [_told(verdict, said.get(verdict.unit.id, ())) for verdict in verdicts]


def _told(verdict: Verdict, more: Sequence[Finding]) -> Verdict:
    findings = (*verdict.findings, *more)
    if any(entry.severity is Severity.ERROR for entry in more):
        return replace(verdict, fate=Fate.QUARANTINED, state=State.PROPOSAL, findings=findings)
    return replace(verdict, findings=findings)

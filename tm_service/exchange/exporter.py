"""Exporter: packages in the shapes of the translators' tools, behind the port that the use cases see."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from tm_service.domain.deliveries import Letter
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.functions import Deprecated
from tm_service.domain.handoffs import Handoff, Profile
from tm_service.domain.packages import Package, PackageUnit, Receipt, Return, ReturnedUnit
from tm_service.domain.units import Locale
from tm_service.domain.waiting import Waiting
from tm_service.exchange.bundle import write_handoff
from tm_service.exchange.guard import Limits
from tm_service.exchange.plurals import in_forms, joined, sent_in_forms
from tm_service.exchange.profiles import profile
from tm_service.exchange.readers.file import package_in
from tm_service.exchange.recognise import Recognised, rebuilt, recognised
from tm_service.exchange.returns import Returns, locale_of_name, read_returns
from tm_service.exchange.seal import KeyRing, broken

# What reading a return speaks of, beside what the checks do.
NAMES = frozenset({"comments", "files", "return", "seal", "source", "tracked-changes", "units"})


@dataclass(frozen=True, slots=True)
class PackageExporter:
    """Writes packages for any tool, sealed with the house's keys, and reads what any tool gives back."""

    keys: KeyRing
    limits: Limits = field(default=Limits())

    def profile(self, name: str) -> Profile:
        """What is written for a tool. Raises ConfigurationError."""
        return profile(name)

    def write(self, handoff: Handoff) -> tuple[str, bytes]:
        """Give file name and bytes of the hand-off."""
        return write_handoff(in_forms(handoff), self.keys.current())

    def read(
        self,
        name: str,
        content: bytes,
        named: Callable[[Collection[str]], Sequence[Package]],
        out: Callable[[], Sequence[Package]],
    ) -> Sequence[Return]:
        """Read what came back, one return for each package; codes are still numbers. Raises ReturnRejected."""
        with _in_its_language(name):
            return self._read(read_returns(name, content, self.limits), named, out)

    def whose(
        self,
        name: str,
        content: bytes,
        named: Callable[[Collection[str]], Sequence[Package]],
        out: Callable[[], Sequence[Package]],
    ) -> Sequence[str]:
        """The packages that a return is of, and no more than it names beside them. Raises ReturnRejected."""
        with _in_its_language(name):
            returns = read_returns(name, content, self.limits)
            said = _said(returns)
            if all(said):
                return list(dict.fromkeys(package for names in said for package in names))
            return [answer.package for answer in self._read(returns, named, out)]

    def _read(
        self,
        returns: Returns,
        named: Callable[[Collection[str]], Sequence[Package]],
        out: Callable[[], Sequence[Package]],
    ) -> Sequence[Return]:
        keys = self.keys.verifiers() if returns.sealed else {}
        unsealed = [finding for manifest, seal in returns.sealed for finding in broken(manifest, seal, keys)]
        said = _said(returns)
        known = list(named({package for names in said for package in names}))
        if not all(said):
            known += [package for package in out() if package not in known]
        candidates = [sent_in_forms(package) for package in known]
        answers = recognised(replace(returns, findings=(*returns.findings, *unsealed)), candidates)
        sent = {package.id: package for package in known}
        return [
            joined(answered, sent[answered.package]) if answered.package in sent else answered
            for answered in (_answer(answer, place) for place, answer in enumerate(answers))
        ]

    def rebuild(self, unit: ReturnedUnit, sent: PackageUnit) -> ReturnedUnit:
        """Put the codes of what was sent back into a returned unit; what does not fit becomes its findings."""
        return unit if unit.is_whole else rebuilt(unit, sent)

    def rotate_key(self) -> str:
        """Seal with a new key from now on; what older ones sealed still verifies. Gives its id. Raises ConfigurationError."""
        return self.keys.rotate().id

    def letter(self, package: Package, contact: str = "") -> Letter:
        """What goes with a package when it is sent; `contact` is whom to ask."""
        from tm_service.exchange.letters import handoff_letter  # noqa: PLC0415 - only who sends loads it

        return handoff_letter(package, contact)

    def receipt_letter(self, receipt: Receipt, package: Package) -> Letter:
        """What goes with the answer to a return when it is sent."""
        from tm_service.exchange.letters import receipt_letter  # noqa: PLC0415 - only who sends loads it

        return receipt_letter(receipt, package)

    def reminder_letter(self, package: Package, contact: str, today: date) -> Letter:
        """What says that a package is due, soon or since when; `contact` is whom to ask."""
        from tm_service.exchange.letters import reminder_letter  # noqa: PLC0415 - only who sends loads it

        return reminder_letter(package, contact, today)

    def function_letter(self, client: str, function: Deprecated, locale: Locale) -> Letter:
        """What tells the contact of a client, in that language, that a function it relies on changes."""
        from tm_service.exchange.letters import function_letter  # noqa: PLC0415 - only who sends loads it

        return function_letter(client, function, locale)

    def digest_letter(self, waiting: Collection[Waiting], locale: Locale) -> Letter:
        """What tells a person, in their language, what waits for them."""
        from tm_service.exchange.letters import digest_letter  # noqa: PLC0415 - only who sends loads it

        return digest_letter(waiting, locale)

    def receipt_page(self, receipt: Receipt, package: Package, targets: Mapping[str, str]) -> bytes:
        """The answer to a return as a page in the translator's language."""
        from tm_service.exchange.receipt_page import receipt_page  # noqa: PLC0415 - only who takes in loads it

        return receipt_page(receipt, package, targets)


@contextmanager
def _in_its_language(name: str) -> Iterator[None]:
    """What is refused says in which language its translator reads, where the file's name tells."""
    try:
        yield
    except ReturnRejected as refused:
        raise ReturnRejected(refused.template, **{**refused.values, "locale": locale_of_name(name)}) from None


def _said(returns: Returns) -> list[tuple[str, ...]]:
    """Which packages each file says it is of; what cannot be a package's name says nothing."""
    named = [tuple(name for name in part.file.packages if package_in(name) == name) for part in returns.parts]
    return [
        names or ((part.manifest,) if part.manifest else ()) for names, part in zip(named, returns.parts, strict=True)
    ]


def _answer(answer: Recognised, place: int) -> Return:
    """One package's return; of several in one upload each has a digest of its own, so that each has its receipt."""
    digest = answer.digest if place == 0 else sha256(f"{answer.digest} {answer.package}".encode()).hexdigest()
    how = Counter(entry.how.value for entry in answer.recognitions)
    return replace(answer, digest=digest, recognised=tuple(sorted(how.items())))

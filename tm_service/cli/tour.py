"""The tour: the example site walked through four releases, with a simulated translator in between."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from secrets import token_urlsafe

from tm_service.cli import article_tour, people_tour
from tm_service.cli.article_tour import ArticleTour
from tm_service.cli.output import table
from tm_service.cli.texts import coverage_table, receipt_text
from tm_service.demo.example_site import build_site, sites_toml
from tm_service.demo.phrases import phrase_book
from tm_service.demo.translator import filled
from tm_service.domain.changes import ChangeKind
from tm_service.domain.deployments import Deployment
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.packages import Package, Receipt
from tm_service.domain.units import Locale
from tm_service.service import Service
from tm_service.settings import Settings, add_sites

Say = Callable[[str], None]
_SITE = "demo"
_MARK = ".example"  # stands in folders that the tour made and may make anew
_TIME = timedelta(days=14)  # for translators
_RELEASES = ("2026.1", "2026.2", "2026.3", "2026.4")


def tour(settings: Settings, say: Say) -> tuple[Service, dict[str, object], str]:
    """Build the example site below the home's `demo` folder and walk it; returns its service, a document and a summary."""
    from tm_service.bootstrap import open_service  # noqa: PLC0415 - `--help` need not load a database

    folder = _fresh(settings.home / "demo")
    own = replace(settings, home=folder, database=f"sqlite:///{folder / 'store.sqlite'}")
    repository = folder / "site"
    build_site(repository, until=_RELEASES[0])
    (folder / "sites.toml").write_text(sites_toml(repository) + article_tour.TOML, "utf-8")
    add_sites(own, folder / "sites.toml")
    house = open_service(own)
    walk = _Tour(house, repository, folder, say)
    walk.first_release()
    walk.second_release()
    walk.later_releases()
    served = walk.articles()
    password = walk.people()
    document: dict[str, object] = {
        "site": _SITE,
        "home": str(folder),
        "deployments": [asdict(stop) for stop in walk.summary],
        "receipts": [receipt.outcome for receipt in walk.receipts],
        "articles": {"deployment": served.number, "waiting": list(served.waiting)},
        "people": {"password": password, "emails": [person.email for person in house.people().people()]},
    }
    return house, document, walk.closing()


def _fresh(folder: Path) -> Path:
    if folder.exists():
        if not (folder / _MARK).exists():
            raise ConfigurationError(
                f"{folder} holds something that the demo did not make; move it or choose another --home."
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    return folder


@dataclass(frozen=True, slots=True)
class Stop:
    """One release on the way: what readers see translated, in percent by locale, with the service and without it."""

    deployment: int
    release: str
    covered: Mapping[Locale, float]
    alone: Mapping[Locale, float]
    reverts: int


class _Tour:
    """One walk; what it did is kept for the summary."""

    def __init__(self, house: Service, repository: Path, folder: Path, say: Say) -> None:
        self.house, self.repository, self.folder, self.say = house, repository, folder, say
        self.summary: list[Stop] = []
        self._steps = 0
        self.receipts: list[Receipt] = []

    def first_release(self) -> None:
        """Learn what the site has, deploy it as it is."""
        learned = self.house.learn(_SITE, history=True)
        self._tell(f"Learned {learned.translations} translations that the example site already had.")
        self._deploy(_RELEASES[0], "First deployment: every page reads as it did, and says why.")

    def second_release(self) -> None:
        """English moves on; translators get the remainder, one of them makes mistakes, the rest is served."""
        build_site(self.repository, until=_RELEASES[1])
        changes = self.house.detect(_SITE)
        rows = [(kind.value, len(changes.of(kind))) for kind in ChangeKind]
        self._tell(f"Release {_RELEASES[1]} came:\n{_indent(table(('change', 'units'), rows))}")
        packages = self._package()
        for package, name, content in packages:
            self._return(package, name, content)
        self._deploy(_RELEASES[1], "Second deployment, with what came back.")

    def later_releases(self) -> None:
        """What the memory knows needs no translator; a delivery that blanks a file takes nothing from readers."""
        build_site(self.repository, until=_RELEASES[2])
        self._deploy(_RELEASES[2], "Third deployment, at once: known texts come from memory.")
        build_site(self.repository, until=_RELEASES[3])
        self._deploy(_RELEASES[3], "Fourth deployment: somebody blanked an Arabic file; readers see no difference.")
        self._package(due=self.house.clock().date() + _TIME)

    def articles(self) -> Deployment:
        """The articles of the same world, in the record store."""
        walk = ArticleTour(self.house, lambda sentence: self._tell(_indent(sentence).strip()))
        walk.publish()
        walk.edit(_SITE)
        return walk.translate()

    def people(self) -> str:
        """Somebody for each desk; their password is this example's own, and nobody else's."""
        password = token_urlsafe(9)
        found = people_tour.people(self.house, password, _SITE)
        told = table(("e-mail", "name", "may"), people_tour.rows(found))
        self._tell(f"Sign in as one of these; the password of all is {password}\n{_indent(told)}")
        return password

    def _package(self, due: date | None = None) -> list[tuple[Package, str, bytes]]:
        packages = self.house.package(_SITE, due=due)
        out = self.folder / "packages"
        out.mkdir(exist_ok=True)
        for _, name, content in packages:
            (out / name).write_bytes(content)
        rows = [(package.id, package.locale, len(package.units), name) for package, name, _ in packages]
        head = ("package", "locale", "units", "file")
        self._tell(f"Handed off to translators (in {out}):\n{_indent(table(head, rows))}")
        return packages

    def _return(self, package: Package, name: str, content: bytes) -> None:
        """The French translator makes two mistakes, hears of them at once, and sends a second version."""
        slips = 2 if package.locale == "fr" else 0
        self._take_in(name, filled(content, phrase_book(), package.locale, slips))
        if slips:
            self._take_in(name, filled(content, phrase_book(), package.locale))

    def _take_in(self, name: str, content: bytes) -> None:
        receipt = self.house.take_in(name, content)
        self.receipts.append(receipt)
        self._tell(f"Came back: {_indent(receipt_text(receipt)).strip()}")

    def _deploy(self, release: str, sentence: str) -> None:
        made = self.house.deploy(_SITE, release)
        covered = {
            locale: round(100 * found.units.covered / found.units.units, 1)
            for locale, found in made.deployment.coverage.items()
        }
        alone = {
            locale: round(100 - 100 * in_source / strings, 1)
            for locale, (in_source, strings) in self.house.own_build(_SITE, release).items()
        }
        self.summary.append(Stop(made.deployment.number, release, covered, alone, len(made.plan.reverts)))
        self._tell(f"{sentence}\n{_indent(coverage_table(made.deployment.coverage))}")

    def _tell(self, sentence: str) -> None:
        self._steps += 1
        self.say(f"{self._steps}. {sentence}")

    def closing(self) -> str:
        """The coverage of all deployments, one row each."""
        locales = list(self.house.site(_SITE).locales)
        rows = [
            (stop.deployment, stop.release, who, *(shown[locale] for locale in locales))
            for stop in self.summary
            for who, shown in (("the site's own build", stop.alone), ("this service", stop.covered))
        ]
        head = ("deployment", "release", "what readers see with", *(f"{locale} %" for locale in locales))
        reverts = sum(stop.reverts for stop in self.summary)
        return f"Translated for readers, in percent; {reverts} reverts:\n{_indent(table(head, rows))}"


def _indent(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.splitlines())

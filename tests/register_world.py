"""A world for the register: a site whose deployments, packages and returns are written into the store as they are wanted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

from tm_service.bootstrap import open_service
from tm_service.domain.deployments import Alarm, Coverage, Deployment, PageRef, coverage
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import Outcome, Package, PackageStatus, PackageUnit, Receipt
from tm_service.domain.serving import Origin, Page, Rule, Served, Translation
from tm_service.domain.site import ContentRule, Site
from tm_service.domain.text import fingerprint
from tm_service.settings import read_settings
from tm_service.usecases.pages import dump_page, lacks
from tm_service.usecases.register.behind import count_behind

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)  # a Sunday
LOCALES = ("ar", "es", "fr", "ru", "zh")
GARDEN = Site(
    "garden",
    "git",
    "/nowhere",
    "main",
    "en",
    LOCALES,
    (ContentRule("texts/**/*.json", "json", "i18n/{locale}/{path}"),),
)
_CODE = {"c": Rule.CURRENT, "m": Rule.MEMORY, "k": Rule.KEPT, "d": Rule.DATED, "x": Rule.MISSING, "w": Rule.WAIVED}


def open_house(folder, now=NOW, site=GARDEN):
    service = open_service(read_settings(folder / "home", environment={}))
    return replace(service, sites=lambda: {site.name: site}, clock=lambda: now)


def source(resource, key):
    return f"Bed {key[-1]} of {resource} is dug in spring"


def entry(resource, key, letter, text=""):
    """One served unit by a letter: current, from memory, kept, dated, missing (x), waived."""
    rule, said = _CODE[letter], text or source(resource, key)
    return Served(key, said, rule, fingerprint(said), "told", 0 if rule in (Rule.MISSING, Rule.WAIVED) else 1)


def page_of(locale, resource, letters, texts=None):
    """Letters by key; texts are sources by key that are not the usual one."""
    served = tuple(
        entry(resource, (key,), letter, (texts or {}).get(key, "")) for key, letter in letters.items() if letter != "-"
    )
    return Page(locale, resource, f"i18n/{locale}/{resource}", "blob", served, {})


class Releases:
    """Deployments one after another; a page that is not named stays as it was."""

    def __init__(self, store, site="garden", first=NOW - timedelta(weeks=60), step=timedelta(weeks=1)) -> None:
        self.store, self.site, self.first, self.step = store, site, first, step
        self.pages: dict[tuple[str, str], Page] = {}
        self.covered: dict[tuple[str, str], Coverage] = {}
        self.number = 0

    def at(self, number):
        return self.first + (number - 1) * self.step

    def deploy(self, changed, gone=(), alarms=(), waiting=(), *, counted=True, moves=None):
        """Older code has not `counted` what is behind; `moves` are traced as a deployment does."""
        self.number += 1
        for page_id in gone:
            del self.pages[page_id], self.covered[page_id]
        for page_id, page in changed.items():
            self.pages[page_id] = page
            self.covered[page_id] = coverage(page.served, {one.key: one.text for one in page.served})
        totals = dict.fromkeys(LOCALES, Coverage())
        for (locale, _), found in self.covered.items():
            totals[locale] += found
        made = Deployment(
            site=self.site,
            number=self.number,
            revision=sha256(str(self.number).encode()).hexdigest()[:40],
            ref="main",
            branch="main",
            at=self.at(self.number),
            coverage=totals,
            sequence=0,
            settings="as they are",
            alarms=tuple(
                Alarm(self.site, self.number, locale, lost, f"{locale} fell by {lost}.") for locale, lost in alarms
            ),
            waiting=waiting,
        )
        with self.store.begin() as tx:
            digests = tx.put_blobs([dump_page(page) for page in changed.values()])
            catalogs = tx.put_blobs([f"catalog {digest}".encode() for digest in digests])
            refs = [
                PageRef(*page_id, page.path, digest, catalog, self.covered[page_id], page.complete)
                for (page_id, page), digest, catalog in zip(changed.items(), digests, catalogs, strict=True)
            ]
            tx.trace(self.site, moves or {})
            tx.save_deployment(made, refs, list(gone), {page_id: lacks(page) for page_id, page in changed.items()})
            if counted:
                count_behind(tx, made)
            tx.note(self.site, "deploy", {"deployment": self.number}, made.at)
        return made


def package(number, locale, units, *, status=PackageStatus.HANDED_OFF, created=NOW, due=None):
    return Package("garden", number, locale, "en", locale, "c0ffee", created, tuple(units), due, status)


def unit(number, text, **more: object):
    made = PackageUnit(f"u{number}", "texts/home.json", (str(number),), text, fingerprint(text))
    return replace(made, **more)


def receipt(package_id, at, *, accepted=5, quarantined=(), findings=(), repaired=()):
    digest = sha256(f"{package_id} {at}".encode()).hexdigest()
    found = tuple(Finding(check, Severity(severity), f"{check}: look at it.") for check, severity in findings)
    outcome = Outcome.QUARANTINE if quarantined else Outcome.ACCEPT
    return Receipt(outcome, package_id, digest, accepted, tuple(quarantined), 0, found, at, repaired=tuple(repaired))


def returned(number, locale, text, at, **more: object):
    made = Translation(
        "garden", locale, "texts/home.json", (str(number),), fingerprint(text), text, f"{locale} {number}", at,
        Origin.PACKAGE, reference=f"garden-1-{locale}",
    )  # fmt: skip
    return replace(made, **more)


def grown(store, *, sections=6, files=4, units=12, deployments=20, seed=1, changed=0.2):
    """A site that lives: texts come, change and are translated again; French falls with the last deployment, on a Tuesday."""
    chance = Random(seed)
    names = ("forms", "labels", "legal", "pages", "seeds", "visits", "maps", "mail")
    resources = [
        f"texts/{names[n % len(names)]}{n // len(names) or ''}/file{m}.json"
        for n in range(sections)
        for m in range(files)
    ]
    tuesday = datetime(2026, 11, 17, 14, 5, tzinfo=UTC)
    releases = Releases(store, first=tuesday - timedelta(weeks=deployments - 1))
    state = {
        (locale, resource): {
            str(key): chance.choices("cmx", (60 + 4 * place, 5, 35 - 4 * place))[0] for key in range(units)
        }
        for place, locale in enumerate(LOCALES)
        for resource in resources
    }
    releases.deploy({(*one,): page_of(*one, letters) for one, letters in state.items()})
    for number in range(2, deployments + 1):
        touched = [one for one in state if (number == deployments and one[0] == "fr") or chance.random() < changed]
        for one in touched:
            letters = state[one]
            for key in letters:
                if number == deployments and one[0] == "fr":
                    letters[key] = "x" if letters[key] == "c" and chance.random() < 0.3 else letters[key]
                elif letters[key] in "xdk" and chance.random() < 0.5:
                    letters[key] = "c"
                elif letters[key] == "c" and chance.random() < 0.06:
                    letters[key] = chance.choice("dk")
        lost = sum(state[one][key] == "x" for one in touched if one[0] == "fr" for key in state[one])
        releases.deploy(
            {one: page_of(*one, state[one]) for one in touched},
            alarms=[("fr", lost)] if number == deployments and lost else [],
        )
    _packages(store, chance)
    return releases


def _packages(store, chance):
    """Two rounds of packages that came back week by week, and one that is out, in French overdue."""
    number = 0
    kinds = list(MatchClass)
    with store.begin() as tx:
        for weeks in (16, 9, 3):
            for locale in LOCALES:
                number += 1
                created = NOW - timedelta(weeks=weeks)
                units = [
                    unit(n, f"Sow {n} rows of {'early ' * (n % 3)}beans in May", match=chance.choice(kinds),
                         done=weeks > 9 or (weeks == 9 and n % 4 > 0), attention=weeks == 9 and n % 8 == 0)
                    for n in range(30)
                ]  # fmt: skip
                status = PackageStatus.REINTEGRATED if weeks > 9 else PackageStatus.PARTLY_RETURNED
                due = (created + timedelta(weeks=4 if locale == "fr" else 12)).date()
                made = package(number, locale, units, status=status if weeks > 3 else PackageStatus.HANDED_OFF,
                               created=created, due=due)  # fmt: skip
                tx.save_package(made)
                if weeks > 3:
                    findings = chance.choices(
                        [("punctuation", "note"), ("placeholders", "error"), ("numbers", "warning")], k=6
                    )
                    back = created + timedelta(weeks=5)
                    tx.save_receipt("garden", receipt(made.id, back, accepted=22, quarantined=("u0", "u8"),
                                                      findings=findings, repaired=("u3",)), b"returned")  # fmt: skip
        for locale in LOCALES:
            tx.append(
                returned(
                    f"{week}-{n}",
                    locale,
                    f"Row {week} {n} of tall peas grows along the wall",
                    NOW - timedelta(days=7 * week + 1),
                )
                for week in range(8)
                for n in range(chance.randrange(2, 9))
            )
        tx.note("garden", "package", {"packages": number}, NOW)

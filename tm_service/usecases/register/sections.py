"""Sections: coverage by the folders of messages, or by record type, folder by folder down to the file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from tm_service.domain.deployments import Coverage, Deployment, Tally
from tm_service.domain.units import Locale


@dataclass(frozen=True, slots=True)
class Section:
    """A folder, or a file, below the one that is looked at; `path` ends in a slash where there is more below."""

    path: str
    name: str
    locales: Mapping[Locale, Coverage]

    @property
    def is_folder(self) -> bool:
        return self.path.endswith("/")


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Coverage by section and locale of one deployment; `below` is the folder that is looked at, "" for the whole site.

    `above` are the folders around it, outermost first; folders that hold one folder alone are passed over.
    """

    deployment: Deployment
    below: str
    above: tuple[str, ...]
    sections: tuple[Section, ...]
    total: Mapping[Locale, Coverage]


RECORDS = "records/"  # where a record store has its records, a folder for each type


Paths = Mapping[Locale, Mapping[str, Coverage]]  # by locale and resource


def heat_map(deployment: Deployment, paths: Paths, below: str = "", grouped: str = "") -> HeatMap:
    """The sections within a folder of the site, by name; there are none where nothing is served from it.

    Of the folder `grouped` its folders are sections beside the others: the record types of a record store.
    """
    if below and not below.endswith("/"):
        return HeatMap(deployment, below, (), (), {})
    resources = {resource for pages in paths.values() for resource in pages}
    here = _entered(resources, below, grouped)
    pages = [
        (_section(resource, here, grouped), locale, found)
        for locale, served in paths.items()
        for resource, found in served.items()
        if resource.startswith(here)
    ]
    sums: dict[str, dict[Locale, list[Coverage]]] = defaultdict(lambda: defaultdict(list))
    for path, locale, found in pages:
        sums[path][locale].append(found)
    sections = tuple(
        Section(path, path.removeprefix(here), {locale: _sum(found) for locale, found in by.items()})
        for path, by in sorted(sums.items())
    )
    locales = {locale for section in sections for locale in section.locales}
    total = {locale: _sum(one.locales.get(locale, Coverage()) for one in sections) for locale in locales}
    return HeatMap(deployment, here, _above(resources, here, grouped), sections, total)


def _section(resource: str, here: str, grouped: str) -> str:
    start = grouped if grouped.startswith(here) and resource.startswith(grouped) else here
    folder, slash, _ = resource[len(start) :].partition("/")
    return f"{start}{folder}{slash}"


def _entered(resources: Iterable[str], below: str, grouped: str) -> str:
    """The folder itself, or the first below it that branches."""
    inside = [resource for resource in resources if resource.startswith(below)]
    while True:
        parts = {_section(resource, below, grouped) for resource in inside}
        if len(parts) != 1 or not (only := next(iter(parts))).endswith("/"):
            return below
        below = only


def _above(resources: Iterable[str], here: str, grouped: str) -> tuple[str, ...]:
    """The folders around one at which the site branches, the whole site first."""
    found: list[str] = []
    known = list(resources)
    at = _entered(known, "", grouped)
    while here.startswith(at) and at != here:
        found.append(at)
        at = _entered(known, _section(here, at, grouped), grouped)
    return tuple(found)


def _sum(found: Iterable[Coverage]) -> Coverage:
    some = list(found)
    return Coverage(_together([one.units for one in some]), _together([one.words for one in some]))


_FIGURES = tuple(attrgetter(one.name) for one in fields(Tally))


def _together(some: Sequence[Tally]) -> Tally:
    """Figure by figure: a page adds up thousands."""
    return Tally(*(sum(map(figure, some)) for figure in _FIGURES))

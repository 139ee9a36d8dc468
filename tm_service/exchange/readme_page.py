"""Readme page: what a package is, why it came, when it is due and whom to ask; in the target language and in English."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC

from tm_service.domain.handoffs import Handoff, Standing, offered
from tm_service.domain.text import words
from tm_service.exchange.inline import legible
from tm_service.exchange.page_texts import template, voices

_STEPS = ("notes", "codes", "reading", "plurals", "ask")
# What stands in a package, in the order in which it is looked at, and the text that says what it is.
_INSIDE = {
    "xliff12/": "file_xliff",
    "source/": "file_xliff",
    "xliff20/": "file_xliff2",
    "xliff21/": "file_xliff2",
    "context/": "file_context",
    "reference/": "file_reference",
    "analysis/": "file_analysis",
    "omegat.project": "file_omegat",
    "tm/": "file_memory",
    "glossary/": "file_glossary",
    "target/": "file_target",
}
_SHORT = 12  # characters of a revision that people compare


def readme_page(handoff: Handoff, paths: Collection[str]) -> bytes:
    """The page as UTF-8 HTML that needs nothing from elsewhere; `paths` are the files that travel with it."""
    package = handoff.package
    work = handoff.work
    layout = handoff.profile.layout
    text = template("readme.html").render(
        voices=voices(package.locale),
        name=handoff.name,
        package=package,
        contact=handoff.contact,
        texts=len(work),
        words=sum(words(unit.source) for unit in work),
        made=package.created.astimezone(UTC).date(),
        revision=package.revision[:_SHORT],
        counts=_counts(handoff),
        steps=(f"open_{layout}", *_STEPS),
        folder="xliff12",
        layout=layout,
        inside=list(_inside(paths, layout)),
    )
    return legible(text).encode()


def _counts(handoff: Handoff) -> list[tuple[str, int]]:
    """How many units are how far, furthest from done first; what there is none of is left out."""
    counted = Counter(offered(unit, handoff.detail(unit)).standing for unit in handoff.package.units)
    return [(standing.value, counted[standing]) for standing in Standing if counted[standing]]


def _inside(paths: Collection[str], layout: str) -> Iterator[tuple[str, str, str]]:
    """Path, name of its text, and where a link leads to, empty for none."""
    for path, meaning in _INSIDE.items():
        is_there = any(name.startswith(path) for name in paths) or (path == "target/" and layout == "omegat")
        if is_there:
            yield path, meaning, "context/index.html" if path == "context/" else ""
    yield "manifest.json, manifest.sig", "file_manifest", ""

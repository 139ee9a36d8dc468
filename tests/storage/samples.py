"""Small true-to-life entries for the tests of storage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tm_service.domain.deployments import Coverage, Deployment, PageRef, Tally
from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.text import fingerprint

NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)
HOME = "app/home.json"
# What keys and texts are made of where they are not made nicely; lone surrogates come from escapes and from file names.
AWKWARD = (
    "a.b",
    "\\",
    '"quoted"',
    "it's; DROP TABLE translation --",
    "a/b\\c",
    "%s {0} :name",
    "  ",
    "",
    "日本語",
    "مرحبا",
    "e\u0301",
    "é",
    "😀",
    "\ud800",
    "\udc80name",
    "\ud83d\ude00",
    "NUL\0inside",
    "\x1a",
    "\x1a0000",
    "line\r\nend\u2028",
    "\ufeffbom",
)


def after(**steps: float) -> datetime:
    return NOON + timedelta(**steps)


def translation(target, source="Wetlands", **fields: object) -> Translation:
    entry = Translation("absch", "fr", HOME, ("title",), fingerprint(source), source, target, NOON, Origin.SITE)
    return replace(entry, **fields)


def pair(source, target, languages="en fr", memory="garden", **fields: object) -> Translation:
    """An imported pair: what is not a unit's own has no key unless one is named."""
    source_locale, locale = languages.split()
    about = {"site": memory, "source_locale": source_locale, "locale": locale, "origin": Origin.IMPORT, "key": ()}
    return translation(target, source, **about | fields)


def unit(number, **fields: object) -> PackageUnit:
    source = f"Text {number}"
    return replace(PackageUnit(f"u{number}", HOME, ("list", str(number)), source, fingerprint(source)), **fields)


def package(number=1, units=3, **fields: object) -> Package:
    entry = Package("absch", number, "ar", "en", "ar-SA", "c0ffee", NOON, tuple(unit(n) for n in range(units)))
    return replace(entry, **fields)


def deployment(number, **fields: object) -> Deployment:
    coverage = {"fr": Coverage(Tally(units=3, current=2, missing=1), Tally(units=9, current=7, missing=2))}
    entry = Deployment("absch", number, f"rev{number}", "v1", "master", after(hours=number), coverage, 0, "settings")
    return replace(entry, **fields)


def page(tx, locale, resource, content, **fields: object) -> PageRef:
    """A page whose bytes are kept first, as a deployment does it."""
    decisions, catalog = tx.put_blobs([f"page {content}".encode(), f"catalog {content}".encode()])
    return replace(PageRef(locale, resource, f"i18n/{locale}/{resource}", decisions, catalog), **fields)

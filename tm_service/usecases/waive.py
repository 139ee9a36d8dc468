"""Waive: a person's signed, dated permission that readers see the source text of one unit for a while."""

import hmac
from dataclasses import replace
from datetime import UTC, datetime

from tm_service.domain.errors import ConfigurationError, NotFound
from tm_service.domain.ports import Transaction
from tm_service.domain.sentences import NO_LOCALE, WAIVER_OVER
from tm_service.domain.serving import Waiver
from tm_service.domain.site import Site
from tm_service.domain.units import Key, Locale, key_text


def waive(
    tx: Transaction,
    site: Site,
    *,
    unit: tuple[Locale, str, Key],
    by: str,
    reason: str,
    now: datetime,
    until: datetime,
    secret: bytes,
) -> Waiver:
    """Add a waiver, signed with the house's key so that a changed row is no waiver. Raises ConfigurationError, NotFound."""
    locale, resource, key = unit
    if locale not in site.locales:
        raise NotFound(NO_LOCALE.say(site=site.name, locale=locale, locales=", ".join(site.locales)))
    if until <= now:
        raise ConfigurationError(WAIVER_OVER.say(day=f"{until:%Y-%m-%d}"))
    if not by.strip() or not reason.strip():
        raise ConfigurationError("A waiver names who signs it (--by) and why (--reason).")
    waiver = Waiver(site.name, locale, resource, key, by.strip(), now, until, reason.strip())
    signed = replace(waiver, signature=sign(waiver, secret))
    tx.add_waiver(signed)
    details: dict[str, object] = {
        "locale": locale,
        "resource": resource,
        "key": key_text(key),
        "by": by,
        "reason": reason,
    }
    tx.note(site.name, "waive", details, now)
    return signed


def sign(waiver: Waiver, secret: bytes) -> str:
    """HMAC-SHA256 over everything the waiver says."""
    said = (waiver.site, waiver.locale, waiver.resource, key_text(waiver.key), waiver.by, waiver.reason)
    times = (moment.astimezone(UTC).isoformat() for moment in (waiver.at, waiver.until))
    return hmac.new(secret, "\0".join((*said, *times)).encode(), "sha256").hexdigest()


def valid_waivers(tx: Transaction, site: str, secret: bytes) -> list[Waiver]:
    """The waivers whose signature is right."""
    return [waiver for waiver in tx.waivers(site) if hmac.compare_digest(waiver.signature, sign(waiver, secret))]

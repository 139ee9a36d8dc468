"""Samples: a package of the Seed Exchange, a clearing-house that does not exist."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tm_service.domain.edits import EditClass
from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.text import fingerprint

LABELS, PAGES = "app/text/labels.json", "app/text/pages/wetlands.json"


def unit(id_, source, *, resource=LABELS, key=("label",), **more: Any) -> PackageUnit:
    return PackageUnit(id_, resource, key, source, fingerprint(source), **more)


def package(*units: PackageUnit, **more: Any) -> Package:
    made = Package(
        site="seeds",
        number=7,
        locale="fr",
        source_locale="en",
        code="fr-FR",
        revision="4f1c2d",
        created=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
        units=units,
        due=date(2026, 4, 1),
    )
    return replace(made, **more)


WETLANDS = package(
    unit("7.1", "Seed banks", key=("menu", "banks")),
    unit("7.2", 'Read the <a href="/rules" class="x">rules</a> before you send <b>seeds</b>.', key=("hint.send",)),
    unit("7.3", "{count} sample | {count} samples", key=("samples",)),
    unit(
        "7.4",
        "Send the form within 90 days, {name}.<br>Thank you&nbsp;!",
        resource=PAGES,
        key=("form", "0"),
        base=12,
        previous_source="Send the form within 30 days, {name}.<br>Thank you&nbsp;!",
        previous_target="Envoyez le formulaire dans les 30 jours, {name}.<br>Merci&nbsp;!",
        edit=EditClass.NUMBER,
    ),
    unit("7.5", "See @:menu.banks for <i>{name}</i>.", resource=PAGES, key=("see",)),
)

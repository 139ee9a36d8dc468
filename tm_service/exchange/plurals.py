"""Plurals: one unit for each plural form that the target language has, with numbers that stand for it."""

from collections.abc import Mapping
from dataclasses import replace

from locales import LANGUAGES
from tm_service.domain.handoffs import Detail
from tm_service.domain.packages import PackageUnit
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Locale


def plural_units(
    unit: PackageUnit, forms: Mapping[str, str], locale: Locale, detail: Detail | None = None
) -> tuple[tuple[PackageUnit, Detail], ...]:
    """One unit for each CLDR form of the target language, sharing a group named after the message.

    `forms` are the source's texts by form, `other` among them; a form that the source language does not have is made
    from `other`. Ids and keys end in the form: `seeds-7-ar.3.few`. Previous texts of the message as a whole are no
    translation of any one form and are left out.
    """
    return tuple(_form(unit, form, numbers, forms, detail or Detail()) for form, numbers in _forms(locale).items())


def _forms(locale: Locale) -> Mapping[str, str]:
    return LANGUAGES[locale].plurals


def _form(
    unit: PackageUnit, form: str, numbers: str, forms: Mapping[str, str], detail: Detail
) -> tuple[PackageUnit, Detail]:
    source = forms.get(form, forms["other"])
    made = replace(
        unit,
        id=f"{unit.id}.{form}",
        key=(*unit.key, form),
        source=source,
        fingerprint=fingerprint(source),
        previous_source="",
        previous_target="",
        base=0,
        edit=None,
    )
    said = f"Plural form “{form}”: for numbers such as {numbers}."
    note = f"{detail.note}\n{said}" if detail.note else said
    return made, replace(detail, note=note, group=f"{unit.id}.forms")

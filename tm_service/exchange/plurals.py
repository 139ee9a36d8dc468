"""Plurals: a message of several forms leaves as one unit for each form that the target language has, and comes home as one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from locales import LANGUAGES
from tm_service.domain.handoffs import Detail, Handoff
from tm_service.domain.packages import Package, PackageUnit, Return, ReturnedUnit, Stage
from tm_service.domain.plurals import CATEGORIES, Plural, parse_plural
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Locale
from tm_service.exchange.recognise import rebuilt

# Of the stages of its forms a message has the one that is least far.
_STAGES = (Stage.REJECTED, Stage.UNTOUCHED, Stage.DRAFT, Stage.SILENT, Stage.TRANSLATED, Stage.APPROVED)


def plural_units(
    unit: PackageUnit, locale: Locale, detail: Detail | None = None
) -> tuple[tuple[PackageUnit, Detail], ...]:
    """One unit for each form that the target language has, sharing a group named after the message; none for any other text.

    A category that the source language does not have is made from `other`; a number with a form of its own keeps it. Ids and
    keys end in the form: `seeds-7-ar.3.few`.
    """
    plural = parse_plural(unit.source)
    if plural is None:
        return ()
    numbers = LANGUAGES[locale].plurals
    exact = {name: f"exactly {name[1:]}" for name in plural.forms if name not in CATEGORIES}
    said = exact | {name: f"numbers such as {shown}" for name, shown in numbers.items()}
    return tuple(_form(unit, name, said[name], plural, detail or Detail()) for name in said)


def _form(unit: PackageUnit, form: str, numbers: str, plural: Plural, detail: Detail) -> tuple[PackageUnit, Detail]:
    source = plural.form(form)
    made = replace(
        unit,
        id=f"{unit.id}.{form.replace('=', 'is')}",
        key=(*unit.key, form),
        source=source,
        fingerprint=fingerprint(source),
        previous_source=_form_of(unit.previous_source, form),
        previous_target=_form_of(unit.previous_target, form),
        offered=_form_of(unit.offered, form),
    )
    note = f"Plural form “{form}”: for {numbers}."
    return made, replace(
        detail,
        matched=_form_of(detail.matched, form),
        matched_source=_form_of(detail.matched_source, form),
        note=f"{detail.note}\n{note}" if detail.note else note,
        group=f"{unit.id}.forms",
    )


def _form_of(text: str, form: str) -> str:
    plural = parse_plural(text)
    return plural.form(form) if plural else ""


def in_forms(handoff: Handoff) -> Handoff:
    """A hand-off as it is written: each plural message in its forms."""
    units: list[PackageUnit] = []
    details, surroundings = dict(handoff.details), dict(handoff.surroundings)
    for unit in handoff.package.units:
        forms = plural_units(unit, handoff.package.locale, handoff.detail(unit))
        units += [form for form, _ in forms] or [unit]
        details |= {form.id: detail for form, detail in forms}
        surroundings |= {form.id: handoff.around(unit) for form, _ in forms if unit.id in handoff.surroundings}
    made = replace(handoff.package, units=tuple(units))
    return replace(handoff, package=made, details=details, surroundings=surroundings)


def sent_in_forms(package: Package) -> Package:
    """A package as its files have it, to recognise what comes back."""
    units = [
        form for unit in package.units for form in [made for made, _ in plural_units(unit, package.locale)] or [unit]
    ]
    return replace(package, units=tuple(units))


def joined(answer: Return, package: Package) -> Return:
    """A return with the forms of each plural message put together again, their codes back in them.

    A form that did not come back is one left blank, for the checks to find.
    """
    forms = {unit.id: [made for made, _ in plural_units(unit, package.locale)] for unit in package.units}
    whole = {form.id: unit for unit in package.units for form in forms[unit.id]}
    if not whole:
        return answer
    back = {seen.id: seen for seen in answer.units}
    units: list[ReturnedUnit] = []
    done: set[str] = set()
    for seen in answer.units:
        unit = whole.get(seen.id)
        if unit is None:
            units.append(seen)
        elif unit.id not in done:
            done.add(unit.id)
            came = [(form, rebuilt(back[form.id], form)) for form in forms[unit.id] if form.id in back]
            units.append(_message(unit, forms[unit.id], came))
    findings = tuple(
        replace(entry, unit=whole[entry.unit].id) if entry.unit in whole else entry for entry in answer.findings
    )
    return replace(answer, units=tuple(units), findings=findings)


def _message(
    unit: PackageUnit, forms: Sequence[PackageUnit], came: Sequence[tuple[PackageUnit, ReturnedUnit]]
) -> ReturnedUnit:
    """One message of the forms that came back."""
    seen = [returned for _, returned in came]
    first = seen[0]
    return replace(
        first,
        id=unit.id,
        source=unit.source,
        target=_target(unit, forms, {form.id: returned.target for form, returned in came}),
        state=first.state if len({returned.state for returned in seen}) == 1 else "",
        stage=min((returned.stage for returned in seen), key=_STAGES.index),
        findings=tuple(replace(entry, unit=unit.id) for returned in seen for entry in returned.findings),
        comments=tuple(dict.fromkeys(comment for returned in seen for comment in returned.comments)),
        key="",
        numbered=False,
        untouched=all(returned.untouched for returned in seen),
        is_whole=True,
    )


def _target(unit: PackageUnit, forms: Sequence[PackageUnit], texts: Mapping[str, str]) -> str:
    """The message of these forms; exactly what it left with where every form is still that."""
    said = [texts.get(form.id, "") for form in forms]
    if not any(text.strip() for text in said):
        return ""
    for whole, parts in _left(unit, forms):
        if said == parts:
            return whole
    source = parse_plural(unit.source)
    if source is None:
        raise ValueError(f"{unit.id} is no plural message.")
    return str(replace(source, forms={form.key[-1]: text for form, text in zip(forms, said, strict=True)}))


def _left(unit: PackageUnit, forms: Sequence[PackageUnit]) -> Iterator[tuple[str, list[str]]]:
    yield unit.offered, [form.offered for form in forms]
    yield unit.source, [form.source for form in forms]
    yield unit.previous_target, [form.previous_target for form in forms]

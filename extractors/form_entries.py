"""Form entries: plural forms that stand beside one another in entries of their own, changed, added and taken away."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.pages import Page
from extractors.plural_forms import categories
from extractors.splices import Splice, splice
from tm_service.domain.plurals import CATEGORIES, Plural, parse_plural
from tm_service.domain.units import Locale


@dataclass(frozen=True, slots=True)
class Form:
    """The entry of one form: `begin` to `end` is all of it. `rewrite(category, text)` gives the splices for another form."""

    category: str
    text: str
    begin: int
    end: int
    rewrite: Callable[[str, str], Iterable[Splice]]


def read_forms(argument: str, forms: Iterable[Form]) -> str:
    """The message that these entries are, of equal categories the last; a missing `other` is the last form there is."""
    texts = {form.category: form.text for form in forms}
    return str(Plural(argument, {"other": list(texts.values())[-1], **texts}))


def wanted_forms(
    text: str, locale: Locale, there: Iterable[str], extra: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The forms to write, by category: those the language needs; without a language, those given.

    `extra` are categories that a format honours in every language where they are given. A text that is no plural is every form.
    """
    plural = parse_plural(text)
    needed = set(categories(locale)) if locale else set[str]()
    if plural is None:
        return {name: text for name in CATEGORIES if name in (needed or set(there) | {"other"})}
    given = set(plural.forms)
    names = needed | (given & extra) if locale else given
    return {name: plural.form(name) for name in CATEGORIES if name in names}


def put_forms(page: Page, forms: Sequence[Form], wanted: Mapping[str, str], lead: str) -> Iterator[Splice]:
    """The splices that make these entries the wanted ones; `lead` are the blanks before the first entry.

    Entries that stay keep their place and their style; new ones stand in CLDR's order and look like the nearest one.
    """
    there = {form.category: form for form in forms}
    if list(there) == [form.category for form in forms] and there.keys() == wanted.keys():
        for name, form in there.items():
            if form.text != wanted[name]:
                yield from form.rewrite(name, wanted[name])
        return
    ordered = [form for form in forms if form.category in wanted and there[form.category] is form]
    parts = [(form.category, form, _gap(page, forms, form, lead)) for form in ordered]
    for name in wanted:
        if name not in there:
            rank = CATEGORIES.index(name)
            place = sum(CATEGORIES.index(category) < rank for category, _, _ in parts)
            model = parts[max(place - 1, 0)][1] if parts else forms[-1]
            parts.insert(place, (name, model, lead))
    written = [
        ("" if place == 0 else gap) + _written(page, form, name, wanted[name])
        for place, (name, form, gap) in enumerate(parts)
    ]
    yield Splice(forms[0].begin, forms[-1].end, "".join(written))


def _gap(page: Page, forms: Sequence[Form], form: Form, lead: str) -> str:
    """What stands before an entry."""
    place = forms.index(form)
    return page.text[forms[place - 1].end : form.begin] if place else lead


def _written(page: Page, form: Form, name: str, text: str) -> str:
    if (form.category, form.text) == (name, text):
        return page.text[form.begin : form.end]
    splices = [Splice(made.begin - form.begin, made.end - form.begin, made.text) for made in form.rewrite(name, text)]
    return splice(page.text[form.begin : form.end], splices)

"""Choosing: documents and countries are found by their names in the reader's language, and never typed as identifiers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import quote

from babel import Locale as Spoken

from tm_service.domain.catalogue import Shown, Wanted
from tm_service.domain.ports.record_room import RecordRoom
from tm_service.domain.records import FieldDefinition, FieldKind
from tm_service.domain.units import Locale
from tm_service.web.record_rows import spoken

MOST = 12  # that a search shows
_REFERENCES = frozenset({FieldKind.REFERENCE, FieldKind.REFERENCES})
_TERMS = frozenset({FieldKind.TERM, FieldKind.TERMS})
# The terms of these are codes of ISO 3166 in small letters; the house knows no names of others.
_COUNTRIES = frozenset(
    {
        "government",
        "country",
        "countries",
        "sourceCountries",
        "countryRegions",
        "jurisdictionCountries",
        "coverageCountries",
    }
)
_CODE = 2  # letters of a country's


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen: its name, the language that is in, and where it is read."""

    identifier: str
    name: str
    language: Locale
    address: str = ""


def offers(one: FieldDefinition) -> bool:
    """Whether what a field holds is chosen by name."""
    return one.kind in _REFERENCES or (one.kind in _TERMS and one.name in _COUNTRIES)


@dataclass(frozen=True)
class Choices:
    """What the fields of a form offer to a reader; in the field `look` the words `text` are searched for."""

    room: RecordRoom
    locale: Locale
    source: Locale
    look: str = ""
    text: str = ""

    def named(self, one: FieldDefinition, identifiers: Sequence[str]) -> tuple[Choice, ...]:
        """What was chosen; by its identifier, where nobody knows another name of it."""
        if one.kind in _TERMS:
            known = countries(self.locale)
            return tuple(Choice(each, known.get(each, each), self.locale) for each in identifiers)
        plain = {each: each.partition("@")[0] for each in identifiers}
        titles = self.room.titles(list(plain.values()))
        return tuple(self._document(each, titles.get(bare, {})) for each, bare in plain.items())

    def matching(self, one: FieldDefinition, but: Collection[str]) -> tuple[Choice, ...]:
        """What has the words in its name and was not chosen yet."""
        if not self.text.strip():
            return ()
        there = self._countries() if one.kind in _TERMS else self._documents(one)
        return tuple(islice((each for each in there if each.identifier not in but), MOST))

    def _countries(self) -> Iterator[Choice]:
        wanted = self.text.strip().casefold()
        known = sorted(countries(self.locale).items(), key=lambda pair: pair[1])
        return (Choice(code, name, self.locale) for code, name in known if code == wanted or wanted in name.casefold())

    def _documents(self, one: FieldDefinition) -> Iterator[Choice]:
        kinds = frozenset(one.refers_to or self.room.schemas()) & self.room.schemas().keys()
        wanted = Wanted(kinds, "", text=self.text, shown=Shown.PUBLISHED, most=MOST)
        return (self._document(each.ref.identifier, each.title) for each in self.room.catalogue(wanted).entries)

    def _document(self, identifier: str, title: Mapping[str, object]) -> Choice:
        language, name = spoken(title, self.locale, self.source)
        address = f"/records/{quote(identifier, safe='@')}" if name else ""
        return Choice(identifier, name or identifier, language or self.locale, address)


@cache
def countries(locale: Locale) -> Mapping[str, str]:
    """The names of countries in a language, by their codes."""
    named = Spoken.parse(locale).territories
    return {code.lower(): name for code, name in named.items() if len(code) == _CODE and code.isalpha()}

"""The footing: the languages of the house, their directions, scripts and plural forms, and its own interface texts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code, names, writing direction (`ltr`, `rtl`), ISO 15924 script and CLDR plural forms."""

    code: str
    name: str
    native: str
    direction: str
    script: str
    plurals: Mapping[str, str]


def _languages() -> dict[str, Language]:
    content = tomllib.loads(files("locales").joinpath("languages.toml").read_text("utf-8"))
    return {code: Language(code=code, **table) for code, table in content.items()}


LANGUAGES: Mapping[str, Language] = _languages()

"""Languages: what tools write for a language, led to our locales: any case, region, script or old name (BCP 47, ISO 639)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from locales import LANGUAGES
from tm_service.domain.units import Locale

# Three-letter codes of ISO 639-2 and 639-3 and names that older Windows tools write for the languages of the house.
_NAMES = {
    "ara": "ar",
    "eng": "en",
    "spa": "es",
    "fra": "fr",
    "fre": "fr",
    "rus": "ru",
    "zho": "zh",
    "chi": "zh",
    "cmn": "zh",
}
_SCRIPTS = {"chs": "Hans", "cht": "Hant"}
_TRADITIONAL = frozenset({"TW", "HK", "MO"})  # Chinese written with Hant where no script is said (CLDR likely subtags)
_LONGEST = 40  # what is longer is no code
_CODE = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}|ch[st]))?(?:-(?P<region>[a-z]{2}|\d{3}))?(?P<rest>(?:-[a-z0-9]{1,8})*)"
)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A code taken apart; `script` is the one it implies where it says none, empty where that is open."""

    language: str
    script: str
    region: str
    code: Locale


def _spoken(code: str) -> _Spoken | None:
    return _taken_apart(code) if len(code) < _LONGEST else None


@lru_cache(maxsize=1024)
def _taken_apart(code: str) -> _Spoken | None:
    found = _CODE.fullmatch(code.strip().replace("_", "-").lower())
    if found is None:
        return None
    language = _NAMES.get(found["language"], found["language"])
    script = _SCRIPTS.get(found["script"] or "", (found["script"] or "").title())
    region = (found["region"] or "").upper()
    canonical = "-".join(part for part in (language, script, region) if part) + found["rest"]
    if not script and language == "zh" and region in _TRADITIONAL:
        script = "Hant"
    if not script and language in LANGUAGES:
        script = LANGUAGES[language].script
    return _Spoken(language, script, region, canonical)


def speaks(code: str, wanted: Locale) -> bool:
    """Whether a text of this code is in the wanted locale: `EN-us` is `en`, `zh-Hans-CN` is `zh`, `zh-TW` is not."""
    given, asked = _spoken(code), _spoken(wanted)
    if given is None or asked is None or given.language != asked.language:
        return False
    return asked.script in ("", given.script) and asked.region in ("", given.region)


def locale_of(code: str) -> Locale:
    """The locale of the house that a code means, else the code as BCP 47 writes it; empty where it is no code."""
    return _locale_of(code) if len(code) < _LONGEST else ""


@lru_cache(maxsize=1024)
def _locale_of(code: str) -> Locale:
    ours = next((locale for locale in LANGUAGES if speaks(code, locale)), "")
    given = _spoken(code)
    return ours or (given.code if given else "")


def chosen(code: str, wanted: Collection[Locale]) -> Locale:
    """The first wanted locale that a code speaks; empty where none does."""
    return next((locale for locale in wanted if speaks(code, locale)), "")

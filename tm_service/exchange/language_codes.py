"""Language codes: what tools call a language, understood on return and written as a tool wants it."""

import re
from collections.abc import Iterable

from locales import LANGUAGES
from tm_service.domain.units import Locale

_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_SCRIPT = re.compile(r"[A-Za-z]{4}")
# ISO 639-2 in its two forms, as some tools name folders.
_LONG = {
    "ara": "ar",
    "chi": "zh",
    "zho": "zh",
    "cmn": "zh",
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "rus": "ru",
    "spa": "es",
}
# Where no script is said, the region says it; CHS and CHT are older Windows names.
_SCRIPTS = {"tw": "Hant", "hk": "Hant", "mo": "Hant", "cht": "Hant", "chs": "Hans"}
_REGIONS = {"ar": "ar-SA", "en": "en-US", "es": "es-ES", "fr": "fr-FR", "ru": "ru-RU", "zh": "zh-CN"}


def understood(written: str, locales: Iterable[Locale] = LANGUAGES) -> Locale | None:
    """The locale that a tool's code means: `AR-sa` is ar, `zh_Hans_CN` is zh, `zh-TW` is none of ours (another script).

    A code that is one of `locales` as it stands means that one; otherwise language and script decide (RFC 4647 lookup).
    """
    code = written.strip().replace("_", "-")
    known = {locale.lower(): locale for locale in locales}
    if code.lower() in known:
        return known[code.lower()]
    if not _CODE.fullmatch(code):
        return None
    first, *rest = code.lower().split("-")
    language = _LONG.get(first, first)
    if language not in known:
        return None
    script = next((part.title() for part in rest if _SCRIPT.fullmatch(part)), "")
    script = script or next((_SCRIPTS[part] for part in rest if part in _SCRIPTS and language == "zh"), "")
    spoken = LANGUAGES.get(known[language])
    return known[language] if not script or (spoken is not None and script == spoken.script) else None


def regional(code: str) -> str:
    """A code with a region, for tools that know no language without one: `ar` is written `ar-SA`."""
    return _REGIONS.get(code, code)

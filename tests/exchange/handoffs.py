"""Hand-offs of the Seed Exchange: every standing a unit can have, in any of the languages."""

from dataclasses import replace
from functools import cache
from typing import Any

from tests.exchange.samples import PAGES, WETLANDS, package, unit
from tm_service.domain.handoffs import Detail, Handoff, TermHint
from tm_service.domain.matches import MatchClass
from tm_service.domain.plurals import Plural
from tm_service.domain.units import Document
from tm_service.exchange.bundle import write_handoff
from tm_service.exchange.plurals import plural_units
from tm_service.exchange.profiles import profile
from tm_service.exchange.seal import new_key

CODES = {"ar": "ar-SA", "es": "es-ES", "fr": "fr-FR", "ru": "ru-RU", "zh": "zh-CN"}
# What was said before, and what the memory knows, by language: 30 days, opening hours, contact.
KNOWN = {
    "ar": ("أرسل الاستمارة في غضون 30 يومًا، {name}.<br>شكرًا&nbsp;!", "مواعيد عمل المعشبة", "اتصل بنا"),
    "es": (
        "Envíe el formulario en un plazo de 30 días, {name}.<br>¡Gracias&nbsp;!",
        "Horario del herbario",
        "Contacto",
    ),
    "fr": ("Envoyez le formulaire dans les 30 jours, {name}.<br>Merci&nbsp;!", "Horaires de l’herbier", "Contact"),
    "ru": ("Отправьте форму в течение 30 дней, {name}.<br>Спасибо&nbsp;!", "Часы работы гербария", "Связаться"),
    "zh": ("{name}，请在30天内寄出表格。<br>谢谢&nbsp;！", "标本馆开放时间", "联系我们"),
}
ATTACHED = (
    Document("reference/memory_en-xx.tmx", b"<tmx/>"),
    Document("reference/terms_en-xx.tbx", b"<tbx/>"),
    Document("reference/terms_en-xx.csv", b"seed,x\n"),
    Document("analysis/analysis_xx.xml", b"<task/>"),
)


@cache
def key():
    return new_key()


JARS = {"one": "{n} jar on the shelf", "other": "{n} jars on the shelf"}


def handoff(locale: str = "fr", tool: str = "generic", **more: Any) -> Handoff:
    """A package with new, changed, known and locked texts, limits, notes, terms and plural forms."""
    form, hours, contact = KNOWN[locale]
    plural = plural_units(
        unit("9.12", str(Plural("n", JARS)), resource=PAGES, key=("jars",)),
        locale,
        Detail(note="Below the list of jars."),
    )
    units = (
        *WETLANDS.units[:3],
        replace(WETLANDS.units[3], previous_target=form),
        WETLANDS.units[4],
        unit(
            "9.6", "Hours of the herbarium", resource=PAGES, key=("pageTitle",), match=MatchClass.EXACT, percent=100.0
        ),
        unit("9.7", "Map of the harbour", resource=PAGES, key=("map",), match=MatchClass.CONTEXT, percent=100.0),
        unit("9.8", "Contact", resource=PAGES, key=("contactButton",)),
        unit("9.9", "Write to office@seeds.example.", resource=PAGES, key=("write",)),
        unit("9.10", "Hours of the library", resource=PAGES, key=("library",), match=MatchClass.FUZZY_75, percent=78.0),
        unit("9.11", "Hours of the garden", resource=PAGES, key=("garden",), match=MatchClass.FUZZY_50, percent=60.0),
        *(made for made, _ in plural),
    )
    details = {
        "9.6": Detail(matched=hours),
        "9.7": Detail(matched=f"{hours} (2)"),
        "9.8": Detail(matched=contact, locked=True),
        "9.9": Detail(note="Stands under the map.", limit=60, terms=(TermHint("office", "x"),)),
        "9.10": Detail(matched=hours, matched_source="Hours of the herbarium"),
        "9.11": Detail(matched=f"{hours} (3)", matched_source="Hours of the herbarium, Mondays"),
        **{made.id: detail for made, detail in plural},
    }
    made = package(*units, locale=locale, code=CODES[locale], number=142)
    return replace(Handoff(made, profile(tool), contact="amina@seeds.example", details=details), **more)


def sent(handoff_: Handoff) -> bytes:
    return write_handoff(handoff_, key())[1]

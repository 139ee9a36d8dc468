"""Receipts of the Seed Exchange: a return with everything that can become of a unit, in any of the languages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from tests.exchange.handoffs import handoff
from tm_service.checks import HouseChecks
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Outcome, Package, Receipt
from tm_service.domain.pairs import Pair

MEANWHILE = "Somebody translated this text meanwhile: {text} Yours is kept as a proposal beside it."
AT = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
# What came back, by unit: accepted, a tag lost, a placeholder bent, a number changed, English left over, and drafts.
BACK = {
    "ar": {
        "7.1": "بنوك البذور",
        "7.2": 'اقرأ <a href="/rules" class="x">القواعد</a> قبل إرسال <b>البذور.',
        "7.3": "{ count } عينة | {count} عينات",
        "7.4": "أرسل الاستمارة في غضون 30 يومًا، {الاسم}.<br>شكرًا&nbsp;!",
        "9.7": "خريطة الميناء",
        "9.9": "اكتب إلى office@seeds.example. Please do not send any seeds to this address.",
        "9.10": "مواعيد عمل المكتبة",
    },
    "es": {
        "7.1": "Bancos de semillas",
        "7.2": 'Lea las <a href="/rules" class="x">normas</a> antes de enviar <b>semillas.',
        "7.3": "{ count } muestra | {count} muestras",
        "7.4": "Envíe el formulario en un plazo de 30 días, {nombre}.<br>¡Gracias&nbsp;!",
        "9.7": "Mapa del puerto",
        "9.9": "Escriba a office@seeds.example. Please do not send any seeds to this address.",
        "9.10": "Horario de la biblioteca",
    },
    "fr": {
        "7.1": "Banques de semences",
        "7.2": 'Lisez les <a href="/rules" class="x">règles</a> avant d’envoyer des <b>semences.',
        "7.3": "{ count } échantillon | {count} échantillons",
        "7.4": "Envoyez le formulaire dans les 30 jours, {nom}.<br>Merci&nbsp;!",
        "9.7": "Plan du port",
        "9.9": "Écrivez à office@seeds.example. Please do not send any seeds to this address.",
        "9.10": "Horaires de la bibliothèque",
    },
    "ru": {
        "7.1": "Банки семян",
        "7.2": 'Прочтите <a href="/rules" class="x">правила</a>, прежде чем отправлять <b>семена.',
        "7.3": "{ count } образец | {count} образцов",
        "7.4": "Отправьте форму в течение 30 дней, {имя}.<br>Спасибо&nbsp;!",
        "9.7": "План гавани",
        "9.9": "Пишите на office@seeds.example. Please do not send any seeds to this address.",
        "9.10": "Часы работы библиотеки",
    },
    "zh": {
        "7.1": "种子库",
        "7.2": '寄送<b>种子之前，请阅读<a href="/rules" class="x">规则</a>。',
        "7.3": "{ count } 份样本",
        "7.4": "{姓名}，请在30天内寄出表格。<br>谢谢&nbsp;！",
        "9.7": "港口地图",
        "9.9": "请致信 office@seeds.example。Please do not send any seeds to this address.",
        "9.10": "图书馆开放时间",
    },
}


def taken_in(locale: str = "fr") -> tuple[Receipt, Package, Mapping[str, str]]:
    """A receipt with the package after it and the targets that came back, judged by the checks of the house."""
    sent, targets = handoff(locale).package, BACK[locale]
    sources = {unit.id: unit.source for unit in sent.units}
    findings = {unit: list(judged(unit, Pair(sources[unit], target, locale))) for unit, target in targets.items()}
    wrong = tuple(u for u, told in findings.items() if any(one.severity is Severity.ERROR for one in told))
    mended = tuple(u for u, told in findings.items() if u not in wrong and any(one.check == "repair" for one in told))
    kept = {"9.7", "9.10"}
    done = targets.keys() - kept - set(wrong)
    after = replace(sent, units=tuple(replace(unit, done=unit.id in done) for unit in sent.units))
    stray = "{path} is of no package that is out; send it to where it came from."
    path = "back/older/D0139_labels.xlf"
    receipt = Receipt(
        outcome=Outcome.QUARANTINE,
        package=sent.id,
        digest="5e" * 32,
        accepted=len(done),
        quarantined=wrong,
        open=len(after.open_units),
        findings=(
            replace(found("files", Severity.ERROR, stray, path=path), path=path),
            *(one for told in findings.values() for one in told),
            replace(found("merge", Severity.NOTE, MEANWHILE, text="\u2068Harbour\u2069"), unit="9.7"),
            replace(found("completeness", Severity.NOTE, "The unit came back empty; it stays open."), unit="9.6"),
        ),
        at=AT,
        repaired=mended,
        proposals=("9.7", "9.10"),
        answered=("9.7",),
        questions=2,
        recognised=(("hash", 1), ("manifest", 6)),
        corrections="c0" * 32,
    )
    return receipt, after, targets


def judged(unit: str, pair: Pair) -> list[Finding]:
    checks = HouseChecks()
    repair = checks.repair(pair)
    asked = replace(pair, target=repair.target) if repair else pair
    told = (*(repair.findings if repair else ()), *checks.check(asked))
    return [replace(one, unit=unit) for one in told]

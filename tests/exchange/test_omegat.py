"""A real translation tool: OmegaT opens our package, a script fills it, and everything comes home."""

import os
from dataclasses import replace
from unicodedata import normalize

import pytest

from tests.exchange.omegat.project import installed, make_project, translate, typed, unpack, zipped
from tests.exchange.omegat.texts import entries
from tests.exchange.plain import Plain
from tests.exchange.samples import package as sample
from tests.exchange.samples import unit
from tests.fakes import SITE, new_house
from tm_service.domain.handoffs import Detail, Handoff
from tm_service.domain.matches import MatchClass
from tm_service.domain.plurals import Plural
from tm_service.domain.text import fingerprint
from tm_service.exchange.bundle import write_handoff
from tm_service.exchange.inline import matched
from tm_service.exchange.plurals import plural_units
from tm_service.exchange.profiles import profile
from tm_service.exchange.seal import new_key

TEXTS = entries()
CODES = {"ar": "ar-SA", "es": "es-ES", "fr": "fr-FR", "ru": "ru-RU", "zh": "zh-CN"}
PAGE = 40  # texts on a page

pytestmark = [
    pytest.mark.slow,
    # In CI a missing OmegaT is a failure: there these tests are what the package is held to.
    pytest.mark.skipif(
        not installed() and os.environ.get("CI") != "true", reason="OmegaT is not installed (apt install omegat)"
    ),
]


def place(number):
    return f"text/page-{number // PAGE}.json", (f"part {number // 8}", f"t{number}")


def documents(language, *, only=None, change=str):
    """The texts as pages of the site, in groups of eight."""
    pages = {}
    for number, text in enumerate(TEXTS[:only]):
        path, (group, name) = place(number)
        pages.setdefault(path, {}).setdefault(group, {})[name] = change(text[language])
    return pages


def delivered(locale, pages):
    return {f"i18n/{locale}/{path}": page for path, page in pages.items()}


@pytest.fixture
def open_house(tmp_path):
    """A site with one target language."""
    return lambda locale: new_house(tmp_path / "house", replace(SITE, locales=(locale,), codes=CODES))


def project(folder, package, details=None):
    """The package as OmegaT's own: a project that opens as it is."""
    _, content = write_handoff(Handoff(package, profile=profile("omegat"), details=details or {}), new_key())
    return unpack(folder / "project", content)


def translated(folder, package, meant):
    """Have these targets typed; `meant` is by resource and key. Every unit must have been shown, with all of its codes."""
    units = {(unit.resource, unit.key): unit.source for unit in package.work}
    work = translate(
        folder, {typed(units[id_], units[id_]): typed(meant[id_], units[id_]) for id_ in units if id_ in meant}
    )
    assert sorted(work.shown) == sorted(typed(source, source) for source in units.values())
    return work


@pytest.mark.parametrize("locale", CODES)
def test_omegat_fills_a_package_and_every_unit_comes_home_as_it_was_meant(open_house, tmp_path, locale):
    house = open_house(locale)
    house.write(documents("en"))
    ((package, _, _),) = house.packages()
    assert len(package.work) == len(TEXTS) > 200
    meant = {place(number): text[locale] for number, text in enumerate(TEXTS)}
    folder = project(tmp_path, package)

    translated(folder, package, meant)
    receipt = house.service.take_in("back from OmegaT.zip", zipped(folder, "target"))

    assert (receipt.accepted, receipt.quarantined, receipt.open) == (len(TEXTS), (), 0), receipt.findings
    assert receipt.package == package.id
    assert {(entry.resource, entry.key): entry.target for entry in house.translations()} == meant


def test_a_package_for_other_tools_serves_as_well_once_its_targets_are_copies(open_house, tmp_path):
    """The plain 1.2 files laid into a project by hand; OmegaT shows nothing of a unit whose target is empty."""
    house = open_house("fr")
    house.write(documents("en"))
    ((package, _, content),) = house.packages()
    meant = {place(number): text["fr"] for number, text in enumerate(TEXTS)}
    folder = make_project(tmp_path / "project", content, source="en", target=package.code)

    translated(folder, package, meant)
    receipt = house.service.take_in("by hand.zip", zipped(folder, "target"))

    assert (receipt.accepted, receipt.quarantined, receipt.open) == (len(TEXTS), (), 0), receipt.findings
    assert {(entry.resource, entry.key): entry.target for entry in house.translations()} == meant


def test_what_the_translator_left_alone_stays_work(open_house, tmp_path):
    """OmegaT writes the source where nothing was translated; a copy is no translation, and no slip either."""
    house = open_house("ru")
    house.write(documents("en"))
    ((package, _, _),) = house.packages()
    meant = {place(number): text["ru"] for number, text in enumerate(TEXTS) if number % 3 == 0}
    folder = project(tmp_path, package)

    translated(folder, package, meant)
    receipt = house.service.take_in("a third.zip", zipped(folder, "target"))

    assert (receipt.accepted, receipt.quarantined) == (len(meant), ()), receipt.findings
    assert receipt.open == len(TEXTS) - len(meant)
    assert {(entry.resource, entry.key): entry.target for entry in house.translations()} == meant


def test_the_whole_project_comes_home_as_well_as_its_targets(open_house, tmp_path):
    """The sources that lie beside the targets in it are copies, and say nothing."""
    house = open_house("zh")
    house.write(documents("en"))
    ((package, _, _),) = house.packages()
    meant = {place(number): text["zh"] for number, text in enumerate(TEXTS)}
    folder = project(tmp_path, package)

    translated(folder, package, meant)
    receipt = house.service.take_in("project.zip", zipped(folder))

    assert (receipt.accepted, receipt.quarantined, receipt.open) == (len(TEXTS), (), 0), receipt.findings
    assert {(entry.resource, entry.key): entry.target for entry in house.translations()} == meant


def test_a_changed_text_shows_its_new_source_and_not_its_old_translation(open_house, tmp_path):
    """OmegaT takes what stands in a target for the text to translate, so an old translation must not stand there."""
    house = open_house("es")
    house.write(documents("en", only=80) | delivered("es", documents("es", only=80)))
    house.deploy()
    house.write(documents("en", only=80, change=lambda text: text.replace("30&nbsp;days", "60&nbsp;days")))
    ((package, _, _),) = house.packages()
    assert package.work
    assert all("30&nbsp;d" in unit.previous_target for unit in package.work)
    meant = {
        place(number): text["es"].replace("30&nbsp;días", "60&nbsp;días") for number, text in enumerate(TEXTS[:80])
    }
    folder = project(tmp_path, package)

    work = translated(folder, package, meant)
    receipt = house.service.take_in("changed.zip", zipped(folder, "target"))

    assert set(work.shown.values()) == {None}  # the old translation is offered, not filled in
    assert (receipt.accepted, receipt.quarantined, receipt.open) == (len(package.work), (), 0), receipt.findings
    house.deploy()
    shown = house.shown(2, "es")
    assert {unit: shown[unit] for unit in meant} == meant


def test_what_the_memory_knows_stands_there_when_the_project_opens(open_house, tmp_path):
    """Exact matches travel as a memory of OmegaT's own making, codes included, and are filled in without a question."""
    house = open_house("ar")
    house.write(documents("en"))
    ((package, _, _),) = house.packages()
    exact = replace(package, units=tuple(replace(unit, match=MatchClass.EXACT, percent=100.0) for unit in package.work))
    meant = {place(number): text["ar"] for number, text in enumerate(TEXTS)}
    details = {unit.id: Detail(matched=meant[unit.resource, unit.key]) for unit in exact.units}

    work = translated(project(tmp_path, exact, details), exact, {})

    unfilled = [seen for seen, filled in work.shown.items() if not filled]
    assert unfilled == []


UNUSUAL = (
    *("tab\there", "one\r\ntwo", "a\n\n\nb", "  two  blanks  inside  ", "\N{NO-BREAK SPACE}edges\N{NO-BREAK SPACE}"),
    *("\nfirst line", "last line\n", "line\u2028separator", "bell\x07", "vertical\x0btab", "\N{SEEDLING} \U00020000"),
    *("\u200fmarks\u200f", "\u202eforced\u202c", "zero\u200bwidth", "\ufeffmark", "e\u0301tat", "\ue000.1\ue001"),
    *("x ]]> y", "5 < 6 & 7 > 3", "&amp;lt; {a}", "\"double\" 'single'", "<g0>no tag of OmegaT’s</g0>", "so <x1/> is"),
    *(
        "$0 and \\1",
        "%% %s",
        "{имя}",
        "{n, plural, one {# seed} other {# seeds}}",
        "<br>both ends<br>",
        "{a}{b}<br>{a}",
    ),
    *(
        "<b>" * 40 + "deep" + "</b>" * 40,
        "<i>crossed <b>over</i> here</b>",
        "lost </p> end",
        "<!-- a <b> inside -->kept",
    ),
)


def lines(text):
    """A text as OmegaT shows it and as a person can type it: a line ends in LF."""
    return text.replace("\r\n", "\n")


def as_typed(text, source):
    """As `typed`, with the characters that travel as codes because XML has no place for them."""
    roles = {"+": "open", "-": "close", ".": "alone"}
    return "".join(
        piece if isinstance(piece, str) else f"<{roles[piece.token[0]]} {piece.number - 1}>"
        for piece in matched(text, source)
    )


def test_unusual_characters_locked_units_and_plural_forms_survive(tmp_path):
    """OmegaT itself turns CR LF into LF and composes letters (NFC), as fingerprints do; everything else stays."""
    units = [
        unit(f"seeds-7-fr.{number}", f"Word {text} here.", key=(f"t{number}",)) for number, text in enumerate(UNUSUAL)
    ]
    locked = unit("seeds-7-fr.locked", "Locked words", key=("locked",))
    message = Plural("n", {"one": "{n} seed", "other": "{n} seeds"})
    forms = plural_units(unit("seeds-7-fr.forms", str(message), key=("forms",)), "fr")
    units += [locked, *(form for form, _ in forms)]
    details = {locked.id: Detail(matched="Mots fermés", locked=True)} | {form.id: detail for form, detail in forms}
    meant = {made.id: made.source.replace("Word", "Mot").replace("seed", "graine") for made in units}
    folder = project(tmp_path, sample(*units), details)

    answers = {as_typed(made.source, made.source): as_typed(meant[made.id], made.source) for made in units}
    shown = {normalize("NFC", lines(source)): lines(answer) for source, answer in answers.items()}
    work = translate(folder, shown)

    assert set(work.shown) == set(shown) - {"Locked words"}
    exporter, sent = Plain(), {made.id: made for made in units}
    back = {
        returned.id: exporter.rebuild(returned, sent[returned.id])
        for returned in exporter.read("r.zip", zipped(folder, "target")).units
    }
    assert {id_: fingerprint(returned.target) for id_, returned in back.items()} == {
        id_: fingerprint("Mots fermés" if id_ == locked.id else text) for id_, text in meant.items()
    }
    assert [returned.findings for returned in back.values() if returned.findings] == []

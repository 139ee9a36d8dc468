"""Sent: a package as it left a house, filled by a translator, and what taking it in again comes to."""

import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from lxml import etree

from tests.fakes import House, new_house
from tests.mutations.kind import Answer
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.packages import Outcome, Receipt
from tm_service.domain.site import State

A, B = "text/home.json", "text/map.json"
ENGLISH = {
    A: {
        "lead": "Gather the ripe seeds in autumn",
        "name": "Hello {name}, welcome to the garden",
        "hint": "Water <b>every day</b> in summer",
    },
    B: {"rule": "Return the map within 30 days", "label": "Opening hours"},
}
FRENCH = {
    "lead": "Récoltez les graines mûres en automne",
    "name": "Bonjour {name}, bienvenue au jardin",
    "hint": "Arrosez <b>tous les jours</b> en été",
    "rule": "Rendez la carte sous 30 jours",
    "label": "Heures d’ouverture",
}
TOTAL = len(FRENCH)
# What stands between the codes of a source, and the same in French.
RUNS = {
    "Gather the ripe seeds in autumn": "Récoltez les graines mûres en automne",
    "Hello ": "Bonjour ",
    ", welcome to the garden": ", bienvenue au jardin",
    "Water ": "Arrosez ",
    "every day": "tous les jours",
    " in summer": " en été",
    "Return the map within 30 days": "Rendez la carte sous 30 jours",
    "Opening hours": "Heures d’ouverture",
}
XLIFF = "{urn:oasis:names:tc:xliff:document:1.2}"
Files = dict[str, bytes]


@dataclass(frozen=True)
class Sent:
    """The package's id, the name of its zip, and its files with the XLIFF ones filled in."""

    package: str
    name: str
    files: Files

    @property
    def xliffs(self) -> list[str]:
        return [path for path, content in self.files.items() if path.endswith(".xlf") and b'version="1.2"' in content]

    def zip(self, files: Files | None = None) -> bytes:
        return zipped(self.files if files is None else files)

    def each(self, change: Callable[[bytes], bytes]) -> bytes:
        """The zip with every XLIFF file changed."""
        return zipped({path: change(body) if path in self.xliffs else body for path, body in self.files.items()})

    def only(self) -> bytes:
        """All units in one XLIFF file."""
        first, *others = self.xliffs
        root = etree.fromstring(self.files[first])
        for path in others:
            root.extend(etree.fromstring(self.files[path]))
        return written(root)

    def edited(self, change: Callable[[etree._Element], None]) -> bytes:
        """One XLIFF file with all units, its tree changed."""
        root = etree.fromstring(self.only())
        change(root)
        return written(root)


def written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def units(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{XLIFF}trans-unit"))


def target_of(unit: etree._Element) -> etree._Element:
    return unit.find(f"{XLIFF}target")


def source_of(unit: etree._Element) -> etree._Element:
    return unit.find(f"{XLIFF}source")


def unit_saying(root: etree._Element, text: str) -> etree._Element:
    """The unit whose source begins so."""
    return next(unit for unit in units(root) if (source_of(unit).text or "").startswith(text))


def filled(content: bytes) -> bytes:
    """An XLIFF file with every target as a translator's tool writes it."""
    root = etree.fromstring(content)
    for unit in units(root):
        source, empty = source_of(unit), target_of(unit)
        target = deepcopy(source)
        target.tag, target.tail = f"{XLIFF}target", "\n"
        target.set("state", "translated")
        for element in target.iter():
            if element is target or element.tag == f"{XLIFF}g":
                element.text = RUNS.get(element.text or "", element.text)
            if element is not target:
                element.tail = RUNS.get(element.tail or "", element.tail)
        if empty is not None:
            unit.remove(empty)
        source.addnext(target)
    return written(root)


def handed_off(folder: Path) -> tuple[House, Sent]:
    """A house of its own with one French package out, and the package filled in."""
    house = new_house(folder)
    house.write(ENGLISH)
    ((package, name, content),) = house.packages(locales=("fr",))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        files = {path: archive.read(path) for path in archive.namelist()}
    sent = Sent(package.id, name, files)
    return house, Sent(package.id, name, {p: filled(c) if p in sent.xliffs else c for p, c in files.items()})


def taken_in(house: House, name: str, content: bytes) -> tuple[Answer, Receipt | None, str]:
    """What became of a return: the answer, the receipt, and the sentence where the file was refused."""
    try:
        receipt = house.service.take_in(name, content)
    except ReturnRejected as error:
        return Answer.REJECTED, None, str(error)
    return _answer(house, receipt), receipt, ""


def _answer(house: House, receipt: Receipt) -> Answer:
    if receipt.quarantined:
        return Answer.QUARANTINED
    if any(entry.state is State.PROPOSAL for entry in house.translations("fr")):
        return Answer.PROPOSAL
    if receipt.open:
        return Answer.OPEN
    return Answer.ACCEPTED if receipt.outcome is Outcome.ACCEPT else Answer.WARNED

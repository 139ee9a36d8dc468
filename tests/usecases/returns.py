"""Returns: what translators send back of a package, made from the package itself."""

import zipfile
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO

from lxml import etree

SPACE = "urn:oasis:names:tc:xliff:document:1.2"
FRENCH = {
    "Gather the seeds": "Récoltez les graines",
    "Water the beds daily": "Arrosez les planches chaque jour",
    "Hello {name}": 'Bonjour <ph id="1"/>',
    "Dry them in the shade": "Faites-les sécher à l’ombre",
    "Label every jar": "Étiquetez chaque bocal",
    "Close the gate": "Fermez le portail",
}


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def units(content: bytes) -> Iterable[etree._Element]:
    for name, part in files(content).items():
        if name.endswith(".xlf"):
            yield from etree.fromstring(part).iter(f"{{{SPACE}}}trans-unit")


def target_of(unit: etree._Element) -> tuple[str, str | None]:
    """Words and state of a unit's target."""
    target = unit.find(f"{{{SPACE}}}target")
    return "".join(target.itertext()), target.get("state")


def source_of(unit: etree._Element) -> str:
    return "".join(unit.find(f"{{{SPACE}}}source").itertext())


def answered(
    content: bytes,
    answers: Mapping[str, str],
    *,
    state: str | None = "translated",
    only: Callable[[str], bool] = lambda _unit: True,
    note: str = "",
) -> bytes:
    """The XLIFF files of a package, zipped, with targets (as XML) by the words of their sources.

    `state` None leaves the states as they are. `only` chooses units by their ids; others are taken out of the files.
    """
    parts = {name: part for name, part in files(content).items() if name.endswith(".xlf")}
    for name, part in parts.items():
        tree = etree.fromstring(part)
        for unit in list(tree.iter(f"{{{SPACE}}}trans-unit")):
            if not only(unit.get("id")):
                unit.getparent().remove(unit)
                continue
            said = answers.get(source_of(unit))
            if unit.get("translate") == "no" or said is None:
                continue
            old = unit.find(f"{{{SPACE}}}target")
            new = etree.fromstring(f'<target xmlns="{SPACE}">{said}</target>')
            word = old.get("state") if state is None else state
            if word:
                new.set("state", word)
            unit.replace(old, new)
            if note:
                etree.SubElement(unit, f"{{{SPACE}}}note", {"from": "Inès", "annotates": "target"}).text = note
        parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
    return zipped(parts)

"""OmegaT itself, run without a window over a project, and a project made by hand of a package that is none."""

import json
import os
import shutil
import subprocess
import zipfile
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from lxml import etree

from tm_service.domain.text import Code, CodeKind, parse

JAR = Path("/usr/share/omegat/OmegaT.jar")  # where Debian's package puts it
SCRIPT = Path(__file__).with_name("fill.groovy")
XLIFF = {"x": "urn:oasis:names:tc:xliff:document:1.2"}
FOLDERS = ("source", "target", "tm/auto", "glossary", "dictionary", "omegat")
PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>
<dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>{source}</source_lang><target_lang>{target}</target_lang>
<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>
<remove_tags>false</remove_tags>
</project></omegat>
"""
FILTERS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<filters removeTags="false" removeSpacesNonseg="false" preserveSpaces="true" ignoreFileContext="false">
<filter className="org.omegat.filters3.xml.xliff.XLIFFFilter" enabled="true">
<files sourceFilenameMask="*.xlf" targetFilenamePattern="${filename}"/>
<option name="alttransidtype" value="ELEMENT_ID"/>
</filter></filters>
"""


@dataclass(frozen=True)
class Work:
    """What OmegaT showed, segment by segment, with what memories had filled in already."""

    shown: Mapping[str, str | None]


def installed() -> bool:
    return JAR.exists() and shutil.which("java") is not None


def unpack(folder: Path, package: bytes) -> Path:
    """A package that is a project, as a translator unpacks it."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        archive.extractall(folder)
    return folder


def make_project(folder: Path, package: bytes, *, source: str, target: str) -> Path:
    """Lay a package out as a project: its XLIFF files under `source/`, every open target a copy of its source."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    with zipfile.ZipFile(BytesIO(package)) as archive:
        for name in archive.namelist():
            if name.endswith(".xlf"):
                place = folder / "source" / PurePosixPath(name).name
                place.write_bytes(with_copies(archive.read(name)))
    (folder / "omegat.project").write_text(PROJECT.format(source=source, target=target), "utf-8")
    (folder / "omegat/filters.xml").write_text(FILTERS, "utf-8")
    return folder


def with_copies(xliff: bytes) -> bytes:
    """OmegaT shows what stands in targets and takes it for the source; what has no target, it does not show."""
    root = etree.fromstring(xliff)
    for unit in root.iterfind(".//x:trans-unit", XLIFF):
        if unit.get("translate") != "no":
            source, target = unit.find("x:source", XLIFF), unit.find("x:target", XLIFF)
            target[:] = deepcopy(list(source))
            target.text = source.text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def translate(folder: Path, answers: Mapping[str, str]) -> Work:
    """Open the project, let the script type the answers, and have the targets written; answers are by source as `typed`."""
    place = folder.with_name(f"{folder.name}-omegat")
    place.mkdir()
    told, said = place / "answers.json", place / "said.json"
    told.write_text(json.dumps(answers, ensure_ascii=False), "utf-8")
    done = subprocess.run(
        [
            "java",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            f"-Duser.home={place}",
            f"-Danswers={told}",
            f"-Dsaid={said}",
            "-jar",
            str(JAR),
            str(folder),
            "--mode=console-translate",
            f"--config-dir={place}",
            f"--script={SCRIPT}",
        ],
        capture_output=True,
        check=False,
        timeout=300,
        env={"PATH": os.environ["PATH"]},
    )
    log = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 0, log
    assert said.exists(), log
    assert "Exception" not in log, log
    shown = json.loads(said.read_text("utf-8"))["shown"]
    return Work({segment["seen"]: segment["filled"] for segment in shown})


def zipped(folder: Path, under: str = "") -> bytes:
    """The project, or a folder of it, zipped as a translator would."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((folder / under).rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
    return buffer.getvalue()


def typed(text: str, source: str) -> str:
    """A text as a translator types it: the source's codes as tags that name their role and their place, from 0."""
    there: dict[str, deque[int]] = defaultdict(deque)
    for code, number in _numbered(source):
        there[code.data].append(number)
    answer: list[str] = []
    within: list[int] = []
    for part in parse(text).parts:
        if isinstance(part, str):
            answer.append(part)
        elif part.kind is CodeKind.CLOSE:
            answer.append(f"<close {within.pop()}>")
        else:
            numbers = there[part.data]
            number = numbers.popleft() if len(numbers) > 1 else numbers[0]  # the last one may be typed again
            if part.kind is CodeKind.OPEN:
                within.append(number)
            answer.append(f"<{'open' if part.kind is CodeKind.OPEN else 'alone'} {number}>")
    return "".join(answer)


def _numbered(source: str) -> Iterator[tuple[Code, int]]:
    number = 0
    for code in parse(source).codes:
        if code.kind is not CodeKind.CLOSE:
            yield code, number
            number += 1

"""Answers: a package with the ids that packages have, and what comes back of it, by name or without any."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import count

from tests.exchange.plain import write_xliff
from tests.exchange.samples import WETLANDS, package


def work(number=7, locale="fr", code="fr-FR"):
    """A package with the ids that packages really have."""
    name = f"seeds-{number}-{locale}"
    units = [replace(one, id=f"{name}.{place}", previous_target="") for place, one in enumerate(WETLANDS.units, 1)]
    return package(*units, number=number, locale=locale, code=code)


def answer(sent, say="Traduit : {}"):
    """The file of a package as XLIFF 1.2, each unit answered by its number; codes are left to other tests."""
    content = write_xliff(sent).decode()
    places = count(1)
    content = re.sub(
        r"<target[^>]*?(/>|>.*?</target>)",
        lambda _: f'<target state="translated">{say.format(next(places))}</target>',
        content,
        flags=re.DOTALL,
    )
    return content.encode()


def nameless(content):
    """A file as tools leave it that keep neither ids nor names."""
    content = re.sub(rb' build-num="[^"]*"', b"", content)
    content = re.sub(rb"<header>.*?</header>", b"", content, flags=re.DOTALL)
    content = re.sub(rb"<context-group.*?</context-group>", b"", content, flags=re.DOTALL)
    content = re.sub(rb' resname="[^"]*"', b"", content)
    places = count(1000)
    return re.sub(rb'<trans-unit id="[^"]*"', lambda _: b'<trans-unit id="x%d"' % next(places), content)


def zipped(files, *, compression=zipfile.ZIP_DEFLATED):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def targets(back):
    return {unit.id: unit.target for unit in back.units}

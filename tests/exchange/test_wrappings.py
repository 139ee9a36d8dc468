"""Any wrapping of a return: whatever its way did to it, the units are those that were answered."""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.answers import targets, work, zipped
from tests.exchange.plain import write_xliff
from tests.exchange.samples import PAGES, package, unit
from tm_service.domain.findings import Severity
from tm_service.exchange.guard import Limits
from tm_service.exchange.recognise import recognised
from tm_service.exchange.returns import read_returns

PLAIN = package(
    *(
        unit(f"seeds-7-fr.{place}", source, resource=PAGES if place % 2 else "app/text/labels.json", key=(f"k{place}",))
        for place, source in enumerate(
            ["Seed banks", "Peat bogs", "Read the <b>rules</b>.", "{n} samples", "Seed banks", "Open until five"], 1
        )
    )
)
SAID = {one.id: f"Réponse {place}" for place, one in enumerate(PLAIN.units, 1)}
FOLDERS = ["", "fr/", "fr-FR/", "back/fr/", "__x/deep/er/"]
NAMES = ["a.xlf", "D0007_fr_01.xlf", "retour (final).XLIFF", "x", "page.sdlxliff", "table.xlsx", "été 2026.txt"]
LEFTOVERS = {
    "__MACOSX/fr/._a.xlf": b"\0\5\x16\7",
    "fr/.DS_Store": b"\0\0\0\1Bud1",
    "Thumbs.db": b"\xd0\xcf\x11\xe0",
    "read me.txt": b"Please find the files.",
    "invoice.pdf": b"%PDF-1.7 \xe2\xe3",
    "00-READ-ME.html": b"<!DOCTYPE html><title>Seeds</title>",
    "empty.txt": b"",
}


@st.composite
def wrappings(draw):
    """The answer to PLAIN in any wrapping that keeps its texts."""
    order = draw(st.permutations(PLAIN.units))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=2)))
    parts = [order[low:high] for low, high in zip([0, *cuts], [*cuts, len(order)], strict=True) if low < high]
    files = {}
    for number, part in enumerate(parts):
        content = write_xliff(replace(PLAIN, units=tuple(part))).decode()
        for one in part:
            start = content.index(f'id="{one.id}"')
            target = content.index("<target", start)
            end = content.index("/>", target) + 2
            content = f'{content[:target]}<target state="translated">{SAID[one.id]}</target>{content[end:]}'
        if draw(st.booleans()):
            content = content.replace("\n", "\r\n")
        if draw(st.booleans()):
            content = content.replace(PLAIN.id, "").replace("<header>", "<header><!-- -->")
            content = re.sub(r'<trans-unit id="(\.\d)"', rf'<trans-unit id="{PLAIN.id}\1"', content)
        encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]))
        said = "UTF-16" if encoding.startswith("utf-16") else "UTF-8"
        content = content.replace("encoding='UTF-8'", f"encoding='{said}'").encode(encoding)
        files[f"{draw(st.sampled_from(FOLDERS))}{number} {draw(st.sampled_from(NAMES))}"] = content
    if len(files) == 1 and draw(st.booleans()):
        return draw(st.sampled_from(NAMES)), next(iter(files.values()))
    files |= {name: LEFTOVERS[name] for name in draw(st.lists(st.sampled_from(sorted(LEFTOVERS)), unique=True))}
    for depth in range(draw(st.integers(0, 2))):
        inner = draw(st.sampled_from(sorted(files)))
        files[f"{inner}.{depth}.zip"] = zipped({inner: files.pop(inner)} if depth else files)
        files = files if depth else {f"all{depth}.zip": files[f"{inner}.{depth}.zip"]}
    return draw(st.sampled_from(["r.zip", "r.xlf", "package.sdlrpx", "back.mqback", ""])), zipped(files)


@settings(max_examples=150, deadline=None)
@given(wrapping=wrappings())
def test_any_wrapping_of_a_return_gives_the_same_units(wrapping):
    """The law of the return: what its way did to it does not matter, what the translator wrote does."""
    name, content = wrapping
    (back,) = recognised(read_returns(name, content, Limits()), [work(8), PLAIN])
    assert back.package == PLAIN.id
    assert targets(back) == SAID
    assert [finding for finding in back.findings if finding.severity is Severity.ERROR] == []

"""File kinds: what tools, mail programs and hands make of a file, and units of it that cannot be used."""

import re
from copy import deepcopy

from lxml import etree

from tests.fakes import House
from tests.mutations.file_kind import XLF, file_collector
from tests.mutations.kind import Answer
from tests.mutations.sent import XLIFF, A, source_of, target_of, unit_saying, units, zipped

KINDS, kind = file_collector()
ACCEPTED, OPEN, WARNED, PROPOSAL = Answer.ACCEPTED, Answer.OPEN, Answer.WARNED, Answer.PROPOSAL
QUARANTINED = Answer.QUARANTINED

# What tools and people do without harm


@kind(ACCEPTED)
def a_package_filled_in(sent, rng):
    return sent.name, sent.zip()


@kind(ACCEPTED)
def one_xliff_file_alone(sent, rng):
    return XLF, sent.only()


@kind(ACCEPTED)
def a_renamed_file(sent, rng):
    return rng.choice(["Final version (2).xlf", "final.xml", "réponse", "00001.zip"]), sent.only()


@kind(ACCEPTED)
def a_renamed_zip(sent, rng):
    return rng.choice(["garden FINAL.zip", "attachment.bin", "x.xlf"]), sent.zip()


@kind(ACCEPTED)
def a_byte_order_mark(sent, rng):
    return sent.name, sent.each(lambda content: b"\xef\xbb\xbf" + content)


@kind(ACCEPTED)
def utf_16(sent, rng):
    encoding = rng.choice(["utf-16", "utf-16-le", "utf-16-be"])
    mark = "" if encoding == "utf-16" else "\ufeff"
    return sent.name, sent.each(
        lambda content: (mark + re.sub(r"encoding=.UTF-8.", 'encoding="UTF-16"', content.decode())).encode(encoding)
    )


@kind(ACCEPTED)
def line_ends_of_windows(sent, rng):
    return sent.name, sent.each(lambda content: content.replace(b"\n", b"\r\n"))


@kind(ACCEPTED)
def characters_by_number(sent, rng):
    """Everything that is not ASCII written as `&#233;`."""
    return sent.name, sent.each(lambda content: etree.tostring(etree.fromstring(content), encoding="US-ASCII"))


@kind(ACCEPTED)
def units_reordered(sent, rng):
    def reorder(root):
        for body in root.iter(f"{XLIFF}body"):
            children = list(body)
            rng.shuffle(children)
            body[:] = children

    return XLF, sent.edited(reorder)


@kind(ACCEPTED)
def a_folder_for_each_language(sent, rng):
    folder = rng.choice(["fr", "fr-FR", "work/2026/FR-fr/done", "из перевода/fr_FR"])
    return sent.name, sent.zip({f"{folder}/{path}": content for path, content in sent.files.items()})


@kind(ACCEPTED)
def what_operating_systems_put_beside(sent, rng):
    shadows = {f"__MACOSX/._{path.rpartition('/')[2]}": b"\0\5\x16\7" * 9 for path in sent.files}
    junk = {
        "__MACOSX/garden/._a.xlf": b"\0",
        ".DS_Store": b"\0\0\0\1Bud1",
        "Thumbs.db": b"\xd0\xcf\x11",
        "._x.xlf": b"",
    }
    return sent.name, sent.zip({**shadows, **sent.files, **junk})


@kind(ACCEPTED)
def a_zip_in_a_zip(sent, rng):
    inner = sent.zip()
    return "outer.zip", zipped(
        {"mail/garden.zip": inner} if rng.random() < 0.5 else {"a.zip": zipped({"b.zip": inner})}
    )


@kind(ACCEPTED)
def a_manifest_gone(sent, rng):
    return sent.name, sent.zip({path: content for path, content in sent.files.items() if path in sent.xliffs})


@kind(ACCEPTED)
def blanks_of_sources_changed_by_a_tool(sent, rng):
    def change(root):
        for unit in units(root):
            source_of(unit).text = "\n  " + (source_of(unit).text or "")

    return XLF, sent.edited(change)


@kind(WARNED)
def a_source_edited_by_the_translator(sent, rng):
    def change(root):
        source_of(unit_saying(root, "Gather")).text = "Gather the seeds in winter"

    return XLF, sent.edited(change)


@kind(ACCEPTED)
def sources_gone(sent, rng):
    return XLF, sent.edited(lambda root: [unit.remove(source_of(unit)) for unit in units(root)])


@kind(ACCEPTED)
def targets_behind_the_notes(sent, rng):
    return XLF, sent.edited(lambda root: [unit.append(target_of(unit)) for unit in units(root)])


@kind(ACCEPTED)
def notes_and_contexts_gone(sent, rng):
    def change(root):
        for unit in units(root):
            for child in [*unit.iter(f"{XLIFF}note", f"{XLIFF}context-group")]:
                unit.remove(child)

    return XLF, sent.edited(change)


@kind(ACCEPTED)
def a_tools_own_attributes_and_elements(sent, rng):
    own = "{http://tool.example/xliff}"

    def change(root):
        for number, unit in enumerate(units(root)):
            unit.set(f"{own}status", "done")
            etree.SubElement(unit, f"{own}history").text = f"edit {number}"

    return XLF, sent.edited(change)


@kind(ACCEPTED)
def segments_marked_by_a_tool(sent, rng):
    def change(root):
        for unit in units(root):
            for element in (source_of(unit), target_of(unit)):
                mark = etree.Element(f"{XLIFF}mrk", mtype="seg", mid="0")
                mark.text, element.text = element.text, None
                mark.extend(list(element))
                element.append(mark)

    return XLF, sent.edited(change)


@kind(ACCEPTED)
def matches_beside_the_target(sent, rng):
    def change(root):
        for unit in units(root):
            match = etree.SubElement(unit, f"{XLIFF}alt-trans", {"match-quality": "80%"})
            etree.SubElement(match, f"{XLIFF}target").text = "Une tout autre phrase"

    return XLF, sent.edited(change)


@kind(ACCEPTED)
def comments_and_instructions(sent, rng):
    return sent.name, sent.each(
        lambda content: content.replace(b"<body>", b"<!-- checked --><?tool done?><body><!-- <target>no</target> -->")
    )


@kind(ACCEPTED)
def the_same_unit_twice(sent, rng):
    def change(root):
        unit = rng.choice(units(root))
        unit.addnext(deepcopy(unit))

    return XLF, sent.edited(change)


@kind(ACCEPTED)
def two_parts_in_one_zip(sent, rng):
    first = sent.edited(lambda root: [unit.getparent().remove(unit) for unit in units(root)[2:]])
    second = sent.edited(lambda root: [unit.getparent().remove(unit) for unit in units(root)[:2]])
    return "both.zip", zipped({"part1/a.xlf": first, "part2/a.xlf": second})


@kind(ACCEPTED)
def a_language_code_written_otherwise(sent, rng):
    code = rng.choice(["fr", "FR", "fr_FR", "FR-fr", "fr-CA"]).encode()
    return sent.name, sent.each(
        lambda content: re.sub(rb'target-language="[^"]*"', b'target-language="%b"' % code, content)
    )


@kind(ACCEPTED)
def ids_changed_to_those_of_a_tool(sent, rng):
    def change(root):
        for unit in units(root):
            unit.set("id", f"{rng.randrange(16**8):08x}-{rng.randrange(16**4):04x}")

    return XLF, sent.edited(change)


def _english_moves_on(house: House) -> None:
    house.write({A: {"lead": "Gather the ripe seeds and nuts in autumn", "name": "Hello {name}", "hint": "Water it"}})


@kind(ACCEPTED, meanwhile=_english_moves_on)
def the_source_edited_at_home_meanwhile(sent, rng):
    return sent.name, sent.zip()


# Half a job


@kind(OPEN, left=1)
def a_unit_missing(sent, rng):
    def change(root):
        unit = rng.choice(units(root))
        unit.getparent().remove(unit)

    return XLF, sent.edited(change)


@kind(OPEN, left=1)
def a_target_left_empty(sent, rng):
    def change(root):
        target = target_of(rng.choice(units(root)))
        target[:] = []
        target.text = rng.choice([None, " "])
        target.set("state", "needs-translation")

    return XLF, sent.edited(change)


@kind(OPEN, left=1)
def a_target_gone(sent, rng):
    def change(root):
        unit = rng.choice(units(root))
        unit.remove(target_of(unit))

    return XLF, sent.edited(change)


@kind(OPEN, left=1)
def a_target_that_is_the_source_and_unconfirmed(sent, rng):
    def change(root):
        unit = unit_saying(root, "Gather")
        target_of(unit).text = source_of(unit).text
        target_of(unit).set("state", "new")

    return XLF, sent.edited(change)


@kind(OPEN, left=3)
def half_of_the_units(sent, rng):
    return XLF, sent.edited(lambda root: [unit.getparent().remove(unit) for unit in units(root)[:3]])


# One unit that cannot be used


@kind(QUARANTINED)
def a_unit_that_nobody_sent(sent, rng):
    def change(root):
        unit = deepcopy(units(root)[0])
        unit.set("id", "garden-1-fr.77")
        source_of(unit).text, target_of(unit).text = "Feed the birds in the library", "Nourrissez les oiseaux"
        units(root)[-1].addnext(unit)

    return XLF, sent.edited(change)


@kind(QUARANTINED, left=1)
def a_unit_twice_with_different_targets(sent, rng):
    def change(root):
        unit = unit_saying(root, "Gather")
        other = deepcopy(unit)
        target_of(other).text = "Ramassez les graines mûres en automne"
        unit.addnext(other)

    return XLF, sent.edited(change)


@kind(QUARANTINED, left=1)
def a_code_left_out_of_a_target(sent, rng):
    def change(root):
        target = target_of(unit_saying(root, rng.choice(["Hello", "Water"])))
        text = "".join(target.itertext()).replace("{name}", "")
        target[:] = []
        target.text = text

    return XLF, sent.edited(change)


@kind(QUARANTINED, left=1)
def a_code_that_nobody_sent(sent, rng):
    def change(root):
        target = target_of(unit_saying(root, "Return"))
        etree.SubElement(target, f"{XLIFF}x", id="99")

    return XLF, sent.edited(change)


@kind(QUARANTINED, left=1)
def a_script_typed_into_a_target(sent, rng):
    def change(root):
        target_of(unit_saying(root, "Return")).text += "<script>go()</script>"

    return XLF, sent.edited(change)


@kind(QUARANTINED, left=1)
def another_language_in_one_target(sent, rng):
    def change(root):
        target_of(unit_saying(root, "Return")).text = "Верните карту в течение 30 дней"

    return XLF, sent.edited(change)


# Drafts, labels, and what happened at home


@kind(WARNED)
def a_package_that_nobody_sent_beside_ours(sent, rng):
    other = sent.only().replace(b"garden-1-fr", b"garden-2-fr")
    return "both.zip", zipped({"a.xlf": sent.only(), "b.xlf": other})


@kind(WARNED)
def a_label_that_stays_as_it_is(sent, rng):
    def change(root):
        target_of(unit_saying(root, "Opening")).text = "Opening hours"

    return XLF, sent.edited(change)


@kind(PROPOSAL, left=1)
def a_draft(sent, rng):
    def change(root):
        target_of(unit_saying(root, "Gather")).set("state", "needs-review-translation")

    return XLF, sent.edited(change)


def _somebody_else_translates(house: House) -> None:
    house.write({f"i18n/fr/{A}": {"lead": "Ramassez en automne les graines mûres"}})
    house.deploy()


@kind(PROPOSAL, meanwhile=_somebody_else_translates)
def a_translation_made_at_home_meanwhile(sent, rng):
    return sent.name, sent.zip()

"""Repair: a small change of the source is carried into a stored translation with proof, or the translation is left alone."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from memory.forms import form
from memory.repair import LONGEST, Repaired, repair
from memory.repair.bending import may_bend
from memory.repair.pieces import cut
from memory.repair.rules import rules
from tm_service.domain.text import CodeKind, parse

TABLE = Path(__file__).parent / "repairs.tsv"
BLANKS = (("[nbsp]", "\u00a0"), ("[nnbsp]", "\u202f"))


def rows():
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    for line in lines[1:]:
        for written, blank in BLANKS:
            line = line.replace(written, blank)  # noqa: PLW2901 - one row, made readable
        yield line.split("\t")


ROWS = list(rows())


@pytest.mark.parametrize(
    ("language", "locale", "before", "target", "source", "result", "why"),
    ROWS,
    ids=[f"{row[4]}-{row[1]}" for row in ROWS],
)
def test_a_stored_pair_is_repaired_or_refused_as_the_table_says(language, locale, before, target, source, result, why):
    found = repair(source, before, target, language=language, locale=locale)
    assert (found.target if found else "") == result, why


def test_the_table_is_long_and_has_both_answers_in_all_five_directions():
    assert len(ROWS) >= 150
    for locale in ("ar", "es", "fr", "ru", "zh"):
        answers = Counter(bool(row[5]) for row in ROWS if row[:2] == ["en", locale])
        assert min(answers[True], answers[False]) >= 4


# What was done, in words a person reads.


@pytest.mark.parametrize(
    ("before", "target", "source", "what"),
    [
        ("Within 30 days", "Sous 30 jours", "Within 90 days", ("numbers replaced: 30 → 90",)),
        ("1 to 4 jars", "1 à 4 bocaux", "5 to 9 jars", ("numbers replaced: 1 → 5, 4 → 9",)),
        ("By 2026-03-14", "Avant le 2026-03-14", "By 2026-04-15", ("dates replaced: 2026-03-14 → 2026-04-15",)),
        ("Hello {user}", "Bonjour {user}", "Hello {name}", ("placeholder renamed: {user} → {name}",)),
        (
            "See www.a.example/x",
            "Voir www.a.example/x",
            "See www.b.example",
            ("link replaced: www.a.example/x → www.b.example",),
        ),
        ("<b>Now</b>", "<b>Ici</b>", "<strong>Now</strong>", ("tag <b> → <strong>",)),
        ('<a href="/a">x</a>', '<a href="/a">y</a>', '<a href="/b">x</a>', ('attribute href: "/a" → "/b"',)),
        ("<b>Now</b>", "<b>Ici</b>", "Now", ("tag taken away: <b>",)),
        ("Now", "Ici", "<p>Now</p>", ("put into <p>",)),
        ("Now", "Ici", "Now:", ("end punctuation: none → :",)),
        ("now", "ici", "Now", ("first letter: n → N",)),
        ("Now", "Ici", "Now ", ("outer blanks",)),
        ("Now", "Ici", "Now", ()),
        ("It cost 1000", "Prix : 1000", "It cost 1,000", ()),
        ("It’s", "C’est", "It's", ()),
    ],
)
def test_a_repair_says_what_was_changed(before, target, source, what):
    assert repair(source, before, target, language="en", locale="fr").what == what


def test_a_text_that_did_not_change_has_its_translation_as_it_is():
    assert repair("Open it, {name}.", "Open it, {name}.", "Ouvrez, {name}.", language="en", locale="fr") == Repaired(
        "Ouvrez, {name}."
    )


def test_a_translation_that_lost_a_placeholder_is_nothing_to_build_on():
    assert repair("Open it, {name}.", "Open it, {name}.", "Ouvrez.", language="en", locale="fr") is None


@pytest.mark.parametrize("texts", [("", "", ""), ("a", "a", " "), ("a" * (LONGEST + 1), "a", "b")])
def test_there_is_an_answer_for_nothing_and_for_too_much(texts):
    assert repair(*texts, language="en", locale="fr") is None


@pytest.mark.parametrize("locale", ["", "xx", "not a locale", "\ud800", "zz-ZZ", "any"])
def test_an_unknown_language_gets_codes_carried_and_nothing_else(locale):
    assert repair("Hello {name}", "Hello {user}", "… {user}", language="en", locale=locale) == Repaired(
        "… {name}", ("placeholder renamed: {user} → {name}",)
    )
    assert repair("In 9 days", "In 5 days", "… 5 …", language="en", locale=locale) is None


@pytest.mark.parametrize(("locale", "blank"), [("fr", "\u202f"), ("fr-CA", "\u00a0")])
def test_a_region_writes_numbers_its_own_way(locale, blank):
    found = repair(
        "It cost 2,500 coins.", "It cost 500 coins.", "Cela a coûté 500 pièces.", language="en", locale=locale
    )
    assert found.target == f"Cela a coûté 2{blank}500 pièces."


# Laws.

NUMBERS = st.integers(0, 999)
NAMES = st.sampled_from(["{user}", "{name}", "{0}", "{{ total }}", "${x}", "%(n)s"])
TEMPLATES = [
    ("ar", "See Article {a} and page {b} of {p}", "انظر المادة {a} والصفحة {b} من {p}"),
    ("es", "See Article {a} and page {b} of {p}", "Véase el artículo {a} y la página {b} de {p}"),
    ("fr", "See Article {a} and page {b} of {p}", "Voir l’article {a} et la page {b} de {p}"),
    ("ru", "See Article {a} and page {b} of {p}", "См. статью {a} и страницу {b} в {p}"),
    ("zh", "See Article {a} and page {b} of {p}", "参见{p}的第{b}页和第{a}条"),
    ("ru", "{p}: {a} kg in Room {b}", "{p}: комната {b}, {a} кг"),
]


@given(st.sampled_from(TEMPLATES), st.lists(NUMBERS, min_size=4, max_size=4), NAMES, NAMES)
def test_a_name_in_figures_is_carried_wherever_it_stands_and_nothing_else_is_touched(template, numbers, name, other):
    locale, source, target = template
    a, b, c, d = numbers
    assume(a != b)
    old, new = {"a": a, "b": b, "p": name}, {"a": c, "b": d, "p": other}
    found = repair(source.format(**new), source.format(**old), target.format(**old), language="en", locale=locale)
    assert found is not None
    assert found.target == target.format(**new)


COUNTED = [
    ("ar", "{n} trays are left", "بقيت {n} صينية"),
    ("es", "{n} trays are left", "Quedan {n} bandejas"),
    ("fr", "{n} trays are left", "Il reste {n} plateaux"),
    ("ru", "{n} trays are left", "Осталось {n} лотков"),
    ("zh", "{n} trays are left", "还剩{n}个托盘"),
]


@given(st.sampled_from(COUNTED), NUMBERS, NUMBERS)
def test_what_is_counted_is_carried_only_within_one_plural_category(counted, old, new):
    locale, source, target = counted
    found = repair(source.format(n=new), source.format(n=old), target.format(n=old), language="en", locale=locale)
    same = rules(locale).category(str(old)) == rules(locale).category(str(new))
    assert (found is not None) == same
    assert found is None or found.target == target.format(n=new)


@given(st.integers(1_000, 10**9), st.integers(1_000, 10**9), st.sampled_from([",", ".", " ", "\u00a0", "\u202f", "’"]))
def test_thousands_are_parted_as_in_the_number_that_stood_there(old, new, sign):
    before, source = (f"{number:,} USD" for number in (old, new))
    target = f"{old:,} USD".replace(",", sign)
    found = repair(source, before, target, language="en", locale="zh")
    assert found.target == f"{new:,} USD".replace(",", sign)


CLASSES = [
    ["5", "7", "12", "1,000", "2 500", "12.3", "٣٠", "007", "10:30", "５", "1", "2", "21"],
    ["2026-03-14", "14/03/2026", "2026-12-05", "05.12.2026", "٢٠٢٦-٠٣-١٤"],
    ["{a}", "{b}", "{{c}}", "%s", "%d", "%1$s", "@:x.y"],
    ["<b>x</b>", "<i>x</i>", '<a href="/x">x</a>', '<a href="/y">x</a>', '<a href="/x" id="z">x</a>'],
    ["<br>", "<br/>", '<img src="a">'],
    ["https://x.example/a", "www.x.example", "a@b.example"],
    *(
        ["seeds"],
        ["Article"],
        ["статья"],
        ["дней"],
        ["м²"],
        ["种子"],
        ["أيام"],
        ["jours"],
        ["two"],
        ["twelve"],
        ["5th"],
        ["to"],
    ),
    *(
        ["<b>"],
        ["</b>"],
        ["&nbsp;"],
        ["&amp;"],
        [" | "],
        [":"],
        ["?"],
        ["¡"],
        ["("],
        ["-"],
        ["\u00a0"],
        ["\n"],
        ["\u200f"],
        ["\ud800"],
    ),
]
PIECES = st.sampled_from([piece for pieces in CLASSES for piece in pieces])
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES, max_size=12).map(" ".join))
LOCALES = st.sampled_from(["ar", "en", "es", "fr", "ru", "zh", "de", "xx"])


@given(TEXTS)
def test_a_cut_text_can_be_put_together(text):
    read = cut(text)
    parts = [(piece.start, piece.end, piece.text) for piece in read.pieces]
    parts += [(read.ending.start, read.ending.end, read.ending.gap + read.ending.mark)]
    assert all(text[start:end] == part for start, end, part in parts)
    assert read.lead + "".join(part for _, _, part in sorted(parts, key=lambda part: part[:2])) + read.tail == text


@given(TEXTS, TEXTS, TEXTS, LOCALES, st.one_of(LOCALES, st.text()))
def test_no_text_is_too_odd_to_be_answered(source, before, target, language, locale):
    repair(source, before, target, language=language, locale=locale)


@given(TEXTS, TEXTS, LOCALES, LOCALES)
def test_an_unchanged_source_changes_nothing(before, target, language, locale):
    found = repair(before, before, target, language=language, locale=locale)
    assert found is None or found == Repaired(target)


def said(text):
    return Counter(parse(text).data(CodeKind.PLACEHOLDER, CodeKind.LINK))


def numbers(text, language):
    """Values as another module reads them; a date by its parts, whatever their order and separators."""
    return Counter(tuple(sorted(map(int, re.findall(r"\d+", number)))) for number in form(text, language).numbers)


@st.composite
def changes(draw):
    """A source, what it becomes, and a translation that says the same in another order."""
    classes = draw(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=7))
    parts = [draw(st.sampled_from(pieces)) for pieces in classes]
    becomes = {}
    for part, pieces in zip(parts, classes, strict=True):
        becomes.setdefault(part, draw(st.sampled_from(pieces)))
    ends = [draw(st.sampled_from(["", ".", ":", "!", "…"])) for _ in range(2)]
    before, source = " ".join(parts) + ends[0], " ".join(becomes[part] for part in parts) + ends[1]
    return before, " ".join(draw(st.permutations(parts))) + ends[0], source


@settings(max_examples=400)
@given(changes(), LOCALES)
def test_a_repaired_translation_has_the_placeholders_and_the_numbers_of_its_source(change, locale):
    before, target, source = change
    found = repair(source, before, target, language="en", locale=locale)
    if found is None:
        return
    assert said(found.target) == said(source)
    ours, theirs = (
        [numbers(text, language) for text in texts]
        for language, texts in (("en", (before, source)), (locale, (target, found.target)))
    )
    if ours[0] == theirs[0]:
        assert ours[1] == theirs[1]


# Words around a number.


@pytest.mark.parametrize(
    ("locale", "before", "after", "old", "new", "bends"),
    [
        ("ru", "Осталось ", " дней", "5", "7", False),
        ("ru", "Осталось ", " дней", "5", "3", True),
        ("ru", "статья ", " дней", "5", "3", False),
        ("ru", "Комнаты 4, ", " и 9 открыты", "5", "3", False),
        ("ru", "(", ") дней", "5", "3", True),
        ("ru", "", ") дней", "5", "3", False),
        ("ru", "Осталось ", "+ дней", "5", "3", True),
        ("ru", "Осталось ", " «дней»", "5", "3", True),
        ("ru", "с ", " по 7 мая", "5", "2", True),
        ("ru", "на ", "-м этаже", "5", "7", True),
        ("es", "de ", " de ellos", "5", "1", True),
        ("es", "de ", " a 9", "5", "1", False),
        ("es", "las ", "", "5", "1", True),
        ("en", "a ", "-day permit", "5", "8", True),
        ("en", "a ", "-day permit", "5", "9", False),
        ("fr", "le ", " mars", "14", "1", True),
        ("fr", "le ", " mars", "14", "15", False),
        ("ar", "المادتان 5 و", " تنطبقان", "6", "12", False),
        ("ar", "بقي ", " أيام", "6", "12", True),
        ("zh", "还剩", "天", "6", "1", False),
    ],
)
def test_words_bend_with_what_is_counted_and_not_with_what_is_named(locale, before, after, old, new, bends):
    assert may_bend(before, after, old, new, rules(locale)) is bends

"""Repair: what can only be one thing is put right, everything else is left for a person, and words are never touched."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tm_service.checks.codes import normal
from tm_service.checks.repair import repaired
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair
from tm_service.domain.text import Code, CodeKind, parse

REAL = Path("/work/shared/data/absch/aligned_pairs.jsonl")
TAGS = (CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE)
REFERENCES = (CodeKind.PLACEHOLDER, CodeKind.LINK)
LINK = '<a href="/rules">rules</a>'

MENDED = [
    (f"Read the {LINK}.", "Lisez le <a href=“/rules”>règlement</a>.", 'Lisez le <a href="/rules">règlement</a>.'),
    (
        f"Read the {LINK}.",
        "Lisez le < A HREF = « /rules » >règlement</ a>.",
        'Lisez le <a href="/rules">règlement</a>.',
    ),
    (f"Read the {LINK}.", 'Lisez le <a href="/règlement">règlement</a>.', 'Lisez le <a href="/rules">règlement</a>.'),
    ("Keep <b>all</b> of it", "Gardez &lt;b&gt;tout&lt;/b&gt;", "Gardez <b>tout</b>"),
    ("Keep <b>all</b> of it", "Gardez <b>tout<b>", "Gardez <b>tout</b>"),
    ("One shelf<br>two books", "Une étagère<br/ >deux livres", "Une étagère<br>deux livres"),
    ("<p>Read it.</p>", "<p>Lisez-le.", "<p>Lisez-le.</p>"),
    ("<p>Read it.</p>", "Lisez-le.</p>", "<p>Lisez-le.</p>"),
    ("<p>Read it.</p>", "Lisez-le.", "<p>Lisez-le.</p>"),
    ("<p><b>Read it.</b></p>", "<p><b>Lisez-le.</p>", "<p><b>Lisez-le.</b></p>"),
    ("<ul>\n<li>Oak</li>\n</ul>", "<ul>\n<li>Chêne\n</ul>", "<ul>\n<li>Chêne</li>\n</ul>"),
    ("Nine&nbsp;hours", "Neuf&amp;nbsp;heures", "Neuf&nbsp;heures"),
    ("Nine&nbsp;hours", "Neuf& nbsp;heures", "Neuf&nbsp;heures"),
    ("Nine&nbsp;hours", "Neuf&nbspheures", "Neuf&nbsp;heures"),
    ("Oaks &amp; elms", "Chênes & ormes", "Chênes &amp; ormes"),
    ("Oaks &amp; elms", "Chênes &amp;amp; ormes", "Chênes &amp; ormes"),
    ("Hello {name}!", "Bonjour {nom}\u00a0!", "Bonjour {name}\u00a0!"),
    ("Hello {name}!", "Bonjour { name }\u00a0!", "Bonjour {name}\u00a0!"),
    ("Hello {name}!", "Bonjour ｛name｝\u00a0!", "Bonjour {name}\u00a0!"),
    ("Hello {name}!", "Bonjour {name\u00a0!", "Bonjour {name}\u00a0!"),
    ("Hello {name}!", "Bonjour name}\u00a0!", "Bonjour {name}\u00a0!"),
    ("Hello {user_name}!", "Bonjour {user\\_name}\u00a0!", "Bonjour {user_name}\u00a0!"),
    ("{0} of {1}", "{٠} sur {١}", "{0} sur {1}"),
    ("%s of %d seeds", "％s sur % d graines", "%s sur %d graines"),
    ("%1$s of %2$s", "% 1$s sur %２$s", "%1$s sur %2$s"),
    ("See @:menu.banks now", "Voir @ : menu.banks maintenant", "Voir @:menu.banks maintenant"),
    ("See @:menu.banks now", "Véase @:menú.ciénagas ahora", "Véase @:menu.banks ahora"),
    ("See @:menu.banks now", "См. @:меню.болота сейчас", "См. @:menu.banks сейчас"),
    ("one seed | {n} seeds", "une graine|{n} graines", "une graine | {n} graines"),
    ("{n} seed | {n} seeds", "{n} graine || {n} graines", "{n} graine | {n} graines"),
    ("{n} seed | {n} seeds", "{n} graine | {nb} graines", "{n} graine | {n} graines"),
    (" Seed bank\n", "Banque", " Banque\n"),
    ("Seed bank", "\ufeff Banque ", "Banque"),
    ("One\nTwo", "Un\r\nDeux", "Un\nDeux"),
    ("Hi <b>{name}</b>", "Salut \u200b<b>{name}</b>\ufeff", "Salut <b>{name}</b>"),
]


@pytest.mark.parametrize(("source", "target", "wanted"), MENDED)
def test_what_can_only_be_one_thing_is_put_right(source, target, wanted):
    result = repaired(Pair(source, target, "fr"))
    assert result is not None
    assert result.target == wanted


LEFT = [
    ("Hello {name}!", "Bonjour name\u00a0!", "the word may be a word"),
    ("Hello {name}!", "Bonjour {le nom}\u00a0!", "words would be lost"),
    ("Hello {name}!", "Bonjour ${name}\u00a0!", "the sign may be money"),
    ("${price} a year", "{price} $ par an", "the sign may be money"),
    ("{a} and {b}", "{c} et {d}", "either may be either"),
    ("{a} and {b}", "{a} et {a}", "nobody knows which one is wrong"),
    ("{a} and {b}", "{c}", "one is lost and one renamed"),
    ("%d seeds with 30 % of water", "Graines avec 30 % d’eau", "that is a percentage"),
    ("%s has 5 beds", "Il a 5 % s’il pleut", "that is a percentage"),
    ("On {date} we close", "Fermé le date {fin}}", "half of another placeholder is left"),
    ("(see {name})", "(voir {name)", "the bracket may have been the brace"),
    ("Read the <a>rules</a>", "Lisez le <a>règlement de ce jardin", "words move within a sentence"),
    ("<b>Note:</b> keep it dry", "<b>Note : gardez-le au sec", "the pair may end anywhere"),
    ("<p>Open at nine. Close at five.</p>", "<p>Ouvrez à neuf", "the text may be cut off"),
    ("<p>The harbour library opens at nine</p>", "<p>La", "the text may be cut off"),
    ("<b>a</b> and <b>b</b>", "<b>a et b</b>", "one pair around both, or two"),
    ("<b><i>x</i></b>", "<b><i>x</b></i>", "either end may be the wrong one"),
    (f"Read the {LINK}", 'Lisez <a href="https://elsewhere.example/rules">ceci</a>', "it leads elsewhere"),
    (f"Read the {LINK}", 'Lisez <a href="javascript:go()">ceci</a>', "it runs a script"),
    (f"Read the {LINK}", 'Lisez <a href="/rules" onclick="go()">ceci</a>', "it does more than the source"),
    (f"Read the {LINK}", 'Lisez <a href="/rules/fr">ceci</a><br>', "there is a code more"),
    ('<img alt="A seed">', '<img alt="Une graine">', "readers see it: that is a translation"),
    ("{n} seed | {n} seeds", "{n} семя || {n} семян", "the form between may be missing"),
    ("{n} seed | {n} seeds", "{n} graine | ", "a form is missing"),
    ("{n, plural, one {# oak} other {# oaks}}", "{n, plural, one {# chêne} other {# chênes}", "a message is no text"),
    ("Nine&nbsp;hours", "Neuf heures", "the blank may be as good"),
    ("See @:menu.banks now", "请看@:menu.banks了解", "words ran into the link"),
    ("See @:menu.banks now", "请看@:菜单.种子库了解", "words ran into the link"),
    ("See @:menu.banks now", "请看@:menu.种子库了解", "words ran into the link"),
    ("See @:menu.banks now", "См. @:меню сейчас", "a part of the key is missing"),
    ("See @:menu.banks now", "См. @:menu.banksраздел сейчас", "words ran into the link"),
    ("Open {{folder}}", "Ouvrez {{le dossier}}", "words would be lost"),
    ("Within 5000 days", "Sous 000 5 jours", "numbers are for people"),
    ("One.\nTwo.", "Un.\n", "the second line may be missing"),
    ("A\r\nB\nC", "A\r\nB\rC", "the source has line ends of two kinds"),
    ("Seed", "", "it is blank"),
    ("Seed", " \n", "it is blank"),
]


@pytest.mark.parametrize(("source", "target", "why"), LEFT)
def test_what_may_be_something_else_is_left_for_a_person(source, target, why):
    locale = "ru" if "семя" in target else "fr"
    assert repaired(Pair(source, target, locale)) is None, why


@pytest.mark.parametrize(
    ("source", "target", "locale"),
    [
        ("Read the <a href='/rules-en.pdf'>rules</a>", "Lisez le <a href='/rules-fr.pdf'>règlement</a>", "fr"),
        ("Read the <a href='/en/rules'>rules</a>", "阅读<a href='/zh/rules'>规则</a>", "zh"),
        ("One<br>two", "Un<br />deux", "fr"),
        ("<b>Hi</b> {name}", "{name}\u00a0! <b>Salut</b>", "fr"),
        ("Hi {name}", "\u200e{name}\u200e أهلا", "ar"),
        ("See 5 &lt; 6", "Voir 5 &lt; 6", "fr"),
        ("{n} seed | {n} seeds", "{n} семя | {n} семени | {n} семян", "ru"),
        (" and ", "和", "zh"),
        ("Oaks", "Chênes &amp; ormes", "fr"),
    ],
)
def test_what_is_right_in_its_own_way_stays_so(source, target, locale):
    assert repaired(Pair(source, target, locale)) is None


def test_what_was_done_is_said_with_its_place_in_what_came_back():
    target = "Lisez {nom} <a href=“/rules”>ici</a> "
    result = repaired(Pair(f"Read {{name}} {LINK}", target, "fr"))
    assert [target[slice(*finding.place)] for finding in result.findings] == ["{nom}", "<a href=“/rules”>", " "]
    for finding in result.findings:
        assert (finding.check, finding.severity, finding.repair) == ("repair", Severity.NOTE, result.target)
        assert finding.message == finding.template.format(**dict(finding.values))
        assert finding.message.endswith((".", "…"))
        assert len(finding.message.splitlines()) == 1


# Laws: over texts put together from words, codes, and codes as they come back damaged.

WORDS = (
    "seed",
    "graine",
    "بذرة",
    "семя",
    "种子",
    "5",
    ".",
    ",",
    " ",
    " ",
    "\n",
    "100 %",
    "a",
    " l’eau ",
    "(",
    ")",
    "\u00a0",
)
CODES = ("<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<br>", '<a href="/x">', "</a>", "{n}", "{name}", "{0}")
MORE = ("%s", "%d", "&nbsp;", "&amp;", "&lt;", "@:a.b", " | ", "${x}", "{{y}}", "%(z)s")
DAMAGED = (
    *(
        "< b >",
        "</ b>",
        "&lt;b&gt;",
        "&lt;/b&gt;",
        "<B>",
        "<b",
        "b>",
        "<a href=“/x”>",
        "<a href='/y'>",
        "</ a>",
        "<br/ >",
    ),
    *(
        "{nom}",
        "{ n }",
        "{n",
        "n}",
        "｛name｝",
        "{٠}",
        "% s",
        "％d",
        "&amp;nbsp;",
        "&nbsp",
        "& amp;",
        "&",
        "<",
        ">",
        "|",
        "||",
    ),
    *(
        "@: a.b",
        "＠：a.b",
        "\u200b",
        "\ufeff",
        "\u200e",
        "\r\n",
        "\r",
        "$",
        "{",
        "}",
        "%",
    ),
)


def texts(pieces):
    return st.lists(st.sampled_from(pieces), max_size=12).map("".join)


def codes(text):
    return Counter(
        normal(code.data) if code.kind in TAGS else code.data
        for code in parse(text).codes
        if code.kind in TAGS + REFERENCES
    )


def forms(text):
    cut = [""]
    for part in parse(text).parts:
        is_bar = isinstance(part, Code) and part.kind is CodeKind.BAR
        cut = [*cut, ""] if is_bar else [*cut[:-1], cut[-1] + (part if isinstance(part, str) else part.data)]
    return cut


def letters(text):
    return "".join(character for character in parse(text).plain if character.isalnum())


def untouched(target, result):
    """What came back, the places that were written anew left out."""
    at, kept = 0, []
    for start, end in sorted(finding.place for finding in result.findings):
        kept.append(target[at:start])
        at = end
    return [*kept, target[at:]]


any_text = texts(WORDS + CODES + MORE + DAMAGED)
locales = st.sampled_from(["ar", "es", "fr", "ru", "zh"])


@given(texts(WORDS + CODES + MORE), any_text, locales)
@example("{n}<p>a</p>", "{n}<p>a", "fr")
@example("&amp; &nbsp;", "&amp;nbsp; &", "fr")
@example("%s %d", "% s %s % d", "fr")
@settings(max_examples=600, deadline=None)
def test_whatever_is_repaired_has_the_codes_of_its_source_and_the_words_that_came_back(source, target, locale):
    result = repaired(Pair(source, target, locale))
    if result is None:
        return
    assert result.target != target
    assert repaired(Pair(source, result.target, locale)) is None
    asked = [codes(form) for form in forms(source)]
    for form in forms(result.target) if len(asked) > 1 else [result.target]:
        assert codes(form) in asked
    assert "".join(map(letters, untouched(target, result))) == letters(result.target)
    for finding in result.findings:
        start, end = finding.place
        assert 0 <= start <= end <= len(target)
        assert not target[start:end].strip() or re.search(r"[<>{}%&@|＜＞｛｝％＆＠\u200b\ufeff]", target[start:end])


@st.composite
def damaged_pairs(draw):
    """A source, a right target, and that target with some codes written as they come back damaged."""
    names = draw(st.lists(st.sampled_from(["{n}", "{name}", "%s", "&nbsp;", "@:a.b", "<br>", "<b>x</b>"]), max_size=4))
    source = " ".join(f"seed {name}" for name in names)
    target = " ".join(f"graine {name}" for name in draw(st.permutations(names)))
    return source, target, draw(st.lists(st.sampled_from(list(HABITS)), max_size=4, unique=True))


HABITS = {
    "{n}": ("{ n }", "｛n｝", "{N}", "{n"),
    "{name}": ("{ name }", "{nаme}", "name}", "{{name}}"),
    "%s": ("% s", "％s"),
    "&nbsp;": ("&amp;nbsp;", "& nbsp;", "&nbsp"),
    "@:a.b": ("@ :a.b", "@：a.b"),
    "<br>": ("<br/ >", "&lt;br&gt;", "< br>"),
    "<b>": ("< b >", "<B>", "&lt;b&gt;"),
    "</b>": ("</ b>", "</B>", "＜/b＞"),
}


@given(damaged_pairs(), st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_what_habits_of_tools_did_to_right_targets_is_undone(made, chance):
    source, target, habits = made
    damaged = target
    for code in habits:
        damaged = damaged.replace(code, chance.choice(HABITS[code]))
    result = repaired(Pair(source, damaged, "fr"))
    assert (result.target if result else damaged) == target


@given(texts(WORDS + CODES + MORE), locales)
@settings(max_examples=300, deadline=None)
def test_a_target_with_the_codes_of_its_source_is_never_touched(source, locale):
    target = source.replace(" seed ", " graine ").replace(" l’eau ", " вода ")
    result = repaired(Pair(source, target, locale))
    assert result is None or {finding.template for finding in result.findings} <= LINE_ENDS_ONLY


LINE_ENDS_ONLY = frozenset({"The line ends were written as in the source."})


@pytest.mark.real_site
@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not here")
def test_of_all_pairs_of_a_real_site_only_these_are_touched():
    """Each was read: blanks at the edges that the site's English has not, and eight of the others."""
    done, seen = Counter(), 0
    for line in REAL.open("rb"):
        row = json.loads(line)
        seen += 1
        result = repaired(Pair(row["source"], row["target"], row["lang"]))
        if result:
            done.update(finding.template for finding in result.findings if "blanks" not in finding.template)
            assert "".join(map(letters, untouched(row["target"], result))) == letters(result.target)
            if all("blanks" in finding.template for finding in result.findings):
                assert result.target.strip() == row["target"].strip()
    assert seen == 18_108
    assert sorted(done.values()) == [2, 4, 4], done

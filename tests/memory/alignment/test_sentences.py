"""Sentences: cut where readers of each language see an end, nothing lost, in time that grows with the text only."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from memory.alignment import paragraphs, segment
from memory.alignment import sentences as module
from tests.memory.alignment.cases import LANGUAGES, seed_bank

RULES = Path(module.__file__).with_name("rules.srx")
SCHEMAS = Path(__file__).parents[4] / "shared/schemas"
PIECES = (
    *(
        ". ",
        "! ",
        "? ",
        "… ",
        "。",
        "？",
        "؟ ",
        "\n",
        "\r\n",
        "\u2029",
        "  ",
        "Dr. ",
        "No. ",
        "г. ",
        "د. ",
        "art. ",
        "Sr. ",
    ),
    *("«", " »", "“", "”", "(", ")", "¿", "¡", "A. ", "3.5", "12 ", "Seed", "seed", "Банк", "بذور", "种子", "説"),
    *("<b>", "</b>", "<p>", "</p>", "<br>", "{name}", "&nbsp;", "\ud800", "\x00"),
)


def cut(text, language):
    return [found.text for found in segment(text, language)]


ENDS = {
    "en": [
        "The keeper came.|The gate was open.",
        "Is the ferry late?|Yes!|It left at 9:30.",
        "Dr. Okoye and Mrs. Hill signed.|Nobody else did.",
        "See No. 5, fig. 3 and p. 12.|They show roots.",
        "The answer is no.|Seeds stay here.",
        "The answer was no.|I came back.",
        "J. R. Hill wrote it.|H. Marsh drew the maps.",
        "She moved to the U.S. Virgin Islands.|We live in the U.S.|It is large.",
        "It weighs approx. 3.5 kg, i.e. seven pounds.|Lift it with care.",
        "The harbour closes at 5 p.m.|Come early.",
        "Wait... there is more.|Really?",
        "“Come in.”|He closed the door.",
        '"Is it late?" she asked.|He nodded.',
        "(See Annex II.)|The rest is known.",
        "Use form A-7 (see p. 4).|Then wait.",
        "Annex A.|The list of seeds.",
        "Rakes, spades, etc.|Nothing else.",
        "It was sent on Jan. 5 by Lund Inc. of Oslo.|It came back.",
        "1. Seeds|2. Tools|(a) Rakes|(iv) Spades",
        "Visit www.lindvik.example/a.b?c=d today.|Write to us.",
        "Version 2.0.1 is out.|Read Art. 5 first.",
        "Hello {name}.|{count} seeds wait.",
    ],
    "fr": [
        "M. Durand est venu.|Mme Petit est restée.",
        "Est-il tard ?|Oui !|Le bac est parti à 9 h 30.",
        "Il a dit : « Entrez ! »|Puis il est sorti.",
        "« Est-il tard ? » demanda-t-elle.|Il hocha la tête.",
        "Voir l’art. 5, p. 12 et le vol. 3.|La suite est connue.",
        "Vers 300 av. J.-C. le port fut fondé.|Il prospéra.",
        "C’est le 1er mai.|Le n° 5 est fermé.",
        "Il y a des râteaux, etc.|Rien d’autre.",
        "Le prof. Lemaire et le Dr. Roy ont signé.|Personne d’autre.",
        "L’annexe A.|La liste des graines.",
        "C’est une œuvre d’art.|L’auteur en est mort.|Le banc est long.|C’est bien.",
        "Il y a des râteaux, etc.|C’est tout.",
        "Elle pèse 3,5 kg, c.-à-d. sept livres.|Attention.",
    ],
    "es": [
        "El Sr. Gómez llegó.|La Dra. Ruiz se quedó.",
        "¿Es tarde?|¡Sí!|El barco salió a las 9.30.",
        "«Pase.»|Luego salió.",
        "—¿Es tarde? —preguntó.|Él asintió.",
        "Véanse el art. 5, la pág. 12 y el núm. 3.|Lo demás se conoce.",
        "Vive en EE. UU. desde 1990.|Volvió ayer.",
        "Hacia el 300 a. C. se fundó el puerto.|Prosperó.",
        "Hay rastrillos, palas, etc.|Nada más.",
        "Pesa aprox. 3,5 kg, p. ej. siete libras.|Cuidado.",
        "El n.º 5 está cerrado.|La 2.ª edición no.",
    ],
    "ru": [
        "Проф. Иванов пришёл.|Д-р Петрова осталась.",
        "Уже поздно?|Да!|Паром ушёл в 9.30.",
        "Он сказал: «Входите.»|Потом вышел.",
        "«Уже поздно?» — спросила она.|Он кивнул.",
        "См. ст. 5, рис. 3 и п. 12.|Остальное известно.",
        "А. С. Пушкин здесь жил.|Он любил порт.",
        "Банк открыли в 1987 г.|Затем его расширили.",
        "Он стоит в г. Линдвике на ул. Портовой, д. 5.|Вход со двора.",
        "Там грабли, лопаты и т. д.|Больше ничего нет.",
        "Сбор составил 5 тыс. руб.|Все довольны.",
        "Это, т. е. семена, хранится здесь.|Не трогать.",
        "Птица ела с рук.|Она улетела.|Пришёл полк.|Дали газ.|Стало тепло.",
    ],
    "ar": [
        "وصل د. سالم.|بقيت السيدة هدى.",
        "هل تأخر الوقت؟|نعم!|غادرت العبّارة في الساعة 9:30.",
        "قال: «ادخل.»|ثم خرج.",
        "انظر ص. 12 من التقرير.|الباقي معروف.",
        "بُني الميناء سنة 1407 هـ.|ثم توسّع.",
        "يبلغ الوزن 3.5 كيلوغرام.|احترس.",
        "هذه بذور، وتلك أدوات؛ لا شيء غير ذلك.|انتهى.",
    ],
    "zh": [
        "管理员来了。|大门开着。",
        "晚了吗？|是的！|渡轮9:30开了。",
        "他说：“请进。”|然后他出去了。",
        "“晚了吗？”她问。|他点了点头。",
        "重3.5公斤。|请小心（见第12页）。|完。",
        "种子库……还在这里。|请看PDF文件。",
        "好!|你来了?|请进。",
    ],
}


@pytest.mark.parametrize(("language", "marked"), [(code, text) for code, texts in ENDS.items() for text in texts])
def test_sentences_end_where_readers_see_an_end(language, marked):
    between = "\n" if marked.startswith("1. ") else "" if language == "zh" else " "
    assert cut(marked.replace("|", between), language) == marked.split("|")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paragraphs_of_a_document_are_cut_into_its_sentences(language):
    for sentences in seed_bank()[language]:
        assert cut(("" if language == "zh" else " ").join(sentences), language) == sentences


def test_a_language_without_rules_of_its_own_has_those_all_share():
    assert cut("Laiva lähti. Portti on kiinni! Miksi?", "fi") == ["Laiva lähti.", "Portti on kiinni!", "Miksi?"]
    assert cut("Mr. Hill left.", "en-GB") == ["Mr. Hill left."]
    assert cut("बीज यहाँ हैं। वे सूखे हैं।", "hi") == ["बीज यहाँ हैं।", "वे सूखे हैं।"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("See <b>this.</b> Then <i>go.</i>", ["See <b>this.</b>", "Then <i>go.</i>"]),
        ("<b>One.</b> <b>Two.</b>", ["<b>One.</b>", "<b>Two.</b>"]),
        ("<p>One. Two.</p><p>Three</p>", ["One.", "Two.", "Three"]),
        ("Heading<br/>Text goes on", ["Heading", "Text goes on"]),
        ("One.&nbsp;Two.", ["One.", "Two."]),
        ('A <a href="x. Y">link. Text</a>.', ['A <a href="x. Y">link.', "Text</a>."]),
        ("It costs {price}. %s left.", ["It costs {price}.", "%s left."]),
        ("<img src='a'>", ["<img src='a'>"]),
        ("<u>One. </u> Two.", ["<u>One. </u>", "Two."]),
        ("<b><i>One.</i> </b> <img src='a'> Two.", ["<b><i>One.</i> </b>", "<img src='a'> Two."]),
        ("<p></p>", []),
    ],
)
def test_inline_tags_stay_with_their_sentence_and_block_tags_part_two(text, sentences):
    assert cut(text, "en") == sentences


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)), st.sampled_from(LANGUAGES))
def test_sentences_stand_in_order_where_they_say_and_nothing_but_space_and_block_tags_is_between(text, language):
    found = segment(text, language)
    assert all(text[one.start : one.end] == one.text != "" for one in found)
    bounds = [0, *(place for one in found for place in (one.start, one.end)), len(text)]
    assert bounds == sorted(bounds)
    gaps = [text[begin:end] for begin, end in list(pairwise(bounds))[::2]]
    assert "".join(gap + one.text for gap, one in zip(gaps, found, strict=False)) + gaps[-1] == text
    assert all(re.fullmatch(r"(?:\s|<[^<>]*>|&nbsp;|&#\w+;)*", gap) for gap in gaps)


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.sampled_from(LANGUAGES))
def test_the_quick_look_before_the_rules_misses_no_end(text, language):
    rules = module._rules(language)
    decided = {place: rules.all.match(text, place) for place in range(1, len(text))}
    assert list(module._breaks(text, language)) == [
        place for place, found in decided.items() if found and rules.breaks[found.lastindex - 1]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 500_000,
        '"' * 150_000,
        "A. " * 15_000,
        "." + " " * 50_000,
        "(a) " * 15_000,
        "。" * 50_000,
        ". " * 25_000,
    ],
)
@pytest.mark.slow
def test_a_text_without_an_end_and_one_of_ends_only_are_cut_to_the_last_letter(text, language):
    found = segment(text, language)
    assert "".join(one.text for one in found).replace(" ", "") == text.replace(" ", "")


def patterns():
    for name in ("beforebreak", "afterbreak"):
        yield from (element.text for element in etree.parse(RULES).iter(f"{{http://www.lisa.org/srx20}}{name}"))


def test_no_rule_repeats_without_a_limit():
    """What may go on for ever is tried from everywhere, which takes the square of a text's length."""
    for pattern in patterns():
        bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "x", pattern)
        assert not re.search(r"[*+]|\{\d*,\}", bare), pattern


def test_every_language_has_the_rules_that_all_share_last():
    root = etree.parse(RULES).getroot()
    maps = list(root.iter("{http://www.lisa.org/srx20}languagemap"))
    assert maps[-1].get("languagerulename") == "All"
    named = {rules.get("languagerulename") for rules in root.iter("{http://www.lisa.org/srx20}languagerule")}
    assert named == {entry.get("languagerulename") for entry in maps}


@pytest.mark.skipif(not SCHEMAS.exists(), reason="needs the SRX 2.0 schema in ../shared/schemas")
def test_the_rules_are_valid_srx():
    schema = etree.parse(SCHEMAS / "srx/srx20.xsd")
    imported = next(schema.iter("{http://www.w3.org/2001/XMLSchema}import"))
    imported.set("schemaLocation", str(SCHEMAS / "xliff-1.2/xml.xsd"))
    etree.XMLSchema(schema).assertValid(etree.parse(RULES))


def test_a_line_is_a_paragraph():
    assert paragraphs("Seeds\r\n\nThey sleep. They wake.\n  \nRakes") == ("Seeds", "They sleep. They wake.", "Rakes")
    assert paragraphs("") == paragraphs(" \n ") == ()


def test_lines_wrapped_at_one_width_are_joined_again():
    text = (
        "The seed bank of Lindvik has kept seeds of wild\nplants since 1987. It stands in the former\n"
        "customs house, two minutes on foot from the\nferry. Today its cold rooms hold many samples.\n\n"
        "Anyone may visit the exhibition on the ground\nfloor free of charge."
    )
    first, second = paragraphs(text)
    assert first.startswith("The seed bank of Lindvik has kept seeds of wild plants since")
    assert second == "Anyone may visit the exhibition on the ground floor free of charge."


def test_a_list_of_short_lines_is_not_a_wrapped_paragraph():
    lines = (
        "Rakes",
        "Spades with a red handle",
        "Seeds",
        "Forms",
        "Wheelbarrows",
        "Maps of the harbour and all its islands",
    )
    assert paragraphs("\n".join(lines)) == lines


def test_wrapped_chinese_is_joined_without_spaces():
    line = "种子库保存着野生植物的种子并向学校和植物园出借这些种子供其在春季播种和观察使用请按时归还"
    assert paragraphs("\n".join([line] * 6)) == (line * 6,)


def test_the_blocks_of_html_are_paragraphs():
    assert paragraphs("<h1>Seeds</h1><p>They <b>sleep</b>.<br>They wake.</p>\n<ul><li>Rakes</li></ul>") == (
        "Seeds", "They <b>sleep</b>.", "They wake.", "Rakes",
    )  # fmt: skip

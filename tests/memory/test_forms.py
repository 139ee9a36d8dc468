"""Forms: what is compared as the same, what is a word and what a mark hides."""

import tomllib
import unicodedata
from pathlib import Path

import pytest

import memory
from memory.forms import ADDRESS, DATE, MARKS, NUMBER, form
from tm_service.domain.text import CodeKind

PLACEHOLDER, LINK = MARKS[CodeKind.PLACEHOLDER], MARKS[CodeKind.LINK]


@pytest.mark.parametrize(
    ("language", "text", "other"),
    [
        # signs that mean the same
        ("en", "the keeper's list", "the keeper’s list"),
        ("en", "the keeper's list", "the keeper‘s list"),
        ("en", "the keeper's list", "the keeperʼs list"),
        ("en", "the keeper's list", "the keeper`s list"),
        ("en", "the keeper's list", "the keeper´s list"),
        ("en", "the keeper's list", "the keeper′s list"),
        ("en", "the keeper's list", "the keeper\x92s list"),
        ("en", 'the "old" list', "the “old” list"),
        ("en", 'the "old" list', "the „old‟ list"),
        ("en", 'the "old" list', "the «old» list"),
        ("en", 'the "old" list', "the ''old'' list"),
        ("en", 'the "old" list', "the ``old'' list"),
        ("en", 'the "old" list', "the ″old″ list"),
        ("en", 'the "old" list', "the \x93old\x94 list"),
        ("en", "cold-room", "cold‐room"),
        ("en", "cold-room", "cold\u2011room"),
        ("en", "seeds - cuttings", "seeds – cuttings"),
        ("en", "seeds - cuttings", "seeds — cuttings"),
        ("en", "seeds - cuttings", "seeds -- cuttings"),
        ("en", "seeds - cuttings", "seeds --- cuttings"),
        ("en", "seeds - cuttings", "seeds − cuttings"),
        ("en", "Loading...", "Loading…"),
        ("en", "50% of the harvest", "50 % of the harvest"),
        ("en", "50% of the harvest", "50\u202f％ of the harvest"),
        ("en", "a • b", "a · b"),
        # spaces
        ("en", "seed list", "seed\u00a0list"),
        ("en", "seed list", "seed  list"),
        ("en", "seed list", " seed\tlist\r\n"),
        ("en", "seed list", "seed\u2003list"),
        ("en", "seed list", "seed\u3000list"),
        ("en", "seed list", "seed\u2028list"),
        ("en", "seed list", "seed\x00list"),
        ("en", "seed list", "seed\x85list"),
        ("fr", "Vraiment !", "Vraiment!"),
        ("fr", "Heures : 9:00", "Heures\u00a0: 9:00"),
        ("fr", "Heures: 9:00", "Heures\u202f: 9:00"),
        ("fr", "l’« ancienne » liste", "l'“ancienne” liste"),
        ("zh", "下载 PDF 文件", "下载PDF文件"),
        ("zh", "第 5 条", "第5条"),
        ("zh", "共 {n} 项", "共{n}项"),
        ("zh", "种子，插条", "种子, 插条"),
        ("ja", "種子 12 点", "種子12点"),
        # invisible
        ("en", "herbarium", "herb\u00adarium"),
        ("en", "herbarium", "herb\u200barium"),
        ("en", "herbarium", "\ufeffherbarium"),
        ("en", "herbarium", "\u202aherbarium\u202c"),
        ("ar", "المعشبة", "\u200fالمعشبة\u200e"),
        ("ar", "المعشبة", "\u061cالمعشبة"),
        ("th", "หอพรรณไม้", "หอ\u200bพรรณไม้"),
        ("zh", "葛", "葛\U000e0100"),
        # forms for compatibility, composed and not
        ("en", "office file", "oﬃce ﬁle"),
        ("en", "café", "cafe\u0301"),
        ("en", "CO2", "CO₂"),
        ("en", "5 m2", "5 m²"),
        ("en", "PDF", "ＰＤＦ"),
        ("en", "seeds\u0085list", "seeds list"),
        ("ja", "シード", "ｼｰﾄﾞ"),
        ("ja", "ガ", "カ\u3099"),
        ("ja", "9~17", "9〜17"),
        ("zh", "第1条(甲)", "第１条（甲）"),
        ("ru", "йод", "и\u0306од"),
        # Arabic
        ("ar", "بذور", "بـــذور"),
        ("ar", "مدرسة", "مَدْرَسَةٌ"),
        ("ar", "أمين", "امين"),
        ("ar", "إقليم", "اقليم"),
        ("ar", "آخر", "اخر"),
        ("ar", "على", "علي"),
        ("ar", "على", "علی"),
        ("ar", "بنك", "بنک"),
        ("ar", "هذا", "هٰذا"),
        ("ar", "مسؤول", "مسو\u0654ول"),
        ("ar", "قارئ", "قاري\u0654"),
        ("ar", "لا", "ﻻ"),
        ("ar", "نعم، لا؟", "نعم, لا?"),
        ("ar", "المادة ٥", "المادة ۵"),
        # other languages
        ("ru", "ещё", "еще"),
        ("ru", "Ёлка", "Елка"),
        ("ru", "за\u0301мок", "замок"),
        ("th", "แปลง", "เเปลง"),
        ("th", "น้ำ", "นํ้า"),
        ("fa", "می‌خواهم", "ميخواهم"),
        ("fa", "کتاب", "كتاب"),
        ("ur", "کتاب۔", "كتاب."),
        ("he", "שָׁלוֹם", "שלום"),
        ("he", "צה״ל", 'צה"ל'),
        ("ro", "științe", "ştiinţe"),
        ("ca", "col·lecció", "co\u0140lecció"),
        ("vi", "hòa", "hoà"),
        ("ko", "씨앗", unicodedata.normalize("NFD", "씨앗")),
    ],
)
def test_what_means_the_same_has_one_form(language, text, other):
    assert form(other, language) == form(text, language)


@pytest.mark.parametrize(
    ("language", "text", "other"),
    [
        ("en", "May", "may"),
        ("en", "the seeds", "the seed"),
        ("en", "10² seeds", "102 seeds"),
        ("en", "1½ hours", "11/2 hours"),
        ("en", "at -5 °C", "at 5 °C"),
        ("en", "2.125 tonnes", "2,125 tonnes"),
        ("en", "well, kept", "well kept"),
        ("en", "shelf 4x4", "shelf 44"),
        ("ru", "её", "ею"),
        ("ru", "мой", "мои"),
        ("es", "si", "sí"),
        ("es", "ano", "año"),
        ("fr", "ou", "où"),
        ("fr", "l'eau", "d'eau"),
        ("ar", "كتب", "كتاب"),
        ("ar", "سؤال", "سوال"),
        ("zh", "收到", "受到"),
        ("zh", "PDF XML", "PDFXML"),
        ("th", "ปา", "ป่า"),
        ("ja", "かき", "かぎ"),
        ("tr", "ılık", "ilik"),
    ],
)
def test_what_means_something_else_has_another(language, text, other):
    assert form(other, language) != form(text, language)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "The keeper's cold-room (2nd floor)", ["the", "keeper's", "cold", "room", NUMBER, "nd", "floor"]),
        ("en", "and/or, e.g. snake_case", ["and", "or", "e", "g", "snake", "case"]),
        ("en", "Shelf A4, CO2, H5N1, COP15", ["shelf", "a4", "co2", "h5n1", "cop15"]),
        ("en", "'single' \"double\"", ["single", "double"]),
        ("en", "STRASSE Straße", ["strasse", "strasse"]),
        ("en", "<b>Save</b> {name}&nbsp;now", ["save", PLACEHOLDER, "now"]),
        ("en", "See @:menu.home or https://x.example/a.", ["see", LINK, "or", ADDRESS]),
        ("en", "boat | boats", ["boat", "boats"]),
        ("en", "", []),
        ("en", "— !", []),
        ("en", "👍🏽", []),
        ("fr", "L’accès qu'il a aujourd’hui", ["l", "accès", "qu", "il", "a", "aujourd'hui"]),
        ("fr", "l’<b>eau</b> d'{lieu}", ["l", "eau", "d", PLACEHOLDER]),
        ("fr", "presqu'île, rock'n'roll", ["presqu'île", "rock'n'roll"]),
        ("it", "dell'acqua un'altra", ["dell", "acqua", "un", "altra"]),
        ("ca", "l'aigua d'avui", ["l", "aigua", "d", "avui"]),
        ("ar", "بنوكُ البـذور، ٥", ["بنوك", "البذور", NUMBER]),
        ("ru", "Ещё пол-яблока", ["еще", "пол", "яблока"]),
        ("uk", "об’єкт", ["об'єкт"]),
        ("zh", "下载PDF文件A4", ["下", "载", "pdf", "文", "件", "a4"]),
        ("zh", "第5条々〇", ["第", NUMBER, "条", "々", "〇"]),
        ("ja", "シードを、貸す", ["シ", "ー", "ド", "を", "貸", "す"]),
        ("th", "น้ำ 5 ก", ["น้ํ", "า", NUMBER, "ก"]),
        ("km", "កម្ពុជា", ["ក", "ម្ពុ", "ជា"]),
        ("lo", "ລາວ", ["ລ", "າ", "ວ"]),
        ("my", "မြန်မာ", ["မြ", "န်", "မာ"]),
        ("ko", "씨앗 목록", ["씨앗", "목록"]),
        ("hi", "हिन्दी सूची", ["हिन्दी", "सूची"]),
        ("he", "צה״ל 'א'", ['צה"ל', "א"]),
        ("tr", "IŞIK İl", ["ışık", "il"]),
        ("xx", "Any_thing", ["any", "thing"]),
    ],
)
def test_words(language, text, words):
    assert list(form(text, language).words) == words


@pytest.mark.parametrize(
    ("language", "text", "numbers", "letters"),
    [
        ("en", "Article 5", ["5"], f"Article {NUMBER}"),
        ("en", "1,000 or 1 000 or 1'000 or 1000", ["1000"] * 4, f"{NUMBER} or {NUMBER} or {NUMBER} or {NUMBER}"),
        ("en", "1,234,567.89", ["1234567.89"], NUMBER),
        ("en", "2.125 and 0.5", ["2.125", "0.5"], f"{NUMBER} and {NUMBER}"),
        ("en", "5,6", ["5,6"], NUMBER),
        ("en", "in 2010 100 seeds", ["2010", "100"], f"in {NUMBER} {NUMBER} seeds"),
        ("en", "4.1.12", ["4.1.12"], NUMBER),
        ("en", "at 9:30", ["9:30"], f"at {NUMBER}"),
        ("en", "1/2 or ½ or 1½", ["1/2", "1/2", "1", "1/2"], f"{NUMBER} or {NUMBER} or {NUMBER} {NUMBER}"),
        ("en", "10kg, 1.5kg, 5m², 2nd, 1990s", ["10", "1.5", "5", "2", "1990"], None),
        ("en", "10⁶", ["10", "6"], f"{NUMBER}^{NUMBER}"),
        ("en", "-5 °C, (−3), 2-4, COVID-19", ["-5", "-3", "2", "4", "19"], None),
        ("en", "in 2019 -2021", ["2019", "2021"], None),
        ("en", "A4 CO2 4x4 52000000cbd022 mp3", [], "A4 CO2 4x4 52000000cbd022 mp3"),
        ("en", "No5 №5 Nº5 № 5", ["5", "5", "5"], f"No5 No {NUMBER} No {NUMBER} No {NUMBER}"),
        ("en", "2026-11-21 21/11/2026 21.11.2026", ["2026-11-21", "21/11/2026", "21.11.2026"], f"{DATE} {DATE} {DATE}"),
        ("en", "2026-11-21T09:30:00Z", ["2026-11-21T09:30:00Z"], DATE),
        ("en", "12-34-5678", ["12", "34", "5678"], f"{NUMBER}-{NUMBER}-{NUMBER}"),
        ("en", "٣٫٥ and ५०", ["3٫5", "50"], f"{NUMBER} and {NUMBER}"),
        ("fr", "1 000,50 et 2,125 et 1.000.000", ["1000.50", "2.125", "1000000"], None),
        ("fr", "3,5 %", ["3.5"], f"{NUMBER}%"),
        ("es", "1.000 y 2,5", ["1000", "2.5"], None),
        ("ru", "3,5 кг; №7; 5-й", ["3.5", "7", "5"], None),
        ("ar", "٣٬٠٠٠ و٣٫٥ و 3.5 و 1,000", ["3000", "3.5", "3.5", "1000"], None),
        ("zh", "第５条，2026年3月，-5度", ["5", "2026", "3", "-5"], None),
        ("th", "๓๐ วัน", ["30"], f"{NUMBER} วัน"),
        ("hi", "५ बीज", ["5"], f"{NUMBER} बीज"),
        ("ar", "المادتان ٤ و٥، ب30يوماً", ["4", "5", "30"], f"المادتان {NUMBER} و{NUMBER}, ب{NUMBER}يوما"),
        ("he", "סעיף 4 ו5", ["4", "5"], f"סעיף {NUMBER} ו{NUMBER}"),
        ("ko", "제5조", ["5"], f"제{NUMBER}조"),
    ],
)
def test_numbers_and_dates_are_values_behind_marks(language, text, numbers, letters):
    found = form(text, language)
    assert list(found.numbers) == numbers
    assert letters is None or found.letters == letters


@pytest.mark.parametrize(
    ("text", "codes", "letters"),
    [
        ("<b>Save</b>", ["<b>", "</b>"], f"{MARKS[CodeKind.OPEN]}Save{MARKS[CodeKind.CLOSE]}"),
        ("a<br>b", ["<br>"], f"a{MARKS[CodeKind.ALONE]}b"),
        ("Hello {name}", ["{name}"], f"Hello {PLACEHOLDER}"),
        ("Write to desk@garden.example.", ["desk@garden.example"], f"Write to {ADDRESS}."),
        ("See https://x.example/a_(b)?c=1.", ["https://x.example/a_(b)?c=1"], f"See {ADDRESS}."),
        ("(www.x.example)", ["www.x.example"], f"({ADDRESS})"),
        ("请访问https://x.example/a，然后", ["https://x.example/a"], f"请访问{ADDRESS},然后"),
        ("联系desk@x.example。", ["desk@x.example"], f"联系{ADDRESS}。"),
        ("{a} www.x.example {b}", ["{a}", "www.x.example", "{b}"], f"{PLACEHOLDER} {ADDRESS} {PLACEHOLDER}"),
        ("https://x.example/{id}", ["https://x.example/", "{id}"], f"{ADDRESS}{PLACEHOLDER}"),
        ("a @ b", [], "a @ b"),
        ("a&amp;b", ["&amp;"], f"a{MARKS[CodeKind.ENTITY]}b"),
    ],
)
def test_codes_and_addresses_are_kept_as_written_behind_marks(text, codes, letters):
    found = form(text, "zh" if "，" in text or "。" in text else "en")
    assert list(found.codes) == codes
    assert found.letters == letters


def _rules():
    tables = tomllib.loads((Path(memory.__file__).parent / "languages.toml").read_text("utf-8"))
    return [(language, table) for language, table in tables.items()]


def test_every_rule_is_of_a_known_kind():
    kinds = {"drop", "unify", "respell", "fold", "elide", "close", "decimal"}
    shared = {"drop", "unify", "respell", "decimal", "decimal_comma", "beside_digits", "by_character"}
    assert {language: set(table) - (shared if language == "any" else kinds) for language, table in _rules()} == {
        language: set() for language, _ in _rules()
    }


@pytest.mark.parametrize(("language", "table"), _rules())
def test_every_rule_does_something(language, table):
    """What compatibility forms change already never comes to a rule, and a rule must not call for itself."""
    for _, variants in table.get("unify", ()):
        assert unicodedata.is_normalized("NFKC", variants)
        assert len(set(variants)) == len(variants)
    for wanted, written in table.get("respell", ()):
        assert unicodedata.is_normalized("NFKC", written)
        assert written not in wanted
        assert form(f"a{wanted}b", language).letters == form(f"a{written}b", language).letters
    for spans in table.get("drop", ()):
        assert form(f"ж{spans[0]}ж", language) == form(f"ж{spans[-1]}ж", language) == form("жж", language)


def test_a_language_is_known_by_its_first_part():
    assert form("l’eau", "fr-CA") == form("l’eau", "FR") == form("l’eau", "fr_FR") != form("l’eau", "any")

"""Word kinds: damage to words, numbers, characters and punctuation, and changes that only look like damage."""

import re

from tests.mutations.base import TAGS, codes, numbers, of, pairs, plain, put, sentence, words
from tests.mutations.kind import Answer, collector
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind

KINDS, kind = collector()
QUARANTINED, WARNED = Answer.QUARANTINED, Answer.WARNED
NOTED, ACCEPTED = Answer.NOTED, Answer.ACCEPTED
P, L = CodeKind.PLACEHOLDER, CodeKind.LINK


def numbered(pair: Pair) -> bool:
    return bool(numbers(pair))


def long_numbers(pair: Pair) -> list[tuple[int, int]]:
    """Numbers of several digits that read otherwise from the other side."""
    return [place for place in numbers(pair) if (said := pair.target[slice(*place)]) != said[::-1]]


def undated(pair: Pair) -> bool:
    """Sentences in which every word is only a word."""
    return sentence(pair) and "2027" not in pair.source


def label(pair: Pair) -> bool:
    return len(pair.source.split()) == 2 and "<" not in pair.source and "{" not in pair.source


def zero_denied(pair: Pair) -> bool:
    """Whether a message says "there are no …" where the number is 0."""
    return "zero {" in pair.target


def _in_other_locale(pair: Pair, locale: str) -> str:
    return next(other.target for other in pairs() if other.source == pair.source and other.locale == locale)


def _inside(pair: Pair, rng) -> int:
    """A place within a word."""
    return rng.choice([start + 1 for word, start, _ in words(pair.target) if len(word) > 1])


# Nothing said


@kind(QUARANTINED)
def blank(pair, rng):
    return rng.choice(["", " ", "\n", "\u00a0", "\u3000\t"])


@kind(QUARANTINED, lambda pair: bool(codes(pair.target)) and plain(pair))
def codes_alone(pair, rng):
    return "".join(code.data for code, _, _ in codes(pair.target))


@kind(QUARANTINED)
def punctuation_alone(pair, rng):
    return rng.choice(["—", "...", "26. ", "?", "-"])


@kind(QUARANTINED, sentence)
def a_copy_of_the_source(pair, rng):
    return pair.source


@kind(WARNED, label)
def a_label_that_is_the_same(pair, rng):
    return pair.source


@kind(QUARANTINED, sentence)
def a_copy_of_the_source_in_other_blanks(pair, rng):
    return "  ".join(pair.source.split(" ")) + " "


# Languages


@kind(QUARANTINED, lambda pair: sentence(pair) and pair.locale not in ("es", "fr"))
def another_language_in_another_script(pair, rng):
    return _in_other_locale(pair, rng.choice([locale for locale in ("fr", "ru", "zh", "ar") if locale != pair.locale]))


@kind(QUARANTINED, lambda pair: sentence(pair) and pair.locale in ("es", "fr") and len(words(pair.target)) > 7)
def another_language_in_the_same_script(pair, rng):
    return _in_other_locale(pair, "fr" if pair.locale == "es" else "es")


@kind(WARNED, lambda pair: pair.source.startswith("Library &amp; archive") and pair.locale in ("es", "fr"))
def a_title_in_another_language_in_the_same_script(pair, rng):
    """One word that only the other language has may be a name's: nothing is sure, and a person is told."""
    return _in_other_locale(pair, "fr" if pair.locale == "es" else "es")


@kind(WARNED, lambda pair: pair.source.startswith("The permit is not valid"))
def english_left_over(pair, rng):
    rest = re.split(r"(?<=[.。])\s*", pair.target, maxsplit=1)[0]
    return f"{rest} Article 12 applies to all imports."


# Numbers


@kind(QUARANTINED, numbered)
def a_number_changed(pair, rng):
    start, end = rng.choice(numbers(pair))
    said = int(pair.target[start:end])
    return put(pair.target, (start, end), str(said + rng.choice([1, 10, 30])))


@kind(QUARANTINED, numbered)
def a_number_dropped(pair, rng):
    return put(pair.target, rng.choice(numbers(pair)), "")


@kind(QUARANTINED, lambda pair: bool(long_numbers(pair)))
def digits_transposed(pair, rng):
    start, end = rng.choice(long_numbers(pair))
    said = pair.target[start:end]
    swapped = next(
        said[:n] + said[n + 1] + said[n] + said[n + 2 :] for n in range(len(said) - 1) if said[n] != said[n + 1]
    )
    return put(pair.target, (start, end), swapped)


@kind(QUARANTINED, lambda pair: bool(long_numbers(pair)))
def digits_reversed_as_by_a_right_to_left_editor(pair, rng):
    start, end = rng.choice(long_numbers(pair))
    return put(pair.target, (start, end), pair.target[start:end][::-1])


@kind(WARNED, lambda pair: undated(pair) and bool(_before_words(pair)))
def a_number_added(pair, rng):
    place = rng.choice(_before_words(pair))
    return put(pair.target, (place, place), "347 ")


def _before_words(pair: Pair) -> list[int]:
    """Where a word follows a blank or a sign, away from other numbers."""
    return [start for _, start, _ in words(pair.target) if not re.search(r"[\d\w}>]\W?$", pair.target[:start])]


@kind(QUARANTINED, lambda pair: "2027" in pair.source)
def a_year_changed(pair, rng):
    return pair.target.replace("2027", rng.choice(["2026", "2072", "27"]))


MONTHS = {
    "ar": ("مارس", "مايو"),
    "es": ("marzo", "mayo"),
    "fr": ("mars", "mai"),
    "ru": ("марта", "мая"),
    "zh": ("3月", "5月"),
}


@kind(QUARANTINED, lambda pair: "2027" in pair.source)
def a_month_changed(pair, rng):
    return pair.target.replace(*MONTHS[pair.locale])


@kind(QUARANTINED, lambda pair: "12:30" in pair.source)
def a_time_changed(pair, rng):
    return pair.target.replace("12:30", rng.choice(["12:03", "21:30", "13:30"]))


# Words lost or said twice


@kind(QUARANTINED, lambda pair: pair.source.startswith("<p>The herbarium"))
def a_text_cut_off(pair, rng):
    return pair.target[: len(pair.target) // 2]


@kind(QUARANTINED, lambda pair: bool(of(pair, *TAGS, P, L)) and plain(pair) and " | " not in pair.source)
def a_text_said_twice(pair, rng):
    return f"{pair.target} {pair.target}"


@kind(QUARANTINED, lambda pair: sentence(pair) and not of(pair, *TAGS, P, L))
def a_text_without_codes_said_twice(pair, rng):
    return f"{pair.target} {pair.target}"


NEGATED = {
    "ar": (("ألا تدفع", "أن تدفع"), ("لا يكون", "يكون"), ("بدون", "مع"), ("لا تسقِ", "اسقِ")),
    "es": (("no debe", "debe"), ("no es", "es"), ("sin firma", "con firma"), ("No riegue", "Riegue")),
    "fr": (
        ("ne devez pas", "devez"),
        ("n’est pas", "est"),
        ("sans signature", "avec signature"),
        ("N’arrosez pas", "Arrosez"),
    ),
    "ru": (
        ("не должны", "должны"),
        ("не действует", "действует"),
        ("без подписи", "с подписью"),
        ("Не поливайте", "Поливайте"),
    ),
    "zh": (("不得", "必须"), ("没有签字", "签字"), ("无效", "有效"), ("请勿", "请")),
}


def _denies(pair: Pair) -> bool:
    return any(said in pair.target for said, _ in NEGATED[pair.locale])


@kind(WARNED, _denies)
def a_negation_dropped(pair, rng):
    target = pair.target
    for said, without in NEGATED[pair.locale]:
        target = target.replace(said, without)
    return target


# Characters


@kind(QUARANTINED, sentence)
def a_replacement_character(pair, rng):
    _word, start, _ = rng.choice([found for found in words(pair.target) if len(found[0]) > 1])
    return put(pair.target, (start + 1, start + 2), "\ufffd")


@kind(QUARANTINED, lambda pair: sentence(pair) and len(re.findall(r"[^\x00-\x7f]", pair.target)) > 2)
def text_read_in_the_wrong_encoding(pair, rng):
    return pair.target.encode("utf-8").decode(rng.choice(["latin-1", "cp1252"]), "replace")


@kind(WARNED, undated)
def zero_width_spaces_within_words(pair, rng):
    _, start, _ = rng.choice([found for found in words(pair.target) if len(found[0]) > 2])
    return put(pair.target, (start + 1, start + 1), rng.choice("\u200b\ufeff\u2060"))


@kind(QUARANTINED, sentence)
def directional_overrides(pair, rng):
    _, start, end = rng.choice(words(pair.target))
    return put(pair.target, (start, end), f"\u202e{pair.target[start:end]}\u202c")


@kind(QUARANTINED, sentence)
def an_embedding_that_is_never_closed(pair, rng):
    _, start, _ = rng.choice(words(pair.target))
    return put(pair.target, (start, start), rng.choice("\u202a\u202b\u2066\u2067"))


@kind(QUARANTINED, sentence)
def a_nul_or_control_character(pair, rng):
    place = _inside(pair, rng)
    return put(pair.target, (place, place), rng.choice("\0\x01\x08\x0b\x1b\x7f"))


@kind(QUARANTINED, sentence)
def a_lone_surrogate(pair, rng):
    place = _inside(pair, rng)
    return put(pair.target, (place, place), rng.choice("\ud83c\udf31\udcff"))


@kind(QUARANTINED, sentence)
def a_private_or_unassigned_character(pair, rng):
    place = _inside(pair, rng)
    return put(pair.target, (place, place), rng.choice("\ue000\uf8ff\ufdd0\uffff"))


LOOKALIKE = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р"}


def _lookalike(pair: Pair, rng, *, accented: bool) -> str:
    start, end = rng.choice(_with_lookalikes(pair, accented=accented))
    letter = pair.target[start]
    return put(pair.target, (start, end), LOOKALIKE.get(letter) or TWINS[letter])


def _with_lookalikes(pair: Pair, *, accented: bool) -> list[tuple[int, int]]:
    """Letters that have a twin in the other alphabet, in longer words with or without letters that have none."""
    twins = TWINS if pair.locale == "ru" else LOOKALIKE
    return [
        (start + place, start + place + 1)
        for word, start, _ in words(pair.target)
        for place, letter in enumerate(word)
        if letter in twins and len(word) > 3 and accented == (pair.locale != "ru" and not word.isascii())
    ]


TWINS = {twin: letter for letter, twin in LOOKALIKE.items()}


@kind(
    WARNED,
    lambda pair: undated(pair) and pair.locale in ("es", "fr", "ru") and bool(_with_lookalikes(pair, accented=False)),
)
def letters_that_look_alike(pair, rng):
    return _lookalike(pair, rng, accented=False)


@kind(
    WARNED, lambda pair: undated(pair) and pair.locale in ("es", "fr") and bool(_with_lookalikes(pair, accented=True))
)
def letters_that_look_alike_in_accented_words(pair, rng):
    return _lookalike(pair, rng, accented=True)


# Punctuation, blanks, length


def stated(pair: Pair) -> bool:
    return sentence(pair) and pair.target[-1] in ".。"


@kind(WARNED, stated)
def a_statement_turned_into_a_question(pair, rng):
    return pair.target[:-1] + {"zh": "？", "ar": "؟"}.get(pair.locale, "?")


@kind(NOTED, stated)
def a_statement_turned_into_an_exclamation(pair, rng):
    return pair.target[:-1] + ("！" if pair.locale == "zh" else "!")


@kind(NOTED, lambda pair: sentence(pair) and re.search(r"[^}][.。]$", pair.target) is not None)
def the_end_of_a_sentence_lost(pair, rng):
    return pair.target[:-1]


@kind(NOTED, lambda pair: sentence(pair) and pair.locale != "zh" and "<" not in pair.target)
def a_blank_doubled(pair, rng):
    place = rng.choice([found.start() for found in re.finditer(" ", pair.target.rstrip()) if found.start()])
    return put(pair.target, (place, place), " ")


@kind(QUARANTINED, lambda pair: bool(pair.limit))
def a_label_too_long(pair, rng):
    return " ".join([pair.target] * (pair.limit // len(pair.target) + 1))


@kind(WARNED, lambda pair: sentence(pair) and sum(len(word) for word, _, _ in words(pair.source)) > 30)
def a_text_far_too_long(pair, rng):
    """More than anybody needs to say it, codes and numbers kept."""
    more = {
        "ar": "والحديقة واسعة وجميلة وفيها أشجار كثيرة وأزهار",
        "es": "y el jardín es amplio y hermoso, con muchos árboles y flores",
        "fr": "et le jardin est vaste et beau, avec beaucoup d’arbres et de fleurs",
        "ru": "и сад большой и красивый, в нём много деревьев и цветов",
        "zh": "花园又大又美里面种着许多树木和花草",
    }[pair.locale]
    place = words(pair.target)[0][2]
    return put(pair.target, (place, place), f" {more}" * 12)


# What is right, and must stay as it is


@kind(ACCEPTED, lambda pair: not zero_denied(pair))
def a_correct_translation(pair, rng):
    return pair.target


@kind(ACCEPTED, zero_denied)
def a_form_for_none_that_denies(pair, rng):
    return pair.target


@kind(ACCEPTED, lambda pair: pair.locale == "ar" and numbered(pair) and ":" not in pair.source)
def digits_of_the_own_script(pair, rng):
    target = pair.target
    for start, end in numbers(pair):
        said = "".join(chr(0x660 + int(digit)) for digit in target[start:end])
        target = put(target, (start, end), said)
    return target


@kind(ACCEPTED, lambda pair: pair.locale == "fr" and "\u00a0" in pair.target)
def a_narrow_blank_before_a_colon(pair, rng):
    return pair.target.replace("\u00a0", "\u202f")


@kind(ACCEPTED, lambda pair: pair.locale == "fr" and "’" in pair.target)
def a_straight_apostrophe(pair, rng):
    return pair.target.replace("’", "'")


@kind(
    ACCEPTED,
    lambda pair: pair.locale == "zh" and re.search(r"[\u4e00-\u9fff]\d+[\u4e00-\u9fff]", pair.target) is not None,
)
def blanks_around_numbers_in_chinese(pair, rng):
    return re.sub(r"(?<=[\u4e00-\u9fff])(\d+)(?=[\u4e00-\u9fff])", r" \1 ", pair.target)

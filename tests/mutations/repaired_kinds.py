"""Repaired kinds: damage whose repair can be proven; each must come back as exactly what it was."""

import re
from random import Random

from tests.mutations.base import TAGS, barred, codes, has, of, plain, put
from tests.mutations.kind import Answer, collector
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind

KINDS, kind = collector()
REPAIRED = Answer.REPAIRED
P, L, E = CodeKind.PLACEHOLDER, CodeKind.LINK, CodeKind.ENTITY
BRACED = r"^\{[^{]"


def _each(pair: Pair, rng: Random, places, change) -> str:
    """One of the places changed, or all of them."""
    chosen = places if rng.random() < 0.5 else [rng.choice(places)]
    target = pair.target
    for start, end in reversed(chosen):
        target = put(target, (start, end), change(target[start:end]))
    assert target != pair.target
    return target


attributed, tagged, paired = has(*TAGS, like="="), has(*TAGS), has(CodeKind.OPEN, CodeKind.CLOSE)


@kind(REPAIRED, attributed)
def typographic_quotes_in_attributes(pair, rng):
    begin, end = rng.choice(["“”", "„“", "‘’", "””", "＂＂"])
    return _each(pair, rng, of(pair, *TAGS, like="="), lambda tag: re.sub(r'"([^"]*)"', rf"{begin}\1{end}", tag))


@kind(REPAIRED, attributed)
def guillemets_in_attributes(pair, rng):
    space = rng.choice(["", " ", "\u00a0"])
    return _each(pair, rng, of(pair, *TAGS, like="="), lambda tag: re.sub(r'"([^"]*)"', rf"«{space}\1{space}»", tag))


@kind(REPAIRED, attributed)
def single_quotes_in_attributes(pair, rng):
    return _each(pair, rng, of(pair, *TAGS, like="="), lambda tag: tag.replace('"', "'"))


@kind(REPAIRED, attributed)
def escaped_quotes_in_attributes(pair, rng):
    written = rng.choice(["&quot;", "&#34;", '\\"'])
    return _each(pair, rng, of(pair, *TAGS, like="="), lambda tag: tag.replace('"', written))


@kind(REPAIRED, attributed)
def quotes_in_attributes_doubled(pair, rng):
    return _each(pair, rng, of(pair, *TAGS, like="="), lambda tag: tag.replace('"', '""'))


@kind(REPAIRED, attributed)
def blanks_around_equals_signs(pair, rng):
    return _each(
        pair, rng, of(pair, *TAGS, like="="), lambda tag: tag.replace('="', rng.choice([' = "', '= "', ' ="']))
    )


@kind(REPAIRED, attributed)
def attribute_names_in_capitals(pair, rng):
    return _each(
        pair, rng, of(pair, *TAGS, like="="), lambda tag: re.sub(r"\w+(?==)", lambda name: name[0].upper(), tag)
    )


@kind(REPAIRED, has(*TAGS, like=" class="))
def attributes_in_another_order(pair, rng):
    return _each(
        pair, rng, of(pair, *TAGS, like=" class="), lambda tag: re.sub(r'(href="[^"]*") (class="[^"]*")', r"\2 \1", tag)
    )


@kind(REPAIRED, lambda pair: len(of(pair, *TAGS, like="class=")) == 1)
def a_class_translated(pair, rng):
    return pair.target.replace('class="x"', f'class="{rng.choice(["équis", "икс", "إكس", "关闭"])}"')


@kind(REPAIRED, has(*TAGS, like='href="/rules"'))
def an_address_translated(pair, rng):
    return pair.target.replace("/rules", rng.choice(["/règles", "/правила", "/القواعد", "/规则"]))


@kind(REPAIRED, tagged)
def tag_names_in_capitals(pair, rng):
    return _each(pair, rng, of(pair, *TAGS), lambda tag: re.sub(r"(?<=[</])\w+", lambda name: name[0].upper(), tag))


@kind(REPAIRED, tagged)
def blanks_within_tags(pair, rng):
    return _each(pair, rng, of(pair, *TAGS), lambda tag: re.sub(r"^</?", lambda begin: begin[0] + " ", tag))


@kind(REPAIRED, paired)
def a_blank_before_the_slash(pair, rng):
    return _each(pair, rng, of(pair, CodeKind.CLOSE), lambda tag: tag.replace("</", "< /"))


@kind(REPAIRED, has(*TAGS, like="<br"))
def a_line_break_written_oddly(pair, rng):
    return pair.target.replace("<br>", rng.choice(["<br/ >", "<br / >", "< br />", "<BR>"]))


@kind(REPAIRED, tagged)
def tags_escaped(pair, rng):
    begin, end = rng.choice([("&lt;", "&gt;"), ("&amp;lt;", "&amp;gt;"), ("＜", "＞")])
    return _each(pair, rng, of(pair, *TAGS), lambda tag: f"{begin}{tag[1:-1]}{end}")


@kind(REPAIRED, tagged)
def invisible_marks_within_tags(pair, rng):
    mark = rng.choice("\u200b\u200e\u200f\ufeff\u00ad")
    return _each(pair, rng, of(pair, *TAGS), lambda tag: f"{tag[0]}{mark}{tag[1:-1]}{mark}>")


@kind(REPAIRED, has(CodeKind.CLOSE))
def slashes_backslashed(pair, rng):
    return _each(pair, rng, of(pair, CodeKind.CLOSE), lambda tag: tag.replace("</", "<\\/"))


BLOCKS = r"^</?(?:p|ul|li|strong)>$"  # `strong` stands around all that its block says
blocked = has(*TAGS, like=BLOCKS)


@kind(REPAIRED, blocked)
def a_closing_tag_lost_where_only_one_place_is_its(pair, rng):
    return put(pair.target, rng.choice(of(pair, CodeKind.CLOSE, like=BLOCKS)), "")


@kind(REPAIRED, blocked)
def an_opening_tag_lost_where_only_one_place_is_its(pair, rng):
    return put(pair.target, rng.choice(of(pair, CodeKind.OPEN, like=BLOCKS)), "")


@kind(REPAIRED, has(CodeKind.CLOSE, like="^</[a-z]+>$"))
def a_closing_tag_without_its_slash(pair, rng):
    start, end = rng.choice([place for place in of(pair, CodeKind.CLOSE) if _is_bare(pair, place)] or [(0, 0)])
    return put(pair.target, (start, end), pair.target[start:end].replace("/", ""))


def _is_bare(pair: Pair, place) -> bool:
    return pair.target[slice(*place)].replace("/", "") in {code.data for code, _, _ in codes(pair.source)}


KINDS[-1:] = [
    type(KINDS[-1])(
        KINDS[-1].name,
        REPAIRED,
        lambda pair: any(_is_bare(pair, place) for place in of(pair, CodeKind.CLOSE)),
        KINDS[-1].damage,
    )
]


# Entities


@kind(REPAIRED, has(E))
def entities_escaped_again(pair, rng):
    times = rng.choice([1, 2])
    return _each(pair, rng, of(pair, E), lambda entity: "&" + "amp;" * times + entity[1:])


@kind(REPAIRED, has(E))
def a_blank_within_entities(pair, rng):
    return _each(pair, rng, of(pair, E), lambda entity: rng.choice([f"& {entity[1:]}", f"{entity[:-1]} ;"]))


@kind(REPAIRED, has(E))
def entities_without_their_semicolon(pair, rng):
    return _each(pair, rng, of(pair, E), lambda entity: entity[:-1])


@kind(REPAIRED, has(E))
def entities_in_full_width(pair, rng):
    return _each(pair, rng, of(pair, E), lambda entity: f"＆{entity[1:-1]}；")


@kind(REPAIRED, has(E, like="nbsp"))
def entities_in_capitals(pair, rng):
    return pair.target.replace("&nbsp;", rng.choice(["&NBSP;", "&Nbsp;"]))


@kind(REPAIRED, has(E, like="&amp;"))
def an_ampersand_left_bare(pair, rng):
    return pair.target.replace("&amp;", "&")


# Placeholders


@kind(REPAIRED, lambda pair: plain(pair) and len(set(_names(pair))) == 1)
def the_only_placeholder_renamed(pair, rng):
    name = rng.choice(["nom", "имя", "名称", "الاسم", "nombre_1"])
    return _each(pair, rng, of(pair, P, like=BRACED), lambda _: f"{{{name}}}")


@kind(REPAIRED, has(P, like=r"^[{$]"))
def placeholders_renamed_one_of_a_shape(pair, rng):
    start, end = rng.choice(_one_of_its_shape(pair))
    return put(pair.target, (start, end), re.sub(r"[\w.]+", "otro", pair.target[start:end]))


def _one_of_its_shape(pair: Pair):
    places = of(pair, P, like=r"^[{$]")
    shapes = [re.sub(r"[\w.]+", "", pair.target[slice(*place)]) for place in places]
    chosen = [place for place, shape in zip(places, shapes, strict=True) if shapes.count(shape) == 1]
    return chosen or [places[0]]


def _names(pair: Pair) -> list[str]:
    return [pair.target[slice(*place)] for place in of(pair, P, like=BRACED)]


@kind(REPAIRED, has(P, like=r"^[{$]"))
def blanks_within_placeholders(pair, rng):
    space = rng.choice([" ", "\u00a0", "  "])
    return _each(
        pair,
        rng,
        of(pair, P, like=r"^[{$]"),
        lambda code: re.sub(r"([\w.]+)", rf"{space}\1{space}", code),
    )


@kind(REPAIRED, has(P, like=BRACED))
def placeholders_in_full_width(pair, rng):
    return _each(
        pair,
        rng,
        of(pair, P, like=BRACED),
        lambda code: code.translate(str.maketrans("{}", "｛｝")) if rng.random() < 0.5 else _wide(code),
    )


def _wide(code: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in code)


@kind(REPAIRED, has(P, like=BRACED))
def a_closing_brace_lost(pair, rng):
    start, end = rng.choice(_loose_ends(pair))
    return put(pair.target, (start, end), pair.target[start : end - 1])


def _loose_ends(pair: Pair):
    """Where a placeholder without its end is not followed by what could belong to its name."""
    return [
        (start, end)
        for start, end in of(pair, P, like=BRACED)
        if not re.match(r"[A-Za-z0-9_,:)\]>]|[.\-]\w", pair.target[end : end + 2])
    ]


KINDS[-1:] = [type(KINDS[-1])(KINDS[-1].name, REPAIRED, lambda pair: bool(_loose_ends(pair)), KINDS[-1].damage)]


@kind(REPAIRED, has(P, like=BRACED))
def an_opening_brace_lost(pair, rng):
    start, end = rng.choice(of(pair, P, like=BRACED))
    return put(pair.target, (start, end), pair.target[start + 1 : end])


@kind(REPAIRED, has(P, like=r"^\{\d"))
def digits_of_another_script_in_placeholders(pair, rng):
    return pair.target.replace("{0}", rng.choice(["{٠}", "{۰}", "{０}", "{०}"]))


@kind(REPAIRED, has(P, like=BRACED))
def braces_doubled(pair, rng):
    return _each(pair, rng, of(pair, P, like=BRACED), lambda code: f"{{{code}}}")


@kind(REPAIRED, has(P, like=r"^\{\{"))
def double_braces_halved(pair, rng):
    return _each(pair, rng, of(pair, P, like=r"^\{\{"), lambda code: code[1:-1])


@kind(REPAIRED, has(P, like=r"^\{+[a-z]"))
def placeholders_in_capitals(pair, rng):
    return _each(pair, rng, of(pair, P, like=r"^\{+[a-z]"), lambda code: rng.choice([code.upper(), code.title()]))


@kind(REPAIRED, has(P, like=r"^\{+[a-z]"))
def invisible_marks_within_placeholders(pair, rng):
    mark = rng.choice("\u200b\u200e\u200f\u2068\ufeff")
    return _each(pair, rng, of(pair, P, like=r"^\{+[a-z]"), lambda code: re.sub("([a-z])", rf"{mark}\1", code, count=1))


@kind(REPAIRED, has(P, like="[aeo]"))
def lookalike_letters_in_placeholders(pair, rng):
    twins = str.maketrans("aeo", "аео")
    return _each(pair, rng, of(pair, P, like="^[{$].*[aeo]"), lambda code: code.translate(twins))


KINDS[-1:] = [type(KINDS[-1])(KINDS[-1].name, REPAIRED, has(P, like="^[{$].*[aeo]"), KINDS[-1].damage)]


@kind(REPAIRED, has(P, like="^%"))
def blanks_within_percent_codes(pair, rng):
    return _each(pair, rng, of(pair, P, like="^%"), lambda code: code.replace("%", "% "))


@kind(REPAIRED, has(P, like="^%"))
def another_percent_sign(pair, rng):
    sign = rng.choice("％٪")
    return _each(pair, rng, of(pair, P, like="^%"), lambda code: code.replace("%", sign))


@kind(REPAIRED, has(P, like=r"^%\("))
def a_percent_code_in_capitals(pair, rng):
    return pair.target.replace("visitor", "VISITOR")


@kind(REPAIRED, has(L))
def blanks_within_links(pair, rng):
    return pair.target.replace("@:", rng.choice(["@ :", "@: ", "@ : "]))


@kind(REPAIRED, has(L))
def links_in_full_width(pair, rng):
    return pair.target.replace("@:", rng.choice(["@：", "＠：", "＠:"]))


@kind(REPAIRED, has(L))
def a_link_translated(pair, rng):
    return pair.target.replace("menu.herbarium", rng.choice(["menú.herbario", "меню.гербарий", "القائمة.المعشبة"]))


# Plural bars, edges, line ends, marks


@kind(REPAIRED, barred)
def bars_without_their_blanks(pair, rng):
    return pair.target.replace(" | ", rng.choice(["|", "| ", " |"]))


@kind(REPAIRED, barred)
def bars_in_full_width(pair, rng):
    return pair.target.replace(" | ", rng.choice(["｜", " ｜ "]))


@kind(REPAIRED, barred)
def bars_doubled(pair, rng):
    return pair.target.replace(" | ", rng.choice([" || ", " | | ", "||"]))


@kind(REPAIRED)
def blanks_at_the_edges(pair, rng):
    before, after = rng.choice([("", " "), (" ", ""), ("\n", "\n"), ("\t", "\u00a0"), ("\ufeff", " ")])
    return f"{before}{pair.target}{after}"


@kind(REPAIRED, lambda pair: pair.source != pair.source.strip() and pair.locale != "zh")
def blanks_at_the_edges_lost(pair, rng):
    return pair.target.strip()


@kind(REPAIRED, lambda pair: "\n" in pair.target)
def line_ends_of_another_system(pair, rng):
    return pair.target.replace("\n", rng.choice(["\r\n", "\r"]))


@kind(REPAIRED, lambda pair: plain(pair) and bool(codes(pair.target)))
def zero_width_marks_beside_codes(pair, rng):
    start, end = rng.choice(of(pair, *TAGS, P) or of(pair))
    mark = rng.choice("\u200b\u2060\ufeff")
    return put(pair.target, (start, end), f"{mark}{pair.target[start:end]}{mark}")

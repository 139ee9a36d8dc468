"""Code kinds: damage to codes that no repair can prove: a person is asked, and nothing of it is served meanwhile."""

import re

from tests.mutations.base import TAGS, barred, codes, has, icu, of, plain, put, sentence, words
from tests.mutations.kind import Answer, collector
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind

KINDS, kind = collector()
QUARANTINED, WARNED, ACCEPTED = Answer.QUARANTINED, Answer.WARNED, Answer.ACCEPTED
P, L, E = CodeKind.PLACEHOLDER, CodeKind.LINK, CodeKind.ENTITY
REFERENCES = (P, L)
FIXED = frozenset(["p", "ul", "li", "strong"])  # tags of our units whose places are fixed


def one_form(*kinds: CodeKind, like: str = "", least: int = 1):
    return lambda pair: " | " not in pair.source and plain(pair) and len(of(pair, *kinds, like=like)) >= least


def _moving(pair: Pair) -> list[tuple[int, int]]:
    """Pairs of tags around words that may stand elsewhere, each as the places of its two ends."""
    opened, found = {}, []
    for code, start, end in codes(pair.target, CodeKind.OPEN, CodeKind.CLOSE):
        if re.match(r"</?(\w+)", code.data)[1] in FIXED:
            continue
        if code.kind is CodeKind.OPEN:
            opened[code.pair] = (start, end)
        elif code.pair in opened:
            found.append((opened[code.pair], (start, end)))
    return found


def _middle(pair: Pair, rng) -> int:
    """A place between two words."""
    return rng.choice([end for _, _, end in words(pair.target)[:-1]] or [0])


# Placeholders and links


@kind(QUARANTINED, one_form(*REFERENCES))
def a_placeholder_dropped(pair, rng):
    return put(pair.target, rng.choice(of(pair, *REFERENCES)), "")


@kind(QUARANTINED, one_form(*REFERENCES))
def a_placeholder_doubled(pair, rng):
    start, end = rng.choice(of(pair, *REFERENCES))
    return put(pair.target, (end, end), " " + pair.target[start:end])


@kind(QUARANTINED, sentence)
def a_placeholder_added(pair, rng):
    place = _middle(pair, rng)
    return put(pair.target, (place, place), rng.choice([" {extra}", " %s", " ${extra}", " {{extra}}"]))


@kind(QUARANTINED, one_form(P, like=r"^\{[^{]", least=2))
def two_placeholders_renamed(pair, rng):
    target = pair.target
    for number, place in enumerate(reversed(of(pair, P, like=r"^\{[^{]")[:2])):
        target = put(target, place, f"{{otro{number}}}")
    return target


@kind(QUARANTINED, one_form(P, like=r"^\{[^{]", least=2))
def one_placeholder_dropped_and_another_renamed(pair, rng):
    first, second = of(pair, P, like=r"^\{[^{]")[:2]
    return put(put(pair.target, second, ""), first, "{otro}")


@kind(QUARANTINED, one_form(P, like=r"^\{[^{]", least=2))
def one_placeholder_in_the_place_of_another(pair, rng):
    first, second = of(pair, P, like=r"^\{[^{]")[:2]
    return put(pair.target, first, pair.target[slice(*second)])


@kind(QUARANTINED, one_form(P, like=r"^\{[a-z]"))
def a_placeholder_without_either_brace(pair, rng):
    start, end = rng.choice(of(pair, P, like=r"^\{[a-z]"))
    return put(pair.target, (start, end), pair.target[start + 1 : end - 1])


@kind(QUARANTINED, one_form(P, like=r"^\{[a-z]"))
def a_placeholder_of_several_words(pair, rng):
    return put(pair.target, rng.choice(of(pair, P, like=r"^\{[a-z]")), "{el nombre aquí}")


@kind(QUARANTINED, one_form(P, like="^%[sd]"))
def a_percent_code_that_became_braces(pair, rng):
    return put(pair.target, rng.choice(of(pair, P, like="^%[sd]")), "{nombre}")


@kind(QUARANTINED, has(P, like=r"^\$"))
def a_dollar_sign_lost(pair, rng):
    return pair.target.replace("$", "")


# Tags


@kind(QUARANTINED, lambda pair: bool(_moving(pair)))
def a_pair_of_tags_dropped(pair, rng):
    opening, closing = rng.choice(_moving(pair))
    return put(put(pair.target, closing, ""), opening, "")


@kind(QUARANTINED, lambda pair: bool(_moving(pair)))
def a_closing_tag_lost_between_words(pair, rng):
    return put(pair.target, rng.choice(_moving(pair))[1], "")


@kind(QUARANTINED, lambda pair: bool(_moving(pair)))
def an_opening_tag_lost_between_words(pair, rng):
    return put(pair.target, rng.choice(_moving(pair))[0], "")


@kind(QUARANTINED, lambda pair: bool(_moving(pair)))
def a_pair_of_tags_doubled(pair, rng):
    opening, closing = rng.choice(_moving(pair))
    target = put(pair.target, closing, pair.target[slice(*closing)] * 2)
    return put(target, opening, pair.target[slice(*opening)] * 2)


@kind(QUARANTINED, sentence)
def a_tag_added(pair, rng):
    word, start, end = rng.choice(words(pair.target))
    tag = rng.choice(["em", "u", "h1", "font"])
    return put(pair.target, (start, end), f"<{tag}>{word}</{tag}>")


@kind(QUARANTINED, sentence)
def a_line_break_added(pair, rng):
    place = _middle(pair, rng)
    return put(pair.target, (place, place), rng.choice(["<hr>", "<br><br>"]))


@kind(QUARANTINED, lambda pair: pair.source.startswith(("<ul>", "<p><strong>")))
def tags_crossed(pair, rng):
    for before, after in (("</li></ul>", "</ul></li>"), ("</strong></p>", "</p></strong>")):
        if before in pair.target:
            return pair.target.replace(before, after)
    raise AssertionError


@kind(QUARANTINED, lambda pair: bool(_moving(pair)))
def a_pair_of_tags_turned_round(pair, rng):
    opening, closing = rng.choice(_moving(pair))
    return put(put(pair.target, closing, pair.target[slice(*opening)]), opening, pair.target[slice(*closing)])


@kind(QUARANTINED, has(CodeKind.OPEN, like="^<[bi]>$"))
def a_tag_turned_into_another(pair, rng):
    return re.sub(r"(</?)[bi]>", rf"\1{rng.choice(['em', 'u', 'x'])}>", pair.target)


# Links and what could do harm


@kind(QUARANTINED, has(*TAGS, like='href="'))
def an_address_that_leads_elsewhere(pair, rng):
    host = rng.choice(["https://elsewhere.example", "//elsewhere.example", "http://seeds.example.evil.example"])
    return re.sub(r'href="[^"]*"', f'href="{host}/rules"', pair.target, count=1)


@kind(QUARANTINED, lambda pair: "mailto:" in pair.source)
def two_addresses_changed(pair, rng):
    return re.sub(r'href="[^"]*"', lambda _: f'href="https://seeds.example/{rng.randrange(9**9)}"', pair.target)


@kind(QUARANTINED, has(*TAGS, like="href="))
def an_address_that_runs_a_script(pair, rng):
    scheme = rng.choice(["javascript:", "JavaScript:", " javascript:", "java\tscript:", "data:text/html,", "vbscript:"])
    return re.sub(r'href="[^"]*"', f'href="{scheme}alert(1)"', pair.target, count=1)


@kind(QUARANTINED, has(CodeKind.OPEN))
def an_event_handler_added(pair, rng):
    handler = rng.choice([' onclick="go()"', " onmouseover='go()'", " ONLOAD=go()", "/onfocus=go()"])
    _start, end = rng.choice(of(pair, CodeKind.OPEN))
    return put(pair.target, (end - 1, end - 1), handler)


@kind(QUARANTINED, has(CodeKind.OPEN))
def a_style_added(pair, rng):
    _start, end = rng.choice(of(pair, CodeKind.OPEN))
    return put(pair.target, (end - 1, end - 1), ' style="position:fixed"')


@kind(QUARANTINED, sentence)
def a_script_added(pair, rng):
    script = rng.choice(
        [
            "<script>go()</script>",
            "<ScRiPt src=//x.example></sCrIpT>",
            "<svg/onload=go()>",
            '<iframe src="//x.example">',
        ]
    )
    place = _middle(pair, rng)
    return put(pair.target, (place, place), script)


@kind(QUARANTINED, sentence)
def a_script_added_and_escaped_only_in_part(pair, rng):
    return f"{pair.target}<script>go()&lt;/script&gt;"


@kind(QUARANTINED, lambda pair: bool(of(pair, *TAGS, like="<br")))
def a_tag_that_is_never_closed(pair, rng):
    return pair.target.replace("<br>", '<br "')


@kind(QUARANTINED, sentence)
def a_comment_added(pair, rng):
    return f"{pair.target}<!-- see with the author -->"


# Plural forms


@kind(QUARANTINED, barred)
def a_plural_form_left_blank(pair, rng):
    return pair.target.rpartition(" | ")[0] + " |  "


@kind(WARNED, lambda pair: barred(pair) and pair.locale in ("ar", "ru"))
def a_plural_form_lost(pair, rng):
    return pair.target.rpartition(" | ")[0]


@kind(WARNED, barred)
def a_plural_form_too_many(pair, rng):
    return f"{pair.target} | {pair.target.rpartition(' | ')[2]} | {pair.target.rpartition(' | ')[2]}"


@kind(QUARANTINED, barred)
def a_placeholder_renamed_and_dropped_in_plural_forms(pair, rng):
    forms = pair.target.split(" | ")
    return " | ".join([forms[0].replace("{count} ", "{otro} {otro2} "), *forms[1:]])


# ICU messages


@kind(QUARANTINED, icu)
def a_brace_of_a_message_lost(pair, rng):
    place = rng.choice([found.start() for found in re.finditer("[{}]", pair.target)])
    return put(pair.target, (place, place + 1), "")


@kind(QUARANTINED, icu)
def the_other_form_of_a_message_missing(pair, rng):
    return re.sub(r" ?other \{[^{}]*\}", " one {#}" if pair.locale == "zh" else "", pair.target)


@kind(WARNED, lambda pair: icu(pair) and pair.locale in ("ar", "ru"))
def a_form_of_a_message_missing(pair, rng):
    return re.sub(r" ?few \{[^{}]*\}", "", pair.target)


@kind(QUARANTINED, icu)
def the_argument_of_a_message_renamed(pair, rng):
    return pair.target.replace("{count,", "{número,")


@kind(QUARANTINED, icu)
def a_keyword_of_a_message_translated(pair, rng):
    return pair.target.replace("other {", "otros {")


@kind(QUARANTINED, icu)
def the_kind_of_a_message_translated(pair, rng):
    return pair.target.replace("plural", rng.choice(["pluriel", "множественное", "复数"]))


# What is right, and must stay as it is


@kind(ACCEPTED, has(CodeKind.OPEN))
def a_tag_with_a_blank_at_its_end(pair, rng):
    return re.sub(r"(<\w[^<>]*)>", r"\1 >", pair.target)


@kind(ACCEPTED, has(*TAGS, like="<br"))
def a_single_tag_with_its_slash(pair, rng):
    return pair.target.replace("<br>", rng.choice(["<br/>", "<br />"]))


@kind(ACCEPTED, has(E, like="ndash|nbsp"))
def entities_written_as_their_characters(pair, rng):
    return pair.target.replace("&ndash;", "–").replace("&nbsp;", "\u00a0")


@kind(ACCEPTED, lambda pair: "permits-en.pdf" in pair.source)
def an_address_of_the_own_language(pair, rng):
    return pair.target.replace("-en.pdf", f"-{pair.locale}.pdf")


@kind(ACCEPTED, lambda pair: pair.locale == "ar" and not barred(pair) and bool(of(pair, P, like=r"^\{\w")))
def directional_marks_around_placeholders(pair, rng):
    mark = rng.choice("\u200e\u200f")
    return re.sub(r"(?<![{$])(\{\w+\})(?!\})", rf"{mark}\1{mark}", pair.target)


@kind(ACCEPTED, lambda pair: "mailto:" in pair.source)
def two_links_in_another_order(pair, rng):
    one, other = re.findall(r"<a.*?</a>", pair.target)
    return pair.target.replace(one, "\0").replace(other, one).replace("\0", other)


@kind(ACCEPTED, lambda pair: pair.source.startswith("Hello {name}"))
def placeholders_in_another_order(pair, rng):
    return pair.target.replace("{name}", "\0").replace("{0}", "{name}").replace("\0", "{0}")

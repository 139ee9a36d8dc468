"""Vue: single-file components with the texts of their template, and the messages of `<i18n>` blocks and of their script."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from tree_sitter import Node

from extractors.code_stretches import Code, code, walk
from extractors.html_attributes import said
from extractors.html_blocks import Blocks, Rules
from extractors.html_codes import BRACES, plain_braces
from extractors.html_format import Markup
from extractors.html_keys import Scope
from extractors.html_tokens import Kind, Syntax, Token, tokens
from extractors.js_messages import Absent, slots, table
from extractors.pages import Page
from extractors.slots import Slot
from extractors.splices import Splice
from extractors.vue_messages import READ, Section, messages, new_messages
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.units import Locale

_HTML = ("", "html")
_ROOT = ("template",)
_MAKERS = frozenset(["createI18n", "useI18n", "VueI18n"])
_READ_AS = {"": "js", "js": "js", "jsx": "js", "ts": "ts", "tsx": "tsx", "typescript": "ts"}


class VueComponent(Markup):
    """Components of Vue 2 and 3; a key begins with the kind of block, `template`, `i18n` or `messages`."""

    syntaxes: ClassVar = {
        "": (
            Syntax(BRACES, plain_braces, cased=True, closes_itself=True),
            Rules(ends_left_out=False),
        )
    }

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        texts = Blocks(page, self.rules, self.syntax)
        blocks: list[Section] = []
        others: list[Slot | Finding] = []
        for section in self._sections(page):
            name, language = section.tag.name, _language(page, section.tag)
            if name == "template" and language in _HTML:
                texts.walk(section.inside, _ROOT, "", Scope(_ROOT))
            elif name == "script":
                others += _script(page, section, language, locale)
            elif name == "i18n" and language in ("", *READ):
                blocks.append(section)
            elif name in ("template", "i18n"):
                others.append(_unread(page, section, language))
        yield from self.slots_of(page, texts.found)
        yield from others
        yield from messages(page, blocks, locale)

    def spliced(self, page: Page, changed: Iterable[tuple[Slot, str]]) -> Iterator[Splice]:
        """Messages that a language had not are added to its object."""
        waiting: list[tuple[Absent, str]] = []
        for each, text in changed:
            if isinstance(each, Absent):
                waiting.append((each, text))
            else:
                yield from each.write(text)
        yield from new_messages(page, waiting)

    def _sections(self, page: Page) -> Iterator[Section]:
        place = 0
        while tag := next((each for each in tokens(page, self.syntax, place) if each.kind is Kind.OPEN), None):
            place = tag.end
            if tag.alone:
                continue
            if tag.name == "template" and _language(page, tag) in _HTML:
                inside = tuple(self._inside(page, tag))
                end = inside[-1].end if inside else tag.end
            else:
                inside, end = (), _plain_end(page, tag)
            yield Section(tag, tag.end, end, inside)
            place = page.text.index(">", end) + 1

    def _inside(self, page: Page, tag: Token) -> Iterator[Token]:
        """What stands in a template, up to its own end tag."""
        depth = 1
        for each in tokens(page, self.syntax, tag.end):
            if each.name == "template" and not each.alone:
                depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(each.kind, 0)
                if depth == 0:
                    return
            yield each
        raise page.error(tag.begin, "the <template> that begins here has no </template>; write its end tag")


def _plain_end(page: Page, tag: Token) -> int:
    end = re.compile(rf"</{re.escape(tag.name)}\s*>").search(page.text, tag.end)
    if end is None:
        raise page.error(tag.begin, f"the <{tag.name}> that begins here has no </{tag.name}>; write its end tag")
    return end.start()


def _language(page: Page, tag: Token) -> str:
    return said(page.text, tag, "lang").lower()


def _unread(page: Page, section: Section, language: str) -> Finding:
    line, _ = page.position(section.tag.begin)
    what = f"<{section.tag.name}> in line {line}"
    sentence = f"The {what} is written in {language}, which is not read; its texts stay as they are."
    return Finding("unread", Severity.WARNING, sentence, path=page.path)


def _script(page: Page, section: Section, language: str, locale: Locale) -> Iterator[Slot]:
    text = page.text[section.begin : section.end]
    if "messages" not in text or "i18n" not in text.lower() or language not in _READ_AS:
        return
    parsed = code(page, _READ_AS[language], section.begin, section.end)
    for root in _message_objects(parsed):
        yield from slots(table(parsed, root), locale, ("messages",))


def _message_objects(parsed: Code) -> Iterator[Node]:
    """Objects given as `messages` to vue-i18n: in an `i18n` option, or to a function that makes one."""
    named: dict[str, Node] = {}
    for node in walk(parsed.root):
        if node.type == "variable_declarator" and (value := node.child_by_field_name("value")):
            called = node.child_by_field_name("name")
            if called and value.type == "object":
                named[parsed.text(called)] = value
    for node in walk(parsed.root):
        if node.type == "pair" and _called(parsed, node) == "messages" and _is_ours(parsed, node):
            value = node.child_by_field_name("value")
            found = named.get(parsed.text(value)) if value and value.type == "identifier" else value
            if found and found.type == "object":
                yield found
        elif (
            node.type == "shorthand_property_identifier"
            and parsed.text(node) == "messages"
            and "messages" in named
            and _is_ours(parsed, node)
        ):
            yield named["messages"]


def _called(parsed: Code, pair: Node) -> str:
    key = pair.child_by_field_name("key")
    return parsed.text(key).strip("\"'") if key else ""


def _is_ours(parsed: Code, node: Node) -> bool:
    options = node.parent
    around = options.parent if options else None
    if around is None:
        return False
    if around.type == "pair":
        return _called(parsed, around) == "i18n"
    maker = around.parent
    called = maker and (maker.child_by_field_name("function") or maker.child_by_field_name("constructor"))
    return called is not None and parsed.text(called) in _MAKERS

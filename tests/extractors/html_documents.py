"""Pages and templates as hypothesis draws them, written by hand in the ways that people write markup, in every dialect."""

import json
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.units import Key

_WORDS = st.sampled_from(
    [
        *("seeds", "Harbour", "permit", "it's", "caf\u00e9", "&eacute;t&eacute;", "R&amp;D", "\u79cd\u5b50", "No. 7"),
        *("5&nbsp;kg", "&quot;a&quot;", "\U0001f331 sprouts"),
    ]
)
_BLANKS = st.sampled_from([" ", "\n    ", "  ", "\r\n\t"])
_PLAIN_BLANKS = st.sampled_from(["", "\n", "\n  ", " "])
# Whole words with a letter: a page holds no text of blanks at its ends, and none without words.
_CHARACTERS = "abcxyz'\"-.,;:!?)(/\\#$*+=~^_|\u00e9\u062f\u0628\u042f\u4e2d\u2019\U0001f600\u2028\xad0123"
TARGETS = (
    st.lists(st.text(st.sampled_from(_CHARACTERS), min_size=1, max_size=8), min_size=1, max_size=4)
    .map(" ".join)
    .filter(lambda text: any(character.isalpha() for character in text))
)


@dataclass(frozen=True)
class Flavour:
    """How a dialect writes what plain HTML has not."""

    codes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ("<!-- a note -->",)
    wraps: tuple[tuple[str, str], ...] = ()  # around blocks
    inside: tuple[tuple[str, str], ...] = ()  # around words of a sentence
    attributes: tuple[str, ...] = (' class="a"', " data-x=1", "")
    noise: tuple[str, ...] = ("<script>if (a < b) { '<p>' }</script>", "<style>p > a { color: red }</style>")
    alone: str = ">"
    before: str = "<!DOCTYPE html>"
    after: str = ""
    root: Key = ()
    quotes: tuple[str, ...] = ('"', "'")


_SERVER = (' {{ attributes }} class="{{ a("x") }}"',)
FLAVOURS = {
    ("html", ""): Flavour(attributes=(' class="a"', " data-x=1", " hidden", ' title="5"', ' onclick="a > b"')),
    ("html", "angularjs"): Flavour(
        ("{{ vm.count }}", "{{::name | upper}}", "{{ a > b ? 1 : 2 }}"),
        attributes=(' ng-if="a > b"', " ng-cloak"),
        noise=("<figcaption translate>KEY.OF.CATALOG</figcaption>", '<figcaption ng-bind="x">old</figcaption>'),
    ),
    ("html", "angular"): Flavour(
        ("{{ count }}", "{{ a['}'] }}"),
        wraps=(("@if (a > b) {", "}"), ("@for (x of xs; track x.id) {", "}")),
        inside=(("@if (a) {", "}"),),
        attributes=(' *ngIf="a > b"', ' [title]="x"', ' (click)="go()"', ""),
        noise=('<figcaption translate="KEY"></figcaption>', '<figcaption [innerHTML]="x"></figcaption>'),
        before="",
    ),
    ("template", "jinja"): Flavour(
        ("{{ count }}", '{{ url("x", y=")}") }}', '{{ _("catalog") }}'),
        ("{# a note #}", "<!-- a note -->"),
        (
            ("{% if a > b %}", "{% endif %}"),
            ("{%- for x in xs -%}", "{%- endfor -%}"),
            ("{% block body %}", "{% endblock %}"),
        ),
        (("{% if a < b %}", "{% endif %}"), ("{% if a %}x{% else %}", "{% endif %}")),
        (*_SERVER, ' {% if a > b %}class="x"{% endif %}', ""),
        ("{% set x = '<p>' %}", '{% include "x.html" %}', "{% trans %}From a catalog{% endtrans %}"),
    ),
    ("template", "ejs"): Flavour(
        ("<%= count %>", "<%- html %>", "<%= a > b %>"),
        ("<%# a note %>", "<!-- a note -->"),
        (("<% if (a > b) { %>", "<% } %>"), ("<% xs.forEach(function (x) { -%>", "<% }) -%>")),
        (("<% if (a) { %>", "<% } %>"),),
        (' class="<%= a ? "x" : "y" %>"', " <% if (a > b) { %>hidden<% } %>", ""),
        ("<% const x = '{'; %>", "<%- include('x') %>"),
    ),
    ("template", "handlebars"): Flavour(
        ("{{count}}", "{{{html}}}", '{{helper "x" y=1}}'),
        ("{{!-- a note --}}", "{{! a note }}"),
        (("{{#if a}}", "{{/if}}"), ("{{#each xs as |x|}}", "{{/each}}")),
        (("{{#if a}}", "{{/if}}"), ("{{#if a}}x{{else}}", "{{/if}}")),
        (' class="{{a}}"', " {{#if a}}hidden{{/if}}", ""),
        ("{{> footer}}",),
    ),
    ("svelte", ""): Flavour(
        ("{count}", "{format(count, { a: '}' })}", "{a > b ? `x${c}` : 2}"),
        wraps=(("{#if a > b}", "{/if}"), ("{#each xs as x (x.id)}", "{/each}")),
        inside=(("{#if a}", "{/if}"), ("{#if a}x{:else}", "{/if}")),
        attributes=(" {a}", " {...b}", ' class="{a ? "x" : \'y\'}"', " on:click={() => a > b}"),
        before="<script>let a = '<p>';</script>\n",
    ),
    ("jsx", ""): Flavour(
        ("{count}", "{format(count, { a: '}' })}", "{a > b ? `x${c}` : 2}"),
        ("{/* a note */}",),
        (("{a > b && <>", "</>}"), ("{xs.map(x => <div key={x}>", "</div>)}")),
        (("<b>", "</b>"),),
        (' className="a"', " {...b}", " onClick={() => a > b}"),
        ("{children}",),
        "/>",
        "import x from 'y';\nexport const Card = ({ a, b }: Props) => (\n<main>",
        "</main>\n);\n",
        ("Card", "main"),
    ),
    ("vue", ""): Flavour(
        ("{{ count }}", "{{ a > b ? 1 : 2 }}"),
        attributes=(' v-if="a > b"', ' :class="{ a: b }"', ' @click="a > b"', ""),
        noise=("<figcaption v-t=\"'a.b'\"></figcaption>", '<figcaption v-text="x"/>'),
        before="<template>\n<main>",
        after="</main>\n</template>\n",
        root=("template", "main"),
    ),
}


@dataclass
class _Scope:
    path: Key
    counts: dict[str, int] = field(default_factory=dict)
    sections: list[tuple[int, "_Scope"]] = field(default_factory=list)

    def name(self, tag: str) -> str:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        return tag if self.counts[tag] == 1 else f"{tag}:{self.counts[tag]}"

    @property
    def here(self) -> "_Scope":
        return self.sections[-1][1] if self.sections else self


class _Writer:
    """Writes one page, and the key of each of its texts beside it."""

    def __init__(self, draw: st.DrawFn, flavour: Flavour) -> None:
        self.draw, self.flavour = draw, flavour
        self.pieces: list[tuple[Key | None, bytes]] = []
        self.ids = self.depth = 0
        self.scope = _Scope(flavour.root)

    def put(self, text: str, key: Key | None = None) -> None:
        self.pieces.append((key, text.encode()))

    def one(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def noise(self) -> str:
        return self.one(*self.flavour.attributes)

    def sentence(self) -> str:
        """Words, inline elements and codes; the first and the last are words."""
        middle = self.draw(st.lists(st.one_of(_WORDS, st.just(None)), max_size=3))
        parts = [self.draw(_WORDS), *(self.inline() if word is None else word for word in middle), self.draw(_WORDS)]
        return self.draw(_BLANKS).join(parts)

    def inline(self) -> str:
        word = self.draw(_WORDS)
        choices = [
            f"<b>{word}</b>",
            f"<br{self.flavour.alone}",
            f'<a href="/{self.one("a", "b")}"{self.noise()}>{word}</a>',
            f"<code{self.noise()}>make</code>",
            *self.flavour.codes,
            *(f"{begin}{word}{end}" for begin, end in self.flavour.inside),
        ]
        return self.one(*choices)

    def text(self, key: Key) -> None:
        self.put(self.draw(_PLAIN_BLANKS))
        self.put(self.sentence(), key)
        self.put(self.draw(_PLAIN_BLANKS))

    def value(self, name: str, key: Key) -> None:
        quote = self.one(*self.flavour.quotes)
        self.put(f" {name}={quote}")
        words = self.draw(st.lists(_WORDS, min_size=1, max_size=3))
        self.put(" ".join(words).replace("'", "&#39;"), (*key, name))
        self.put(quote)

    def element(self, tag: str, key: Key, *, attributes: str = "") -> None:
        self.put(f"<{tag}{attributes}{self.noise()}")
        if self.draw(st.booleans()):
            self.value(self.one("title", "aria-label"), key)
        self.put(">")

    def blocks(self) -> None:
        for _ in range(self.draw(st.integers(0 if self.depth else 1, 3))):
            kinds = [self.paragraph, self.heading, self.links, self.mixed, self.field, self.aside]
            kinds += [self.landmark, self.identified, self.wrapped] if self.depth < 1 else []
            self.draw(st.sampled_from(kinds))()
            self.put(self.draw(_PLAIN_BLANKS))

    def within(self, inner: _Scope) -> None:
        outer, self.scope = self.scope, inner
        self.depth += 1
        self.blocks()
        self.depth -= 1
        self.scope = outer

    def paragraph(self) -> None:
        tag = self.one("p", "blockquote", "dd")
        key = (*self.scope.here.path, self.scope.here.name(tag))
        self.element(tag, key)
        self.text(key)
        self.put(f"</{tag}>")

    def heading(self) -> None:
        level = self.draw(st.integers(2, 3))
        while self.scope.sections and self.scope.sections[-1][0] >= level:
            self.scope.sections.pop()
        key = (*self.scope.here.path, self.scope.here.name(f"h{level}"))
        self.scope.sections.append((level, _Scope(key)))
        self.element(f"h{level}", key)
        self.text(key)
        self.put(f"</h{level}>")

    def links(self) -> None:
        self.scope.here.name("ul")
        self.put("<ul>")
        for _ in range(self.draw(st.integers(1, 2))):
            key = (*self.scope.here.path, self.scope.here.name("li"), "a")
            self.put(f"<li>{self.draw(_PLAIN_BLANKS)}<a href='#'>")
            self.text(key)
            self.put(f"</a>{self.draw(_PLAIN_BLANKS)}</li>")
        self.put("</ul>")

    def mixed(self) -> None:
        key = (*self.scope.here.path, self.scope.here.name("div"))
        self.put("<div>")
        self.text(key)
        self.paragraph()
        self.text((*key, "2"))
        self.put("</div>")

    def field(self) -> None:
        key = (*self.scope.here.path, self.scope.here.name("td"))
        self.put("<td><label>")
        self.put(self.sentence(), (*key, "label"))
        self.put("</label> <input")
        self.value("placeholder", (*key, "input"))
        self.put(f"{self.noise()}{self.flavour.alone}</td>")

    def aside(self) -> None:
        self.put(self.one(*self.flavour.comments, *self.flavour.noise))

    def landmark(self) -> None:
        tag = self.one("section", "nav", "article")
        inner = _Scope((*self.scope.here.path, self.scope.here.name(tag)))
        self.element(tag, inner.path)
        self.within(inner)
        self.put(f"</{tag}>")

    def identified(self) -> None:
        self.ids += 1
        inner = _Scope((f"#part{self.ids}",))
        self.element("div", inner.path, attributes=f' id="part{self.ids}"')
        self.within(inner)
        self.put("</div>")

    def wrapped(self) -> None:
        if not self.flavour.wraps:
            return
        begin, end = self.draw(st.sampled_from(self.flavour.wraps))
        self.put(begin)
        if begin.endswith("<div key={x}>"):
            self.scope.here.name("div")
        self.within(self.scope)
        self.put(end)


@st.composite
def html_samples(draw: st.DrawFn, flavour: Flavour) -> Sample:
    writer = _Writer(draw, flavour)
    writer.put(flavour.before)
    writer.blocks()
    writer.put(flavour.after)
    return Sample(tuple(writer.pieces))


@st.composite
def vue_samples(draw: st.DrawFn) -> Sample:
    """A component with messages in its script or in a block, which begin with a language that has them all."""
    page = draw(html_samples(FLAVOURS["vue", ""]))
    names = draw(st.lists(st.sampled_from(["title", "hint", "a-b", "more"]), unique=True, min_size=1))
    pieces = list(page.pieces)
    is_script = draw(st.booleans())
    pieces.append(
        (None, b"<script>\nexport default { i18n: { messages: { en: {" if is_script else b'<i18n>\n{ "en": {')
    )
    for name in names:
        quote = draw(st.sampled_from(['"', "'", "`"])) if is_script else '"'
        text = draw(st.sampled_from(["Seeds", "Two words", "caf\u00e9", "\u79cd"]))
        under = "messages" if is_script else "i18n"
        pieces += [
            (None, f"{json.dumps(name)}: {quote}".encode()),
            ((under, name), text.encode()),
            (None, f"{quote},".encode() if is_script or name != names[-1] else quote.encode()),
        ]
    pieces.append((None, b"}, fr: {} } } }\n</script>" if is_script else b'}, "fr": {} }\n</i18n>'))
    return Sample(tuple(pieces))


ROOMS = {
    name: Room(html_samples(flavour) if name[0] != "vue" else vue_samples(), TARGETS)
    for name, flavour in FLAVOURS.items()
}

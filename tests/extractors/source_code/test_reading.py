"""Reading source code: the keys, imports, names and addresses of a file, whatever it is written in."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.source_code import SourceCode
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document
from tm_service.domain.usage import JoinKind, UsageKind

FOLDER = Path(__file__).parents[2] / "golden" / "source_code" / "reading"
SOURCES = {
    path.name.removesuffix(".sample"): path.read_bytes()
    for path in sorted(FOLDER.iterdir())
    if path.name != "expected.json"
}
PARTS = ("usages", "imports", "mounts", "routes", "joined", "component", "aliases")


def read(code, path="app/a.js"):
    return SourceCode().read(Document(path, code.encode("utf-8", "surrogatepass")))


def keys(code, path="app/a.js"):
    return [usage.key for usage in read(code, path).usages]


def _plain(value):
    """What is said, and nothing that is as usual."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner not in ("", (), False) and name != "path"}
    return value


def test_a_file_says_what_its_golden_record_says(accept):
    told = {}
    for name, content in SOURCES.items():
        found = SourceCode().read(Document(name, content))
        parts = {part: getattr(found, part) for part in PARTS}
        told[name] = {
            part: value
            if isinstance(value, str)
            else [_plain(asdict(one)) if hasattr(one, "__slots__") else one for one in value]
            for part, value in parts.items()
            if value
        }
        for one in told[name].get("routes", ()):
            one["path"] = next(route.path for route in found.routes if list(route.shows) == list(one["shows"]))
    written = json.dumps(told, indent=1, ensure_ascii=False, default=str) + "\n"
    expected = FOLDER / "expected.json"
    if accept:
        expected.write_text(written, "utf-8")
    assert json.loads(written) == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("this.$t('a.b')", ["a.b"]),
        ('vm.$i18n.t("a.b")', ["a.b"]),
        ("useI18n().t('a.b')", ["a.b"]),
        ("i18n?.t('a.b')", ["a.b"]),
        ("i18n\n  .t('a.b')", ["a.b"]),
        ("$t('it\\'s \\u00e9')", ["it's é"]),
        ("$t(x ? 'a' : b ? 'c' : 'd')", ["a", "c", "d"]),
        ("$t(given || 'a.default')", ["*", "a.default"]),
        ("$t('a.' + (x ? 'b' : 'c'))", ["a.b", "a.c"]),
        ("$t(`a.b`)", ["a.b"]),
        ("$t(('a.b'))", ["a.b"]),
        ("const K = 'a.b'; $t(K)", ["a.b"]),
        ("const { t: say } = useI18n(); say('a.b')", ["a.b"]),
        ("const say = useTranslations('Home'); say('title')", ["title"]),
        ("$t()", []),
        ("$t(5)", []),
        ("t('div')", []),  # of another library
        ("import i18n from 'x'; t('a.b')", ["a.b"]),
        ("_('abc').map(x)", []),  # lodash
        ("import { gettext as _ } from 'gettext'; _('A text')", ["A text"]),
        ("obj.t('a.b') // i18n", []),
        ("const x: = ; $t('a.b') }{", ["a.b"]),  # with mistakes
        ("// $t('a.b')", []),
        ("x = \"$t('a.b')\"", []),
    ],
)
def test_a_key_is_what_a_translating_function_is_given(code, expected):
    assert keys(code) == expected


@pytest.mark.parametrize(
    ("path", "code", "expected"),
    [
        ("a.vue", "<template><p :title='$t(\"a\")'>{{ b }}</p></template>", ["a"]),
        ("a.vue", "<template><p v-for='x in y'>{{ $t('a') }}</p></template>", ["a"]),
        ("a.vue", "<template>\n<p v-if='1 < 2 && $t(\"a\")'>\n{{ $t('b') }}</p></template>", ["a", "b"]),
        ("a.vue", "<template><p v-pre>{{ $t('a') }}</p></template>", []),
        ("a.vue", "<template><Foo @x=\"y = $t('a')\" #slot/></template>", ["a"]),
        ("a.vue", '<i18n>{"en": {"a": "b"}}</i18n><template>{{ $t(\'a\') }}</template>', ["a"]),
        ("a.vue", "<template>{{ say('a') }}</template><script setup>const { t: say } = useI18n();</script>", ["a"]),
        ("a.vue", "<template>{{ x.a.b }}</template><script>import x from './x.json';</script>", ["a.b"]),
        ("a.vue", "<template>{{ $t(KEY) }}</template><script setup>const KEY = 'a.b';</script>", ["a.b"]),
        ("a.html", "<p>{{ 'a.b' | translate }}", ["a.b"]),
        ("a.html", "<p>{{ a.b | translate }}</p>", ["*"]),
        ("a.html", "<p>{{ x | date: 'short' }}</p>", []),
        ("a.html", "<p title=\"{{ 'a' | translate }} x\">", ["a"]),
        ("a.html", "<p translate>\n  some.key\n</p>", ["some.key"]),
        ("a.html", "<p translate>{{ x }}</p>", []),
        ("a.html", "<input [placeholder]=\"'a.b' | translate\">", ["a.b"]),
        ("a.html", "<p>{% if x %}{{ _('Text') }}{% endif %}</p>", ["Text"]),
        ("a.html", "<!-- {{ $t('a') }} --><script>// {{ $t('b') }}\n</script>", []),
        ("a.jsx", "<Trans i18nKey={'a.b'}>x</Trans>", ["a.b"]),
        ("a.jsx", "<p>{intl.formatMessage({ id: 'a' })}</p>", ["a"]),
        ("a.py", "_('a' 'b')", ["ab"]),
        ("a.py", "_(x)", []),
        ("a.py", "self._('a')", ["a"]),
    ],
)
def test_a_template_is_read_like_a_script(path, code, expected):
    assert keys(code, path) == expected


def test_a_key_known_in_part_has_its_static_ends():
    (usage,) = read("$t('a.' + x + '.b')").usages
    assert (usage.key, usage.is_dynamic, usage.prefix, usage.suffix) == ("a.*.b", True, "a.", ".b")
    (usage,) = read("$t(x)").usages
    assert (usage.key, usage.is_dynamic, usage.prefix, usage.suffix) == ("*", True, "", "")


@pytest.mark.parametrize(
    ("before", "line", "column"), [("", 1, 4), ("é🙂 = 1; ", 1, 12), ("\n\n  ", 3, 6), ("\r\n", 2, 4), ("\r", 2, 4)]
)
def test_a_place_is_counted_in_characters(before, line, column):
    (usage,) = read(f"{before}$t('a')").usages
    assert (usage.line, usage.column) == (line, column)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("$t('a') + $t('b')", JoinKind.MESSAGES),
        ("$t('a') + ' ' + $t('b')", JoinKind.MESSAGES),
        ("`${$t('a')} ${$t('b')}`", JoinKind.MESSAGES),
        ("'the ' + $t('a')", JoinKind.WORDS),
        ("`${$t('a')} of trees`", JoinKind.WORDS),
        ("$t('a') + ' ' + name", JoinKind.VALUE),
        ("`${name} ${$t('a')}`", JoinKind.VALUE),
        ("alert('You have ' + n + ' seeds left')", JoinKind.LITERAL),
    ],
)
def test_a_sentence_put_together_is_told(code, kind):
    assert [joined.kind for joined in read(code).joined] == [kind]


@pytest.mark.parametrize(
    "code",
    [
        "$t('a') + ': ' + name",
        "$t('a') + ', ' + $t('b')",
        "$t('a') + ' / ' + $t('b')",
        "'<b>' + $t('a') + '</b>'",
        "$t('a' + b)",
        "url + '?q=' + $t('a')",
        "'btn ' + kind + ' active'",
        "console.log('Read ' + n + ' files of the garden')",
    ],
)
def test_a_list_or_an_address_is_no_sentence(code):
    assert read(code).joined == ()


def test_translations_side_by_side_in_a_page_are_told():
    code = "<p>{{ $t('a') }} {{ n }} {{ $t('b') }}</p><p>{{ $t('a') }}: {{ n }}</p><p>{{ $t('a') }} <b>{{ $t('b') }}</b></p>"
    assert [joined.kind for joined in read(code, "a.vue").joined] == [JoinKind.VALUE]


def test_what_a_tool_has_made_is_not_read():
    assert read("$t('a');" * 5000).usages == ()
    assert len(read("$t('a');\n" * 500).usages) == 500


def test_bytes_that_are_no_text_are_refused_with_their_place():
    with pytest.raises(ExtractionError, match="line 2, column 3"):
        SourceCode().read(Document("a.js", b"a\nbc\xff"))


def test_code_over_which_a_parser_goes_round_in_circles_is_refused():
    with pytest.raises(ExtractionError, match="mend its syntax"):
        SourceCode().read(Document("a.tsx", b"<p {{seed:>dry:warm(a b)"))


def test_other_files_are_no_code():
    code = SourceCode()
    assert [
        path
        for path in ("a.json", "a.png", "Makefile", "a.css", "tsconfig.json", "a.VUE", "x/a.mts")
        if code.reads(path)
    ] == [
        "tsconfig.json",
        "a.VUE",
        "x/a.mts",
    ]


def test_the_same_bytes_say_the_same():
    for name, content in SOURCES.items():
        document = Document(name, content)
        assert SourceCode().read(document) == SourceCode().read(document)


ENDINGS = st.sampled_from(["a.js", "a.ts", "a.tsx", "a.vue", "a.html", "a.svelte", "a.py", "tsconfig.json", "a.njk"])
SNIPPETS = st.sampled_from(
    ["$t('a')", "$t(`a.${", "{{", "}}", "{%", "%}", "<p ", 'title="', "'", '"', "`", "${", "{", "}", "(", ")",
     ":", "| translate", "<script>", "</script>", "<template>", "<!--", "-->", "<Trans i18nKey=", "&amp;", "v-for='",
     '@click="', "_(", "f'{", "\0", "require.context(", "path: '", "component:", "import x from './a.json';", "=>",
     "\\", "+", " ", "\n", "\r", "é"]
)  # fmt: skip


@given(ENDINGS, st.lists(st.one_of(SNIPPETS, st.text(max_size=6)), max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_code_can_be_read(path, pieces):
    content = "".join(pieces).encode("utf-8", "replace")
    found = SourceCode().read(Document(path, content))
    lines = content.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for one in (*found.usages, *found.literals, *found.imports, *found.joined):
        assert 1 <= one.line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1


@given(ENDINGS, st.data())
@settings(max_examples=80, deadline=None)
def test_damaged_code_can_be_read(path, data):
    """Any piece of a good file, with some of it taken away."""
    content = data.draw(st.sampled_from(sorted(SOURCES.values()))).decode()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
    SourceCode().read(Document(path, (content[:start] + content[end:]).encode()))


@pytest.mark.parametrize("path", ["a.js", "a.vue", "a.html", "a.tsx", "a.svelte", "a.py"])
@pytest.mark.parametrize("piece", ["<p>", "(", "[{", "{{", "$t(", "'a' + ", "a ? ", "<p {", "`${", "if x:\n "])
def test_deep_code_does_no_harm(path, piece):
    read("\n".join([piece * 20] * 100), path)


def test_kinds_tell_how_a_key_is_named():
    kinds = {
        usage.kind for name, content in SOURCES.items() for usage in SourceCode().read(Document(name, content)).usages
    }
    assert kinds == set(UsageKind)

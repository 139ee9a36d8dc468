"""The law of the exchange: what goes out comes back, whatever it is made of."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.exchange.plain import Plain
from tests.exchange.samples import package, unit
from tm_service.domain.handoffs import Handoff
from tm_service.exchange.bundle import write_handoff
from tm_service.exchange.inline import XLIFF
from tm_service.exchange.profiles import profile
from tm_service.exchange.seal import new_key

BUNDLE, KEY = Plain(), new_key()
NOT_PLAIN = (
    "\x00\x08\x0b\x1f\x7f\x85\r\n\t \ud800\udfff\ue000\ue001\uf8ff\ufffd\ufffe\uffff\u200f\u2028\U0001fffe]]>&<>\"'|%"
)
words = st.one_of(
    st.sampled_from(["wetland", "بنك البذور ", "种子库", "Банк семян", "L’été ", "50 % ", "  "]),
    st.text(st.characters(codec=None), max_size=5),
    st.text(st.sampled_from(NOT_PLAIN), max_size=4),
)
singles = st.sampled_from(
    [
        *("{name}", "{{ x }}", "${y}", "%s", "%(n)d", "%1$s", "{0}", "{d, date, short}", "{{a\x0bb}}"),
        *("&nbsp;", "&#160;", "&#x202F;", "@:menu.banks", "@.lower:(menu.banks)", " | "),
        *("<br>", "<br/>", '<img src="a.png" alt="\x01">', "<!-- no <b> here -->", "<p>", "</p>", "</b>", "<i>"),
        *("{n, plural, one {# seed} other {# seeds}}", "{", "}", "<", "&amp", "<é>"),
    ]
)
pairs = st.sampled_from(
    [
        ("<b>", "</b>"),
        ("<i>", "</i>"),
        ('<a href="/x?a=1&b=2">', "</a>"),
        ("<span\n class='c'>", "</span>"),
        ("<B>", "</b>"),
    ]
)
pieces = st.recursive(
    words | singles,
    lambda inner: st.builds(
        lambda pair, content: pair[0] + "".join(content) + pair[1], pairs, st.lists(inner, max_size=4)
    ),
    max_leaves=12,
)
texts = st.lists(pieces, max_size=8).map("".join)


def home(sent):
    """What one unit is after it went out and came back."""
    name, content = BUNDLE.write(package(sent))
    (back,) = BUNDLE.read(name, content).units
    return BUNDLE.rebuild(back, sent)


@settings(max_examples=300, deadline=None)
@given(source=texts, previous=texts)
@example(source="<b>" * 120 + "deep" + "</b>" * 120, previous="<b>" * 90 + "deep" + "</b>" * 90)
@example(source="a\r\nb\rc", previous="\r\n")
@example(source="{a}\ue000.1\ue001", previous="\ue000c0041\ue001")
@example(source="{a} {a} <b>x</b><b>y</b>", previous="<b>y</b><b>x</b><b>z</b> {a}{a}{a}{b}")
@example(source="plain", previous="a\x0bb<i\x00>c")
def test_source_and_previous_target_come_back_as_they_left(source, previous):
    back = home(
        unit("7.1", source, previous_target=previous, previous_source=previous, resource="a\x00b", key=("\ud800",))
    )
    assert (back.source, back.target, back.findings) == (source, previous, ())


@settings(max_examples=100, deadline=None)
@given(source=texts)
def test_a_copied_source_element_comes_back_as_the_source(source):
    sent = unit("7.1", source)
    name, content = BUNDLE.write(package(sent))
    root = etree.fromstring(zipfile.ZipFile(BytesIO(content)).read(name.replace(".zip", ".xlf")))
    element = root.find(f".//{{{XLIFF}}}source")
    target = root.find(f".//{{{XLIFF}}}target")
    target.text = element.text
    target.extend(list(element))
    (back,) = BUNDLE.read("seeds-7-fr.xlf", etree.tostring(root)).units
    assert BUNDLE.rebuild(back, sent).target == source


@settings(max_examples=50, deadline=None)
@given(source=texts)
def test_no_attribute_of_a_tag_leaves_the_house(source):
    address = 'href="https://seeds.example/private"'
    sent = unit("7.1", f"<a {address}>{source}</a>", previous_source=f"<p {address}>{source}")
    name, content = BUNDLE.write(package(sent))
    assert b"private" not in zipfile.ZipFile(BytesIO(content)).read(name.replace(".zip", ".xlf"))


LOCALES = ("ar", "es", "fr", "ru", "zh")
SAID = {
    "ar": "أرسل النموذج إلى بنك البذور",
    "es": "Envíe el formulario al banco de semillas",
    "fr": "Envoyez le formulaire à la banque de semences",
    "ru": "Отправьте форму в банк семян",
    "zh": "请把表格寄给种子库",
}


@pytest.mark.parametrize("locale", LOCALES)
@settings(max_examples=40, deadline=None)
@given(sources=st.lists(texts, min_size=1, max_size=4), previous=st.lists(texts, min_size=4, max_size=4))
def test_a_sealed_hand_off_comes_back_as_it_left_in_every_language(locale, sources, previous):
    sent = {
        f"seeds-7-{locale}.{n}": unit(
            f"seeds-7-{locale}.{n}", source, resource=f"p{n % 2}", previous_target=f"{before}{SAID[locale]}"
        )
        for n, (source, before) in enumerate(zip(sources, previous, strict=False))
    }
    made = package(*sent.values(), locale=locale, code=locale)
    name, content = write_handoff(Handoff(made, profile("generic")), KEY)
    back = BUNDLE.read(name, content)
    assert back.package == f"seeds-7-{locale}"
    rebuilt = {entry.id: BUNDLE.rebuild(entry, sent[entry.id]) for entry in back.units}
    assert {id_: (entry.source, entry.target) for id_, entry in rebuilt.items()} == {
        id_: (entry.source, entry.previous_target) for id_, entry in sent.items()
    }
    assert [entry.findings for entry in rebuilt.values()] == [()] * len(sent)

"""Entries of every kind, for the laws of memory exchange, and small files around what a test is about."""

from datetime import UTC, datetime
from io import BytesIO

from hypothesis import strategies as st

from memory.interchange import Problem, read_tmx, write_tmx
from tm_service.domain.serving import Answer, Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

# Codes, what looks like them, stand-ins, what XML and tables cannot hold, line ends, scripts, and marks of the formats.
PIECES = (
    "<!--kept-->",
    *("<b>", "</b>", "<i>", "</i>", "<br/>", "<br>", '<a href="#top">', "</a>", "<b", ">", "&amp;", "&nbsp;", "&"),
    *("{name}", "{{ count }}", "%s", "%(n)s", "@:menu.home", " | ", "|", "||", "{}", "{", "]]>", "\\u{41}", "\\", "'", '"'),
    *("<g1>", "</g1>", '<g2 type="bold">', "</g2>", "<x1/>", "<x/>", '<x7 type="image"/>', "</G1>", "<g01>", "</g01>"),
    *("=1+1", "'=1", "''", "-1", "+1", "@x", "＝1", ";", ",", "<seg>", "</tu>", "\r\n", "\r", "\n", "\t", " ", "\u00a0"),
    *("\x00", "\x01", "\x1f", "\x7f", "\x85", "\u2028", "\ufffe", "\uffff", "\ud800", "\udfff", "\ue000", "\U0001f33f"),
    *("بذور", "种子", "семена", "graines", "e\u0301", "\ufeff"),
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=30),
)
NAMES = st.one_of(
    st.sampled_from(
        [
            *(
                "x-Origin",
                "x-context-pre",
                "source:x-context-pre",
                "target:filename",
                "note",
                "source:note",
                "target:note",
            ),
            *(
                "prop:note",
                "prop:x",
                "prop:@tuid",
                "x-tm-service:key",
                "@tuid",
                "@usagecount",
                "@segtype",
                "@changedate",
            ),
            *(
                "@changeid",
                "@creationid",
                "source:@xml:lang",
                "target:@xml:lang",
                "target:@changeid",
                "@srclang",
                "@unknown",
            ),
            *("x-previous-source-text", "x-next-source-text", "file", "id", "@", "source:", "target:"),
        ]
    ),
    TEXTS,
)
LOCALES = st.sampled_from(["en", "ar", "es", "fr", "ru", "zh", "zh-Hant", "pt-BR", "de", "fr-CA"])
PRINTS = st.one_of(st.just(""), TEXTS.map(fingerprint))
TIMES = st.datetimes(timezones=st.just(UTC))


@st.composite
def entries(draw):
    """Any entry: whatever may stand in a field stands in it."""
    source = draw(TEXTS)
    source_locale, locale = draw(st.lists(LOCALES, min_size=2, max_size=2, unique=True))
    return Translation(
        site="garden",
        locale=locale,
        resource=draw(TEXTS),
        key=tuple(draw(st.lists(TEXTS, max_size=3))),
        fingerprint=draw(st.one_of(st.just(fingerprint(source)), PRINTS.filter(bool))),
        source=source,
        target=draw(TEXTS),
        at=draw(st.one_of(TIMES, TIMES.map(lambda at: at.replace(microsecond=0)))),
        origin=draw(st.sampled_from(Origin)),
        state=draw(st.sampled_from(State)),
        answer=draw(st.sampled_from(Answer)),
        author=draw(TEXTS),
        reference=draw(TEXTS),
        previous=draw(PRINTS),
        following=draw(PRINTS),
        source_locale=source_locale,
        properties=tuple(draw(st.lists(st.tuples(NAMES, TEXTS), max_size=4))),
    )


def entry(source="Seed list", target="Liste de graines", **fields: object):
    """One entry with as little as it needs."""
    plain = {"site": "garden", "locale": "fr", "resource": "", "key": (), "at": AT, "origin": Origin.IMPORT}
    return Translation(**(plain | {"fingerprint": fingerprint(source), "source": source, "target": target} | fields))


def tmx(body, *, srclang="en", header="", version="1.4", prolog="", tool="Greenhouse"):
    """A TMX file around these entries, which stand in line 5."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{prolog}<tmx version="{version}">\n'
        f'<header creationtool="{tool}" creationtoolversion="2" segtype="sentence" o-tmf="none" adminlang="en" '
        f'srclang="{srclang}" datatype="plaintext">{header}</header>\n<body>\n{body}\n</body>\n</tmx>\n'
    ).encode()


def unit(
    source="Seed list", target="Liste de graines", *, said="", attributes="", languages=("en", "fr"), beside=("", "")
):
    """One `tu`: texts are XML."""
    one, other = (
        f'<tuv xml:lang="{code}">{more}<seg>{text}</seg></tuv>'
        for code, more, text in zip(languages, beside, (source, target), strict=True)
    )
    return f"<tu{attributes}>{said}{one}{other}</tu>"


def read(content, **asked: object):
    """What a TMX file gives, in order."""
    return list(read_tmx(BytesIO(content), **({"memory": "garden", "at": AT} | asked)))


def written(*given: Translation, **how: object):
    """The bytes of these entries as TMX."""
    out = BytesIO()
    write_tmx(given, out, **({"source": "en", "at": AT} | how))
    return out.getvalue()


def texts(found):
    """The pairs of texts that were read, problems as their sentences."""
    return [str(one) if isinstance(one, Problem) else (one.source, one.target) for one in found]

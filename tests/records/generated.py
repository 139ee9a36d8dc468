"""Documents made by chance from a schema: valid ones, and any JSON."""

from hypothesis import strategies as st

from tm_service.domain.records import CUSTOM, FieldKind

LANGUAGES = ("en", "fr", "ru", "zh", "ar", "es")
IDENTIFIERS = st.text("ABCDEF0123456789-_", min_size=11, max_size=24)
WORDS = st.sampled_from(["seed bank", "jardin d’hiver", "гербарий", "标本馆", "حديقة", "two  words", "A & B"])
HTML = st.sampled_from(["<div><!--block-->Moss &amp; fern</div>", "<p>Dry <b>seeds</b></p>", "plain words"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-1, 1) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.just("identifier"), inner, max_size=3),
    max_leaves=8,
)


def by_language(texts, codes):
    return st.lists(st.sampled_from(codes), min_size=1, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries(dict.fromkeys(chosen, texts))
    )


def values(field, codes):
    """What a field may rightly hold."""
    if field.kind is FieldKind.GROUP:
        return groups(field.fields, codes)
    if field.kind is FieldKind.GROUPS:
        return st.lists(groups(field.fields, codes), min_size=1, max_size=2)
    reference = st.fixed_dictionaries({"identifier": IDENTIFIERS})
    own_words = {CUSTOM: by_language(WORDS, codes)}
    term = st.fixed_dictionaries({"identifier": WORDS.map(lambda word: word.replace(" ", ""))}, optional=own_words)
    link = st.fixed_dictionaries(
        {"url": st.sampled_from(["https://garden.example/a", "/api/files/1", "mailto:a@b.example"])}
    )
    return {
        FieldKind.TEXT: by_language(WORDS, codes),
        FieldKind.RICH: by_language(HTML, codes),
        FieldKind.STRING: WORDS,
        FieldKind.INTEGER: st.integers(0, 99),
        FieldKind.NUMBER: st.floats(0, 9),
        FieldKind.BOOLEAN: st.booleans(),
        FieldKind.DATE: st.dates().map(str),
        FieldKind.MOMENT: st.datetimes().map(lambda at: at.isoformat(timespec="seconds") + "Z"),
        FieldKind.TERM: term,
        FieldKind.REFERENCE: reference,
        FieldKind.LINK: link,
        FieldKind.ATTACHMENTS: st.lists(link, min_size=1, max_size=2),
        FieldKind.TEXTS: st.lists(by_language(WORDS, codes), min_size=1, max_size=2),
        FieldKind.STRINGS: st.lists(WORDS, min_size=1, max_size=2),
        FieldKind.TERMS: st.lists(term, min_size=1, max_size=2, unique_by=lambda item: item["identifier"]),
        FieldKind.REFERENCES: st.lists(reference, min_size=1, max_size=2, unique_by=lambda item: item["identifier"]),
        FieldKind.LINKS: st.lists(link, min_size=1, max_size=2),
        FieldKind.ANY: JSON,
    }[field.kind]


def groups(fields, codes):
    """Objects with all that is needed in them; where nothing is, with the first field, so that none is empty."""
    fields = [field for field in fields if field.kind is not FieldKind.HEADER]
    needed = [field for field in fields if field.mandatory] or fields[:1]
    others = st.lists(st.sampled_from(fields), max_size=8, unique_by=lambda field: field.name)
    return others.flatmap(
        lambda more: st.fixed_dictionaries({field.name: values(field, codes) for field in (*needed, *more)})
    )


def documents(schema):
    """Documents without anything wrong, in some of the six languages."""

    def headed(codes):
        body = groups(schema.fields, codes)
        if schema.fields[0].kind is not FieldKind.HEADER:
            return body
        return st.tuples(IDENTIFIERS, body).map(
            lambda made: {"header": {"identifier": made[0], "schema": schema.name, "languages": list(codes)}} | made[1]
        )

    return st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True).flatmap(headed)


def fields_of(fields):
    """Every field of a schema, those of its groups too."""
    for field in fields:
        yield field
        yield from fields_of(field.fields)

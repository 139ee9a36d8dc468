"""Terms as hypothesis draws them, and what tests ask of terms that were read."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from memory.interchange.intake import Problem
from tm_service.domain.terms import Term, TermStatus

AT = datetime(2026, 1, 5, tzinfo=UTC)
APPROVED, FORBIDDEN, PROPOSED = TermStatus.APPROVED, TermStatus.FORBIDDEN, TermStatus.PROPOSED
TEXT = st.text(min_size=1).filter(str.strip)
TERMS = st.builds(
    Term,
    memory=st.just("garden"),
    source_locale=st.just("en"),
    source=st.one_of(
        TEXT, st.sampled_from(["seed", "=1+1", "'-x", " two  blanks ", "<b>&amp;</b>", "\\u{41}", "a\r\nb\x00"])
    ),
    locale=st.sampled_from(["ar", "es", "fr", "fr-CA", "ru", "zh", "pt-BR"]),
    target=TEXT,
    status=st.sampled_from(TermStatus),
    at=st.datetimes(datetime(1, 1, 2), timezones=st.sampled_from([UTC, timezone(timedelta(hours=3))])).filter(  # noqa: DTZ001 - the bound has none
        lambda at: at.year < 9999
    ),
    definition=st.text(),
    part_of_speech=st.one_of(st.sampled_from(["", "noun", "verb", "other", "proper noun"]), st.text()),
    author=st.text(),
    reference=st.text(),
)


def term(source="seed bank", target="banque de semences", status=APPROVED, **more):  # noqa: ANN003 - any field of a term
    said = {"memory": "garden", "source_locale": "en", "locale": "fr", "at": AT} | more
    return Term(source=source, target=target, status=status, **said)


def pairs(found):
    return [(each.source, each.locale, each.target, each.status) for each in found if isinstance(each, Term)]


def problems(found):
    return [str(each) for each in found if isinstance(each, Problem)]

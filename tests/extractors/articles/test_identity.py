"""Identity: segments keep their ids, and readers their translations, whatever an editor does to an article."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from tests.extractors.articles.editing import (
    Article,
    Sentence,
    articles,
    edited,
    french,
    html,
    reworded,
    settled,
    translated,
)
from tm_service.domain.articles import Found, Segment, Settled, dump, load
from tm_service.domain.parts import stretch
from tm_service.domain.units import Part

VERSIONS = st.data()


def versions(data: st.DataObject) -> tuple[Article, Settled, Article, Settled]:
    old = data.draw(articles())
    before = load(translated(settled(None, {"en": html(old)})))
    new = data.draw(edited(old))
    return old, before, new, settled(dump(before), {"en": html(new)})


def content(document: Settled) -> dict[str, Segment]:
    return {segment.text: segment for segment in document.by_path["content",].segments}


def texts(article: Article) -> list[str]:
    return [sentence.text for paragraph in article for sentence in paragraph]


@given(VERSIONS)
def test_every_unchanged_sentence_keeps_its_id(data):
    old, before, new, after = versions(data)
    was, now = content(before), content(after)
    assert list(now) == texts(new)
    for text in set(texts(old)) & set(texts(new)):
        assert now[text].id == was[text].id


@given(VERSIONS)
def test_no_id_is_given_twice(data):
    _, before, _, after = versions(data)
    was, now = ([segment.id for segment in content(one).values()] for one in (before, after))
    assert len(set(now)) == len(now)
    fresh = [int(name[1:]) for name in now if name not in was]
    assert all(number > before.last for number in fresh)
    assert after.last == max([before.last, *fresh])


@given(VERSIONS)
def test_the_parts_of_a_sentence_cover_it_without_gap_or_overlap(data):
    _, _, _, after = versions(data)
    stretches = defaultdict(list)
    for segment in content(after).values():
        for part in segment.parts:
            stretches[part.key, part.source].append(part)
    for (_, source), parts in stretches.items():
        ends = [(part.begin, part.end) for part in sorted(parts, key=lambda part: part.begin)]
        assert [ends[0][0], *(end for _, end in ends)] == [*(begin for begin, _ in ends), len(source)]


@given(VERSIONS)
def test_no_translation_is_lost(data):
    """A sentence that is not new has its old translation, and of those that were cut or joined nothing is missing."""
    old, before, new, after = versions(data)
    told = before.by_path["content",].translations["fr"]
    was, now = content(before), content(after)
    kept = after.by_path["content",].translations.get("fr", {})
    pieces = defaultdict(list)
    for paragraph in new:
        for sentence in paragraph:
            segment = now[sentence.text]
            for part in segment.parts:
                assert kept[part.key[-1]] == told[part.key[-1]]
                pieces[part.source].append(stretch(part, kept[part.key[-1]].text))
            if not segment.parts and sentence.origins:
                assert [was[origin].id for origin in sentence.origins] == [segment.id]
                assert kept[segment.id] == told[segment.id]
    for source, found in pieces.items():
        assert "".join(found) == told[was[source].id].text
    assert set(texts(old))


@given(VERSIONS)
def test_settling_again_changes_nothing(data):
    _, _, new, after = versions(data)
    assert settled(dump(after), {"en": html(new)}) == after


@given(VERSIONS)
def test_nothing_is_lost_over_several_versions_while_no_translation_returns(data):
    """Of every sentence that is still there whole, all of the first translation can still be told."""
    article = data.draw(articles())
    document = load(translated(settled(None, {"en": html(article)})))
    told = document.by_path["content",].translations["fr"]
    first = {segment.text: segment.id for segment in document.by_path["content",].segments}
    for _ in range(3):
        article = data.draw(edited(article, kept=True))
        document = settled(dump(document), {"en": html(article)})
    field = document.by_path["content",]
    kept = field.translations["fr"]
    covered = defaultdict(list)
    for segment in field.segments:
        for part in segment.parts or (Part(field.key(segment), segment.text, 0, len(segment.text)),):
            covered[part.key[-1]].append(part)
    for name in first.values():
        assert kept[name] == told[name]
        parts = sorted(covered[name], key=lambda part: part.begin)
        ends = [part.end for part in parts]
        assert [0, *ends] == [*(part.begin for part in parts), len(parts[0].source)]
        assert "".join(stretch(part, told[name].text) for part in parts) == told[name].text


@given(VERSIONS)
def test_what_the_store_says_is_bound_to_the_text_it_was_made_from(data):
    """Some sentences are reworded, and some of these, and others, are translated anew in the store."""
    old = data.draw(articles())
    new = reworded(data.draw, old)
    anew = data.draw(st.sets(st.sampled_from(texts(new))))
    before = settled(None, {"en": html(old), "fr": french(html(old))})
    spoken = html(tuple(tuple(Sentence(_said(sentence, anew)) for sentence in paragraph) for paragraph in new))
    after = settled(dump(before), {"en": html(new), "fr": spoken})
    found = {
        segment.text: after.by_path["content",].translations["fr"][segment.id]
        for segment in after.by_path["content",].segments
    }
    for paragraph in new:
        for sentence in paragraph:
            source = sentence.text if sentence.text in anew else sentence.origins[0]
            assert found[sentence.text] == Found(_said(sentence, anew), source)


def _said(sentence: Sentence, anew: set[str]) -> str:
    """In French: as it was, or anew."""
    if sentence.text in anew:
        return f"Anew {french(sentence.text)}"
    return french(sentence.origins[0])

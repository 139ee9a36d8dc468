"""The filter in a database: law 8 by SQL, the same answers as the mapped index, and nothing lost or filed twice."""

import random
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memory.forms import form
from memory.index import filed as module
from memory.index.filed import FiledIndex
from memory.index.filter import Bits, elements, probes
from memory.index.filter import filed as filed_form
from memory.index.similarity import SimilarityIndex
from memory.score import LONGEST, compare
from tests.memory.index.test_law_8 import brute_force, memories
from tests.memory.texts import LABELS, SENTENCES, hostile
from tests.storage.samples import AWKWARD, NOON, pair
from tm_service.domain.filters import FilingState
from tm_service.storage import filter as filter_module
from tm_service.storage.filter_tables import filter_element, filter_form, filter_pair, filter_posting
from tm_service.storage.sql_store import SqlStore

ROWS = (filter_posting, filter_pair, filter_form, filter_element)
WORDS = ("seed", "bank", "harbour", "permit", "notice", "keeper", "ledger", "of", "the", "a", "shall", "record", "5")


class Listed:
    """A shelf of texts in a list; what the port's contract needs of a filter."""

    def __init__(self, texts=()) -> None:
        self.listed = list(texts)

    def position(self):
        return len(self.listed), 0

    def texts(self, since=0):
        return ((number, text) for number, text in enumerate(self.listed, 1) if number > since)


@pytest.fixture
def opened(store):
    """Makes an index over texts, each time of another memory."""
    made = []

    def index(texts, language="en"):
        made.append(language)
        return FiledIndex(store.filter(f"garden-{len(made)}", language, "xx"), Listed(texts), language)

    return index


def refreshed(index):
    index.refresh()
    return index


def put(store, *texts: str, memory="garden"):
    with store.begin() as tx:
        tx.append(pair(text, f"« {text} »", memory=memory) for text in texts)


def numbers(store, *texts: str, memory="garden"):
    """The numbers of the pairs of these texts, newest first."""
    shelf = store.shelf(memory, "en", "fr").texts()
    return tuple(number for number, text in reversed(list(shelf)) if text in texts)


def garden(store):
    return FiledIndex(store.filter("garden", "en", "fr"), store.shelf("garden", "en", "fr"), "en")


def answers(index, texts, least=60, k=8, language="en"):
    return [[*index.search(form(text, language), least=least, k=k).found] for text in texts]


def sentences(count, seed=1):
    chance = random.Random(seed)
    return [" ".join(chance.choices(WORDS, k=chance.randint(1, 12))) + f" {place}" for place in range(count)]


def rows(store):
    with store.connected("read") as connection:
        return [len(connection.execute(table.select()).all()) for table in ROWS]


# law 8


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(memory=memories(), least=st.sampled_from([30, 50, 75, 90, 100]), k=st.sampled_from([1, 5, 1000]))
def test_sql_finds_what_brute_force_finds(opened, memory, least, k):
    language, stored, asked = memory
    index = refreshed(opened(stored, language))
    forms = [form(text, language) for text in stored]
    for text in asked:
        query = form(text, language)
        hits = index.search(query, least=least, k=k)
        assert hits.complete
        assert [hit.percent for hit in hits.found] == brute_force(forms, query, least)[:k]
        for hit in hits.found:
            assert {compare(query, forms[number - 1]).percent for number in hit.pairs} == {hit.percent}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=st.lists(hostile(), min_size=1, max_size=12), asked=hostile(), least=st.sampled_from([1, 50, 100]))
def test_texts_that_nobody_should_send_are_found_as_brute_force_finds_them(opened, stored, asked, least):
    index = refreshed(opened([*stored, asked]))
    forms = [form(text) for text in (*stored, asked)]
    for text in (asked, stored[0]):
        found = index.search(form(text), least=least, k=100).found
        assert [hit.percent for hit in found] == brute_force(forms, form(text), least)[:100]


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_sql_gives_the_very_hits_of_the_mapped_index(opened, language):
    chance = random.Random(language)
    texts = [*SENTENCES[language], *LABELS[language]]
    stored = [*texts, *("".join(chance.sample(text, len(text) - 1)) if len(text) > 3 else text for text in texts)]
    stored += [text.replace("3", "4") + chance.choice(("", ".", " {name}")) for text in texts * 3]
    index, mapped = refreshed(opened(stored, language)), SimilarityIndex(language)
    mapped.extend((number, form(text, language)) for number, text in enumerate(stored, 1))
    mapped.seal(least=1)
    asked = [*texts, *stored[::3], *(text[1:] for text in texts)]
    for least, k in ((50, 3), (75, 5), (30, 50)):
        for text in asked:
            query = form(text, language)
            assert index.search(query, least=least, k=k) == mapped.search(query, least=least, k=k)


def test_one_text_with_many_numbers_is_many_variants_the_nearest_first(opened):
    index = refreshed(opened([f"Article {number}" for number in range(40)] + ["Article 7"]))
    [first, second] = index.search(form("Article 7"), least=75, k=2).found
    assert (first.percent, first.pairs) == (99.0, (41, 8))
    assert (second.percent, second.pairs) == (98.0, (40,))


def test_texts_too_long_to_be_compared_are_found_whole_only(opened):
    long = "seed " * (LONGEST // 5 + 1)
    index = refreshed(opened([long, long + "bank", "seed"]))
    assert [hit.pairs for hit in index.search(form(long), least=30).found] == [(1,)]
    assert index.search(form("bank " + long), least=30).found == ()


def test_a_text_of_ten_thousand_letters_finds_its_like(opened):
    chance = random.Random(7)
    long = " ".join("".join(chance.choices("abcdefg", k=4)) for _ in range(1900))
    index = refreshed(opened([long, f"{long} end", "short"]))
    assert {hit.pairs for hit in index.search(form(f"begin {long}"), least=90).found} == {(1,), (2,)}


@given(words=st.lists(st.text(max_size=3), max_size=40), more=st.lists(st.text(max_size=3), max_size=90))
def test_bits_never_count_more_elements_apart_than_there_are(words, more):
    other = [*words[::2], *more]
    mine, theirs = set(elements(words)), set(elements(other))
    wide = filed_form(replace(form("a b c"), words=tuple(other)), {}, []).bits
    if words and other:
        [lacking], [extra] = Bits(words).apart([wide])
        assert lacking <= len(mine - theirs)
        assert extra <= len(theirs - mine)


@given(text=hostile(), order=st.dictionaries(st.integers(0, 3), st.integers(1, 9)), least=st.integers(1, 10_000))
def test_every_text_looks_where_it_is_filed_under_any_order(text, order, least):
    entry = form(text)
    under = (posting.key for posting in filed_form(entry, {}, []).postings)
    chosen = dict(zip(under, order.values(), strict=False))
    filed_under = {posting.key for posting in filed_form(entry, chosen, []).postings}
    asked = [probe for probe in probes(entry, chosen, least) if probe is not None]
    assert asked
    assert all(filed_under & {*probe.keys} for probe in asked)


# keeping up


def test_before_anything_is_filed_the_shelf_itself_answers(opened):
    texts = sentences(60)
    assert answers(opened(texts), texts[:9]) == answers(refreshed(opened(texts)), texts[:9])


def test_what_comes_is_filed_once_and_found_by_every_process(store):
    put(store, *sentences(30))
    here, there = garden(store), garden(store)
    assert here.refresh() == 30
    assert there.refresh() == 0
    put(store, "The keeper of the lighthouse files a yearly ledger", "Le phare")
    assert there.refresh() == 2
    asked = form("The keeper of the lighthouse files a ledger")
    assert here.search(asked).found == there.search(asked).found
    assert here.search(asked).found[0].pairs == numbers(store, "The keeper of the lighthouse files a yearly ledger")
    assert here.refresh() == 0
    assert len(here) == 32


def test_what_is_retired_is_found_no_more_and_takes_no_place(store):
    texts = [f"The keeper opens the harbour gate {sign}" for sign in ("a", "b", "c")]
    put(store, *texts)
    index = refreshed(garden(store))
    with store.begin() as tx:
        tx.retire("garden", numbers(store, *texts[:2]), by="Amina", at=NOON, reason="wrong term")
    [found] = index.search(form(texts[0]), least=50, k=1).found
    assert found.pairs == numbers(store, texts[2])


def test_shelves_do_not_see_each_other(store):
    put(store, "Opening hours of the herbarium")
    put(store, "Opening hours of the herbarium today", memory="shore")
    index = refreshed(garden(store))
    other = refreshed(FiledIndex(store.filter("shore", "en", "fr"), store.shelf("shore", "en", "fr"), "en"))
    [mine] = index.search(form("Opening hours of the herbarium"), least=50).found
    [theirs] = other.search(form("Opening hours of the herbarium"), least=50).found
    assert mine.pairs == numbers(store, "Opening hours of the herbarium")
    assert theirs.pairs == numbers(store, "Opening hours of the herbarium today", memory="shore")


def test_awkward_texts_are_filed_and_found(store):
    texts = [text for text in AWKWARD if text]
    put(store, *texts)
    index = refreshed(garden(store))
    for text in texts:
        found = index.search(form(text), least=95, k=50).found
        assert {*numbers(store, text)} <= {number for hit in found for number in hit.pairs}


@pytest.mark.parametrize("at_once", [1, 7, 100])
def test_batches_do_not_show(store, monkeypatch, at_once):
    texts = sentences(40) + sentences(40)[::2]
    put(store, *texts)
    whole = answers(refreshed(garden(store)), texts[:10])
    monkeypatch.setattr(module, "_AT_ONCE", at_once)
    monkeypatch.setattr(filter_module, "_AT_ONCE", 3)
    put(store, *(f"{text} anew" for text in texts))
    index = garden(store)
    assert index.refresh() == len({f"{text} anew" for text in texts})
    assert index.refresh() == 0
    assert answers(index, texts[:10], k=1) == [found[:1] for found in whole]


class Power(Exception):
    pass


def test_what_is_interrupted_between_two_batches_goes_on_from_there(store, monkeypatch):
    texts = sentences(50)
    put(store, *texts)
    monkeypatch.setattr(module, "_AT_ONCE", 20)
    index, write, turns = garden(store), filter_module._insert, []

    def fail_late(connection, table, found):
        turns.append(table)
        if len(turns) == 9:  # the order, one batch of three tables, then amid the second or third
            raise Power
        write(connection, table, found)

    monkeypatch.setattr(filter_module, "_insert", fail_late)
    with pytest.raises(Power):
        index.refresh()
    [begun] = index.table.filings()
    assert begun.state is FilingState.BUILDING
    assert begun.pairs in {20, 40}
    monkeypatch.setattr(filter_module, "_insert", write)
    after = garden(store)
    assert after.refresh() == 50 - begun.pairs
    shelf = store.shelf("garden", "en", "fr")
    mapped = SimilarityIndex("en").extend((number, form(text)) for number, text in shelf.texts())
    assert answers(after, texts) == answers(mapped, texts)


def test_of_two_that_file_the_same_one_is_told_to_look_again(store):
    put(store, *sentences(10))
    index = garden(store)
    index.refresh()
    [filing] = index.table.filings()
    assert index.table.file(replace(filing, added=3), [filed_form(form("late"), {}, [(99, 0, 0)])], 12) is None
    assert index.table.filings() == [filing]
    assert index.search(form("late")).found == ()


def test_other_rules_file_anew_and_nothing_of_the_old_stays(store):
    texts = sentences(25)
    put(store, *texts)
    old, new = refreshed(garden(store)), garden(store)
    before = rows(store)
    new.rules = "0" * 32
    assert new.refresh() == 25
    assert [filing.rules for filing in new.table.filings()] == [new.rules]
    assert rows(store) == before
    assert answers(new, texts[:5]) == answers(old, texts[:5]), "the older program reads the shelf itself"
    assert old.refresh() == 0, "and does not take turns with the newer one"
    assert [filing.rules for filing in new.table.filings()] == [new.rules]


def test_an_outgrown_order_is_taken_anew(store, monkeypatch):
    monkeypatch.setattr(filter_module, "_SLICES", 4)
    put(store, *sentences(4))
    index = refreshed(garden(store))
    assert not index.keep()
    texts = sentences(60, seed=3)
    put(store, *texts)
    index.refresh()
    expected = answers(index, texts[:9])
    assert index.keep()
    [filing] = index.table.filings()
    assert filing.sampled == len(index) == 64
    with index.table.reading(index.rules) as reading:
        assert reading.order(filing)
    assert answers(index, texts[:9]) == expected
    assert not index.keep()


def test_a_search_sees_one_state_whatever_is_filed_meanwhile(url):
    """A filing is exchanged between a search's two questions; the search still reads the one it began with."""
    with closing(SqlStore(url)) as store:
        put(store, *sentences(12))
        index = refreshed(garden(store))
        asked = form(sentences(12)[3])
        with index.table.reading(index.rules) as reading:
            assert reading.filing is not None
            probe = next(probe for probe in reversed(probes(asked, reading.order(reading.filing), 7500)) if probe)
            candidates = reading.candidates(probe)
            again = garden(store)
            again._build(None)
            assert [filing.number for filing in again.table.filings()] != [reading.filing.number]
            assert reading.forms([one[0] for one in candidates]).keys() == {one[0] for one in candidates}


def test_an_impossible_search_is_refused(opened):
    with pytest.raises(ValueError, match="threshold"):
        refreshed(opened(["seed"])).search(form("seed"), least=0)

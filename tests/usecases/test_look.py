"""Look: what a job found is kept in parts, and any stretch of it comes back as it was."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.storage.sql_store import SqlStore
from tm_service.usecases.look import Look, keep, rows_of


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = SqlStore(f"sqlite:///{tmp_path_factory.mktemp('look') / 'store.db'}")
    made.migrate()
    yield made
    made.close()


ROWS = st.lists(
    st.dictionaries(st.sampled_from(["key", "why"]), st.sampled_from(["a", "é", "\ud800", "نص"])), max_size=12
)


@given(rows=ROWS, part=st.integers(1, 5), start=st.integers(0, 12), most=st.integers(1, 6))
def test_any_stretch_of_a_list_comes_back_as_it_was(store, rows, part, start, most):
    with patch("tm_service.usecases.look.PART", part), store.begin() as tx:
        tx.rehearse()
        kept = keep(tx, Look({"revision": "c0ffee"}, {("stale", "fr"): rows}))
        assert kept["revision"] == "c0ffee"
        (found,) = kept["lists"]
        assert (found["list"], found["locale"], found["count"]) == ("stale", "fr", len(rows))
        assert rows_of(tx, found, start, most) == rows[start : start + most]

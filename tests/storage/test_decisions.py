"""What people decided: waivers in the order they were signed."""

import pytest

from tests.storage.samples import AWKWARD, HOME, NOON, after
from tm_service.domain.serving import Waiver


def waiver(by, **fields: object):
    return Waiver(
        **{"site": "absch", "locale": "fr", "resource": HOME, "key": ("title",), "by": by, "at": NOON}
        | {"until": after(days=9), "reason": "The event is over.", "signature": "s"}
        | fields
    )


def test_waivers_come_back_by_site_in_the_order_they_were_signed(tx):
    signed = [waiver("Zoé"), waiver("Amina", at=after(days=-1)), waiver("Zoé")]
    for entry in [*signed, waiver("Li", site="bch")]:
        tx.add_waiver(entry)
    assert tx.waivers("absch") == signed
    assert tx.waivers("unknown") == []


@pytest.mark.parametrize("text", AWKWARD, ids=ascii)
def test_any_text_in_a_waiver_comes_back_as_it_was(tx, text):
    entry = waiver(text, reason=text, resource=text, key=(text, text))
    tx.add_waiver(entry)
    assert tx.waivers("absch") == [entry]

"""A sync in a process of its own, which kills itself: address, mirror folder, at which point, at which time it comes there."""

import sys
from pathlib import Path

from connectors import mirror, record_sync
from connectors.http_calls import Credentials, HttpCalls
from connectors.record_site import RecordSite
from connectors.record_store_http import HttpRecordStore
from tests.connectors.clearing_house import EMAIL, PASSWORD, REALM
from tests.connectors.record_fakes import settle
from tests.processes import die


def dying(function, times, *, before):
    """The function, until it was called so often."""
    left = [times]

    def called(*args: object, **options: object):
        left[0] -= 1
        if left[0] <= 0 and before:
            die()
        made = function(*args, **options)
        if left[0] <= 0:
            die()
        return made

    return called


def main():
    address, folder, point, times = sys.argv[1:]
    record_sync.BATCH = 3
    if point == "settle":
        settling = dying(settle, int(times), before=True)
    else:
        settling = settle
        name, _, when = point.partition(" ")
        setattr(mirror, name, dying(getattr(mirror, name), int(times), before=when == "before"))
    store = HttpRecordStore(HttpCalls(address, realm=REALM, credentials=Credentials(EMAIL, PASSWORD)))
    with RecordSite(store, Path(folder), settling) as site:
        site.refresh()


if __name__ == "__main__":
    main()

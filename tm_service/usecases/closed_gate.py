"""Closed gate: a deployment that is refused leaves nothing behind it but a note that it was."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tm_service.domain.errors import GateClosed
from tm_service.domain.ports import Clock, Store


@contextmanager
def noting_closed_gate(store: Store, clock: Clock, sites: Sequence[str], ref: str, *, rehearse: bool) -> Iterator[None]:
    """Note in a transaction of its own that a deployment of these sites was refused; a rehearsal is none. Raises GateClosed."""
    try:
        yield
    except GateClosed:
        if not rehearse:
            with store.begin() as tx:
                tx.note(sites[0], "gate closed", {"ref": ref, "with": list(sites[1:])}, clock())
        raise

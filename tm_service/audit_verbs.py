"""Audit verbs: what is asked of the journal of all changes, between the doors and the store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tm_service.domain.audit import Head, Line, Verdict
from tm_service.domain.ports import Clock, Store


@dataclass(frozen=True)
class AuditVerbs:
    """What a door may ask of the journal; one method a verb."""

    store: Store
    clock: Clock

    def listed(self, site: str = "", *, since: int = 0, most: int = 100, name: str = "") -> Sequence[Line]:
        """Entries after a number, oldest first; of a site or of all, by a person or by all."""
        with self.store.read() as tx:
            return tx.audit(site, since, most, name=name)

    def newest_first(self, site: str = "", *, before: int, most: int, name: str = "") -> Sequence[Line]:
        """Entries before a number, as `listed` gives them."""
        with self.store.read() as tx:
            return tx.audit(site, 0, most, name=name, before=before)

    def head(self) -> Head:
        """The newest entry, to be kept where nobody who may write here may write."""
        with self.store.read() as tx:
            return tx.audit_head()

    def newest(self, site: str) -> int:
        """The number of a site's newest entry, 0 for none: as long as it stays, nothing of the site has changed."""
        with self.store.read() as tx:
            return tx.newest_entry(site)

    def verify(self, published: Collection[Head] = ()) -> Verdict:
        """Whether nothing was changed, taken out or put in since it was written."""
        with self.store.read() as tx:
            return tx.verify_audit(published)

    def erase(self, name: str) -> int:
        """Forget a person's name and addresses wherever the journal has them; how many pseudonyms name nobody any more."""
        with self.store.begin() as tx:
            return tx.erase_name(name, self.clock())

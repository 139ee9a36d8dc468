"""Sentences: what the house says in English of deployments, gates and jobs, by code, so that a page says it in its reader's.

The English is what the log, the store and the command line have. It is made from a template and read back by it: a sentence
that was written down years ago has its code and its values as one has that was said just now.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

_PLACE = re.compile(r"\{(\w+)\}")
_LONGEST = 100_000  # characters that are looked at


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that was said: its code and the values that were put into it."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sentence:
    """One that the house may say; `english` has a place for each of its values."""

    code: str
    english: str

    def say(self, **values: object) -> str:
        return self.english.format(**values)

    def read(self, said: str) -> Said | None:
        """None where it is another one."""
        found = self._form.fullmatch(said)
        return Said(self.code, found.groupdict()) if found else None

    @cached_property
    def _form(self) -> re.Pattern[str]:
        pieces = _PLACE.split(self.english)
        form = "".join(f"(?P<{piece}>.*?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
        return re.compile(form, re.DOTALL)


NO_DEPLOYMENT = Sentence(
    "no-deployment", "Site {site} has no deployment {number}; `tm-service coverage {site_again}` names the latest."
)
NO_SUCH_NUMBER = Sentence("no-deployment", "Site {site} has no deployment {number}.")
NO_RESOURCE = Sentence("no-resource", "Deployment {number} of {site} has no {resource} in {locale}.")
NO_HISTORY = Sentence("no-history", "No deployment of {site} served {text} in {locale}.")
NEWER_SEEN = Sentence("newer-deployment", "Deployment {number} was made meanwhile; look at what would change now.")
DEPLOYED_MEANWHILE = Sentence("deployed-meanwhile", "Site {site} was deployed meanwhile; deploy it again.")
NUMBER_TAKEN = Sentence(
    "deployed-meanwhile", "Site {site} was deployed meanwhile; look at the newest deployment and try again."
)
GATE_CLOSED = Sentence("gate-closed", "The gate is closed for {count}: {losses}.")
NO_LOCALE = Sentence("no-locale", "Site {site} has no locale {locale}; it has {locales}.")
WAIVER_OVER = Sentence("waiver-over", "A waiver until {day} is over already; name a later day.")
LEARNED_MEANWHILE = Sentence("learned-meanwhile", "Somebody else learned of site {site} meanwhile; learn it again.")
NO_REVISION = Sentence(
    "no-revision", "{repository} has no branch, tag or commit '{ref}'; look again, or fetch it first."
)
NO_BRANCH = Sentence("no-branch", "{repository} has no branch '{branch}'; its branches are: {branches}. Mend `branch`.")
NO_COMMITS = Sentence("no-commits", "{repository} is empty: it has no commits yet; push the branch '{branch}' first.")
REF_REFUSED = Sentence("ref-refused", "The ref '{ref}' is not allowed; name a branch, a tag or a commit id.")
NOT_FETCHED = Sentence("not-fetched", "Git could not fetch from {repository}: {reason}.")
BRANCH_MOVED = Sentence("branch-moved", "The branch '{branch}' of {repository} moved meanwhile; look again and retry.")
JOB_CANCELLED = Sentence("job-cancelled", "Job {job} was cancelled.")
WORKERS_LOST = Sentence(
    "workers-lost", "{count} workers ended while they were at it; look into their logs, and ask for it again."
)
PROGRAM_FAILED = Sentence("program-failed", "The program failed ({error}); its log says where.")
MACHINE_REFUSED = Sentence("machine-refused", "The machine refused: {reason}.")
NO_LONGER_REACHED = Sentence(
    "no-longer-reached",
    "{path} was imported at {revision} and no import leads to it any more; its readers see English, or keys. Put the import "
    "right.",
)

SENTENCES = tuple(value for value in list(globals().values()) if isinstance(value, Sentence))


def read(said: str) -> Said | None:
    """What a sentence says, None where the house knows it only in English."""
    if len(said) > _LONGEST:
        return None
    return next((found for one in SENTENCES if (found := one.read(said))), None)

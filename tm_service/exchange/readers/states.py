"""States: each tool's words for how far a target is, as one table to our stages."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tm_service.domain.packages import Stage

_U, _D, _T, _A, _R = Stage.UNTOUCHED, Stage.DRAFT, Stage.TRANSLATED, Stage.APPROVED, Stage.REJECTED


def _table(words: Mapping[Stage, str]) -> Mapping[str, Stage]:
    return MappingProxyType({word: stage for stage, listed in words.items() for word in listed.split()})


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# OASIS XLIFF 1.2, 3.2.1 `state`; 1.0 and 1.1 have the same words where they have any.
XLIFF_1 = _table(
    {
        _U: "new needs-translation needs-l10n",
        _D: "needs-adaptation needs-review-translation needs-review-adaptation needs-review-l10n",
        _T: "translated",
        _A: "signed-off final",
    }
)

# OASIS XLIFF 2.1, 4.2.2.24 `state`.
XLIFF_2 = _table({_U: "initial", _T: "translated", _A: "reviewed final"})

# The enumeration ConfirmationLevel of the SDK of Trados Studio, as `conf` of `sdl:seg`; left out where it is Unspecified.
TRADOS = _table(
    {
        _U: "unspecified nottranslated",
        _D: "draft",
        _T: "translated",
        _A: "approvedtranslation approvedsignoff",
        _R: "rejectedtranslation rejectedsignoff",
    }
)

# The enumeration TUStatus of memoQ's preview interface, and the words that its exports have had for the same.
MEMOQ = _table(
    {
        _U: "notstarted pretranslated assembledfromfragments machinetranslated",
        _D: "edited partiallyedited",
        _T: "manuallyconfirmed confirmed confirmedtranslator translatorconfirmed translationapproved translated",
        _A: "reviewer1confirmed reviewer2confirmed confirmedreviewer1 confirmedreviewer2 proofread",
        _R: "rejected",
    }
)

# Phrase: `m:confirmed` counts the workflow's levels that are done; older exports say it as a truth value.
PHRASE = _table({_D: "0 false", _T: "1 true", _A: "2 3 4 5 6 7 8 9 10 11 12"})

# What stands in `subState` after its prefix is a tool's own; these are the words that say less than the `state` before it.
SUB_STATES = MappingProxyType(
    {
        **{word: stage for word, stage in {**TRADOS, **MEMOQ, **XLIFF_1}.items() if stage in (_U, _D, _R)},
        **_table({_D: "fuzzy fuzzy-match mt mt-suggestion tm-suggestion needs-review", _R: "not-accepted"}),
    }
)

# OASIS XLIFF 1.2, 3.2.1 `state-qualifier`: the target is a match; the other values say why it is in its state.
MATCHES = _words(
    "exact-match fuzzy-match id-match leveraged-inherited leveraged-mt leveraged-repository leveraged-tm",
    "mt-suggestion tm-suggestion",
)

# `origin` of `sdl:seg` where nobody typed the target; "interactive" is a person.
TRADOS_MATCHES = _words(
    "mt nmt amt adaptive-mt tm document-match perfect-match auto-propagated auto-translated",
    "automated-alignment reverse-alignment source",
)

# `m:trans-origin` of Phrase where nobody typed the target: memory, machine, not to be translated, internal fuzzy, repetition.
PHRASE_MATCHES = _words("tm mt nt ice if pre source subsegment repetition")

_ORDER = (_R, _U, _D, Stage.SILENT, _T, _A)


def stage_of(table: Mapping[str, Stage], word: str) -> Stage:
    """Look a tool's word up, whatever its case; a word that is not in the table says nothing."""
    return table.get(word.strip().casefold(), Stage.SILENT)


def least(stages: Iterable[Stage]) -> Stage:
    """How far a unit is whose segments are so far: as far as the least of them; silent where there is none."""
    return min(stages, key=_ORDER.index, default=Stage.SILENT)


def xliff2_stage(state: str, sub_state: str = "") -> Stage:
    """Read `state` and `subState` of an XLIFF 2 segment; a sub-state only ever takes back what the state claims.

    A segment without a state is "initial" by the standard, which says no more than that nothing was said: silent.
    """
    said = stage_of(XLIFF_2, state)
    sub = stage_of(SUB_STATES, sub_state.rpartition(":")[2])
    return said if sub is Stage.SILENT else least((said, sub))

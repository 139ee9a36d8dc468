"""Edit classes: how an English text changed, from harmless to rewritten."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from enum import StrEnum

from tm_service.domain.text import CodeKind, Text, parse, word_tokens


class EditClass(StrEnum):
    """Ordered: the heaviest difference names the edit."""

    SPACE = "space"
    CASE = "case"
    PUNCTUATION = "punctuation"
    MARKUP = "markup"
    LINK = "link"
    SPELLING = "spelling"
    PLACEHOLDER = "placeholder"
    NUMBER = "number"
    NEGATION = "negation"
    MODALITY = "modality"
    TERM = "term"
    REORDER = "reorder"
    REWRITE = "rewrite"


# Edits that leave the meaning alone; "the same as the source" stays the answer, too.
HARMLESS = frozenset({EditClass.SPACE, EditClass.CASE, EditClass.PUNCTUATION, EditClass.MARKUP, EditClass.SPELLING})

NEGATIONS = frozenset(
    [
        "no",
        "not",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "without",
        "cannot",
        "can't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "won't",
        "wouldn't",
        "shouldn't",
        "mustn't",
        "hasn't",
        "haven't",
        "hadn't",
        "except",
        "unless",
    ]
)
MODALS = frozenset(
    ["shall", "should", "must", "may", "might", "can", "could", "will", "would", "ought", "need", "needs", "required"]
)
_NUMBER_WORDS = frozenset(
    [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "fifteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "ninety",
        "hundred",
        "thousand",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "once",
        "twice",
    ]
)
_NUMBER = re.compile(r"\d+(?:[.,:/\-]\d+)*")
_ADDRESS = re.compile(
    r"""(?:https?://|www\.|mailto:)[^\s<>"']*[^\s<>"'.,;:!?)]|(?<=href=")[^"]*|(?<=href=')[^']*|(?<=src=")[^"]*"""
)
# One apostrophe, and nothing for what is invisible within a word: soft hyphen, zero-width marks.
_FOLDED = str.maketrans(dict.fromkeys("’‘ʼ", "'") | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""))
_ENDINGS = frozenset(
    {"s", "es", "ed", "d", "ing", "e", "er", "ers", "r", "rs", "is", "an", "en", "on", "a", "um", "ly"}
)
_SILENT = frozenset({"me", "ue"})  # programme, catalogue
# Common words of different meaning one slip apart, as stems; a longer list would need a dictionary.
_CONFUSABLE = (
    ("adapt", "adopt"),
    ("casual", "causal"),
    ("complement", "compliment"),
    ("conservation", "conversation"),
    ("contact", "contract"),
    ("council", "counsel"),
    ("country", "county"),
    ("defer", "deter"),
    ("export", "expert"),
    ("form", "from"),
    ("import", "impart"),
    ("party", "parity"),
    ("personal", "personnel"),
    ("precede", "proceed"),
    ("prescri", "proscri"),
    ("principal", "principle"),
    ("report", "resort"),
    ("statue", "statute"),
    ("though", "through"),
    ("trail", "trial"),
    ("united", "untied"),
)
_SHORT_WORD = 4
_LONG_EDIT = 2
_PLACEHOLDERS = (CodeKind.PLACEHOLDER, CodeKind.LINK, CodeKind.BAR)


def edit_class(before: str, after: str, terms: Collection[str] = ()) -> EditClass:
    """Class of the change from one source text to the next (English).

    The classes are those of the serving policy; a text that changes in several ways takes the heaviest, so that
    `keep` is only ever granted to an edit that is harmless throughout. `terms` are the site's approved terms, lower case.
    Raises ValueError where the two texts are equal.
    """
    if before == after:
        raise ValueError("The two texts are the same; there is no edit to class.")
    before, after = _canonical(before), _canonical(after)
    if before == after:
        return EditClass.SPACE
    edits = {edit for edit in (_said_edit(before, after, terms), _carried_edit(before, after)) if edit}
    return max(edits, key=_gravity) if edits else _surface_edit(parse(before), parse(after))


_WEIGHTS = {edit: place for place, edit in enumerate(EditClass)}


def weight(edit: EditClass) -> int:
    """Place in the order of the classes: 0 is the lightest."""
    return _WEIGHTS[edit]


def _gravity(edit: EditClass) -> tuple[bool, int]:
    """Let what is not harmless outweigh what is: a new link under a corrected spelling is still a new link."""
    return edit not in HARMLESS, weight(edit)


def _canonical(text: str) -> str:
    """Keep what a fingerprint sees: NFC and one kind of line end."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _said_edit(before: str, after: str, terms: Collection[str]) -> EditClass | None:
    """Class what changed in words and numbers, addresses aside."""
    old, new = (_ADDRESS.sub(" ", parse(text).plain).translate(_FOLDED) for text in (before, after))
    old_words, new_words = _words(old), _words(new)
    word_edit = _word_edit(old_words, new_words, terms) if old_words != new_words else EditClass.SPACE
    number_edit = EditClass.NUMBER if _NUMBER.findall(old) != _NUMBER.findall(new) else EditClass.SPACE
    found = max(word_edit, number_edit, key=_gravity)
    return None if found is EditClass.SPACE else found


def _carried_edit(before: str, after: str) -> EditClass | None:
    """Class what changed in placeholders and addresses."""
    old, new = (Counter(parse(text).data(*_PLACEHOLDERS)) for text in (before, after))
    if old != new:
        return EditClass.PLACEHOLDER
    return EditClass.LINK if _ADDRESS.findall(before) != _ADDRESS.findall(after) else None


def _words(plain: str) -> list[str]:
    return [word.casefold() for word in word_tokens(plain.translate(_FOLDED))]


def _word_edit(old: list[str], new: list[str], terms: Collection[str]) -> EditClass:  # noqa: PLR0911 - a ladder, heaviest first
    """Words differ once case is folded: what kind of words?"""
    gone, come = Counter(old), Counter(new)
    changed = set((gone - come) + (come - gone))
    if not changed:
        return EditClass.REORDER
    if _is_respelled(old, new):
        return EditClass.SPELLING
    if _most_changed(old, new):
        return EditClass.REWRITE
    if _terms_changed(old, new, terms):
        return EditClass.TERM
    if changed & MODALS:
        return EditClass.MODALITY
    if any(word in NEGATIONS or word.endswith("n't") for word in changed):
        return EditClass.NEGATION
    if all(word in _NUMBER_WORDS or _NUMBER.fullmatch(word) for word in changed):
        return EditClass.NUMBER
    return EditClass.REWRITE


def _terms_changed(old: list[str], new: list[str], terms: Collection[str]) -> bool:
    """Whether any term, of one word or several, stands more often in one text than in the other."""
    spaced = [f" {' '.join(words)} " for words in (old, new)]
    for term in terms:
        written = f" {' '.join(_words(term))} "
        if written.strip() and spaced[0].count(written) != spaced[1].count(written):
            return True
    return False


def _most_changed(old: list[str], new: list[str]) -> bool:
    shared = sum((Counter(old) & Counter(new)).values())
    return 2 * shared < max(len(old), len(new))


def _is_respelled(old: list[str], new: list[str]) -> bool:
    """As many words, each the same or one or two letters from what it was, none of them a word that carries the meaning."""
    if len(old) != len(new):
        return False
    loaded = NEGATIONS | MODALS | _NUMBER_WORDS
    return all(
        a == b
        or (
            not {a, b} & loaded
            and min(len(a), len(b)) >= _SHORT_WORD
            and a[0] == b[0]
            and not _is_inflected(a, b)
            and not _is_other_word(a, b)
            and _distance(a, b) <= _LONG_EDIT
            and not any(character.isdigit() for character in a + b)
        )
        for a, b in zip(old, new, strict=True)
    )


def _is_inflected(a: str, b: str) -> bool:
    """One stem with two endings: `permit`, `permits`; `adopts`, `adopted`. That is another number or tense."""
    stem = next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    tails = {a[stem:], b[stem:]}
    if "" in tails:
        return not tails & _SILENT
    return tails <= _ENDINGS


def _is_other_word(a: str, b: str) -> bool:
    """Words of different meaning that are a slip apart, with whatever ending: `adopted`, `adapted`."""
    return any(
        a.startswith(x) and b.startswith(y) and a[len(x) :] == b[len(y) :]
        for pair in _CONFUSABLE
        for x, y in (pair, pair[::-1])
    )


def _distance(a: str, b: str) -> int:
    """Levenshtein distance with neighbouring letters swapped counted once (Damerau, restricted)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _surface_edit(old: Text, new: Text) -> EditClass:
    """Tell the heaviest of what else changed between texts of the same words, numbers and placeholders."""
    tags = (CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE, CodeKind.ENTITY)
    if old.data(*tags) != new.data(*tags):
        return EditClass.MARKUP
    if _letters(old.plain) == _letters(new.plain):
        same_marks = _marks(old.plain) == _marks(new.plain)
        return EditClass.SPACE if same_marks else EditClass.PUNCTUATION
    if _marks(old.plain) == _marks(new.plain):
        return EditClass.CASE
    return EditClass.PUNCTUATION


def _letters(plain: str) -> str:
    return "".join(character for character in plain if character.isalnum())


def _marks(plain: str) -> str:
    """Punctuation and symbols in order; spaces, invisible marks and letters dropped."""
    return "".join(c for c in plain if not c.isalnum() and not c.isspace() and unicodedata.category(c) != "Cf")

"""Guard: similar is not the same (law 9); what two source texts differ in so that one's translation may not serve the other.

A text is read as a row of items (`reading`): numbers, dates and units as values, negations, modals, quantifiers and conditions
as what they mean, parties and other words by their stems. Two rows are laid over each other (`overlap`); what only one of them
says is a difference (`said`), and so is what both say in another order (`order`), unless the order says nothing. The words of a
language stand in `memory/lexicons`; a language without a table has what needs no words: figures, signs, codes and order.
"""

import re

from memory.guard.order import order
from memory.guard.overlap import alike, overlap
from memory.guard.reading import reading
from memory.guard.said import said
from tm_service.domain.matches import Difference

__all__ = ["dangers"]

_CODE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")  # the language of a tag such as "pt-BR" (RFC 5646)


def dangers(before: str, after: str, language: str = "en") -> tuple[Difference, ...]:
    """What two source texts differ in dangerously; empty where they mean the same as far as can be told.

    `before` is the text a translation was made from, `after` the text to translate, `language` the code of theirs. Any two
    texts have an answer; dangers(a, b) is empty exactly when dangers(b, a) is.
    """
    if before == after:
        return ()
    base = _CODE.match(language)
    code = base[0].lower() if base else ""
    old, new = reading(before, code), reading(after, code)
    # One way round for both directions: of several alignments of equal length either may be found first.
    turned = new.keys < old.keys
    one, other = (new, old) if turned else (old, new)
    other = other._replace(items=tuple(alike(one.items, other.items)))
    shared = overlap(one.items, other.items)
    found = dict.fromkeys((*said(one, other, shared), *order(one, other, shared)))
    if turned:
        return tuple(Difference(difference.danger, difference.after, difference.before) for difference in found)
    return tuple(found)

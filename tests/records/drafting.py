"""Drafts in tests: saved as an editor saves them."""

from tests.records.samples import (
    A1,
    EDITOR,
    article,
)


def save(room, document, based_on=None, by=EDITOR, ref=A1, **more: object):
    return room.save_draft(ref, document, based_on=based_on, by=by, **more)


def english(text, **more: object):
    return article(title={"en": text, "fr": "Horaires"}, **more)

"""Refusals: what the house says when it cannot do something, in the reader's language where the sentence is known in it.

The house refuses in English, once, wherever that is written down. A page reads the sentence back by its template, and says it
with the same values in the reader's language; a sentence that is not known stays English and says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from tm_service.web.texts import SOURCE, speech

_PLACE = re.compile(r"%\((\w+)\)s")
_LONGEST = 10_000  # characters of a sentence that is looked at
_ISOLATE, _POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
# Where the first template that fits counts, one with more said stands before one with less.
SENTENCES = (
    # accounts
    "%(email)s has an account already.",
    "An invitation needs an e-mail address and a name.",
    "Only an account that is deactivated and not erased comes back.",
    "The account of %(name)s is not active.",
    "The e-mail address has no name and place around an @; write it as name@place.",
    "The language is no language code; write en, say.",
    "There is no person %(person)s.",
    "There is no such change; go back to the page of the person.",
    "Somebody else has changed these roles; look again.",
    "This account is deactivated; reactivate it first.",
    "This account is erased; it never changes again.",
    "This account is not active; ask an administrator.",
    "This would leave the house without an active administrator whose account never expires; make another person one first.",
    "%(role)s is no role; there are %(roles)s.",
    "The %(what)s of a grant begins or ends with white space; take it out.",
    "No site of %(role)s has the locale %(locale)s; name one that has, or none.",
    "The %(what)s is missing; fill it in.",
    "The %(what)s has more than %(longest)s characters; shorten it.",
    "The %(what)s has characters that cannot be printed; type it again.",
    # oneself
    "A second factor is in use; remove it first.",
    "No second factor waits to be confirmed; enrol one.",
    "Nobody here is known by that account; ask an administrator for an invitation to its address.",
    "Sign in first.",
    "The code is wrong; wait for the next one, and see that the phone's clock is right.",
    "The e-mail address, the password or the code is wrong; try again.",
    "The password has fewer than %(least)s characters; choose a longer one.",
    "The password has more than %(most)s characters; choose a shorter one.",
    "The password is blank; choose another.",
    "The password is the e-mail address or the name; choose another.",
    "The two new passwords are not the same; type them again.",
    "There is no second factor in use.",
    "There is no such change; go back to your page.",
    "There were too many failures; try again after %(moment)s UTC.",
    "This invitation is unknown, used or too old; ask for another.",
    "You are not signed in, or no longer; sign in again.",
    # programs
    "A program needs a name, an address that is read, and at least one thing that it may do.",
    "A program may not have %(scopes)s; only people do that.",
    "Only who registered a program gets its tokens; revoke it, or ask them.",
    "The client %(name)s is %(state)s; it cannot become %(next)s.",
    "The client %(name)s is %(state)s; only an approved one has tokens.",
    "The client %(name)s was not approved for %(scopes)s.",
    "The client asks for nothing; name what it has to do.",
    "The program %(name)s has no such token.",
    "The token %(token)s is replaced, revoked or too old; issue a new one.",
    "The token is for nothing; name some of the client's scopes.",
    "There is a client %(name)s already; choose another name.",
    "There is no client %(name)s.",
    "There is no such change; go back to the page of the program.",
    "There is no token %(token)s.",
    "This is for people; a program cannot do it.",
    "This token is unknown, revoked or too old; ask for another.",
    "Who requested %(name)s does not approve it; another person has to.",
    # memory and terms
    "%(file)s declares more than %(what)s, which is not read; export it without.",
    "%(file)s does not say the language of its %(side)s; name it.",
    "%(file)s does not say the language of its %(side)s; name one.",
    "%(file)s does not say which columns are what; name them source and target, or by language codes.",
    "%(file)s has no column in %(language)s; it has %(languages)s.",
    "%(file)s has no header in its first %(most)s characters; it is no table.",
    "%(file)s is TMX %(version)s; export the memory as TMX 1.4.",
    "%(file)s is empty; export the memory again.",
    "%(file)s is empty; export the table again.",
    "%(file)s is empty; export the term base again.",
    "%(file)s is in UTF-32, which is not read; save it as UTF-8.",
    "%(file)s is larger than %(most)s bytes; export the term base in parts.",
    "%(file)s is larger than %(most)s bytes; send the table in parts.",
    "%(file)s is not XML; export it as XLIFF.",
    "%(file)s is not XML; export the memory as TMX 1.4.",
    "%(file)s is not XML; export the term base as TBX.",
    "%(file)s is not well-formed XML before its first entry (%(reason)s); export it again.",
    "%(file)s is not well-formed XML in its first tag; export the term base again.",
    "%(file)s is of no format that is read; give a file ending in %(endings)s.",
    "%(file)s is packed (%(kind)s); unpack it and import what is in it.",
    "%(file)s says it is in %(encoding)s, which it is not or which is not read; save it as UTF-8.",
    "%(file)s: terms are kept in files ending in .tbx, .csv or .tsv; choose one of them.",
    "A term needs its word and what it is to be called.",
    "Memory %(memory)s has no pair %(number)s; `tm-service memory search` shows the numbers.",
    "Say why this pair is to be used no more.",
    "Site %(site)s has no locale %(locale)s; it has %(locales)s.",
    "Site %(site)s reads no memory %(memory)s; it reads %(memories)s.",
    "There is no file in this; choose one and send it again.",
    "There is no site whose terms you may change.",
    "There is no site whose terms you may read.",
    "There is no such term; list the terms again.",
    "There is no term %(number)s in use; list the terms, what was changed has a new number.",
    "There is no term %(number)s in use.",
    # desk
    "%(form)s is no plural form; the forms are %(forms)s.",
    "%(unit)s was written anew at the same moment; look again and save again.",
    "A question has 1 to %(most)s characters.",
    "A target has at most %(most)s characters; this has %(length)s.",
    "An empty target cannot be confirmed; write one, or leave the unit open.",
    "Nothing of %(package)s is confirmed that was not handed in before; confirm a unit first.",
    "Package %(package)s has no unit %(unit)s to translate.",
    "Package %(package)s is %(status)s; nothing of it can be translated.",
    "There is no job %(job)s that hands in %(package)s.",
    "There is no package %(package)s.",
    "There is no such receipt.",
    "Unit %(unit)s has no version %(version)s.",
    # doors
    "%(name)s may not do this on %(site)s in %(locale)s; it takes %(action)s.",
    "%(name)s may not do this on %(site)s; it takes %(action)s.",
    "%(name)s may not do this; it takes %(action)s.",
    "A body has at most %(most)s bytes here; send less.",
    "A page of another site asked for this; go to the page of this service and ask there.",
    "Sign in first, or show the token of a program: `Authorization: Bearer`.",
    "There is no site %(site)s: there are %(sites)s; add one with `tm-service site add sites.toml`.",
    "There is no site %(site)s: there is none yet; add one with `tm-service site add sites.toml`.",
    "There is no such file.",
    "There is no such package.",
)
# Values that are words themselves, as pages say them.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Name",
        "name of the client": "Name",
        "e-mail address": "E-mail address",
        "contact": "E-mail address that is read",
        "purpose": "What for",
        "site": "Site",
        "locale": "Language",
        "reason": "Why",
        "reason of the rejection": "Reasons, for who asked",
        "requested": "waits for approval",
        "approved": "approved",
        "rejected": "rejected",
        "revoked": "revoked",
        "draft": "draft",
        "cancelled": "cancelled",
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence and the language it is in."""

    text: str
    language: str


def told(sentence: str, code: str) -> Told:
    """As a reader of this language of the interface is told it."""
    if code == SOURCE or len(sentence) > _LONGEST:
        return Told(sentence, SOURCE)
    for template in SENTENCES:
        if found := _form(template).fullmatch(sentence):
            said = speech(code).translations.gettext
            values = {name: _value(value, code) for name, value in found.groupdict().items()}
            return Told(said(template) % values, code)
    return Told(sentence, SOURCE)


def known(sentence: str) -> str:
    """The template by which a sentence is read back, "" where there is none."""
    return next((one for one in SENTENCES if _form(one).fullmatch(sentence)), "")


def _value(value: str, code: str) -> str:
    """A name or number as it was; a word as pages say it; kept whole where the sentence goes the other way."""
    if value in WORDS:
        return speech(code).translations.gettext(WORDS[value])
    return f"{_ISOLATE}{value}{_POP}" if speech(code).direction == "rtl" else value


@cache
def _form(template: str) -> re.Pattern[str]:
    pieces = _PLACE.split(template)
    return re.compile(
        "".join(f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces)), re.DOTALL
    )

"""Letters: what goes beside packages and receipts, what tells of due days and changes, in the reader's language and English."""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from html import escape

from tm_service.domain.deliveries import Letter
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.functions import Deprecated
from tm_service.domain.packages import Package, Receipt
from tm_service.domain.text import words
from tm_service.domain.units import Locale, key_text
from tm_service.domain.waiting import Waiting
from tm_service.exchange.inline import legible
from tm_service.exchange.page_texts import Voice
from tm_service.exchange.receipt_texts import counts, name_of, outcome, receipt_voices, sentences

_LONGEST_SUBJECT = 120  # characters
_LONGEST_NAME = 60
_NAMED = 10  # texts that a letter names; the page has them all
_ISOLATE, _POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_RULE = "\u2014" * 12


_Block = str | tuple[str, ...]  # a paragraph, or the lines of a list


def handoff_letter(package: Package, contact: str = "") -> Letter:
    """The letter that brings a package: what it is, how much, until when, what to do, whom to ask.

    `contact` says whom to ask; where it is empty, whoever reads answers the letter.
    """
    first, *_ = spoken = receipt_voices(package.locale)
    return _letter(
        _handoff_subject(package, first), [(voice, list(_handoff(package, contact, voice))) for voice in spoken]
    )


def receipt_letter(receipt: Receipt, package: Package) -> Letter:
    """The letter that answers a return: how it went, in numbers, and the first texts that need attention."""
    first, *_ = spoken = receipt_voices(package.locale)
    has_trouble = any(entry.severity is Severity.ERROR for entry in receipt.findings)
    subject = first.say(
        "receipt_subject_attention" if has_trouble else "receipt_subject", package=_apart(name_of(package), first)
    )
    return _letter(subject, [(voice, list(_receipt(receipt, package, voice))) for voice in spoken])


def reminder_letter(package: Package, contact: str, today: date) -> Letter:
    """The letter that says when a package is due, or was: how much of it is open, what to do, whom to ask.

    `contact` as in the letter that brought it.
    """
    first, *_ = spoken = receipt_voices(package.locale)
    due = package.due or today
    subject = first.say(
        "reminder_subject_overdue" if due < today else "reminder_subject",
        package=_apart(name_of(package), first),
        due=first.date(due),
    )
    told = [(voice, list(_reminder(package, contact, due, voice, is_late=due < today))) for voice in spoken]
    return _letter(subject, told)


def function_letter(client: str, function: Deprecated, locale: Locale) -> Letter:
    """The letter that tells the contact of a client which function changes, when, and what to use instead."""
    first, *_ = spoken = receipt_voices(locale.split("-")[0])
    names = {"client": _apart(client, first), "function": _apart(function.name, first)}
    subject = first.say("function_subject", **names, until=first.date(function.until))
    return _letter(subject, [(voice, list(_function(client, function, voice))) for voice in spoken])


def digest_letter(waiting: Collection[Waiting], locale: Locale) -> Letter:
    """The letter that tells a person what waits for them, the most pressing first."""
    first, *_ = spoken = receipt_voices(locale.split("-")[0])
    return _letter(first.say("digest_subject"), [(voice, list(_digest(waiting, voice))) for voice in spoken])


def _digest(waiting: Collection[Waiting], voice: Voice) -> Iterator[_Block]:
    yield voice.say("greeting")
    yield voice.say("digest_what")
    yield tuple(_fact(voice, f"digest_{one.kind}", _told(one, voice)) for one in waiting)
    yield voice.say("digest_stop")


def _told(one: Waiting, voice: Voice) -> str:
    """How many, of what, until when."""
    parts = [voice.number(one.count), _apart(one.name or one.site, voice) if one.name or one.site else ""]
    parts += [voice.language(one.locale) if one.locale else "", voice.date(one.due) if one.due else ""]
    return " · ".join(filter(None, parts))


def _function(client: str, function: Deprecated, voice: Voice) -> Iterator[_Block]:
    yield voice.say("greeting")
    yield voice.say("function_what", client=_apart(client, voice))
    facts = [
        _fact(voice, "function", _apart(function.name, voice)),
        _fact(voice, "function_since", voice.date(function.since)),
        _fact(voice, "function_until", voice.date(function.until)),
    ]
    if function.instead:
        facts.append(_fact(voice, "function_instead", _apart(function.instead, voice)))
    yield tuple(facts)
    yield voice.say("function_do")
    yield voice.say("function_ask")


def _handoff_subject(package: Package, voice: Voice) -> str:
    named = _apart(name_of(package), voice)
    if package.due is None:
        return voice.say("handoff_subject", package=named)
    return voice.say("handoff_subject_due", package=named, due=voice.date(package.due))


def _handoff(package: Package, contact: str, voice: Voice) -> Iterator[_Block]:
    languages = {"source": voice.language(package.source_locale), "target": voice.language(package.locale)}
    yield voice.say("greeting")
    yield voice.say("handoff_what", site=_apart(package.site, voice), **languages)
    yield (
        _fact(voice, "due", voice.date(package.due) if package.due else voice.say("no_due")),
        _fact(voice, "texts", voice.number(len(package.units))),
        _fact(voice, "words", voice.number(sum(words(unit.source) for unit in package.units))),
        _fact(voice, "package", _apart(package.id, voice)),
    )
    yield voice.say("handoff_do")
    yield voice.say("handoff_back")
    yield voice.say("ask_contact", contact=_apart(contact, voice)) if contact else voice.say("ask")
    yield voice.say("thanks")


def _reminder(package: Package, contact: str, due: date, voice: Voice, *, is_late: bool) -> Iterator[_Block]:
    yield voice.say("greeting")
    yield voice.say(
        "reminder_overdue" if is_late else "reminder_soon", site=_apart(package.site, voice), due=voice.date(due)
    )
    yield (
        _fact(voice, "due", voice.date(due)),
        _fact(voice, "count_open", voice.number(len(package.open_units))),
        _fact(voice, "words", voice.number(sum(words(unit.source) for unit in package.open_units))),
        _fact(voice, "package", _apart(package.id, voice)),
    )
    yield voice.say("reminder_overdue_do" if is_late else "reminder_soon_do")
    yield voice.say("reminder_crossed")
    yield (voice.say("reminder_ask_contact", contact=_apart(contact, voice)) if contact else voice.say("reminder_ask"))
    yield voice.say("thanks")


def _receipt(receipt: Receipt, package: Package, voice: Voice) -> Iterator[_Block]:
    yield voice.say("greeting")
    yield voice.say(outcome(receipt))
    if receipt.repeated:
        yield voice.say("repeated")
    yield (
        *(_fact(voice, name, voice.number(count)) for name, count in counts(receipt)),
        _fact(voice, "package", _apart(package.id, voice)),
    )
    wrong = _by_place([entry for entry in receipt.findings if entry.severity is Severity.ERROR])
    if wrong:
        yield voice.say("attention_title")
        yield tuple(_named(wrong[:_NAMED], package, voice))
        if len(wrong) > _NAMED:
            yield voice.say("more", count=voice.number(len(wrong) - _NAMED))
        yield voice.say("receipt_places")
        yield voice.say("back_corrections" if receipt.corrections else "back_same")


def _fact(voice: Voice, name: str, value: str) -> str:
    return voice.say("fact", label=voice.say(name), value=value)


def _by_place(findings: Sequence[Finding]) -> list[Finding]:
    """The first finding of each unit, and of each file where it is of no unit."""
    first: dict[tuple[str, str], Finding] = {}
    for entry in findings:
        first.setdefault((entry.unit, "" if entry.unit else entry.path), entry)
    return list(first.values())


def _named(findings: Sequence[Finding], package: Package, voice: Voice) -> Iterator[str]:
    """Each with the key of its unit; a sentence that names its file needs no name before it."""
    keys = {unit.id: key_text(unit.key) for unit in package.units}
    for entry in findings:
        own = {sentence.language: sentence.text for sentence in sentences(entry, voice.code)}
        reason = own.get(voice.code, entry.message)
        name = keys.get(entry.unit, "") or entry.unit or entry.path
        yield reason if name in reason else voice.say("fact", label=_apart(name, voice), value=reason)


def _letter(subject: str, told: Sequence[tuple[Voice, Sequence[_Block]]]) -> Letter:
    plain = f"\n\n{_RULE}\n\n".join("\n\n".join(map(_plain, blocks)) for _, blocks in told)
    page = "\n<hr>\n".join(
        f'<div lang="{voice.code}" dir="{voice.direction}">\n' + "\n".join(map(_html, blocks)) + "\n</div>"
        for voice, blocks in told
    )
    return Letter(_cut(_one_line(subject), _LONGEST_SUBJECT), legible(plain), legible(page), told[0][0].code)


def _plain(block: _Block) -> str:
    return _one_line(block) if isinstance(block, str) else "\n".join(f"- {_one_line(line)}" for line in block)


def _html(block: _Block) -> str:
    if isinstance(block, str):
        return f"<p>{_written(block)}</p>"
    return f"<ul>{''.join(f'<li>{_written(line)}</li>' for line in block)}</ul>"


def _written(text: str) -> str:
    return escape(_one_line(text))


def _apart(value: str, voice: Voice) -> str:
    """A code or name kept whole in a sentence of the other direction."""
    shown = _cut(_one_line(value), _LONGEST_NAME)
    return f"{_ISOLATE}{shown}{_POP}" if voice.direction == "rtl" else shown


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _one_line(text: str) -> str:
    """A text without line breaks and control characters, so that nobody adds a line of their own."""
    return "".join(" " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in text)

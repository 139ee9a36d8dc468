"""Hard-coded: how likely a text in code is English that people read, from where it stands and how it reads."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads

from tm_service.domain.usage import Position

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-z]")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7af]")
_FILLED = re.compile(r"\{\{.*?\}\}|\$\{[^}]*\}|<%.*?%>|\{%.*?%\}|%\(\w+\)[sd]|%[sdif]\b|\{\w*\}", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|&#?\w+;")
_CODE = re.compile(
    r"""(?:https?:)?//\S*|(?:mailto|tel|data|blob|javascript|urn):\S*      # addresses
      | [\w.+\-]+@[\w\-]+\.[\w.\-]+                                          # e-mail
      | [./~@#$][\w\-./\#?=&:@$*~]+ | [\w\-]+(?:/[\w\-.*]*)+                 # paths, selectors
      | [A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+(?:\(.*\))?                   # dotted.names
      | [a-z]+\d*(?:[A-Z][a-z\d]*)+ | (?:[A-Z][a-z\d]+){2,}[A-Z]?            # camelCase, PascalCase
      | \w+_\w* | _\w+                                                       # snake_case
      | [a-z\d]+(?:-[a-z\d]+)+                                               # kebab-case
      | [\w\-]*\([^)]*\) | [\#]?[\da-fA-F]{6,} | \d[\w.%\-]*                # calls, colours, sizes
    """,
    re.VERBOSE,
)
_MASK = re.compile(r"(?:[YyMDdHhmsSAaZzGEwWQ]{1,4}[\s.,:/\-T']*){2,}")  # of dates
_DECLARATIONS = re.compile(r"(?:[\w\-]+\s*:\s*[^:;]+;\s*)+(?:[\w\-]+\s*:\s*[^:;]+)?")
_QUERY = re.compile(
    r"\s*(?:SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM|CREATE\s+(?:TABLE|INDEX)|ALTER\s+TABLE)\b",
    re.DOTALL,
)
_OPERATORS = re.compile(
    r"&&|\|\||[=!]==?|=>|::|->|[\w\])]\s*[<>]=?\s*\w+\s*$|^[\[{(].*[\]})]$|\w:\w+|[\w*]\s+(?:AND|OR|NOT)\s+[\w(*]|\[\w+\s*[\]=^$*~]"
)
_SENTENCE_END = re.compile(r"[.!?…:]['\"”’)]?$")
_PREFIX = re.compile(r"^(?:[:@(\[]+|v-bind:)(?:attr\.)?|^this\.")
_WHY = {
    Position.ATTRIBUTE: "is the attribute",
    Position.PROPERTY: "is the property",
    Position.ARGUMENT: "is given to",
    Position.ASSIGNED: "is assigned to",
}
_SEEN = (Position.TEXT, Position.ATTRIBUTE)
_READS = re.compile(rb"[A-Za-z]\S{0,60}\s|\A.[A-Z][a-z]|\A.[a-z]{2,}[.!?:]?.\Z")
_REPORTED = 50
_LONGEST = 1_000  # characters that are looked at
_SENTENCE = 4  # words from which a text reads as a sentence


@dataclass(frozen=True)
class _Table:
    shown: frozenset[str]
    ends: tuple[str, ...]
    code: frozenset[str]


@cache
def _tables() -> Mapping[str, _Table]:
    read = _file()
    return {
        name: _Table(frozenset(table["shown"]), tuple(table.get("ends", ())), frozenset(table.get("code", ())))
        for name, table in read.items()
        if "shown" in table
    }


@cache
def _file() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return loads(files("extractors.source_code").joinpath("hard_coded.toml").read_text("utf-8"))


@cache
def _list(table: str, name: str) -> frozenset[str]:
    return frozenset(_file()[table][name])


def is_log(called: str) -> bool:
    """Whether a call writes to a log."""
    receiver, _, last = called.casefold().rpartition(".")
    receiver = receiver.rpartition(".")[2]
    return (receiver in _list("logged", "objects") and last in _list("logged", "functions")) or called in (
        "print",
        "debug",
    )


def is_code_element(name: str) -> bool:
    return name.casefold() in _list("words", "elements")


def may_read(raw: bytes) -> bool:
    """Whether a string, with its quotes, may be read by people at all: it has blanks, or begins with a capital."""
    return _READS.search(raw) is not None


def is_shown(text: str, position: Position, name: str) -> bool:
    """Whether a text is reported where nobody asks for all."""
    return score(text, position, name)[0] >= _REPORTED


def score(text: str, position: Position, name: str) -> tuple[int, tuple[str, ...]]:
    """How sure it is, from 0 to 100, that people read a text in English; and why, the strongest reason first."""
    plain = " ".join(_TAG.sub(" ", _FILLED.sub(" ", text[:_LONGEST])).split())
    words = _WORD.findall(plain)
    if not _LATIN.search(plain) or not any(len(word) > 1 for word in words):
        return 0, ("has no words",)
    if len(_OTHER_SCRIPT.findall(plain)) > len(_LATIN.findall(plain)):
        return 0, ("is in another script",)
    place, why = _place(position, name)
    if place < 0:
        return 0, (why,)
    if _is_code(plain, words, position):
        return max(0, place - 50), ("looks like code", why)
    reads, reasons = _reads(plain, words)
    if position in _SEEN and place >= _REPORTED:
        reads = max(reads, 5)
    return min(100, place + reads), (why, *reasons)


def _place(position: Position, name: str) -> tuple[int, str]:
    """What the place alone says; below 0 for places that people never see."""
    table = _tables().get(position.value)
    if table is not None:
        why = f"{_WHY[position]} {name}"
        return _named(position, table, name), why
    if position is Position.TEXT:
        return (-1, "is code in a page") if is_code_element(name) else (50, "is text of a template")
    if position is Position.OTHER:
        return (-1, "is compared") if name == "compare" else (20, "stands in code")
    return (0, "is thrown as an error") if position is Position.THROWN else (-1, "goes to a log")


def _named(position: Position, table: _Table, name: str) -> int:
    """What the name alone says, of an attribute, a property, a function or a variable."""
    said = _PREFIX.sub("", name.casefold()).rstrip("])")
    receiver, _, last = said.rpartition(".")
    is_method = position is Position.ARGUMENT and bool(receiver) and f"${last}" not in table.shown
    if said in table.shown or (last in table.shown and not is_method):
        return 55
    if said in table.code or last in table.code:
        return -1
    if last.endswith(table.ends) and table.ends:
        return 50
    return {Position.ATTRIBUTE: -1, Position.ARGUMENT: 10}.get(position, 20)


def _is_code(plain: str, words: Sequence[str], position: Position) -> bool:
    tokens = plain.split()
    if _QUERY.match(plain) or _MASK.fullmatch(plain) or _DECLARATIONS.fullmatch(plain):
        return True
    if len(tokens) == 1:
        bare = plain.strip("*.,:;!?()\"'’…›»«‹+-–—|/")
        is_name = position not in _SEEN and (bare.islower() or (bare.isupper() and len(bare) > 1))
        return is_name or _CODE.fullmatch(bare) is not None
    odd = sum(_CODE.fullmatch(token.strip(".,;:!?()\"'")) is not None for token in tokens)
    has_grammar = any(word.casefold() in _list("words", "small") for word in words)
    # Names of classes: all small letters, no sign of a sentence, one of them made of parts.
    are_names = odd > 0 and plain == plain.lower() and not _SENTENCE_END.search(plain)
    return 2 * odd >= len(tokens) or (not has_grammar and (are_names or _OPERATORS.search(plain) is not None))


def _reads(plain: str, words: Sequence[str]) -> tuple[int, list[str]]:
    """What the text alone says."""
    small = sum(word.casefold() in _list("words", "small") for word in words)
    found, reasons = 0, []
    if len(words) >= _SENTENCE and (_SENTENCE_END.search(plain) or (plain[:1].isupper() and small)):
        found, reasons = 30, ["reads as a sentence"]
    elif len(words) > 1 and (plain[:1].isupper() or small):
        found, reasons = 15, ["has several words"]
    elif len(words) == 1 and plain[:1].isupper():
        found, reasons = 5, ["is a word with a capital"]
    if small:
        found += 15
        reasons.append("has words of English grammar")
    return found, reasons

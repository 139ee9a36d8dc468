"""Tags: read what a tool or a hand made of a tag, and tell whether it is still the same."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

# Characters that show nothing: zero-width marks, directional marks and embeddings, soft hyphens.
INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"

_UNSEEN = re.compile(f"[{INVISIBLE}]+")
GAP = rf"[\s{INVISIBLE}]{{0,8}}"  # longer ones are nobody's slip, and would take their time
_AGAIN = rf"[&＆](?:{GAP}amp{GAP}[;；]?)*{GAP}"  # escaped once, or over and over
_BEGIN, _END = (rf"(?:[{signs}]|{_AGAIN}{name}(?:{GAP}[;；])?)" for signs, name in (("<＜", "lt"), (">＞", "gt")))
_LIKE = re.compile(
    rf"{_BEGIN}{GAP}(?P<close>\\?[/／])?{GAP}(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?P<rest>(?:[^<>＜＞&]|&(?!(?:amp;)*lt;)){{0,1000}}?){_END}"
)
_QUOTE = "\"'`“”„‟«»‹›‘’‚‛＂＇〝〞″"
_ATTRIBUTE = re.compile(
    rf"""(?P<name>[^\s=/{_QUOTE}]+)
    (?:\s*=\s*(?:"(?P<double>[^"]*)" | '(?P<single>[^']*)' | [{_QUOTE}]+(?P<quoted>.*?)[{_QUOTE}]+ | (?P<bare>[^\s{_QUOTE}]+)))?
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED_QUOTES = (
    (re.compile(r"\\([\"'])"), r"\1"),
    (re.compile("&quot;|&#34;"), '"'),
    (re.compile("&apos;|&#39;"), "'"),
)
_DOUBLED = re.compile(r'=\s*""(?=[^\s"/])')  # as a sheet writes a quotation mark within a cell

# Attributes that readers see or hear: they are the translator's, and never set back.
_SPOKEN = frozenset(["title", "alt", "placeholder", "label", "summary", "content", "value", "abbr", "lang", "dir"])
_ADDRESSES = frozenset(["href", "src", "action", "cite", "poster"])
_DANGEROUS = re.compile(r"^[\s\x00-\x20]*(?:javascript|vbscript|data)\s*:|expression\s*\(|url\s*\(", re.IGNORECASE)
_LANGUAGES = {
    "en": ("en", "eng", "english"),
    "ar": ("ar", "ara", "arabic"),
    "es": ("es", "spa", "spanish"),
    "fr": ("fr", "fra", "french"),
    "ru": ("ru", "rus", "russian"),
    "zh": ("zh", "zho", "chinese"),
}
_PIECE = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Tag:
    """What a tag says, however it is written: attributes by name in lower case, sorted."""

    closes: bool
    name: str
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.attributes)


def tags_like(text: str) -> Iterator[tuple[int, int, Tag]]:
    """Everything that reads as a tag, damaged or not: from, to before, and what it says."""
    for match in _LIKE.finditer(text):
        rest = match["rest"]
        if not rest or not (rest[0].isalnum() or rest[0] in "_=.,"):
            yield match.start(), match.end(), Tag(bool(match["close"]), match["name"].lower(), _attributes(rest))


def read_tag(written: str) -> Tag | None:
    """What one tag says; None where the text is no tag."""
    for start, end, tag in tags_like(written):
        if (start, end) == (0, len(written)):
            return tag
    return None


def _attributes(rest: str) -> tuple[tuple[str, str], ...]:
    seen = unicodedata.normalize("NFKC", _UNSEEN.sub("", rest)).strip().rstrip("/").strip()
    for escaped, plain in _ESCAPED_QUOTES:
        seen = escaped.sub(plain, seen)
    if _DOUBLED.search(seen):
        seen = seen.replace('""', '"')
    return tuple(sorted((match["name"].lower(), _value(match)) for match in _ATTRIBUTE.finditer(seen)))


def _value(match: re.Match[str]) -> str:
    values = (match[group] for group in ("double", "single", "quoted", "bare"))
    return next((value for value in values if value is not None), "").strip()


def is_variant(source: Tag, target: Tag, locale: str, source_locale: str) -> bool:
    """Whether two tags differ only in addresses that name the language: `/rules-en.pdf` and `/rules-fr.pdf`."""
    if (source.closes, source.name, source.names) != (target.closes, target.name, target.names):
        return False
    changed = [(name, a, b) for (name, a), (_, b) in zip(source.attributes, target.attributes, strict=True) if a != b]
    return bool(changed) and all(
        name in _ADDRESSES and _neutral(a, source_locale) == _neutral(b, locale) for name, a, b in changed
    )


def _neutral(address: str, locale: str) -> str:
    names = _LANGUAGES.get(locale.partition("-")[0].lower(), (locale.lower(),))
    return _PIECE.sub(lambda piece: "*" if piece[0].lower() in names else piece[0], address)


def may_set_back(source: Tag, target: Tag) -> bool:
    """Whether a tag's changed values can only be a slip: none is for readers, leads elsewhere or does anything.

    A tag with attributes that the source's has not, or without some of them, is for a person to look at.
    """
    if source.closes or target.closes or (source.name, source.names) != (target.name, target.names):
        return False
    pairs = zip(source.attributes, target.attributes, strict=True)
    return all(a == b or _is_slip(name, a, b) for (name, a), (_, b) in pairs)


def _is_slip(name: str, before: str, after: str) -> bool:
    if name in _SPOKEN or name.startswith(("aria-", "data-", "on")) or _DANGEROUS.search(after):
        return False
    return name not in _ADDRESSES or _host(before) == _host(after)


def _host(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return "?", address
    return parts.scheme.lower(), parts.netloc.lower()

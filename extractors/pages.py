"""Pages: the characters of a file with the encoding they came in, and the way back to bytes."""

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document

_MARKS = (  # the longer ones first: the mark of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Page:
    """A file as text. `mark` is its byte order mark; line ends are as they were."""

    path: str
    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    def encoded(self, text: str) -> bytes:
        """Text in the encoding of the file; a character that has no place in it raises ExtractionError, naming it."""
        try:
            return self.mark + text.encode(
                self.encoding, "surrogatepass" if self.encoding.startswith("utf") else "strict"
            )
        except UnicodeEncodeError as error:
            character = text[error.start]
            reason = (
                f'"{character}" (U+{ord(character):04X}) cannot be written in {self.encoding}; save the file as UTF-8'
            )
            line, column = Page(self.path, text).position(error.start)
            raise ExtractionError(self.path, line, column, reason) from None

    def position(self, place: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        line = bisect_right(self._lines, place)
        return line, place - self._lines[line - 1] + 1

    def error(self, place: int, reason: str) -> ExtractionError:
        """What is wrong at a character, as an error to raise."""
        return ExtractionError(self.path, *self.position(place), reason)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]


def page(document: Document, encoding: str = "utf-8") -> Page:
    """Read a file as text: by its byte order mark, or in this encoding. Raises ExtractionError at the first wrong byte."""
    content = document.content
    mark, said = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", encoding))
    content = content.removeprefix(mark)
    try:
        return Page(document.path, content.decode(said), said, mark)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(said, "replace")
        line, column = Page(document.path, before).position(len(before))
        reason = f"the byte {content[error.start]:02X} is not {said.upper()}; save the file as UTF-8"
        raise ExtractionError(document.path, line, column, reason) from None

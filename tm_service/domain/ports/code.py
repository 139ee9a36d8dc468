"""Port of a site's source code: what one file says of the site's texts."""

from typing import Protocol

from tm_service.domain.units import Document
from tm_service.domain.usage import CodeFile


class CodeReader(Protocol):
    """Reads source code; it never runs any."""

    def reads(self, path: str) -> bool:
        """Whether files of this name are code it understands."""

    def read(self, document: Document) -> CodeFile:
        """What a file says. Raises ExtractionError for bytes that are no text; code with mistakes is read as far as it goes."""

"""Readers: the formats a return may come in, each told by what is in a file and read into units with neutral texts."""

from collections.abc import Callable
from dataclasses import dataclass

from tm_service.exchange.guard import Limits
from tm_service.exchange.readers.file import ReadFile
from tm_service.exchange.readers.heads import Head
from tm_service.exchange.readers.sheets import is_csv, read_csv
from tm_service.exchange.readers.tmx import read_tmx
from tm_service.exchange.readers.trees import MEMOQ, PHRASE, SDL
from tm_service.exchange.readers.workbooks import read_workbook
from tm_service.exchange.readers.xliff2 import NAMESPACES, read_xliff2
from tm_service.exchange.readers.xliff12 import read_xliff

STANDS_IN = 1  # a table may be the return, and may be a list of terms
_MEMORY = 2
_DIALECTS = frozenset([SDL, MEMOQ, PHRASE])


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what people call it, how a file is told to be in it, and who reads it. Readers raise ReturnRejected.

    `rank` 0 is the work itself; a higher one only counts where there is nothing of a lower one.
    """

    name: str
    tells: Callable[[Head], bool]
    read: Callable[[str, bytes, Limits], ReadFile]
    rank: int = 0


READERS: tuple[Format, ...] = (
    Format("SDLXLIFF", lambda head: _is_dialect(head, SDL), read_xliff),
    Format("memoQ XLIFF", lambda head: _is_dialect(head, MEMOQ), read_xliff),
    Format("Phrase MXLIFF", lambda head: _is_dialect(head, PHRASE), read_xliff),
    Format("XLIFF 2", lambda head: head.root == "xliff" and head.namespace in NAMESPACES, read_xliff2),
    Format("XLIFF 1", lambda head: head.root == "xliff" and head.namespace not in NAMESPACES, read_xliff),
    Format("CSV", lambda head: not head.root and is_csv(head.first), read_csv, STANDS_IN),
    Format("TMX", lambda head: head.root == "tmx", read_tmx, _MEMORY),
)
WORKBOOK = Format("Excel workbook", lambda _: False, read_workbook, STANDS_IN)  # a zip, told by what it holds


def _is_dialect(head: Head, namespace: str) -> bool:
    return head.root == "xliff" and head.namespace not in NAMESPACES and namespace in head.namespaces & _DIALECTS


def format_of(head: Head) -> Format | None:
    """The format of a file that begins so, where it is one that is read."""
    return next((known for known in READERS if known.tells(head)), None)

"""XLIFF 1: read what a tool made of a file of ours, in any version from 1.0 to 1.2 and in the dialect of any tool."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lxml import etree

from tm_service.exchange.guard import Limits
from tm_service.exchange.readers.file import ReadFile
from tm_service.exchange.readers.mqxliff import memoq_units
from tm_service.exchange.readers.mxliff import phrase_units
from tm_service.exchange.readers.plain import plain_units
from tm_service.exchange.readers.sdlxliff import trados_units
from tm_service.exchange.readers.trees import MEMOQ, PHRASE, SDL, names_of, xliff_root

_DIALECTS: Mapping[str, Callable[[str, etree._Element, Limits], ReadFile]] = MappingProxyType(
    {SDL: trados_units, MEMOQ: memoq_units, PHRASE: phrase_units}
)


def read_xliff(name: str, content: bytes, limits: Limits | None = None) -> ReadFile:
    """Read an XLIFF 1 file from its bytes, by what is in it and whatever its name says. Raises ReturnRejected."""
    limits = limits or Limits()
    root = xliff_root(name, content, limits)
    names = names_of(root)
    read = next((reader for namespace, reader in _DIALECTS.items() if namespace in names), None)
    return read(name, root, limits) if read else plain_units(name, root)

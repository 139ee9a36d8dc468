"""Extractors: one class per file format of a site; each takes its format apart and puts it together."""

from collections.abc import Mapping

from extractors.json_messages import JsonMessages
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.ports import Extractor

EXTRACTORS: Mapping[str, type] = {
    "json": JsonMessages,
}


def extractor(name: str, dialect: str = "") -> Extractor:
    """Make the extractor of a content rule. Raises ConfigurationError, naming what exists."""
    if name not in EXTRACTORS:
        raise ConfigurationError(f'There is no extractor "{name}"; there is {", ".join(sorted(EXTRACTORS))}.')
    made: Extractor = EXTRACTORS[name](dialect)
    return made

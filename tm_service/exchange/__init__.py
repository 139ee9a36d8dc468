"""Exchange: the formats in which packages leave the house and come back."""

from collections.abc import Mapping

from tm_service.domain.ports import Exporter
from tm_service.exchange.exporter import Xliff12Bundle

EXPORTERS: Mapping[str, Exporter] = {
    "xliff-1.2": Xliff12Bundle(),
}

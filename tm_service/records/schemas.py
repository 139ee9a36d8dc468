"""Schemas: what the house knows of each record type, read once from the files beside it."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tm_service.domain.errors import NotFound
from tm_service.domain.records import Schema
from tm_service.records.schema_files import read_schema

_SUFFIX = ".toml"


@cache
def schemas() -> Mapping[str, Schema]:
    """Every schema by its name, in the order of names."""
    folder = files("tm_service.records").joinpath("schemas")
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(_SUFFIX))
    names = [name.removesuffix(_SUFFIX) for name in found]
    return MappingProxyType(
        {name: read_schema(name, folder.joinpath(name + _SUFFIX).read_text("utf-8")) for name in names}
    )


def schema(name: str) -> Schema:
    """The schema of this name. Raises NotFound, naming what there is."""
    known = schemas()
    if name not in known:
        raise NotFound(f"There is no schema {name!r}; there are {', '.join(known)}.")
    return known[name]

"""Profiles: what each translation tool is handed, as data with a reason beside each switch."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from tm_service.domain.errors import Unusable
from tm_service.domain.handoffs import Profile


def profile(name: str) -> Profile:
    """The profile of a tool. Raises Unusable for a name there is not."""
    known = profiles()
    if name not in known:
        raise Unusable(f"There is no profile {name!r}; there are {', '.join(known)}.")
    return known[name]


@cache
def profiles() -> Mapping[str, Profile]:
    """Every profile by name."""
    content = tomllib.loads(files("tm_service.exchange").joinpath("profiles.toml").read_text("utf-8"))
    return {name: _profile(name, content["all"] | table) for name, table in content.items() if name != "all"}


def _profile(name: str, table: Mapping[str, object]) -> Profile:
    modules = table["modules"]
    given = {**table, "name": name, "modules": frozenset(modules if isinstance(modules, list) else ())}
    return Profile(**given)  # type: ignore[arg-type]  # the table's types are those of the file, held by a test

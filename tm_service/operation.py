"""Operation: how a process of the house runs: what it logs, who may read its figures, how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tm_service.domain.errors import ConfigurationError

_FORMS = ("json", "text")
_LEVELS = ("debug", "info", "warning", "error")
_SAID = {"yes": True, "no": False, "1": True, "0": False}
_SHORTEST = 16  # characters of a token that nobody guesses
_LONGEST = 3600  # seconds
GRACE = 30  # seconds


@dataclass(frozen=True, slots=True)
class Operation:
    """`log` is `json` or `text`, empty for text on a terminal and JSON elsewhere; `log_level` the least that is logged.

    `grace` is how many seconds work under way has to end, `drain` for how many the house says before that it is not ready.
    """

    log: str = ""
    log_level: str = "info"
    metrics_token: str = field(default="", repr=False)
    https: bool = False
    grace: int = GRACE
    drain: int = 0


def read_operation(environment: Mapping[str, str]) -> Operation:
    """Raises ConfigurationError."""
    token = environment.get("TM_SERVICE_METRICS_TOKEN", "")
    if token and (len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token):
        raise ConfigurationError(
            f"TM_SERVICE_METRICS_TOKEN is too weak; use {_SHORTEST} or more printable ASCII characters without spaces."
        )
    return Operation(
        _one_of(environment, "TM_SERVICE_LOG", ("", *_FORMS)),
        _one_of(environment, "TM_SERVICE_LOG_LEVEL", _LEVELS, "info"),
        token,
        flag(environment, "TM_SERVICE_HTTPS"),
        whole(environment, "TM_SERVICE_GRACE", GRACE, range(_LONGEST + 1), "whole seconds"),
        whole(environment, "TM_SERVICE_DRAIN", 0, range(_LONGEST + 1), "whole seconds"),
    )


def _one_of(environment: Mapping[str, str], name: str, choices: tuple[str, ...], usual: str = "") -> str:
    found = (environment.get(name) or usual).lower()
    if found not in choices:
        raise ConfigurationError(f"{name} is {found!r}; choose one of {', '.join(filter(None, choices))}.")
    return found


def flag(environment: Mapping[str, str], name: str) -> bool:
    """Yes or no, and no where nothing is said. Raises ConfigurationError."""
    found = (environment.get(name) or "no").lower()
    if found not in _SAID:
        raise ConfigurationError(f"{name} is {found!r}; write yes or no.")
    return _SAID[found]


def whole(environment: Mapping[str, str], name: str, usual: int, allowed: range, what: str = "a number") -> int:
    """A whole number; the usual one where nothing is said. Raises ConfigurationError."""
    said, most = environment.get(name) or str(usual), allowed[-1]
    if not (said.isascii() and said.isdecimal() and len(said) <= len(str(most)) and int(said) in allowed):
        raise ConfigurationError(f"{name} is {said!r}; write {what} from {allowed[0]} to {most}.")
    return int(said)

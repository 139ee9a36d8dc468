"""Operation: how a process of the house runs: what it logs, who may read its figures, how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tm_service.domain.errors import ConfigurationError

_FORMS = ("json", "text")
_LEVELS = ("debug", "info", "warning", "error")
_SAID = {"yes": True, "no": False}
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
        _SAID[_one_of(environment, "TM_SERVICE_HTTPS", tuple(_SAID), "no")],
        _seconds(environment, "TM_SERVICE_GRACE", GRACE),
        _seconds(environment, "TM_SERVICE_DRAIN", 0),
    )


def _one_of(environment: Mapping[str, str], name: str, choices: tuple[str, ...], usual: str = "") -> str:
    found = (environment.get(name) or usual).lower()
    if found not in choices:
        raise ConfigurationError(f"{name} is {found!r}; choose one of {', '.join(filter(None, choices))}.")
    return found


def _seconds(environment: Mapping[str, str], name: str, usual: int) -> int:
    said = environment.get(name) or str(usual)
    if not (said.isascii() and said.isdecimal() and len(said) <= len(str(_LONGEST)) and int(said) <= _LONGEST):
        raise ConfigurationError(f"{name} is {said!r}; write whole seconds, {_LONGEST} at most.")
    return int(said)

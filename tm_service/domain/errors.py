"""Errors by what the caller can do about them; each carries one sentence: what, where, what to do."""

from tm_service.domain.sentences import MACHINE_REFUSED


class ServiceError(Exception):
    """Any refusal of the house; its text is one sentence for a person."""


class ConfigurationError(ServiceError):
    """A setting, a line of sites.toml or a command line is wrong; the sentence names it."""


class Unusable(ConfigurationError):
    """What the asker named cannot be used as it is; the sentence says why."""


class NotFound(ServiceError):
    """What was asked for does not exist."""


class NotAllowed(ServiceError):
    """The caller may not do this."""


class Conflict(ServiceError):
    """Something moved meanwhile; look again and retry."""


class GateClosed(ServiceError):
    """A deployment would take something from readers; translate it or waive it."""


class ReturnRejected(ServiceError):
    """A returned file is not ours or not safe to read; nothing of it was used.

    `template` and `values` are what the sentence was made of, so that it can be said in another language; a template without
    values is the sentence itself. The value `locale` is the language of the package, where that is known.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        said = {name: str(value) for name, value in values.items()}
        super().__init__(template.format(**said) if said else template)
        self.template, self.values = template, said


class ConnectorError(ServiceError):
    """An outside system failed or refused."""


class Refused(ConnectorError):
    """A delivery was not sent, and will not be as it is; a person has something to put right."""


class TryLater(ConnectorError):
    """A delivery was not sent; the same may succeed later."""


class InDoubt(ConnectorError):
    """A delivery may have been sent or not, and nobody can tell from here; sending again may send twice."""


class ExtractionError(ServiceError):
    """A file of the site cannot be read; the rest of the site goes on."""

    def __init__(self, path: str, line: int, column: int, reason: str) -> None:
        super().__init__(f"{path}, line {line}, column {column}: {reason}.")
        self.path, self.line, self.column, self.reason = path, line, column, reason


def machine_refused(error: OSError) -> str:
    """What the machine said, as a sentence that names the place: a full disk, missing rights, too many open files."""
    where = f"{error.filename}: " if error.filename else ""
    return MACHINE_REFUSED.say(reason=f"{where}{error.strerror or error}")

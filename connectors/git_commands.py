"""Git commands: runs git so that no foreign repository, address or prompt can take it over."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from tempfile import TemporaryFile
from threading import RLock
from typing import IO, Any

from git import Repo
from git.cmd import Git
from git.exc import GitError

from connectors.git_addresses import without_secrets
from tm_service.domain.errors import ConnectorError, NotFound

_CHUNK = 1 << 16
_LONGEST_REASON = 200
_OBJECT = re.compile(r"[0-9a-f]{40}")
_NOISE = ("warning:", "hint:", "Cloning ", "From ", "To ")
ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "file:https:ssh",
    "GIT_NO_REPLACE_OBJECTS": "1",
    # A partial clone's own settings name the program that fetches what it lacks (CVE-2024-32004).
    "GIT_NO_LAZY_FETCH": "1",
}
SETTINGS = (
    "protocol.ext.allow=never",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.pager=cat",
    "log.showSignature=false",
    "log.showRoot=true",
    "i18n.commitEncoding=UTF-8",
    "gc.autoDetach=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a git process ended with."""

    status: int
    output: bytes
    errors: str


class GitCommands:
    """One repository's git: guarded processes, and two that stay for reading objects. Threads may share it."""

    def __init__(self, repo: Repo, shown: str) -> None:
        self.shown = shown
        self.git_dir = Path(repo.git_dir)
        self.common_dir = Path(repo.common_dir)
        self._repo = repo
        self._lock = RLock()
        guard(repo.git, safe=str(repo.working_dir))
        repo.git.update_environment(GIT_DIR=str(self.git_dir), GIT_OBJECT_DIRECTORY=str(self.common_dir / "objects"))

    def attempt(self, command: str, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Outcome:
        """Run git and look at how it ended; nothing is raised for a failure."""
        with _given(stdin) as source:
            return _finished(self._repo.git, command, *args, istream=source, env=dict(env or {}))

    def run(
        self, doing: str, command: str, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> bytes:
        """Run git for its output; raises ConnectorError with one sentence, `doing` says what was tried."""
        outcome = self.attempt(command, *args, stdin=stdin, env=env)
        if outcome.status:
            raise self.fault(doing, outcome.errors)
        return outcome.output

    def speak(self, command: str, *args: str, patience: float, env: Mapping[str, str] | None = None) -> Outcome:
        """As `attempt`, for what asks another machine: given up after so many seconds, with everything that git started."""
        git = self._repo.git
        settings = [
            part for setting in (*SETTINGS, f"safe.directory={self._repo.working_dir}") for part in ("-c", setting)
        ]
        environment = {**os.environ, "LANGUAGE": "C", "LC_ALL": "C", **git.environment(), **(env or {})}
        try:
            process = Popen(  # noqa: S603 - addresses and refs were vetted, and stand behind `--`
                [str(git.GIT_PYTHON_GIT_EXECUTABLE), *settings, command, *args],
                cwd=self.common_dir, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=PIPE,
                start_new_session=True,  # to be ended as a whole; nor can ssh ask a terminal for a password
            )  # fmt: skip
        except OSError as error:
            return Outcome(-1, b"", str(error))
        try:
            output, errors = process.communicate(timeout=patience)
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, SIGKILL)
            process.communicate()
            if not isinstance(error, TimeoutExpired):
                raise
            return Outcome(-1, b"", f"it did not end within {patience:g} seconds")
        return Outcome(process.returncode, output, errors.decode("utf-8", "replace"))

    def tokens(self, doing: str, command: str, *args: str) -> Iterator[bytes]:
        """Run git and give its NUL-separated answer piece by piece, while it works."""
        process = getattr(self._repo.git, command)(*args, as_process=True)
        rest = b""
        while chunk := process.stdout.read(_CHUNK):
            *pieces, rest = (rest + chunk).split(b"\0")
            yield from pieces
        if rest:
            yield rest
        try:
            process.wait()
        except GitError as error:
            raise self.fault(doing, str(getattr(error, "stderr", ""))) from None

    def header(self, name: str) -> tuple[str, int]:
        """Kind and size of an object. Raises NotFound."""
        with self._lock:
            _, kind, size = self._asked(name, lambda git: git.get_object_header(name))
            return kind.decode("ascii"), size

    def content(self, name: str) -> tuple[str, bytes]:
        """Kind and bytes of an object. Raises NotFound."""
        with self._lock:
            _, kind, _, content = self._asked(name, lambda git: git.get_object_data(name))
            return kind.decode("ascii"), content

    def fault(self, doing: str, errors: str) -> ConnectorError:
        return ConnectorError(f"Git could not {doing} {self.shown}: {reason(errors)}.")

    def close(self) -> None:
        """End the processes that stay; they start again when they are needed."""
        with self._lock:
            self._repo.close()

    def _asked(self, name: str, question: Any) -> Any:
        if not _OBJECT.fullmatch(name):
            raise NotFound(f"'{name[:80]}' is not the id of an object in {self.shown}; SHA-1 ids have 40 digits.")
        try:
            return question(self._repo.git)
        except (ValueError, OSError) as error:
            if "could not be resolved" in str(error):
                raise NotFound(f"The object {name} is not in {self.shown}.") from None
            self._repo.git.clear_cache()
            raise ConnectorError(
                f"Git could not read the object {name} of {self.shown}: it is damaged or was never fetched; "
                "run `git fsck` in it."
            ) from error


def guard(git: Git, safe: str) -> None:
    """Give every git process of this repository the guarded settings and environment."""
    git.set_persistent_git_options(c=[*SETTINGS, f"safe.directory={safe}"])
    git.update_environment(**ENVIRONMENT)


def reason(errors: str) -> str:
    """Pick the first telling line of what git said, without secrets, fit for a sentence."""
    lines = [line.strip().removeprefix("stderr: '").rstrip("'") for line in errors.splitlines()]
    telling = [line for line in lines if line and not line.startswith(_NOISE)]
    said = without_secrets(telling[0] if telling else "it gave no reason")
    said = "".join(character for character in said if character.isprintable())
    return re.sub(r"^(?:fatal|error): ", "", said)[:_LONGEST_REASON].rstrip(".")


def _given(stdin: bytes) -> AbstractContextManager[IO[bytes]]:
    source = TemporaryFile()  # noqa: SIM115 - the caller's `with` closes it
    source.write(stdin)
    source.seek(0)
    return source


def _finished(git: Git, command: str, *args: str, **options: Any) -> Outcome:
    try:
        status, output, errors = getattr(git, command)(
            *args,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            **options,
        )
    except (GitError, OSError) as error:
        return Outcome(-1, b"", str(error))
    return Outcome(status, output, errors)

"""Files and folders that commands read and write, refused in one sentence before anything is half done."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from tm_service.domain.deployments import Deployment
from tm_service.domain.errors import ConfigurationError, ConnectorError, ServiceError
from tm_service.domain.packages import Package
from tm_service.service import Service


def write_file(file: Path, content: bytes, later: str = "fetch it from the page (`tm-service serve`)") -> None:
    """All of the file or nothing of it; `later` says how it is had once it can be written. Raises ConnectorError."""
    draft = _draft(file)
    try:
        draft.write_bytes(content)
        draft.replace(file)
    except OSError as error:
        raise ConnectorError(f"{file} cannot be written: {error.strerror or error}; {later}.") from error
    finally:
        with suppress(OSError):
            draft.unlink()


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """A file to write into piece by piece: all of it under its name at the end, or nothing."""
    draft = _draft(file)
    try:
        with draft.open("xb") as out:
            yield out
        draft.replace(file)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror or error}; name another file.") from error
    finally:
        draft.unlink(missing_ok=True)


def write_packages(out: Path, made: Sequence[tuple[Package, str, bytes]]) -> None:
    """Where the folder refuses, say which packages are out all the same."""
    for place, (_, name, content) in enumerate(made):
        left = ", ".join(package.id for package, _, _ in made[place:])
        write_file(
            out / name, content, f"{left} can be had by `tm-service packages download`, for the store has it all"
        )


def _draft(file: Path) -> Path:
    """Beside the file, and of this process alone; its name is no longer than what a disk takes."""
    return file.with_name(f".tm-service-{token_hex(6)}.part")


def read_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror or error}.") from error


def check_out(out: Path) -> None:
    """Raises ConfigurationError where nothing can be written into a folder."""
    if not out.is_dir():
        raise ConfigurationError(f"{out} is no folder; make it or name another with --out.")
    if not os.access(out, os.W_OK | os.X_OK):
        raise ConfigurationError(f"{out} cannot be written into; name another folder with --out.")


def check_folder(into: Path | None) -> None:
    if into is not None and not into.is_dir():
        raise ConfigurationError(f"{into} is no folder; name the checkout to write into.")


def write_catalogs(house: Service, into: Path, deployment: Deployment) -> list[str]:
    """Where the checkout refuses, say that the deployment stands all the same."""
    try:
        return list(house.write_catalogs(into, deployment))
    except ServiceError as error:
        raise type(error)(f"Deployment {deployment.number} is served, but {into} was not written: {error}") from error
